//! What was acknowledged survives the end of the process, however it ends.

use super::{Shared, enqueue, open, put, sdk};
use chrono::TimeDelta;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

const DIRECTORY: &str = "OKNO_VICTIM_DIRECTORY";

#[tokio::test]
async fn state_and_time_survive_a_restart_and_nothing_comes_twice() {
    let data = tempfile::tempdir().expect("a directory");
    let script = Shared::default();
    let system = open(data.path(), &script).await;
    put(&system, "a", &["1", "2"]).await;
    system.settle().await;
    system.deliveries().hold("changefeed");
    put(&system, "a", &["3"]).await;
    enqueue(&system, &["kept"]).await;
    let _forgotten = sdk::table(&system);
    system.deliveries().hold("notifier");
    system.advance_to(super::noon() + TimeDelta::hours(1)).await;
    drop(system);

    let system = open(data.path(), &script).await;
    assert_eq!(system.now(), super::noon() + TimeDelta::hours(1));
    system.settle().await;
    assert_eq!(super::locked(&script).changes.concat(), ["1", "2", "3"]);
    assert_eq!(super::locked(&script).notices, [["kept"]]);
}

#[tokio::test]
async fn a_second_system_on_the_same_directory_is_refused() {
    let data = tempfile::tempdir().expect("a directory");
    let _first = open(data.path(), &Shared::default()).await;
    let options = local::system::Options::new(
        data.path().join("state"),
        data.path().join("template.yaml"),
        data.path(),
    );
    let refused =
        local::system::System::open_with(options, |_| Ok(super::functions(&Shared::default()))).await;
    let said = refused.expect_err("taken").to_string();
    assert!(said.starts_with("another process already runs on"), "{said}");
}

/// Not a test: the process that is killed. It acknowledges each round on its standard output, for ever.
#[tokio::test]
#[ignore = "run by nothing_acknowledged_is_lost_by_a_kill"]
async fn victim() {
    #[expect(clippy::disallowed_methods, reason = "how the parent says where")]
    let Some(data) = std::env::var_os(DIRECTORY) else { return };
    let system = open(data.as_ref(), &Shared::default()).await;
    system.deliveries().hold("changefeed");
    system.deliveries().hold("notifier");
    for round in 0.. {
        put(&system, "a", &[&format!("{round:06}")]).await;
        enqueue(&system, &[&format!("{round:06}")]).await;
        sdk::sms(&system)
            .publish()
            .phone_number("+79990001122")
            .message(format!("{round:06}"))
            .send()
            .await
            .expect("sent");
        println!("done {round:06}");
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_a_kill() {
    let data = tempfile::tempdir().expect("a directory");
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "runner::restart::victim", "--ignored", "--nocapture"])
        .env(DIRECTORY, data.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let done: Vec<String> =
        lines.filter_map(|line| line.split("done ").nth(1).map(str::to_owned)).take(25).collect();
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert_eq!(done.len(), 25);

    let script = Shared::default();
    let system = open(data.path(), &script).await;
    system.settle().await;
    let script = super::locked(&script);
    let (changes, notices) = (script.changes.concat(), script.notices.concat());
    let sent: Vec<String> = system
        .outbox()
        .list(0, 1_000)
        .expect("a list")
        .into_iter()
        .filter_map(|sent| sent.letter.text)
        .collect();
    for round in &done {
        assert!(changes.contains(round) && notices.contains(round) && sent.contains(round), "{round}");
    }
}

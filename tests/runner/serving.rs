//! The system as a server: over a real socket, delivering by itself.

use super::TEMPLATE;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::streams::DynamoDbEventResponse;
use local::functions::Functions;
use local::processes;
use local::system::{Options, System};
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// Long enough for the slowest machine; nothing waits for it unless something is broken.
const PATIENCE: Duration = Duration::from_secs(20);

fn functions(heard: &mpsc::UnboundedSender<String>) -> Functions {
    let (changes, notices, ticks) = (heard.clone(), heard.clone(), heard.clone());
    Functions::default()
        .http("booking", super::door::router())
        .stream("changefeed", move |event| {
            let heard = changes.send(format!("{} change", event.records.len()));
            async move { heard.map(|()| DynamoDbEventResponse::default()).map_err(Into::into) }
        })
        .queue("notifier", move |event: SqsEvent| {
            let heard = notices.send(event.records[0].body.clone().unwrap_or_default());
            async move { heard.map(|()| SqsBatchResponse::default()).map_err(Into::into) }
        })
        .schedule("clock", move |_| {
            let heard = ticks.send("tick".into());
            async move { heard.map_err(Into::into) }
        })
}

#[tokio::test]
async fn it_answers_on_a_socket_delivers_what_is_committed_and_ends_when_told() {
    let data = tempfile::tempdir().expect("a directory");
    let template = data.path().join("template.yaml");
    std::fs::write(&template, TEMPLATE).expect("a writable directory");
    let (heard, mut hears) = mpsc::unbounded_channel();
    let options = Options::new(data.path().join("state"), template, data.path());
    let system = System::open_with(options, |_| Ok(functions(&heard))).await.expect("a system");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/v1/appointments/42", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(system.clone().serve_on(listener, async move { drop(stopped.await) }));

    let answer = reqwest::get(url).await.expect("an answer").text().await.expect("a body");
    assert_eq!(answer, "42");
    super::put(&system, "a", &["1"]).await;
    super::enqueue(&system, &["a notice"]).await;
    let mut all = Vec::new();
    while all.len() < 3 {
        all.push(tokio::time::timeout(PATIENCE, hears.recv()).await.expect("in time").expect("an event"));
    }
    all.sort();
    assert_eq!(all, ["1 change", "a notice", "tick"]);
    stop.send(()).expect("it still runs");
    served.await.expect("no panic").expect("an orderly end");
}

/// The functions as processes of their own, of which none starts here: each kind of event that the template has is given to
/// one all the same.
#[tokio::test]
async fn processes_are_given_whatever_the_template_has_for_them() {
    let (data, root) =
        (tempfile::tempdir().expect("a directory"), Path::new(env!("CARGO_MANIFEST_DIR")).to_owned());
    let options =
        Options::new(data.path().join("state"), root.join("../infra/template.yaml"), root.join("catalogue"));
    let mut started = None;
    let opened = System::open_with(options, |outside| {
        for package in outside.clients.keys() {
            std::fs::write(data.path().join(package), "")?;
        }
        let (functions, all) = processes::wire(outside, data.path())?;
        started = Some(all);
        Ok(functions)
    });
    let system = opened.await.expect("somebody answers every event");
    assert_eq!(started.expect("processes").len(), 2 * system.template().functions.len());
}

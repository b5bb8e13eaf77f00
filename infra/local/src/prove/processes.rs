//! The proof over processes: the functions' own binaries and the runner, each killed with SIGKILL again and again, clients
//! over HTTP in real time; then the checker judges what was recorded on disk and what the clients saw.

use crate::clock::{RunnerClock, lock};
use crate::people::contacts;
use crate::record::event_of;
use crate::simulation::dice::Dice;
use crate::simulation::offers::Offers;
use crate::simulation::people::Client;
use crate::simulation::{Failure, Scene};
use checker::history::{Event, History, Outcome, What};
use checker::{Mode, Report};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

/// Requests of one person at a time: two devices.
const DEVICES: usize = 2;
/// Between two requests of a device, in milliseconds.
const PAUSE_MS: (u64, u64) = (20, 400);
/// A client waits so long for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// One in so many requests is given up almost at once.
const HASTY_PER_MILLE: u64 = 30;
const HASTY_MS: (u64, u64) = (1, 150);
/// The runner must be open again after so long.
const OPEN_MAX: Duration = Duration::from_secs(60);
/// People go on so long after nothing goes wrong any more: then they must be answered.
const CALM_MIN: Duration = Duration::from_secs(5);
/// The calm ends when nothing is deliverable any more, or after this.
const CALM_MAX: Duration = Duration::from_secs(45);

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    /// How often the runner is killed while things go wrong.
    pub lives: u32,
    pub life: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 1, lives: 4, life: Duration::from_secs(30) }
    }
}

/// What it came to.
#[derive(Debug)]
pub struct Outcomes {
    pub report: Report,
    pub operations: u64,
    pub unknown: u64,
    pub commits: u64,
    /// Kills of processes, by package; of the runner as `everything`.
    pub kills: BTreeMap<String, u64>,
    pub faults: BTreeMap<String, u64>,
    pub took: Duration,
    pub history: History,
    /// What was still deliverable when the calm was over; nothing should be.
    pub left_over: Option<String>,
}

impl Outcomes {
    /// The history as a file that the checker reads.
    pub fn written(&self) -> String {
        serde_json::to_string(&self.history).unwrap_or_default()
    }

    pub fn holds(&self) -> bool {
        self.report.is_clean() && self.left_over.is_none()
    }
}

/// What goes on during a run, for everybody who takes part.
#[derive(Debug)]
struct Stage {
    /// Where the runner listens now.
    address: Mutex<String>,
    events: Mutex<Vec<Event>>,
    offers: Mutex<Offers>,
    operations: AtomicU64,
    over: AtomicBool,
    /// The session of somebody who works here.
    staff: String,
    colleague: String,
}

impl Stage {
    fn note(&self, what: What) {
        // One clock and one lock: events of this process are in the order of their times.
        let mut events = lock(&self.events);
        events.push(Event { step: 0, at_us: RunnerClock::machine().timestamp_micros(), what });
    }
}

/// What is run as processes.
#[derive(Debug)]
pub struct Binaries {
    /// This program.
    okno: PathBuf,
    /// The directory of the functions' binaries.
    functions: PathBuf,
}

impl Binaries {
    /// This program, and the functions from the given directory, or else built beside it.
    ///
    /// # Errors
    /// When they cannot be built.
    pub fn find(functions: Option<PathBuf>) -> Result<Self, Box<dyn std::error::Error>> {
        // Asked before the build: a program that is replaced on disk no longer knows its path.
        let okno = std::env::current_exe()?;
        let functions = match functions {
            Some(given) => given,
            None => build(&okno)?,
        };
        Ok(Self { okno, functions })
    }
}

/// What `cargo run` tells the program it runs about its package. Build scripts read some of these, so with them a nested
/// build would build anew much that is there.
const PACKAGE_VARIABLES: [&str; 16] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_HOMEPAGE",
    "CARGO_PKG_LICENSE",
    "CARGO_PKG_LICENSE_FILE",
    "CARGO_PKG_NAME",
    "CARGO_PKG_README",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

fn build(okno: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let target = okno.parent().and_then(Path::parent).ok_or("this binary lies in no target directory")?;
    let mut cargo = std::process::Command::new(env!("CARGO"));
    for name in PACKAGE_VARIABLES {
        cargo.env_remove(name);
    }
    cargo.args(["build", "--locked", "--profile", "proof", "--bins", "--target-dir"]).arg(target);
    match cargo.status()?.success() {
        true => Ok(target.join("proof")),
        false => {
            Err("the functions cannot be built; --functions names a directory with their binaries".into())
        }
    }
}

/// Runs it.
///
/// # Errors
/// When something cannot be started or read.
pub async fn run(template: PathBuf, binaries: &Binaries, plan: Plan) -> Result<Outcomes, Failure> {
    let began = std::time::Instant::now();
    let scene = Scene::set_at(template.clone(), RunnerClock::machine()).await?;
    let state = scene.copy(&scene.state())?;
    let record = state.path().join("record.jsonl");
    let mut dice = Dice::new(plan.seed);
    let runner =
        Runner { template, catalogue: scene.catalogue(), data: state.path().to_owned(), record, binaries };
    let stage = Arc::new(Stage {
        address: Mutex::default(),
        events: Mutex::default(),
        offers: Mutex::default(),
        operations: AtomicU64::new(0),
        over: AtomicBool::new(false),
        staff: scene.staff.clone(),
        colleague: scene.colleague.clone(),
    });
    // Who there is, and who may act for whom: nobody writes that unless it changes.
    stage.note(What::Commit { by: "all who came before".to_owned(), records: scene.stood.clone() });
    let mut child = runner.start(&stage, Some(dice.below(u64::MAX))).await?;
    let whose = contacts(&scene.people);
    let mut crowd = JoinSet::new();
    crowd.spawn(follow(Arc::clone(&stage), runner.record.clone(), whose.clone()));
    for person in &scene.people {
        let client = Arc::new(Mutex::new(Client::new(person.clone())));
        for _ in 0..DEVICES {
            crowd.spawn(device(Arc::clone(&stage), Arc::clone(&client), Dice::new(dice.below(u64::MAX))));
        }
    }
    for life in 1..=plan.lives {
        let _ = tokio::time::timeout(plan.life, child.wait()).await;
        child.kill().await?;
        stage.note(What::Crash { function: "everything".to_owned() });
        let seed = (life < plan.lives).then(|| dice.below(u64::MAX));
        child = runner.start(&stage, seed).await?;
        stage.note(What::Restart);
    }
    stage.note(What::Calm);
    // Longer only if the runner dies by itself, which it must not.
    let died = tokio::time::timeout(CALM_MIN, child.wait()).await.is_ok();
    stage.over.store(true, Ordering::Relaxed);
    while crowd.join_next().await.is_some() {}
    let left_over = settle(&stage).await.or(died.then(|| "the runner died by itself".to_owned()));
    child.kill().await?;
    let text = std::fs::read_to_string(&runner.record)?;
    let recorded = text.lines().filter_map(|line| event_of(line, &whose));
    let mut events: Vec<Event> = std::mem::take(&mut *lock(&stage.events));
    events.extend(recorded);
    events.sort_by_key(|event| event.at_us);
    for (step, event) in events.iter_mut().enumerate() {
        event.step = step as u64 + 1;
    }
    let history = History { world: scene.world.clone(), events };
    let report = checker::check(&history, Mode::Safety);
    Ok(told(history, report, left_over, began.elapsed()))
}

fn told(history: History, report: Report, left_over: Option<String>, took: Duration) -> Outcomes {
    let (mut kills, mut faults) = (BTreeMap::new(), BTreeMap::new());
    let (mut operations, mut answered, mut commits) = (0, 0, 0);
    for event in &history.events {
        match &event.what {
            What::Call { .. } => operations += 1,
            What::Return { outcome: Outcome::Unknown, .. } => {}
            What::Return { .. } => answered += 1,
            What::Commit { .. } => commits += 1,
            What::Crash { function } => *kills.entry(function.clone()).or_default() += 1,
            What::Fault { kind, .. } => *faults.entry(kind.clone()).or_default() += 1,
            _ => {}
        }
    }
    let unknown = operations - answered;
    let calm = history.events.iter().skip_while(|event| event.what != What::Calm);
    let heard =
        |event: &Event| matches!(&event.what, What::Return { outcome, .. } if *outcome != Outcome::Unknown);
    let silence = (!calm.into_iter().any(heard)).then(|| "nobody was answered in the calm".to_owned());
    let left_over = left_over.or(silence);
    Outcomes { report, operations, unknown, commits, kills, faults, took, history, left_over }
}

/// How the runner is started, each time on the same state.
struct Runner<'a> {
    template: PathBuf,
    catalogue: PathBuf,
    data: PathBuf,
    record: PathBuf,
    binaries: &'a Binaries,
}

impl Runner<'_> {
    async fn start(&self, stage: &Stage, seed: Option<u64>) -> Result<Child, Failure> {
        let mut command = Command::new(&self.binaries.okno);
        command.arg("under-fire").arg("--template").arg(&self.template);
        command.arg("--catalogue").arg(&self.catalogue).arg("--data").arg(&self.data);
        command.arg("--record").arg(&self.record).arg("--functions").arg(&self.binaries.functions);
        if let Some(seed) = seed {
            command.arg("--seed").arg(seed.to_string());
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let stdout = child.stdout.take().ok_or("the runner has no voice")?;
        let mut lines = BufReader::new(stdout).lines();
        let said = tokio::time::timeout(OPEN_MAX, lines.next_line()).await;
        let address = said.map_err(|_| "the runner does not open")??.ok_or("the runner ended at once")?;
        *lock(&stage.address) = address;
        Ok(child)
    }
}

/// Keeps up with the record, for what citizens know of offers without asking.
async fn follow(stage: Arc<Stage>, record: PathBuf, whose: BTreeMap<String, String>) {
    let mut look = tokio::time::interval(Duration::from_millis(100));
    let mut read = 0;
    while !stage.over.load(Ordering::Relaxed) {
        look.tick().await;
        let text = std::fs::read(&record).unwrap_or_default();
        // A line that is being written is read the next time.
        let Some(end) = text.iter().rposition(|byte| *byte == b'\n').filter(|end| *end >= read) else {
            continue;
        };
        let more = String::from_utf8_lossy(&text[read..=end]).into_owned();
        read = end + 1;
        for event in more.lines().filter_map(|line| event_of(line, &whose)) {
            if let What::Commit { records, .. } = event.what {
                let mut offers = lock(&stage.offers);
                records.iter().for_each(|record| offers.follow(record));
            }
        }
    }
}

/// One device of a person: asks, waits or gives up, and asks again.
async fn device(stage: Arc<Stage>, client: Arc<Mutex<Client>>, mut dice: Dice) {
    // Each request by a connection of its own, as after a death of the other side.
    let builder = reqwest::Client::builder().pool_max_idle_per_host(0);
    let Ok(http) = builder.build() else { return };
    while !stage.over.load(Ordering::Relaxed) {
        let pause = Duration::from_millis(dice.between(PAUSE_MS.0, PAUSE_MS.1));
        let _ = tokio::time::timeout(pause, std::future::pending::<()>()).await;
        let (asked, person) = {
            let mut client = lock(&client);
            let offers = lock(&stage.offers).of(&client.person.id).to_vec();
            (client.next(&mut dice, RunnerClock::machine(), &offers), client.person.clone())
        };
        let op = stage.operations.fetch_add(1, Ordering::Relaxed) + 1;
        let url = format!("http://{}{}", lock(&stage.address), asked.path);
        let mut request = http.request(asked.method.clone(), url);
        for (name, value) in asked.headers(&person, [&stage.staff, &stage.colleague]) {
            request = request.header(name, value);
        }
        if let Some(body) = &asked.body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let hasty = dice.strikes(HASTY_PER_MILLE);
        let patience =
            if hasty { Duration::from_millis(dice.between(HASTY_MS.0, HASTY_MS.1)) } else { PATIENCE };
        stage.note(asked.called(op, person.id));
        let answer = async {
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            Some((status, answer.bytes().await.ok()?))
        };
        let came = tokio::time::timeout(patience, answer).await.ok().flatten();
        let (status, body) = came.map_or((0, Vec::new()), |(status, body)| (status, body.to_vec()));
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let outcome = lock(&client).hear(&asked.action, status, &body);
        stage.note(What::Return { op, outcome });
    }
}

/// Waits until nothing is deliverable any more; says what is, if the calm was not long enough for it.
async fn settle(stage: &Stage) -> Option<String> {
    let mut last = "the runner does not answer".to_owned();
    let mut look = tokio::time::interval(Duration::from_millis(500));
    let quiet = async {
        loop {
            look.tick().await;
            let url = format!("http://{}/_local/health", lock(&stage.address));
            let Ok(answer) = reqwest::get(url).await else { continue };
            let Ok(text) = answer.text().await else { continue };
            let health: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let waiting = health["queues"].as_object().into_iter().flatten();
            let waiting: u64 = waiting.map(|(_, depth)| depth["visible"].as_u64().unwrap_or(1)).sum();
            if health["streamLag"] == 0 && waiting == 0 {
                return;
            }
            last = text;
        }
    };
    let settled = tokio::time::timeout(CALM_MAX, quiet).await.is_ok();
    (!settled).then_some(last)
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operations, unknown, commits, .. } = self;
        let took = self.took.as_secs_f64();
        writeln!(f, "{operations} operations ({unknown} unknown), {commits} commits, {took:.0} s")?;
        let counts = |of: &BTreeMap<String, u64>| {
            of.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
        };
        writeln!(f, "killed with SIGKILL: {}", counts(&self.kills))?;
        writeln!(f, "faults: {}", counts(&self.faults))?;
        if let Some(left) = &self.left_over {
            writeln!(f, "left over: {left}")?;
        }
        write!(f, "{}", self.report)
    }
}

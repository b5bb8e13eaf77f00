//! A system of processes in which things go wrong for as long as it lives: what the proof kills and starts again.

use super::Processes;
use crate::embedded::faults::Fault;
use crate::simulation::dice::Dice;
use crate::system::{Options, System};
use checker::history::What;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Between two strokes of misfortune.
const STROKE_EVERY: Duration = Duration::from_millis(300);

/// Chances in a thousand, by the operation's name on the wire.
const CHANCES: [(&str, Fault, u16); 20] = [
    ("TransactWriteItems", Fault::Conflict, 60),
    ("TransactWriteItems", Fault::Throttled, 15),
    ("TransactWriteItems", Fault::Refused, 15),
    ("TransactWriteItems", Fault::AnswerLost, 25),
    ("TransactWriteItems", Fault::Late, 15),
    ("UpdateItem", Fault::Conflict, 20),
    ("UpdateItem", Fault::Refused, 15),
    ("UpdateItem", Fault::AnswerLost, 15),
    ("PutItem", Fault::Refused, 15),
    ("PutItem", Fault::AnswerLost, 15),
    ("BatchGetItem", Fault::Refused, 5),
    ("BatchGetItem", Fault::Throttled, 5),
    ("Query", Fault::Refused, 5),
    ("Query", Fault::AnswerLost, 5),
    ("SendMessageBatch", Fault::Refused, 30),
    ("SendMessageBatch", Fault::AnswerLost, 20),
    ("SendEmail", Fault::Refused, 30),
    ("SendEmail", Fault::AnswerLost, 20),
    ("Publish", Fault::Refused, 30),
    ("Decrypt", Fault::Refused, 10),
];

/// Serves on a socket until it is killed, the functions as processes out of `binaries`. With a seed, things go wrong.
///
/// # Errors
/// When the system does not open, and the socket's own.
pub async fn serve(
    options: Options,
    binaries: &Path,
    listener: TcpListener,
    seed: Option<u64>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut started = None;
    let system = System::open_with(options, |outside| {
        let (functions, processes) = super::wire(outside, binaries)?;
        started = Some(processes);
        Ok(functions)
    })
    .await?;
    let processes = Arc::new(started.ok_or("no processes were started")?);
    let misfortune = seed.map(|seed| tokio::spawn(misfortune(system.clone(), Arc::clone(&processes), seed)));
    println!("{}", listener.local_addr()?);
    system.serve_on(listener, std::future::pending()).await?;
    // Until here they live, also where nothing goes wrong.
    drop((misfortune, processes));
    Ok(())
}

async fn misfortune(system: System, processes: Arc<Processes>, seed: u64) {
    let mut dice = Dice::new(seed);
    for (operation, fault, per_mille) in CHANCES {
        system.faults().chance(operation, fault, per_mille, dice.below(u64::MAX));
    }
    let mut stroke = tokio::time::interval(STROKE_EVERY);
    loop {
        stroke.tick().await;
        // What was late long enough takes effect now.
        system.deliver_late().await;
        if dice.strikes(400) {
            let at = usize::try_from(dice.below(processes.len() as u64)).unwrap_or(0);
            if let Some(package) = processes.kill(at) {
                system.note(What::Crash { function: package.to_owned() });
            }
        }
        let deliveries = system.deliveries();
        deliveries.clear();
        let twist = |system: &System, kind: &str, target: &str| {
            system.note(What::Fault { kind: kind.to_owned(), target: target.to_owned() });
        };
        for package in ["changefeed", "waitlist-worker", "notifier"] {
            if dice.strikes(150) {
                twist(&system, "duplicate-delivery", package);
                deliveries.duplicate_next(package, 1);
            }
            if dice.strikes(150) {
                twist(&system, "reordered-delivery", package);
                deliveries.reorder(package);
            }
        }
        if dice.strikes(20) {
            twist(&system, "lost-record", "waitlist-worker");
            deliveries.drop_next("waitlist-worker", 1);
        }
        if dice.strikes(30) {
            twist(&system, "doubled-tick", "clock");
            let system = system.clone();
            tokio::spawn(async move { system.tick().await });
        }
    }
}

//! The proof: many simulated runs, each judged by the checker, and what came of them.

pub mod planted;
pub mod processes;
mod summary;

pub use summary::Summary;

use crate::simulation::{self, Failure, Length, Run, Scene};
use checker::history::{Event, Record, What};
use checker::{Mode, Report};
use chrono::DateTime;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Runs in parallel: one a processor of the smallest machine that this is made for.
const THREADS: usize = 2;

/// Runs a seed and judges it.
///
/// # Errors
/// When the run cannot be made.
pub fn judge(scene: &Scene, seed: u64, length: Length) -> Result<(Run, Report), Failure> {
    let run = simulation::run(scene, seed, length)?;
    let report = checker::check(&run.history, Mode::Liveness);
    Ok((run, report))
}

/// An event in one line: commits by what they changed, everything else as it is.
pub fn told(event: &Event) -> String {
    let at = DateTime::from_timestamp_micros(event.at_us).unwrap_or_default().format("%d %H:%M:%S%.3f");
    let what = match &event.what {
        What::Commit { by, records } => {
            let records: Vec<String> = records.iter().map(changed).collect();
            format!("commit by {by}\n        {}", records.join("\n        "))
        }
        other => format!("{other:?}"),
    };
    format!("{:>5} {at} {what}", event.step)
}

/// What a record changed: attributes that differ, in the table's own form.
fn changed(record: &Record) -> String {
    let none = serde_json::Map::new();
    let of =
        |image: &Option<Value>| image.as_ref().and_then(Value::as_object).cloned().unwrap_or(none.clone());
    let (old, new) = (of(&record.old), of(&record.new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let differ: Vec<String> = differ
        .map(|name| format!("{name}={}", new.get(name).map_or("gone".to_owned(), Value::to_string)))
        .collect();
    format!("{} {}: {}", record.pk, record.sk, differ.join(" "))
}

/// When to make no more runs, though seeds are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Never,
    After(Duration),
    /// Once a run has shown that something is wrong.
    AtFirst,
}

/// Runs and judges seeds until they are used up or it is time to stop.
///
/// # Errors
/// When a run cannot be made: the first such.
pub fn simulate(scene: &Scene, seeds: Range<u64>, length: Length, stop: Stop) -> Result<Summary, Failure> {
    let next = AtomicU64::new(seeds.start);
    let began = Instant::now();
    let summary = Mutex::new(Summary::default());
    let over = || match stop {
        Stop::Never => false,
        Stop::After(most) => began.elapsed() >= most,
        Stop::AtFirst => !crate::clock::lock(&summary).is_clean(),
    };
    let work = || -> Result<(), Failure> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || over() {
                return Ok(());
            }
            let (run, report) = judge(scene, seed, length)?;
            crate::clock::lock(&summary).add(&run, &report);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a run panicked".into())))
    })?;
    let mut summary = summary.into_inner().unwrap_or_default();
    summary.took = began.elapsed();
    Ok(summary)
}

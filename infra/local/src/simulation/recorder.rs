//! What was seen of a run: calls, commits read off the stream as they happen, deliveries, messages, faults.

use super::coverage::{Coverage, edges};
use super::leaving::Leaving;
use super::offers::Offers;
use super::papers::Papers;
use super::swarm::Kind;
use super::{Failure, Scene};
use crate::people;
use crate::record::Read;
use crate::system::System;
use checker::history::{Event, Record, What};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};

/// A fault counts as near to what happens this many steps after it.
const NEAR_STEPS: u64 = 40;
/// No index lags more than this.
pub const LAG_MAX: TimeDelta = TimeDelta::seconds(30);

/// One change of what an index holds.
#[derive(Debug, Clone)]
pub struct Indexed {
    pub at: DateTime<Utc>,
    /// The index's own keys before and after, by the names of their attributes.
    pub old: Option<Value>,
    pub new: Option<Value>,
    pub pk: String,
    pub sk: String,
}

#[derive(Debug)]
pub struct Recorder {
    pub events: Vec<Event>,
    pub coverage: Coverage,
    pub struck: BTreeMap<Kind, u64>,
    /// Offers by citizen, as they were committed.
    pub offers: Offers,
    /// Rights to act for others, and what waits to be decided.
    pub papers: Papers,
    /// Cabinets that are being deleted.
    pub leaving: Leaving,
    /// What the indexes took in of late.
    pub indexed: VecDeque<Indexed>,
    step: u64,
    read: Read,
    near: VecDeque<(u64, Kind)>,
    trace: Sha256,
    contacts: BTreeMap<String, String>,
}

impl Recorder {
    /// Begins behind everything that has happened so far.
    ///
    /// # Errors
    /// The table's and the outbox's.
    pub fn begin(system: &System, scene: &Scene) -> Result<Self, Failure> {
        let mut recorder = Self {
            events: Vec::new(),
            coverage: Coverage::default(),
            struck: BTreeMap::new(),
            offers: Offers::default(),
            papers: Papers::default(),
            leaving: Leaving::default(),
            indexed: VecDeque::new(),
            step: 0,
            read: Read::to_the_end(system.table(), system.outbox())?,
            near: VecDeque::new(),
            trace: Sha256::new(),
            contacts: people::contacts(&scene.people),
        };
        // Who there is, and who may act for whom: nobody writes that in the run unless it changes.
        let records = scene.stood.clone();
        for record in &records {
            recorder.papers.follow(record);
            recorder.leaving.follow(record);
        }
        recorder.note(system.now(), What::Commit { by: "all who came before".to_owned(), records });
        Ok(recorder)
    }

    pub fn note(&mut self, at: DateTime<Utc>, what: What) {
        self.step += 1;
        self.trace.update(trace_line(&what));
        self.events.push(Event { step: self.step, at_us: at.timestamp_micros(), what });
    }

    pub fn fault(&mut self, at: DateTime<Utc>, kind: Kind, target: &str) {
        *self.struck.entry(kind).or_default() += 1;
        self.note(at, What::Fault { kind: kind.name().to_owned(), target: target.to_owned() });
        self.near.push_back((self.step, kind));
    }

    /// A fault that is still in force is near to whatever happens.
    pub fn lasts(&mut self, kind: Kind) {
        self.near.retain(|(_, near)| *near != kind);
        self.near.push_back((self.step, kind));
    }

    /// Takes in what a write has just committed.
    ///
    /// # Errors
    /// The table's.
    pub fn commits(&mut self, system: &System, by: &str) -> Result<(), Failure> {
        let now = system.now();
        let records = self.read.records(system.table())?;
        if records.is_empty() {
            return Ok(());
        }
        while self.near.front().is_some_and(|(step, _)| step + NEAR_STEPS < self.step) {
            self.near.pop_front();
        }
        for record in &records {
            for edge in edges(record) {
                self.coverage.reach(edge, self.near.iter().map(|(_, kind)| *kind));
            }
            self.follow(record, now);
        }
        self.note(now, What::Commit { by: by.to_owned(), records });
        Ok(())
    }

    fn follow(&mut self, record: &Record, now: DateTime<Utc>) {
        self.indexed.push_back(Indexed {
            at: now,
            old: record.old.clone(),
            new: record.new.clone(),
            pk: record.pk.clone(),
            sk: record.sk.clone(),
        });
        while self.indexed.front().is_some_and(|change| now - change.at > LAG_MAX) {
            self.indexed.pop_front();
        }
        self.offers.follow(record);
        self.papers.follow(record);
        self.leaving.follow(record);
    }

    /// Takes in what has just been sent.
    ///
    /// # Errors
    /// The outbox's.
    pub fn letters(&mut self, system: &System) -> Result<(), Failure> {
        let contacts = &self.contacts;
        for sent in self.read.letters(system.outbox(), |to| contacts.get(to).cloned())? {
            self.note(system.now(), What::Sent(sent));
        }
        Ok(())
    }

    /// The hash of everything that happened, in order: the same for the same seed.
    pub fn trace(&self) -> String {
        let hash = self.trace.clone().finalize();
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What of an event enters the trace: everything but bytes sealed with chance of the process's own.
fn trace_line(what: &What) -> String {
    match what {
        What::Commit { by, records } => {
            let keys: Vec<String> =
                records.iter().map(|record| format!("{} {}", record.pk, record.sk)).collect();
            format!("commit {by} {}\n", keys.join(", "))
        }
        other => format!("{other:?}\n"),
    }
}

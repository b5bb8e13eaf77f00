//! What was seen of a run: calls, commits read off the stream as they happen, deliveries, messages, faults.

use super::coverage::{Coverage, edges};
use super::people::Offered;
use super::swarm::Kind;
use super::{Failure, Person};
use crate::system::System;
use checker::history::{Event, Record, Sent, Terminal, What};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use store::keys;

/// Records read at a time; no single write makes more.
const RECORDS_MAX: usize = 200;
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
    pub offers: BTreeMap<String, Vec<Offered>>,
    /// What the indexes took in of late.
    pub indexed: VecDeque<Indexed>,
    step: u64,
    last_record: Option<String>,
    last_letter: i64,
    near: VecDeque<(u64, Kind)>,
    trace: Sha256,
    contacts: BTreeMap<String, String>,
}

impl Recorder {
    /// Begins behind everything that has happened so far.
    ///
    /// # Errors
    /// The table's and the outbox's.
    pub fn begin(system: &System, people: &[Person]) -> Result<Self, Failure> {
        let mut recorder = Self {
            events: Vec::new(),
            coverage: Coverage::default(),
            struck: BTreeMap::new(),
            offers: BTreeMap::new(),
            indexed: VecDeque::new(),
            step: 0,
            last_record: None,
            last_letter: system.outbox().last_number()?,
            near: VecDeque::new(),
            trace: Sha256::new(),
            contacts: people
                .iter()
                .flat_map(|person| [(&person.phone, person), (&person.email, person)])
                .map(|(contact, person)| (contact.clone(), person.id.clone()))
                .collect(),
        };
        while let Some(last) =
            system.table().stream_after(recorder.last_record.as_deref(), RECORDS_MAX)?.last()
        {
            recorder.last_record = Some(sequence(last));
        }
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
        let mut records = Vec::new();
        for record in system.table().stream_after(self.last_record.as_deref(), RECORDS_MAX)? {
            self.last_record = Some(sequence(&record));
            let change = &record["dynamodb"];
            let image = |name: &str| Some(&change[name]).filter(|image| image.is_object()).cloned();
            let key = |name: &str| change["Keys"][name]["S"].as_str().unwrap_or_default().to_owned();
            records.push(Record {
                pk: key("pk"),
                sk: key("sk"),
                old: image("OldImage"),
                new: image("NewImage"),
            });
        }
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
        if let (Some(id), Some(new)) = (record.sk.strip_prefix(keys::OFFER), &record.new) {
            let citizen = record.pk.trim_start_matches(keys::CITIZEN).to_owned();
            let open = new["st"]["S"] == "open";
            let offers = self.offers.entry(citizen).or_default();
            offers.retain(|offer| offer.id != id);
            offers.push(Offered { id: id.to_owned(), open });
            // The open one, of which there is never more than one, is the latest.
            offers.sort_by_key(|offer| offer.open);
        }
    }

    /// Takes in what has just been sent.
    ///
    /// # Errors
    /// The outbox's.
    pub fn letters(&mut self, system: &System) -> Result<(), Failure> {
        for sent in system.outbox().list(self.last_letter, 100)? {
            self.last_letter = sent.number;
            let citizen = sent.letter.to.iter().find_map(|to| self.contacts.get(to)).cloned();
            let sms = sent.letter.channel == crate::embedded::outbox::Channel::Sms;
            let tag = sent.letter.request["EmailTags"][0]["Value"].as_str().and_then(notice_of_tag);
            let channel = if sms { "sms" } else { "mail" };
            self.note(
                system.now(),
                What::Sent(Sent {
                    channel: channel.to_owned(),
                    citizen: citizen.unwrap_or_default(),
                    notice: tag,
                    message: Some(format!("{channel}-{}", sent.number)),
                    about: None,
                    terminal: Terminal::Accepted,
                }),
            );
        }
        Ok(())
    }

    /// The hash of everything that happened, in order: the same for the same seed.
    pub fn trace(&self) -> String {
        let hash = self.trace.clone().finalize();
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn sequence(record: &Value) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default().to_owned()
}

/// A notice's number, out of the tag in which its dots could not stand.
fn notice_of_tag(tag: &str) -> Option<String> {
    tag.contains('_').then(|| tag.replace('_', "."))
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

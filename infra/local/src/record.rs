//! A record of all that was written and sent, on disk as it happens, so that it outlives the process that made it.
//!
//! Each line is an event in the checker's words, with how far stream and outbox had been read. What a killed process did
//! and could no longer write down is found in stream and outbox by the next one.

use crate::clock::RunnerClock;
use crate::embedded::call::Call;
use crate::embedded::client::{Services, Witness};
use crate::embedded::faults::Service;
use crate::embedded::outbox::Outbox;
use crate::embedded::table::{Table, TableError};
use checker::history::{Event, Record, Sent, Terminal, What};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Stream records read at a time; no single write makes more.
const RECORDS_MAX: usize = 200;
/// Letters read at a time.
const LETTERS_MAX: u32 = 100;

/// How far stream and outbox were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Read {
    /// The sequence number of the last record.
    pub record: Option<String>,
    pub letter: i64,
}

impl Read {
    /// Up to the end of both.
    ///
    /// # Errors
    /// The table's and the outbox's.
    pub fn to_the_end(table: &Table, outbox: &Outbox) -> Result<Self, TableError> {
        let mut read = Self { record: None, letter: outbox.last_number()? };
        while !read.records(table)?.is_empty() {}
        Ok(read)
    }

    /// The changes since, in their order.
    ///
    /// # Errors
    /// The table's.
    pub fn records(&mut self, table: &Table) -> Result<Vec<Record>, TableError> {
        let mut records = Vec::new();
        for record in table.stream_after(self.record.as_deref(), RECORDS_MAX)? {
            let change = &record["dynamodb"];
            self.record = change["SequenceNumber"].as_str().map(str::to_owned);
            let image = |name: &str| Some(&change[name]).filter(|image| image.is_object()).cloned();
            let key = |name: &str| change["Keys"][name]["S"].as_str().unwrap_or_default().to_owned();
            records.push(Record {
                pk: key("pk"),
                sk: key("sk"),
                old: image("OldImage"),
                new: image("NewImage"),
            });
        }
        Ok(records)
    }

    /// The letters since. `whose` names the citizen of a phone or an address.
    ///
    /// # Errors
    /// The outbox's.
    pub fn letters(
        &mut self,
        outbox: &Outbox,
        whose: impl Fn(&str) -> Option<String>,
    ) -> rusqlite::Result<Vec<Sent>> {
        let mut letters = Vec::new();
        for sent in outbox.list(self.letter, LETTERS_MAX)? {
            self.letter = sent.number;
            let sms = sent.letter.channel == crate::embedded::outbox::Channel::Sms;
            let channel = if sms { "sms" } else { "mail" };
            let tag = sent.letter.request["EmailTags"][0]["Value"].as_str().and_then(notice_of_tag);
            letters.push(Sent {
                channel: channel.to_owned(),
                citizen: sent.letter.to.iter().find_map(|to| whose(to)).unwrap_or_default(),
                notice: tag,
                message: Some(format!("{channel}-{}", sent.number)),
                about: None,
                terminal: Terminal::Accepted,
            });
        }
        Ok(letters)
    }
}

/// A notice's number, out of the tag in which its dots could not stand.
fn notice_of_tag(tag: &str) -> Option<String> {
    tag.contains('_').then(|| tag.replace('_', "."))
}

/// A line of the record.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    read: Read,
    at_us: i64,
    what: What,
}

/// Who writes the record.
#[derive(Debug)]
pub(crate) struct Tape {
    file: File,
    read: Read,
    clock: Arc<RunnerClock>,
}

impl Tape {
    /// Goes on with a record, or begins one behind all that has happened so far; what the last process did and did not
    /// write down comes first.
    ///
    /// # Errors
    /// The file's, the table's, the outbox's.
    pub fn open(path: &Path, services: &Services, clock: Arc<RunnerClock>) -> Result<Self, TableError> {
        let known = last_read(path);
        let file = File::options().create(true).append(true).open(path).map_err(TableError::Record)?;
        let read = match known {
            Some(read) => read,
            None => Read::to_the_end(&services.table, &services.outbox)?,
        };
        let mut tape = Self { file, read, clock };
        while tape.commits(services, "a process that died")? {}
        tape.letters(services)?;
        Ok(tape)
    }

    /// Writes down what the table has taken in since; says whether it was anything.
    fn commits(&mut self, services: &Services, by: &str) -> Result<bool, TableError> {
        let records = self.read.records(&services.table)?;
        let any = !records.is_empty();
        if any {
            self.write(What::Commit { by: by.to_owned(), records });
        }
        Ok(any)
    }

    fn letters(&mut self, services: &Services) -> Result<(), TableError> {
        // Whose they are is known to whoever reads the record.
        for sent in self.read.letters(&services.outbox, |to| Some(to.to_owned()))? {
            self.write(What::Sent(sent));
        }
        Ok(())
    }

    /// In one piece and past every buffer of the process: a kill leaves whole lines but for the last.
    fn write(&mut self, what: What) {
        let line = Line { read: self.read.clone(), at_us: self.clock.now().timestamp_micros(), what };
        let mut text = serde_json::to_string(&line).unwrap_or_default();
        text.push('\n');
        if let Err(error) = self.file.write_all(text.as_bytes()) {
            tracing::error!(%error, "the record cannot be written");
        }
    }
}

impl Witness for Tape {
    fn saw(&mut self, services: &Services, call: &Call) {
        let done = match call.service {
            Service::Table => self.commits(services, &call.by).map(drop),
            Service::Mail | Service::Sms => self.letters(services),
            Service::Queues | Service::Keys | Service::Files => Ok(()),
        };
        if let Err(error) = done {
            tracing::error!(%error, "the record lacks something");
        }
    }

    fn note(&mut self, what: What) {
        self.write(what);
    }
}

fn last_read(path: &Path) -> Option<Read> {
    let lines = BufReader::new(File::open(path).ok()?).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Line>(&line).ok())
        .last()
        .map(|line| line.read)
}

/// The events of a line; none for one that was cut off by a kill. `whose` names the citizen of a phone or an address.
pub(crate) fn event_of(line: &str, whose: &BTreeMap<String, String>) -> Option<Event> {
    let Line { at_us, mut what, .. } = serde_json::from_str(line).ok()?;
    if let What::Sent(sent) = &mut what {
        sent.citizen = whose.get(&sent.citizen).cloned().unwrap_or_default();
    }
    Some(Event { step: 0, at_us, what })
}

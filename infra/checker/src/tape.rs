//! The history read through once: who called what, and every version of every item that a claim speaks of.

mod line;
mod look;
mod operation;
mod tracks;
mod uploaded;

pub use line::Line;
pub use operation::Operation;
pub use tracks::{Shelf, Track, Version};
pub use uploaded::{Lying, Uploaded};

use crate::decode::{
    self, Active, Appointment, Change, Entry, Folder, Item, Key, Note, Offer, Page, PageKey, Question,
    Record as Person, Right, Row, Unlock,
};
use crate::history::{Action, Event, History, Outcome, Record, Sent, What};
use crate::plan::Plan;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::sha256::{key_hash, key_hash_by};
use serde_json::Value;
use std::collections::HashMap;

/// What a record touched: which track, and which version of it it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    Page(usize, usize),
    Appointment(usize, usize),
    Offer(usize, usize),
    Entry(usize, usize),
    Active(usize, usize),
    Note(usize, usize),
    Log(usize, usize),
    Right(usize, usize),
    Person(usize, usize),
    Question(usize, usize),
    Row(usize, usize),
    Event(usize, usize),
    Folder(usize, usize),
    Unlock(usize, usize),
}

#[derive(Debug)]
pub struct Commit<'h> {
    pub step: u64,
    pub at_us: i64,
    pub by: &'h str,
    pub touches: Vec<Touch>,
}

/// What was counted of the rest.
#[derive(Debug, Default)]
pub struct Counts {
    pub records: u64,
    pub delivered: u64,
    pub redelivered: u64,
    pub faults: u64,
    pub crashes: u64,
}

#[derive(Debug)]
pub struct Tape<'h> {
    pub plan: Plan,
    pub operations: Vec<Operation<'h>>,
    pub commits: Vec<Commit<'h>>,
    pub sent: Vec<(u64, i64, &'h Sent)>,
    /// What stood under citizens' keys when everything was over.
    pub found: Vec<(&'h str, &'h [Record])>,
    /// What storage took, by step; and what lay there in the end: what is awaited, and what is kept.
    pub uploaded: Vec<(u64, Uploaded<'h>)>,
    pub lying: Option<Lying<'h>>,
    /// Runs of the clock, by step and time.
    pub ticks: Vec<(u64, i64)>,
    pub pages: Shelf<PageKey, Page>,
    /// By id.
    pub appointments: Shelf<String, Appointment>,
    pub offers: Shelf<String, Offer>,
    /// By citizen and service.
    pub entries: Shelf<(String, String), Entry>,
    /// By citizen.
    pub actives: Shelf<String, Active>,
    /// By citizen and number.
    pub notes: Shelf<(String, String), Note>,
    /// By subject and version.
    /// By citizen, subject and row.
    pub logs: Shelf<(String, String, String), Change>,
    /// By beneficiary and representative.
    pub rights: Shelf<(String, String), Right>,
    /// Citizens' records, by citizen.
    pub people: Shelf<String, Person>,
    /// By citizen and appointment; of no appointment: about the policy.
    pub questions: Shelf<(String, String), Question>,
    /// By queue and row.
    pub rows: Shelf<(String, String), Row>,
    /// By citizen.
    pub unlocks: Shelf<String, Unlock>,
    /// When each item was written last.
    pub written: HashMap<(&'h str, &'h str), i64>,
    /// By citizen and service.
    pub folders: Shelf<(String, String), Folder>,
    /// By citizen and id.
    pub happened: Shelf<(String, String), decode::Event>,
    /// By office and service.
    pub lines: HashMap<(String, String), Line>,
    /// The step and time from which on nothing is made to go wrong.
    pub calm: (u64, i64),
    pub end_step: u64,
    pub end_us: i64,
    pub counts: Counts,
    /// Windows' days that somebody asked to be closed, and from when on.
    pub closings: HashMap<PageKey, u64>,
}

impl<'h> Tape<'h> {
    /// Reads a history; what is wrong with the recording goes to `ruling`.
    pub fn of(history: &'h History, ruling: &mut Ruling) -> Self {
        let (plan, wrong) = Plan::of(&history.world);
        for text in wrong {
            ruling.violation(Claim::Recording, 0, (0, 0), text);
        }
        let mut tape = Tape {
            plan,
            operations: Vec::new(),
            commits: Vec::new(),
            sent: Vec::new(),
            found: Vec::new(),
            uploaded: Vec::new(),
            lying: None,
            ticks: Vec::new(),
            pages: Shelf::default(),
            appointments: Shelf::default(),
            offers: Shelf::default(),
            entries: Shelf::default(),
            actives: Shelf::default(),
            notes: Shelf::default(),
            logs: Shelf::default(),
            rights: Shelf::default(),
            people: Shelf::default(),
            questions: Shelf::default(),
            rows: Shelf::default(),
            happened: Shelf::default(),
            folders: Shelf::default(),
            unlocks: Shelf::default(),
            written: HashMap::new(),
            lines: HashMap::new(),
            calm: history.events.first().map_or((0, 0), |event| (event.step, event.at_us)),
            end_step: 0,
            end_us: 0,
            counts: Counts::default(),
            closings: HashMap::new(),
        };
        let mut reading = Reading { by_op: HashMap::new(), images: HashMap::new(), ruling };
        for event in &history.events {
            reading.order(&tape, event);
            (tape.end_step, tape.end_us) = (event.step, event.at_us);
            reading.event(&mut tape, event);
        }
        tape.close();
        tape.count(ruling);
        tape
    }

    fn close(&mut self) {
        // What was refused never came about.
        for operation in self.operations.iter().filter(|operation| operation.refused().is_none()) {
            let Action::Close { office, windows, on } = operation.action else { continue };
            let (Ok(on), Some(plan)) = (on.parse(), self.plan.offices.get(office)) else { continue };
            for window in plan.windows.keys().filter(|one| windows.is_empty() || windows.contains(one)) {
                let page = PageKey { office: office.clone(), on, window: window.clone() };
                let since = self.closings.entry(page).or_insert(operation.called);
                *since = operation.called.min(*since);
            }
        }
    }

    /// Whether somebody had asked by a step for a window's day to be closed.
    pub fn closing(&self, page: &PageKey, step: u64) -> bool {
        self.closings.get(page).is_some_and(|since| *since <= step)
    }

    fn count(&self, ruling: &mut Ruling) {
        let unknown = self.operations.iter().filter(|operation| operation.is_unknown()).count() as u64;
        for (name, n) in [
            ("operations", self.operations.len() as u64),
            ("of unknown outcome", unknown),
            ("commits", self.commits.len() as u64),
            ("records", self.counts.records),
            ("deliveries", self.counts.delivered),
            ("redeliveries", self.counts.redelivered),
            ("faults", self.counts.faults),
            ("crashes", self.counts.crashes),
            ("ticks", self.ticks.len() as u64),
        ] {
            ruling.count(Claim::Recording, name, n);
        }
    }

    pub fn epsilon_us(&self) -> i64 {
        self.plan.limits.epsilon_us()
    }
}

/// What reading needs besides the tape.
struct Reading<'h, 'r> {
    by_op: HashMap<u64, usize>,
    images: HashMap<(&'h str, &'h str), &'h Value>,
    ruling: &'r mut Ruling,
}

impl<'h> Reading<'h, '_> {
    fn wrong(&mut self, step: u64, text: String) {
        self.ruling.violation(Claim::Recording, step, (step, step), text);
    }

    fn order(&mut self, tape: &Tape<'h>, event: &Event) {
        if event.step <= tape.end_step && tape.end_step > 0 {
            self.wrong(event.step, format!("step {} comes after step {}", event.step, tape.end_step));
        }
        if event.at_us < tape.end_us {
            self.wrong(event.step, format!("time goes back from {} to {} µs", tape.end_us, event.at_us));
        }
    }

    fn event(&mut self, tape: &mut Tape<'h>, event: &'h Event) {
        match &event.what {
            What::Call { op, client, key, staff, by, action } => {
                if self.by_op.insert(*op, tape.operations.len()).is_some() {
                    self.wrong(event.step, format!("operation {op} is called twice"));
                }
                tape.operations.push(Operation {
                    op: *op,
                    client,
                    key: key.as_deref(),
                    key_hash: match action {
                        Action::Accept { offer } => Some(key_hash(offer)),
                        _ => key.as_deref().map(|key| match by {
                            Some(by) => key_hash_by(by, key),
                            None => key_hash(key),
                        }),
                    },
                    staff: *staff,
                    by: by.as_deref(),
                    action,
                    called: event.step,
                    called_us: event.at_us,
                    returned: None,
                    returned_us: None,
                    outcome: &Outcome::Unknown,
                });
            }
            What::Return { op, outcome } => match self.by_op.get(op) {
                Some(at) if tape.operations[*at].returned.is_none() => {
                    let operation = &mut tape.operations[*at];
                    operation.returned = Some(event.step);
                    operation.returned_us = Some(event.at_us);
                    operation.outcome = outcome;
                }
                Some(_) => self.wrong(event.step, format!("operation {op} returns twice")),
                None => self.wrong(event.step, format!("operation {op} returns without a call")),
            },
            What::Commit { by, records } => {
                let mut commit = Commit { step: event.step, at_us: event.at_us, by, touches: Vec::new() };
                for record in records {
                    tape.counts.records += 1;
                    commit.touches.extend(self.record(tape, event, record));
                }
                tape.commits.push(commit);
            }
            What::Delivered { times, .. } => {
                tape.counts.delivered += 1;
                tape.counts.redelivered += u64::from(*times > 1);
            }
            What::Uploaded { key, sha256, fit } => {
                tape.uploaded.push((event.step, Uploaded { key, sha256, fit: *fit }));
            }
            What::Lying { awaited, kept } => tape.lying = Some(Lying { awaited, kept }),
            What::Found { citizen, rows } => tape.found.push((citizen, rows)),
            What::Sent(sent) => tape.sent.push((event.step, event.at_us, sent)),
            What::Fault { .. } => tape.counts.faults += 1,
            What::Crash { .. } => tape.counts.crashes += 1,
            What::Tick => tape.ticks.push((event.step, event.at_us)),
            What::Calm => tape.calm = (event.step, event.at_us),
            What::Restart => {}
        }
    }

    /// Holds a record against what was recorded before of the same item, and puts it on its track.
    fn record(&mut self, tape: &mut Tape<'h>, event: &Event, record: &'h Record) -> Option<Touch> {
        let name = || format!("{}/{}", record.pk, record.sk);
        let known = match &record.new {
            Some(new) => self.images.insert((&record.pk, &record.sk), new),
            None => self.images.remove(&(record.pk.as_str(), record.sk.as_str())),
        };
        let fits = match (known, &record.old) {
            (None, None) => true,
            (Some(known), Some(old)) => decode::same(known, old),
            // It stood there before the history began; of what a claim speaks, people and their rights do.
            (None, Some(old)) => tape.stood(&record.pk, &record.sk, old),
            (Some(_), None) => false,
        };
        if !fits {
            let text = format!("{} was not as the record before left it: a write was not recorded", name());
            self.wrong(event.step, text);
        }
        tape.written.insert((&record.pk, &record.sk), event.at_us);
        let Some(key) = decode::key(&record.pk, &record.sk) else {
            self.wrong(event.step, format!("the key {} cannot be read", name()));
            return None;
        };
        let item = record.new.as_ref().map(|image| decode::item(&key, image));
        if item == Some(None) {
            self.wrong(event.step, format!("the item {} cannot be read", name()));
            return None;
        }
        tape.put(event, key, item.flatten())
    }
}

impl Tape<'_> {
    /// Takes in an item that stood before the history began; false for one that cannot have.
    fn stood(&mut self, pk: &str, sk: &str, old: &Value) -> bool {
        let Some(key) = decode::key(pk, sk) else { return false };
        match (&key, decode::item(&key, old)) {
            (Key::Other, _) => true,
            (Key::Right { citizen, representative }, Some(Item::Right(right))) => {
                self.rights.put((citizen.clone(), representative.clone()), 0, 0, Some(right));
                true
            }
            (Key::Record { citizen }, Some(Item::Record(person))) => {
                self.people.put(citizen.clone(), 0, 0, Some(person));
                true
            }
            (Key::Question { citizen, appointment }, Some(Item::Question(question))) => {
                self.questions.put((citizen.clone(), appointment.clone()), 0, 0, Some(question));
                true
            }
            (Key::Active { citizen }, Some(Item::Active(active))) => {
                self.actives.put(citizen.clone(), 0, 0, Some(active));
                true
            }
            // What happened before is over, and a note of it is told or was.
            (Key::Event { .. } | Key::Note { .. }, _) => true,
            _ => false,
        }
    }

    fn put(&mut self, event: &Event, key: Key, item: Option<Item>) -> Option<Touch> {
        macro_rules! on {
            ($shelf:ident, $key:expr, $kind:ident) => {
                on!($shelf, $key, $kind, $kind)
            };
            ($shelf:ident, $key:expr, $kind:ident, $touch:ident) => {{
                let item = match item {
                    Some(Item::$kind(item)) => Some(item),
                    _ => None,
                };
                let (track, version) = self.$shelf.put($key, event.step, event.at_us, item);
                Some(Touch::$touch(track, version))
            }};
        }
        match key {
            Key::Page(key) => on!(pages, key, Page),
            Key::Appointment { id, .. } => on!(appointments, id, Appointment),
            Key::Offer { id, .. } => on!(offers, id, Offer),
            Key::Entry { citizen, service } => on!(entries, (citizen, service), Entry),
            Key::Active { citizen } => on!(actives, citizen, Active),
            Key::Note { citizen, id } => on!(notes, (citizen, id), Note),
            Key::Log { citizen, subject, row } => on!(logs, (citizen, subject, row), Log),
            Key::Right { citizen, representative } => on!(rights, (citizen, representative), Right),
            Key::Record { citizen } => on!(people, citizen, Record, Person),
            Key::Question { citizen, appointment } => on!(questions, (citizen, appointment), Question),
            Key::Row { queue, row } => on!(rows, (queue, row), Row),
            Key::Unlock { citizen } => on!(unlocks, citizen, Unlock),
            Key::Folder { citizen, service } => on!(folders, (citizen, service), Folder),
            Key::Event { citizen, id } => on!(happened, (citizen, id), Event),
            Key::Line { office, service, bucket, order } => {
                let line = self.lines.entry((office, service)).or_default();
                match item {
                    Some(_) => line.put(&bucket, &order, event.step),
                    None => line.take_away(&bucket, &order, event.step),
                }
                None
            }
            Key::Other => None,
        }
    }
}

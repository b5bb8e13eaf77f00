//! The items of the table as a test sets them, and their wire form.

use super::wire::{b, item, l, m, maybe, n, ns, s};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds at which 1 December 2026 begins at +03:00.
pub const DECEMBER_S: i64 = 1_796_072_400;

#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    pub window: &'static str,
    pub day: u32,
    pub from: u16,
    pub to: u16,
}

/// A seat of window `a` of the office on a day of December.
pub fn seat(day: u32, from: u16, to: u16) -> Seat {
    Seat { window: "a", day, from, to }
}

impl Seat {
    pub fn on(&self) -> String {
        format!("2026-12-{:02}", self.day)
    }

    pub fn starts_at_s(&self) -> i64 {
        DECEMBER_S + i64::from(self.day - 1) * 86_400 + i64::from(self.from) * 300
    }

    pub fn ends_at_s(&self) -> i64 {
        self.starts_at_s() + i64::from(self.to - self.from) * 300
    }

    pub fn page(&self) -> (u32, &'static str) {
        (self.day, self.window)
    }

    fn wire(&self) -> Value {
        m([
            ("o", s("one")),
            ("w", s(self.window)),
            ("d", s(self.on())),
            ("f", n(self.from)),
            ("t", n(self.to)),
            ("s", n(self.starts_at_s())),
            ("e", n(self.ends_at_s())),
        ])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub to: u16,
    pub service: &'static str,
    pub cursor: Option<&'static str>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub taken: BTreeSet<u16>,
    pub freed: BTreeSet<u16>,
    pub shut: BTreeSet<u16>,
    pub version: u64,
    pub marks: BTreeMap<u16, Mark>,
    pub closed: bool,
}

impl Page {
    pub fn wire(&self) -> Value {
        let set = |cells: &BTreeSet<u16>| if cells.is_empty() { Value::Null } else { ns(cells) };
        let mut wire = item([
            ("t", set(&self.taken)),
            ("f", set(&self.freed)),
            ("x", set(&self.shut)),
            ("v", n(self.version)),
            ("pl", if self.closed { n(1) } else { Value::Null }),
        ]);
        for (from, mark) in &self.marks {
            let cursor = maybe(mark.cursor, s);
            let members = [("t", n(mark.to)), ("s", s(mark.service)), ("a", n(0)), ("c", cursor)];
            wire[format!("m{from}")] = m(members);
        }
        wire
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub version: u64,
    pub by: &'static str,
    /// Whoever acted for the citizen.
    pub representative: Option<&'static str>,
    pub did: &'static str,
    pub at_ms: i64,
    pub op: String,
    pub why: Option<&'static str>,
}

impl Change {
    fn members(&self) -> [(&'static str, Value); 7] {
        [
            ("v", n(self.version)),
            ("by", s(self.by)),
            ("rp", maybe(self.representative, s)),
            ("do", s(self.did)),
            ("at", n(self.at_ms)),
            ("op", s(self.op.as_str())),
            ("rs", maybe(self.why, b)),
        ]
    }

    pub fn wire(&self) -> Value {
        item(self.members())
    }
}

fn changes(changes: &[Change]) -> Value {
    l(changes.iter().map(|change| m(change.members())))
}

#[derive(Debug, Clone, PartialEq)]
pub struct Appointment {
    pub citizen: &'static str,
    pub service: &'static str,
    pub seat: Seat,
    pub phase: &'static str,
    pub version: u64,
    pub changes: Vec<Change>,
    pub checked_in: Option<i64>,
    pub mark: &'static str,
    /// The specialist who was asked for.
    pub chosen: Option<&'static str>,
}

impl Appointment {
    pub fn wire(&self) -> Value {
        item([
            ("svc", s(self.service)),
            ("at", self.seat.wire()),
            ("ph", s(self.phase)),
            ("v", n(self.version)),
            ("ch", changes(&self.changes)),
            ("cin", maybe(self.checked_in, n)),
            ("mk", s(self.mark)),
            ("sp", maybe(self.chosen, |who| l([s(who), s(who), s(who)]))),
        ])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub citizen: &'static str,
    pub service: &'static str,
    pub ticket: &'static str,
    pub seat: Seat,
    pub made_at_ms: i64,
    pub until_ms: i64,
    pub state: &'static str,
    pub given_up: &'static str,
    pub passed: Vec<(&'static str, &'static str, &'static str)>,
    pub silences: u64,
    pub version: u64,
}

impl Offer {
    pub fn wire(&self) -> Value {
        let passed =
            self.passed.iter().map(|(who, ticket, why)| l([s(*who), s(self.service), s(*ticket), s(*why)]));
        item([
            ("svc", s(self.service)),
            ("tk", s(self.ticket)),
            ("at", self.seat.wire()),
            ("md", n(self.made_at_ms)),
            ("un", n(self.until_ms)),
            ("st", s(self.state)),
            ("gu", s(self.given_up)),
            ("ps", l(passed)),
            ("sl", n(self.silences)),
            ("v", n(self.version)),
        ])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub ticket: &'static str,
    pub class: &'static str,
    /// First and last day of December that suit.
    pub days: Option<(u32, u32)>,
    pub state: &'static str,
    pub offer: Option<&'static str>,
    pub declined: Vec<Seat>,
    pub offers_on: Option<(String, u64)>,
    pub version: u64,
    pub changes: Vec<Change>,
}

impl Entry {
    pub fn wire(&self) -> Value {
        let date = |day| s(format!("2026-12-{day:02}"));
        let declined = self.declined.iter().map(|seat| l([s("one"), n(seat.starts_at_s() * 1000)]));
        item([
            ("tk", s(self.ticket)),
            ("cls", s(self.class)),
            ("of", l([s("one")])),
            ("ds_", maybe(self.days, |(first, last)| l([date(first), date(last)]))),
            ("st", s(self.state)),
            ("ep", n(1)),
            ("off", maybe(self.offer, s)),
            ("dc", l(declined)),
            ("sl", n(0)),
            ("oo", maybe(self.offers_on.clone(), |(on, count)| l([s(on), n(count)]))),
            ("v", n(self.version)),
            ("ch", changes(&self.changes)),
        ])
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Active {
    pub version: u64,
    /// Appointment, service, seat, version.
    pub held: Vec<(&'static str, &'static str, Seat, u64)>,
    pub offer: Option<(&'static str, &'static str, Seat)>,
    pub waiting: Vec<(&'static str, &'static str)>,
    /// Seats given up, and until when they are not retaken.
    pub cool_downs: Vec<(Seat, i64)>,
    pub done: Vec<String>,
    pub blocked: bool,
}

impl Active {
    pub fn wire(&self) -> Value {
        let held = self.held.iter().map(|(id, service, seat, version)| {
            m([("s", s(*service)), ("i", s(*id)), ("at", seat.wire()), ("n", s("N")), ("v", n(version))])
        });
        let offer = |(id, service, seat): (&str, &str, Seat)| {
            let (from, to) = (seat.starts_at_s() * 1000, seat.ends_at_s() * 1000);
            m([("i", s(id)), ("s", s(service)), ("f", n(from)), ("t", n(to))])
        };
        let cool_downs = self.cool_downs.iter();
        let cool_downs =
            cool_downs.map(|(seat, until)| l([s("one"), n(seat.starts_at_s() * 1000), n(until)]));
        let done = self.done.iter().map(|key| m([("k", b(key)), ("b", b("AA==")), ("r", s("R"))]));
        item([
            ("v", n(self.version)),
            ("ap", l(held)),
            ("of", maybe(self.offer.clone(), offer)),
            ("wt", l(self.waiting.iter().map(|(service, ticket)| l([s(*service), s(*ticket)])))),
            ("cd", l(cool_downs)),
            ("dn", l(done)),
            ("blk", maybe(self.blocked.then_some(true), |blocked| json!({ "BOOL": blocked }))),
        ])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub state: &'static str,
    pub due_at_ms: Option<i64>,
    pub sent: Vec<(&'static str, &'static str)>,
}

impl Note {
    pub fn wire(&self) -> Value {
        let sent = self.sent.iter().map(|(channel, message)| l([s(*channel), s(*message)]));
        item([("st", s(self.state)), ("du", maybe(self.due_at_ms, n)), ("snt", l(sent))])
    }
}

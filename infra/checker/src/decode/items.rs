//! Appointments, offers, places in line, notices, and the lines of histories.

use super::attributes::{Attributes, list, map, number, text};
use super::page::{CellSet, PageKey};
use crate::history::{About, Cells, Wish};
use chrono::NaiveDate;
use std::fmt;

/// Where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub office: String,
    pub window: String,
    pub on: NaiveDate,
    pub from: u16,
    pub to: u16,
    pub starts_at_s: i64,
    pub ends_at_s: i64,
}

impl Seat {
    pub fn page(&self) -> PageKey {
        PageKey { office: self.office.clone(), on: self.on, window: self.window.clone() }
    }

    pub fn cells(&self) -> CellSet {
        Cells { from: self.from, to: self.to }.into()
    }

    pub fn overlaps(&self, (starts_at_s, ends_at_s): (i64, i64)) -> bool {
        self.starts_at_s < ends_at_s && starts_at_s < self.ends_at_s
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seat { office, window, on, from, to, .. } = self;
        write!(f, "{office}/{window} {on} cells {from}..{to}")
    }
}

/// Reads a seat from a map.
pub fn seat(at: Attributes<'_>) -> Option<Seat> {
    Some(Seat {
        office: at.text("o")?,
        window: at.text("w")?,
        on: at.text("d")?.parse().ok()?,
        from: at.number("f")?,
        to: at.number("t")?,
        starts_at_s: at.number("s")?,
        ends_at_s: at.number("e")?,
    })
}

/// A line of a history: of an appointment, or of a place in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub version: u64,
    pub by: String,
    /// Whoever acted for the citizen.
    pub representative: Option<String>,
    pub did: String,
    pub at_ms: i64,
    pub op: String,
    /// Of an appointment it is sealed: whether there is one is all that can be seen.
    pub why: Option<String>,
}

impl Change {
    /// Whether another one is this change. Whoever is served without having been read leaves the number 0, and
    /// whoever reads it next gives it its own.
    pub fn is(&self, other: &Change) -> bool {
        let numbered = |one: &Change, number| Change { version: number, ..one.clone() };
        *self == *other || (self.version == 0 && numbered(self, other.version) == *other)
    }
}

pub fn change(at: Attributes<'_>) -> Option<Change> {
    Some(Change {
        version: at.number("v")?,
        by: at.text("by")?,
        representative: at.text("rp"),
        did: at.text("do")?,
        at_ms: at.number("at")?,
        op: at.text("op")?,
        why: at.bytes("rs").or_else(|| at.text("why")),
    })
}

fn changes(at: Attributes<'_>) -> Option<Vec<Change>> {
    at.list("ch")?.iter().map(|value| change(map(value)?)).collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub citizen: String,
    pub id: String,
    pub service: String,
    pub seat: Seat,
    pub phase: String,
    pub version: u64,
    /// Those that ride on the item, oldest first.
    pub changes: Vec<Change>,
    pub checked_in: Option<i64>,
    /// What is known of whether its holder is entitled to it.
    pub mark: String,
    /// The specialist who was asked for.
    pub chosen: Option<String>,
}

impl Appointment {
    pub fn is_planned(&self) -> bool {
        self.phase == "planned"
    }

    /// Whether it ended before its start: then its cells are no longer its own.
    pub fn gave_up_its_cells(&self) -> bool {
        let ended_at = self.changes.last().map_or(i64::MIN, |change| change.at_ms);
        self.phase == "cancelled" && ended_at < self.seat.starts_at_s * 1000
    }
}

pub fn appointment(at: Attributes<'_>, citizen: String, id: String) -> Option<Appointment> {
    Some(Appointment {
        citizen,
        id,
        service: at.text("svc")?,
        seat: seat(at.map("at")?)?,
        phase: at.text("ph")?,
        version: at.number("v")?,
        changes: changes(at)?,
        checked_in: at.number("cin"),
        mark: at.text("mk").unwrap_or_default(),
        chosen: at.list("sp").and_then(|chosen| Some(text(chosen.first()?)?.to_owned())),
    })
}

/// Somebody passed over for an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    pub ticket: String,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub citizen: String,
    pub id: String,
    pub service: String,
    pub ticket: String,
    pub seat: Seat,
    pub made_at_ms: i64,
    pub until_ms: i64,
    pub state: String,
    /// The service that was given up.
    pub given_up: String,
    pub passed: Vec<Passed>,
    pub silences: u64,
    pub version: u64,
}

impl Offer {
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

pub fn offer(at: Attributes<'_>, citizen: String, id: String) -> Option<Offer> {
    let passed = |value| {
        let [_, _, ticket, why] = list(value)? else { return None };
        Some(Passed { ticket: text(ticket)?.to_owned(), why: text(why)?.to_owned() })
    };
    Some(Offer {
        citizen,
        id,
        service: at.text("svc")?,
        ticket: at.text("tk")?,
        seat: seat(at.map("at")?)?,
        made_at_ms: at.number("md")?,
        until_ms: at.number("un")?,
        state: at.text("st")?,
        given_up: at.text("gu")?,
        passed: at.list("ps")?.iter().map(passed).collect::<Option<_>>()?,
        silences: at.number("sl")?,
        version: at.number("v")?,
    })
}

/// A place in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub citizen: String,
    pub service: String,
    pub ticket: String,
    pub class: String,
    /// With weekdays from 1 for Monday.
    pub wish: Wish,
    pub dates: Option<(NaiveDate, NaiveDate)>,
    pub state: String,
    pub offer: Option<String>,
    /// Office and start of what was declined or let lapse, the latest last.
    pub declined: Vec<(String, i64)>,
    /// Offers made on the latest day on which any was.
    pub offers_on: Option<(NaiveDate, u64)>,
    pub version: u64,
    pub changes: Vec<Change>,
}

impl Entry {
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    /// Whether it stands in line, paused or not.
    pub fn is_standing(&self) -> bool {
        matches!(self.state.as_str(), "waiting" | "paused")
    }

    /// The order of a line: the class, then the ticket.
    pub fn order(&self) -> (u8, &str) {
        let class = match self.class.as_str() {
            "urgent" => 1,
            "displaced" => 2,
            "privileged" => 3,
            _ => 5,
        };
        (class, &self.ticket)
    }
}

pub fn entry(at: Attributes<'_>, citizen: String, service: String) -> Option<Entry> {
    let texts = |name| {
        let all = at.list(name)?.iter().map(|value| text(value).map(str::to_owned));
        all.collect::<Option<Vec<String>>>()
    };
    let weekday = |value| number::<u8>(value).map(|from_monday| from_monday + 1);
    let declined = |value| {
        let [office, starts_at_ms] = list(value)? else { return None };
        Some((text(office)?.to_owned(), number::<i64>(starts_at_ms)? / 1000))
    };
    let dates = match at.list("ds_")? {
        [first, last] => Some((text(first)?.parse().ok()?, text(last)?.parse().ok()?)),
        _ => None,
    };
    let offers_on = match at.list("oo")? {
        [on, count] => Some((text(on)?.parse().ok()?, number(count)?)),
        _ => None,
    };
    Some(Entry {
        citizen,
        service,
        ticket: at.text("tk")?,
        class: at.text("cls")?,
        wish: Wish {
            offices: texts("of")?,
            dates: dates.map(|(first, last): (NaiveDate, NaiveDate)| (first.to_string(), last.to_string())),
            weekdays: at.list("wd")?.iter().map(weekday).collect::<Option<_>>()?,
            parts: texts("pt")?,
        },
        dates,
        state: at.text("st")?,
        offer: at.text("off"),
        declined: at.list("dc")?.iter().map(declined).collect::<Option<_>>()?,
        offers_on,
        version: at.number("v")?,
        changes: changes(at)?,
    })
}

/// What somebody is to be told, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub about: About,
    pub state: String,
    pub due_at_ms: Option<i64>,
    /// Channels that took it, with the provider's message ids.
    pub sent: Vec<(String, String)>,
}

pub fn note(at: Attributes<'_>, id: &str) -> Option<Note> {
    let sent = |value| {
        let [channel, message] = list(value)? else { return None };
        Some((text(channel)?.to_owned(), text(message)?.to_owned()))
    };
    Some(Note {
        about: notice_about(id)?,
        state: at.text("st")?,
        due_at_ms: at.number("du"),
        sent: at.list("snt")?.iter().map(sent).collect::<Option<_>>()?,
    })
}

/// What a notice's number says that it is about: `<second>.<kind>.<subject>.<version>`.
pub fn notice_about(number: &str) -> Option<About> {
    let mut parts = number.split('.');
    let (_, kind, subject, version) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let about = About { kind: kind.to_owned(), subject: subject.to_owned(), version: version.parse().ok()? };
    parts.next().is_none().then_some(about)
}

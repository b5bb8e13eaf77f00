//! Reads the table's items, as the recorder saw them, into what the claims speak of. What is sealed stays sealed.
//!
//! Written from the wire form alone: keys and attribute names are repeated here on purpose, so that a change of
//! the form that is not one of both sides shows.

mod attributes;
mod items;
mod page;
mod people;
mod rights;
mod waiting;

pub use attributes::same;
pub use items::{Appointment, Change, Entry, Note, Offer, Seat, notice_about};
pub use page::{CELLS_DAY, CellSet, Mark, Page, PageKey};
pub use people::Active;
#[cfg(test)]
pub use people::{CoolDown, Held, OpenOffer};
pub use rights::{Grant, Record, Right};
pub use waiting::{Event, File, Folder, Question, Row, Unlock};

use attributes::Attributes;
use serde_json::Value;

/// Whose and what an item is, by its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Page(PageKey),
    Appointment {
        citizen: String,
        id: String,
    },
    Offer {
        citizen: String,
        id: String,
    },
    Entry {
        citizen: String,
        service: String,
    },
    Active {
        citizen: String,
    },
    Note {
        citizen: String,
        id: String,
    },
    /// A line of the history of an appointment or of a place; those of being passed over have no version.
    Log {
        citizen: String,
        subject: String,
        /// An appointment's change by its version, a place's by its operation's id.
        row: String,
    },
    /// A row of the line of an office and service.
    Line {
        office: String,
        service: String,
        bucket: String,
        order: String,
    },
    /// What one person may do for a citizen.
    Right {
        citizen: String,
        representative: String,
    },
    /// A citizen's record.
    Record {
        citizen: String,
    },
    /// Whether the holder of an appointment is entitled is to be asked; of no appointment: whether their policy is good.
    Question {
        citizen: String,
        appointment: String,
    },
    /// What staff are to decide, by the queue and its row.
    Row {
        queue: String,
        row: String,
    },
    /// Files of a citizen for a service.
    Folder {
        citizen: String,
        service: String,
    },
    /// The last unlock of a citizen's cabinet.
    Unlock {
        citizen: String,
    },
    /// What happened to a cabinet.
    Event {
        citizen: String,
        id: String,
    },
    /// Nothing that a claim speaks of.
    Other,
}

/// An item that is understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Page(Page),
    Appointment(Appointment),
    Offer(Offer),
    Entry(Entry),
    Active(Active),
    Note(Note),
    Log(Change),
    Line,
    Right(Right),
    Record(Record),
    Question(Question),
    Row(Row),
    Event(Event),
    Folder(Folder),
    Unlock(Unlock),
    Other,
}

/// Queues about whose rows staff are to decide, by how their keys begin.
const QUEUES: [&str; 2] = ["GRANTS#", "POLICIES#"];

/// Reads a key; none for one that begins like a known kind and goes on otherwise.
pub fn key(pk: &str, sk: &str) -> Option<Key> {
    if let Some(rest) = pk.strip_prefix("PAGES#") {
        return page::key(rest, sk).map(Key::Page);
    }
    if let Some(rest) = pk.strip_prefix("LINE#") {
        let mut parts = rest.splitn(3, '#').map(str::to_owned);
        let (office, service, bucket) = (parts.next()?, parts.next()?, parts.next()?);
        return Some(Key::Line { office, service, bucket, order: sk.to_owned() });
    }
    if let Some(queue) = QUEUES.iter().find(|queue| pk.starts_with(*queue)) {
        return Some(Key::Row { queue: queue.trim_end_matches('#').to_owned(), row: sk.to_owned() });
    }
    let Some(citizen) = pk.strip_prefix("CIT#").map(str::to_owned) else { return Some(Key::Other) };
    match sk {
        "ACTIVE" => return Some(Key::Active { citizen }),
        "UNLOCK" => return Some(Key::Unlock { citizen }),
        "ME" => return Some(Key::Record { citizen }),
        "PROFILE" => return Some(Key::Question { citizen, appointment: String::new() }),
        _ => {}
    }
    let Some((kind, id)) = sk.split_once('#') else { return Some(Key::Other) };
    let id = id.to_owned();
    Some(match kind {
        "APPT" => Key::Appointment { citizen, id },
        "OFFER" => Key::Offer { citizen, id },
        "WAIT" => Key::Entry { citizen, service: id },
        "NOTE" => Key::Note { citizen, id },
        "ELIG" => Key::Question { citizen, appointment: id },
        "DOCS" => Key::Folder { citizen, service: id },
        "EVENT" => Key::Event { citizen, id },
        "REP" => Key::Right { citizen, representative: id },
        "LOG" => {
            let (subject, row) = id.split_once('#')?;
            // Being passed over is recorded after the fact, by no commit of the place's own.
            if row.starts_with('~') {
                return Some(Key::Other);
            }
            Key::Log { citizen, subject: subject.to_owned(), row: row.to_owned() }
        }
        _ => Key::Other,
    })
}

/// Reads an item; none when something that a claim needs is missing or not of its kind.
pub fn item(key: &Key, image: &Value) -> Option<Item> {
    let attributes = Attributes::of(image)?;
    Some(match key {
        Key::Page(_) => Item::Page(page::read(attributes)?),
        Key::Appointment { citizen, id } => {
            Item::Appointment(items::appointment(attributes, citizen.clone(), id.clone())?)
        }
        Key::Offer { citizen, id } => Item::Offer(items::offer(attributes, citizen.clone(), id.clone())?),
        Key::Entry { citizen, service } => {
            Item::Entry(items::entry(attributes, citizen.clone(), service.clone())?)
        }
        Key::Active { .. } => Item::Active(people::active(attributes)?),
        Key::Note { id, .. } => Item::Note(items::note(attributes, id)?),
        Key::Log { .. } => Item::Log(items::change(attributes)?),
        Key::Line { .. } => Item::Line,
        Key::Right { .. } => Item::Right(rights::right(attributes)?),
        Key::Question { .. } => Item::Question(waiting::question(attributes)?),
        Key::Row { .. } => Item::Row(waiting::row(attributes)?),
        Key::Folder { .. } => Item::Folder(waiting::folder(attributes)?),
        Key::Unlock { .. } => Item::Unlock(waiting::unlock(attributes)?),
        Key::Event { .. } => Item::Event(waiting::event(attributes)?),
        Key::Record { .. } => Item::Record(rights::record(attributes)?),
        Key::Other => Item::Other,
    })
}

//! What waits for somebody: for registries to answer, or for staff to decide.

use super::attributes::{Attributes, list, map, number, text};

/// What is still to be asked of a registry: of an appointment's holder, or of a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// When it is to be asked next; none: it was answered, or nobody needs to know any more.
    pub next_at_ms: Option<i64>,
    /// What is thought of the policy, where it is about one.
    pub checked: Option<String>,
}

pub fn question(at: Attributes<'_>) -> Option<Question> {
    let next_at_ms = match at.value("pa") {
        Some(asking) => Some(number(list(asking)?.last()?)?),
        None => None,
    };
    Some(Question { next_at_ms, checked: at.text("pc") })
}

/// A row of a queue about which staff are to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// By whom it is taken, or was last.
    pub member: Option<String>,
}

pub fn row(at: Attributes<'_>) -> Option<Row> {
    Some(Row { member: at.text("m") })
}

/// What happened to a cabinet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub kind: String,
    /// The member who did it.
    pub member: Option<String>,
}

pub fn event(at: Attributes<'_>) -> Option<Event> {
    Some(Event { kind: at.text("ev")?, member: at.text("m") })
}

/// A file, and what was thought of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: String,
    /// `w` awaited until then, `a` accepted and `r` refused then.
    pub state: String,
    pub at_ms: i64,
    /// Of an accepted one: what it is, as base64 without padding.
    pub sha256: Option<String>,
}

/// A citizen's files for a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    pub files: Vec<File>,
}

pub fn folder(at: Attributes<'_>) -> Option<Folder> {
    let file = |value| {
        let at = map(value)?;
        let (id, state) = (at.text("id")?, at.text("s")?);
        Some(File { id, state, at_ms: at.number("at")?, sha256: at.bytes("sha") })
    };
    Some(Folder { files: at.list("fs")?.iter().map(file).collect::<Option<_>>()? })
}

/// An unlock of a cabinet: opened by one member, decided by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlock {
    pub id: String,
    pub state: String,
    pub opened_by: String,
    pub decided_by: Option<String>,
}

pub fn unlock(at: Attributes<'_>) -> Option<Unlock> {
    let decided_by = at.list("dc")?.first().and_then(text).map(str::to_owned);
    Some(Unlock { id: at.text("id")?, state: at.text("st")?, opened_by: at.text("by")?, decided_by })
}

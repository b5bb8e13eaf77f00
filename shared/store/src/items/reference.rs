//! The files by which every office goes, as they are kept in the system, and each change of them on its way to the offices.

use super::audit::Said;
use super::{at, id, ms, named, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, TimeDelta, Utc};
use domain::catalogue::Reference;
use domain::{OfficeId, StaffId};
use serde::{Deserialize, Serialize};

/// A file with the number of the change that brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceFile {
    pub number: u64,
    pub reference: Reference,
    pub text: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileWire {
    n: u64,
    tx: String,
}

pub fn file_to_item(file: &ReferenceFile) -> Result<(Key, Item), StoreError> {
    let key = keys::reference_file(file.reference);
    let item = write(&key, &FileWire { n: file.number, tx: file.text.clone() })?;
    Ok((key, item))
}

pub fn file_from_item(item: &Item) -> Result<ReferenceFile, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let name = key.sk.strip_prefix(keys::REFERENCE_FILE).unwrap_or_default();
    let reference = named(&Reference::ALL, Reference::name, name, "reference")?;
    let wire: FileWire = read(item)?;
    Ok(ReferenceFile { number: wire.n, reference, text: wire.tx })
}

/// A change of one of the files: who, when, why, from what to what, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceChange {
    /// From 1, through all the files.
    pub number: u64,
    pub reference: Reference,
    pub by: StaffId,
    pub at: DateTime<Utc>,
    /// Sealed; told to those whose appointments it touches.
    pub reason: Vec<u8>,
    pub before: String,
    pub after: String,
    pub rollout: Rollout,
}

/// How far a change has come on its way to the offices, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// The last office that goes by it.
    pub reached: Option<OfficeId>,
    /// So many do.
    pub offices: u32,
    /// When the clock looks after it; none when all offices go by it.
    pub due_at: Option<DateTime<Utc>>,
    pub version: u64,
}

impl Rollout {
    pub fn begin(due_at: DateTime<Utc>) -> Self {
        Self { reached: None, offices: 0, due_at: Some(due_at), version: 1 }
    }

    pub fn is_done(&self) -> bool {
        self.due_at.is_none()
    }

    /// After some more offices; none follow where `last` is none.
    #[must_use]
    pub fn after(
        mut self,
        last: Option<OfficeId>,
        offices: u32,
        now: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Self {
        self.version += 1;
        self.offices = self.offices.saturating_add(offices);
        self.due_at = last.is_some().then_some(now + patience);
        self.reached = last.or(self.reached);
        self
    }
}

/// The attributes that a step of the way changes.
pub const STEP: [&str; 6] = ["v", "re", "of", "du", keys::DUE_PK, keys::DUE_SK];
/// Present as long as not every office goes by the change.
pub const DUE: &str = "du";

#[derive(Debug, Serialize, Deserialize)]
struct ChangeWire {
    v: u64,
    rf: String,
    by: String,
    at: i64,
    #[serde(with = "serde_bytes")]
    why: Vec<u8>,
    was: String,
    tx: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    re: Option<String>,
    of: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    du: Option<i64>,
}

pub fn change_to_item(change: &ReferenceChange) -> Result<(Key, Item), StoreError> {
    let key = keys::reference_change(change.number);
    let rollout = &change.rollout;
    let wire = ChangeWire {
        v: rollout.version,
        rf: change.reference.name().to_owned(),
        by: change.by.to_string(),
        at: ms(change.at),
        why: change.reason.clone(),
        was: change.before.clone(),
        tx: change.after.clone(),
        re: rollout.reached.as_ref().map(ToString::to_string),
        of: rollout.offices,
        du: rollout.due_at.map(ms),
    };
    let mut item = write(&key, &wire)?;
    if let Some(due) = rollout.due_at {
        set_due(&mut item, &key, keys::Due::Work, due);
    }
    Ok((key, item))
}

pub fn change_from_item(item: &Item) -> Result<ReferenceChange, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let number = keys::read_reference_change(&key).ok_or_else(unknown("change"))?;
    let wire: ChangeWire = read(item)?;
    Ok(ReferenceChange {
        number,
        reference: named(&Reference::ALL, Reference::name, &wire.rf, "reference")?,
        by: id(&wire.by, "member")?,
        at: at(wire.at)?,
        reason: wire.why,
        before: wire.was,
        after: wire.tx,
        rollout: Rollout {
            reached: wire.re.map(|office| id(&office, "office")).transpose()?,
            offices: wire.of,
            due_at: wire.du.map(at).transpose()?,
            version: wire.v,
        },
    })
}

/// Of what was changed, by whom and why: the way to the offices goes on afterwards and is no part of it.
pub(crate) fn change_said(change: &ReferenceChange) -> Result<Said, StoreError> {
    let by = change.by.to_string();
    Said::facts(&(
        change.number,
        change.reference.name(),
        by,
        ms(change.at),
        &change.reason,
        &change.before,
        &change.after,
    ))
}

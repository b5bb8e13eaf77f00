//! A reading of a citizen's personal data by somebody who works here (PRV-2): kept with the citizen, who sees it.

use super::audit::Said;
use super::{at, id, ms, read, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{CitizenId, OfficeId, StaffId, Ulid};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub citizen: CitizenId,
    pub member: StaffId,
    /// Where the member works who read it.
    pub office: OfficeId,
    /// What was read: the id of an appointment, or what else was looked at.
    pub subject: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    m: String,
    o: String,
    w: String,
    at: i64,
}

pub fn from_item(item: &Item) -> Result<Reading, StoreError> {
    let wire: Wire = read(item)?;
    let citizen = Key::of(item).and_then(|key| key.citizen()).ok_or_else(super::unknown("citizen"))?;
    Ok(Reading {
        citizen,
        member: id(&wire.m, "member")?,
        office: id(&wire.o, "office")?,
        subject: wire.w,
        at: at(wire.at)?,
    })
}

/// How readings of one thing by one member are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Once an hour: looking again shows nothing new.
    ByTheHour,
    /// Each by itself, known by this: a file may be had as often as it is opened (DOC-7).
    Each(Ulid),
}

pub fn to_item(reading: &Reading, counted: Counted) -> Result<(Key, Item), StoreError> {
    // In the order of time.
    let when = match counted {
        Counted::ByTheHour => reading.at.format("%Y-%m-%dT%H").to_string(),
        Counted::Each(id) => format!("{}.{id}", reading.at.format("%Y-%m-%dT%H:%M:%S")),
    };
    let key = keys::access(reading.citizen, &when, reading.member, &reading.subject);
    let item = write(&key, &wire(reading))?;
    Ok((key, item))
}

fn wire(reading: &Reading) -> Wire {
    Wire {
        m: reading.member.to_string(),
        o: reading.office.to_string(),
        w: reading.subject.clone(),
        at: ms(reading.at),
    }
}

pub(crate) fn said(reading: &Reading) -> Result<Said, StoreError> {
    Said::facts(&wire(reading))
}

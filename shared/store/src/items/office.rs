//! An office's file as it is kept in the system, and each change of it with the sweeping that follows.

use super::audit::Said;
use super::{at, id, ms, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::TOUCHED_KEPT;
use domain::sweep::{Sweep, Touched, TouchedBy};
use domain::{AppointmentId, CitizenId, OfficeId, StaffId};
use serde::{Deserialize, Serialize};

/// An office's file, with how often anything was changed that it goes by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeFile {
    #[serde(rename = "n")]
    pub number: u64,
    /// None: as it was delivered.
    #[serde(rename = "tx", default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The change of a [`domain::catalogue::Reference`] file that counts here, as all before it.
    #[serde(rename = "rf", default, skip_serializing_if = "is_none")]
    pub references: u64,
}

fn is_none(number: &u64) -> bool {
    *number == 0
}

/// What was changed about an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Its own file.
    File { before: String, after: String },
    /// A file by which every office goes: the number of that change.
    References(u64),
}

pub fn file_to_item(office: &OfficeId, file: &OfficeFile) -> Result<(Key, Item), StoreError> {
    let key = keys::office_file(office);
    let item = write(&key, file)?;
    Ok((key, item))
}

pub fn file_from_item(item: &Item) -> Result<OfficeFile, StoreError> {
    read(item)
}

/// The number alone, for whoever only asks whether they know the newest file.
#[derive(Debug, Serialize, Deserialize)]
struct NowWire {
    n: u64,
}

pub fn now_to_item(office: &OfficeId, number: u64) -> Result<(Key, Item), StoreError> {
    let key = keys::office_now(office);
    let item = write(&key, &NowWire { n: number })?;
    Ok((key, item))
}

/// None was ever written: the file is as it was delivered.
pub fn now_from_item(item: Option<&Item>) -> Result<u64, StoreError> {
    item.map_or(Ok(0), |item| read::<NowWire>(item).map(|now| now.n))
}

/// The attribute that has an office's number in the row of all that were changed.
pub fn changed(office: &OfficeId) -> String {
    format!("{CHANGED}{office}")
}

const CHANGED: &str = "o#";

/// The same of the files by which every office goes.
pub const REFERENCES_CHANGED: &str = "rf";

pub fn changed_from_item(item: &Item) -> (Vec<(OfficeId, u64)>, u64) {
    let number = |value: &AttributeValue| value.as_n().ok()?.parse().ok();
    let read = |(name, value): (&String, &AttributeValue)| {
        Some((name.strip_prefix(CHANGED)?.parse().ok()?, number(value)?))
    };
    let references = item.get(REFERENCES_CHANGED).and_then(number).unwrap_or_default();
    (item.iter().filter_map(read).collect(), references)
}

/// A change of what an office goes by: who, when, why, what, and what became of the appointments it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeChange {
    /// From 1; the file's number after it.
    pub number: u64,
    pub by: StaffId,
    pub at: DateTime<Utc>,
    /// Sealed; told to those whose appointments it touches.
    pub reason: Vec<u8>,
    pub what: Changed,
    pub sweep: Sweep,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChangeWire {
    v: u64,
    by: String,
    at: i64,
    #[serde(with = "serde_bytes")]
    why: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tx: Option<String>,
    #[serde(default, skip_serializing_if = "is_none")]
    rf: u64,
    /// The dates that are swept, both included.
    fr: NaiveDate,
    to: NaiveDate,
    /// The next of them; none when the round is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nx: Option<NaiveDate>,
    rd: u8,
    mv: u32,
    gu: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    du: Option<i64>,
}

pub fn change_to_item(office: &OfficeId, change: &OfficeChange) -> Result<(Key, Item), StoreError> {
    let key = keys::office_change(office, change.number);
    let sweep = &change.sweep;
    let (was, tx, rf) = match &change.what {
        Changed::File { before, after } => (Some(before.clone()), Some(after.clone()), 0),
        Changed::References(number) => (None, None, *number),
    };
    let wire = ChangeWire {
        v: sweep.version,
        by: change.by.to_string(),
        at: ms(change.at),
        why: change.reason.clone(),
        was,
        tx,
        rf,
        fr: sweep.from,
        to: sweep.to,
        nx: sweep.next_on,
        rd: sweep.round,
        mv: sweep.moved,
        gu: sweep.given_up,
        du: sweep.due_at.map(ms),
    };
    let mut item = write(&key, &wire)?;
    if let Some(due) = sweep.due_at {
        set_due(&mut item, &key, keys::Due::Work, due);
    }
    Ok((key, item))
}

pub fn change_from_item(item: &Item) -> Result<(OfficeId, OfficeChange), StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let (office, number) = keys::read_office_change(&key).ok_or_else(unknown("change"))?;
    let wire: ChangeWire = read(item)?;
    let sweep = Sweep {
        from: wire.fr,
        to: wire.to,
        next_on: wire.nx,
        round: wire.rd,
        moved: wire.mv,
        given_up: wire.gu,
        // The clock puts off the index's key alone.
        due_at: wire.du.map(at).transpose()?,
        version: wire.v,
    };
    let what = match (wire.was, wire.tx, wire.rf) {
        (Some(before), Some(after), _) => Changed::File { before, after },
        (_, _, 0) => return Err(unknown("change of nothing")()),
        (_, _, number) => Changed::References(number),
    };
    let change =
        OfficeChange { number, by: id(&wire.by, "member")?, at: at(wire.at)?, reason: wire.why, what, sweep };
    Ok((office, change))
}

/// Of what was changed, by whom and why: the sweep goes on afterwards and is no part of it.
pub(crate) fn change_said(change: &OfficeChange) -> Result<Said, StoreError> {
    let what = match &change.what {
        Changed::File { before, after } => (before.as_str(), after.as_str(), 0),
        Changed::References(number) => ("", "", *number),
    };
    Said::facts(&(change.number, change.by.to_string(), ms(change.at), &change.reason, what))
}

/// Seals why something was changed: under the partition of what was changed, and the change's number.
pub fn seal_why(
    vault: &Vault,
    of: &str,
    number: u64,
    why: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(of, &format!("why-{number}"), why, nonce)
}

pub fn open_why(vault: &Vault, of: &str, number: u64, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(of, &format!("why-{number}"), sealed)
}

#[derive(Debug, Serialize, Deserialize)]
struct TouchedWire {
    by: String,
    st: i64,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    cl: bool,
}

pub fn touched_to_item(office: &OfficeId, number: u64, touched: &Touched) -> Result<(Key, Item), StoreError> {
    let key = keys::office_touched(office, number, touched.citizen, touched.appointment);
    let wire = TouchedWire { by: touched.by.name().to_owned(), st: ms(touched.starts_at), cl: touched.call };
    let mut item = write(&key, &wire)?;
    item.insert(keys::TTL.to_owned(), super::number((touched.starts_at + TOUCHED_KEPT).timestamp()));
    Ok((key, item))
}

pub fn touched_from_item(item: &Item) -> Result<Touched, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let mut ids = key.sk.rsplit('#');
    let appointment: AppointmentId = id(ids.next().unwrap_or_default(), "appointment")?;
    let citizen: CitizenId = id(ids.next().unwrap_or_default(), "citizen")?;
    let wire: TouchedWire = read(item)?;
    Ok(Touched {
        citizen,
        appointment,
        by: super::named(&TouchedBy::ALL, TouchedBy::name, &wire.by, "touched")?,
        starts_at: at(wire.st)?,
        call: wire.cl,
    })
}

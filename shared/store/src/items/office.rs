//! An office's file as it is kept in the system, and each change of it with the sweeping that follows.

use super::{at, id, ms, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::sweep::{Sweep, Touched, TouchedBy};
use domain::{AppointmentId, CitizenId, OfficeId, StaffId};
use serde::{Deserialize, Serialize};

/// An office's file, with how often it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeFile {
    #[serde(rename = "n")]
    pub number: u64,
    #[serde(rename = "tx")]
    pub text: String,
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

pub fn changed_from_item(item: &Item) -> Vec<(OfficeId, u64)> {
    let read = |(name, value): (&String, &AttributeValue)| {
        let office = name.strip_prefix(CHANGED)?.parse().ok()?;
        Some((office, value.as_n().ok()?.parse().ok()?))
    };
    item.iter().filter_map(read).collect()
}

/// A change of an office's file: who, when, why, from what to what, and what became of the appointments it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeChange {
    /// From 1; the file's number after it.
    pub number: u64,
    pub by: StaffId,
    pub at: DateTime<Utc>,
    /// Sealed; told to those whose appointments it touches.
    pub reason: Vec<u8>,
    pub before: String,
    pub after: String,
    pub sweep: Sweep,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChangeWire {
    v: u64,
    by: String,
    at: i64,
    #[serde(with = "serde_bytes")]
    why: Vec<u8>,
    was: String,
    tx: String,
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
    let wire = ChangeWire {
        v: sweep.version,
        by: change.by.to_string(),
        at: ms(change.at),
        why: change.reason.clone(),
        was: change.before.clone(),
        tx: change.after.clone(),
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
    let change = OfficeChange {
        number,
        by: id(&wire.by, "member")?,
        at: at(wire.at)?,
        reason: wire.why,
        before: wire.was,
        after: wire.tx,
        sweep,
    };
    Ok((office, change))
}

/// Seals why an office's file was changed.
pub fn seal_why(
    vault: &Vault,
    office: &OfficeId,
    number: u64,
    why: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::office_pk(office), &format!("why-{number}"), why, nonce)
}

pub fn open_why(vault: &Vault, office: &OfficeId, number: u64, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(&keys::office_pk(office), &format!("why-{number}"), sealed)
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
    let item = write(&key, &wire)?;
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

//! How each entity is written: one file an entity, its attributes and its way from and to the domain.

pub mod access;
pub mod account;
pub mod active;
pub mod appointment;
pub mod asked_unlock;
pub mod audit;
pub mod call_note;
pub mod challenge;
pub(crate) mod change;
pub mod check;
pub mod citizen;
pub mod desk;
pub mod device;
pub mod entry;
pub mod factor;
pub mod folder;
pub mod identification;
pub mod invitation;
pub mod keeping;
pub mod log;
pub mod note;
pub mod offer;
pub mod office;
pub mod page;
pub mod passkey;
pub mod profile;
pub mod proof;
pub mod queue;
pub mod reference;
pub mod registration;
pub mod registry;
pub mod representation;
pub mod session;
pub mod signed;
pub mod staff;
pub mod to_sign;
pub mod unlock;

use crate::{Item, Key, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::appointment::Seat;
use domain::cells::CellRange;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Reads an item's attributes into its wire struct.
pub(crate) fn read<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    serde_dynamo::aws_sdk_dynamodb_1::from_item(item.clone()).map_err(|error| corrupt(item, error))
}

/// Writes a wire struct under a key.
pub(crate) fn write<T: Serialize>(key: &Key, wire: &T) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::aws_sdk_dynamodb_1::to_item(wire)
        .map_err(|error| StoreError::Corrupt { key: key.to_string(), what: error.to_string() })?;
    item.extend(key.item());
    Ok(item)
}

pub(crate) fn value<T: Serialize>(wire: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(wire)
        .map_err(|error| StoreError::Corrupt { key: "value".into(), what: error.to_string() })
}

pub(crate) fn corrupt(item: &Item, what: impl core::fmt::Display) -> StoreError {
    let key = Key::of(item).map_or_else(|| "?".to_owned(), |key| key.to_string());
    StoreError::Corrupt { key, what: what.to_string() }
}

/// Makes an error of anything in a wire struct that the domain does not know.
pub(crate) fn unknown(what: &'static str) -> impl Fn() -> StoreError {
    move || StoreError::Corrupt {
        key: what.to_owned(),
        what: "a value that this version does not know".to_owned(),
    }
}

pub(crate) fn id<T: FromStr>(text: &str, what: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_| unknown(what)())
}

pub(crate) fn named<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    text: &str,
    what: &'static str,
) -> Result<T, StoreError> {
    all.iter().copied().find(|value| name(*value) == text).ok_or_else(unknown(what))
}

/// Of a flag that is written only where it is set.
pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Milliseconds since 1970: as finely as anything here is told apart.
pub(crate) fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

pub(crate) fn at(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms).ok_or_else(unknown("instant"))
}

pub(crate) fn number(n: impl core::fmt::Display) -> AttributeValue {
    AttributeValue::N(n.to_string())
}

pub(crate) fn text(s: impl Into<String>) -> AttributeValue {
    AttributeValue::S(s.into())
}

/// Sets the keys of the due index.
pub(crate) fn set_due(item: &mut Item, key: &Key, due: keys::Due, when: DateTime<Utc>) {
    item.insert(keys::DUE_PK.into(), text(due.partition(keys::shard(key))));
    item.insert(keys::DUE_SK.into(), text(keys::due_at(when)));
}

/// When the item is due, to the second.
pub(crate) fn due_of(item: &Item) -> Option<DateTime<Utc>> {
    keys::read_due(item.get(keys::DUE_SK)?.as_s().ok()?)
}

/// Where and when, as several entities write it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SeatWire {
    o: String,
    w: String,
    d: NaiveDate,
    f: u16,
    t: u16,
    s: i64,
    e: i64,
}

impl From<&Seat> for SeatWire {
    fn from(seat: &Seat) -> Self {
        Self {
            o: seat.office.to_string(),
            w: seat.window.to_string(),
            d: seat.on,
            f: seat.cells.from(),
            t: seat.cells.to(),
            s: seat.starts_at.timestamp(),
            e: seat.ends_at.timestamp(),
        }
    }
}

impl TryFrom<&SeatWire> for Seat {
    type Error = StoreError;
    fn try_from(wire: &SeatWire) -> Result<Self, StoreError> {
        Ok(Self {
            office: id(&wire.o, "office")?,
            window: id(&wire.w, "window")?,
            on: wire.d,
            cells: CellRange::new(wire.f, wire.t).ok_or_else(unknown("cells"))?,
            starts_at: at(wire.s * 1000)?,
            ends_at: at(wire.e * 1000)?,
        })
    }
}

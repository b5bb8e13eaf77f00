//! A citizen's last video check, and where the office's queue has it while it is open.

use super::queue::Row;
use super::{at, id, ms, named, number, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use domain::check::{Check, CheckState};
use domain::queue::Queue;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    id: String,
    o: String,
    wa: i64,
    aa: i64,
    st: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rm: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    v: u64,
}

pub fn from_item(item: &Item) -> Result<Check, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Check {
        id: id(&wire.id, "check")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        office: id(&wire.o, "office")?,
        wished_at: at(wire.wa)?,
        asked_at: at(wire.aa)?,
        state: named(&CheckState::ALL, CheckState::name, &wire.st, "state")?,
        member: wire.m.map(|member| id(&member, "member")).transpose()?,
        room: wire.rm,
        reason: wire.rs,
        version: wire.v,
    })
}

pub fn to_item(check: &Check) -> Result<(Key, Item), StoreError> {
    let key = keys::check(check.citizen);
    let wire = Wire {
        id: check.id.to_string(),
        o: check.office.to_string(),
        wa: ms(check.wished_at),
        aa: ms(check.asked_at),
        st: check.state.name().to_owned(),
        m: check.member.map(|member| member.to_string()),
        rm: check.room.clone(),
        rs: check.reason.clone(),
        v: check.version,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// Where the office finds it while it is open: whoever wished for an earlier time comes first.
pub fn queued(check: &Check) -> Option<Row> {
    let row = Row::new(Queue::Checks(check.office.clone()), check.asked_at, check.id.0, check.citizen);
    check.state.is_open().then_some(Row { at: check.wished_at, ..row })
}

pub(crate) fn version(check: &Check) -> aws_sdk_dynamodb::types::AttributeValue {
    number(check.version)
}

/// Seals the room's link (`rm`) or the reason (`rs`) of a check.
pub fn seal(
    vault: &Vault,
    check: &Check,
    attribute: &str,
    clear: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::check(check.citizen).pk, &bound(check, attribute), clear, nonce)
}

pub fn open(vault: &Vault, check: &Check, attribute: &str, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(&keys::check(check.citizen).pk, &bound(check, attribute), sealed)
}

fn bound(check: &Check, attribute: &str) -> String {
    format!("check/{}/{attribute}", check.id)
}

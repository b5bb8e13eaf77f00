//! A second factor, as it stands beside a password: of somebody who works here, or of a citizen who wants one (ACC-4).

use super::{at, ms, read, value, write};
use crate::{Item, Key, StoreError, Vault};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    /// The authenticator's secret, sealed.
    pub secret: Vec<u8>,
    /// The step of the last code that was used: it and those before it open nothing any more.
    pub last_step: u64,
    /// Keyed hashes of the recovery codes left.
    pub recovery: BTreeSet<String>,
    /// Wrong codes in a row, and when the last of them came.
    pub wrong: u32,
    pub wrong_at: Option<DateTime<Utc>>,
}

impl Factor {
    /// One that was never used.
    pub fn new(secret: Vec<u8>, last_step: u64, recovery: BTreeSet<String>) -> Self {
        Self { secret, last_step, recovery, wrong: 0, wrong_at: None }
    }
}

/// The attributes of a factor.
pub(crate) const SECRET: &str = "otp";
pub(crate) const ALL: [&str; 5] = [SECRET, "st", "rc", "wr", "wa"];

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(with = "serde_bytes")]
    otp: Vec<u8>,
    st: u64,
    #[serde(default)]
    rc: Vec<String>,
    #[serde(default)]
    wr: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wa: Option<i64>,
}

/// The factor that stands in an item, if any does.
pub fn from_item(item: &Item) -> Result<Option<Factor>, StoreError> {
    if !item.contains_key(SECRET) {
        return Ok(None);
    }
    let wire: Wire = read(item)?;
    Ok(Some(Factor {
        secret: wire.otp,
        last_step: wire.st,
        recovery: wire.rc.into_iter().collect(),
        wrong: wire.wr,
        wrong_at: wire.wa.map(at).transpose()?,
    }))
}

/// An item of the factor's attributes alone.
pub fn to_item(key: &Key, factor: &Factor) -> Result<Item, StoreError> {
    let wire = Wire {
        otp: factor.secret.clone(),
        st: factor.last_step,
        rc: factor.recovery.iter().cloned().collect(),
        wr: factor.wrong,
        wa: factor.wrong_at.map(ms),
    };
    write(key, &wire)
}

pub(crate) fn recovery(factor: &Factor) -> Result<aws_sdk_dynamodb::types::AttributeValue, StoreError> {
    value(&factor.recovery.iter().collect::<Vec<_>>())
}

/// Seals an authenticator's secret for whose it is.
pub fn seal_secret(vault: &Vault, key: &Key, secret: &str, nonce: [u8; 12]) -> Result<Vec<u8>, StoreError> {
    vault.seal(&key.pk, SECRET, secret, nonce)
}

pub fn open_secret(vault: &Vault, key: &Key, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(&key.pk, SECRET, sealed)
}

//! A second factor, as it stands beside a password: of somebody who works here, or of a citizen who wants one (ACC-4).

use super::{at, id, ms, named, read, value, write};
use crate::{Item, Key, StoreError, Vault};
use chrono::{DateTime, Utc};
use domain::ProofId;
use domain::account::FactorBy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    pub by: FactorBy,
    /// The authenticator's secret, sealed. By SMS what no authenticator has: a version that knows of none finds a factor whose
    /// codes never fit, and not none at all.
    pub secret: Vec<u8>,
    /// The step of the last code that was used: it and those before it open nothing any more.
    pub last_step: u64,
    /// Keyed hashes of the recovery codes left.
    pub recovery: BTreeSet<String>,
    /// Wrong codes in a row, and when the last of them came.
    pub wrong: u32,
    pub wrong_at: Option<DateTime<Utc>>,
    /// By SMS: the proof whose code went out last; codes of others open nothing.
    pub asked: Option<ProofId>,
}

impl Factor {
    /// One that was never used.
    pub fn new(by: FactorBy, secret: Vec<u8>, last_step: u64, recovery: BTreeSet<String>) -> Self {
        Self { by, secret, last_step, recovery, wrong: 0, wrong_at: None, asked: None }
    }
}

/// The attributes of a factor.
pub(crate) const SECRET: &str = "otp";
pub(crate) const ALL: [&str; 7] = [SECRET, "st", "rc", "wr", "wa", BY, ASKED];
/// Absent: an authenticator.
pub(crate) const BY: &str = "fk";
pub(crate) const ASKED: &str = "sp";

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fk: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sp: Option<String>,
}

/// The factor that stands in an item, if any does.
pub fn from_item(item: &Item) -> Result<Option<Factor>, StoreError> {
    if !item.contains_key(SECRET) {
        return Ok(None);
    }
    let wire: Wire = read(item)?;
    let by = wire.fk.map(|by| named(&FactorBy::ALL, FactorBy::name, &by, "second factor")).transpose()?;
    Ok(Some(Factor {
        by: by.unwrap_or(FactorBy::Authenticator),
        secret: wire.otp,
        last_step: wire.st,
        recovery: wire.rc.into_iter().collect(),
        wrong: wire.wr,
        wrong_at: wire.wa.map(at).transpose()?,
        asked: wire.sp.map(|proof| id(&proof, "proof")).transpose()?,
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
        fk: (factor.by != FactorBy::Authenticator).then(|| factor.by.name().to_owned()),
        sp: factor.asked.map(|proof| proof.to_string()),
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

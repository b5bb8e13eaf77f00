//! A session: only the hash of its secret is kept, in its owner's partition.

use super::{at, ms, read, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::{CitizenId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Sessions of an older epoch than their owner's are over.
    pub epoch: u64,
    /// What the device calls itself, sealed.
    pub device: Option<Vec<u8>>,
    /// The known device on which it was opened, by the hash of its secret: it ends with that. None of staff, and of those
    /// that were opened before devices were written down.
    pub on: Option<String>,
    /// The passkey by which it was opened, by the hash of its id: it ends with that, too.
    pub passkey: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    cr: i64,
    ex: i64,
    ep: u64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    dv: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pb: Option<String>,
    ttl: i64,
}

pub fn from_item(item: &Item) -> Result<Session, StoreError> {
    let wire: Wire = read(item)?;
    Ok(Session {
        created_at: at(wire.cr)?,
        expires_at: at(wire.ex)?,
        epoch: wire.ep,
        device: wire.dv,
        on: wire.on,
        passkey: wire.pb,
    })
}

pub fn to_item(citizen: CitizenId, hash: &str, session: &Session) -> Result<(Key, Item), StoreError> {
    under(keys::session(citizen, hash), session)
}

pub fn staff_to_item(member: StaffId, hash: &str, session: &Session) -> Result<(Key, Item), StoreError> {
    under(keys::staff_session(member, hash), session)
}

/// Seals what a device calls itself.
pub fn seal_device(
    vault: &Vault,
    citizen: CitizenId,
    hash: &str,
    device: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let key = keys::session(citizen, hash);
    vault.seal(&key.pk, &key.sk, device, nonce)
}

pub fn open_device(
    vault: &Vault,
    citizen: CitizenId,
    hash: &str,
    sealed: &[u8],
) -> Result<String, StoreError> {
    let key = keys::session(citizen, hash);
    vault.open(&key.pk, &key.sk, sealed)
}

fn under(key: Key, session: &Session) -> Result<(Key, Item), StoreError> {
    let wire = Wire {
        cr: ms(session.created_at),
        ex: ms(session.expires_at),
        ep: session.epoch,
        dv: session.device.clone(),
        on: session.on.clone(),
        pb: session.passkey.clone(),
        ttl: session.expires_at.timestamp(),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

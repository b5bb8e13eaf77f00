//! A device on which its owner has signed in: only the hash of its secret is kept, in its owner's partition (ACC-14).

use super::{at, ms, read, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::limits::DEVICE_VALID;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub known_since: DateTime<Utc>,
    /// To the day.
    pub used_at: DateTime<Utc>,
    /// The cabinet's, when it became known; 0 of those that are older than that was kept.
    pub epoch: u64,
    /// What it calls itself, sealed.
    pub name: Option<Vec<u8>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    cr: i64,
    us: i64,
    #[serde(default)]
    ep: u64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    dv: Option<Vec<u8>>,
    ttl: i64,
}

impl Device {
    pub fn is_known(&self, now: DateTime<Utc>) -> bool {
        now < self.used_at + DEVICE_VALID
    }
}

pub fn from_item(item: &Item) -> Result<Device, StoreError> {
    let wire: Wire = read(item)?;
    Ok(Device { known_since: at(wire.cr)?, used_at: at(wire.us)?, epoch: wire.ep, name: wire.dv })
}

pub fn to_item(citizen: CitizenId, hash: &str, device: &Device) -> Result<(Key, Item), StoreError> {
    let key = keys::device(citizen, hash);
    let wire = Wire {
        cr: ms(device.known_since),
        us: ms(device.used_at),
        ep: device.epoch,
        dv: device.name.clone(),
        ttl: ttl(device.used_at),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// Leftovers go when they are known no more; nothing is decided from that.
pub(crate) fn ttl(used_at: DateTime<Utc>) -> i64 {
    (used_at + DEVICE_VALID).timestamp()
}

/// Seals what a device calls itself.
pub fn seal_name(
    vault: &Vault,
    citizen: CitizenId,
    hash: &str,
    name: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let key = keys::device(citizen, hash);
    vault.seal(&key.pk, &key.sk, name, nonce)
}

pub fn open_name(vault: &Vault, citizen: CitizenId, hash: &str, sealed: &[u8]) -> Result<String, StoreError> {
    let key = keys::device(citizen, hash);
    vault.open(&key.pk, &key.sk, sealed)
}

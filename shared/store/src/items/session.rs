//! A session: only the hash of its secret is kept, in its owner's partition.

use super::{at, ms, read, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{CitizenId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Sessions of an older epoch than their owner's are over.
    pub epoch: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    cr: i64,
    ex: i64,
    ep: u64,
    ttl: i64,
}

pub fn from_item(item: &Item) -> Result<Session, StoreError> {
    let wire: Wire = read(item)?;
    Ok(Session { created_at: at(wire.cr)?, expires_at: at(wire.ex)?, epoch: wire.ep })
}

pub fn to_item(citizen: CitizenId, hash: &str, session: &Session) -> Result<(Key, Item), StoreError> {
    under(keys::session(citizen, hash), session)
}

pub fn staff_to_item(member: StaffId, hash: &str, session: &Session) -> Result<(Key, Item), StoreError> {
    under(keys::staff_session(member, hash), session)
}

fn under(key: Key, session: &Session) -> Result<(Key, Item), StoreError> {
    let wire = Wire {
        cr: ms(session.created_at),
        ex: ms(session.expires_at),
        ep: session.epoch,
        ttl: session.expires_at.timestamp(),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

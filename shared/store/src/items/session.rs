//! A session: only the hash of its secret is kept, in its citizen's partition.

use super::{at, ms, read, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Sessions of an older epoch than the citizen's are over.
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
    let key = keys::session(citizen, hash);
    let wire = Wire {
        cr: ms(session.created_at),
        ex: ms(session.expires_at),
        ep: session.epoch,
        ttl: session.expires_at.timestamp(),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

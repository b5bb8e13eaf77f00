//! What goes on at a window on one date: read by the board, written with each step of a visit.

use super::{at, id, ms, read, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{Days, NaiveTime};
use domain::page::PageKey;
use domain::visit::{Call, Desk, Receiving};
use serde::{Deserialize, Serialize};

/// Days after which nobody asks any more.
const KEPT_DAYS: u64 = 3;

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    v: u64,
    /// Who was called, by queue number, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca: Option<(String, i64)>,
    /// Whose appointment is received, and when it was to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rc: Option<(String, String, i64)>,
    ttl: i64,
}

/// The attributes that change.
pub(crate) const CHANGED: [&str; 4] = ["v", "ca", "rc", "ttl"];

/// Reads a desk; one that was never written is idle.
pub fn from_item(item: Option<&Item>) -> Result<Desk, StoreError> {
    let Some(item) = item else { return Ok(Desk::default()) };
    let wire: Wire = read(item)?;
    let called =
        wire.ca.map(|(queue_number, when)| Ok::<_, StoreError>(Call { queue_number, at: at(when)? }));
    let receiving = wire.rc.map(|(citizen, appointment, start)| {
        Ok::<_, StoreError>(Receiving {
            citizen: id(&citizen, "citizen")?,
            appointment: id(&appointment, "appointment")?,
            starts_at: at(start)?,
        })
    });
    Ok(Desk { version: Some(wire.v), called: called.transpose()?, receiving: receiving.transpose()? })
}

/// Writes a desk with the version that follows the one it was read with.
pub fn to_item(page: &PageKey, desk: &Desk) -> Result<(Key, Item), StoreError> {
    let key = keys::desk(page);
    let over = page.on.checked_add_days(Days::new(KEPT_DAYS)).unwrap_or(page.on);
    let wire = Wire {
        v: desk.version.unwrap_or(0) + 1,
        ca: desk.called.as_ref().map(|call| (call.queue_number.clone(), ms(call.at))),
        rc: desk
            .receiving
            .map(|other| (other.citizen.to_string(), other.appointment.to_string(), ms(other.starts_at))),
        ttl: over.and_time(NaiveTime::MIN).and_utc().timestamp(),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

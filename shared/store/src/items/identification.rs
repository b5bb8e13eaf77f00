//! What a member knows of who a citizen is (OFC-9): written whole, on condition of its version.

use super::{at, ms, named, read, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::staff::{Identification, IdentifiedBy};
use domain::{CitizenId, StaffId};
use serde::{Deserialize, Serialize};

/// Days after which nothing of it counts any more.
const KEPT_DAYS: u64 = 2;

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    v: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<(String, i64)>,
    wr: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wd: Option<NaiveDate>,
    ttl: i64,
}

/// The attributes that change.
pub(crate) const CHANGED: [&str; 5] = ["v", "by", "wr", "wd", "ttl"];

/// Reads it; where nothing was written, nothing is known.
pub fn from_item(item: Option<&Item>) -> Result<Identification, StoreError> {
    let Some(item) = item else { return Ok(Identification::default()) };
    let wire: Wire = read(item)?;
    let identified = wire.by.map(|(how, when)| {
        Ok::<_, StoreError>((
            named(&IdentifiedBy::ALL, IdentifiedBy::name, &how, "way of identifying")?,
            at(when)?,
        ))
    });
    let identified = identified.transpose()?;
    Ok(Identification { version: Some(wire.v), identified, wrong: wire.wr, wrong_on: wire.wd })
}

/// Writes it with the version that follows the one it was read with.
pub fn to_item(
    member: StaffId,
    citizen: CitizenId,
    known: &Identification,
    now: DateTime<Utc>,
) -> Result<(Key, Item), StoreError> {
    let key = keys::identification(member, citizen);
    let wire = Wire {
        v: known.version.unwrap_or(0) + 1,
        by: known.identified.map(|(how, at)| (how.name().to_owned(), ms(at))),
        wr: known.wrong,
        wd: known.wrong_on,
        ttl: now.checked_add_days(Days::new(KEPT_DAYS)).unwrap_or(now).timestamp(),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

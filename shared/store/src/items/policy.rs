//! A policy about which staff are to decide, in the queue of a region (OFC-6): whose it is, and nothing that it says.

use super::{at, id, ms, read, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{CitizenId, RegionId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    pub region: RegionId,
    /// When the question arose.
    pub since: DateTime<Utc>,
    pub citizen: CitizenId,
    /// By whom it was taken, and until when they have it for themselves.
    pub taken: Option<(StaffId, DateTime<Utc>)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    rg: String,
    cit: String,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    til: Option<i64>,
}

pub fn from_item(item: &Item) -> Result<PolicyRow, StoreError> {
    let wire: Wire = read(item)?;
    let taken = match (wire.m, wire.til) {
        (Some(member), Some(until)) => Some((id(&member, "member")?, at(until)?)),
        (None, None) => None,
        _ => return Err(unknown("taking of a policy")()),
    };
    Ok(PolicyRow {
        region: id(&wire.rg, "region")?,
        since: at(wire.at)?,
        citizen: id(&wire.cit, "citizen")?,
        taken,
    })
}

pub fn to_item(row: &PolicyRow) -> Result<(Key, Item), StoreError> {
    let key = keys::policy_row(&row.region, row.since, row.citizen);
    let wire = Wire {
        rg: row.region.to_string(),
        cit: row.citizen.to_string(),
        at: ms(row.since),
        m: row.taken.map(|(member, _)| member.to_string()),
        til: row.taken.map(|(_, until)| ms(until)),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

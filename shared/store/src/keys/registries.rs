//! What is asked of registries, and what they said.

use super::{Key, of_citizen};
use chrono::{DateTime, Utc};
use domain::{AppointmentId, CitizenId, RegionId};

/// What registries said, by the keyed hash of what they were asked.
pub fn registry_answer(hash: &str) -> Key {
    Key::new(format!("REGISTRY#{hash}"), "ANSWER")
}

/// Policies of people registered in a region about which staff are to decide, the oldest question first.
pub fn policies(region: &RegionId) -> String {
    format!("POLICIES#{region}")
}

pub fn policy_row(region: &RegionId, since: DateTime<Utc>, citizen: CitizenId) -> Key {
    Key::new(policies(region), format!("{:013}#{citizen}", since.timestamp_millis()))
}

pub const ELIGIBILITY: &str = "ELIG#";
/// Whether the holder of an appointment is entitled to its service is still to be asked.
pub fn eligibility(citizen: CitizenId, id: AppointmentId) -> Key {
    of_citizen(citizen, format!("{ELIGIBILITY}{id}"))
}

/// Reads the holder and the appointment back.
pub fn read_eligibility(key: &Key) -> Option<(CitizenId, AppointmentId)> {
    Some((key.citizen()?, key.sk.strip_prefix(ELIGIBILITY)?.parse().ok()?))
}

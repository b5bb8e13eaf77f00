//! What is asked of registries, and what they said.

use super::{Key, of_citizen};
use domain::{AppointmentId, CitizenId};

/// What registries said, by the keyed hash of what they were asked.
pub fn registry_answer(hash: &str) -> Key {
    Key::new(format!("REGISTRY#{hash}"), "ANSWER")
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

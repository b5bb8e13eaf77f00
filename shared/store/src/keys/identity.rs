//! Who somebody is, and by what they show it.

use super::{Key, of_citizen};
use domain::CitizenId;
use domain::identity::Means;

/// Whose number this is, among those who showed who they are.
pub fn snils(hash: &str) -> Key {
    Key::new(format!("SNILS#{hash}"), "SNILS")
}

/// By which somebody is to show who they are: one of each kind at a time.
pub const CHALLENGE: &str = "CHALLENGE#";
pub fn challenge(citizen: CitizenId, means: Means) -> Key {
    of_citizen(citizen, format!("{CHALLENGE}{}", means.name()))
}

/// A citizen's last video check.
pub fn check(citizen: CitizenId) -> Key {
    of_citizen(citizen, "CHECK")
}

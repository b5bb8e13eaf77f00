//! Passkeys, whose each is, and the challenges that they answer.

use super::{Key, of_citizen};
use domain::{ChallengeId, CitizenId};

/// By the keyed hash of its id.
pub const PASSKEY: &str = "PASSKEY#";
pub fn passkey(citizen: CitizenId, hash: &str) -> Key {
    of_citizen(citizen, format!("{PASSKEY}{hash}"))
}

/// Whose passkey it is: one id is of one cabinet.
pub fn passkey_owner(hash: &str) -> Key {
    Key::new(format!("{PASSKEY}{hash}"), "PASSKEY")
}

pub fn ceremony(id: ChallengeId) -> Key {
    Key::new(format!("CEREMONY#{id}"), "CEREMONY")
}

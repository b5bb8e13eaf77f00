//! Cabinets that are to be unlocked.

use super::{Key, of_citizen};
use domain::CitizenId;

/// A citizen's last unlock.
pub const UNLOCK: &str = "UNLOCK";
pub fn unlock(citizen: CitizenId) -> Key {
    of_citizen(citizen, UNLOCK)
}

/// Whose cabinet a new phone is to open.
pub fn unlock_phone(hash: &str) -> Key {
    Key::new(format!("UNLOCKTEL#{hash}"), "UNLOCK")
}

//! Cabinets that are to be unlocked.

use super::{Key, of_citizen};
use domain::{CitizenId, UnlockId};

/// A citizen's last unlock.
pub const UNLOCK: &str = "UNLOCK";
pub fn unlock(citizen: CitizenId) -> Key {
    of_citizen(citizen, UNLOCK)
}

/// Whose cabinet a new phone is to open.
pub fn unlock_phone(hash: &str) -> Key {
    Key::new(format!("UNLOCKTEL#{hash}"), "UNLOCK")
}

/// One that was asked for from afar.
pub fn asked_unlock(id: UnlockId) -> Key {
    Key::new(format!("UNLOCKASK#{id}"), "ASKED")
}

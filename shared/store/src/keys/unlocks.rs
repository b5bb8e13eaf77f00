//! Cabinets that are to be unlocked.

use super::{Key, of_citizen};
use domain::{CitizenId, OfficeId, UnlockId};

/// A citizen's last unlock.
pub const UNLOCK: &str = "UNLOCK";
pub fn unlock(citizen: CitizenId) -> Key {
    of_citizen(citizen, UNLOCK)
}

/// Those of an office that somebody is to decide about, by age.
pub fn unlocks(office: &OfficeId) -> String {
    format!("UNLOCKS#{office}")
}

pub fn queued_unlock(office: &OfficeId, id: UnlockId) -> Key {
    Key::new(unlocks(office), id.to_string())
}

/// Whose cabinet a new phone is to open.
pub fn unlock_phone(hash: &str) -> Key {
    Key::new(format!("UNLOCKTEL#{hash}"), "UNLOCK")
}

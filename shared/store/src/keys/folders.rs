//! Files of citizens, and who read what of them.

use super::{Key, of_citizen};
use domain::{CitizenId, ServiceId, StaffId};

pub const FOLDER: &str = "DOCS#";
/// The files that a citizen keeps for a service.
pub fn folder(citizen: CitizenId, service: &ServiceId) -> Key {
    of_citizen(citizen, format!("{FOLDER}{service}"))
}

/// Reads the owner and the service of a folder back.
pub fn read_folder(key: &Key) -> Option<(CitizenId, ServiceId)> {
    Some((key.citizen()?, key.sk.strip_prefix(FOLDER)?.parse().ok()?))
}

/// A reading of what is personal about a citizen: once an hour for a member and a subject.
pub const ACCESS: &str = "ACCESS#";
pub fn access(citizen: CitizenId, when: &str, member: StaffId, subject: &str) -> Key {
    of_citizen(citizen, format!("{ACCESS}{when}#{member}#{subject}"))
}

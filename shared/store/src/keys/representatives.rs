//! Who acts for whom.

use super::{Key, of_citizen};
use domain::{CitizenId, GrantId};

pub const REPRESENTATION: &str = "REP#";
/// What one person may do for a citizen: under the citizen, whose right it is.
pub fn representation(citizen: CitizenId, representative: CitizenId) -> Key {
    of_citizen(citizen, format!("{REPRESENTATION}{representative}"))
}

/// Reads the beneficiary and the representative back.
pub fn read_representation(key: &Key) -> Option<(CitizenId, CitizenId)> {
    Some((key.citizen()?, key.sk.strip_prefix(REPRESENTATION)?.parse().ok()?))
}

pub const ACTING: &str = "FOR#";
/// Where a grant stands that a citizen has asked for.
pub fn acting(citizen: CitizenId, grant: GrantId) -> Key {
    of_citizen(citizen, format!("{ACTING}{grant}"))
}

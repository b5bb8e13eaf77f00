//! That somebody is who they say: by which means it was shown, and what ends it (ACC-9, ACC-15).

use crate::citizen::Missing;
use chrono::{DateTime, TimeDelta, Utc};

/// How long another device may take to confirm.
pub const DEVICE_CHALLENGE_VALID: TimeDelta = TimeDelta::minutes(2);
/// How long somebody may take to sign in elsewhere and come back.
pub const ESIA_CHALLENGE_VALID: TimeDelta = TimeDelta::minutes(10);
/// How long a text may take to be signed, and how many answers are looked at.
pub const SIGNATURE_CHALLENGE_VALID: TimeDelta = TimeDelta::minutes(10);
pub const SIGNATURE_TRIES: u32 = 5;

/// How somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// A code to the phone of the cabinet.
    PhoneCode,
    /// A code on the screen, confirmed by another session of theirs.
    AnotherDevice,
    /// An electronic signature of theirs.
    Signature,
    /// An operator saw them and their paper.
    Video,
    /// The unified system of identification.
    Esia,
}

impl Means {
    pub const ALL: [Means; 5] =
        [Means::PhoneCode, Means::AnotherDevice, Means::Signature, Means::Video, Means::Esia];

    pub fn name(self) -> &'static str {
        match self {
            Means::PhoneCode => "phone-code",
            Means::AnotherDevice => "another-device",
            Means::Signature => "signature",
            Means::Video => "video",
            Means::Esia => "esia",
        }
    }
}

/// Somebody is who they say. A change of name, birth date or SNILS ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    pub by: Means,
    pub at: DateTime<Utc>,
}

/// What must be said of oneself before there is anything to confirm.
pub const NEEDED: [Missing; 3] = [Missing::BirthDate, Missing::Paper, Missing::Snils];

/// What of it is not said yet.
pub fn unsaid(met: &[Missing]) -> Vec<Missing> {
    NEEDED.into_iter().filter(|needed| !met.contains(needed)).collect()
}

//! Texts that are to be signed, and applications that were.

use super::{Key, of_citizen};
use domain::signing::Subject;
use domain::{AppointmentId, CitizenId};

/// What somebody is to sign for a citizen and for one thing: one text at a time, the newer ends the one before.
pub const TO_SIGN: &str = "TOSIGN#";
pub fn to_sign(citizen: CitizenId, signer: CitizenId, subject: &Subject) -> Key {
    of_citizen(citizen, format!("{TO_SIGN}{signer}#{subject}"))
}

/// The signature with which a version of an appointment was made.
pub const SIGNED: &str = "SIGNED#";
pub fn signed(citizen: CitizenId, appointment: AppointmentId, version: u64) -> Key {
    of_citizen(citizen, format!("{SIGNED}{appointment}#{version:06}"))
}

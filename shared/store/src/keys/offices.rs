//! What offices go by, and what follows when that is changed.

use super::Key;
use chrono::{DateTime, Utc};
use domain::catalogue::Reference;
use domain::{AppointmentId, CitizenId, OfferId, OfficeId, ServiceId};

const OFFICE: &str = "OFFICE#";
const CHANGE: &str = "CHANGE#";
pub fn office_pk(office: &OfficeId) -> String {
    format!("{OFFICE}{office}")
}

pub fn office_file(office: &OfficeId) -> Key {
    Key::new(office_pk(office), "FILE")
}

pub fn office_now(office: &OfficeId) -> Key {
    Key::new(office_pk(office), "NOW")
}

pub fn office_change(office: &OfficeId, number: u64) -> Key {
    Key::new(office_pk(office), format!("{CHANGE}{number:06}"))
}

/// Which offices were changed at all, and how often: one row for all of them.
pub fn offices_changed() -> Key {
    Key::new("OFFICES".to_owned(), "CHANGED")
}

/// Reads which change of which office this is.
pub fn read_office_change(key: &Key) -> Option<(OfficeId, u64)> {
    Some((key.pk.strip_prefix(OFFICE)?.parse().ok()?, key.sk.strip_prefix(CHANGE)?.parse().ok()?))
}

/// The files by which every office goes, with each change of them.
const REFERENCES: &str = "REFERENCES";
pub const REFERENCE_FILE: &str = "FILE#";
pub fn references_pk() -> String {
    REFERENCES.to_owned()
}

pub fn reference_file(reference: Reference) -> Key {
    Key::new(references_pk(), format!("{REFERENCE_FILE}{}", reference.name()))
}

pub fn references_now() -> Key {
    Key::new(references_pk(), "NOW")
}

pub fn reference_change(number: u64) -> Key {
    Key::new(references_pk(), format!("{CHANGE}{number:06}"))
}

/// Reads which change of them this is.
pub fn read_reference_change(key: &Key) -> Option<u64> {
    (key.pk == REFERENCES).then(|| key.sk.strip_prefix(CHANGE)?.parse().ok())?
}

/// What a change did about an appointment.
pub fn office_touched(office: &OfficeId, change: u64, citizen: CitizenId, appointment: AppointmentId) -> Key {
    Key::new(office_pk(office), format!("{}{citizen}#{appointment}", office_touched_of(change)))
}

pub fn office_touched_of(change: u64) -> String {
    format!("TOUCHED#{change:06}#")
}

/// That somebody's waiting for a service of the office was ended by an offer that they accepted.
pub fn office_served(office: &OfficeId, service: &ServiceId, at: DateTime<Utc>, offer: OfferId) -> Key {
    Key::new(office_pk(office), format!("{}#{offer}", office_served_from(service, at)))
}

pub fn office_served_from(service: &ServiceId, at: DateTime<Utc>) -> String {
    format!("SERVED#{service}#{:011}", at.timestamp())
}

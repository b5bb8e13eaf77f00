//! What each row of a person's partition is about.

use crate::{Key, keys};

/// What a row of a person's partition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Record,
    Profile,
    SignIn,
    Session,
    Event,
    Holding,
    Appointment,
    Place,
    Offer,
    History,
    Notice,
    Files,
    Reading,
    CallNote,
    Device,
    Passkey,
    Unlock,
    Challenge,
    ToSign,
    Signature,
    Check,
    Question,
    Representation,
    Acting,
}

impl Section {
    pub const ALL: [Section; 24] = [
        Section::Record,
        Section::Profile,
        Section::SignIn,
        Section::Session,
        Section::Event,
        Section::Holding,
        Section::Appointment,
        Section::Place,
        Section::Offer,
        Section::History,
        Section::Notice,
        Section::Files,
        Section::Reading,
        Section::CallNote,
        Section::Device,
        Section::Passkey,
        Section::Unlock,
        Section::Challenge,
        Section::ToSign,
        Section::Signature,
        Section::Check,
        Section::Question,
        Section::Representation,
        Section::Acting,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Section::Record => "record",
            Section::Profile => "profile",
            Section::SignIn => "sign-in",
            Section::Session => "session",
            Section::Event => "event",
            Section::Holding => "holding",
            Section::Appointment => "appointment",
            Section::Place => "place",
            Section::Offer => "offer",
            Section::History => "history",
            Section::Notice => "notice",
            Section::Files => "files",
            Section::Reading => "reading",
            Section::CallNote => "call-note",
            Section::Device => "device",
            Section::Passkey => "passkey",
            Section::Unlock => "unlock",
            Section::Challenge => "challenge",
            Section::ToSign => "to-sign",
            Section::Signature => "signature",
            Section::Check => "check",
            Section::Question => "question",
            Section::Representation => "representation",
            Section::Acting => "acting",
        }
    }

    /// Of a row of a person's partition; none where a kind of rows was added and not here.
    pub fn of(key: &Key) -> Option<Self> {
        let citizen = key.citizen()?;
        let whole = [
            (keys::me(citizen), Section::Record),
            (keys::profile(citizen), Section::Profile),
            (keys::auth(citizen), Section::SignIn),
            (keys::active(citizen), Section::Holding),
            (keys::check(citizen), Section::Check),
            (keys::unlock(citizen), Section::Unlock),
        ];
        if let Some((_, section)) = whole.into_iter().find(|(whole, _)| whole == key) {
            return Some(section);
        }
        if keys::read_log(key).is_some() {
            return Some(Section::History);
        }
        let beginning = [
            (keys::SESSION, Section::Session),
            (keys::ACCOUNT_EVENT, Section::Event),
            (keys::APPOINTMENT, Section::Appointment),
            (keys::ENTRY, Section::Place),
            (keys::OFFER, Section::Offer),
            (keys::NOTE, Section::Notice),
            (keys::FOLDER, Section::Files),
            (keys::ACCESS, Section::Reading),
            (keys::CALL_NOTE, Section::CallNote),
            (keys::DEVICE, Section::Device),
            (keys::PASSKEY, Section::Passkey),
            (keys::CHALLENGE, Section::Challenge),
            (keys::TO_SIGN, Section::ToSign),
            (keys::SIGNED, Section::Signature),
            (keys::ELIGIBILITY, Section::Question),
            (keys::REPRESENTATION, Section::Representation),
            (keys::ACTING, Section::Acting),
        ];
        beginning.into_iter().find(|(prefix, _)| key.sk.starts_with(prefix)).map(|(_, section)| section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AppointmentId, CitizenId, OperationId, Ulid};

    /// One key of each kind that is made under a person.
    fn each() -> Vec<Key> {
        let id = Ulid::from_parts(1, 1);
        let (citizen, service) = (CitizenId(id), "talk".parse().expect("a service"));
        vec![
            keys::me(citizen),
            keys::auth(citizen),
            keys::profile(citizen),
            keys::folder(citizen, &service),
            keys::active(citizen),
            keys::session(citizen, "hash"),
            keys::appointment(citizen, AppointmentId(id)),
            keys::offer(citizen, domain::OfferId(id)),
            keys::entry(citizen, &service),
            keys::note(citizen, "note"),
            keys::appointment_log(citizen, AppointmentId(id), 1),
            keys::place_log(citizen, &service, OperationId(id)),
            keys::passed_log(citizen, &service, domain::OfferId(id)),
            keys::account_event(citizen, domain::AccountEventId(id)),
            keys::call_note(citizen, domain::CallNoteId(id)),
            keys::access(citizen, "2026-12-01T10", domain::StaffId(id), "visit"),
            keys::device(citizen, "hash"),
            keys::passkey(citizen, "hash"),
            keys::challenge(citizen, domain::identity::Means::Signature),
            keys::to_sign(citizen, citizen, &domain::signing::Subject::Booking(service.clone())),
            keys::signed(citizen, AppointmentId(id), 1),
            keys::check(citizen),
            keys::unlock(citizen),
            keys::eligibility(citizen, AppointmentId(id)),
            keys::representation(citizen, CitizenId(id)),
            keys::acting(citizen, domain::GrantId(id)),
        ]
    }

    #[test]
    fn whatever_is_kept_under_a_person_has_its_place_in_what_they_are_given() {
        for key in each() {
            assert!(Section::of(&key).is_some(), "{key} is left out");
        }
        // Every way in which a key is made under a person is tried above.
        let sources = [
            include_str!("../keys.rs"),
            include_str!("../keys/offices.rs"),
            include_str!("../keys/audit.rs"),
            include_str!("../keys/folders.rs"),
            include_str!("../keys/identity.rs"),
            include_str!("../keys/passkeys.rs"),
            include_str!("../keys/signing.rs"),
            include_str!("../keys/unlocks.rs"),
            include_str!("../keys/registries.rs"),
            include_str!("../keys/representatives.rs"),
        ]
        .join("");
        let made = |call: &str| sources.matches(call).count();
        // One of them is what the others go through.
        let ways = made("of_citizen(citizen,") + made("Key::new(citizen_pk(") - 1;
        assert_eq!(ways, each().len(), "a key is made under a person that is not tried here");
    }
}

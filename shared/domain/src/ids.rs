//! Identifiers: ULIDs for what happens, slugs for what an administrator names.

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

pub use ulid::Ulid;

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;

macro_rules! ulid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Ulid);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> {
                Ulid::from_string(s).map(Self).map_err(|_| BadId)
            }
        }
    )*};
}

ulid_id! {
    /// A person with a cabinet.
    CitizenId;
    /// One appointment, kept through moves.
    AppointmentId;
    /// A freed slot held for one waitlisted person.
    OfferId;
    /// A registration under way, from the first code to the cabinet.
    RegistrationId;
    /// That somebody shows to have a phone or an address: to recover a cabinet, or to change its contact.
    ProofId;
    /// A file that a citizen keeps for a service.
    FileId;
    /// What somebody who works here wrote down about a call.
    CallNoteId;
    /// Something that is to be signed, or confirmed by another device.
    ChallengeId;
    /// A video check that was asked for.
    CheckId;
    /// A cabinet that is to be unlocked.
    UnlockId;
    /// Something that happened to a cabinet.
    AccountEventId;
    /// The right of one citizen to act for another by one paper.
    GrantId;
    /// A person who works here.
    StaffId;
    /// A letter that asks somebody to work here.
    InvitationId;
    /// One's place in the lines: given once, at joining, and kept (WTL-5).
    Ticket;
    /// One attempt at a change, for telling one's own retry from somebody else's win.
    OperationId;
}

/// The longest slug, in bytes. Slugs stand in keys, and keys are paid for. They are shared and not copied: every slot that is
/// reckoned has its window's.
pub const SLUG_MAX: usize = 24;

macro_rules! slug_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);
        impl $name {
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromStr for $name {
            type Err = BadId;
            /// 1 to [`SLUG_MAX`] of `A-Z a-z 0-9 -`.
            fn from_str(s: &str) -> Result<Self, BadId> {
                let fits = (1..=SLUG_MAX).contains(&s.len())
                    && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                if fits { Ok(Self(s.into())) } else { Err(BadId) }
            }
        }
    )*};
}

slug_id! {
    /// An ISO 3166-2:RU code, `RU-MOW`.
    RegionId;
    /// A town that one may live in.
    TownId;
    /// An agency an office belongs to.
    AgencyId;
    /// An office where citizens are received.
    OfficeId;
    /// A counter of an office: a single letter `a`–`z`, unique inside the office.
    WindowId;
    /// Somebody who receives under their own name, unique inside the office (AVL-8).
    SpecialistId;
    /// What a citizen comes for.
    ServiceId;
    /// A kind of document that services ask for (DOC-5).
    DocumentId;
    /// A group of services (CAT-4).
    CategoryId;
}

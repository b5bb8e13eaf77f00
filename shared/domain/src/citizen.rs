//! A person with a cabinet, and whether they may book (ACC-8).

use crate::identity::Confirmed;
use crate::limits::DELETION_GRACE;
use crate::profile::Demand;
use crate::waitlist::Class;
use crate::{CitizenId, OfficeId};
use chrono::{DateTime, Utc};

/// What was accepted, in which version and when (ACC-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub version: String,
    pub at: DateTime<Utc>,
}

/// By which messages somebody wants to hear of appointments and offers; the inbox has everything. What happens to a cabinet
/// is told by all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    #[default]
    Both,
    /// Only while the address is confirmed.
    Mail,
    Sms,
}

impl Reach {
    pub const ALL: [Reach; 3] = [Reach::Both, Reach::Mail, Reach::Sms];

    pub fn name(self) -> &'static str {
        match self {
            Reach::Both => "both",
            Reach::Mail => "mail",
            Reach::Sms => "sms",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub surname: String,
    pub given: String,
    pub patronymic: Option<String>,
}

/// What identifies a person: kept sealed, opened only where it is shown or written to (PRV-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Name,
    /// E.164, confirmed by code before the cabinet exists.
    pub phone: String,
    pub email: String,
}

/// Whether somebody has a cabinet of their own, or is there only through whoever acts for them (ACC-10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cabinet {
    #[default]
    Own,
    None,
}

/// A cabinet without its personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    pub id: CitizenId,
    pub email_confirmed_at: Option<DateTime<Utc>>,
    /// Whether surname and first name are given.
    pub named: bool,
    pub agreement: Option<Accepted>,
    pub consent: Option<Accepted>,
    /// `ru` or `en`.
    pub language: String,
    pub reach: Reach,
    /// The conditions that the profile met when it was last changed ([`crate::profile::Profile::meets`]).
    pub met: Vec<Missing>,
    /// That they are who they say, as long as it counts.
    pub confirmed: Option<Confirmed>,
    /// The priority class, set by rule from the record, never by the citizen (WTL-5).
    pub class: Class,
    /// That staff closed the cabinet to booking, and why.
    pub blocked: Option<Blocked>,
    pub cabinet: Cabinet,
    /// Who may act for them at some time; whether they may now is said by what they were granted.
    pub representatives: Vec<CitizenId>,
    /// All sessions of an older epoch are over.
    pub epoch: u64,
    /// The epoch that the last unlock began; 0 where there was none (ACC-6).
    pub unlocked: u64,
    pub created_at: DateTime<Utc>,
    /// When its owner asked for the cabinet's deletion, as long as they did not stop it (PRV-3).
    pub deletion_asked_at: Option<DateTime<Utc>>,
}

/// Why staff close a cabinet to booking (ACC-8). What they say of it in their own words is sealed and kept beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// Appointments are taken to be passed on.
    Resale,
    /// It is in the name of somebody else.
    Impersonation,
    /// What is said in it is not so.
    FalseData,
    /// It is used against the rules in another way.
    Misuse,
    /// Its owner wants it: a phone was stolen.
    OwnersWish,
}

impl Ground {
    pub const ALL: [Ground; 5] =
        [Ground::Resale, Ground::Impersonation, Ground::FalseData, Ground::Misuse, Ground::OwnersWish];

    pub fn name(self) -> &'static str {
        match self {
            Ground::Resale => "resale",
            Ground::Impersonation => "impersonation",
            Ground::FalseData => "false-data",
            Ground::Misuse => "misuse",
            Ground::OwnersWish => "owners-wish",
        }
    }
}

/// That a cabinet is closed to booking: since when, and which office knows why and opens it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub ground: Ground,
    pub at: DateTime<Utc>,
    pub office: OfficeId,
}

/// A condition of «Готов к записи»; later conditions join this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    EmailConfirmed,
    Name,
    Agreement,
    Consent,
    BirthDate,
    /// What shows who they are.
    Paper,
    Snils,
    Address,
    Policy,
}

impl Missing {
    pub const ALL: [Missing; 9] = [
        Missing::EmailConfirmed,
        Missing::Name,
        Missing::Agreement,
        Missing::Consent,
        Missing::BirthDate,
        Missing::Paper,
        Missing::Snils,
        Missing::Address,
        Missing::Policy,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Missing::EmailConfirmed => "email-confirmed",
            Missing::Name => "name",
            Missing::Agreement => "agreement",
            Missing::Consent => "consent",
            Missing::BirthDate => "birth-date",
            Missing::Paper => "paper",
            Missing::Snils => "snils",
            Missing::Address => "address",
            Missing::Policy => "policy",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    Incomplete(Vec<Missing>),
    Inactive(Blocked),
}

impl Citizen {
    /// When the cabinet goes, if its owner wants that: until then they may think better of it.
    pub fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.deletion_asked_at.map(|asked| asked + DELETION_GRACE)
    }

    /// Whether what registries know of a person may be told in this cabinet: until it is confirmed who they are, the name and the
    /// numbers in it may be anybody's. Whoever has no cabinet was shown to staff, and who acts for them is confirmed (BKG-3).
    pub fn hears_of_themselves(&self) -> bool {
        self.confirmed.is_some() || self.cabinet == Cabinet::None
    }

    /// Whether what opens the cabinet by itself, or makes a device known, still counts: what was added in an epoch before the last
    /// unlock opens nothing, swept away or not.
    pub fn counts(&self, added_in: u64) -> bool {
        added_in >= self.unlocked
    }

    /// The status under «Мои услуги → ОСП» (ACC-8); `policy` is whether one is asked for. The phone is confirmed and the
    /// password given before a citizen exists, so they cannot be missing.
    pub fn readiness(&self, policy: Demand) -> Readiness {
        if let Some(blocked) = &self.blocked {
            return Readiness::Inactive(blocked.clone());
        }
        // Of whoever has no cabinet it is enough to know who they are: whoever acts for them is reached, and shows the papers.
        let apart = |condition: &Missing| match self.cabinet {
            Cabinet::Own => true,
            Cabinet::None => matches!(condition, Missing::Name | Missing::BirthDate | Missing::Snils),
        };
        let met = |condition: Missing| match condition {
            Missing::EmailConfirmed => self.email_confirmed_at.is_some(),
            Missing::Name => self.named,
            Missing::Agreement => self.agreement.is_some(),
            Missing::Consent => self.consent.is_some(),
            Missing::Policy if policy == Demand::NotAsked => true,
            Missing::BirthDate | Missing::Paper | Missing::Snils | Missing::Address | Missing::Policy => {
                self.met.contains(&condition)
            }
        };
        let missing: Vec<Missing> =
            Missing::ALL.into_iter().filter(apart).filter(|condition| !met(*condition)).collect();
        if missing.is_empty() { Readiness::Ready } else { Readiness::Incomplete(missing) }
    }
}

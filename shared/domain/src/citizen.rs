//! A person with a cabinet, and whether they may book (ACC-8).

use crate::CitizenId;
use crate::waitlist::Class;
use chrono::{DateTime, Utc};

/// What was accepted, in which version and when (ACC-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub version: String,
    pub at: DateTime<Utc>,
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
    /// The priority class, set by rule from the record, never by the citizen (WTL-5).
    pub class: Class,
    /// Why the cabinet is blocked, if it is.
    pub blocked: Option<String>,
    /// All sessions of an older epoch are over.
    pub epoch: u64,
    pub created_at: DateTime<Utc>,
}

/// A condition of «Готов к записи»; later conditions join this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    EmailConfirmed,
    Name,
    Agreement,
    Consent,
}

impl Missing {
    pub const ALL: [Missing; 4] =
        [Missing::EmailConfirmed, Missing::Name, Missing::Agreement, Missing::Consent];

    pub fn name(self) -> &'static str {
        match self {
            Missing::EmailConfirmed => "email-confirmed",
            Missing::Name => "name",
            Missing::Agreement => "agreement",
            Missing::Consent => "consent",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    Incomplete(Vec<Missing>),
    Inactive { reason: String },
}

impl Citizen {
    /// The status under «Мои услуги → ОСП» (ACC-8). The phone is confirmed and the password given
    /// before a citizen exists, so they cannot be missing.
    pub fn readiness(&self) -> Readiness {
        if let Some(reason) = &self.blocked {
            return Readiness::Inactive { reason: reason.clone() };
        }
        let checks = [
            (Missing::EmailConfirmed, self.email_confirmed_at.is_some()),
            (Missing::Name, self.named),
            (Missing::Agreement, self.agreement.is_some()),
            (Missing::Consent, self.consent.is_some()),
        ];
        let missing: Vec<Missing> =
            checks.into_iter().filter(|(_, met)| !met).map(|(condition, _)| condition).collect();
        if missing.is_empty() { Readiness::Ready } else { Readiness::Incomplete(missing) }
    }
}

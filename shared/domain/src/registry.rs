//! What registries of the state and of insurers are asked about a person, and what they say (BKG-3, ACC-12).

use crate::ServiceId;
use crate::citizen::Name;
use crate::profile::{Checked, Insurance, Paper, Profile, Snils};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// How long a clear answer is kept, so that a retry asks nobody again.
pub const ANSWER_KEPT: TimeDelta = TimeDelta::hours(24);
/// Letters of a registry's reason that are shown; a longer one is no clear answer.
pub const REASON_LETTERS_MAX: usize = 300;
/// Time for staff to decide what a registry left unclear (OFC-6): three days.
pub const DECIDE_WITHIN: TimeDelta = TimeDelta::hours(72);

/// Minutes until a registry is asked once more, after each try without a clear answer: two days in all.
const AGAIN_AFTER_MIN: [i64; 5] = [5, 30, 120, 720, 2_160];

/// When to ask once more after so many tries; none when it was asked often enough.
pub fn again_after(tries: u32) -> Option<TimeDelta> {
    let at = usize::try_from(tries.checked_sub(1)?).ok()?;
    AGAIN_AFTER_MIN.get(at).copied().map(TimeDelta::minutes)
}

/// Of whom somebody is asked. Not printed anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    pub name: Name,
    pub birth_on: NaiveDate,
    pub snils: Option<Snils>,
    pub paper: Option<Paper>,
}

impl Holder {
    /// Of a person by what they said of themselves; none as long as nobody could find them by it.
    pub fn of(name: &Name, profile: &Profile) -> Option<Self> {
        (profile.snils.is_some() || profile.paper.is_some()).then_some(())?;
        Some(Self {
            name: name.clone(),
            birth_on: profile.birth_on?,
            snils: profile.snils.clone(),
            paper: profile.paper.clone(),
        })
    }
}

/// Whether a policy is somebody's. A policy is found by its number; the holder is compared by name and birth date.
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyQuestion {
    /// The same for the same question of a day.
    pub request: String,
    pub name: Name,
    pub birth_on: NaiveDate,
    pub insurance: Insurance,
}

/// What insurers say of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicySaid {
    Valid,
    Void,
    OtherPerson,
    /// Neither, or nothing that makes sense.
    Unclear,
}

impl PolicySaid {
    pub const ALL: [PolicySaid; 4] =
        [PolicySaid::Valid, PolicySaid::Void, PolicySaid::OtherPerson, PolicySaid::Unclear];

    pub fn name(self) -> &'static str {
        match self {
            PolicySaid::Valid => "valid",
            PolicySaid::Void => "void",
            PolicySaid::OtherPerson => "other-person",
            PolicySaid::Unclear => "unclear",
        }
    }

    /// What is thought of the policy then.
    pub fn checked(self) -> Checked {
        match self {
            PolicySaid::Valid => Checked::Valid,
            PolicySaid::Void | PolicySaid::OtherPerson => Checked::Refused,
            PolicySaid::Unclear => Checked::Unclear,
        }
    }
}

/// Whether somebody is entitled to a service.
#[derive(Clone, PartialEq, Eq)]
pub struct EligibilityQuestion {
    /// The same for the same question of a day.
    pub request: String,
    pub holder: Holder,
    pub service: ServiceId,
}

/// What a registry knows otherwise than the profile says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Differing {
    Name,
    BirthDate,
    Snils,
    Paper,
}

impl Differing {
    pub const ALL: [Differing; 4] =
        [Differing::Name, Differing::BirthDate, Differing::Snils, Differing::Paper];

    pub fn name(self) -> &'static str {
        match self {
            Differing::Name => "name",
            Differing::BirthDate => "birth-date",
            Differing::Snils => "snils",
            Differing::Paper => "document",
        }
    }
}

/// What the state's registry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EligibilitySaid {
    Eligible,
    /// And why, as it is to be told.
    NotEligible(String),
    /// It knows the person otherwise; never empty.
    Differs(Vec<Differing>),
    UnknownPerson,
    /// Neither, or nothing that makes sense.
    Unclear,
}

/// How far asking has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// When the question arose: it names the question.
    pub since: DateTime<Utc>,
    /// So many times nothing clear was said.
    pub tries: u32,
    /// When to ask, or to ask once more.
    pub next_at: DateTime<Utc>,
}

impl Asking {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { since: now, tries: 0, next_at: now }
    }

    /// After one more try for nothing; none when it was the last.
    pub fn again(self, now: DateTime<Utc>) -> Option<Self> {
        let tries = self.tries + 1;
        Some(Self { tries, next_at: now + again_after(tries)?, ..self })
    }

    /// When the clock is to see to it, if no message does: of a new question after `patience`.
    pub fn due_at(&self, patience: TimeDelta) -> DateTime<Utc> {
        if self.tries == 0 { self.next_at + patience } else { self.next_at }
    }
}

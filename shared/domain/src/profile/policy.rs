//! The insurance policy, and what the insurers' registry says of it (ACC-12).

use chrono::NaiveDate;

/// Whether a policy is asked for before one may book: it is, unless a region or a service says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Demand {
    #[default]
    Asked,
    NotAsked,
}

impl Demand {
    /// What several say together: one that does not ask is enough.
    pub fn and(self, other: Demand) -> Demand {
        match (self, other) {
            (Demand::Asked, Demand::Asked) => Demand::Asked,
            _ => Demand::NotAsked,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Compulsory («ОМС»).
    Compulsory,
    /// Voluntary («ДМС»).
    Voluntary,
}

impl PolicyKind {
    pub const ALL: [PolicyKind; 2] = [PolicyKind::Compulsory, PolicyKind::Voluntary];

    pub fn name(self) -> &'static str {
        match self {
            PolicyKind::Compulsory => "compulsory",
            PolicyKind::Voluntary => "voluntary",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insurance {
    pub kind: PolicyKind,
    /// Sixteen digits of a compulsory one; four to thirty letters, digits, hyphens and slashes of a voluntary one.
    pub number: String,
    pub issued_on: NaiveDate,
}

/// Why a policy is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFault {
    Number,
    IssuedInFuture,
    /// Before its owner was born.
    IssuedTooEarly,
}

impl Insurance {
    /// What is wrong with it, of somebody born on a date, as of today.
    pub fn faults(&self, birth_on: Option<NaiveDate>, today: NaiveDate) -> Vec<PolicyFault> {
        let number = match self.kind {
            PolicyKind::Compulsory => {
                self.number.len() == 16 && self.number.bytes().all(|b| b.is_ascii_digit())
            }
            PolicyKind::Voluntary => {
                (4..=30).contains(&self.number.chars().count())
                    && self.number.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/'))
            }
        };
        let mut faults = Vec::new();
        faults.extend((!number).then_some(PolicyFault::Number));
        faults.extend((self.issued_on > today).then_some(PolicyFault::IssuedInFuture));
        let early = birth_on.is_some_and(|birth_on| self.issued_on < birth_on);
        faults.extend(early.then_some(PolicyFault::IssuedTooEarly));
        faults
    }
}

/// What the registry said of a policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checked {
    /// Nothing yet: nobody waits for a machine, so it counts until it says no.
    #[default]
    Pending,
    Valid,
    /// There is no such policy, or it is somebody else's.
    Refused,
    /// Neither: staff decide (OFC-6). It counts meanwhile.
    Unclear,
}

impl Checked {
    pub const ALL: [Checked; 4] = [Checked::Pending, Checked::Valid, Checked::Refused, Checked::Unclear];

    pub fn name(self) -> &'static str {
        match self {
            Checked::Pending => "pending",
            Checked::Valid => "valid",
            Checked::Refused => "refused",
            Checked::Unclear => "unclear",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    Insured(Insurance, Checked),
    /// «Полиса нет», and why.
    None {
        reason: String,
    },
}

impl Policy {
    /// Whether it is an answer to the question.
    pub fn counts(&self) -> bool {
        !matches!(self, Policy::Insured(_, Checked::Refused))
    }
}

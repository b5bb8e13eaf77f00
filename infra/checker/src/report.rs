//! What came of judging: per claim, how much was looked at and what was found wrong.

use std::fmt;

/// The claims, and the recording itself: a history with holes proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The history is readable, ordered and without holes.
    Recording,
    /// No slot is double-booked.
    C1,
    /// No citizen loses an appointment.
    C2,
    /// No ghost appointments.
    C3,
    /// No false refusals.
    C4,
    /// No freed slot is lost.
    C5,
    /// One hold at a time.
    C6,
    /// Fair order.
    C7,
    /// Time rules.
    C8,
    /// Notices tell the truth.
    C9,
    /// The history is complete.
    C10,
    /// A deleted cabinet is gone.
    C11,
    /// What waits is decided once.
    C12,
}

impl Claim {
    pub const ALL: [Claim; 13] = [
        Claim::Recording,
        Claim::C1,
        Claim::C2,
        Claim::C3,
        Claim::C4,
        Claim::C5,
        Claim::C6,
        Claim::C7,
        Claim::C8,
        Claim::C9,
        Claim::C10,
        Claim::C11,
        Claim::C12,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Claim::Recording => "recording",
            Claim::C1 => "C1",
            Claim::C2 => "C2",
            Claim::C3 => "C3",
            Claim::C4 => "C4",
            Claim::C5 => "C5",
            Claim::C6 => "C6",
            Claim::C7 => "C7",
            Claim::C8 => "C8",
            Claim::C9 => "C9",
            Claim::C10 => "C10",
            Claim::C11 => "C11",
            Claim::C12 => "C12",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Claim::Recording => "the history has no holes",
            Claim::C1 => "no slot is double-booked",
            Claim::C2 => "no citizen loses an appointment",
            Claim::C3 => "no ghost appointments",
            Claim::C4 => "no false refusals",
            Claim::C5 => "no freed slot is lost",
            Claim::C6 => "one hold at a time",
            Claim::C7 => "fair order",
            Claim::C8 => "time rules",
            Claim::C9 => "notices tell the truth",
            Claim::C10 => "the history is complete",
            Claim::C11 => "a deleted cabinet is gone",
            Claim::C12 => "what waits is decided once",
        }
    }
}

/// A claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub claim: Claim,
    /// The event at which it shows.
    pub step: u64,
    /// What is wrong, with the operations, ids and versions involved.
    pub text: String,
    /// The events from the first that matters to the last.
    pub window: (u64, u64),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.window;
        write!(f, "{} at step {} ({first}..{last}): {}", self.claim.name(), self.step, self.text)
    }
}

/// What was looked at for a claim, so that «nothing checked» is visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub claim: Claim,
    /// Whether this mode judges the claim.
    pub judged: Judged,
    /// What was counted, by name.
    pub counts: Vec<(&'static str, u64)>,
    /// All violations found; [`Report::violations`] keeps the first [`KEPT_MAX`].
    pub violations: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    Yes,
    NotInThisMode,
}

/// Violations of one claim that are kept in words; the rest is only counted.
pub const KEPT_MAX: usize = 20;

/// What came of judging a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One a claim, in their order.
    pub evidence: Vec<Evidence>,
    /// By step.
    pub violations: Vec<Violation>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    pub fn of(&self, claim: Claim) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(move |violation| violation.claim == claim)
    }

    /// A count of a claim's evidence; 0 for a name that is not there.
    pub fn count(&self, claim: Claim, name: &str) -> u64 {
        let counts = self.evidence.iter().filter(|evidence| evidence.claim == claim);
        counts.flat_map(|evidence| &evidence.counts).filter(|(at, _)| *at == name).map(|(_, n)| n).sum()
    }
}

/// A small table, one line a claim, and below it the violations.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for evidence in &self.evidence {
            let verdict = match (evidence.judged, evidence.violations) {
                (Judged::NotInThisMode, _) => "not judged".to_owned(),
                (Judged::Yes, 0) => "holds".to_owned(),
                (Judged::Yes, n) => format!("VIOLATED ×{n}"),
            };
            write!(f, "{:<10}{:<33}{:<13}", evidence.claim.name(), evidence.claim.title(), verdict)?;
            let counts: Vec<String> = evidence.counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
            writeln!(f, "{}", counts.join(", "))?;
        }
        self.violations.iter().try_for_each(|violation| writeln!(f, "{violation}"))
    }
}

//! Judges recorded histories of the system by its claims (C1–C10), without sharing a type with it.

pub mod history;
pub mod report;

pub use history::History;
pub use report::{Claim, Report, Violation};

/// What is promised at the end of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Faults at all times: C1–C4 and C6–C10.
    Safety,
    /// Faults have stopped ([`history::What::Calm`]), everything drained and time ran on: also C5 and the end states of C9.
    Liveness,
}

//! Judges recorded histories of the system by its claims (C1–C10), without sharing a type with it.

mod claims;
mod decode;
mod deeds;
mod eligible;
pub mod history;
mod linear;
mod plan;
mod quiet;
pub mod report;
mod ruling;
mod sha256;
mod tape;

pub use history::History;
pub use report::{Claim, Report, Violation};

use claims::{
    c1_pages, c2_kept, c3_ghosts, c4_taken, c5_served, c6_holds, c7_order, c8_times, c9_notices, c10_record,
};
use deeds::Deeds;
use report::Judged;
use ruling::Ruling;
use tape::Tape;

/// What is promised at the end of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Faults at all times: C1–C4 and C6–C10.
    Safety,
    /// Faults have stopped ([`history::What::Calm`]), everything drained and time ran on: also C5 and the end states of C9.
    Liveness,
}

/// Judges a history.
pub fn check(history: &History, mode: Mode) -> Report {
    let mut ruling = Ruling::default();
    let tape = Tape::of(history, &mut ruling);
    let deeds = Deeds::of(&tape);
    c1_pages::check(&tape, &mut ruling);
    c2_kept::check(&tape, &deeds, &mut ruling);
    c3_ghosts::check(&tape, &deeds, &mut ruling);
    c4_taken::check(&tape, &deeds, &mut ruling);
    if mode == Mode::Liveness {
        c5_served::check(&tape, &mut ruling);
    }
    c6_holds::check(&tape, &mut ruling);
    c7_order::check(&tape, &mut ruling);
    c8_times::check(&tape, &mut ruling);
    c9_notices::check(&tape, mode, &mut ruling);
    c10_record::check(&tape, &deeds, &mut ruling);
    ruling.report(|claim| match (claim, mode) {
        (Claim::C5, Mode::Safety) => Judged::NotInThisMode,
        _ => Judged::Yes,
    })
}

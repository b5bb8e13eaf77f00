//! Judges recorded histories of the system by its claims (C1–C12), without sharing a type with it.
//!
//! A [`History`] is what a driver and an independent recorder of the table's writes saw: calls and answers, commits
//! with their items, deliveries, messages to people, faults. [`check`] reads it once onto a `tape` (every version of
//! every item; who called what), attributes each commit in a citizen's name to an operation (`deeds`), and asks each
//! claim in turn (`claims`, one file each). Whatever nobody can know (no answer, a fault) is *unknown*, never *failed*.
//!
//! Deliberately absent: any crate of the system. Keys, attributes, the grid of starts, quiet hours and the rules of
//! eligibility are written down again from the requirements, so that a mistake would have to be made twice to hide.
//! Not judged: what no item tells (registrations, sessions), and the chain of the audit trail, which is not there yet.

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
    c11_gone, c12_decided,
};
use deeds::Deeds;
use report::Judged;
use ruling::Ruling;
use tape::Tape;

/// What is promised at the end of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Faults at all times: C1–C4 and C6–C10, and of C11 and C12 what holds at all times.
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
    c8_times::check(&tape, &deeds, &mut ruling);
    c9_notices::check(&tape, mode, &mut ruling);
    c10_record::check(&tape, &deeds, &mut ruling);
    c11_gone::check(&tape, mode, &mut ruling);
    c12_decided::check(&tape, mode, &mut ruling);
    ruling.report(|claim| match (claim, mode) {
        (Claim::C5, Mode::Safety) => Judged::NotInThisMode,
        _ => Judged::Yes,
    })
}

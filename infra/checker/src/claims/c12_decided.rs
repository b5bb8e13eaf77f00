//! C12, what waits is decided once: of an application to act for somebody, of a policy that no registry could tell of and of an unlock, exactly
//! one decision of staff counts, of a cabinet one word whether it is closed to booking, of a file one verdict on what was uploaded, and nothing that is to be checked is forgotten
//! (ACC-6, ACC-8, ACC-10, ACC-12, BKG-3, DOC-3, DOC-4, OFC-6).

mod applications;
mod blocks;
mod files;
mod policies;
mod questions;
mod unlocks;

use crate::Mode;
use crate::ruling::Ruling;
use crate::tape::Tape;

pub fn check(tape: &Tape<'_>, mode: Mode, ruling: &mut Ruling) {
    applications::check(tape, ruling);
    blocks::check(tape, ruling);
    policies::check(tape, ruling);
    unlocks::check(tape, ruling);
    questions::check(tape, mode, ruling);
    files::check(tape, mode, ruling);
}

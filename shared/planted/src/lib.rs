//! Mistakes that this code could make, each behind a switch, to show that the proof finds them.
//!
//! Where one could be made stands `if planted(Bug::…)`. In an ordinary build that is the constant `false`, and the compiler
//! leaves the branch out. Only a build with the feature `armed`, which no member of the workspace turns on, can make one
//! of them, and only when it is told to.

use core::fmt;

/// A mistake that one could make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// The person's guard is written whatever happened since it was read.
    NoVersion,
    /// Cells are taken in one write, and what they are taken for is put in another.
    TwoWrites,
    /// Cells given up are freed, marked and made due by a write after the transaction.
    MessageOutside,
    /// A reminder is sent because the index said so, whatever the table says.
    FromIndex,
    /// The answer does not wait for how the transaction ends.
    AnswerFirst,
    /// A retry is another operation than the first try.
    FreshToken,
    /// A refusal is not closed against attempts under way, whose success is not looked for.
    NoFence,
    /// An offer lapses without a look whether it stands.
    AnyOffer,
    /// An offer is accepted also after its end.
    NoDeadline,
    /// The line goes by the hour in which one joined, and then by name.
    ByTheClock,
    /// Whoever paused or left is offered slots while their row still stands.
    NotWaiting,
    /// A stream's records count as done before their messages are sent.
    CheckpointFirst,
    /// A failed message counts as done with its batch.
    WholeBatch,
    /// A transaction that met another one counts as done.
    ConflictIsDone,
    /// The 24 hours are counted by a clock that is not ours.
    ClientTime,
    /// The end of an offer is left to the table's sweep of expired items.
    TtlAsExpiry,
    /// The notice of a booking is put before the booking is.
    NoticeFirst,
    /// A key stands for whatever is asked with it.
    KeyAlone,
    /// The clock does not look for freed cells whose message was lost.
    NoReconciler,
    /// Absence is written whatever happened since the appointment was read.
    BlindNoShow,
    /// What is done for somebody is written whatever became of the right by which it was decided.
    RightUnbound,
    /// One acts for another until somebody writes down that the right's date has come.
    RightAsWritten,
    /// Two who work here may both decide an application.
    DecidedTwice,
    /// A deletion is asked for without those who decide by the guard hearing of it.
    DeletionUnguarded,
    /// A cabinet is closed to booking without those who decide by the guard hearing of it.
    BlockUnguarded,
    /// Sessions outlive the closing of their cabinet.
    ClosedIsOpen,
    /// Notices of visits go on until nothing of a closed cabinet is left.
    ToldOnceClosed,
    /// What was said for a visit, or on the phone, stays when its cabinet goes.
    WordsKept,
    /// A registry's silence closes the question.
    SilenceIsAnAnswer,
    /// What is uploaded in place of a file that was accepted is looked at once more, and counts.
    VerdictAnew,
    /// A file counts as accepted before it is kept.
    WordFirst,
    /// Whoever opens an unlock may agree to it, too.
    LetsInAlone,
}

impl Bug {
    pub const ALL: [Bug; 32] = [
        Bug::NoVersion,
        Bug::TwoWrites,
        Bug::MessageOutside,
        Bug::FromIndex,
        Bug::AnswerFirst,
        Bug::FreshToken,
        Bug::NoFence,
        Bug::AnyOffer,
        Bug::NoDeadline,
        Bug::ByTheClock,
        Bug::NotWaiting,
        Bug::CheckpointFirst,
        Bug::WholeBatch,
        Bug::ConflictIsDone,
        Bug::ClientTime,
        Bug::TtlAsExpiry,
        Bug::NoticeFirst,
        Bug::KeyAlone,
        Bug::NoReconciler,
        Bug::BlindNoShow,
        Bug::RightUnbound,
        Bug::RightAsWritten,
        Bug::DecidedTwice,
        Bug::DeletionUnguarded,
        Bug::BlockUnguarded,
        Bug::ClosedIsOpen,
        Bug::ToldOnceClosed,
        Bug::WordsKept,
        Bug::SilenceIsAnAnswer,
        Bug::VerdictAnew,
        Bug::WordFirst,
        Bug::LetsInAlone,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Bug::NoVersion => "no-version",
            Bug::TwoWrites => "two-writes",
            Bug::MessageOutside => "message-outside",
            Bug::FromIndex => "from-index",
            Bug::AnswerFirst => "answer-first",
            Bug::FreshToken => "fresh-token",
            Bug::NoFence => "no-fence",
            Bug::AnyOffer => "any-offer",
            Bug::NoDeadline => "no-deadline",
            Bug::ByTheClock => "by-the-clock",
            Bug::NotWaiting => "not-waiting",
            Bug::CheckpointFirst => "checkpoint-first",
            Bug::WholeBatch => "whole-batch",
            Bug::ConflictIsDone => "conflict-is-done",
            Bug::ClientTime => "client-time",
            Bug::TtlAsExpiry => "ttl-as-expiry",
            Bug::NoticeFirst => "notice-first",
            Bug::KeyAlone => "key-alone",
            Bug::NoReconciler => "no-reconciler",
            Bug::BlindNoShow => "blind-no-show",
            Bug::RightUnbound => "right-unbound",
            Bug::RightAsWritten => "right-as-written",
            Bug::DecidedTwice => "decided-twice",
            Bug::DeletionUnguarded => "deletion-unguarded",
            Bug::BlockUnguarded => "block-unguarded",
            Bug::ClosedIsOpen => "closed-is-open",
            Bug::ToldOnceClosed => "told-once-closed",
            Bug::WordsKept => "words-kept",
            Bug::SilenceIsAnAnswer => "silence-is-an-answer",
            Bug::VerdictAnew => "verdict-anew",
            Bug::WordFirst => "word-first",
            Bug::LetsInAlone => "lets-in-alone",
        }
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No mistake can be made in this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unarmed;

impl fmt::Display for Unarmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this build cannot make mistakes on purpose: build it with --features planted/armed")
    }
}

impl core::error::Error for Unarmed {}

#[cfg(not(feature = "armed"))]
mod switch {
    use super::{Bug, Unarmed};

    /// Whether the mistake is made: never.
    #[inline(always)]
    pub const fn planted(_: Bug) -> bool {
        false
    }

    /// Makes one mistake from now on, in the whole process, or none.
    ///
    /// # Errors
    /// Always, in this build.
    pub const fn plant(_: Option<Bug>) -> Result<(), Unarmed> {
        Err(Unarmed)
    }
}

#[cfg(feature = "armed")]
mod switch {
    use super::{Bug, Unarmed};
    use core::sync::atomic::{AtomicUsize, Ordering};

    const NONE: usize = usize::MAX;
    static PLANTED: AtomicUsize = AtomicUsize::new(NONE);

    /// Whether the mistake is made.
    pub fn planted(bug: Bug) -> bool {
        PLANTED.load(Ordering::Relaxed) == bug as usize
    }

    /// Makes one mistake from now on, in the whole process, or none.
    ///
    /// # Errors
    /// Never, in this build.
    pub fn plant(bug: Option<Bug>) -> Result<(), Unarmed> {
        PLANTED.store(bug.map_or(NONE, |bug| bug as usize), Ordering::Relaxed);
        Ok(())
    }
}

pub use switch::{plant, planted};

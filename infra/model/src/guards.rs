//! The conditions of the real design, by name, and what each is needed for.

use crate::claims::Claim;
use crate::scope::Scope;
use core::fmt;

/// One condition or rule of the code; each can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// Booking and moving: `NOT contains(taken, cell)` (`store::access::pages`).
    PageCellsNotTaken,
    /// Giving up: the cells are in taken and not in freed (`store::access::pages`).
    PageCellsHeld,
    /// Giving up leaves the cells in taken (decision 2).
    FreedStaysTaken,
    /// Offering and releasing: `contains(freed, cell)` (`store::access::pages`).
    FreedContains,
    /// Whatever a worker writes to a page: its freed cells are exactly those that were read (`store::access::pages`).
    FreedAsRead,
    /// Whatever a worker writes to a page: the mark is as it was read (`store::access::pages`).
    MarkAsRead,
    /// Everything about a person: the guard's version is the one read (`store::access::active`).
    GuardVersion,
    /// The worker's offer, pausing, resuming, leaving: the entry's version is the one read (`store::access::entries`).
    EntryVersion,
    /// Cancelling and moving: the appointment's version is the one read (`store::access::appointments`).
    AppointmentVersion,
    /// Ending an offer: its state is open (`store::access::offers`). Accepting and declining look besides whether it
    /// stands on the guard; lapsing does not.
    OfferOpen,
    /// Ending an offer: the entry names this very offer, by its id (`store::access::entries`).
    OfferIdAtLapse,
    /// Accepting: only before the offer's end (`app::waitlist::answer`, `store::access::offers`).
    DeadlineAtAccept,
    /// Lapsing: only from the offer's end on (`app::waitlist::lapse`, `store::access::offers`).
    DeadlineAtLapse,
    /// The worker offers only to an entry that is waiting (`domain::waitlist::entry`).
    EntryIsWaiting,
    /// The worker offers only to somebody with no open offer (`domain::waitlist::entry`).
    NoOfferStands,
    /// The worker goes down the line by ticket (`store::access::lines`).
    TicketOrder,
    /// The rows of an entry are put in the write that joins or resumes (`store::access::entries`).
    RowWithEntry,
    /// A row is dropped only up to the epoch that the record speaks of (`store::access::lines`).
    RowEpoch,
    /// The cursor names the last one looked at, not the next (`app::waitlist::serve`).
    CursorAtLastSeen,
    /// A booking is one transaction (`app::book`).
    OneTransaction,
    /// The answer is given after the commit (`app::attempt`).
    AnswerAfterCommit,
    /// A retry looks for its own earlier success first (`app::attempt::Operation::seen`).
    OwnRetryReadBack,
    /// A refusal is closed against attempts under way (`app::attempt::settle`).
    FenceBeforeRefusal,
    /// The clock finds pages with freed cells and offers that have ended (`app::tick`).
    Reconciler,
}

/// What a guard is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it alone the claim breaks.
    Alone(Claim),
    /// It stands in for others: only without them too does the claim break.
    Together(Claim, &'static [Guard]),
    /// Belt and braces: nothing in the model breaks without it, and the text says why.
    Spare(&'static str),
}

impl Guard {
    pub const ALL: [Guard; 24] = [
        Guard::PageCellsNotTaken,
        Guard::PageCellsHeld,
        Guard::FreedStaysTaken,
        Guard::FreedContains,
        Guard::FreedAsRead,
        Guard::MarkAsRead,
        Guard::GuardVersion,
        Guard::EntryVersion,
        Guard::AppointmentVersion,
        Guard::OfferOpen,
        Guard::OfferIdAtLapse,
        Guard::DeadlineAtAccept,
        Guard::DeadlineAtLapse,
        Guard::EntryIsWaiting,
        Guard::NoOfferStands,
        Guard::TicketOrder,
        Guard::RowWithEntry,
        Guard::RowEpoch,
        Guard::CursorAtLastSeen,
        Guard::OneTransaction,
        Guard::AnswerAfterCommit,
        Guard::OwnRetryReadBack,
        Guard::FenceBeforeRefusal,
        Guard::Reconciler,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Guard::PageCellsNotTaken => "page-cells-not-taken",
            Guard::PageCellsHeld => "page-cells-held",
            Guard::FreedStaysTaken => "freed-stays-taken",
            Guard::FreedContains => "freed-contains",
            Guard::FreedAsRead => "freed-as-read",
            Guard::MarkAsRead => "mark-as-read",
            Guard::GuardVersion => "guard-version",
            Guard::EntryVersion => "entry-version",
            Guard::AppointmentVersion => "appointment-version",
            Guard::OfferOpen => "offer-open",
            Guard::OfferIdAtLapse => "offer-id-at-lapse",
            Guard::DeadlineAtAccept => "deadline-at-accept",
            Guard::DeadlineAtLapse => "deadline-at-lapse",
            Guard::EntryIsWaiting => "entry-is-waiting",
            Guard::NoOfferStands => "no-offer-stands",
            Guard::TicketOrder => "ticket-order",
            Guard::RowWithEntry => "row-with-entry",
            Guard::RowEpoch => "row-epoch",
            Guard::CursorAtLastSeen => "cursor-at-last-seen",
            Guard::OneTransaction => "one-transaction",
            Guard::AnswerAfterCommit => "answer-after-commit",
            Guard::OwnRetryReadBack => "own-retry-read-back",
            Guard::FenceBeforeRefusal => "fence-before-refusal",
            Guard::Reconciler => "reconciler",
        }
    }

    pub fn named(name: &str) -> Option<Guard> {
        Guard::ALL.into_iter().find(|guard| guard.name() == name)
    }

    pub fn need(self) -> Need {
        match self {
            Guard::PageCellsNotTaken => Need::Alone(Claim::OneOwner),
            Guard::PageCellsHeld => Need::Spare(
                "whoever gives a slot up proves in the same write to have held it: by the appointment's version, \
                 the offer's state or the guard",
            ),
            Guard::FreedStaysTaken => Need::Alone(Claim::FairOrder),
            Guard::FreedContains => Need::Together(Claim::OneOwner, &[Guard::FreedAsRead, Guard::MarkAsRead]),
            Guard::FreedAsRead => Need::Alone(Claim::NothingLost),
            Guard::MarkAsRead => Need::Together(Claim::OneOwner, &[Guard::FreedAsRead, Guard::FreedContains]),
            Guard::GuardVersion => Need::Alone(Claim::OneHold),
            Guard::EntryVersion => Need::Alone(Claim::OneHold),
            Guard::AppointmentVersion => Need::Alone(Claim::OneOwner),
            Guard::OfferOpen => Need::Together(Claim::OneOwner, &[Guard::OfferIdAtLapse]),
            Guard::OfferIdAtLapse => Need::Together(Claim::OneOwner, &[Guard::OfferOpen]),
            Guard::DeadlineAtAccept | Guard::DeadlineAtLapse => Need::Alone(Claim::Deadlines),
            Guard::EntryIsWaiting | Guard::NoOfferStands => Need::Alone(Claim::OneHold),
            Guard::TicketOrder | Guard::RowWithEntry | Guard::RowEpoch | Guard::CursorAtLastSeen => {
                Need::Alone(Claim::FairOrder)
            }
            Guard::OneTransaction => Need::Alone(Claim::OneOwner),
            Guard::AnswerAfterCommit => Need::Alone(Claim::KeptPromise),
            Guard::OwnRetryReadBack | Guard::FenceBeforeRefusal => Need::Alone(Claim::NoGhosts),
            Guard::Reconciler => Need::Alone(Claim::NothingLost),
        }
    }

    /// The world in which the guard shows what it is there for.
    pub fn scope(self) -> Scope {
        match self {
            Guard::PageCellsHeld | Guard::EntryVersion | Guard::AppointmentVersion => Scope::TORN,
            Guard::OfferOpen | Guard::OfferIdAtLapse => Scope { workers: 1, ..Scope::TORN },
            Guard::FreedContains | Guard::MarkAsRead => Scope { people: 2, ..Scope::WHOLE },
            Guard::CursorAtLastSeen => Scope::SHORT_LOOKS,
            _ => Scope::WHOLE,
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which guards are switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Off(u32);

impl Off {
    pub fn switch(&mut self, guard: Guard) {
        self.0 |= 1 << guard as u32;
    }

    pub fn has(self, guard: Guard) -> bool {
        self.0 >> guard as u32 & 1 == 1
    }
}

//! A visit at the office (VIS-1 to VIS-5): arriving, being called and received, its result; and what goes on at a window.

use crate::appointment::{Action, Appointment, Phase};
use crate::limits::{NO_SHOW_AFTER, UNDO_WITHIN};
use crate::{AppointmentId, CitizenId};
use chrono::{DateTime, NaiveDate, Utc};

/// How a visit ended (VIS-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitResult {
    /// What the visitor came for is done.
    Served,
    /// Something was missing: what, the note says.
    DocumentsMissing,
    Declined,
    /// Somebody else is to help: who, the note says.
    Referred,
    /// The visitor left before they were received.
    Left,
}

impl VisitResult {
    pub const ALL: [VisitResult; 5] = [
        VisitResult::Served,
        VisitResult::DocumentsMissing,
        VisitResult::Declined,
        VisitResult::Referred,
        VisitResult::Left,
    ];

    pub fn name(self) -> &'static str {
        match self {
            VisitResult::Served => "served",
            VisitResult::DocumentsMissing => "documents-missing",
            VisitResult::Declined => "declined",
            VisitResult::Referred => "referred",
            VisitResult::Left => "left",
        }
    }

    /// Whether the visitor must be told more than the result.
    pub fn needs_note(self) -> bool {
        matches!(self, VisitResult::DocumentsMissing | VisitResult::Declined | VisitResult::Referred)
    }
}

/// What has happened of a visit so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visit {
    pub checked_in_at: Option<DateTime<Utc>>,
    /// Called to the window, the last time.
    pub called_at: Option<DateTime<Utc>>,
    pub received_at: Option<DateTime<Utc>>,
    pub closed: Option<(DateTime<Utc>, VisitResult)>,
}

/// What somebody who works there does with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    CheckIn,
    Call,
    Receive,
    Close(VisitResult),
    UndoNoShow,
}

impl Step {
    pub fn action(self) -> Action {
        match self {
            Step::CheckIn => Action::CheckedIn,
            Step::Call => Action::Called,
            Step::Receive => Action::Received,
            Step::Close(_) => Action::Closed,
            Step::UndoNoShow => Action::NoShowUndone,
        }
    }
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoStep {
    /// It is done already.
    Done,
    /// Over, cancelled, absent, or not under way yet.
    NotPlanned,
    /// The visit is on another date of the office.
    NotToday,
    /// The visitor has not checked in.
    NotHere,
    /// Nobody was received yet, so nothing can be closed but that they left.
    NotReceived,
    /// Absence can be undone for [`UNDO_WITHIN`] only.
    TooLate,
}

/// Somebody called to a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub queue_number: String,
    pub at: DateTime<Utc>,
}

/// Whom a window receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiving {
    pub citizen: CitizenId,
    pub appointment: AppointmentId,
    /// When they were to be received.
    pub starts_at: DateTime<Utc>,
}

/// What goes on at one window on one date. Every write about it is conditioned on its version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// None as long as nothing was ever written.
    pub version: Option<u64>,
    pub called: Option<Call>,
    pub receiving: Option<Receiving>,
}

impl Desk {
    /// Whether whoever is to be received at this start has to wait for somebody before them (VIS-2).
    pub fn runs_late(&self, starts_at: DateTime<Utc>) -> bool {
        self.receiving.is_some_and(|other| other.starts_at < starts_at)
    }

    /// Whether the window receives somebody else.
    pub fn is_busy_for(&self, id: AppointmentId) -> bool {
        self.receiving.is_some_and(|other| other.appointment != id)
    }

    /// How the desk stands after a step with a visit.
    pub fn after(&self, step: Step, visit: &Appointment, now: DateTime<Utc>) -> Desk {
        let mut after = self.clone();
        let its = self.receiving.is_some_and(|other| other.appointment == visit.id);
        match step {
            Step::Call | Step::Receive => {
                let call = Call { queue_number: visit.queue_number.clone(), at: now };
                after.called = Some(call);
            }
            Step::CheckIn | Step::Close(_) | Step::UndoNoShow => {}
        }
        match step {
            Step::Receive => {
                let Appointment { citizen, id, seat, .. } = visit;
                after.receiving =
                    Some(Receiving { citizen: *citizen, appointment: *id, starts_at: seat.starts_at });
            }
            Step::Close(_) if its => after.receiving = None,
            _ => {}
        }
        let named = |call: &Call| call.queue_number == visit.queue_number;
        if matches!(step, Step::Close(_)) && after.called.as_ref().is_some_and(named) {
            after.called = None;
        }
        after
    }
}

impl Appointment {
    /// Whether a step can be taken; `today` is the date at the office.
    ///
    /// # Errors
    /// [`NoStep`].
    pub fn may(&self, step: Step, now: DateTime<Utc>, today: NaiveDate) -> Result<(), NoStep> {
        let here = self.visit.checked_in_at.is_some();
        let on_its_day = if self.seat.on == today { Ok(()) } else { Err(NoStep::NotToday) };
        match (step, self.phase) {
            (Step::CheckIn, Phase::Planned | Phase::InReception | Phase::Completed) if here => {
                Err(NoStep::Done)
            }
            (Step::CheckIn, Phase::Planned) => on_its_day,
            (Step::Call | Step::Receive, Phase::Planned) if !here => Err(NoStep::NotHere),
            (Step::Call | Step::Receive, Phase::Planned) => Ok(()),
            (Step::Receive, Phase::InReception) => Err(NoStep::Done),
            (Step::Close(VisitResult::Left), Phase::Planned) if here => Ok(()),
            (Step::Close(_), Phase::Planned) => Err(NoStep::NotReceived),
            (Step::Close(_), Phase::InReception) => Ok(()),
            (Step::Close(result), Phase::Completed)
                if self.visit.closed.is_some_and(|(_, was)| was == result) =>
            {
                Err(NoStep::Done)
            }
            (Step::UndoNoShow, Phase::NoShow) if now > self.seat.starts_at + UNDO_WITHIN => {
                Err(NoStep::TooLate)
            }
            (Step::UndoNoShow, Phase::NoShow) => Ok(()),
            (Step::UndoNoShow, Phase::Planned)
                if self.changes.last().is_some_and(|change| change.action == Action::NoShowUndone) =>
            {
                Err(NoStep::Done)
            }
            _ => Err(NoStep::NotPlanned),
        }
    }

    /// The same after a step that [`Appointment::may`] allows, without its line of history.
    pub fn stepped(mut self, step: Step, now: DateTime<Utc>) -> Appointment {
        match step {
            Step::CheckIn => self.visit.checked_in_at = Some(now),
            Step::Call => self.visit.called_at = Some(now),
            Step::Receive => {
                self.phase = Phase::InReception;
                self.visit.received_at = Some(now);
            }
            Step::Close(result) => {
                self.phase = Phase::Completed;
                self.visit.closed = Some((now, result));
            }
            Step::UndoNoShow => {
                self.phase = Phase::Planned;
                self.visit = Visit { checked_in_at: Some(now), ..Visit::default() };
            }
        }
        self
    }

    /// Whether absence has become a no-show (VIS-2), if the window is on time.
    pub fn is_no_show(&self, now: DateTime<Utc>) -> bool {
        self.phase == Phase::Planned
            && self.visit.checked_in_at.is_none()
            && now >= self.seat.starts_at + NO_SHOW_AFTER
    }
}

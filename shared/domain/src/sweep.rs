//! What follows from an office's receiving less than before: the days are gone through, and every appointment that no
//! longer fits is moved to another window or given up, each person told once (OFC-5).

use crate::{AppointmentId, CitizenId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Whoever is expected within this time may not read in time that they are not: they are to be called.
pub const CALL_WITHIN: TimeDelta = TimeDelta::hours(3);
/// A second round goes after what was booked while the first went on; every index has caught up by then.
pub const SECOND_ROUND_AFTER: TimeDelta = TimeDelta::minutes(1);
/// Rounds in all.
const ROUNDS: u8 = 2;

/// How far a sweep has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// The dates that are gone through, both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The next of them; none between rounds, and when all is done.
    pub next_on: Option<NaiveDate>,
    /// Rounds that are over.
    pub round: u8,
    /// Appointments that another window or another specialist took.
    pub moved: u32,
    /// Appointments that were given up.
    pub given_up: u32,
    /// When the clock looks after it; none when all is done.
    pub due_at: Option<DateTime<Utc>>,
    pub version: u64,
}

impl Sweep {
    /// Before the first date.
    pub fn begin(from: NaiveDate, to: NaiveDate, due_at: DateTime<Utc>) -> Self {
        Self {
            from,
            to,
            next_on: Some(from),
            round: 0,
            moved: 0,
            given_up: 0,
            due_at: Some(due_at),
            version: 1,
        }
    }

    /// Where nothing of any date is changed.
    pub fn none(on: NaiveDate) -> Self {
        Self {
            from: on,
            to: on,
            next_on: None,
            round: ROUNDS,
            moved: 0,
            given_up: 0,
            due_at: None,
            version: 1,
        }
    }

    pub fn is_done(&self) -> bool {
        self.due_at.is_none()
    }

    /// Whether the second round waits for its time.
    pub fn rests(&self) -> bool {
        self.due_at.is_some() && self.next_on.is_none()
    }

    /// After one date, or, when it waited for the second round, before that one's first.
    #[must_use]
    pub fn after(
        mut self,
        on: NaiveDate,
        moved: u32,
        given_up: u32,
        now: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Self {
        self.version += 1;
        self.moved = self.moved.saturating_add(moved);
        self.given_up = self.given_up.saturating_add(given_up);
        self.next_on = on.succ_opt().filter(|next| *next <= self.to);
        self.due_at = match self.next_on {
            Some(_) => Some(now + patience),
            None => {
                self.round += 1;
                (self.round < ROUNDS).then_some(now + SECOND_ROUND_AFTER)
            }
        };
        self
    }
}

/// What a change did about an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TouchedBy {
    /// Another window, or another specialist, receives them at the same time.
    Moved,
    /// Nobody does: they are offered other times first.
    GivenUp,
}

impl TouchedBy {
    pub const ALL: [TouchedBy; 2] = [TouchedBy::Moved, TouchedBy::GivenUp];

    pub fn name(self) -> &'static str {
        match self {
            TouchedBy::Moved => "moved",
            TouchedBy::GivenUp => "given-up",
        }
    }
}

/// One whom a change touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    pub citizen: CitizenId,
    pub appointment: AppointmentId,
    pub by: TouchedBy,
    /// When they were expected.
    pub starts_at: DateTime<Utc>,
    /// Whether somebody should call them.
    pub call: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_are_gone_through_twice() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap();
        let now = day(1).and_hms_opt(9, 0, 0).unwrap().and_utc();
        let patience = TimeDelta::minutes(4);
        let start = Sweep::begin(day(3), day(4), now + patience);
        assert_eq!((start.next_on, start.due_at), (Some(day(3)), Some(now + patience)));
        let one = start.after(day(3), 1, 2, now, patience);
        assert_eq!((one.next_on, one.due_at), (Some(day(4)), Some(now + patience)));
        let rests = one.after(day(4), 0, 1, now, patience);
        assert!(rests.rests() && !rests.is_done());
        assert_eq!(rests.due_at, Some(now + SECOND_ROUND_AFTER));
        let again = rests.after(day(3), 0, 0, now, patience);
        assert!(!again.rests() && again.round == 1);
        let done = again.after(day(4), 0, 1, now, patience);
        assert!(done.is_done() && Sweep::none(day(3)).is_done());
        assert_eq!((done.moved, done.given_up, done.version), (1, 4, 5));
    }
}

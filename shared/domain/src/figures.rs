//! What an office's days came to, in numbers without people (OFC-7).

use crate::appointment::{Action, Appointment, Phase};
use crate::catalogue::{Office, WorkingCalendar};
use crate::cells::CELL_MIN;
use crate::page::CellSet;
use crate::schedule::open_intervals;
use crate::visit::VisitResult;
use crate::{ServiceId, WindowId};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Numbers of one day, one window, one service, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Minutes the windows were open, by the office's file as it stands; none is told of a service.
    pub open_min: u32,
    /// Of them, minutes held by visits that were not given up, whether or not somebody came.
    pub taken_min: u32,
    /// Visits that were not given up.
    pub visits: u32,
    /// Of them those that came by an offer to somebody who waited.
    pub by_offer: u32,
    /// Of them those not begun, or not over, yet.
    pub open_visits: u32,
    pub no_shows: u32,
    pub results: BTreeMap<VisitResult, u32>,
    /// Visits given up by their holders, or for them.
    pub cancelled: u32,
    /// Visits given up by the office.
    pub displaced: u32,
    /// Of all given up, those in whose time somebody else was received, or is expected, after all.
    pub reused: u32,
    /// For each visit that was received: minutes from its start, or from arriving if that was later, until then.
    pub waited_min: Vec<u32>,
    /// For each visit that is over: minutes from being received until then.
    pub lasted_min: Vec<u32>,
}

/// An office's dates, each by itself and all together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub days: BTreeMap<NaiveDate, Tally>,
    pub windows: BTreeMap<WindowId, Tally>,
    pub services: BTreeMap<ServiceId, Tally>,
    pub total: Tally,
}

impl Figures {
    /// Adds a date with everything that was booked for it.
    pub fn add(
        &mut self,
        calendar: &WorkingCalendar,
        office: &Office,
        on: NaiveDate,
        visits: &[Appointment],
    ) {
        let day = self.days.entry(on).or_default();
        for window in &office.windows {
            let cells: u32 = open_intervals(calendar, office, window, on)
                .iter()
                .map(|open| u32::from(open.to() - open.from()))
                .sum();
            let minutes = cells * u32::from(CELL_MIN);
            for tally in [&mut *day, self.windows.entry(window.id.clone()).or_default(), &mut self.total] {
                tally.open_min += minutes;
            }
        }
        for visit in visits {
            let reused = visit.phase == Phase::Cancelled && is_reused(visit, visits);
            let window = self.windows.entry(visit.seat.window.clone()).or_default();
            let service = self.services.entry(visit.service.clone()).or_default();
            for tally in [&mut *day, window, service, &mut self.total] {
                tally.count(visit, reused);
            }
        }
    }
}

/// Whether somebody else has, or had, any of the time that a visit gave up.
fn is_reused(given_up: &Appointment, visits: &[Appointment]) -> bool {
    visits.iter().any(|other| {
        other.phase != Phase::Cancelled
            && other.seat.window == given_up.seat.window
            && CellSet::from(other.seat.cells).touches(given_up.seat.cells)
    })
}

impl Tally {
    fn count(&mut self, visit: &Appointment, reused: bool) {
        let did = |action| visit.changes.iter().any(|change| change.action == action);
        if visit.phase == Phase::Cancelled {
            match did(Action::Displaced) {
                true => self.displaced += 1,
                false => self.cancelled += 1,
            }
            self.reused += u32::from(reused);
            return;
        }
        let cells = visit.seat.cells;
        self.visits += 1;
        self.taken_min += u32::from((cells.to() - cells.from()) * CELL_MIN);
        self.by_offer += u32::from(did(Action::Accepted));
        self.no_shows += u32::from(visit.phase == Phase::NoShow);
        self.open_visits += u32::from(matches!(visit.phase, Phase::Planned | Phase::InReception));
        if let Some((_, result)) = visit.visit.closed {
            *self.results.entry(result).or_default() += 1;
        }
        let Some(received_at) = visit.visit.received_at else { return };
        let due_at =
            visit.visit.checked_in_at.map_or(visit.seat.starts_at, |at| at.max(visit.seat.starts_at));
        self.waited_min.push(minutes((received_at - due_at).num_minutes()));
        if let Some((closed_at, _)) = visit.visit.closed {
            self.lasted_min.push(minutes((closed_at - received_at).num_minutes()));
        }
    }

    /// The part of the open time that is taken, from 0 to 1; none when nothing was open.
    pub fn use_of_time(&self) -> Option<f64> {
        (self.open_min > 0).then(|| f64::from(self.taken_min) / f64::from(self.open_min))
    }
}

/// Nobody waits less than nothing: some are received before their time.
fn minutes(between: i64) -> u32 {
    u32::try_from(between.max(0)).unwrap_or(u32::MAX)
}

/// The value below which `per_cent` of all lie, by nearest rank; none of none.
pub fn percentile(values: &[u32], per_cent: u32) -> Option<u32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() as u64 * u64::from(per_cent)).div_ceil(100).max(1);
    sorted.get(usize::try_from(rank - 1).unwrap_or(usize::MAX)).copied()
}

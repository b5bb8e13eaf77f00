//! When a window receives, and for what (AVL-2).

use crate::appointment::{Appointment, Seat};
use crate::catalogue::{
    Closure, Dates, Office, Post, Share, SpecialDay, Specialist, WeekPlan, Window, WorkingCalendar,
};
use crate::cells::{CellRange, instant};
use crate::page::{CellSet, PageKey};
use crate::{ServiceId, SpecialistId, WindowId};
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

/// An hour earlier on the eve of a holiday, in cells.
const SHORTER_BY: u16 = 12;

/// The working intervals of a window on a date: its one-off hours, or the week's plan as the
/// country's calendar bends it, less what the office has shut.
pub fn open_intervals(
    calendar: &WorkingCalendar,
    office: &Office,
    window: &Window,
    on: NaiveDate,
) -> Vec<CellRange> {
    let planned = match window.changes.get(&on) {
        Some(changed) => changed.clone(),
        None => planned(calendar, window, on),
    };
    let shut = |closure: &&Closure| {
        closure.on == on && closure.windows.as_ref().is_none_or(|some| some.contains(&window.id))
    };
    let mut closures = office.closures.iter().filter(shut).peekable();
    if closures.peek().is_none() {
        return planned;
    }
    let mut open: CellSet = planned.iter().flat_map(|range| range.iter()).collect();
    for closure in closures {
        match closure.cells {
            None => return Vec::new(),
            Some(cells) => open = open.minus(&cells.into()),
        }
    }
    open.runs()
}

fn planned(calendar: &WorkingCalendar, window: &Window, on: NaiveDate) -> Vec<CellRange> {
    let special = calendar.days.get(&on).copied();
    if special == Some(SpecialDay::Holiday) {
        return Vec::new();
    }
    let Some(plan) = window.plans.iter().rev().find(|plan| valid(plan, on)) else { return Vec::new() };
    let day = plan.days[working_weekday(calendar, on).num_days_from_monday() as usize].clone();
    if special == Some(SpecialDay::Short) { shorten(day) } else { day }
}

fn valid(plan: &WeekPlan, on: NaiveDate) -> bool {
    within(plan.valid_from, plan.valid_to, on)
}

fn within(from: Option<NaiveDate>, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
}

/// Who receives at a window on a date under their own name, if anybody does (AVL-8).
pub fn specialist<'a>(
    calendar: &WorkingCalendar,
    office: &'a Office,
    window: &WindowId,
    on: NaiveDate,
) -> Option<&'a Specialist> {
    let holds = |post: &&Post| hold(calendar, &post.dates, on);
    let window = office.windows.iter().find(|known| known.id == *window)?;
    let id = window.posts.iter().rev().find(holds)?.specialist.as_ref()?;
    office.specialists.iter().find(|known| known.id == *id)
}

fn hold(calendar: &WorkingCalendar, dates: &Dates, on: NaiveDate) -> bool {
    within(dates.valid_from, dates.valid_to, on)
        && dates.weekdays.as_ref().is_none_or(|days| days.contains(&working_weekday(calendar, on)))
}

/// The cells of a window's date that are kept at an instant from whoever has only this share (AVL-6).
pub fn kept(
    calendar: &WorkingCalendar,
    office: &Office,
    window: &Window,
    on: NaiveDate,
    share: Share,
    now: DateTime<Utc>,
) -> CellSet {
    let from_them =
        keeping(calendar, office, window, on).filter(|(of, _, until)| *of > share && now < *until);
    from_them.flat_map(|(_, hours, _)| hours.iter()).collect()
}

/// Whether what is left of a window's hours on a date goes to everybody after one instant and by another.
pub fn is_released(
    calendar: &WorkingCalendar,
    office: &Office,
    window: &Window,
    on: NaiveDate,
    after: DateTime<Utc>,
    by: DateTime<Utc>,
) -> bool {
    keeping(calendar, office, window, on).any(|(_, _, until)| after < until && until <= by)
}

/// What is kept on a date: for which share, which hours, and until when.
pub fn keeping<'a>(
    calendar: &'a WorkingCalendar,
    office: &'a Office,
    window: &'a Window,
    on: NaiveDate,
) -> impl Iterator<Item = (Share, CellRange, DateTime<Utc>)> + 'a {
    window.kept.iter().filter(move |kept| hold(calendar, &kept.dates, on)).flat_map(move |kept| {
        let until = move |hours: &CellRange| instant(office.zone, on, hours.from()) - kept.release;
        kept.hours.iter().map(move |hours| (kept.share, *hours, until(hours)))
    })
}

fn shorten(day: Vec<CellRange>) -> Vec<CellRange> {
    let Some(end) = day.last().map(|last| last.to().saturating_sub(SHORTER_BY)) else { return day };
    day.into_iter().filter_map(|range| CellRange::new(range.from(), range.to().min(end))).collect()
}

/// The weekday whose plan a date follows: its own, unless the calendar moved a working day to it.
pub fn working_weekday(calendar: &WorkingCalendar, on: NaiveDate) -> Weekday {
    match calendar.days.get(&on) {
        Some(SpecialDay::WorkingAs(weekday)) => *weekday,
        _ => on.weekday(),
    }
}

/// Whether a window receives for a service on a date, if it is open at all.
pub fn receives(calendar: &WorkingCalendar, window: &Window, service: &ServiceId, on: NaiveDate) -> bool {
    window.services.iter().any(|offered| {
        offered.service == *service
            && offered.weekdays.as_ref().is_none_or(|days| days.contains(&working_weekday(calendar, on)))
            && offered.dates.as_ref().is_none_or(|dates| dates.contains(&on))
    })
}

/// Whether a window of the office still receives as a seat needs: for its service, and open for all of its cells.
pub fn holds(calendar: &WorkingCalendar, office: &Office, service: &ServiceId, seat: &Seat) -> bool {
    let Some(window) = office.windows.iter().find(|window| window.id == seat.window) else { return false };
    let open: CellSet =
        open_intervals(calendar, office, window, seat.on).iter().flat_map(|range| range.iter()).collect();
    receives(calendar, window, service, seat.on) && open.covers(seat.cells)
}

/// Whether an appointment can stay as it is: its window receives it, and whoever was asked for by name does.
pub fn keeps(calendar: &WorkingCalendar, office: &Office, visit: &Appointment) -> bool {
    let theirs = |chosen| {
        specialist(calendar, office, &visit.seat.window, visit.seat.on).map(|now| &now.id) == Some(chosen)
    };
    holds(calendar, office, &visit.service, &visit.seat)
        && visit.specialist.as_ref().is_none_or(|chosen| theirs(&chosen.id))
}

/// An office as it receives by a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub calendar: &'a WorkingCalendar,
    pub office: &'a Office,
}

impl Plan<'_> {
    fn open(&self, window: &Window, on: NaiveDate) -> CellSet {
        open_intervals(self.calendar, self.office, window, on).iter().flat_map(|range| range.iter()).collect()
    }

    fn receives(&self, window: &Window, service: &ServiceId, on: NaiveDate) -> bool {
        receives(self.calendar, window, service, on)
    }

    fn specialist(&self, window: &WindowId, on: NaiveDate) -> Option<&SpecialistId> {
        specialist(self.calendar, self.office, window, on).map(|there| &there.id)
    }

    fn window(&self, id: &WindowId) -> Option<&Window> {
        self.office.windows.iter().find(|window| window.id == *id)
    }
}

/// The windows' days, from one date to another, on which somebody who received no longer does: another does, or nobody
/// who is named.
pub fn replaced(before: Plan<'_>, after: Plan<'_>, from: NaiveDate, to: NaiveDate) -> Vec<PageKey> {
    days_on_which(before.office, from, to, |window, on| {
        let was = before.specialist(&window.id, on);
        was.is_some() && was != after.specialist(&window.id, on)
    })
}

/// The windows' days, from one date to another, of which less is kept from everybody than before.
pub fn unkept(
    before: Plan<'_>,
    after: Plan<'_>,
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Vec<PageKey> {
    days_on_which(after.office, from, to, |window, on| {
        let kept = |plan: Plan<'_>, window| kept(plan.calendar, plan.office, window, on, Share::Public, now);
        before.window(&window.id).is_some_and(|was| !kept(before, was).minus(&kept(after, window)).is_empty())
    })
}

fn days_on_which(
    office: &Office,
    from: NaiveDate,
    to: NaiveDate,
    so: impl Fn(&Window, NaiveDate) -> bool,
) -> Vec<PageKey> {
    let page = |window: &Window, on| PageKey { office: office.id.clone(), window: window.id.clone(), on };
    from.iter_days()
        .take_while(|on| *on <= to)
        .flat_map(|on| office.windows.iter().map(move |window| (window, on)))
        .filter(|(window, on)| so(window, *on))
        .map(|(window, on)| page(window, on))
        .collect()
}

/// The windows' days, from one date to another, on which an office receives less than before: shorter, or for fewer
/// services.
pub fn narrowed(before: Plan<'_>, after: Plan<'_>, from: NaiveDate, to: NaiveDate) -> Vec<PageKey> {
    let less = |window: &Window, on: NaiveDate| {
        let was = before.open(window, on);
        if was.is_empty() {
            return false;
        }
        let Some(now) = after.window(&window.id) else { return true };
        let lost = |offered: &&crate::catalogue::WindowService| {
            before.receives(window, &offered.service, on) && !after.receives(now, &offered.service, on)
        };
        !was.minus(&after.open(now, on)).is_empty() || window.services.iter().any(|offered| lost(&offered))
    };
    days_on_which(before.office, from, to, less)
}

//! Which slots are free: schedule less pages, computed and never stored (AVL-1, AVL-3).
//!
//! The one function for showing, booking, moving and offering, so that they cannot disagree.

use crate::catalogue::{Catalogue, Office, Service, SpecialDay, Window};
use crate::cells::{CELL_MIN, CellRange, instant};
use crate::page::CellSet;
use crate::schedule::{open_intervals, receives, specialist};
use crate::waitlist::Part;
use crate::{ServiceId, SpecialistId, WindowId};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use std::collections::BTreeMap;

/// The hour of the office's morning at which the horizon moves on by a day (AVL-2).
const HORIZON_ROLLS_AT: TimeDelta = TimeDelta::hours(8);

/// A window, a start and the service's duration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub window: WindowId,
    pub on: NaiveDate,
    /// The cells it takes: the service's duration and the buffer after it, cut at the interval's end.
    pub cells: CellRange,
    pub starts_at: DateTime<Utc>,
    /// Without the buffer.
    pub ends_at: DateTime<Utc>,
}

/// Which starts somebody looks for, by the office's clock; what is not named does not matter (AVL-4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookFor {
    pub part: Option<Part>,
    pub weekdays: Option<Vec<Weekday>>,
    /// After work, say: not before this time.
    pub after: Option<NaiveTime>,
    /// Before work, say: earlier than this time.
    pub before: Option<NaiveTime>,
    /// Only with this specialist (AVL-8).
    pub specialist: Option<SpecialistId>,
}

impl LookFor {
    pub fn suits(&self, office: &Office, slot: &Slot) -> bool {
        let local = slot.starts_at.with_timezone(&office.zone).naive_local();
        self.part.is_none_or(|part| Part::of_hour(local.hour()) == part)
            && self.weekdays.as_ref().is_none_or(|days| days.contains(&local.weekday()))
            && self.after.is_none_or(|after| local.time() >= after)
            && self.before.is_none_or(|before| local.time() < before)
    }

    /// Of free starts those that suit.
    ///
    /// # Errors
    /// [`NothingFree::NoneMatchFilter`] when none does.
    pub fn among(&self, office: &Office, slots: Vec<Slot>) -> Result<Vec<Slot>, NothingFree> {
        let suiting: Vec<Slot> = slots.into_iter().filter(|slot| self.suits(office, slot)).collect();
        if suiting.is_empty() { Err(NothingFree::NoneMatchFilter) } else { Ok(suiting) }
    }
}

/// Why a day offers nothing (AVL-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NothingFree {
    NotBookable,
    /// No window of the office ever receives for this service.
    NoWindow,
    Holiday,
    Closed,
    BeforeLeadTime,
    BeyondHorizon,
    AllTaken,
    NoneMatchFilter,
    /// The specialist who was asked for does not receive for this then.
    SpecialistAway,
    /// A limit of the person's own: they cancelled this service too often.
    OwnLimit,
}

impl NothingFree {
    pub const ALL: [NothingFree; 10] = [
        Self::NotBookable,
        Self::NoWindow,
        Self::Holiday,
        Self::Closed,
        Self::BeforeLeadTime,
        Self::BeyondHorizon,
        Self::AllTaken,
        Self::NoneMatchFilter,
        Self::SpecialistAway,
        Self::OwnLimit,
    ];

    /// The key of its label.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBookable => "not-bookable",
            Self::NoWindow => "no-window-for-service",
            Self::Holiday => "holiday",
            Self::Closed => "closed",
            Self::BeforeLeadTime => "before-lead-time",
            Self::BeyondHorizon => "beyond-horizon",
            Self::AllTaken => "all-taken",
            Self::NoneMatchFilter => "none-match-filter",
            Self::SpecialistAway => "specialist-away",
            Self::OwnLimit => "own-limit",
        }
    }
}

/// The dates and the earliest instant at which a service can be booked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    pub earliest_at: DateTime<Utc>,
}

pub fn horizon(office: &Office, service: &Service, now: DateTime<Utc>) -> Horizon {
    let local = now.with_timezone(&office.zone).naive_local();
    let rolled = (local - HORIZON_ROLLS_AT).date();
    Horizon {
        first_on: local.date(),
        last_on: rolled.checked_add_days(Days::new(u64::from(service.horizon_days))).unwrap_or(rolled),
        earliest_at: now + TimeDelta::minutes(i64::from(service.lead_min)),
    }
}

/// Every slot that a window's plan has for a service on a date, whether free or not.
pub fn grid(
    catalogue: &Catalogue,
    office: &Office,
    window: &Window,
    service: &Service,
    on: NaiveDate,
) -> Vec<Slot> {
    if !receives(&catalogue.calendar, window, &service.id, on) {
        return Vec::new();
    }
    let length = service.duration_min / CELL_MIN;
    let step = length + service.buffer_min / CELL_MIN;
    if length == 0 {
        return Vec::new();
    }
    let mut slots = Vec::new();
    for open in open_intervals(&catalogue.calendar, office, window, on) {
        let mut from = open.from();
        while from + length <= open.to() {
            let Some(cells) = CellRange::new(from, (from + step).min(open.to())) else { break };
            slots.push(slot(office, window, on, cells, length));
            from += step;
        }
    }
    slots
}

fn slot(office: &Office, window: &Window, on: NaiveDate, cells: CellRange, length: u16) -> Slot {
    let starts_at = instant(office.zone, on, cells.from());
    let ends_at = starts_at + TimeDelta::minutes(i64::from(length * CELL_MIN));
    Slot { window: window.id.clone(), on, cells, starts_at, ends_at }
}

/// The slots of a date that nobody has and that can be booked now, by start and then window.
///
/// `taken` tells a window's taken cells on that date.
pub fn free_slots(
    catalogue: &Catalogue,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    now: DateTime<Utc>,
    with: Option<&SpecialistId>,
    taken: impl Fn(&WindowId) -> CellSet,
) -> Result<Vec<Slot>, NothingFree> {
    let planned = planned_slots(catalogue, office, service, on, now, with)?;
    let free: Vec<Slot> =
        planned.into_iter().filter(|slot| !taken(&slot.window).touches(slot.cells)).collect();
    if free.is_empty() { Err(NothingFree::AllTaken) } else { Ok(free) }
}

/// The slots of a date that can be booked now as far as plan, lead time and horizon go, with the specialist who is asked
/// for, or with any.
pub fn planned_slots(
    catalogue: &Catalogue,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    now: DateTime<Utc>,
    with: Option<&SpecialistId>,
) -> Result<Vec<Slot>, NothingFree> {
    if !service.bookable {
        return Err(NothingFree::NotBookable);
    }
    if !serves(office, &service.id) {
        return Err(NothingFree::NoWindow);
    }
    let horizon = horizon(office, service, now);
    if on > horizon.last_on {
        return Err(NothingFree::BeyondHorizon);
    }
    let mut slots: Vec<Slot> =
        office.windows.iter().flat_map(|window| grid(catalogue, office, window, service, on)).collect();
    if slots.is_empty() {
        let holiday = catalogue.calendar.days.get(&on) == Some(&SpecialDay::Holiday);
        return Err(if holiday { NothingFree::Holiday } else { NothingFree::Closed });
    }
    slots.retain(|slot| slot.starts_at >= horizon.earliest_at);
    if slots.is_empty() {
        return Err(NothingFree::BeforeLeadTime);
    }
    if let Some(with) = with {
        let theirs = |slot: &Slot| {
            specialist(&catalogue.calendar, office, &slot.window, on).is_some_and(|at| at.id == *with)
        };
        slots.retain(theirs);
        if slots.is_empty() {
            return Err(NothingFree::SpecialistAway);
        }
    }
    slots.sort_by(|a, b| (a.starts_at, &a.window).cmp(&(b.starts_at, &b.window)));
    Ok(slots)
}

/// Whether any window of the office receives for the service at all.
pub fn serves(office: &Office, service: &ServiceId) -> bool {
    office.windows.iter().any(|window| window.services.iter().any(|offered| offered.service == *service))
}

/// The windows in which a start can be had, best first: those that receive for the fewest services,
/// so that the versatile ones stay free for others; `spread` scatters equals over the windows.
pub fn candidates(catalogue: &Catalogue, office: &Office, slots: &[Slot], spread: u64) -> Vec<Slot> {
    let breadth = |slot: &Slot| {
        let window = office.windows.iter().find(|window| window.id == slot.window);
        window.map_or(usize::MAX, |window| {
            window
                .services
                .iter()
                .filter(|offered| receives(&catalogue.calendar, window, &offered.service, slot.on))
                .count()
        })
    };
    let mut classes: BTreeMap<usize, Vec<Slot>> = BTreeMap::new();
    for slot in slots {
        classes.entry(breadth(slot)).or_default().push(slot.clone());
    }
    classes
        .into_values()
        .flat_map(|mut class| {
            let turn = (spread % class.len() as u64) as usize;
            class.rotate_left(turn);
            class
        })
        .collect()
}

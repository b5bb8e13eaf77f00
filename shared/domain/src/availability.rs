//! Which slots are free: schedule less pages, computed and never stored (AVL-1, AVL-3).
//!
//! The one function for showing, booking, moving and offering, so that they cannot disagree.

use crate::catalogue::{Catalogue, Office, Service, Share, SpecialDay, Window};
use crate::cells::{CELL_MIN, CellRange, instant};
use crate::page::CellSet;
use crate::schedule::{kept, open_intervals, receives, specialist};
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
    /// What is left is kept for others until nearer to its time.
    Kept,
    /// A limit of the person's own: they cancelled this service too often.
    OwnLimit,
    /// A limit of the person's own: they have as many appointments as one can have.
    TooMany,
}

impl NothingFree {
    pub const ALL: [NothingFree; 12] = [
        Self::NotBookable,
        Self::NoWindow,
        Self::Holiday,
        Self::Closed,
        Self::BeforeLeadTime,
        Self::BeyondHorizon,
        Self::AllTaken,
        Self::NoneMatchFilter,
        Self::SpecialistAway,
        Self::Kept,
        Self::OwnLimit,
        Self::TooMany,
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
            Self::Kept => "kept",
            Self::OwnLimit => "own-limit",
            Self::TooMany => "too-many",
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
        let (begins_at, ends_at) =
            (instant(office.zone, on, open.from()), instant(office.zone, on, open.to()));
        let even = ends_at - begins_at == minutes(open.len());
        let mut from = open.from();
        while from + length <= open.to() {
            let Some(cells) = CellRange::new(from, (from + step).min(open.to())) else { break };
            // A clock that jumps between these hours is asked each time.
            let starts_at =
                if even { begins_at + minutes(from - open.from()) } else { instant(office.zone, on, from) };
            let ends_at = starts_at + minutes(length);
            slots.push(Slot { window: window.id.clone(), on, cells, starts_at, ends_at });
            from += step;
        }
    }
    slots
}

fn minutes(cells: u16) -> TimeDelta {
    TimeDelta::minutes(i64::from(cells * CELL_MIN))
}

/// Who asks for time, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    pub now: DateTime<Utc>,
    /// What they can have (AVL-6).
    pub share: Share,
    /// The specialist who is asked for; none means any (AVL-8).
    pub with: Option<&'a SpecialistId>,
}

impl Asking<'_> {
    /// Anybody, for any specialist.
    pub fn anybody(now: DateTime<Utc>) -> Self {
        Self { now, share: Share::Public, with: None }
    }
}

/// The slots of a date that nobody has and that can be booked now, by start and then window.
///
/// `taken` tells a window's taken cells on that date.
pub fn free_slots(
    catalogue: &Catalogue,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    asking: &Asking<'_>,
    taken: impl Fn(&WindowId) -> CellSet,
) -> Result<Vec<Slot>, NothingFree> {
    let planned = planned(catalogue, office, service, on, asking)?;
    let taken: Vec<CellSet> = office.windows.iter().map(|window| taken(&window.id)).collect();
    let is_free = |(at, slot): &(usize, Slot)| taken.get(*at).is_none_or(|taken| !taken.touches(slot.cells));
    let free: Vec<(usize, Slot)> = planned.into_iter().filter(is_free).collect();
    if free.is_empty() { Err(NothingFree::AllTaken) } else { Ok(in_order(free)) }
}

/// The slots of a date that can be booked now as far as plan, lead time, horizon and shares go, with the specialist who is
/// asked for, or with any.
pub fn planned_slots(
    catalogue: &Catalogue,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    asking: &Asking<'_>,
) -> Result<Vec<Slot>, NothingFree> {
    planned(catalogue, office, service, on, asking).map(in_order)
}

/// By start and then window.
fn in_order(slots: Vec<(usize, Slot)>) -> Vec<Slot> {
    let mut slots: Vec<Slot> = slots.into_iter().map(|(_, slot)| slot).collect();
    slots.sort_by(|a, b| (a.starts_at, &a.window).cmp(&(b.starts_at, &b.window)));
    slots
}

/// The same window by window, each slot with its window's place in the office.
fn planned(
    catalogue: &Catalogue,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    asking: &Asking<'_>,
) -> Result<Vec<(usize, Slot)>, NothingFree> {
    if !service.bookable {
        return Err(NothingFree::NotBookable);
    }
    if !serves(office, &service.id) {
        return Err(NothingFree::NoWindow);
    }
    let horizon = horizon(office, service, asking.now);
    if on > horizon.last_on {
        return Err(NothingFree::BeyondHorizon);
    }
    let calendar = &catalogue.calendar;
    let mut slots: Vec<(usize, Slot)> = Vec::new();
    for (at, window) in office.windows.iter().enumerate() {
        slots.extend(grid(catalogue, office, window, service, on).into_iter().map(|slot| (at, slot)));
    }
    if slots.is_empty() {
        let holiday = calendar.days.get(&on) == Some(&SpecialDay::Holiday);
        return Err(if holiday { NothingFree::Holiday } else { NothingFree::Closed });
    }
    slots.retain(|(_, slot)| slot.starts_at >= horizon.earliest_at);
    if slots.is_empty() {
        return Err(NothingFree::BeforeLeadTime);
    }
    if let Some(with) = asking.with {
        let theirs: Vec<bool> = office
            .windows
            .iter()
            .map(|window| specialist(calendar, office, &window.id, on).is_some_and(|there| there.id == *with))
            .collect();
        slots.retain(|(at, _)| theirs.get(*at) == Some(&true));
        if slots.is_empty() {
            return Err(NothingFree::SpecialistAway);
        }
    }
    let keeps = |window: &Window| {
        (!window.kept.is_empty()).then(|| kept(calendar, office, window, on, asking.share, asking.now))
    };
    let keeping: Vec<Option<CellSet>> = office.windows.iter().map(keeps).collect();
    slots.retain(|(at, slot)| {
        keeping.get(*at).and_then(Option::as_ref).is_none_or(|kept| !kept.touches(slot.cells))
    });
    if slots.is_empty() { Err(NothingFree::Kept) } else { Ok(slots) }
}

/// Whether any window of the office receives for the service at all.
pub fn serves(office: &Office, service: &ServiceId) -> bool {
    office.windows.iter().any(|window| window.services.iter().any(|offered| offered.service == *service))
}

/// The windows in which a start can be had, best first: those in which it leaves the least time that is of no use to
/// anybody, of these those that receive for the fewest services, so that the versatile ones stay free for others; `spread`
/// scatters equals over the windows. `taken` tells a window's taken cells on the date.
pub fn candidates(
    catalogue: &Catalogue,
    office: &Office,
    slots: &[Slot],
    spread: u64,
    taken: impl Fn(&WindowId) -> CellSet,
) -> Vec<Slot> {
    let mut classes: BTreeMap<(usize, usize), Vec<Slot>> = BTreeMap::new();
    for slot in slots {
        let Some(window) = office.windows.iter().find(|window| window.id == slot.window) else { continue };
        let received: Vec<&ServiceId> = window
            .services
            .iter()
            .map(|offered| &offered.service)
            .filter(|service| receives(&catalogue.calendar, window, service, slot.on))
            .collect();
        let lost = lost_beside(catalogue, office, window, &received, slot, &taken(&slot.window));
        classes.entry((lost, received.len())).or_default().push(slot.clone());
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

/// How many free cells around a slot nothing that the window receives fits into once the slot is taken, of those into which
/// something does now.
fn lost_beside(
    catalogue: &Catalogue,
    office: &Office,
    window: &Window,
    received: &[&ServiceId],
    slot: &Slot,
    taken: &CellSet,
) -> usize {
    let open: CellSet = open_intervals(&catalogue.calendar, office, window, slot.on)
        .iter()
        .flat_map(|open| open.iter())
        .collect();
    let free = open.minus(taken);
    let starts: Vec<CellRange> = received
        .iter()
        .filter_map(|service| catalogue.services.get(*service))
        .flat_map(|service| grid(catalogue, office, window, service, slot.on))
        .map(|start| start.cells)
        .collect();
    let of_use = |free: &CellSet| -> CellSet {
        starts.iter().filter(|cells| free.covers(**cells)).flat_map(|cells| cells.iter()).collect()
    };
    let after = of_use(&free.minus(&slot.cells.into()));
    of_use(&free).minus(&slot.cells.into()).minus(&after).iter().count()
}

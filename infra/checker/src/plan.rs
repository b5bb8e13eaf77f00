//! The world made ready for questions: zones, and the grid of possible starts.
//!
//! A window that is open from `from` to `to` can start a visit at `from` and then every length + buffer cells, as
//! long as the visit's length ends by `to`; it takes length + buffer cells, cut at `to`.

use crate::decode::{CellSet, PageKey};
use crate::history::{Cells, Day, Limits, Service, World};
use chrono::{
    DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap};

/// Minutes in a cell.
const CELL_MIN: i64 = 5;
/// The hour of an office's morning at which the horizon moves on by a day.
const HORIZON_ROLLS_AT_HOUR: i64 = 8;

/// An office's zone.
#[derive(Debug, Clone, Copy)]
pub enum Zone {
    Named(Tz),
    Fixed(FixedOffset),
}

impl Zone {
    fn parse(text: &str) -> Option<Self> {
        text.parse().map(Zone::Named).or_else(|_| text.parse().map(Zone::Fixed)).ok()
    }

    /// The wall clock at an instant.
    pub fn local(self, at_us: i64) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_micros(at_us).unwrap_or_default();
        match self {
            Zone::Named(zone) => utc.with_timezone(&zone).naive_local(),
            Zone::Fixed(offset) => utc.with_timezone(&offset).naive_local(),
        }
    }

    /// The instant of a wall-clock time, in microseconds: the first of two, the jump of none.
    pub fn instant_us(self, local: NaiveDateTime) -> i64 {
        let utc: Option<DateTime<Utc>> = match self {
            Zone::Named(zone) => zone.from_local_datetime(&local).earliest().map(|at| at.to_utc()),
            Zone::Fixed(offset) => offset.from_local_datetime(&local).earliest().map(|at| at.to_utc()),
        };
        utc.unwrap_or_else(|| self.after_the_jump(local)).timestamp_micros()
    }

    fn after_the_jump(self, local: NaiveDateTime) -> DateTime<Utc> {
        let offset = match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&local).fix(),
            Zone::Fixed(offset) => offset,
        };
        (local - offset).and_utc()
    }
}

/// A place in a window's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub cells: Cells,
    pub starts_at_s: i64,
    /// Without the buffer.
    pub ends_at_s: i64,
}

#[derive(Debug)]
pub struct OfficePlan {
    pub zone: Zone,
    pub no_show: bool,
    pub windows: BTreeMap<String, WindowPlan>,
}

#[derive(Debug)]
pub struct WindowPlan {
    services: Vec<String>,
    days: BTreeMap<NaiveDate, Day>,
}

impl WindowPlan {
    pub fn receives(&self, service: &str, on: NaiveDate) -> bool {
        self.services_on(on).iter().any(|at| at == service)
    }

    pub fn services_on(&self, on: NaiveDate) -> &[String] {
        self.days.get(&on).and_then(|day| day.services.as_ref()).unwrap_or(&self.services)
    }

    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.days.keys().copied()
    }
}

/// Everything that was there before.
#[derive(Debug)]
pub struct Plan {
    pub offices: HashMap<String, OfficePlan>,
    pub services: HashMap<String, Service>,
    pub limits: Limits,
}

impl Plan {
    /// Makes a world ready. The texts name what in it cannot be read.
    pub fn of(world: &World) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let mut offices = HashMap::new();
        for office in &world.offices {
            let Some(zone) = Zone::parse(&office.zone) else {
                wrong.push(format!("office {} has no zone that is known: {}", office.id, office.zone));
                continue;
            };
            let mut windows = BTreeMap::new();
            for window in &office.windows {
                let mut days = BTreeMap::new();
                for day in &window.days {
                    match day.on.parse::<NaiveDate>() {
                        Ok(on) => {
                            days.insert(on, day.clone());
                        }
                        Err(_) => wrong.push(format!("{}/{} {} is no date", office.id, window.id, day.on)),
                    }
                }
                windows.insert(window.id.clone(), WindowPlan { services: window.services.clone(), days });
            }
            offices.insert(office.id.clone(), OfficePlan { zone, no_show: office.no_show, windows });
        }
        let services = world.services.iter().map(|service| (service.id.clone(), service.clone())).collect();
        (Self { offices, services, limits: world.limits.clone() }, wrong)
    }

    /// Whether offices' windows and services are known well enough for judging a seat.
    pub fn knows(&self, office: &str, service: &str) -> bool {
        self.offices.contains_key(office) && self.services.contains_key(service)
    }

    /// All slots of a window for a service on a date.
    pub fn slots(&self, office: &str, window: &str, service: &str, on: NaiveDate) -> Vec<Slot> {
        let Some(day) = self.day(office, window, service, on) else { return Vec::new() };
        let step = usize::from(day.length + day.buffer);
        let starts = day.open.iter().flat_map(|open| (open.from..open.to).step_by(step));
        starts.filter_map(|from| day.slot(from)).collect()
    }

    /// The slot that begins with a cell, if there is one.
    pub fn slot(&self, office: &str, window: &str, service: &str, on: NaiveDate, from: u16) -> Option<Slot> {
        self.day(office, window, service, on)?.slot(from)
    }

    /// The slots with which a start can be had, one a window: what the public knows as one slot.
    pub fn at_start(&self, office: &str, service: &str, starts_at_s: i64) -> Vec<(NaiveDate, String, Slot)> {
        let Some(at) = self.offices.get(office) else { return Vec::new() };
        let local = at.zone.local(starts_at_s * 1_000_000);
        let (on, from) = (local.date(), (local.hour() * 60 + local.minute()) / CELL_MIN as u32);
        let in_window = |window: &String| {
            let slot = self.slot(office, window, service, on, u16::try_from(from).ok()?)?;
            (slot.starts_at_s == starts_at_s).then(|| (on, window.clone(), slot))
        };
        at.windows.keys().filter_map(in_window).collect()
    }

    fn day(&self, office: &str, window: &str, service: &str, on: NaiveDate) -> Option<DayOf<'_>> {
        let (at, service) = (self.offices.get(office)?, self.services.get(service)?);
        let window = at.windows.get(window).filter(|window| window.receives(&service.id, on))?;
        let day = window.days.get(&on).filter(|_| service.length > 0)?;
        Some(DayOf { zone: at.zone, on, open: &day.open, length: service.length, buffer: service.buffer })
    }

    /// The specialist who receives at a window on a date.
    pub fn who(&self, office: &str, window: &str, on: NaiveDate) -> Option<&str> {
        self.offices.get(office)?.windows.get(window)?.days.get(&on)?.who.as_deref()
    }

    /// The cells of a window's date that the public cannot have at an instant.
    pub fn kept(&self, page: &PageKey, at_us: i64) -> CellSet {
        let window = self.offices.get(&page.office).and_then(|office| office.windows.get(&page.window));
        let kept = window.and_then(|window| window.days.get(&page.on)).map(|day| day.kept.as_slice());
        let still = kept.unwrap_or_default().iter().filter(|kept| at_us < kept.until_s * 1_000_000);
        still.fold(CellSet::default(), |cells, kept| cells.union(&kept.cells.into()))
    }

    /// The last date that a service's calendar shows at an instant.
    pub fn horizon(&self, office: &str, service: &str, at_us: i64) -> Option<NaiveDate> {
        let (at, service) = (self.offices.get(office)?, self.services.get(service)?);
        let rolled = at.zone.local(at_us - HORIZON_ROLLS_AT_HOUR * 3_600_000_000).date();
        rolled.checked_add_days(Days::new(u64::from(service.horizon_days)))
    }
}

/// A window's day for one service.
struct DayOf<'a> {
    zone: Zone,
    on: NaiveDate,
    open: &'a [Cells],
    length: u16,
    buffer: u16,
}

impl DayOf<'_> {
    fn slot(&self, from: u16) -> Option<Slot> {
        let step = self.length + self.buffer;
        let open = self.open.iter().find(|open| open.from <= from && from + self.length <= open.to)?;
        (from - open.from).is_multiple_of(step).then(|| {
            let starts_at_s = start_s(self.zone, self.on, from);
            Slot {
                cells: Cells { from, to: (from + step).min(open.to) },
                starts_at_s,
                ends_at_s: starts_at_s + i64::from(self.length) * CELL_MIN * 60,
            }
        })
    }
}

fn start_s(zone: Zone, on: NaiveDate, cell: u16) -> i64 {
    let minutes = u32::from(cell) * CELL_MIN as u32;
    let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or(NaiveTime::MIN);
    zone.instant_us(on.and_time(time)) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Office, Window};

    fn plan(zone: &str, open: &[(u16, u16)]) -> Plan {
        let open = open.iter().map(|(from, to)| Cells { from: *from, to: *to }).collect();
        let days = vec![Day { on: "2026-12-02".into(), open, services: None, who: None, kept: Vec::new() }];
        let window = Window { id: "a".into(), services: vec!["talk".into()], days };
        let office = Office { id: "one".into(), zone: zone.into(), no_show: true, windows: vec![window] };
        let service = Service { id: "talk".into(), length: 6, buffer: 1, lead_min: 120, horizon_days: 30 };
        let (plan, wrong) =
            Plan::of(&World { offices: vec![office], services: vec![service], limits: Limits::default() });
        assert!(wrong.is_empty(), "{wrong:?}");
        plan
    }

    fn cells(plan: &Plan) -> Vec<(u16, u16)> {
        let on = "2026-12-02".parse().unwrap();
        plan.slots("one", "a", "talk", on).iter().map(|slot| (slot.cells.from, slot.cells.to)).collect()
    }

    #[test]
    fn the_grid_begins_with_each_interval_and_the_last_buffer_may_be_cut() {
        assert_eq!(
            cells(&plan("+03:00", &[(120, 133), (150, 155), (160, 174)])),
            [(120, 127), (127, 133), (160, 167), (167, 174)]
        );
    }

    #[test]
    fn a_start_is_found_by_its_instant_in_either_kind_of_zone() {
        for zone in ["+03:00", "Europe/Moscow"] {
            let plan = plan(zone, &[(120, 133)]);
            let starts_at_s = DateTime::parse_from_rfc3339("2026-12-02T10:35:00+03:00").unwrap().timestamp();
            let found = plan.at_start("one", "talk", starts_at_s);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].2.cells, Cells { from: 127, to: 133 });
            assert_eq!(found[0].2.ends_at_s, starts_at_s + 1800);
            assert!(plan.at_start("one", "talk", starts_at_s + 300).is_empty());
        }
    }
}

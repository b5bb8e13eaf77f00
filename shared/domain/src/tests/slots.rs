//! Slots against a second reckoning, minute by minute and without sets of cells (AVL-1, AVL-3, AVL-7).

use super::{always, at, catalogue, december, hours, office, range, service, window};
use crate::WindowId;
use crate::availability::{
    Asking, NothingFree, Slot, candidates, free_slots, grid, horizon, planned_slots, serves,
};
use crate::catalogue::{
    Catalogue, Closure, Dates, Kept, Office, Service, Share, SpecialDay, WeekPlan, WorkingCalendar,
};
use crate::cells::CellRange;
use crate::page::CellSet;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One zone of each of Russia's eleven offsets.
const ZONES: [Tz; 11] = [
    Tz::Europe__Kaliningrad,
    Tz::Europe__Moscow,
    Tz::Europe__Samara,
    Tz::Asia__Yekaterinburg,
    Tz::Asia__Omsk,
    Tz::Asia__Novosibirsk,
    Tz::Asia__Irkutsk,
    Tz::Asia__Yakutsk,
    Tz::Asia__Vladivostok,
    Tz::Asia__Magadan,
    Tz::Asia__Kamchatka,
];

const DAY_MIN: u16 = 24 * 60;

/// Intervals of a day, in minutes.
type Hours = Vec<(u16, u16)>;

/// The intervals of each weekday, one-off hours by day of December, and which services are received.
type DrawnWindow = (Vec<Hours>, BTreeMap<u32, Hours>, Vec<usize>);

/// A schedule in minutes, as it was drawn.
#[derive(Debug, Clone)]
struct Drawn {
    zone: Tz,
    windows: Vec<DrawnWindow>,
    closures: Vec<(u32, Option<(u16, u16)>)>,
    special: BTreeMap<u32, u8>,
    /// Duration and buffer.
    services: Vec<(u16, u16)>,
    /// Hours of a window that are kept: for whom, and so many hours before.
    kept: Vec<(usize, Share, (u16, u16), i64)>,
}

fn interval() -> impl Strategy<Value = (u16, u16)> {
    (84u16..230, 1u16..60).prop_map(|(from, length)| (from * 5, (from + length).min(287) * 5))
}

/// Up to three intervals that do not touch.
fn day() -> impl Strategy<Value = Hours> {
    vec(interval(), 0..=3).prop_map(|mut drawn| {
        drawn.sort_unstable();
        let mut apart = Hours::new();
        for one in drawn {
            if apart.last().is_none_or(|last| last.1 < one.0) {
                apart.push(one);
            }
        }
        apart
    })
}

prop_compose! {
    fn schedules()(
        zone in 0usize..11,
        windows in vec(
            (vec(day(), 7), proptest::collection::btree_map(1u32..=14, day(), 0..3), vec(0usize..3, 1..=3)),
            1..=3,
        ),
        closures in vec((1u32..=14, option::of(interval())), 0..3),
        special in proptest::collection::btree_map(1u32..=14, 0u8..9, 0..3),
        services in vec((1u16..=24, 0u16..=3), 3),
        kept in vec((0usize..3, prop_oneof![Just(Share::Operators), Just(Share::Emergencies)], interval(), 0i64..200), 0..3),
    ) -> Drawn {
        let services = services.into_iter().map(|(length, buffer)| (length * 5, buffer * 5)).collect();
        Drawn { zone: ZONES[zone], windows, closures, special, services, kept }
    }
}

fn special(code: u8) -> SpecialDay {
    match code {
        0 => SpecialDay::Holiday,
        1 => SpecialDay::Short,
        day => SpecialDay::WorkingAs(Weekday::try_from(day - 2).unwrap()),
    }
}

fn cells(minutes: &(u16, u16)) -> CellRange {
    range(minutes.0 / 5, minutes.1 / 5)
}

/// What was drawn, as the catalogue has it.
fn built(drawn: &Drawn) -> (Catalogue, Office, Vec<Service>) {
    let services: Vec<Service> = drawn
        .services
        .iter()
        .enumerate()
        .map(|(n, (duration, buffer))| service(&format!("s{n}"), *duration, *buffer))
        .collect();
    let mut windows = Vec::new();
    for (n, (week, changes, received)) in drawn.windows.iter().enumerate() {
        let days = core::array::from_fn(|day| week[day].iter().map(cells).collect());
        let plan = WeekPlan { valid_from: None, valid_to: None, days };
        let mut names: Vec<String> = received.iter().map(|n| format!("s{n}")).collect();
        names.dedup();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut made = window(["a", "b", "c"][n], vec![plan], &names);
        made.changes =
            changes.iter().map(|(day, hours)| (december(*day), hours.iter().map(cells).collect())).collect();
        let of_window = drawn.kept.iter().filter(|(window, ..)| *window == n);
        made.kept = of_window
            .map(|(_, share, hours, before)| Kept {
                share: *share,
                hours: vec![cells(hours)],
                dates: Dates::default(),
                release: TimeDelta::hours(*before),
            })
            .collect();
        windows.push(made);
    }
    let mut office = office(drawn.zone, windows);
    office.closures = drawn
        .closures
        .iter()
        .map(|(day, part)| Closure {
            on: december(*day),
            cells: part.as_ref().map(cells),
            windows: None,
            reason: super::said(""),
        })
        .collect();
    let days = drawn.special.iter().map(|(day, code)| (december(*day), special(*code))).collect();
    let town = catalogue(office.clone(), services.clone(), WorkingCalendar { days });
    (town, office, services)
}

/// Whether a window is open in each minute of a date.
fn open_minutes(drawn: &Drawn, window: usize, on: NaiveDate) -> Vec<bool> {
    let (week, changes, _) = &drawn.windows[window];
    let code = drawn.special.get(&on.day()).copied();
    let weekday = match code {
        Some(day @ 2..) => usize::from(day - 2),
        _ => on.weekday().num_days_from_monday() as usize,
    };
    let mut open = vec![false; usize::from(DAY_MIN)];
    let planned = &week[weekday];
    let (hours, cut) = match (changes.get(&on.day()), code) {
        (Some(changed), _) => (changed.as_slice(), DAY_MIN),
        (None, Some(0)) => (&[][..], DAY_MIN),
        (None, Some(1)) => (planned.as_slice(), planned.last().map_or(0, |last| last.1.saturating_sub(60))),
        (None, _) => (planned.as_slice(), DAY_MIN),
    };
    for (from, to) in hours {
        for minute in *from..(*to).min(cut) {
            open[usize::from(minute)] = true;
        }
    }
    for (_, part) in drawn.closures.iter().filter(|(day, _)| *day == on.day()) {
        let (from, to) = part.unwrap_or((0, DAY_MIN));
        for minute in from..to {
            open[usize::from(minute)] = false;
        }
    }
    open
}

/// Starts of a service in a window by walking through the day's minutes: (first minute, minutes taken).
fn walked(open: &[bool], duration: u16, buffer: u16) -> Vec<(u16, u16)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < DAY_MIN {
        let fits = (at..at + duration).all(|minute| open.get(usize::from(minute)) == Some(&true));
        if fits {
            let taken = (at..at + duration + buffer)
                .take_while(|minute| open.get(usize::from(*minute)) == Some(&true))
                .count();
            let taken = u16::try_from(taken).unwrap();
            found.push((at, taken));
            at += taken;
            continue;
        }
        // Too short from here: go on behind this interval, or from the next minute when there is none here.
        while at < DAY_MIN && open[usize::from(at)] {
            at += 1;
        }
        while at < DAY_MIN && !open[usize::from(at)] {
            at += 1;
        }
    }
    found
}

fn instant(zone: Tz, on: NaiveDate, minute: u16) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(u32::from(minute) / 60, u32::from(minute) % 60, 0).unwrap();
    zone.from_local_datetime(&on.and_time(time)).single().unwrap().to_utc()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn slots_are_those_that_walking_through_the_minutes_finds(
        drawn in schedules(), which in 0usize..3, day in 1u32..=14, hour in 0i64..14 * 24, taken in vec((0usize..3, 84u16..280), 0..40),
        share in prop_oneof![Just(Share::Public), Just(Share::Operators), Just(Share::Emergencies)],
    ) {
        let (town, office, services) = built(&drawn);
        let (service, on) = (&services[which], december(day));
        let now = at("2026-12-01T00:00:00Z") + TimeDelta::hours(hour);
        let (duration, buffer) = drawn.services[which];
        let is_taken = |window: usize, minute: u16| taken.iter().any(|(w, cell)| (*w, *cell) == (window, minute / 5));
        let mut expected = Vec::new();
        for n in (0..drawn.windows.len()).filter(|n| drawn.windows[*n].2.contains(&which)) {
            for (from, length) in walked(&open_minutes(&drawn, n, on), duration, buffer) {
                let starts_at = instant(drawn.zone, on, from);
                let in_time = starts_at >= now + TimeDelta::hours(2);
                let hidden = drawn.kept.iter().any(|(window, of, (first, last), before)| {
                    let ends = instant(drawn.zone, on, *first) - TimeDelta::hours(*before);
                    *window == n && *of > share && now < ends && from < *last && *first < from + length
                });
                if in_time && !hidden && (from..from + length).all(|minute| !is_taken(n, minute)) {
                    expected.push((starts_at, ["a", "b", "c"][n], starts_at + TimeDelta::minutes(duration.into()), length / 5));
                }
            }
        }
        expected.sort();
        let cells_of = |window: &WindowId| -> CellSet {
            let n = ["a", "b", "c"].iter().position(|name| *name == window.as_str()).unwrap();
            taken.iter().filter(|(w, _)| *w == n).map(|(_, cell)| *cell).collect()
        };
        let found = free_slots(&town, &office, service, on, &Asking { share, ..Asking::anybody(now) }, cells_of);
        let shown: Vec<_> = found.iter().flatten().map(|slot| (slot.starts_at, slot.window.as_str(), slot.ends_at, slot.cells.len())).collect();
        prop_assert_eq!(&shown, &expected, "{:?}", found);
        for slot in found.iter().flatten() {
            let local = slot.starts_at.with_timezone(&drawn.zone);
            prop_assert_eq!((local.date_naive(), slot.on), (on, on));
        }
    }
}

/// Nine to twelve in window «a», every day, for half an hour with ten minutes' buffer.
fn small() -> (Catalogue, Office, Service) {
    let service = service("talk", 30, 10);
    let office = office(Tz::Europe__Moscow, vec![window("a", vec![always(vec![hours(9, 12)])], &["talk"])]);
    (catalogue(office.clone(), vec![service.clone()], WorkingCalendar::default()), office, service)
}

fn starts(slots: &[Slot]) -> Vec<String> {
    slots
        .iter()
        .map(|slot| slot.starts_at.with_timezone(&Tz::Europe__Moscow).format("%H:%M").to_string())
        .collect()
}

#[test]
fn a_day_is_cut_into_visits_and_pauses_and_the_last_pause_may_be_cut() {
    let (town, office, service) = small();
    let slots = grid(&town, &office, &office.windows[0], &service, december(3));
    assert_eq!(starts(&slots), ["09:00", "09:40", "10:20", "11:00"]);
    assert_eq!(slots[0].cells, range(108, 116));
    assert_eq!(slots[0].ends_at - slots[0].starts_at, TimeDelta::minutes(30));
    assert_eq!(slots[3].cells, range(132, 140));
    let tight = Service { duration_min: 60, buffer_min: 30, ..service.clone() };
    let slots = grid(&town, &office, &office.windows[0], &tight, december(3));
    assert_eq!(slots.iter().map(|slot| slot.cells).collect::<Vec<_>>(), [range(108, 126), range(126, 144)]);
    let fits = Service { duration_min: 180, buffer_min: 30, ..service.clone() };
    let slots = grid(&town, &office, &office.windows[0], &fits, december(3));
    assert_eq!(
        slots.iter().map(|slot| slot.cells).collect::<Vec<_>>(),
        [range(108, 144)],
        "no room for the pause"
    );
    let nothing = Service { duration_min: 0, ..service.clone() };
    assert_eq!(grid(&town, &office, &office.windows[0], &nothing, december(3)), []);
    let other = Service { id: "paper".parse().unwrap(), ..service };
    assert_eq!(grid(&town, &office, &office.windows[0], &other, december(3)), []);
}

#[test]
fn the_horizon_moves_on_at_eight_by_the_offices_clock() {
    let (_, office, service) = small();
    let ahead = |now: &str| horizon(&office, &service, at(now));
    let before = ahead("2026-12-01T07:59:59+03:00");
    assert_eq!((before.first_on, before.last_on), (december(1), december(30)));
    let after = ahead("2026-12-01T08:00:00+03:00");
    assert_eq!((after.first_on, after.last_on), (december(1), december(31)));
    assert_eq!(after.earliest_at, at("2026-12-01T10:00:00+03:00"));
    assert_eq!(ahead("2026-12-01T01:00:00+03:00").first_on, december(1), "still yesterday in UTC");
}

#[test]
fn a_day_without_slots_says_why() {
    let (mut town, office, service) = small();
    let now = at("2026-12-01T09:00:00+03:00");
    let anybody = Asking::anybody(now);
    let why = |town: &Catalogue, service: &Service, on: NaiveDate| {
        planned_slots(town, &office, service, on, &anybody).err()
    };
    assert_eq!(why(&town, &service, december(31)), None);
    assert_eq!(why(&town, &service, december(31) + Days::new(1)), Some(NothingFree::BeyondHorizon));
    assert_eq!(starts(&planned_slots(&town, &office, &service, december(1), &anybody).unwrap()), ["11:00"]);
    let late = at("2026-12-01T09:00:01+03:00");
    assert_eq!(
        planned_slots(&town, &office, &service, december(1), &Asking::anybody(late)).err(),
        Some(NothingFree::BeforeLeadTime)
    );
    let shut = Service { bookable: false, ..service.clone() };
    assert_eq!(why(&town, &shut, december(3)), Some(NothingFree::NotBookable));
    let other = Service { id: "paper".parse().unwrap(), ..service.clone() };
    assert_eq!(why(&town, &other, december(3)), Some(NothingFree::NoWindow));
    assert!(serves(&office, &service.id) && !serves(&office, &other.id));
    town.calendar.days.insert(december(3), SpecialDay::Holiday);
    assert_eq!(why(&town, &service, december(3)), Some(NothingFree::Holiday));
    let mut closed = office.clone();
    closed.closures.push(Closure { on: december(4), cells: None, windows: None, reason: super::said("") });
    assert_eq!(
        planned_slots(&town, &closed, &service, december(4), &anybody).err(),
        Some(NothingFree::Closed)
    );
    let full: CellSet = hours(9, 12).into();
    assert_eq!(
        free_slots(&town, &office, &service, december(4), &anybody, |_| full).err(),
        Some(NothingFree::AllTaken)
    );
}

#[test]
fn the_window_that_can_do_least_else_is_taken_first_and_equals_take_turns() {
    let plan = || vec![always(vec![hours(9, 12)])];
    let mut versatile = window("a", plan(), &["talk", "paper", "other"]);
    let office_of = |windows| office(Tz::Europe__Moscow, windows);
    let plain =
        [window("b", plan(), &["talk"]), window("c", plan(), &["talk"]), window("d", plan(), &["talk"])];
    let order = |windows: Vec<_>, spread| {
        let office = office_of(windows);
        let town = catalogue(office.clone(), vec![service("talk", 30, 0)], WorkingCalendar::default());
        let now = at("2026-12-01T09:00:00+03:00");
        let talk = service("talk", 30, 0);
        let slots = planned_slots(&town, &office, &talk, december(3), &Asking::anybody(now)).unwrap();
        let first: Vec<Slot> =
            slots.iter().filter(|slot| slot.starts_at == slots[0].starts_at).cloned().collect();
        let names = candidates(&town, &office, &first, spread, |_| CellSet::default())
            .into_iter()
            .map(|slot| slot.window.to_string());
        names.collect::<String>()
    };
    let all = |first: crate::catalogue::Window| [vec![first], plain.to_vec()].concat();
    assert_eq!(
        [0, 1, 2, 3].map(|spread| order(all(versatile.clone()), spread)),
        ["bcda", "cdba", "dbca", "bcda"]
    );
    // What it does on other days only does not count.
    for offered in &mut versatile.services[1..] {
        offered.weekdays = Some(vec![Weekday::Mon]);
    }
    assert_eq!(order(all(versatile), 0), "abcd");
}

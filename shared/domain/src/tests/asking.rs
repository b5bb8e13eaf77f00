//! Who asks for time, and on what days: specialists, shares, clocks that jump.

use super::{always, at, catalogue, december, hours, office, range, said, service, window};
use crate::availability::{Asking, NothingFree, Slot, free_slots, grid, planned_slots};
use crate::catalogue::{
    Catalogue, Dates, Kept, Office, Post, Share, Specialist, WindowService, WorkingCalendar,
};
use crate::cells::instant;
use crate::page::CellSet;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

/// Anna at «a», Boris at «b», nobody known at «c»; nine to ten.
fn town() -> (Catalogue, Office) {
    let plan = || vec![always(vec![hours(9, 10)])];
    let mut windows = vec![
        window("a", plan(), &["talk"]),
        window("b", plan(), &["talk", "paper"]),
        window("c", plan(), &["talk"]),
    ];
    for (at, who) in ["anna", "boris"].into_iter().enumerate() {
        let specialist = Some(who.parse().unwrap());
        windows[at].posts = vec![Post { specialist, dates: Dates::default() }];
    }
    let mut office = office(Tz::Europe__Moscow, windows);
    office.specialists =
        ["anna", "boris"].map(|who| Specialist { id: who.parse().unwrap(), name: said(who) }).to_vec();
    let services = vec![service("talk", 30, 0), service("paper", 30, 0)];
    (catalogue(office.clone(), services, WorkingCalendar::default()), office)
}

fn windows(slots: &[Slot]) -> String {
    slots.iter().map(|slot| slot.window.as_str()).collect()
}

#[test]
fn only_the_windows_of_whoever_is_asked_for() {
    let (town, office) = town();
    let now = at("2026-12-01T09:00:00+03:00");
    let (talk, paper) = (&town.services[&"talk".parse().unwrap()], &town.services[&"paper".parse().unwrap()]);
    let with = |service, who: &str| {
        let id = who.parse().unwrap();
        let asking = Asking { with: Some(&id), ..Asking::anybody(now) };
        planned_slots(&town, &office, service, december(3), &asking).map(|slots| windows(&slots))
    };
    assert_eq!((with(talk, "anna"), with(talk, "boris")), (Ok("aa".to_owned()), Ok("bb".to_owned())));
    assert_eq!(with(paper, "anna"), Err(NothingFree::SpecialistAway));
    let anybody = planned_slots(&town, &office, talk, december(3), &Asking::anybody(now)).unwrap();
    assert_eq!(windows(&anybody), "abcabc");
    // Taken is what is taken at the window itself.
    let full = |window: &crate::WindowId| match window.as_str() {
        "a" => hours(9, 10).into(),
        "c" => range(108, 114).into(),
        _ => CellSet::default(),
    };
    let free = free_slots(&town, &office, talk, december(3), &Asking::anybody(now), full).unwrap();
    assert_eq!(windows(&free), "bbc");
}

#[test]
fn what_is_kept_is_of_one_window_and_of_what_it_touches() {
    let (town, mut office) = town();
    let now = at("2026-12-01T09:00:00+03:00");
    let talk = &town.services[&"talk".parse().unwrap()];
    // Five minutes in the first half hour at «a».
    let kept = |share| Kept {
        share,
        hours: vec![range(113, 114)],
        dates: Dates::default(),
        release: TimeDelta::hours(1),
    };
    office.windows[0].kept = vec![kept(Share::Operators)];
    let theirs = |office: &Office, share| {
        let asking = Asking { share, ..Asking::anybody(now) };
        planned_slots(&town, office, talk, december(3), &asking).map(|slots| windows(&slots))
    };
    assert_eq!(theirs(&office, Share::Public), Ok("bcabc".to_owned()));
    assert_eq!(theirs(&office, Share::Operators), Ok("abcabc".to_owned()));
    for window in &mut office.windows {
        window.kept = vec![Kept { hours: vec![hours(9, 10)], ..kept(Share::Emergencies) }];
    }
    assert_eq!(theirs(&office, Share::Operators), Err(NothingFree::Kept));
    assert_eq!(theirs(&office, Share::Emergencies), Ok("abcabc".to_owned()));
}

#[test]
fn where_the_clock_jumps_between_the_hours_each_start_is_what_the_clock_shows() {
    let night = vec![always(vec![range(0, 72)])];
    let office = office(Tz::Europe__Berlin, vec![window("a", night, &["talk"])]);
    let talk = service("talk", 60, 0);
    let town = catalogue(office.clone(), vec![talk.clone()], WorkingCalendar::default());
    let hours_after_midnight = |on: &str| -> Vec<i64> {
        let on: NaiveDate = on.parse().unwrap();
        let slots = grid(&town, &office, &office.windows[0], &talk, on);
        let midnight = instant(office.zone, on, 0);
        assert!(slots.iter().all(|slot| slot.starts_at == instant(office.zone, on, slot.cells.from())));
        slots.iter().map(|slot| (slot.starts_at - midnight).num_minutes()).collect()
    };
    // Three o'clock comes an hour later when two comes twice, and an hour earlier when it does not come.
    assert_eq!(hours_after_midnight("2026-10-25"), [0, 60, 120, 240, 300, 360]);
    assert_eq!(hours_after_midnight("2026-03-29"), [0, 60, 120, 120, 180, 240]);
    assert_eq!(hours_after_midnight("2026-12-01"), [0, 60, 120, 180, 240, 300]);
}

#[test]
fn a_window_that_receives_on_other_days_only_has_nothing() {
    let (town, mut office) = town();
    for window in &mut office.windows {
        let service = "talk".parse().unwrap();
        window.services = vec![WindowService { service, weekdays: None, dates: Some(vec![december(4)]) }];
    }
    let now = at("2026-12-01T09:00:00+03:00");
    let talk = &town.services[&"talk".parse().unwrap()];
    let on = |day| {
        planned_slots(&town, &office, talk, december(day), &Asking::anybody(now)).map(|slots| slots.len())
    };
    assert_eq!((on(3), on(4)), (Err(NothingFree::Closed), Ok(6)));
}

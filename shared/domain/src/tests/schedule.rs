//! When a window receives (AVL-2): plans, one-off hours, holidays, moved days, closures.

use super::{always, appointment, at, december, hours, office, range, said, seat, window};
use crate::appointment::{Phase, Seat};
use crate::catalogue::{
    Closure, Dates, Kept, Office, Post, Share, SpecialDay, Specialist, WeekPlan, Window, WorkingCalendar,
};
use crate::cells::CellRange;
use crate::schedule::{self, Plan, open_intervals, receives, replaced, specialist, working_weekday};
use chrono::{NaiveDate, TimeDelta, Weekday};
use chrono_tz::Europe::Moscow;
use std::collections::BTreeMap;

fn special(days: &[(u32, SpecialDay)]) -> WorkingCalendar {
    WorkingCalendar { days: days.iter().map(|(day, special)| (december(*day), *special)).collect() }
}

/// From Monday: nine to one and two to six; on Friday until five; nothing at the weekend.
fn week() -> WeekPlan {
    let usual = vec![hours(9, 13), hours(14, 18)];
    let mut days: [Vec<CellRange>; 7] = core::array::from_fn(|_| usual.clone());
    days[4] = vec![hours(9, 13), hours(14, 17)];
    days[5] = Vec::new();
    days[6] = Vec::new();
    WeekPlan { valid_from: None, valid_to: None, days }
}

fn house(plans: Vec<WeekPlan>) -> Office {
    office(Moscow, vec![window("a", plans, &["talk"])])
}

fn open(calendar: &WorkingCalendar, office: &Office, on: NaiveDate) -> Vec<CellRange> {
    open_intervals(calendar, office, &office.windows[0], on)
}

fn plain(office: &Office, day: u32) -> Vec<CellRange> {
    open(&WorkingCalendar::default(), office, december(day))
}

#[test]
fn a_week_goes_by_its_plan() {
    let house = house(vec![week()]);
    assert_eq!(plain(&house, 3), [hours(9, 13), hours(14, 18)]);
    assert_eq!(plain(&house, 4), [hours(9, 13), hours(14, 17)]);
    assert_eq!(plain(&house, 5), []);
}

#[test]
fn a_plan_holds_on_its_first_and_its_last_date_and_the_later_one_wins() {
    let valid = |from: Option<u32>, to: Option<u32>, day| WeekPlan {
        valid_from: from.map(december),
        valid_to: to.map(december),
        ..always(vec![day])
    };
    let one = house(vec![valid(Some(3), Some(8), hours(10, 12))]);
    let none: [CellRange; 0] = [];
    assert_eq!(plain(&one, 2), none);
    assert_eq!((plain(&one, 3), plain(&one, 8)), (vec![hours(10, 12)], vec![hours(10, 12)]));
    assert_eq!(plain(&one, 9), none);
    let two = house(vec![valid(None, None, hours(9, 18)), valid(Some(7), None, hours(10, 12))]);
    assert_eq!((plain(&two, 4), plain(&two, 7)), (vec![hours(9, 18)], vec![hours(10, 12)]));
    let open_end = house(vec![valid(None, Some(8), hours(10, 12))]);
    assert_eq!((plain(&open_end, 1), plain(&open_end, 9)), (vec![hours(10, 12)], none.to_vec()));
}

#[test]
fn holidays_moved_days_and_short_days_are_the_countrys() {
    let house = house(vec![week()]);
    let calendar = special(&[
        (3, SpecialDay::Holiday),
        (5, SpecialDay::WorkingAs(Weekday::Fri)),
        (8, SpecialDay::Short),
    ]);
    assert_eq!(open(&calendar, &house, december(3)), []);
    assert_eq!(open(&calendar, &house, december(5)), [hours(9, 13), hours(14, 17)]);
    assert_eq!(open(&calendar, &house, december(8)), [hours(9, 13), hours(14, 17)]);
    assert_eq!(working_weekday(&calendar, december(5)), Weekday::Fri);
    assert_eq!(working_weekday(&calendar, december(6)), Weekday::Sun);
    assert_eq!(working_weekday(&calendar, december(8)), Weekday::Tue);
}

#[test]
fn a_short_day_takes_the_last_hour_whatever_stands_in_it() {
    let calendar = special(&[(3, SpecialDay::Short)]);
    let ends = |day: Vec<CellRange>| open(&calendar, &house(vec![always(day)]), december(3));
    assert_eq!(
        ends(vec![hours(9, 13), range(200, 206)]),
        [hours(9, 13)],
        "a last interval of half an hour goes"
    );
    assert_eq!(ends(vec![range(100, 106)]), []);
    assert_eq!(ends(vec![range(100, 113)]), [range(100, 101)]);
    assert_eq!(ends(Vec::new()), []);
}

#[test]
fn a_one_off_day_is_neither_the_plans_nor_the_countrys() {
    let mut house = house(vec![week()]);
    house.windows[0].changes = BTreeMap::from([(december(3), vec![hours(8, 9)]), (december(4), Vec::new())]);
    let calendar = special(&[(3, SpecialDay::Holiday), (8, SpecialDay::Short)]);
    assert_eq!(open(&calendar, &house, december(3)), [hours(8, 9)]);
    assert_eq!(open(&calendar, &house, december(4)), []);
    assert_eq!(plain(&house, 7), [hours(9, 13), hours(14, 18)]);
}

#[test]
fn a_closure_shuts_the_day_or_a_part_of_it_for_all() {
    let mut house = house(vec![week()]);
    let closure = |day, cells| Closure { on: december(day), cells, windows: None, reason: said("repair") };
    house.closures = vec![closure(3, None), closure(4, Some(hours(10, 11))), closure(4, Some(hours(16, 18)))];
    assert_eq!(plain(&house, 3), []);
    assert_eq!(plain(&house, 4), [hours(9, 10), hours(11, 13), hours(14, 16)]);
    assert_eq!(plain(&house, 7), [hours(9, 13), hours(14, 18)]);
}

#[test]
fn a_window_receives_for_what_it_offers_on_the_days_on_which_it_does() {
    let calendar = special(&[(5, SpecialDay::WorkingAs(Weekday::Fri))]);
    let on = |narrow: fn(&mut Window), service: &str, day| {
        let mut window = window("a", vec![week()], &["talk", "paper"]);
        narrow(&mut window);
        receives(&calendar, &window, &service.parse().unwrap(), december(day))
    };
    assert!(on(|_| {}, "talk", 3) && on(|_| {}, "paper", 3) && !on(|_| {}, "other", 3));
    let fridays: fn(&mut Window) = |window| window.services[0].weekdays = Some(vec![Weekday::Fri]);
    assert!(!on(fridays, "talk", 3) && on(fridays, "talk", 4) && on(fridays, "paper", 3));
    assert!(on(fridays, "talk", 5), "a Saturday that is a Friday");
    let dates: fn(&mut Window) = |window| window.services[0].dates = Some(vec![december(3)]);
    assert!(on(dates, "talk", 3) && !on(dates, "talk", 4));
    let both: fn(&mut Window) = |window| {
        window.services[0].weekdays = Some(vec![Weekday::Fri]);
        window.services[0].dates = Some(vec![december(3), december(4)]);
    };
    assert!(!on(both, "talk", 3) && on(both, "talk", 4) && !on(both, "talk", 11));
}

#[test]
fn of_several_posts_the_last_that_holds_is_right() {
    let specialist_of = |id: &str| Specialist { id: id.parse().unwrap(), name: said(id) };
    let post = |who: Option<&str>, from: Option<u32>, to: Option<u32>| Post {
        specialist: who.map(|who| who.parse().unwrap()),
        dates: Dates { valid_from: from.map(december), valid_to: to.map(december), weekdays: None },
    };
    let mut house = house(vec![week()]);
    house.specialists = vec![specialist_of("anna"), specialist_of("boris")];
    let mut fridays = post(Some("boris"), None, None);
    fridays.dates.weekdays = Some(vec![Weekday::Fri]);
    house.windows[0].posts =
        vec![post(Some("anna"), Some(2), Some(20)), fridays, post(None, Some(9), Some(9))];
    let calendar = special(&[(5, SpecialDay::WorkingAs(Weekday::Fri))]);
    let at = |house: &Office, day: u32| {
        let found = specialist(&calendar, house, &house.windows[0].id, december(day));
        found.map(|found| found.id.to_string())
    };
    let names: Vec<Option<String>> = [1, 2, 4, 5, 9, 20, 21].into_iter().map(|day| at(&house, day)).collect();
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    assert_eq!(names, [None, Some("anna"), Some("boris"), Some("boris"), None, Some("anna"), None]);
    // Where it differs from before, whether or not anybody else is named.
    let mut after = house.clone();
    after.windows[0].posts.pop();
    after.windows[0].posts.push(post(Some("boris"), Some(10), Some(10)));
    after.windows[0].posts.push(post(None, Some(20), None));
    let touched = replaced(plan(&calendar, &house), plan(&calendar, &after), december(1), december(31));
    let days: Vec<NaiveDate> = touched.iter().map(|page| page.on).collect();
    assert_eq!(days, [december(10), december(20), december(25)]);
}

#[test]
fn what_is_kept_is_everybodys_from_its_hour_on_and_on_other_days() {
    let fridays = Kept {
        share: Share::Operators,
        hours: vec![hours(9, 10), hours(11, 12)],
        dates: Dates {
            valid_from: Some(december(4)),
            valid_to: Some(december(11)),
            weekdays: Some(vec![Weekday::Fri]),
        },
        release: TimeDelta::hours(24),
    };
    let mut house = house(vec![week()]);
    house.windows[0].kept = vec![fridays.clone()];
    let calendar = WorkingCalendar::default();
    let kept_of = |house: &Office, on, share, now| {
        schedule::kept(&calendar, house, &house.windows[0], december(on), share, at(now)).runs()
    };
    let before = "2026-12-03T08:59:59+03:00";
    assert_eq!(kept_of(&house, 4, Share::Public, before), [hours(9, 10), hours(11, 12)]);
    assert_eq!(kept_of(&house, 4, Share::Public, "2026-12-03T09:00:00+03:00"), [hours(11, 12)]);
    assert_eq!(kept_of(&house, 4, Share::Operators, before), []);
    for free in [3, 5, 18] {
        assert_eq!(kept_of(&house, free, Share::Public, "2026-12-01T00:00:00+03:00"), [], "{free}");
    }
    let released = |after: &str, by: &str| {
        let window = &house.windows[0];
        schedule::is_released(&calendar, &house, window, december(4), at(after), at(by))
    };
    assert!(
        released(before, "2026-12-03T09:00:00+03:00")
            && !released("2026-12-03T09:00:00+03:00", "2026-12-03T10:59:59+03:00")
    );
    assert!(released("2026-12-03T09:00:00+03:00", "2026-12-03T11:00:00+03:00"));
    // One hour less of it on one of the Fridays.
    let mut after = house.clone();
    after.windows[0].kept = vec![
        Kept { hours: vec![hours(9, 10)], ..fridays.clone() },
        Kept { dates: Dates { valid_from: Some(december(11)), ..Dates::default() }, ..fridays },
    ];
    let now = at("2026-12-01T00:00:00+03:00");
    let days = |before: &Office, after: &Office| {
        let dates = (december(1), december(20));
        let pages = schedule::unkept(plan(&calendar, before), plan(&calendar, after), dates, now);
        pages.iter().map(|page| page.on).collect::<Vec<_>>()
    };
    assert_eq!(days(&house, &after), [december(4)]);
    assert_eq!(days(&after, &house).len(), 9, "every day from the 11th on but that Friday");
    house.windows[0].kept.clear();
    assert_eq!(days(&after, &house)[..2], [december(4), december(11)]);
}

fn plan<'a>(calendar: &'a WorkingCalendar, office: &'a Office) -> Plan<'a> {
    Plan { calendar, office }
}

#[test]
fn a_new_holiday_leaves_less_of_its_date_and_a_working_saturday_brings_more() {
    let mut house = house(vec![week()]);
    house.specialists = vec![Specialist { id: "anna".parse().unwrap(), name: said("Анна") }];
    let mondays = Dates { weekdays: Some(vec![Weekday::Mon]), ..Dates::default() };
    house.windows[0].posts = vec![Post { specialist: Some("anna".parse().unwrap()), dates: mondays }];
    let before = WorkingCalendar::default();
    let days = [
        (december(7), SpecialDay::Holiday),
        (december(10), SpecialDay::Short),
        (december(12), SpecialDay::WorkingAs(Weekday::Mon)),
    ];
    let after = WorkingCalendar { days: days.into() };
    let less = |before: &WorkingCalendar, after: &WorkingCalendar| {
        let pages = schedule::narrowed(plan(before, &house), plan(after, &house), december(1), december(31));
        pages.iter().map(|page| page.on).collect::<Vec<_>>()
    };
    assert_eq!(less(&before, &after), [december(7), december(10)]);
    assert_eq!(less(&after, &before), [december(12)]);
    // Whoever receives on Mondays receives on the Saturday that is worked as one.
    let gone = replaced(plan(&after, &house), plan(&before, &house), december(1), december(31));
    assert_eq!(gone.iter().map(|page| page.on).collect::<Vec<_>>(), [december(12)]);
}

#[test]
fn an_appointment_stays_where_its_window_receives_it_and_whoever_was_asked_for_is_there() {
    let calendar = WorkingCalendar::default();
    let mut house = house(vec![week()]);
    let mut other = window("b", vec![week()], &["paper"]);
    other.plans[0].days[3] = Vec::new();
    house.windows.push(other);
    let named = |id: &str| Specialist { id: id.parse().unwrap(), name: said(id) };
    house.specialists = vec![named("anna"), named("boris")];
    let always = |id: &str| Post { specialist: Some(id.parse().unwrap()), dates: Dates::default() };
    house.windows[0].posts = vec![always("anna")];
    // Thursday the third: at ten, across the break at one, and after six.
    let at = |from: u16| seat("one", december(3), from);
    let (talk, paper) = ("talk".parse().unwrap(), "paper".parse().unwrap());
    let holds = |seat: &Seat, service| schedule::holds(&calendar, &house, service, seat);
    assert!(holds(&at(120), &talk) && !holds(&at(153), &talk) && !holds(&at(216), &talk));
    assert!(!holds(&at(120), &paper), "received at the other window");
    let there = |window: &str| Seat { window: window.parse().unwrap(), ..at(120) };
    assert!(!holds(&there("b"), &talk) && !holds(&there("b"), &paper), "shut on Thursdays");
    assert!(!holds(&there("z"), &talk));
    let visit = |who: Option<&str>, from: u16| {
        let mut visit = appointment(Phase::Planned);
        visit.seat = at(from);
        visit.specialist = who.map(|who| (&named(who)).into());
        visit
    };
    let keeps = |who, from| schedule::keeps(&calendar, &house, &visit(who, from));
    assert!(keeps(None, 120) && keeps(Some("anna"), 120) && !keeps(Some("boris"), 120));
    assert!(!keeps(None, 216) && !keeps(Some("anna"), 216));
}

//! Whether a freed slot may go to somebody who waits, and why not (WTL-1, WTL-2, WTL-5).

use super::{at, december, id, number, seat};
use crate::active::{Active, CoolDown, Held, OpenOffer};
use crate::limits::{DECLINED_KEPT, OFFERS_A_DAY, ROWS_MAX};
use crate::waitlist::{
    Class, Eligible, Entry, EntryState, Part, PassedOver, TooWide, Wish, allowed_between, asleep_until,
    offer_until,
};
use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

const MOSCOW: Tz = Tz::Europe__Moscow;

/// Tuesday at ten.
fn now() -> DateTime<Utc> {
    at("2026-12-01T10:00:00+03:00")
}

/// Somebody who waits for «talk» at «one», at any time.
fn entry() -> Entry {
    Entry {
        citizen: id(1),
        service: "talk".parse().unwrap(),
        ticket: id(5),
        class: Class::Ordinary,
        wish: Wish {
            offices: vec!["one".parse().unwrap()],
            dates: None,
            weekdays: Vec::new(),
            parts: Vec::new(),
        },
        state: EntryState::Waiting,
        epoch: 1,
        rows_from: december(1),
        offer: None,
        declined: Vec::new(),
        silences: 0,
        offers_on: None,
        version: 1,
        changes: Vec::new(),
        joined_at: now(),
    }
}

fn guard() -> Active {
    Active { waiting: vec![("talk".parse().unwrap(), id(5))], ..Active::default() }
}

fn holding(service: &str, on: u32, from: u16) -> Active {
    let held = Held {
        service: service.parse().unwrap(),
        id: id(7),
        seat: seat("one", december(on), from),
        number: number(),
        version: 1,
    };
    Active { appointments: vec![held], ..guard() }
}

/// Asks about Thursday at ten.
fn asked(entry: &Entry, active: &Active) -> Result<Eligible, PassedOver> {
    entry.eligible(active, &seat("one", december(3), 120), MOSCOW, now())
}

fn with(change: impl FnOnce(&mut Entry)) -> Entry {
    let mut entry = entry();
    change(&mut entry);
    entry
}

#[test]
fn whoever_waits_and_has_nothing_in_the_way_may_be_offered_it() {
    let until = now() + TimeDelta::hours(2);
    assert_eq!(asked(&entry(), &guard()), Ok(Eligible { until, instead_of: None }));
}

#[test]
fn whoever_does_not_wait_is_offered_nothing() {
    for state in [EntryState::Paused, EntryState::Left, EntryState::Served] {
        assert_eq!(asked(&with(|entry| entry.state = state), &guard()), Err(PassedOver::NotWaiting));
    }
    assert_eq!(asked(&entry(), &Active::default()), Err(PassedOver::NotWaiting), "the guard knows no place");
    assert_eq!(
        asked(&with(|entry| entry.ticket = id(6)), &guard()),
        Err(PassedOver::NotWaiting),
        "joined anew"
    );
}

#[test]
fn one_offer_at_a_time() {
    assert_eq!(asked(&with(|entry| entry.offer = Some(id(9))), &guard()), Err(PassedOver::HasOpenOffer));
    let offer = OpenOffer { id: id(9), service: "paper".parse().unwrap(), starts_at: now(), ends_at: now() };
    assert_eq!(asked(&entry(), &Active { offer: Some(offer), ..guard() }), Err(PassedOver::HasOpenOffer));
}

#[test]
fn a_wish_is_kept_to_the_letter() {
    let wishes = |change: fn(&mut Wish)| asked(&with(|entry| change(&mut entry.wish)), &guard()).err();
    let outside = Some(PassedOver::OutsideWish);
    assert_eq!(wishes(|wish| wish.offices = vec!["two".parse().unwrap()]), outside);
    assert_eq!(wishes(|wish| wish.dates = Some((december(4), december(9)))), outside);
    assert_eq!(wishes(|wish| wish.dates = Some((december(1), december(2)))), outside);
    assert_eq!(wishes(|wish| wish.dates = Some((december(3), december(3)))), None);
    assert_eq!(wishes(|wish| wish.weekdays = vec![Weekday::Fri]), outside);
    assert_eq!(wishes(|wish| wish.weekdays = vec![Weekday::Fri, Weekday::Thu]), None);
    assert_eq!(wishes(|wish| wish.parts = vec![Part::Day, Part::Evening]), outside);
    assert_eq!(wishes(|wish| wish.parts = vec![Part::Morning]), None);
}

#[test]
fn at_most_so_many_offers_a_day_of_the_office() {
    let made =
        |on, count| asked(&with(|entry| entry.offers_on = Some((december(on), count))), &guard()).err();
    assert_eq!(made(1, OFFERS_A_DAY - 1), None);
    assert_eq!(made(1, OFFERS_A_DAY), Some(PassedOver::DailyCap));
    assert_eq!(made(30, OFFERS_A_DAY), None, "that was another day");
    let mut entry = entry();
    for count in 1..=3 {
        entry.count_offer(december(1));
        assert_eq!(entry.offers_on, Some((december(1), count)));
    }
    entry.count_offer(december(2));
    assert_eq!(entry.offers_on, Some((december(2), 1)));
}

#[test]
fn what_was_declined_is_not_offered_again() {
    let slot = seat("one", december(3), 120);
    let mut declined = entry();
    declined.decline(&slot.office, slot.starts_at);
    assert_eq!(asked(&declined, &guard()).err(), Some(PassedOver::DeclinedBefore));
    let mut other = entry();
    other.decline(&"two".parse().unwrap(), slot.starts_at);
    other.decline(&slot.office, slot.starts_at + TimeDelta::minutes(5));
    assert_eq!(asked(&other, &guard()).err(), None);
    for n in 0..20 {
        other.decline(&slot.office, now() + TimeDelta::days(n));
        assert_eq!(other.declined.len(), (n as usize + 3).min(DECLINED_KEPT));
        assert_eq!(other.declined.last().unwrap().1, now() + TimeDelta::days(n));
    }
}

#[test]
fn an_earlier_time_is_earlier_than_the_one_held_and_in_time_to_give_that_up() {
    let held = holding("talk", 4, 120);
    let eligible = asked(&entry(), &held).unwrap();
    assert_eq!((eligible.instead_of, eligible.until), (Some(id(7)), now() + TimeDelta::hours(2)));
    assert_eq!(
        asked(&entry(), &holding("talk", 3, 120)).err(),
        Some(PassedOver::AlreadyBooked),
        "the same start"
    );
    assert_eq!(asked(&entry(), &holding("talk", 3, 121)).err(), None, "five minutes earlier is earlier");
    assert_eq!(asked(&entry(), &holding("talk", 2, 180)).err(), Some(PassedOver::AlreadyBooked), "later");
    // Thursday ten is offered on Wednesday at ten to whoever has Thursday at noon: that can no longer be given up.
    let slot = seat("one", december(3), 120);
    let noon = holding("talk", 3, 144);
    let ask = |text: &str| entry().eligible(&noon, &slot, MOSCOW, at(text)).err();
    assert_eq!(ask("2026-12-02T12:00:00+03:00"), Some(PassedOver::TooClose));
    assert_eq!(ask("2026-12-02T11:50:00+03:00"), Some(PassedOver::TooClose), "no time left to answer");
    assert_eq!(ask("2026-12-02T11:45:00+03:00"), None);
}

#[test]
fn what_a_person_holds_is_in_the_way_as_for_booking() {
    assert_eq!(asked(&entry(), &holding("paper", 3, 122)).err(), Some(PassedOver::Overlaps));
    let slot = seat("one", december(3), 120);
    let cooling =
        CoolDown { office: slot.office, starts_at: slot.starts_at, until: now() + TimeDelta::minutes(9) };
    let active = Active { cool_downs: vec![cooling], ..guard() };
    assert_eq!(asked(&entry(), &active).err(), Some(PassedOver::CoolingDown));
    let mut full = guard();
    for n in 0..5u16 {
        full.appointments.extend(holding(&format!("s{n}"), 7, 100 + 10 * n).appointments);
        full.appointments.last_mut().unwrap().id = id(100 + u128::from(n));
    }
    assert_eq!(asked(&entry(), &full).err(), Some(PassedOver::TooMany));
}

#[test]
fn a_start_too_near_is_offered_to_nobody() {
    let slot = seat("one", december(1), 160);
    let ask = |entry: &Entry, text: &str| entry.eligible(&guard(), &slot, MOSCOW, at(text)).err();
    assert_eq!(ask(&entry(), "2026-12-01T10:05:00+03:00"), None);
    assert_eq!(ask(&entry(), "2026-12-01T10:06:00+03:00"), Some(PassedOver::TooClose));
}

#[test]
fn a_wish_that_needs_too_many_lines_says_how_many() {
    let wish = |offices: u8, days: i64, weekdays: Vec<Weekday>| Wish {
        offices: (0..offices).map(|n| format!("o{n}").parse().unwrap()).collect(),
        dates: Some((december(1), december(1) + TimeDelta::days(days))),
        weekdays,
        parts: Vec::new(),
    };
    let rows = |wish: &Wish| wish.buckets(december(1)).map(|buckets| buckets.len());
    assert_eq!(rows(&wish(1, 5, Vec::new())), Ok(1), "to the end of the week");
    assert_eq!(rows(&wish(1, 12, Vec::new())), Ok(2), "two weeks whole");
    let early = || vec![Weekday::Mon, Weekday::Tue];
    assert_eq!(rows(&wish(2, 26, early())), Ok(16));
    assert_eq!(rows(&wish(2, 27, early())), Ok(18), "a Monday more");
    assert_eq!(rows(&wish(2, 33, early())), Ok(ROWS_MAX));
    assert_eq!(rows(&wish(2, 34, early())), Err(TooWide { rows: 22 }));
    assert_eq!(rows(&wish(3, 33, early())), Err(TooWide { rows: 30 }));
    let weekend = Wish { dates: Some((december(4), december(6))), ..wish(1, 0, Vec::new()) };
    assert_eq!(rows(&weekend), Ok(3), "some days of this week are a line each");
    let past = Wish { dates: Some((december(1), december(6))), ..wish(1, 0, Vec::new()) };
    assert_eq!(past.buckets(december(7)).map(|buckets| buckets.len()), Ok(0), "nothing is left of it");
}

#[test]
fn the_night_is_from_nine_to_eight() {
    let asleep = |text: &str| asleep_until(MOSCOW, at(text));
    let morning = Some(at("2026-12-02T08:00:00+03:00"));
    assert_eq!(asleep("2026-12-01T20:59:59+03:00"), None);
    assert_eq!(
        (asleep("2026-12-01T21:00:00+03:00"), asleep("2026-12-02T00:00:00+03:00")),
        (morning, morning)
    );
    assert_eq!(asleep("2026-12-02T07:59:59+03:00"), morning);
    assert_eq!(asleep("2026-12-02T08:00:00+03:00"), None);
    assert_eq!(
        asleep_until(Tz::Asia__Kamchatka, at("2026-12-01T12:00:00+03:00")),
        Some(at("2026-12-02T08:00:00+12:00"))
    );
}

#[test]
fn allowed_time_is_what_is_not_night() {
    let allowed = |from: &str, to: &str| allowed_between(MOSCOW, at(from), at(to)).num_minutes();
    assert_eq!(allowed("2026-12-01T10:00:00+03:00", "2026-12-01T12:30:00+03:00"), 150);
    assert_eq!(allowed("2026-12-01T20:00:00+03:00", "2026-12-02T09:00:00+03:00"), 120);
    assert_eq!(allowed("2026-12-01T22:00:00+03:00", "2026-12-04T07:00:00+03:00"), 26 * 60);
    assert_eq!(allowed("2026-12-01T22:00:00+03:00", "2026-12-02T08:00:00+03:00"), 0);
    assert_eq!(allowed("2026-12-02T09:00:00+03:00", "2026-12-02T09:00:00+03:00"), 0);
}

#[test]
fn fifteen_allowed_minutes_are_an_offer_and_less_is_none() {
    let starts_at = at("2026-12-02T12:00:00+03:00");
    let until = |text: &str| offer_until(MOSCOW, at(text), starts_at, None);
    assert_eq!(until("2026-12-02T08:45:00+03:00"), Some(at("2026-12-02T09:00:00+03:00")));
    assert_eq!(until("2026-12-02T08:45:01+03:00"), None);
    // Before the night: a quarter of what is left, stopped at nine and going on at eight.
    assert_eq!(until("2026-12-01T20:50:00+03:00"), Some(at("2026-12-02T09:00:00+03:00")));
    let held = |text: &str| offer_until(MOSCOW, at("2026-12-01T10:00:00+03:00"), starts_at, Some(at(text)));
    assert_eq!(held("2026-12-02T10:15:00+03:00"), Some(at("2026-12-01T10:15:00+03:00")));
    assert_eq!(held("2026-12-02T10:14:59+03:00"), None);
    assert_eq!(held("2026-12-09T10:00:00+03:00"), Some(at("2026-12-01T12:00:00+03:00")));
}

#[test]
fn how_long_one_waits_follows_from_how_many_were_served() {
    use crate::waitlist::outlook::days_until;
    assert_eq!([days_until(0, 0), days_until(2, 0)], [None, None], "of two nothing follows");
    assert_eq!([days_until(3, 0), days_until(28, 0), days_until(28, 6)], [Some(10), Some(1), Some(7)]);
    assert_eq!(days_until(56, 0), Some(1), "never less than a day");
    assert_eq!(days_until(3, u32::MAX), Some(u32::MAX.div_ceil(3)));
}

#[test]
fn a_week_has_sixty_four_lines_and_those_of_each_start_are_among_them() {
    use crate::waitlist::{Bucket, When};
    let office = "one".parse().unwrap();
    let monday = crate::tests::december(7);
    let week = Bucket::of_week(&office, monday);
    assert_eq!(week.len(), 64);
    for day in 7..=13 {
        for hour in [9, 14, 19] {
            let start = crate::tests::december(day).and_hms_opt(hour, 0, 0).unwrap();
            let mut lines = Bucket::of_start(&office, start).into_iter();
            assert!(lines.all(|line| week.contains(&line)), "{start}");
        }
    }
    let days: Vec<Option<chrono::Weekday>> = [When::Any, When::Part(crate::waitlist::Part::ALL[0])]
        .into_iter()
        .chain([
            When::Day(chrono::Weekday::Fri),
            When::Both(chrono::Weekday::Sun, crate::waitlist::Part::ALL[1]),
        ])
        .map(When::day)
        .collect();
    assert_eq!(days, [None, None, Some(chrono::Weekday::Fri), Some(chrono::Weekday::Sun)]);
}

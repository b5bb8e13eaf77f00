//! What a person may hold (BKG-2, BKG-5), from both sides of every bound.

use super::{at, december, id, number, seat};
use crate::active::{Active, CannotHold, CoolDown, Done, Held, OpenOffer, Refused, Seen};
use crate::appointment::Seat;
use crate::limits::{APPOINTMENTS_MAX, COOL_DOWNS_KEPT, OPERATIONS_KEPT, RECONCILE_AFTER};
use crate::{AppointmentId, OfferId, Ulid};
use chrono::{DateTime, TimeDelta, Utc};

/// Tuesday, two days before the seats.
fn now() -> DateTime<Utc> {
    at("2026-12-01T10:00:00+03:00")
}

fn held(n: u128, service: &str, seat: Seat) -> Held {
    Held { service: service.parse().unwrap(), id: id(n), seat, number: number(), version: 1 }
}

/// Somebody with an appointment «talk» on Thursday at ten.
fn holder() -> Active {
    Active { appointments: vec![held(1, "talk", seat("one", december(3), 120))], ..Active::default() }
}

fn may(
    active: &Active,
    service: &str,
    seat: &Seat,
    instead_of: Option<AppointmentId>,
) -> Result<(), CannotHold> {
    active.may_hold(&service.parse().unwrap(), seat, instead_of, now())
}

#[test]
fn an_appointment_is_held_until_it_has_ended() {
    let (active, talk) = (holder(), "talk".parse().unwrap());
    let ends_at = active.appointments[0].seat.ends_at;
    let just_before = ends_at - TimeDelta::milliseconds(1);
    assert_eq!(active.held(&talk, just_before).map(|held| held.id), Some(id(1)));
    assert_eq!(active.current(just_before).count(), 1);
    assert_eq!((active.held(&talk, ends_at), active.current(ends_at).count()), (None, 0));
    assert_eq!(active.held(&"paper".parse().unwrap(), now()), None);
}

#[test]
fn one_appointment_a_service_unless_it_is_given_up_for_this() {
    let later = seat("one", december(4), 120);
    let taken = Err(CannotHold::AlreadyBooked { appointment: id(1) });
    assert_eq!(may(&holder(), "talk", &later, None), taken);
    assert_eq!(may(&holder(), "talk", &later, Some(id(2))), taken);
    assert_eq!(may(&holder(), "talk", &later, Some(id(1))), Ok(()));
    assert_eq!(may(&holder(), "paper", &later, None), Ok(()));
}

#[test]
fn nobody_is_in_two_places_at_a_time() {
    let overlaps = Err(CannotHold::Overlapping { appointment: id(1) });
    for (from, expected) in [(114, Ok(())), (115, overlaps.clone()), (125, overlaps.clone()), (126, Ok(()))] {
        assert_eq!(may(&holder(), "paper", &seat("two", december(3), from), None), expected, "{from}");
    }
    assert_eq!(may(&holder(), "paper", &seat("two", december(3), 120), Some(id(1))), Ok(()));
}

#[test]
fn an_open_offer_for_another_service_is_in_the_way_at_its_time_only() {
    let slot = seat("one", december(4), 120);
    let offer = OpenOffer {
        id: id(9),
        service: "paper".parse().unwrap(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
    };
    let active = Active { offer: Some(offer), ..Active::default() };
    let stands: OfferId = id(9);
    assert_eq!(may(&active, "talk", &slot, None), Err(CannotHold::OverlapsOffer { offer: stands }));
    assert_eq!(may(&active, "talk", &seat("one", december(4), 126), None), Ok(()));
    assert_eq!(may(&active, "paper", &slot, None), Ok(()), "accepting it is no trouble");
}

#[test]
fn at_most_so_many_appointments() {
    let mut active = Active::default();
    for n in 0..APPOINTMENTS_MAX as u128 {
        let next = seat("one", december(3), 100 + 10 * u16::try_from(n).unwrap());
        assert_eq!(may(&active, &format!("s{n}"), &next, None), Ok(()), "{n}");
        active.hold(held(n, &format!("s{n}"), next), now());
    }
    let more = seat("one", december(4), 120);
    assert_eq!(may(&active, "more", &more, None), Err(CannotHold::TooMany));
    assert_eq!(may(&active, "more", &more, Some(id(0))), Ok(()));
}

#[test]
fn what_was_given_up_cannot_be_retaken_for_a_while() {
    let slot = seat("one", december(4), 120);
    let until = now() + TimeDelta::minutes(20);
    let mut active = Active::default();
    active.cool_down(CoolDown { office: slot.office.clone(), starts_at: slot.starts_at, until });
    assert_eq!(may(&active, "talk", &slot, None), Err(CannotHold::CoolingDown { until }));
    assert_eq!(may(&active, "talk", &seat("two", december(4), 120), None), Ok(()));
    assert_eq!(may(&active, "talk", &seat("one", december(4), 121), None), Ok(()));
    let cooling = |at| active.cooling_down(&slot.office, slot.starts_at, at);
    assert_eq!((cooling(until - TimeDelta::milliseconds(1)), cooling(until)), (Some(until), None));
}

#[test]
fn an_operation_is_known_by_its_key_and_its_body() {
    let mut active = Active::default();
    active.remember(Done { key: [1; 16], body: [2; 8], result: Ulid::from(3) });
    assert_eq!(active.seen(&[1; 16], &[2; 8]), Seen::Same { result: Ulid::from(3) });
    assert_eq!(active.seen(&[1; 16], &[9; 8]), Seen::OtherBody);
    assert_eq!(active.seen(&[9; 16], &[2; 8]), Seen::Never);
}

#[test]
fn only_the_last_operations_and_cool_downs_are_kept() {
    let mut active = Active::default();
    for n in 0..20u8 {
        active.remember(Done { key: [n; 16], body: [0; 8], result: Ulid::from(u128::from(n)) });
        let office = format!("o{n}").parse().unwrap();
        active.cool_down(CoolDown { office, starts_at: now(), until: now() });
        let kept = usize::from(n) + 1;
        assert_eq!(active.done.len(), kept.min(OPERATIONS_KEPT));
        assert_eq!(active.cool_downs.len(), kept.min(COOL_DOWNS_KEPT));
        assert_eq!(active.done.last().unwrap().key, [n; 16]);
        assert_eq!(active.cool_downs.last().unwrap().office.as_str(), format!("o{n}"));
    }
}

#[test]
fn what_is_over_goes_with_the_next_write() {
    let mut active = holder();
    let ends_at = active.appointments[0].seat.ends_at;
    active.cool_down(CoolDown { office: "one".parse().unwrap(), starts_at: now(), until: ends_at });
    let kept = active.tidied(ends_at - TimeDelta::milliseconds(1));
    assert_eq!(kept, active);
    let tidy = active.tidied(ends_at);
    assert_eq!((tidy.appointments.len(), tidy.cool_downs.len()), (0, 0));
}

#[test]
fn an_appointment_is_held_once_however_often_it_moves() {
    let mut active = holder();
    let moved = held(1, "talk", seat("two", december(4), 120));
    active.hold(moved.clone(), now());
    assert_eq!(active.appointments, [moved]);
    active.give_up(id(2), now());
    assert_eq!(active.appointments.len(), 1);
    active.give_up(id(1), now());
    assert_eq!(active.appointments, []);
}

#[test]
fn whoever_waits_and_gives_something_up_is_to_be_looked_after() {
    let waits = || Active { waiting: vec![("paper".parse().unwrap(), id(7))], ..holder() };
    let due = Some(now() + RECONCILE_AFTER);
    let after = |change: fn(&mut Active)| {
        let mut active = waits();
        change(&mut active);
        active.looked_after_at()
    };
    let moved = || held(1, "talk", seat("one", december(4), 126));
    assert_eq!(waits().looked_after_at(), None);
    assert_eq!(after(|active| active.give_up(id(1), now())), due);
    assert_eq!(after(|active| active.give_up(id(2), now())), None, "nothing was given up");
    assert_eq!(after(|active| active.wait("talk".parse().unwrap(), id(8), now())), due);
    assert_eq!(after(|active| active.end_offer(now())), None, "none was open");
    let mut active = waits();
    active.hold(moved(), now());
    assert_eq!(active.looked_after_at(), due, "moving gives up the former time");
    let mut active = waits();
    active.hold(held(2, "more", seat("one", december(7), 120)), now());
    assert_eq!(active.looked_after_at(), None, "taking one more gives nothing up");
}

#[test]
fn nobody_is_looked_after_with_an_open_offer_or_without_a_line() {
    let slot = seat("one", december(4), 120);
    let offer = OpenOffer {
        id: id(9),
        service: "paper".parse().unwrap(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
    };
    let mut active = Active { offer: Some(offer), ..holder() };
    active.wait("paper".parse().unwrap(), id(7), now());
    assert_eq!(active.looked_after_at(), None, "there is an offer already");
    active.end_offer(now() + TimeDelta::minutes(1));
    assert_eq!(active.looked_after_at(), Some(now() + TimeDelta::minutes(1) + RECONCILE_AFTER));
    active.waiting.clear();
    assert_eq!(active.looked_after_at(), None, "there is nothing to wait for");
}

#[test]
fn a_ticket_is_of_its_service() {
    let active = Active { waiting: vec![("talk".parse().unwrap(), id(5))], ..Active::default() };
    assert_eq!(active.ticket(&"talk".parse().unwrap()), Some(id(5)));
    assert_eq!(active.ticket(&"paper".parse().unwrap()), None);
}

#[test]
fn the_last_refusals_are_known_again_and_a_success_counts_before_them() {
    let mut active = Active::default();
    for i in 0..5 {
        active.refuse(Refused { key: [i; 16], body: [2; 8] });
    }
    assert_eq!(active.refused.len(), 4);
    assert_eq!(active.seen(&[0; 16], &[2; 8]), Seen::Never);
    assert_eq!(active.seen(&[1; 16], &[2; 8]), Seen::Refused);
    assert_eq!(active.seen(&[1; 16], &[9; 8]), Seen::OtherBody);
    active.remember(Done { key: [1; 16], body: [2; 8], result: Ulid::from(3) });
    assert_eq!(active.seen(&[1; 16], &[2; 8]), Seen::Same { result: Ulid::from(3) });
}

#[test]
fn more_than_three_cancellations_in_a_week_pause_the_service_for_three_days() {
    let (talk, other) = ("talk".parse().unwrap(), "paper".parse().unwrap());
    let day = |n: i64| now() + TimeDelta::days(n);
    let cancelled = |days: &[i64]| {
        let mut active = Active::default();
        days.iter().for_each(|n| active.count_cancelled("talk".parse().unwrap(), day(*n)));
        active
    };
    assert_eq!(cancelled(&[0, 1, 2]).paused(&talk, day(2)), None);
    let paused = cancelled(&[0, 1, 2, 3]);
    assert_eq!(paused.paused(&talk, day(3)), Some(day(6)));
    assert_eq!(paused.paused(&talk, day(6)), None);
    assert_eq!(paused.paused(&other, day(3)), None, "another service");
    assert_eq!(cancelled(&[0, 1, 2, 7]).paused(&talk, day(7)), Some(day(10)), "within seven days");
    let week = cancelled(&[0, 1, 2]);
    let mut spread = week.clone();
    spread.count_cancelled(talk.clone(), day(7) + TimeDelta::milliseconds(1));
    assert_eq!(spread.paused(&talk, day(8)), None, "a moment over a week");
    assert_eq!(
        cancelled(&[0, 1, 2, 3, 5]).paused(&talk, day(5)),
        Some(day(8)),
        "another one goes on from there"
    );
    // It is kept for as long as it may count, and no longer.
    assert_eq!(paused.tidied(day(9)).cancelled.len(), 4);
    assert_eq!(paused.tidied(day(10)).cancelled.len(), 3);
    let mut many = Active::default();
    (0..30).for_each(|n| many.count_cancelled(other.clone(), day(n)));
    assert_eq!((many.cancelled.len(), many.cancelled[0].1), (20, day(10)));
}

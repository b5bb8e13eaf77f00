//! Specialists who are asked for: «занято» is about their window, and a visit is and stays with whom it was made.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::{C2, C3, C4};

/// At window `a`, where nobody is known by name.
fn ten() -> Seat {
    seat(4, 120, 126)
}

fn with_olga() -> Seat {
    Seat { window: "b", ..ten() }
}

#[test]
fn whoever_asks_for_a_specialist_is_refused_for_her_window_alone() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &with_olga());
    let op = town.call("anna", None, Town::wants_with("talk", &ten(), Some("olga")));
    town.refuse(op, "slot-taken");
    clean(&town.safety());
}

#[test]
fn a_specialist_is_not_taken_because_somebody_else_is() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten());
    let op = town.call("anna", None, Town::wants_with("talk", &ten(), Some("olga")));
    town.refuse(op, "slot-taken");
    let report = town.safety();
    only(&report, C4, "«занято» was said of a slot that was free all the time (one/b");
    only(&report, C4, "cannot have happened in any order");
}

fn booked(asked_for: Option<&'static str>, seat: &Seat, kept: Option<&'static str>) -> Town {
    let mut town = Town::new();
    let op = town.call("anna", None, Town::wants_with("talk", seat, asked_for));
    town.commit("booking", |state| {
        state.book("anna", "appt-1", "talk", seat, None);
        state.appointments.get_mut("appt-1").unwrap().chosen = kept;
    });
    town.ok_with(op, "appt-1");
    town
}

#[test]
fn a_visit_with_whom_it_was_asked_for() {
    clean(&booked(Some("olga"), &with_olga(), Some("olga")).safety());
}

#[test]
fn a_visit_that_forgot_whom_it_was_asked_for() {
    blames(&booked(Some("olga"), &with_olga(), None).safety(), C3, "no operation asked for it");
}

#[test]
fn a_visit_where_somebody_else_receives() {
    only(
        &booked(Some("olga"), &ten(), Some("olga")).safety(),
        C2,
        "is with olga, and None receives at one/a",
    );
}

#[test]
fn a_visit_goes_to_another_specialist_of_the_same_time_by_phone() {
    let mut town = booked(None, &ten(), None);
    let op = town.call("anna", Some("k1"), Town::wants_to_move("appt-1", &ten(), Some("olga")));
    town.commit("rescheduling", |state| {
        state.shift("appt-1", &with_olga(), Some("k1"));
        let item = state.appointments.get_mut("appt-1").unwrap();
        item.chosen = Some("olga");
        let change = item.changes.last_mut().unwrap();
        (change.by, change.why) = ("staff", Some("asked for by phone"));
    });
    town.ok_with(op, "appt-1");
    clean(&town.safety());
}

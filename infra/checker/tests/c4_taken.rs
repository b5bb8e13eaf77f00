//! C4: «занято» that was not so.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::C4;
use checker::history::*;

fn ten() -> (Seat, Seat) {
    let ten = seat(4, 120, 126);
    (ten.clone(), Seat { window: "b", ..ten })
}

#[test]
fn said_taken_of_a_free_slot() {
    let mut town = Town::new();
    let op = town.call("anna", None, Town::wants("talk", &ten().0));
    town.refuse(op, "slot-taken");
    let report = town.safety();
    only(&report, C4, "«занято» was said of a slot that was free all the time");
    blames(&report, C4, "cannot have happened in any order");
}

#[test]
fn said_taken_while_another_window_was_free_all_the_time() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0);
    let op = town.call("anna", None, Town::wants("talk", &ten().0));
    town.refuse(op, "slot-taken");
    only(&town.safety(), C4, "one/b 2026-12-04");
}

#[test]
fn said_taken_before_it_was() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0);
    let op = town.call("anna", None, Town::wants("talk", &ten().0));
    town.refuse(op, "slot-taken");
    town.books("gleb", "appt-2", &ten().1);
    only(&town.safety(), C4, "free all the time");
}

#[test]
fn a_freed_slot_is_taken() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0).books("gleb", "appt-2", &ten().1).cancels("appt-1");
    let op = town.call("anna", None, Town::wants("talk", &ten().0));
    town.refuse(op, "slot-taken");
    clean(&town.safety());
}

#[test]
fn said_taken_because_of_oneself() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0);
    let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten().0));
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten().0));
    town.commit("booking", |state| state.book("anna", "appt-2", "talk", &ten().1, Some("k1")));
    town.refuse(again, "slot-taken");
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    only(&town.safety(), C4, "operation 3");
}

#[test]
fn ones_own_cells_do_not_stand_in_the_way_of_moving() {
    // Nobody is told «занято» of where they are themselves, whatever else they may be told.
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0).books("gleb", "appt-2", &ten().1);
    let op = town.call("vera", None, Town::wants_to_move("appt-1", &ten().0, None));
    town.refuse(op, "slot-taken");
    only(&town.safety(), C4, "free all the time");
}

#[test]
fn a_slot_shown_that_was_taken_all_along() {
    let mut town = Town::new();
    town.books("vera", "appt-1", &ten().0).books("gleb", "appt-2", &ten().1).later(60);
    let day = Action::Slots { office: "one".into(), service: "talk".into(), on: "2026-12-04".into() };
    let shown = |seat: &Seat| SlotSeen { office: "one".into(), starts_at_s: seat.starts_at_s() };
    let op = town.call("", None, day.clone());
    let slots = Some(vec![shown(&seat(4, 126, 132))]);
    town.ok(op, Facts { slots, ..Facts::default() });
    clean(&town.safety());
    let op = town.call("", None, day);
    town.ok(op, Facts { slots: Some(vec![shown(&ten().0)]), ..Facts::default() });
    only(&town.safety(), C4, "was shown and at no time free");
}

#[test]
fn a_day_said_to_be_full_that_is_not() {
    let mut town = Town::new();
    let day = Action::Slots { office: "one".into(), service: "talk".into(), on: "2026-12-04".into() };
    let op = town.call("", None, day);
    town.ok(op, Facts { slots: Some(Vec::new()), ..Facts::default() });
    only(&town.safety(), C4, "had a slot free all the time and none was shown");
}

#[test]
fn a_day_that_is_full_or_too_near_or_too_far_may_be_empty() {
    let mut town = Town::new();
    for (i, from) in [120, 126, 132, 138].into_iter().enumerate() {
        let here = seat(4, from, from + 6);
        let people = [("anna", "boris"), ("vera", "gleb"), ("dina", "egor"), ("zoya", "ivan")][i];
        let ids = [("appt-1", "appt-2"), ("appt-3", "appt-4"), ("appt-5", "appt-6"), ("appt-7", "appt-8")][i];
        town.books(people.0, ids.0, &here).books(people.1, ids.1, &Seat { window: "b", ..here.clone() });
    }
    for on in ["2026-12-04", "2026-12-01", "2027-02-01"] {
        let day = Action::Slots { office: "one".into(), service: "talk".into(), on: on.into() };
        let op = town.later(60).call("", None, day);
        town.ok(op, Facts { slots: Some(Vec::new()), ..Facts::default() });
    }
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(C4, "days said to be full"), 3);
}

#[test]
fn a_day_may_be_empty_for_somebody_who_is_busy_then_or_beyond_the_horizon() {
    let day = || Action::Slots { office: "one".into(), service: "talk".into(), on: "2026-12-04".into() };
    let empty = || Facts { slots: Some(Vec::new()), ..Facts::default() };
    let mut town = Town::new();
    town.books_for("anna", "appt-1", "paper", &seat(4, 120, 123)).later(60);
    let op = town.call("anna", None, day());
    town.ok(op, empty());
    clean(&town.safety());
    let op = town.call("boris", None, day());
    town.ok(op, empty());
    only(&town.safety(), C4, "none was shown: operation 3");

    let mut town = Town::new();
    town.history.world.services[0].horizon_days = 2;
    let op = town.call("", None, day());
    town.ok(op, empty());
    clean(&town.safety());
}

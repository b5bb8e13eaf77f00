//! C2: appointments that get lost, and answers that were not true.

use crate::expect::{blames, only};
use crate::town::{Seat, State, Town, seat};
use checker::Claim::C2;
use checker::history::*;

fn booked() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten);
    (town, ten)
}

#[test]
fn an_appointment_is_deleted() {
    let (mut town, _) = booked();
    town.commit("sweeper", |state| {
        state.appointments.remove("appt-1");
    });
    blames(&town.safety(), C2, "appointment appt-1 was deleted");
}

#[test]
fn an_appointment_is_cancelled_and_nobody_says_so() {
    let (mut town, ten) = booked();
    town.commit("rescheduling", |state| {
        state.next("appt-1", "moved").phase = "cancelled";
        state.free(&ten, "talk");
        state.guard("anna", None).held.clear();
    });
    blames(&town.safety(), C2, "was cancelled from version 1 to 2 without a change that says so");
}

#[test]
fn an_appointment_goes_elsewhere_without_being_moved() {
    let (mut town, _) = booked();
    let later = seat(4, 132, 138);
    town.commit("visits", |state| {
        state.check_in("appt-1");
        state.appointments.get_mut("appt-1").unwrap().seat = later;
    });
    blames(&town.safety(), C2, "without being moved");
}

#[test]
fn a_cancelled_appointment_comes_back() {
    let (mut town, _) = booked();
    town.cancels("appt-1");
    town.commit("visits", |state| state.next("appt-1", "checked-in").phase = "planned");
    blames(&town.safety(), C2, "went from version 2 to 3 from cancelled to planned");
}

#[test]
fn the_guard_forgets_an_appointment() {
    let (mut town, _) = booked();
    town.commit("waitlist", |state| state.guard("anna", None).held.clear());
    only(&town.safety(), C2, "anna: appointment appt-1 is planned and not in the guard");
}

#[test]
fn the_guard_keeps_what_was_cancelled() {
    let (mut town, ten) = booked();
    town.cancels("appt-1");
    town.commit("booking", |state| {
        state.guard("anna", None).held.push(("appt-1", "talk", ten, 2));
    });
    only(&town.safety(), C2, "the guard holds appointment appt-1, which is cancelled or never was");
}

#[test]
fn the_guard_has_it_where_it_is_no_longer() {
    let (mut town, ten) = booked();
    town.moves("appt-1", &seat(5, 120, 126));
    town.commit("waitlist", |state| state.guard("anna", None).held[0].2 = ten);
    only(&town.safety(), C2, "the guard has appointment appt-1 version 2 at one/a 2026-12-04");
}

#[test]
fn answered_before_it_was_committed() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    let facts = AppointmentSeen {
        id: "appt-1".into(),
        version: 1,
        office: "one".into(),
        starts_at_s: ten.starts_at_s(),
        phase: "planned".into(),
    };
    town.ok(op, Facts { appointment: Some(facts), ..Facts::default() });
    only(&town.safety(), C2, "nothing was committed for what was answered OK");
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    let report = town.safety();
    only(&report, C2, "but only after it was answered");
    blames(&report, C2, "version 1 of appointment appt-1 was shown and did not stand");
}

#[test]
fn a_wrong_time_is_told() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    let wrong = AppointmentSeen { starts_at_s: ten.starts_at_s() + 300, ..town.seen("appt-1") };
    town.ok(op, Facts { appointment: Some(wrong), ..Facts::default() });
    only(&town.safety(), C2, "version 1 of appointment appt-1 is");
}

#[test]
fn a_list_without_one_of_them_and_a_stale_one() {
    let (mut town, _) = booked();
    let stale = town.seen("appt-1");
    let op = town.call("anna", None, Action::Appointments);
    town.ok(op, Facts { appointments: Some(Vec::new()), ..Facts::default() });
    only(&town.safety(), C2, "appointment appt-1 is missing in what was shown");

    let (mut town, _) = booked();
    town.moves("appt-1", &seat(5, 120, 126));
    let op = town.call("anna", None, Action::Appointments);
    town.ok(op, Facts { appointments: Some(vec![stale]), ..Facts::default() });
    only(&town.safety(), C2, "version 1 of appointment appt-1 was shown and did not stand");
}

#[test]
fn ones_own_appointment_is_not_found() {
    let (mut town, _) = booked();
    let op = town.call("anna", None, Action::Appointment { appointment: "appt-1".into() });
    town.refuse(op, "not-found");
    only(&town.safety(), C2, "is the client's and was not found");
}

#[test]
fn a_no_show_of_somebody_who_moved() {
    // The clock read the old start and writes over the new one.
    let (mut town, ten) = booked();
    town.moves("appt-1", &seat(8, 120, 126)).until_start(&ten, 700);
    town.commit("clock", |state| state.no_show("appt-1"));
    only(&town.safety(), C2, "became a no-show");
}

#[test]
fn a_no_show_of_somebody_who_is_there_or_where_there_is_none() {
    let no_show = |before: fn(&mut State), change: fn(&mut History)| {
        let (mut town, ten) = booked();
        town.until_start(&ten, -60);
        let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
        town.commit("visits", before);
        town.ok(op, Facts::default());
        town.until_start(&ten, 700).commit("clock", |state| state.no_show("appt-1"));
        change(&mut town.history);
        town.safety()
    };
    let there = no_show(|state| state.check_in("appt-1"), |_| {});
    only(&there, C2, "became a no-show although checked in");
    let off = no_show(|state| state.check_in("appt-1"), |history| history.world.offices[0].no_show = false);
    only(&off, C2, "became a no-show where that is switched off");
}

#[test]
fn an_appointment_that_never_was_is_shown() {
    let (mut town, _) = booked();
    let never = AppointmentSeen { id: "appt-7".into(), ..town.seen("appt-1") };
    let op = town.call("anna", None, Action::Appointments);
    let appointments = Some(vec![town.seen("appt-1"), never]);
    town.ok(op, Facts { appointments, ..Facts::default() });
    only(&town.safety(), C2, "appointment appt-7 was shown and never committed");
}

#[test]
fn an_appointment_becomes_one_for_something_else() {
    let (mut town, _) = booked();
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| {
        state.check_in("appt-1");
        state.appointments.get_mut("appt-1").unwrap().service = "paper";
    });
    town.ok(op, Facts::default());
    blames(&town.safety(), C2, "appointment appt-1 changed hands from version 1 to 2");
}

#[test]
fn somebody_cancels_who_may_not() {
    let (mut town, _) = booked();
    town.commit("office", |state| {
        state.cancel("appt-1", None);
        let change = state.appointments.get_mut("appt-1").unwrap().changes.last_mut().unwrap();
        (change.by, change.why) = ("visitor", Some("why not"));
    });
    only(&town.safety(), C2, "was cancelled from version 1 to 2 by visitor");
}

#[test]
fn a_clock_may_be_a_little_fast() {
    let (mut town, ten) = booked();
    town.until_start(&ten, 598).commit("clock", |state| state.no_show("appt-1"));
    crate::expect::clean(&town.safety());
    let (mut town, ten) = booked();
    town.until_start(&ten, 590).commit("clock", |state| state.no_show("appt-1"));
    only(&town.safety(), C2, "became a no-show 9 s early");
}

#[test]
fn a_retry_is_answered_before_anything_was_committed() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let cancel = Action::Cancel { appointment: "appt-1".into() };
    town.books("anna", "appt-1", &ten);
    let lost = town.call("anna", Some("k1"), cancel.clone());
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    let again = town.call("anna", Some("k1"), cancel);
    town.ok(again, Facts::default());
    town.commit("cancellation", |state| state.cancel("appt-1", Some("k1")));
    only(&town.safety(), C2, "nothing was committed for what was answered OK: operation 3");
}

#[test]
fn somebody_is_received_who_never_came() {
    let received = |came: bool| {
        let (mut town, ten) = booked();
        town.until_start(&ten, -60);
        let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
        if came {
            town.commit("visits", |state| state.check_in("appt-1"));
            town.ok(op, Facts::default());
        }
        town.commit("reception", |state| {
            let item = state.next("appt-1", "received");
            item.phase = "in-reception";
            item.changes.last_mut().unwrap().by = "staff";
        });
        town.safety()
    };
    crate::expect::clean(&received(true));
    only(&received(false), C2, "was received from version 1 to 2 without having come");
}

#[test]
fn absence_is_undone_by_staff_who_say_why() {
    let undone = |by, why| {
        let (mut town, ten) = booked();
        town.until_start(&ten, 700).commit("clock", |state| state.no_show("appt-1"));
        town.commit("reception", |state| {
            let now_ms = state.now_ms;
            let item = state.next("appt-1", "no-show-undone");
            (item.phase, item.checked_in) = ("planned", Some(now_ms));
            let change = item.changes.last_mut().unwrap();
            (change.by, change.why) = (by, why);
        });
        town.safety()
    };
    crate::expect::clean(&undone("staff", Some("at the other window")));
    let nobody = "was no longer absent from version 2 to 3 by nobody who says why";
    only(&undone("staff", None), C2, nobody);
    only(&undone("citizen", Some("I was there")), C2, nobody);
}

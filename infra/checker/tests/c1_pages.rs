//! C1: double bookings in their many forms.

use crate::expect::{blames, clean, only};
use crate::town::{Town, seat};
use checker::Claim::C1;

#[test]
fn two_people_in_one_slot() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).books("boris", "appt-2", &ten);
    only(&town.safety(), C1, "cells 120..126 are held by appointment appt-1 and by appointment appt-2");
}

#[test]
fn a_longer_visit_into_a_shorter_one() {
    let mut town = Town::new();
    town.books_for("anna", "appt-1", "paper", &seat(4, 123, 126)).books(
        "boris",
        "appt-2",
        &seat(4, 120, 126),
    );
    only(&town.safety(), C1, "cells 123..126 are held by");
}

#[test]
fn an_appointment_in_an_offered_slot() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).joins("boris", "talk", "T1").cancels("appt-1");
    town.offers("offer-1", "boris", "talk", &ten).books("vera", "appt-2", &ten);
    only(&town.safety(), C1, "are held by appointment appt-2 and by offer offer-1");
}

#[test]
fn cells_taken_before_the_appointment_is_written() {
    let mut town = Town::new();
    town.commit("booking", |state| state.take(&seat(4, 120, 126)));
    only(&town.safety(), C1, "cells 120..126 are taken and nobody's");
}

#[test]
fn cells_that_a_cancellation_forgot() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126)).cancels("appt-1");
    // The page as it was before, in the recorded commit too.
    let mut bad = Town::new();
    bad.books("anna", "appt-1", &seat(4, 120, 126));
    let page = bad.state.pages.clone();
    let op = bad.call("anna", None, checker::history::Action::Cancel { appointment: "appt-1".into() });
    bad.commit("cancellation", |state| {
        state.cancel("appt-1", None);
        state.pages = page;
    });
    bad.ok_with(op, "appt-1");
    assert!(town.safety().is_clean());
    only(&bad.safety(), C1, "cells 120..126 are taken and nobody's (written by");
}

#[test]
fn cells_freed_under_somebody() {
    // A lapse that does not look whose the cells are by now.
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten);
    town.commit("clock", |state| state.free(&ten, "talk"));
    only(&town.safety(), C1, "cells 120..126 are both freed and held (appointment appt-1)");
}

#[test]
fn cells_released_under_somebody() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).commit("waitlist-worker", |state| state.release(&ten));
    only(&town.safety(), C1, "freed, shut or held and not taken (appointment appt-1)");
}

#[test]
fn a_seat_that_is_shorter_than_its_service() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 123));
    blames(&town.safety(), C1, "cells 120..123 for talk is not on the grid");
}

#[test]
fn a_seat_beside_the_grid() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 123, 129));
    blames(&town.safety(), C1, "cells 123..129 for talk is not on the grid");
}

#[test]
fn what_stays_wrong_is_said_once() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).books("boris", "appt-2", &ten);
    town.books("vera", "appt-3", &seat(4, 126, 132)).books("gleb", "appt-4", &seat(4, 132, 138));
    only(&town.safety(), C1, "page one/a 2026-12-04 version 2: cells 120..126 are held by");
    assert_eq!(town.safety().of(C1).count(), 1);
}

#[test]
fn cells_whose_start_has_passed_stay_with_who_had_them() {
    let mut town = Town::new();
    let ten = seat(3, 120, 126);
    town.books("anna", "appt-1", &ten).until_start(&ten, 300);
    town.commit("office", |state| {
        let item = state.next("appt-1", "cancelled");
        item.phase = "cancelled";
        let change = item.changes.last_mut().unwrap();
        (change.by, change.why) = ("staff", Some("the specialist fell ill"));
        state.guard("anna", None).held.clear();
    });
    clean(&town.safety());
}

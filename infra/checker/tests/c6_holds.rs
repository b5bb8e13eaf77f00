//! C6: more than one hold, and holds of which not all parts know.

use crate::expect::{blames, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::{C1, C6};

/// Two slots given up; Boris waits for talks and papers, Vera for talks.
fn freed() -> (Town, Seat, Seat) {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(4, 132, 135));
    town.books("anna", "appt-1", &ten).books_for("anna", "appt-2", "paper", &eleven);
    town.joins("boris", "talk", "T1").joins("boris", "paper", "T2").joins("vera", "talk", "T3");
    town.cancels("appt-1").cancels("appt-2");
    (town, ten, eleven)
}

#[test]
fn two_open_offers_to_one_person() {
    let (mut town, ten, eleven) = freed();
    town.offers("offer-1", "boris", "talk", &ten).offers("offer-2", "boris", "paper", &eleven);
    blames(&town.safety(), C6, "boris has two open offers, offer-1 and offer-2");
}

#[test]
fn one_slot_offered_twice() {
    let (mut town, ten, _) = freed();
    town.offers("offer-1", "boris", "talk", &ten).offers("offer-2", "vera", "talk", &ten);
    let report = town.safety();
    blames(&report, C6, "cells 120..126 of page one/a 2026-12-04 are offered twice");
    blames(&report, C1, "are held by offer offer-1 and by offer offer-2");
}

#[test]
fn an_open_offer_that_the_guard_does_not_know() {
    let (mut town, ten, _) = freed();
    town.commit("waitlist-worker", |state| {
        state.offer("offer-1", "boris", "talk", &ten, "talk");
        state.actives.get_mut("boris").unwrap().offer = None;
    });
    only(&town.safety(), C6, "on the guard stands None");
}

#[test]
fn an_ended_offer_that_the_guard_still_has() {
    let (mut town, ten, _) = freed();
    town.offers("offer-1", "boris", "talk", &ten).later(7300);
    town.commit("clock", |state| {
        let offer = state.actives["boris"].offer.clone();
        state.lapse("offer-1");
        state.actives.get_mut("boris").unwrap().offer = offer;
    });
    only(&town.safety(), C6, "boris has no open offer, yet there stands offer-1 on the guard");
}

#[test]
fn an_offer_without_its_place_in_line() {
    let (mut town, ten, _) = freed();
    town.commit("waitlist-worker", |state| {
        state.offer("offer-1", "boris", "talk", &ten, "talk");
        state.entries.get_mut(&("boris", "talk")).unwrap().offer = None;
    });
    only(&town.safety(), C6, "the place for talk has None");
}

#[test]
fn an_open_offer_whose_cells_are_freed_again() {
    let (mut town, ten, _) = freed();
    town.offers("offer-1", "boris", "talk", &ten);
    town.commit("clock", |state| state.free(&ten, "talk"));
    blames(
        &town.safety(),
        C6,
        "offer offer-1 is open, and cells 120..126 of page one/a 2026-12-04 are not held by it",
    );
}

#[test]
fn appointments_at_one_time_and_two_for_one_service() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &Seat { window: "b", ..ten });
    town.books_for("anna", "appt-2", "paper", &seat(4, 123, 126));
    only(&town.safety(), C6, "anna holds appt-1 and appt-2 at one time (BKG-2)");
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126)).books("anna", "appt-2", &seat(5, 120, 126));
    only(&town.safety(), C6, "anna holds appt-1 and appt-2 for talk (BKG-2)");
}

#[test]
fn more_appointments_than_allowed() {
    let mut town = Town::new();
    town.history.world.limits.appointments_max = 1;
    town.books("anna", "appt-1", &seat(4, 120, 126)).books_for("anna", "appt-2", "paper", &seat(5, 120, 123));
    only(&town.safety(), C6, "anna holds 2 appointments (BKG-2)");
}

#[test]
fn an_offer_to_somebody_without_any_place() {
    let (mut town, ten, _) = freed();
    town.commit("waitlist-worker", |state| {
        state.offer("offer-1", "vera", "talk", &ten, "talk");
        state.entries.remove(&("vera", "talk"));
    });
    blames(&town.safety(), C6, "vera has the open offer offer-1 without a place in line");
}

#[test]
fn an_offer_to_a_place_that_is_another_or_over() {
    let spoil = |change: fn(&mut crate::town::items::Entry)| {
        let (mut town, ten, _) = freed();
        town.commit("waitlist-worker", |state| {
            state.offer("offer-1", "boris", "talk", &ten, "talk");
            change(state.entries.get_mut(&("boris", "talk")).unwrap());
        });
        town.safety()
    };
    blames(&spoil(|entry| entry.state = "left"), C6, "(ticket T1, left)");
    blames(&spoil(|entry| entry.ticket = "T9"), C6, "(ticket T9, waiting)");
}

//! C12 for cabinets that staff close to booking: record and guard say the same, and whoever is closed out gets nothing.

use crate::expect::{blames, clean};
use crate::town::wire::{item, l, n, s};
use crate::town::{State, Town, seat};
use checker::Claim::{C3, C12};
use checker::history::{Action, Facts};

fn record(state: &mut State, blocked: bool) {
    let block = blocked.then(|| ("blk", l([s("resale"), n(1), s("one")])));
    let members = [("ep", n(1))].into_iter().chain(block);
    state.more.insert(("CIT#anna".into(), "ME".into()), item(members));
}

fn both(state: &mut State, blocked: bool) {
    record(state, blocked);
    state.guard("anna", None).blocked = blocked;
}

/// Somebody who works there says that Anna is closed out, or let in.
fn said(town: &mut Town, blocked: bool, write: impl FnOnce(&mut State)) {
    let citizen = "anna".to_owned();
    let action = if blocked { Action::Block { citizen } } else { Action::Unblock { citizen } };
    let op = town.calls("", None, true, action);
    town.commit("operator", write);
    town.ok(op, Facts::default());
}

fn closed_out() -> Town {
    let mut town = Town::new();
    town.commit("registration", |state| both(state, false));
    said(&mut town, true, |state| both(state, true));
    town
}

fn books(town: &mut Town) {
    let ten = seat(8, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    town.ok_with(op, "appt-1");
}

#[test]
fn whoever_is_let_in_again_books() {
    let mut town = closed_out();
    said(&mut town, false, |state| both(state, false));
    books(&mut town);
    clean(&town.safety());
}

#[test]
fn whoever_is_closed_out_books_nothing() {
    let mut town = closed_out();
    books(&mut town);
    blames(&town.safety(), C12, "anna is closed out, and something was booked");
}

#[test]
fn record_and_guard_say_the_same() {
    let mut town = Town::new();
    town.commit("registration", |state| both(state, false));
    said(&mut town, true, |state| record(state, true));
    blames(&town.safety(), C12, "the record of anna says true of being closed out, the guard false");
}

#[test]
fn what_was_answered_was_done() {
    let mut town = Town::new();
    town.commit("registration", |state| both(state, false));
    said(&mut town, true, |_| {});
    blames(&town.safety(), C12, "no such thing was committed");
}

#[test]
fn a_retry_of_whoever_is_closed_out_hears_of_what_was_done() {
    let mut town = Town::new();
    let ten = seat(8, 120, 126);
    town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    let retry = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(retry, "account-inactive");
    blames(&town.safety(), C3, "its retry was refused account-inactive");
}

//! C11: cabinets that are deleted, and what must not happen on the way.

use crate::expect::{blames, clean};
use crate::town::wire::{b, item, l, n, s};
use crate::town::{State, Town, seat};
use checker::Claim::C11;
use checker::history::{Action, Facts, Record, What};
use serde_json::Value;

const WEEK_S: i64 = 7 * 24 * 3600;

fn record(members: &[(&str, Value)]) -> Value {
    item([("ep", n(1))].into_iter().chain(members.iter().cloned()))
}

fn put(state: &mut State, members: &[(&str, Value)]) {
    state.more.insert(("CIT#anna".into(), "ME".into()), record(members));
}

/// Anna wants her cabinet deleted.
fn asked(town: &mut Town) -> i64 {
    let at_ms = town.now_ms();
    town.commit("sessions", |state| put(state, &[("del", n(at_ms))]));
    at_ms
}

fn closed(town: &mut Town, asked_ms: i64) {
    let at_ms = town.now_ms();
    let end = l([n(at_ms), s("word")]);
    town.commit("retention", |state| put(state, &[("del", n(asked_ms)), ("end", end)]));
}

fn gone(town: &mut Town) {
    town.commit("retention", |state| {
        state
            .more
            .insert(("CIT#anna".into(), "ME".into()), item([("end", l([n(1), s("word")])), ("gone", n(2))]));
    });
}

/// Asked for, and closed a week later.
fn deleted() -> Town {
    let mut town = Town::new();
    let asked_ms = asked(&mut town);
    town.later(WEEK_S);
    closed(&mut town, asked_ms);
    town
}

#[test]
fn a_week_later_it_is_closed_and_then_it_is_gone() {
    let mut town = deleted();
    town.sent("mail", "anna", "cabinet-deleted", "word", 1);
    gone(&mut town);
    clean(&town.liveness());
}

#[test]
fn whoever_asks_holds_nothing_and_begins_nothing() {
    let ten = seat(4, 120, 126);
    let mut town = Town::new();
    town.books("anna", "appt-1", &ten);
    asked(&mut town);
    blames(&town.safety(), C11, "wants the cabinet deleted, and appointment appt-1 at");
    let mut town = Town::new();
    asked(&mut town);
    town.joins("anna", "talk", "T1");
    blames(&town.safety(), C11, "wants the cabinet deleted, and they wait for talk");
    // Thought better of it, one begins again.
    let mut town = Town::new();
    asked(&mut town);
    town.commit("sessions", |state| put(state, &[]));
    town.books("anna", "appt-1", &ten);
    clean(&town.safety());
}

#[test]
fn it_is_not_closed_early_nor_forgotten() {
    let mut town = Town::new();
    let asked_ms = asked(&mut town);
    town.later(WEEK_S - 60);
    closed(&mut town, asked_ms);
    blames(&town.safety(), C11, "s early");
    let mut town = Town::new();
    asked(&mut town);
    town.later(WEEK_S + 3600).tick();
    blames(&town.liveness(), C11, "cabinet was to be closed");
    let mut town = deleted();
    town.later(3600).tick();
    blames(&town.liveness(), C11, "was closed, and is not gone");
    let mut town = deleted();
    gone(&mut town);
    blames(&town.liveness(), C11, "is gone, and its owner was never told");
}

#[test]
fn nobody_does_anything_in_it_any_more() {
    let mut town = deleted();
    let op = town.call("anna", None, Action::Appointments);
    town.ok(op, Facts { appointments: Some(Vec::new()), ..Facts::default() });
    blames(&town.safety(), C11, "was closed, and was answered");
    let mut town = deleted();
    town.commit("booking", |state| {
        state.guard("anna", None);
    });
    blames(&town.safety(), C11, "they hold something again");
}

#[test]
fn and_nobody_is_told_of_visits_there() {
    let told = |after_s| {
        let ten = seat(8, 120, 126);
        let mut town = Town::new();
        town.books("anna", "appt-1", &ten).cancels("appt-1");
        let asked_ms = asked(&mut town);
        town.later(WEEK_S);
        closed(&mut town, asked_ms);
        town.later(after_s).sent("sms", "anna", "cancelled", "appt-1", 2);
        town.safety()
    };
    clean(&told(10));
    blames(&told(120), C11, "they were told by sms of Some(\"cancelled\")");
}

#[test]
fn what_is_left_has_no_words() {
    let left = |sk: &str, row: Value| {
        let mut town = deleted();
        town.sent("mail", "anna", "cabinet-deleted", "word", 1);
        gone(&mut town);
        let row = Record { pk: "CIT#anna".into(), sk: sk.into(), old: None, new: Some(row) };
        town.event(What::Found { citizen: "anna".into(), rows: vec![row] });
        town.safety()
    };
    clean(&left("APPT#1", item([("svc", s("talk"))])));
    blames(
        &left("APPT#1", item([("app", b("c2VhbGVk"))])),
        C11,
        "APPT#1 still says something that is sealed",
    );
    blames(&left("SESS#1", item([("ep", n(1))])), C11, "SESS#1 is left");
    blames(&left("ME", item([("tel", b("c2VhbGVk"))])), C11, "the record still has tel");
}

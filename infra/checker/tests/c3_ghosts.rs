//! C3: effects of what was refused.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::{C2, C3};
use checker::history::*;

fn full() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("vera", "appt-8", &ten).books("gleb", "appt-9", &Seat { window: "b", ..ten.clone() });
    (town, ten)
}

#[test]
fn a_ghost_after_a_refusal() {
    let (mut town, ten) = full();
    let op = town.call("anna", None, Town::wants("talk", &ten));
    town.refuse(op, "slot-taken");
    town.cancels("appt-8").later(400).commit("waitlist-worker", |state| state.release(&ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    let report = town.safety();
    only(&report, C3, "although refused: operation 3");
    assert_eq!(report.of(C3).next().unwrap().window.0, 7, "the window begins with the call");
}

#[test]
fn a_lost_attempt_arrives_after_its_retry_was_refused() {
    let mut town = Town::new();
    let ten = seat(2, 120, 126);
    town.until_start(&ten, -24 * 3600 - 10).books("anna", "appt-1", &ten);
    let cancel = Action::Cancel { appointment: "appt-1".into() };
    let lost = town.call("anna", Some("k1"), cancel.clone());
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    let again = town.until_start(&ten, -24 * 3600 + 1).call("anna", Some("k1"), cancel);
    town.refuse(again, "too-late");
    town.commit("cancellation", |state| state.cancel("appt-1", Some("k1")));
    only(&town.safety(), C3, "after its retry was refused: operation 3");
}

#[test]
fn ones_own_retry_is_refused() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(again, "already-booked");
    only(&town.safety(), C3, "and its retry was refused already-booked");
}

#[test]
fn a_retry_of_what_is_no_longer_remembered_may_be_refused() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    for _ in 0..4 {
        town.joins("anna", "paper", "T1");
        let op = town.call("anna", None, Action::Leave { service: "paper".into() });
        town.commit("waitlist", |state| {
            state.place("anna", "paper", "left").state = "left";
            state.guard("anna", None).waiting.clear();
        });
        town.ok(op, Facts::default());
        town.commit("sweeper", |state| {
            state.entries.remove(&("anna", "paper"));
        });
    }
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(again, "already-booked");
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(C3, "refused retries of what was done"), 1);
}

#[test]
fn something_that_nobody_asked_for() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.call("anna", None, Town::wants("talk", &seat(4, 126, 132)));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    only(&town.safety(), C3, "and no operation asked for it");
}

#[test]
fn a_key_tells_two_wishes_for_the_same_apart() {
    // The first was refused, the second is unknown: what arrives bears the first one's key.
    let (mut town, ten) = full();
    let first = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(first, "slot-taken");
    town.cancels("appt-8").later(400).commit("waitlist-worker", |state| state.release(&ten));
    town.call("anna", Some("k2"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    only(&town.safety(), C3, "key k1; called at 7, refused slot-taken");
}

#[test]
fn a_retry_with_a_fresh_token_is_nobodys() {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(4, 132, 138));
    town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    clean(&town.safety());
    town.commit("booking", |state| state.book("anna", "appt-2", "talk", &eleven, None));
    blames(&town.safety(), C3, "anna booked appt-2");
}

#[test]
fn a_refused_answer_to_an_offer_has_no_effect_either() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("vera", "appt-8", &ten).joins("anna", "talk", "T1").cancels("appt-8");
    town.offers("offer-1", "anna", "talk", &ten);
    let op = town.call("anna", None, Action::Accept { offer: "offer-1".into() });
    town.refuse(op, "offer-ended");
    town.commit("waitlist", |state| state.accept("offer-1", "appt-1"));
    let report = town.safety();
    only(&report, C3, "accepted offer offer-1");
    assert!(report.of(C2).next().is_none());
}

#[test]
fn a_fault_that_looks_like_a_refusal_is_none() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    let (code, facts) = ("overloaded".to_owned(), Facts::default());
    town.event(What::Return { op, outcome: Outcome::Refused { status: 503, code, facts } });
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    clean(&town.safety());
    let op = town.call("boris", None, Town::wants("talk", &ten));
    town.refuse(op, "slot-taken");
    blames(&town.safety(), checker::Claim::C4, "free all the time");
}

#[test]
fn a_key_tells_a_wish_with_it_from_one_without() {
    let (mut town, ten) = full();
    let first = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(first, "slot-taken");
    town.cancels("appt-8").later(400).commit("waitlist-worker", |state| state.release(&ten));
    town.call("anna", None, Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    only(&town.safety(), C3, "key k1; called at 7, refused slot-taken");
}

#[test]
fn refusals_that_tell_nothing_of_the_wish_end_nothing() {
    for (status, code) in [(401, "unauthorized"), (422, "idempotency-mismatch"), (429, "too-many-requests")] {
        let mut town = Town::new();
        let ten = seat(4, 120, 126);
        let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten));
        town.event(What::Return { op: lost, outcome: Outcome::Unknown });
        let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
        let (code, facts) = (code.to_owned(), Facts::default());
        town.event(What::Return { op: again, outcome: Outcome::Refused { status, code, facts } });
        town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
        clean(&town.safety());
    }
}

#[test]
fn turned_away_by_the_door_is_no_refusal() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    let (code, facts) = ("too-many-requests".to_owned(), Facts::default());
    town.event(What::Return { op, outcome: Outcome::Refused { status: 429, code, facts } });
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    clean(&town.safety());
}

#[test]
fn a_deed_is_that_of_who_was_answered_soonest() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.call("anna", None, Town::wants("talk", &ten));
    town.books("anna", "appt-1", &ten);
    clean(&town.safety());
}

#[test]
fn leaving_with_an_open_offer_gives_it_back() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("vera", "appt-8", &ten).joins("anna", "talk", "T1").cancels("appt-8");
    town.offers("offer-1", "anna", "talk", &ten);
    let op = town.call("anna", Some("k1"), Action::Leave { service: "talk".into() });
    town.commit("waitlist", |state| state.leave_with("offer-1", Some("k1")));
    town.ok(op, Facts::default());
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(C3, "deeds with an author"), 4);
}

#[test]
fn a_key_that_stands_for_another_request_answers_nothing() {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(4, 132, 138));
    town.books("anna", "appt-1", &ten);
    let first = town.call("anna", Some("k1"), Action::Cancel { appointment: "appt-1".into() });
    town.commit("cancellation", |state| state.cancel("appt-1", Some("k1")));
    town.ok(first, Facts::default());
    let other = town.call("anna", Some("k1"), Town::wants("paper", &eleven));
    town.refuse(other, "idempotency-mismatch");
    clean(&town.safety());
    let other = town.call("anna", Some("k1"), Town::wants("paper", &eleven));
    town.ok(other, Facts::default());
    blames(&town.safety(), C2, "operation 4");
}

#[test]
fn what_staff_were_refused_for_somebody_does_not_come_true() {
    // Somebody calls, the operator is told that it cannot be, and it is done all the same.
    let cancelled = |asked: bool| {
        let mut town = Town::new();
        let ten = seat(4, 120, 126);
        town.books("anna", "appt-1", &ten);
        if asked {
            let op = town.call("anna", Some("k1"), Action::Cancel { appointment: "appt-1".into() });
            town.refuse(op, "refused-before");
        }
        town.commit("cancellation", |state| {
            state.cancel("appt-1", Some("k1"));
            let change = state.appointments.get_mut("appt-1").unwrap().changes.last_mut().unwrap();
            (change.by, change.why) = ("staff", Some("she fell ill"));
        });
        town.safety()
    };
    only(&cancelled(true), C3, "although refused: operation 2");
    // Of themselves they may.
    clean(&cancelled(false));
}

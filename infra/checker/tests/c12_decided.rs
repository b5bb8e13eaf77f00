//! C12: applications and policies decided once, and questions that nobody forgets.

use crate::expect::{blames, clean};
use crate::rights::right;
use crate::town::wire::{item, l, n, s};
use crate::town::{State, Town, seat};
use checker::Claim::C12;
use checker::history::{Action, Facts};
use serde_json::Value;

fn put(state: &mut State, right: Value) {
    state.more.insert(("CIT#anna".into(), "REP#boris".into()), right);
}

fn decides(town: &mut Town, queue: &str, id: &str, result: &str) -> u64 {
    let (queue, id, result) = (queue.to_owned(), id.to_owned(), result.to_owned());
    town.calls("", None, true, Action::Decide { queue, id, result })
}

/// Boris has asked to act for Anna.
fn applied() -> Town {
    let mut town = Town::new();
    town.commit("representatives", |state| put(state, right("waiting", None, None)));
    town
}

fn approves(town: &mut Town, state: &'static str, member: &str) {
    let op = decides(town, "representations", "anna.boris.grant-1", "approved");
    town.commit("representatives", |to| put(to, right(state, None, Some(member))));
    town.ok(op, Facts::default());
}

#[test]
fn an_application_is_decided_by_one() {
    let mut town = applied();
    approves(&mut town, "in-force", "olga");
    clean(&town.safety());
    let mut town = applied();
    approves(&mut town, "refused", "olga");
    blames(&town.safety(), C12, "it was decided otherwise");
    let mut town = applied();
    approves(&mut town, "in-force", "olga");
    town.commit("representatives", |state| put(state, right("refused", None, Some("pavel"))));
    blames(&town.safety(), C12, "was decided by Some((\"olga\", 1)) and again by Some((\"pavel\", 1))");
    let mut town = applied();
    town.commit("representatives", |state| put(state, right("ended", None, None)));
    approves(&mut town, "in-force", "olga");
    blames(&town.safety(), C12, "went from ended to in-force");
}

/// The policy of Anna is unclear, and has been taken by Olga.
fn unclear() -> Town {
    let mut town = Town::new();
    town.commit("registries", |state| {
        state.more.insert(("CIT#anna".into(), "PROFILE".into()), item([("pc", s("unclear"))]));
        state.more.insert(row(), item([("m", s("olga"))]));
    });
    town
}

fn row() -> (String, String) {
    ("POLICIES#RU-MOW".into(), "1796072400000#anna".into())
}

/// Olga says that it is good.
fn says_valid(state: &mut State) {
    state.more.insert(("CIT#anna".into(), "PROFILE".into()), item([("pc", s("valid"))]));
    state.more.remove(&row());
    let event = item([("ev", s("policy-confirmed")), ("m", s("olga"))]);
    state.more.insert(("CIT#anna".into(), "EVENT#1".into()), event);
}

#[test]
fn one_decision_about_a_policy_counts() {
    let mut town = unclear();
    let first = decides(&mut town, "checks/policies", "anna.1796072400000", "valid");
    let second = decides(&mut town, "checks/policies", "anna.1796072400000", "valid");
    town.commit("operator", says_valid);
    town.ok(first, Facts::default());
    clean(&town.safety());
    town.ok(second, Facts::default());
    blames(&town.safety(), C12, "one decision was answered to operation");
    let mut town = unclear();
    let void = decides(&mut town, "checks/policies", "anna.1796072400000", "void");
    town.commit("operator", says_valid);
    town.ok(void, Facts::default());
    blames(&town.safety(), C12, "no such decision was committed");
}

#[test]
fn an_unclear_policy_stands_in_the_queue() {
    clean(&unclear().safety());
    let mut town = Town::new();
    let profile = |checked| item([("pc", s(checked))]);
    town.commit("registries", |state| {
        state.more.insert(("CIT#anna".into(), "PROFILE".into()), profile("unclear"));
    });
    blames(&town.safety(), C12, "and does not stand in the queue");
    let mut town = Town::new();
    town.commit("profile", |state| {
        state.more.insert(("CIT#anna".into(), "PROFILE".into()), profile("pending"));
    });
    blames(&town.safety(), C12, "is pending, and nobody asks");
}

/// Anna books without a registry's answer; whether she is to be asked about, and when.
fn books(town: &mut Town, next_at_ms: Option<i64>) {
    let ten = seat(4, 120, 126);
    let op = town.call("anna", None, Town::wants("talk", &ten));
    town.commit("booking", |state| {
        state.book("anna", "appt-1", "talk", &ten, None);
        state.appointments.get_mut("appt-1").unwrap().mark = "needs-check";
        ask(state, next_at_ms);
    });
    town.ok_with(op, "appt-1");
}

fn ask(state: &mut State, next_at_ms: Option<i64>) {
    let asking = next_at_ms.map(|next| l([n(1), n(0), n(next)])).unwrap_or_default();
    state.more.insert(("CIT#anna".into(), "ELIG#appt-1".into()), item([("v", n(1)), ("pa", asking)]));
}

#[test]
fn whoever_is_to_be_checked_is_asked_about() {
    let mut town = Town::new();
    books(&mut town, None);
    blames(&town.safety(), C12, "is to be checked, and nobody asks");
    let mut town = Town::new();
    let now_ms = town.now_ms();
    books(&mut town, Some(now_ms));
    clean(&town.safety());
    // The question goes away, and the mark stays.
    town.later(60).commit("registries", |state| ask(state, None));
    blames(&town.safety(), C12, "nobody asks any more about appointment appt-1");
}

#[test]
fn a_clear_answer_closes_the_question() {
    let mut town = Town::new();
    let now_ms = town.now_ms();
    books(&mut town, Some(now_ms));
    town.later(60).commit("registries", |state| {
        let item = state.next("appt-1", "eligibility-confirmed");
        item.changes.last_mut().unwrap().by = "system";
        item.mark = "confirmed";
        ask(state, None);
    });
    clean(&town.safety());
}

#[test]
fn once_all_is_well_what_was_due_has_been_asked() {
    let mut town = Town::new();
    let now_ms = town.now_ms();
    books(&mut town, Some(now_ms));
    town.later(3600).tick();
    blames(&town.liveness(), C12, "was to be asked about 3600 s ago");
}

fn unlock(state: &str, decided_by: Option<&str>) -> Value {
    let decided = decided_by.map(|member| l([s(member), n(1)])).unwrap_or_default();
    item([("id", s("unlock-1")), ("st", s(state)), ("by", s("olga")), ("dc", decided)])
}

#[test]
fn nobody_lets_in_alone_nor_whom_the_owner_stopped() {
    let steps = |steps: &[(&str, Option<&str>)]| {
        let mut town = Town::new();
        for (state, by) in steps {
            town.commit("identity", |to| {
                to.more.insert(("CIT#anna".into(), "UNLOCK".into()), unlock(state, *by));
            });
        }
        town.safety()
    };
    clean(&steps(&[("waiting", None), ("approved", Some("pavel")), ("stopped", Some("pavel"))]));
    let alone = steps(&[("waiting", None), ("approved", Some("olga"))]);
    blames(&alone, C12, "was opened and agreed to by olga");
    let stopped = steps(&[("waiting", None), ("stopped", None), ("approved", Some("pavel"))]);
    blames(&stopped, C12, "went from stopped to approved");
}

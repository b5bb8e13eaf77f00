//! C8 for those who act for others: by a right that is there, covers the service, and is not over.

use crate::expect::{blames, clean};
use crate::town::items::DECEMBER_S;
use crate::town::wire::{item, l, m, maybe, n, s};
use crate::town::{Id, State, Town, seat};
use checker::Claim::C8;
use checker::history::{Facts, What};
use serde_json::Value;

/// The third of December, 00:00, in milliseconds.
const ENDS_MS: i64 = (DECEMBER_S + 2 * 86_400) * 1000;

/// What Boris may do for Anna, by one paper.
pub fn right(state: &str, services: Option<&[&str]>, decided: Option<&str>) -> Value {
    let named = services.map(|services| l(services.iter().map(|one| s(*one))));
    let decided = maybe(decided, |member| l([s(member), n(1)]));
    let grant = m([
        ("id", s("grant-1")),
        ("un", n(ENDS_MS)),
        ("st", s(state)),
        ("sc", named.unwrap_or_default()),
        ("dec", decided),
    ]);
    item([("v", n(1)), ("gr", l([grant]))])
}

fn put(state: &mut State, right: Value) {
    state.more.insert(("CIT#anna".into(), "REP#boris".into()), right);
}

/// Anna lets Boris act for her, in everything or for a service.
fn let_act(services: Option<&[&str]>) -> Town {
    let mut town = Town::new();
    town.commit("representatives", |state| put(state, right("in-force", services, Some("olga"))));
    town
}

/// Boris books for Anna.
fn books(town: &mut Town) {
    let ten = seat(8, 120, 126);
    let op = called(town, "boris", Town::wants("talk", &ten));
    town.commit("booking", |state| {
        state.book("anna", "appt-1", "talk", &ten, None);
        by(state, "boris");
    });
    town.ok_with(op, "appt-1");
}

fn by(state: &mut State, who: Id) {
    let change = state.appointments.get_mut("appt-1").unwrap().changes.last_mut().unwrap();
    (change.by, change.representative) = ("representative", Some(who));
}

/// Somebody asks in Anna's name.
fn called(town: &mut Town, who: &str, action: checker::history::Action) -> u64 {
    let op = town.call("anna", None, action);
    let event = town.history.events.last_mut().unwrap();
    let What::Call { by, .. } = &mut event.what else { unreachable!() };
    *by = Some(who.to_owned());
    op
}

#[test]
fn whoever_may_act_books_for_another() {
    let mut town = let_act(None);
    books(&mut town);
    clean(&town.safety());
    let mut town = let_act(Some(&["talk"]));
    books(&mut town);
    clean(&town.safety());
}

#[test]
fn nobody_does_without_a_right_that_covers_it() {
    let mut town = Town::new();
    books(&mut town);
    blames(&town.safety(), C8, "talk was booked for anna by boris, who could not");
    let mut town = let_act(Some(&["paper"]));
    books(&mut town);
    blames(&town.safety(), C8, "talk was booked for anna by boris, who could not");
}

#[test]
fn nothing_is_done_by_a_right_that_was_ended() {
    let mut town = let_act(None);
    town.commit("representatives", |state| put(state, right("ended", None, Some("olga"))));
    books(&mut town);
    blames(&town.safety(), C8, "who could not");
}

#[test]
fn nor_after_its_date_though_nobody_has_written_that_it_is_over() {
    let mut town = let_act(None);
    town.later(ENDS_MS / 1000 - town.now_ms() / 1000 + 1);
    books(&mut town);
    clean(&town.safety());
    let mut town = let_act(None);
    town.later(ENDS_MS / 1000 - town.now_ms() / 1000 + 10);
    books(&mut town);
    blames(&town.safety(), C8, "who could not");
}

#[test]
fn nothing_is_shown_to_whom_may_not_act_any_more() {
    let read = || checker::history::Action::Appointments;
    let answer = |town: &mut Town| {
        let op = called(town, "boris", read());
        town.ok(op, Facts { appointments: Some(Vec::new()), ..Facts::default() });
        town.safety()
    };
    clean(&answer(&mut let_act(None)));
    let mut town = let_act(None);
    town.commit("representatives", |state| put(state, right("ended", None, Some("olga"))));
    blames(&answer(&mut town), C8, "answered to boris, who could not act for anna");
}

//! C10: histories with holes.

use crate::expect::{blames, clean, only};
use crate::town::{Town, seat};
use checker::Claim::C10;
use checker::history::*;

fn booked() -> Town {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(6, 120, 126));
    town
}

#[test]
fn a_change_is_not_recorded() {
    let mut town = booked();
    town.commit("waitlist", |state| state.appointments.get_mut("appt-1").unwrap().version = 2);
    only(&town.safety(), C10, "appointment appt-1 version 2: no change 2 is recorded");
}

#[test]
fn a_version_is_left_out() {
    let mut town = booked();
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| {
        state.appointments.get_mut("appt-1").unwrap().version = 2;
        state.check_in("appt-1");
    });
    town.ok(op, Facts::default());
    only(&town.safety(), C10, "appointment appt-1 version 3: it follows version 1");
}

#[test]
fn a_change_is_rewritten() {
    let mut town = booked();
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| {
        state.check_in("appt-1");
        state.appointments.get_mut("appt-1").unwrap().changes[0].at_ms += 1;
    });
    town.ok(op, Facts::default());
    only(&town.safety(), C10, "change 1 was");
}

#[test]
fn what_spilled_is_lost() {
    let mut town = booked();
    for _ in 0..4 {
        let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
        town.commit("visits", |state| state.check_in("appt-1"));
        town.ok(op, Facts::default());
    }
    assert_eq!(town.state.logs.len(), 1);
    clean(&town.safety());
    let last = town.history.events.iter_mut().rev().find_map(|event| match &mut event.what {
        What::Commit { records, .. } => Some(records),
        _ => None,
    });
    last.unwrap().retain(|record| !record.sk.starts_with("LOG#"));
    only(&town.safety(), C10, "appointment appt-1 version 5: no change 1 is recorded");
}

#[test]
fn two_commits_record_one_operation() {
    let mut town = booked();
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| {
        state.check_in("appt-1");
        state.appointments.get_mut("appt-1").unwrap().changes[1].op = "OP1".into();
    });
    town.ok(op, Facts::default());
    only(&town.safety(), C10, "operation id OP1 is recorded by two commits");
}

#[test]
fn a_retry_does_it_again() {
    let mut town = Town::new();
    let ten = seat(6, 120, 126);
    let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    town.cancels("appt-1").commit("waitlist-worker", |state| state.release(&ten));
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| {
        state.actives.get_mut("anna").unwrap().cool_downs.clear();
        state.book("anna", "appt-2", "talk", &ten, Some("k1"));
    });
    town.ok_with(again, "appt-2");
    blames(&town.safety(), C10, "and again at step");
}

#[test]
fn a_place_loses_a_change_or_gets_two() {
    let change = |spoil: fn(&mut crate::town::State)| {
        let mut town = Town::new();
        town.joins("anna", "talk", "T1");
        let op = town.call("anna", None, Action::Pause { service: "talk".into() });
        town.commit("waitlist", |state| {
            state.place("anna", "talk", "paused").state = "paused";
            state.guard("anna", None);
            spoil(state);
        });
        town.ok(op, Facts::default());
        town.safety()
    };
    clean(&change(|_| {}));
    let lost = change(|state| {
        state.entries.get_mut(&("anna", "talk")).unwrap().changes.remove(0);
    });
    only(&lost, C10, "is gone");
    let none = change(|state| {
        state.entries.get_mut(&("anna", "talk")).unwrap().changes.truncate(1);
    });
    blames(&none, C10, "0 new changes are recorded");
    let gap = change(|state| state.entries.get_mut(&("anna", "talk")).unwrap().version += 1);
    only(&gap, C10, "the place of anna for talk version 3: it follows version 1");
}

#[test]
fn a_history_is_shown_with_a_hole() {
    let mut town = booked();
    town.moves("appt-1", &seat(6, 132, 138));
    let op = town.call("anna", None, Action::AppointmentHistory { appointment: "appt-1".into() });
    let changes = vec![ChangeSeen { version: 2, who: "citizen".into(), what: "moved".into() }];
    town.ok(op, Facts { changes: Some(changes), ..Facts::default() });
    only(&town.safety(), C10, "the history shown (2 moved by citizen) is not that of versions 1 to 2..2");
}

#[test]
fn two_changes_bear_one_number() {
    let mut town = booked();
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| {
        state.check_in("appt-1");
        let item = state.appointments.get_mut("appt-1").unwrap();
        item.changes.push(item.changes[1].clone());
    });
    town.ok(op, Facts::default());
    only(&town.safety(), C10, "two changes of it are numbered 2");
}

#[test]
fn a_places_fifth_change_spills_too() {
    let mut town = Town::new();
    town.joins("anna", "talk", "T1");
    let talk = || "talk".to_owned();
    for (action, did, stands) in [
        (Action::Pause { service: talk() }, "paused", "paused"),
        (Action::Resume { service: talk() }, "resumed", "waiting"),
        (Action::Pause { service: talk() }, "paused", "paused"),
        (Action::Resume { service: talk() }, "resumed", "waiting"),
    ] {
        let op = town.call("anna", None, action);
        town.commit("waitlist", |state| {
            state.place("anna", "talk", did).state = stands;
            state.guard("anna", None);
        });
        town.ok(op, Facts::default());
    }
    assert_eq!(town.state.logs.len(), 1);
    clean(&town.safety());
}

#[test]
fn one_request_without_a_key_does_it_once_however_long_ago() {
    let mut town = Town::new();
    let ten = seat(6, 120, 126);
    town.call("anna", None, Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, None));
    for _ in 0..9 {
        // Each remembers another operation.
        town.joins("anna", "paper", "T1").commit("sweeper", |state| {
            state.entries.remove(&("anna", "paper"));
            state.actives.get_mut("anna").unwrap().waiting.clear();
        });
    }
    town.cancels("appt-1").commit("waitlist-worker", |state| state.release(&ten));
    town.commit("booking", |state| state.book("anna", "appt-2", "talk", &ten, None));
    only(&town.safety(), C10, "anna booked appt-1");
}

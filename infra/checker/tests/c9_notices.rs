//! C9: notices that are not true, come again, or never come.

use crate::expect::{clean, only};
use crate::town::{Seat, Town, items::Note, seat};
use checker::Claim::C9;
use checker::history::*;

fn booked() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(6, 120, 126);
    town.books("anna", "appt-1", &ten);
    (town, ten)
}

#[test]
fn a_notice_before_its_commit() {
    let mut town = Town::new();
    let op = town.call("anna", None, Town::wants("talk", &seat(6, 120, 126)));
    town.sent("mail", "anna", "booked", "appt-1", 1);
    only(&town.safety(), C9, "no such appointment was ever committed");
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &seat(6, 120, 126), None));
    town.ok_with(op, "appt-1");
    only(
        &town.safety(),
        C9,
        "booked of appt-1 version 1 by mail to anna: no such version was committed before",
    );
}

#[test]
fn a_notice_of_what_never_was_and_to_somebody_else() {
    let (mut town, _) = booked();
    town.sent("mail", "anna", "cancelled", "appt-1", 1);
    only(&town.safety(), C9, "no such version was committed before (it is Some(\"booked\"))");
    let (mut town, _) = booked();
    town.sent("mail", "boris", "booked", "appt-1", 1);
    only(&town.safety(), C9, "it is anna's");
}

#[test]
fn a_notice_of_what_was_over_a_minute_ago() {
    let (mut town, _) = booked();
    town.cancels("appt-1").later(61).sent("mail", "anna", "booked", "appt-1", 1);
    only(&town.safety(), C9, "version 2 had been cancelled more than a minute before");
}

#[test]
fn a_reminder_of_a_cancelled_appointment() {
    let (mut town, ten) = booked();
    town.cancels("appt-1").until_start(&ten, -24 * 3600);
    town.sent("sms", "anna", "reminder-day", "appt-1", ten.starts_at_s() as u64);
    only(&town.safety(), C9, "it had been cancelled at one/a 2026-12-06 cells 120..126 (version 2)");
}

#[test]
fn a_reminder_of_a_start_that_was_moved() {
    let (mut town, ten) = booked();
    town.moves("appt-1", &seat(8, 120, 126)).until_start(&ten, -3600);
    town.sent("sms", "anna", "reminder-hour", "appt-1", ten.starts_at_s() as u64);
    only(&town.safety(), C9, "it had been planned at one/a 2026-12-08");
    let (mut town, ten) = booked();
    town.sent("sms", "anna", "reminder-hour", "appt-1", ten.starts_at_s() as u64 + 300);
    only(&town.safety(), C9, "it was never planned for that start");
}

#[test]
fn a_reminder_comes_twice() {
    let (mut town, ten) = booked();
    town.until_start(&ten, -24 * 3600);
    for channel in ["mail", "sms", "sms"] {
        town.sent(channel, "anna", "reminder-day", "appt-1", ten.starts_at_s() as u64);
    }
    only(&town.safety(), C9, "reminder-day of appt-1");
    assert_eq!(town.safety().of(C9).count(), 1, "by each channel once is fine");
}

#[test]
fn a_duplicate_under_another_number() {
    let (mut town, _) = booked();
    town.sent("mail", "anna", "booked", "appt-1", 1);
    let notice = Some("1796072999.booked.appt-1.1".to_owned());
    let (channel, citizen) = ("mail".to_owned(), "anna".to_owned());
    let terminal = Terminal::Accepted;
    town.event(What::Sent(Sent { channel, citizen, notice, message: None, about: None, terminal }));
    only(&town.safety(), C9, "under two numbers");
}

#[test]
fn an_offer_is_told_after_it_ended_and_a_lapse_that_was_none() {
    let (mut town, ten) = booked();
    town.joins("boris", "talk", "T1").cancels("appt-1").later(60).offers("offer-1", "boris", "talk", &ten);
    town.declines("offer-1").later(120).sent("sms", "boris", "offer-made", "offer-1", 1);
    only(&town.safety(), C9, "it had been declined more than a minute before");
    town.history.events.pop();
    town.sent("sms", "boris", "offer-lapsed", "offer-1", 2);
    only(&town.safety(), C9, "it is Some(\"declined\")");
}

#[test]
fn a_message_without_a_number_is_known_by_its_notices_row() {
    let (mut town, _) = booked();
    town.cancels("appt-1").later(90);
    let number = "1796072400.booked.appt-1.1".to_owned();
    town.commit("notifier", |state| {
        let sent = vec![("sms", "message-7")];
        state.notes.insert(("anna", number), Note { state: "sent", due_at_ms: None, sent });
    });
    let (channel, citizen, message) = ("sms".to_owned(), "anna".to_owned(), Some("message-7".to_owned()));
    let terminal = Terminal::Accepted;
    town.event(What::Sent(Sent { channel, citizen, notice: None, message, about: None, terminal }));
    only(&town.safety(), C9, "version 2 had been cancelled");
}

/// The row of Anna's booking as the history ends, a day later.
fn ends_with(note: Option<Note>) -> checker::Report {
    let (mut town, _) = booked();
    town.later(60);
    if let Some(note) = note {
        let number = "1796072400.booked.appt-1.1".to_owned();
        town.commit("notifier", |state| {
            state.notes.insert(("anna", number), note);
        });
    }
    town.later(3600).tick();
    town.liveness()
}

#[test]
fn a_fact_that_nobody_told() {
    only(&ends_with(None), C9, "booked of appt-1 version 1 was told by nobody and has no row");
    let note = |state, due_at_ms| Some(Note { state, due_at_ms, sent: Vec::new() });
    only(&ends_with(note("pending", None)), C9, "its row says pending");
    only(&ends_with(note("pending", Some(1_796_000_000_000))), C9, "its row says pending");
    only(&ends_with(note("sent", None)), C9, "its row says sent");
    only(&ends_with(note("claimed", None)), C9, "its row says claimed");
    only(&ends_with(note("dropped", None)), C9, "was dropped although it is so");
    clean(&ends_with(note("failed", None)));
    clean(&ends_with(note("pending", Some(1_799_000_000_000))));
}

#[test]
fn a_fact_that_was_over_may_be_dropped() {
    let (mut town, _) = booked();
    town.cancels("appt-1").sent("mail", "anna", "cancelled", "appt-1", 2);
    town.commit("notifier", |state| {
        let note = Note { state: "dropped", due_at_ms: None, sent: Vec::new() };
        state.notes.insert(("anna", "1796072400.booked.appt-1.1".into()), note);
    });
    town.later(3600).tick();
    clean(&town.liveness());
}

#[test]
fn a_confirmation_after_its_visit_was_over() {
    let late = |state: Option<&'static str>| {
        let (mut town, ten) = booked();
        for (kind, ahead) in [("reminder-day", 24 * 3600), ("reminder-hour", 3600)] {
            town.until_start(&ten, -ahead).sent("sms", "anna", kind, "appt-1", ten.starts_at_s() as u64);
        }
        let op = town.until_start(&ten, -60).call("", None, Action::CheckIn { appointment: "appt-1".into() });
        town.commit("visits", |state| state.check_in("appt-1"));
        town.ok(op, Facts::default());
        town.later(61);
        match state {
            None => {
                town.sent("mail", "anna", "booked", "appt-1", 1);
                town.safety()
            }
            Some(state) => {
                town.commit("notifier", |told| {
                    let note = Note { state, due_at_ms: None, sent: Vec::new() };
                    told.notes.insert(("anna", "1796072400.booked.appt-1.1".into()), note);
                });
                town.liveness()
            }
        }
    };
    only(&late(None), C9, "version 2 had been checked-in more than a minute before");
    clean(&late(Some("dropped")));
}

#[test]
fn a_reminder_that_nobody_thought_of() {
    let (mut town, ten) = booked();
    town.sent("mail", "anna", "booked", "appt-1", 1).until_start(&ten, -20 * 3600).tick();
    only(&town.liveness(), C9, "reminder-day of appt-1");
    // One that may have been sent is never tried again: its row is enough.
    let (mut town, ten) = booked();
    town.sent("mail", "anna", "booked", "appt-1", 1).until_start(&ten, -24 * 3600);
    let start = ten.starts_at_s();
    town.commit("notifier", |state| {
        let note = Note { state: "claimed", due_at_ms: None, sent: Vec::new() };
        state.notes.insert(("anna", format!("{}.reminder-day.appt-1.{start}", start - 86_400)), note);
    });
    town.until_start(&ten, -20 * 3600).tick();
    clean(&town.liveness());
}

#[test]
fn offers_that_never_were_are_told() {
    let (mut town, _) = booked();
    town.sent("sms", "boris", "offer-made", "offer-7", 1);
    only(&town.safety(), C9, "no such offer was ever committed");
    let (mut town, ten) = booked();
    town.joins("boris", "talk", "T1").cancels("appt-1").later(60);
    town.sent("sms", "boris", "offer-made", "offer-1", 1).offers("offer-1", "boris", "talk", &ten);
    only(&town.safety(), C9, "no such offer was committed before");
}

#[test]
fn a_notices_row_is_gone() {
    let (mut town, _) = booked();
    let number = "1796072400.booked.appt-1.1".to_owned();
    town.commit("notifier", |state| {
        let note = Note { state: "failed", due_at_ms: None, sent: Vec::new() };
        state.notes.insert(("anna", number.clone()), note);
    });
    town.commit("sweeper", |state| {
        state.notes.remove(&("anna", number.clone()));
    });
    town.later(3600).tick();
    only(&town.liveness(), C9, "was told by nobody and its row is gone");
}

#[test]
fn a_reminder_of_a_start_that_was_left_and_taken_again_is_true() {
    let mut town = Town::new();
    let (ten, other) = (seat(6, 120, 126), seat(6, 132, 138));
    town.books("anna", "appt-1", &ten).until_start(&ten, -24 * 3600 - 120).moves("appt-1", &other);
    town.commit("waitlist-worker", |state| state.release(&ten));
    town.later(90).moves("appt-1", &ten);
    town.later(5).sent("sms", "anna", "reminder-day", "appt-1", ten.starts_at_s() as u64);
    clean(&town.safety());
}

#[test]
fn no_reminder_is_demanded_of_what_was_booked_after_its_time() {
    let mut town = Town::new();
    let ten = seat(2, 132, 138);
    town.until_start(&ten, -23 * 3600).books("anna", "appt-1", &ten);
    town.sent("mail", "anna", "booked", "appt-1", 1).later(3600).tick();
    let report = town.liveness();
    clean(&report);
    assert_eq!(report.count(C9, "facts that demand a notice"), 1);
}

#[test]
fn a_clock_that_ran_twice_at_once_has_run_once() {
    // An hour before the start it ran on four occasions, or on two and twice each, until the visit was moved.
    let moved = |apart_s: i64| {
        let (mut town, ten) = booked();
        town.sent("mail", "anna", "booked", "appt-1", 1).sent("mail", "anna", "moved", "appt-1", 2);
        town.until_start(&ten, -24 * 3600).sent(
            "sms",
            "anna",
            "reminder-day",
            "appt-1",
            ten.starts_at_s() as u64,
        );
        town.until_start(&ten, -3600 + 620)
            .tick()
            .later(apart_s)
            .tick()
            .later(60)
            .tick()
            .later(apart_s)
            .tick();
        town.later(5).commit("rescheduling", |state| {
            state.shift("appt-1", &seat(7, 120, 126), None);
            let change = state.appointments.get_mut("appt-1").unwrap().changes.last_mut().unwrap();
            (change.by, change.why) = ("staff", Some("she is late"));
        });
        town.later(3600).tick().liveness()
    };
    assert!(moved(60).of(C9).any(|found| found.text.contains("reminder-hour of appt-1")), "{}", moved(60));
    assert!(!moved(0).of(C9).any(|found| found.text.contains("reminder-hour of appt-1")), "{}", moved(0));
}

//! Histories in which nothing is wrong.

use crate::expect::clean;
use crate::town::{Town, seat};
use checker::history::*;
use checker::report::Judged;
use checker::{Claim, Mode, check};

#[test]
fn an_empty_history_is_clean_and_shows_that_nothing_was_looked_at() {
    let report = Town::new().safety();
    clean(&report);
    assert_eq!(report.count(Claim::C1, "page versions"), 0);
    let judged: Vec<Claim> =
        report.evidence.iter().filter(|e| e.judged == Judged::Yes).map(|e| e.claim).collect();
    assert!(!judged.contains(&Claim::C5) && judged.contains(&Claim::C4));
}

#[test]
fn booking_moving_and_cancelling_are_fine() {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(5, 132, 138));
    town.books("anna", "appt-1", &ten).moves("appt-1", &eleven).later(60).cancels("appt-1");
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C3, "deeds with an author"), 3);
    assert_eq!(report.count(Claim::C8, "changes by oneself"), 2);
    assert_eq!(report.count(Claim::C10, "appointment versions"), 3);
    assert!(report.count(Claim::C1, "page versions") >= 4);
}

#[test]
fn a_freed_slot_goes_down_the_line_and_is_accepted() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).joins("boris", "talk", "T1").joins("vera", "talk", "T2");
    town.cancels("appt-1").offers("offer-1", "boris", "talk", &ten).declines("offer-1");
    town.later(5).commit("waitlist-worker", |state| {
        state.offer("offer-2", "vera", "talk", &ten, "talk");
        let offer = state.offers.get_mut("offer-2").unwrap();
        offer.passed.push(("boris", "T1", "declined-before"));
    });
    town.accepts("offer-2", "appt-2");
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C7, "offers"), 2);
    assert_eq!(report.count(Claim::C7, "people before them"), 1);
}

#[test]
fn told_taken_by_a_slot_that_was_taken_meanwhile() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    let in_b = crate::town::Seat { window: "b", ..ten.clone() };
    let late = town.call("vera", None, Town::wants("talk", &ten));
    town.books("anna", "appt-1", &ten);
    town.books("boris", "appt-2", &in_b);
    town.refuse(late, "slot-taken");
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C4, "«занято» said"), 1);
    assert_eq!(report.count(Claim::C4, "slots put in order"), 1);
    assert_eq!(report.count(Claim::C4, "operations put in order"), 3);
}

#[test]
fn what_nobody_knows_of_may_have_happened_or_not_and_its_retry_answers_the_same() {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(4, 132, 138));
    let lost = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-1", "talk", &ten, Some("k1")));
    town.event(What::Return { op: lost, outcome: Outcome::Unknown });
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.ok_with(again, "appt-1");
    town.call("boris", Some("k2"), Town::wants("talk", &eleven));
    clean(&town.safety());
    // It arrives a minute later, after the client is gone.
    town.later(60).commit("booking", |state| state.book("boris", "appt-2", "talk", &eleven, Some("k2")));
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C3, "of unknown outcome"), 2);
    assert_eq!(report.count(Claim::Recording, "of unknown outcome"), 2);
}

#[test]
fn a_new_try_after_a_refusal_may_succeed() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books_for("boris", "appt-1", "paper", &seat(4, 120, 123));
    let in_b = crate::town::Seat { window: "b", ..ten.clone() };
    town.books("vera", "appt-2", &in_b);
    let first = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.refuse(first, "slot-taken");
    town.cancels("appt-1").later(400);
    town.commit("waitlist-worker", |state| state.release(&seat(4, 120, 123)));
    let again = town.call("anna", Some("k1"), Town::wants("talk", &ten));
    town.commit("booking", |state| state.book("anna", "appt-3", "talk", &ten, Some("k1")));
    town.ok_with(again, "appt-3");
    clean(&town.safety());
}

#[test]
fn the_visit_itself_checked_in_or_missed() {
    let mut town = Town::new();
    let (ten, half_past) = (seat(3, 120, 126), seat(3, 126, 132));
    town.books("anna", "appt-1", &ten).books("boris", "appt-2", &half_past);
    town.until_start(&ten, -600);
    let op = town.call("", None, Action::CheckIn { appointment: "appt-1".into() });
    town.commit("visits", |state| state.check_in("appt-1"));
    town.ok(op, Facts::default());
    town.until_start(&half_past, 700).commit("clock", |state| state.no_show("appt-2"));
    clean(&town.safety());
}

#[test]
fn the_fifth_change_spills_and_nothing_is_lost() {
    let mut town = Town::new();
    let seats = [120, 126, 132, 138].map(|from| seat(6, from, from + 6));
    town.books("anna", "appt-1", &seats[0]);
    for to in [1, 2, 3, 1, 2] {
        // The freed cells go to the public before they are wanted again.
        town.moves("appt-1", &seats[to]).later(500);
        let freed: Vec<_> = seats
            .iter()
            .filter(|seat| town.state.pages[&(6, "a")].freed.contains(&seat.from))
            .cloned()
            .collect();
        freed.iter().for_each(|seat| {
            town.commit("waitlist-worker", |state| state.release(seat));
        });
    }
    assert_eq!(town.state.logs.len(), 2);
    let op = town.call("anna", None, Action::AppointmentHistory { appointment: "appt-1".into() });
    let change = |version, what: &str| ChangeSeen { version, who: "citizen".into(), what: what.into() };
    let changes = std::iter::once(change(1, "booked")).chain((2..=6).map(|v| change(v, "moved"))).collect();
    town.ok(op, Facts { changes: Some(changes), ..Facts::default() });
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C10, "histories shown"), 1);
}

#[test]
fn notices_of_what_is_so_are_true_and_duplicates_are_counted() {
    let mut town = Town::new();
    let (ten, eleven) = (seat(4, 120, 126), seat(5, 132, 138));
    town.books("anna", "appt-1", &ten).sent("mail", "anna", "booked", "appt-1", 1);
    // On its way while the appointment moves: told in good faith.
    town.moves("appt-1", &eleven).later(20).sent("mail", "anna", "booked", "appt-1", 1);
    town.later(20).sent("sms", "anna", "moved", "appt-1", 2);
    town.until_start(&eleven, -24 * 3600);
    town.sent("sms", "anna", "reminder-day", "appt-1", eleven.starts_at_s() as u64);
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(Claim::C9, "accepted sends"), 4);
    assert_eq!(report.count(Claim::C9, "duplicates"), 1);
}

#[test]
fn in_the_calm_everything_is_served_and_told() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).sent("mail", "anna", "booked", "appt-1", 1);
    town.joins("boris", "talk", "T1").cancels("appt-1").sent("mail", "anna", "cancelled", "appt-1", 2);
    town.event(What::Calm);
    town.later(60).tick().offers("offer-1", "boris", "talk", &ten).sent(
        "sms",
        "boris",
        "offer-made",
        "offer-1",
        1,
    );
    town.later(60).accepts("offer-1", "appt-2").sent("sms", "boris", "booked", "appt-2", 1);
    town.later(1200).tick();
    let report = town.liveness();
    clean(&report);
    assert!(report.count(Claim::C5, "freed slots looked at") > 0);
    assert_eq!(report.count(Claim::C5, "seconds the longest waited"), 60);
    assert_eq!(report.count(Claim::C9, "facts that demand a notice"), 4);
}

#[test]
fn a_history_is_the_same_after_being_written_and_read() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126)).sent("mail", "anna", "booked", "appt-1", 1);
    let text = serde_json::to_string(&town.history).unwrap();
    let read: History = serde_json::from_str(&text).unwrap();
    assert_eq!(read, town.history);
    assert_eq!(check(&read, Mode::Safety), town.safety());
}

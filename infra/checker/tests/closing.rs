//! Windows that are closed for a day: nobody is expected there in the end, everybody is told why, and starts that are not
//! offered any more are no false refusals.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::{C2, C4, C5, C8};
use checker::history::*;

fn close(town: &mut Town) {
    let on = "2026-12-04".to_owned();
    let op = town.call("", None, Action::Close { office: "one".into(), windows: vec!["a".into()], on });
    town.commit("offices", |state| {
        let page = state.pages.entry((4, "a")).or_default();
        page.version += 1;
        page.closed = true;
    });
    town.ok(op, Facts::default());
}

/// The office gives it up, with or without a reason; its cells are nobody's.
fn displaced(town: &mut Town, why: Option<&'static str>) {
    town.commit("waitlist-worker", |state| {
        let item = state.next("appt-1", "displaced");
        item.phase = "cancelled";
        let change = item.changes.last_mut().unwrap();
        (change.by, change.why) = ("staff", why);
        let page = state.pages.get_mut(&(4, "a")).unwrap();
        page.version += 1;
        page.taken.clear();
        state.guard("anna", None).held.clear();
    });
}

fn booked() -> Town {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126)).later(60);
    close(&mut town);
    town
}

#[test]
fn somebody_is_still_expected_where_nobody_receives() {
    only(&booked().safety(), C2, "anna is still expected for appt-1");
}

#[test]
fn the_office_gives_up_an_appointment_and_says_why() {
    let mut town = booked();
    displaced(&mut town, Some("a pipe has burst"));
    clean(&town.safety());
    let mut town = booked();
    displaced(&mut town, None);
    only(&town.safety(), C8, "was displaced by staff without a reason");
}

#[test]
fn a_start_of_a_closed_window_is_not_shown_and_not_missed() {
    let slots = |slots| Facts { slots: Some(slots), ..Facts::default() };
    let day = || Action::Slots { office: "one".into(), service: "talk".into(), on: "2026-12-04".into() };
    let mut town = Town::new();
    // The other window is full.
    for (n, from) in [120, 126, 132, 138].into_iter().enumerate() {
        let who = ["anna", "boris", "vera", "gleb"][n];
        let id = ["appt-1", "appt-2", "appt-3", "appt-4"][n];
        town.books(who, id, &Seat { window: "b", ..seat(4, from, from + 6) });
    }
    town.later(60);
    close(&mut town);
    let op = town.later(60).call("", None, day());
    town.ok(op, slots(Vec::new()));
    clean(&town.safety());
    let op = town.later(60).call("", None, day());
    let ten = SlotSeen { office: "one".into(), starts_at_s: seat(4, 120, 126).starts_at_s() };
    town.ok(op, slots(vec![ten]));
    blames(&town.safety(), C4, "was shown and at no time free");
}

/// The day was closed before it opened: no page had to hold anybody up.
#[test]
fn who_waits_for_a_day_that_was_closed_before_it_opened_is_owed_nothing() {
    let waits = |refused: bool| {
        let mut town = Town::new();
        town.history.world.limits.free_cells = FreeCells::FreedAndFree;
        let on = "2026-12-04".to_owned();
        let op = town.call("", None, Action::Close { office: "one".into(), windows: Vec::new(), on });
        match refused {
            true => town.refuse(op, "touches-appointments"),
            false => town.ok(op, Facts::default()),
        };
        town.joins_for_days("boris", "talk", "T1", Some((4, 4))).later(3600).tick();
        town.liveness()
    };
    clean(&waits(false));
    blames(&waits(true), C5, "of one/a 2026-12-04 for talk from cell 120 is free");
}

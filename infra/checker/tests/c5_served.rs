//! C5: freed slots that are forgotten, or given away past those who wait.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::C5;
use checker::history::*;

/// Anna's slot, which Boris waits for, is given up; all that is told of it was told.
fn freed() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).sent("mail", "anna", "booked", "appt-1", 1);
    town.joins("boris", "talk", "T1");
    town.cancels("appt-1").sent("mail", "anna", "cancelled", "appt-1", 2);
    (town, ten)
}

#[test]
fn a_freed_slot_is_forgotten() {
    let (mut town, _) = freed();
    for _ in 0..12 {
        town.later(60).tick();
    }
    only(&town.liveness(), C5, "was not offered for 660 s, and boris was eligible all the time");
    assert_eq!(town.liveness().of(C5).count(), 1, "it is said once");
    assert!(town.safety().is_clean(), "safety does not judge it");
}

#[test]
fn a_freed_slot_is_offered_too_late() {
    let (mut town, ten) = freed();
    town.later(3600).offers("offer-1", "boris", "talk", &ten);
    town.sent("sms", "boris", "offer-made", "offer-1", 1);
    only(&town.liveness(), C5, "was not offered for");
}

#[test]
fn before_the_calm_it_may_take_longer() {
    let (mut town, ten) = freed();
    town.later(3600).event(What::Calm);
    town.later(300).offers("offer-1", "boris", "talk", &ten);
    town.sent("sms", "boris", "offer-made", "offer-1", 1);
    clean(&town.liveness());
}

#[test]
fn nobody_waits_for_it_so_nothing_is_lost() {
    let (mut town, ten) = freed();
    let leave = town.call("boris", None, Action::Leave { service: "talk".into() });
    town.commit("waitlist", |state| {
        state.place("boris", "talk", "left").state = "left";
        state.guard("boris", None).waiting.clear();
    });
    town.ok(leave, Facts::default());
    town.later(300).commit("waitlist-worker", |state| state.release(&ten));
    town.later(3600).tick();
    clean(&town.liveness());
}

#[test]
fn those_who_are_not_eligible_do_not_count() {
    let (mut town, ten) = freed();
    // Declined once: not offered again, and after a while it goes to the public.
    town.later(60).offers("offer-1", "boris", "talk", &ten).sent("sms", "boris", "offer-made", "offer-1", 1);
    town.later(60).declines("offer-1");
    town.later(300).commit("waitlist-worker", |state| state.release(&ten));
    town.later(3600).tick();
    let report = town.liveness();
    clean(&report);
    assert_eq!(report.count(C5, "people waiting at the end"), 1);
    assert_eq!(report.count(C5, "slots nobody has at the end"), 3, "a talk and two papers");
}

#[test]
fn a_slot_goes_to_the_public_although_somebody_waits() {
    let (mut town, ten) = freed();
    town.later(120).commit("waitlist-worker", |state| state.release(&ten));
    town.later(3600).tick();
    only(&town.liveness(), C5, "from cell 120 is free, and boris (ticket T1) is eligible");
    town.history.world.limits.free_cells = FreeCells::Freed;
    clean(&town.liveness());
}

#[test]
fn slots_that_nobody_ever_had_count_only_if_asked_for() {
    let mut town = Town::new();
    town.joins("boris", "talk", "T1").later(3600).tick();
    clean(&town.liveness());
    town.history.world.limits.free_cells = FreeCells::FreedAndFree;
    blames(&town.liveness(), C5, "is free, and boris (ticket T1) is eligible");
}

#[test]
fn a_cool_down_that_ends_by_itself_makes_eligible() {
    let (mut town, ten) = freed();
    town.later(60).offers("offer-1", "boris", "talk", &ten).sent("sms", "boris", "offer-made", "offer-1", 1);
    town.later(60).accepts("offer-1", "appt-2").sent("sms", "boris", "booked", "appt-2", 1);
    // Anna gave up that start; she waits for it again when its new owner gives it up too.
    town.joins("anna", "talk", "T2").cancels("appt-2").sent("mail", "boris", "cancelled", "appt-2", 2);
    for _ in 0..50 {
        town.later(60).tick();
    }
    only(&town.liveness(), C5, "and anna was eligible all the time");
}

#[test]
fn who_paused_meanwhile_waits_anew() {
    let stand = |town: &mut Town, action, did, stands| {
        let op = town.call("boris", None, action);
        town.commit("waitlist", |state| {
            state.place("boris", "talk", did).state = stands;
            state.guard("boris", None);
        });
        town.ok(op, Facts::default());
    };
    let (mut town, ten) = freed();
    town.later(480).tick();
    stand(&mut town, Action::Pause { service: "talk".into() }, "paused", "paused");
    town.later(60);
    stand(&mut town, Action::Resume { service: "talk".into() }, "resumed", "waiting");
    town.later(300).offers("offer-1", "boris", "talk", &ten);
    town.sent("sms", "boris", "offer-made", "offer-1", 1);
    let report = town.liveness();
    clean(&report);
    assert_eq!(report.count(C5, "seconds the longest waited"), 480);
}

#[test]
fn nothing_is_said_of_what_changed_a_moment_before_the_end() {
    // The slot became free; somebody joined. A cool-down that ended is no change.
    let (mut town, ten) = freed();
    town.later(300).commit("waitlist-worker", |state| state.release(&ten));
    town.later(60).tick();
    clean(&town.liveness());
    town.later(900).tick();
    blames(&town.liveness(), C5, "is free, and boris");

    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).sent("mail", "anna", "booked", "appt-1", 1);
    town.cancels("appt-1").sent("mail", "anna", "cancelled", "appt-1", 2);
    town.later(300).commit("waitlist-worker", |state| state.release(&ten));
    town.later(900).joins("boris", "talk", "T1").later(60).tick();
    clean(&town.liveness());
    town.later(900).tick();
    blames(&town.liveness(), C5, "is free, and boris");

    let mut town = Town::new();
    town.books("anna", "appt-1", &ten).sent("mail", "anna", "booked", "appt-1", 1);
    town.cancels("appt-1").sent("mail", "anna", "cancelled", "appt-1", 2).joins("anna", "talk", "T1");
    town.later(300).commit("waitlist-worker", |state| state.release(&ten));
    town.later(25 * 60 + 60).tick();
    clean(&town.liveness());
    town.later(900).tick();
    clean(&town.liveness());
}

#[test]
fn what_cannot_be_booked_yet_or_any_more_is_not_free() {
    let waits = |horizon_days, lead_min| {
        let mut town = Town::new();
        let limits = &mut town.history.world.limits;
        limits.free_cells = FreeCells::FreedAndFree;
        let talk = &mut town.history.world.services[0];
        (talk.horizon_days, talk.lead_min) = (horizon_days, lead_min);
        town.joins_for_days("boris", "talk", "T1", Some((4, 4))).later(3600).tick();
        town.liveness()
    };
    blames(&waits(30, 120), C5, "of one/a 2026-12-04 for talk from cell 120 is free");
    clean(&waits(2, 120));
    clean(&waits(30, 4 * 24 * 60));
}

#[test]
fn an_offer_that_is_over_holds_its_cells() {
    let (mut town, ten) = freed();
    town.offers("offer-1", "boris", "talk", &ten).sent("sms", "boris", "offer-made", "offer-1", 1);
    town.later(2 * 3600 + 300).tick();
    clean(&town.liveness());
    town.later(600).tick();
    only(&town.liveness(), C5, "offer offer-1 of boris has been over for 900 s and stands");
    assert!(town.safety().is_clean(), "safety does not judge it");
}

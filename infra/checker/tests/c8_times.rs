//! C8: changes that come too late, and those without a reason.

use crate::expect::{clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::C8;

const DAY_S: i64 = 24 * 3600;

fn booked() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten);
    (town, ten)
}

#[test]
fn a_late_cancellation() {
    let (mut town, ten) = booked();
    town.until_start(&ten, -DAY_S + 2).cancels("appt-1");
    clean(&town.safety());
    let (mut town, ten) = booked();
    town.until_start(&ten, -DAY_S + 5).cancels("appt-1");
    only(&town.safety(), C8, "was cancelled by citizen 5 s after the cut-off");
}

#[test]
fn a_late_move_counts_from_the_present_start() {
    let (mut town, ten) = booked();
    town.until_start(&ten, -DAY_S + 60).moves("appt-1", &seat(8, 120, 126));
    only(&town.safety(), C8, "was moved by citizen 60 s after the cut-off");
}

#[test]
fn staff_may_and_say_why() {
    let cancel = |why| {
        let (mut town, ten) = booked();
        town.until_start(&ten, -3600).commit("office", |state| {
            state.cancel("appt-1", None);
            let change = state.appointments.get_mut("appt-1").unwrap().changes.last_mut().unwrap();
            (change.by, change.why) = ("staff", why);
        });
        town.safety()
    };
    clean(&cancel(Some("the specialist is ill")));
    only(&cancel(None), C8, "was cancelled by staff without a reason");
    only(&cancel(Some(" ")), C8, "was cancelled by staff without a reason");
}

fn offered() -> Town {
    let (mut town, ten) = booked();
    town.joins("boris", "talk", "T1").cancels("appt-1").later(60).offers("offer-1", "boris", "talk", &ten);
    town
}

#[test]
fn an_offer_is_accepted_before_its_deadline() {
    let mut town = offered();
    town.later(7202).accepts("offer-1", "appt-2");
    clean(&town.safety());
    let mut town = offered();
    town.later(7210).accepts("offer-1", "appt-2");
    only(&town.safety(), C8, "offer offer-1 of boris was accepted after its deadline by 10 s");
}

#[test]
fn an_offer_lapses_after_its_deadline() {
    let mut town = offered();
    town.later(7300).commit("clock", |state| state.lapse("offer-1"));
    clean(&town.safety());
    let mut town = offered();
    town.later(7198).commit("clock", |state| state.lapse("offer-1"));
    clean(&town.safety());
    let mut town = offered();
    town.later(3600).commit("clock", |state| state.lapse("offer-1"));
    only(&town.safety(), C8, "lapsed before its deadline by 3599 s");
}

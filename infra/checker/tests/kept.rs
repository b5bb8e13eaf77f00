//! What is kept from the public: staff give it, the public takes it neither by itself nor by an offer of what nobody gave up.

use crate::expect::{blames, clean, only};
use crate::town::{Seat, Town, seat};
use checker::Claim::{C4, C8};
use checker::history::*;

fn ten() -> Seat {
    seat(4, 120, 126)
}

/// Window `a` keeps its first half hour of the 4th until the 3rd, ten in the morning.
fn town() -> Town {
    let mut town = Town::new();
    let until_s = ten().starts_at_s() - 24 * 3600;
    let days = &mut town.history.world.offices[0].windows[0].days;
    let day = days.iter_mut().find(|day| day.on == "2026-12-04").unwrap();
    day.kept = vec![Kept { cells: Cells { from: 120, to: 126 }, until_s }];
    town
}

fn with_b_taken() -> Town {
    let mut town = town();
    town.books("vera", "appt-9", &Seat { window: "b", ..ten() });
    town
}

fn refused(town: &mut Town, staff: bool) {
    let op = town.calls("anna", None, staff, Town::wants("talk", &ten()));
    town.refuse(op, "slot-taken");
}

#[test]
fn what_is_kept_is_taken_for_the_public_and_free_for_staff() {
    let mut town = with_b_taken();
    refused(&mut town, false);
    clean(&town.safety());
    refused(&mut town, true);
    only(&town.safety(), C4, "free all the time (one/a");
    let mut town = with_b_taken();
    town.until_start(&ten(), -24 * 3600 + 60);
    refused(&mut town, false);
    only(&town.safety(), C4, "free all the time (one/a");
}

#[test]
fn a_day_of_which_the_rest_is_kept_may_be_empty_until_then() {
    let day = Action::Slots { office: "one".into(), service: "talk".into(), on: "2026-12-04".into() };
    let none = || Facts { slots: Some(Vec::new()), ..Facts::default() };
    let mut town = with_b_taken();
    for (i, from) in [126, 132, 138].into_iter().enumerate() {
        let who = ["boris", "gleb", "dina"][i];
        town.books(who, ["appt-1", "appt-2", "appt-3"][i], &seat(4, from, from + 6));
        let who = ["egor", "zoya", "ivan"][i];
        let there = Seat { window: "b", ..seat(4, from, from + 6) };
        town.books(who, ["appt-4", "appt-5", "appt-6"][i], &there);
    }
    let op = town.later(60).call("anna", None, day.clone());
    town.ok(op, none());
    clean(&town.safety());
    let op = town.until_start(&ten(), -24 * 3600 + 60).call("anna", None, day);
    town.ok(op, none());
    only(&town.safety(), C4, "had a slot free all the time");
}

#[test]
fn nobody_takes_by_themselves_what_is_kept() {
    let mut town = town();
    town.books("anna", "appt-1", &ten());
    only(&town.safety(), C8, "was kept from the public");
    let mut town = self::town();
    town.until_start(&ten(), -24 * 3600 + 60).books("anna", "appt-1", &ten());
    clean(&town.safety());
    let mut town = self::town();
    town.books("anna", "appt-1", &seat(5, 120, 126)).moves("appt-1", &ten());
    only(&town.safety(), C8, "was kept from the public");
}

#[test]
fn staff_give_what_is_kept() {
    let mut town = town();
    let op = town.calls("anna", None, true, Town::wants("talk", &ten()));
    town.commit("booking", |state| {
        state.book("anna", "appt-1", "talk", &ten(), None);
        state.appointments.get_mut("appt-1").unwrap().changes[0].by = "staff";
    });
    town.ok_with(op, "appt-1");
    let report = town.safety();
    clean(&report);
    assert_eq!(report.count(C8, "taken of what is kept"), 1);
}

#[test]
fn of_what_is_kept_only_what_was_given_up_is_offered() {
    let mut town = town();
    town.joins("boris", "talk", "t1").offers("offer-1", "boris", "talk", &ten());
    blames(&town.safety(), C8, "offer offer-1 is of one/a");
}

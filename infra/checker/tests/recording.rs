//! A recording with holes proves nothing, and says so.

use crate::expect::{blames, only};
use crate::town::{Town, seat};
use checker::Claim::Recording;
use checker::history::*;

#[test]
fn a_write_that_was_not_recorded() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126)).moves("appt-1", &seat(5, 120, 126)).cancels("appt-1");
    let move_ = town.history.events.iter().position(|event| event.step == 5).unwrap();
    assert!(matches!(town.history.events[move_].what, What::Commit { .. }));
    town.history.events.remove(move_);
    blames(&town.safety(), Recording, "CIT#anna/APPT#appt-1 was not as the record before left it");
}

#[test]
fn answers_and_steps_out_of_order() {
    let mut town = Town::new();
    town.ok(7, Facts::default());
    only(&town.safety(), Recording, "operation 7 returns without a call");
    let mut town = Town::new();
    let op = town.call("anna", None, Action::Inbox);
    town.ok(op, Facts::default());
    town.ok(op, Facts::default());
    only(&town.safety(), Recording, "operation 1 returns twice");
    let mut town = Town::new();
    town.tick().tick();
    town.history.events.swap(0, 1);
    let report = town.safety();
    only(&report, Recording, "step 1 comes after step 2");
    blames(&report, Recording, "time goes back");
}

#[test]
fn items_and_worlds_that_cannot_be_read() {
    let mut town = Town::new();
    town.books("anna", "appt-1", &seat(4, 120, 126));
    town.history.world.offices[0].zone = "Moscow".into();
    blames(&town.safety(), Recording, "office one has no zone that is known: Moscow");
    let What::Commit { records, .. } = &mut town.history.events[1].what else { panic!("a commit") };
    records.iter_mut().for_each(|record| record.new = Some(serde_json::json!({"v": {"S": "?"}})));
    blames(&town.safety(), Recording, "the item PAGES#one#2612/04#a cannot be read");
}

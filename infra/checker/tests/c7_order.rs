//! C7: people who are overtaken.

use crate::expect::{clean, only};
use crate::town::{Seat, Town, items::Mark, seat};
use checker::Claim::C7;
use checker::history::*;

/// Anna's talk is given up; Boris came before Vera.
fn freed() -> (Town, Seat) {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).joins("boris", "talk", "T1").joins("vera", "talk", "T2");
    town.cancels("appt-1").later(60);
    (town, ten)
}

#[test]
fn the_second_in_line_is_served_first() {
    let (mut town, ten) = freed();
    town.offers("offer-1", "vera", "talk", &ten);
    only(&town.safety(), C7, "went to vera (ticket T2), and boris (ticket T1) stood before them");
}

#[test]
fn who_became_eligible_only_while_the_worker_worked_is_not_overtaken() {
    let mut town = Town::new();
    let ten = seat(4, 120, 126);
    town.books("anna", "appt-1", &ten).joins("vera", "talk", "T2").cancels("appt-1").later(60);
    let made_at_ms = town.now_ms();
    town.joins("boris", "talk", "T1");
    town.commit("waitlist-worker", |state| {
        state.offer("offer-1", "vera", "talk", &ten, "talk");
        state.offers.get_mut("offer-1").unwrap().made_at_ms = made_at_ms;
    });
    clean(&town.safety());
}

#[test]
fn a_class_comes_before_every_ticket() {
    let (mut town, ten) = freed();
    town.commit("office", |state| {
        let vera = state.place("vera", "talk", "joined");
        vera.class = "privileged";
        vera.changes.last_mut().unwrap().by = "system";
    });
    town.later(60).offers("offer-1", "boris", "talk", &ten);
    only(&town.safety(), C7, "went to boris (ticket T1), and vera (ticket T2) stood before them");
}

#[test]
fn whoever_came_before_others_while_the_offer_was_made_may_miss_it() {
    let (mut town, ten) = freed();
    town.later(60).commit("waitlist-worker", |state| {
        let vera = state.place("vera", "talk", "joined");
        vera.class = "displaced";
        vera.changes.last_mut().unwrap().by = "system";
    });
    town.offers("offer-1", "boris", "talk", &ten);
    clean(&town.safety());
}

#[test]
fn being_passed_over_is_recorded() {
    let (mut town, ten) = freed();
    town.offers("offer-1", "boris", "talk", &ten).declines("offer-1").later(60);
    town.offers("offer-2", "vera", "talk", &ten);
    only(&town.safety(), C7, "boris (ticket T1) was passed over for offer offer-2 without a record");
}

#[test]
fn an_offer_to_somebody_who_does_not_wait() {
    let (mut town, ten) = freed();
    let op = town.call("boris", None, Action::Pause { service: "talk".into() });
    town.commit("waitlist", |state| {
        state.place("boris", "talk", "paused").state = "paused";
        state.guard("boris", None);
    });
    town.ok(op, Facts::default());
    town.later(60).offers("offer-1", "boris", "talk", &ten);
    only(&town.safety(), C7, "went to boris, who is not eligible: NotWaiting");
}

#[test]
fn an_offer_outside_the_wish_or_over_the_daily_cap() {
    let (mut town, ten) = freed();
    town.joins_for_days("gleb", "talk", "T0", Some((5, 9))).later(60);
    town.offers("offer-1", "gleb", "talk", &ten);
    only(&town.safety(), C7, "went to gleb, who is not eligible: OutsideWish");

    let (mut town, ten) = freed();
    town.commit("waitlist", |state| {
        let boris = state.place("boris", "talk", "joined");
        boris.offers_on = Some(("2026-12-01".into(), 3));
        boris.changes.last_mut().unwrap().by = "system";
    });
    town.later(60).offers("offer-1", "boris", "talk", &ten);
    only(&town.safety(), C7, "went to boris, who is not eligible: DailyCap");
}

#[test]
fn the_line_of_the_service_given_up_comes_first() {
    let (mut town, _) = freed();
    let half = seat(4, 120, 123);
    town.joins("gleb", "paper", "T0").later(60);
    town.commit("waitlist-worker", |state| state.offer("offer-1", "gleb", "paper", &half, "talk"));
    only(&town.safety(), C7, "in that of talk, which was given up, boris (ticket T1) was eligible");
}

#[test]
fn of_the_other_lines_the_one_with_the_oldest_head_comes_first() {
    let ten = seat(4, 120, 126);
    let serve = |oldest: &'static str| {
        let mut town = Town::new();
        town.history.world.services.push(Service {
            id: "form".into(),
            length: 3,
            buffer: 0,
            lead_min: 120,
            horizon_days: 30,
        });
        town.history.world.offices[0].windows[0].services.push("form".into());
        town.books("anna", "appt-1", &ten);
        town.joins("gleb", "paper", "T5").joins("dina", "form", oldest).cancels("appt-1").later(60);
        let half = seat(4, 120, 123);
        town.commit("waitlist-worker", |state| state.offer("offer-1", "gleb", "paper", &half, "talk"));
        town.safety()
    };
    clean(&serve("T6"));
    only(&serve("T4"), C7, "in that of form dina (ticket T4) was eligible and older");
}

#[test]
fn a_search_that_went_on_from_a_cursor_began_before_it() {
    let stand = |town: &mut Town, action, did, stands| {
        let op = town.call("boris", None, action);
        town.commit("waitlist", |state| {
            state.place("boris", "talk", did).state = stands;
            state.guard("boris", None);
        });
        town.ok(op, Facts::default());
    };
    let serve = |cursor| {
        let (mut town, ten) = freed();
        stand(&mut town, Action::Pause { service: "talk".into() }, "paused", "paused");
        town.later(60).commit("waitlist-worker", |state| {
            let page = state.pages.get_mut(&(4, "a")).unwrap();
            page.version += 1;
            page.marks.insert(120, Mark { to: 126, service: "talk", cursor });
        });
        stand(&mut town, Action::Resume { service: "talk".into() }, "resumed", "waiting");
        town.later(60).offers("offer-1", "vera", "talk", &ten);
        town.safety()
    };
    clean(&serve(Some("5#T1")));
    only(&serve(None), C7, "went to vera (ticket T2), and boris (ticket T1) stood before them");
}

#[test]
fn a_guard_that_does_not_know_that_one_waits() {
    let (mut town, _) = freed();
    town.commit("booking", |state| state.guard("boris", None).waiting.clear());
    only(&town.safety(), C7, "boris: ticket T1 stands in the line of talk and not on the guard");
}

#[test]
fn staff_who_overtake_say_why() {
    let take = |why| {
        let (mut town, ten) = freed();
        town.commit("office", |state| {
            state.book("zoya", "appt-2", "talk", &ten, None);
            let item = state.appointments.get_mut("appt-2").unwrap();
            (item.changes[0].by, item.changes[0].why) = ("staff", why);
            state.pages.get_mut(&(4, "a")).unwrap().freed.clear();
        });
        town.safety()
    };
    clean(&take(Some("emergency")));
    only(
        &take(None),
        C7,
        "staff gave freed cells of one/a 2026-12-04 cells 120..126 to appt-2 without a reason",
    );
}

#[test]
fn who_was_not_eligible_when_the_worker_read_is_not_overtaken() {
    // Boris' cool-down ends while the worker works.
    let serve = |cools_until_s: i64| {
        let (mut town, ten) = freed();
        let until_ms = town.now_ms() + cools_until_s * 1000;
        town.commit("booking", |state| {
            state.guard("boris", None).cool_downs.push((seat(4, 120, 126), until_ms));
        });
        let made_at_ms = town.later(30).now_ms();
        town.later(10).commit("waitlist-worker", |state| {
            state.offer("offer-1", "vera", "talk", &ten, "talk");
            let offer = state.offers.get_mut("offer-1").unwrap();
            offer.made_at_ms = made_at_ms;
            offer.passed.push(("boris", "T1", "cooling-down"));
        });
        town.safety()
    };
    clean(&serve(35));
    only(&serve(20), C7, "boris (ticket T1) stood before them");
}

#[test]
fn clocks_may_be_wrong_about_who_came_first() {
    let serve = |after_s| {
        let mut town = Town::new();
        let ten = seat(4, 120, 126);
        town.books("anna", "appt-1", &ten).joins("vera", "talk", "T2").cancels("appt-1").later(60);
        town.joins("boris", "talk", "T1").later(after_s).offers("offer-1", "vera", "talk", &ten);
        town.safety()
    };
    clean(&serve(1));
    only(&serve(3), C7, "boris (ticket T1) stood before them");
}

#[test]
fn a_search_that_went_on_need_not_name_again_whom_it_passed_over() {
    let (mut town, ten) = freed();
    town.offers("offer-1", "boris", "talk", &ten).declines("offer-1").later(60);
    town.commit("waitlist-worker", |state| {
        let page = state.pages.get_mut(&(4, "a")).unwrap();
        page.version += 1;
        page.marks.insert(120, Mark { to: 126, service: "talk", cursor: Some("5#T1") });
    });
    town.later(60).offers("offer-2", "vera", "talk", &ten);
    clean(&town.safety());
}

#[test]
fn what_is_left_of_a_slot_given_up_is_for_whom_it_fits() {
    let (mut town, first, second) = (Town::new(), seat(4, 120, 123), seat(4, 123, 126));
    town.books("anna", "appt-1", &seat(4, 120, 126)).joins("gleb", "paper", "T5");
    town.cancels("appt-1").later(60);
    town.commit("waitlist-worker", |state| {
        state.offer("offer-1", "gleb", "paper", &second, "talk");
        state
            .pages
            .get_mut(&(4, "a"))
            .unwrap()
            .marks
            .insert(120, Mark { to: 123, service: "talk", cursor: None });
    });
    town.joins("boris", "talk", "T1").joins("dina", "paper", "T4").later(60);
    town.commit("waitlist-worker", |state| state.offer("offer-2", "dina", "paper", &first, "talk"));
    clean(&town.safety());
}

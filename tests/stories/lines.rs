//! Who stands where in which line, and what the line remembers.

use super::acts::{
    FRIDAY, decline, file, friday, full_days, give_up, join, manager, offered, put, stand_in_line, what, wish,
};
use domain::waitlist::Class;
use serde_json::json;
use tests::{Answer, Citizen, World};

/// Why somebody was passed over, in order.
fn passed(history: &Answer) -> Vec<&str> {
    let items = history.body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter(|item| item["what"] == "passed-over")
        .filter_map(|item| item["why"].as_str())
        .collect()
}

#[tokio::test]
async fn whoever_joins_anew_finds_everything_of_the_former_place() {
    let world = World::new().await;
    let (holder, anna) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let first = world.post_as(&anna, "/v1/waitlist", friday()).await.expect(201);
    for step in ["pause", "resume"] {
        world.post_as(&anna, &format!("/v1/waitlist/talk/{step}"), json!({})).await.expect(200);
    }
    world.settle().await;
    world.post_as(&holder, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let offer = world.get_as(&anna, "/v1/waitlist/talk").await.text("/offerId");
    world.post_as(&anna, &format!("/v1/offers/{offer}/decline"), json!({})).await.expect(200);
    // By booking elsewhere she stops waiting; then she cancels, and waits for whatever comes in the afternoon.
    let elsewhere = world.book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await.text("/id");
    world.post_as(&anna, &format!("/v1/appointments/{elsewhere}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    // Office two will receive in an afternoon, further ahead than can be booked yet.
    let head = manager(&world, "two").await;
    let plain = file(&world, &head, "two").await.text("/file");
    let later =
        format!("{plain}\n  [[windows.changes]]\n  on = \"2027-01-25\"\n  hours = [\"14:00-15:00\"]\n");
    let asked = json!({ "version": 0, "file": later, "reason": "Вечерний приём" });
    put(&world, &head, "two", asked).await.expect(200);
    world.settle().await;
    // Twenty rows and the most changes that can ride on an entry: as much as one transaction holds.
    let wide = json!({ "serviceId": "talk", "offices": ["one", "two"], "weekdays": [1, 2, 3, 4, 5], "parts": ["day", "evening"] });
    let again = world.post_as(&anna, "/v1/waitlist", wide).await.expect(201);
    assert_ne!(first.text("/ticket"), again.text("/ticket"), "the old place is given up");
    let history = world.get_as(&anna, "/v1/waitlist/talk/history").await.expect(200);
    let all = ["joined", "paused", "resumed", "offered", "declined", "booked", "joined"];
    assert_eq!(what(&history), all);
    world.post_as(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    let history = world.get_as(&anna, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(what(&history), [&all[..], &["left"]].concat());
    world.until("2026-12-01T10:20:00+03:00").await;
}

#[tokio::test]
async fn the_class_goes_before_the_ticket_and_the_ticket_before_all_else() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let first = join(&world, friday()).await;
    let second = join(&world, friday()).await;
    let (privileged, urgent) = (world.citizen().await, world.citizen().await);
    world.set_class(&privileged, Class::Privileged).await;
    world.set_class(&urgent, Class::Urgent).await;
    stand_in_line(&world, &privileged, friday()).await;
    stand_in_line(&world, &urgent, friday()).await;
    let place = world.get_as(&urgent, "/v1/waitlist/talk").await;
    assert_eq!((place.text("/class").as_str(), &place.body["ahead"]["people"]), ("urgent", &json!(0)));
    give_up(&world, &held[0]).await;
    let order = [&urgent, &privileged, &first, &second];
    for (turn, who) in order.iter().enumerate() {
        for other in order.iter().filter(|other| other.id != who.id) {
            assert!(offered(&world, other, "talk").await.is_none(), "one at a time");
        }
        let offer = offered(&world, who, "talk").await.unwrap_or_else(|| panic!("turn {turn}"));
        decline(&world, who, &offer).await;
    }
    // Each offer that went on says to those before it that they were passed over, and why.
    for (who, times) in order.iter().zip([3, 2, 1, 0]) {
        let history = world.get_as(who, "/v1/waitlist/talk/history").await.expect(200);
        assert_eq!(passed(&history), vec!["declined-before"; times]);
    }
    let history = world.get_as(&first, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(what(&history), ["joined", "offered", "declined", "passed-over"]);
    assert_eq!(history.text("/items/3/whyText"), "Это время уже было отклонено или осталось без ответа");
    assert_eq!(history.text("/items/3/startsAt"), FRIDAY);
    world.until("2026-12-01T10:20:00+03:00").await;
}

#[tokio::test]
async fn whoever_has_an_offer_open_is_passed_over_for_the_next_slot() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04", "2026-12-07"]).await;
    let both = wish("talk", "one", "2026-12-04", "2026-12-07");
    let (first, second) = (join(&world, both.clone()).await, join(&world, both).await);
    give_up(&world, &held[0]).await;
    give_up(&world, &held[1]).await;
    assert_eq!(offered(&world, &first, "talk").await.unwrap().text("/startsAt"), FRIDAY);
    assert_eq!(
        offered(&world, &second, "talk").await.unwrap().text("/startsAt"),
        "2026-12-07T10:00:00+03:00"
    );
    let history = world.get_as(&first, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(passed(&history), ["has-open-offer"]);
    world.until("2026-12-01T14:20:00+03:00").await;
}

#[tokio::test]
async fn nobody_gets_more_than_three_offers_a_day() {
    let world = World::new().await;
    let dates = ["2026-12-04", "2026-12-07", "2026-12-08", "2026-12-09", "2026-12-10"];
    let held = full_days(&world, &dates).await;
    let all = wish("talk", "one", "2026-12-04", "2026-12-10");
    let (first, second) = (join(&world, all.clone()).await, join(&world, all).await);
    for held in &held[..3] {
        give_up(&world, held).await;
        let offer = offered(&world, &first, "talk").await.expect("the first in line");
        decline(&world, &first, &offer).await;
        let offer = offered(&world, &second, "talk").await.expect("the next");
        decline(&world, &second, &offer).await;
    }
    // Leaving and joining anew brings no fourth.
    world.post_as(&first, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    stand_in_line(&world, &first, wish("talk", "one", "2026-12-09", "2026-12-10")).await;
    let third = join(&world, wish("talk", "one", "2026-12-09", "2026-12-09")).await;
    give_up(&world, &held[3]).await;
    assert!(offered(&world, &first, "talk").await.is_none());
    assert!(offered(&world, &second, "talk").await.is_none());
    let offer = offered(&world, &third, "talk").await.expect("who had none today");
    decline(&world, &third, &offer).await;
    let history = world.get_as(&second, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(passed(&history).last(), Some(&"daily-cap"));
    world.until("2026-12-02T09:00:00+03:00").await;
    give_up(&world, &held[4]).await;
    assert!(offered(&world, &second, "talk").await.is_some(), "another day, another offer");
    world.until("2026-12-02T13:30:00+03:00").await;
}

#[tokio::test]
async fn the_second_silence_pauses_and_says_so() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04", "2026-12-07", "2026-12-08"]).await;
    let anna = join(&world, wish("talk", "one", "2026-12-04", "2026-12-08")).await;
    let state = async || world.get_as(&anna, "/v1/waitlist/talk").await.text("/state");
    give_up(&world, &held[0]).await;
    world.until("2026-12-01T12:01:00+03:00").await;
    assert_eq!(state().await, "waiting", "the first silence keeps the place");
    give_up(&world, &held[1]).await;
    assert!(offered(&world, &anna, "talk").await.is_some());
    world.until("2026-12-01T14:02:00+03:00").await;
    assert_eq!(state().await, "paused");
    let told = world.sent_to(&anna.phone).pop().unwrap();
    assert!(told.contains("приостановлен"), "{told}");
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    let kinds: Vec<&str> =
        inbox.body["items"].as_array().unwrap().iter().filter_map(|item| item["kind"].as_str()).collect();
    assert!(kinds.contains(&"offer-lapsed") && kinds.contains(&"offer-lapsed-paused"), "{kinds:?}");
    give_up(&world, &held[2]).await;
    assert!(offered(&world, &anna, "talk").await.is_none(), "nothing is offered to the paused");
    world.post_as(&anna, "/v1/waitlist/talk/resume", json!({})).await.expect(200);
    world.settle().await;
    assert!(offered(&world, &anna, "talk").await.is_some(), "her ticket is still the first");
    let history = world.get_as(&anna, "/v1/waitlist/talk/history").await.expect(200);
    let all = ["joined", "offered", "lapsed", "offered", "paused-by-silence", "resumed", "offered"];
    assert_eq!(what(&history), all);
    world.until("2026-12-01T16:30:00+03:00").await;
}

/// Holders of an hour each, which together fill the only window's Friday at the office «three».
async fn two_long_visits(world: &World) -> Vec<(Citizen, String)> {
    let mut held = Vec::new();
    for hour in [10, 11] {
        let who = world.citizen().await;
        let mut asked = tests::booking("three", "child", &format!("2026-12-04T{hour}:00:00+03:00"));
        asked["fields"] = json!({ "children": "1" });
        let booked = world.post_as(&who, "/v1/appointments", asked).await.expect(201).text("/id");
        held.push((who, booked));
    }
    held
}

#[tokio::test]
async fn of_what_was_given_up_one_is_offered_the_first_start_that_one_can_take() {
    let world = World::new().await;
    let held = two_long_visits(&world).await;
    let on_friday = || wish("camp", "three", "2026-12-04", "2026-12-04");
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    // At ten she is expected elsewhere.
    world.book(&anna, "one", "talk", FRIDAY).await;
    stand_in_line(&world, &anna, on_friday()).await;
    stand_in_line(&world, &boris, on_friday()).await;
    give_up(&world, &held[0]).await;
    let hers = offered(&world, &anna, "camp").await.expect("half past ten suits her").text("/startsAt");
    let his = offered(&world, &boris, "camp").await.expect("ten is left").text("/startsAt");
    assert_eq!((hers.as_str(), his.as_str()), ("2026-12-04T10:30:00+03:00", FRIDAY));
    let history = world.get_as(&anna, "/v1/waitlist/camp/history").await.expect(200);
    assert_eq!(passed(&history), ["has-open-offer"], "for the other half, later");
    world.until("2026-12-01T10:20:00+03:00").await;
}

#[tokio::test]
async fn the_line_of_the_service_given_up_goes_first_then_the_oldest_of_the_windows_others() {
    let world = World::new().await;
    let held = two_long_visits(&world).await;
    let on_friday = |service| wish(service, "three", "2026-12-04", "2026-12-04");
    let camp = join(&world, on_friday("camp")).await;
    let care = join(&world, on_friday("care")).await;
    let school = join(&world, on_friday("school")).await;
    let child = join(&world, on_friday("child")).await;
    give_up(&world, &held[0]).await;
    let offer = offered(&world, &child, "child").await.expect("the line of what was given up");
    for (who, service) in [(&camp, "camp"), (&care, "care"), (&school, "school")] {
        assert!(offered(&world, who, service).await.is_none());
    }
    decline(&world, &child, &offer).await;
    // An hour holds two visits of half an hour: the two who have waited longest.
    let first = offered(&world, &camp, "camp").await.expect("the oldest head").text("/startsAt");
    let second = offered(&world, &care, "care").await.expect("the next").text("/startsAt");
    assert_eq!((first.as_str(), second.as_str()), (FRIDAY, "2026-12-04T10:30:00+03:00"));
    assert!(offered(&world, &school, "school").await.is_none(), "the gap is full");
    let history = world.get_as(&child, "/v1/waitlist/child/history").await.expect(200);
    assert_eq!(passed(&history), ["declined-before"]);
    // The other hour: only one is left to wait, and the rest of it goes to the public.
    give_up(&world, &held[1]).await;
    assert_eq!(
        offered(&world, &child, "child").await.unwrap().text("/startsAt"),
        "2026-12-04T11:00:00+03:00"
    );
    let offer = offered(&world, &child, "child").await.unwrap();
    decline(&world, &child, &offer).await;
    let third = offered(&world, &school, "school").await.expect("who is left").text("/startsAt");
    assert_eq!(third, "2026-12-04T11:00:00+03:00");
    let public = world.citizen().await;
    let rest = "2026-12-04T11:30:00+03:00";
    world.try_book(&public, "three", "school", rest).await.refused(409, "slot-taken");
    world.until("2026-12-01T10:20:00+03:00").await;
    world.book(&public, "three", "school", rest).await;
    world.try_book(&public, "three", "care", "2026-12-04T11:00:00+03:00").await.refused(409, "slot-taken");
    world.until("2026-12-01T12:40:00+03:00").await;
}

#[tokio::test]
async fn a_freed_slot_costs_the_same_however_long_the_line() {
    let mut costs = Vec::new();
    for length in [6, 24] {
        let world = World::new().await;
        let held = full_days(&world, &["2026-12-04"]).await;
        let mut line = Vec::new();
        for _ in 0..length {
            line.push(join(&world, friday()).await);
        }
        let deliveries = world.system.deliveries();
        deliveries.hold("waitlist-worker");
        give_up(&world, &held[0]).await;
        deliveries.release("waitlist-worker");
        deliveries.hold("changefeed");
        let ((), cost) = world.counted(world.settle()).await;
        deliveries.clear();
        world.settle().await;
        assert!(offered(&world, &line[0], "talk").await.is_some());
        costs.push((cost.requests, cost.read_units, cost.write_units));
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn whoever_resumes_is_offered_what_went_to_the_public_meanwhile() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let anna = join(&world, friday()).await;
    world.post_as(&anna, "/v1/waitlist/talk/pause", json!({})).await.expect(200);
    world.settle().await;
    give_up(&world, &held[0]).await;
    // Nobody else waits: after some minutes the slot is everybody's.
    world.until("2026-12-01T10:10:00+03:00").await;
    let slots = world.get_as(&anna, "/v1/offices/one/slots?serviceId=talk&date=2026-12-04").await.expect(200);
    assert_eq!(slots.text("/slots/0/startsAt"), FRIDAY, "it is public");
    world.post_as(&anna, "/v1/waitlist/talk/resume", json!({})).await.expect(200);
    world.settle().await;
    let offer = offered(&world, &anna, "talk").await.expect("an offer");
    let accepted = world
        .post_as(&anna, &format!("/v1/offers/{}/accept", offer.text("/id")), json!({}))
        .await
        .expect(200);
    assert_eq!(accepted.text("/startsAt"), FRIDAY);
    world.until("2026-12-01T10:40:00+03:00").await;
}

#[tokio::test]
async fn an_offer_that_is_declined_makes_room_for_what_it_kept_one_from() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04", "2026-12-07"]).await;
    let anna = join(&world, wish("talk", "one", "2026-12-04", "2026-12-07")).await;
    give_up(&world, &held[0]).await;
    let first = offered(&world, &anna, "talk").await.expect("an offer");
    // The second one cannot be offered beside the first, and goes to the public.
    give_up(&world, &held[1]).await;
    world.until("2026-12-01T10:10:00+03:00").await;
    decline(&world, &anna, &first).await;
    let second = offered(&world, &anna, "talk").await.expect("another offer");
    assert_ne!(first.text("/id"), second.text("/id"));
    world.until("2026-12-01T14:20:00+03:00").await;
}

#[tokio::test]
async fn what_goes_to_the_public_makes_with_what_is_free_beside_it_a_visit_for_whoever_waits() {
    half_an_hour_goes_to_the_public(async |world| world.until("2026-12-01T10:10:00+03:00").await).await;
}

#[tokio::test]
async fn a_lost_word_about_what_went_to_the_public_is_found_by_the_clock() {
    half_an_hour_goes_to_the_public(async |world| {
        let deliveries = world.system.deliveries();
        deliveries.hold("waitlist-worker");
        world.until("2026-12-01T10:10:00+03:00").await;
        deliveries.hold("changefeed");
        deliveries.release("waitlist-worker");
        world.settle().await;
        deliveries.drop_next("changefeed", 1);
        deliveries.release("changefeed");
        world.until("2026-12-01T10:16:00+03:00").await;
    })
    .await;
}

/// An hour of which one half is free; the other goes to the public in `passes`, and Anna waits for the whole.
async fn half_an_hour_goes_to_the_public(passes: impl AsyncFn(&World)) {
    let world = World::new().await;
    let (early, late) = (world.citizen().await, world.citizen().await);
    // Of the two hours of an hour-long visit one lacks its first half and one is not there at all.
    let booked = world.book(&early, "three", "school", FRIDAY).await.text("/id");
    world.book(&late, "three", "camp", "2026-12-04T11:00:00+03:00").await;
    let anna = join(&world, wish("child", "three", "2026-12-04", "2026-12-04")).await;
    world.post_as(&early, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    // Half an hour is freed, which is too short for her, and nobody else waits.
    assert!(offered(&world, &anna, "child").await.is_none());
    passes(&world).await;
    let offer = offered(&world, &anna, "child").await.expect("the whole hour, once the half is free");
    assert_eq!(offer.text("/startsAt"), FRIDAY);
    let public = world.citizen().await;
    for at in [FRIDAY, "2026-12-04T10:30:00+03:00"] {
        world.try_book(&public, "three", "school", at).await.refused(409, "slot-taken");
    }
    let path = format!("/v1/offers/{}/accept", offer.text("/id"));
    world.post_as(&anna, &path, json!({})).await.expect(200);
    world.until("2026-12-01T12:20:00+03:00").await;
}

#[tokio::test]
async fn a_longer_visit_does_not_take_what_the_line_of_a_slot_beside_it_is_waiting_for() {
    let world = World::new().await;
    let (anna, boris, vera) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let half_past = "2026-12-04T10:30:00+03:00";
    let first = world.book(&anna, "three", "school", FRIDAY).await.text("/id");
    let second = world.book(&boris, "three", "school", half_past).await.text("/id");
    world.book(&vera, "three", "care", "2026-12-04T11:00:00+03:00").await;
    world.book(&vera, "three", "camp", "2026-12-04T11:30:00+03:00").await;
    let dina = join(&world, wish("child", "three", "2026-12-04", "2026-12-04")).await;
    // Anna gives up ten o'clock and waits for another time; then half past ten is given up too, before anybody has looked.
    world.system.deliveries().hold("waitlist-worker");
    world.post_as(&anna, &format!("/v1/appointments/{first}/cancel"), json!({})).await.expect(200);
    stand_in_line(&world, &anna, wish("school", "three", "2026-12-04", "2026-12-04")).await;
    world.post_as(&boris, &format!("/v1/appointments/{second}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    world.system.deliveries().release("waitlist-worker");
    world.settle().await;
    // The whole hour would suit Dina, but half of it belongs to the line in which Anna waits.
    let offer = offered(&world, &anna, "school").await.expect("what was given up goes to its own line");
    assert_eq!(offer.text("/startsAt"), half_past);
    assert!(offered(&world, &dina, "child").await.is_none());
    world.until("2026-12-01T12:40:00+03:00").await;
}

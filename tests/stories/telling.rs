//! Reminders and no-shows: what is told only while it is so, and once.

use super::acts::{FRIDAY, kinds, later};
use local::embedded::faults::Fault;
use serde_json::json;
use tests::{Answer, Citizen, World};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const DAY_BEFORE: &str = "2026-12-02T10:00:00+03:00";

fn path(booked: &Answer, what: &str) -> String {
    format!("/v1/appointments/{}{what}", booked.text("/id"))
}

async fn reminders(world: &World, who: &Citizen) -> usize {
    kinds(world, who).await.iter().filter(|kind| kind.starts_with("reminder")).count()
}

#[tokio::test]
async fn nobody_is_reminded_of_what_was_cancelled_or_moved() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let cancelled = world.book(&anna, "two", "talk", THURSDAY).await;
    let moved = world.book(&boris, "two", "talk", THURSDAY).await;
    world.post_as(&anna, &path(&cancelled, "/cancel"), json!({})).await.expect(200);
    let to = json!({ "officeId": "two", "startsAt": FRIDAY });
    world.post_as(&boris, &path(&moved, "/reschedule"), to).await.expect(200);
    world.until("2026-12-03T11:00:00+03:00").await;
    assert_eq!(reminders(&world, &anna).await, 0);
    assert_eq!(kinds(&world, &boris).await, ["booked", "moved", "reminder-day"], "of the new start alone");
    let told = world.sent_to(&boris.phone).pop().unwrap();
    assert!(told.contains("10:00") && told.contains('4'), "{told}");
    world.until("2026-12-04T10:30:00+03:00").await;
    assert_eq!(reminders(&world, &boris).await, 2);
    assert_eq!(reminders(&world, &anna).await, 0);
}

#[tokio::test]
async fn a_reminder_under_way_is_dropped_when_the_appointment_is_moved_or_cancelled() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let cancelled = world.book(&anna, "two", "talk", THURSDAY).await;
    let moved = world.book(&boris, "two", "talk", THURSDAY).await;
    let before = (world.sent_to(&anna.phone).len(), world.sent_to(&boris.phone).len());
    // At the last moment at which both may change, the reminders are planned already and on their way.
    world.system.deliveries().hold("notifier");
    world.until(DAY_BEFORE).await;
    world.post_as(&anna, &path(&cancelled, "/cancel"), json!({})).await.expect(200);
    let to = json!({ "officeId": "two", "startsAt": FRIDAY });
    world.post_as(&boris, &path(&moved, "/reschedule"), to).await.expect(200);
    world.system.deliveries().release("notifier");
    world.settle().await;
    assert_eq!((reminders(&world, &anna).await, reminders(&world, &boris).await), (0, 0));
    let after = (world.sent_to(&anna.phone).len(), world.sent_to(&boris.phone).len());
    assert_eq!(after, (before.0 + 1, before.1 + 1), "each of what was done, and no more");
    world.until("2026-12-02T10:20:00+03:00").await;
}

#[tokio::test]
async fn nobody_is_reminded_twice_whatever_comes_twice_or_is_lost() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.book(&anna, "two", "talk", THURSDAY).await;
    let before = (world.sent_to(&anna.phone).len(), world.sent_to(&anna.email).len());
    for follower in ["changefeed", "notifier"] {
        world.system.deliveries().duplicate_next(follower, 1_000);
    }
    // The mail goes out, but its answer is lost.
    world.system.faults().next("SendEmail", Fault::AnswerLost, 1);
    world.until(DAY_BEFORE).await;
    for _ in 0..3 {
        world.system.tick().await;
        world.settle().await;
    }
    later(&world, 20).await;
    let after = (world.sent_to(&anna.phone).len(), world.sent_to(&anna.email).len());
    assert_eq!(after, (before.0 + 1, before.1 + 1));
    world.system.deliveries().clear();
    // Whoever books later than a day before is reminded only of the hour.
    world.book(&boris, "two", "paper", "2026-12-03T09:00:00+03:00").await;
    // Ticks that were missed are made up for, once.
    world.until("2026-12-03T11:00:00+03:00").await;
    assert_eq!(kinds(&world, &anna).await, ["booked", "reminder-day", "reminder-hour", "no-show"]);
    assert_eq!(kinds(&world, &boris).await, ["booked", "reminder-hour", "no-show"]);
}

#[tokio::test]
async fn at_night_the_day_before_reminder_waits_for_the_morning_and_the_hour_before_does_not() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "three", "school", "2026-12-05T07:00:00+03:00").await;
    let before = world.sent_to(&anna.phone).len();
    world.until("2026-12-04T07:59:00+03:00").await;
    assert_eq!(world.sent_to(&anna.phone).len(), before, "a day before is at seven: people sleep");
    world.until("2026-12-04T08:01:00+03:00").await;
    assert_eq!(world.sent_to(&anna.phone).len(), before + 1);
    world.until("2026-12-05T06:01:00+03:00").await;
    assert_eq!(world.sent_to(&anna.phone).len(), before + 2, "an hour before is of use only then");
    world.until("2026-12-05T09:00:00+03:00").await;
    assert_eq!(kinds(&world, &anna).await, ["booked", "reminder-day", "reminder-hour", "no-show"]);
}

#[tokio::test]
async fn an_office_may_switch_no_shows_off_and_checking_in_prevents_one() {
    let world = World::new().await;
    let (anna, boris, vera) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let far = world.book(&anna, "far", "talk", "2026-12-03T10:00:00+12:00").await;
    let missed = world.book(&boris, "two", "talk", THURSDAY).await;
    let there = world.book(&vera, "two", "talk", THURSDAY).await;
    world.until("2026-12-03T10:10:00+12:00").await;
    later(&world, 60).await;
    let status = async |who, booked: &Answer| world.get_as(who, &path(booked, "")).await.text("/status");
    assert_eq!(status(&anna, &far).await, "Подтверждено", "this office does not count absence");
    world.until("2026-12-03T10:09:00+03:00").await;
    assert_eq!(status(&boris, &missed).await, "Подтверждено", "not yet");
    let ticket =
        |of: &Answer| json!({ "officeId": "two", "number": of.text("/number"), "code": of.text("/code") });
    world.post("/v1/check-ins", ticket(&there)).await.expect(201);
    world.until("2026-12-03T10:11:00+03:00").await;
    assert_eq!(status(&boris, &missed).await, "Неявка");
    world.post("/v1/check-ins", ticket(&missed)).await.refused(409, "check-in-too-late");
    later(&world, 30).await;
    assert_eq!(status(&vera, &there).await, "Подтверждено");
    assert_eq!(kinds(&world, &vera).await.last().map(String::as_str), Some("reminder-hour"));
    assert_eq!(kinds(&world, &boris).await.last().map(String::as_str), Some("no-show"));
    assert!(!kinds(&world, &anna).await.contains(&"no-show".to_owned()));
    let told = world.sent_to(&boris.phone).pop().unwrap();
    assert!(told.contains("неявк") || told.contains("Неявк"), "{told}");
}

//! Another phone, address, channel or language counts for every message from then on, also of what was booked, planned or
//! offered before (CHG-5).

use super::acts::{FRIDAY, friday, give_up, later, offered};
use serde_json::{Value, json};
use tests::{Citizen, PASSWORD, World, booking, digits};

const NEW_PHONE: &str = "+79995550011";
const NEW_EMAIL: &str = "new@example.ru";

async fn change(world: &World, who: &Citizen, what: &str, to: &str) {
    let mut body = json!({ "password": PASSWORD });
    body[what] = json!(to);
    let begun = world.post_as(who, &format!("/v1/me/{what}"), body).await.expect(201).text("/id");
    world.settle().await;
    let code = digits(&world.sent_to(to).pop().expect("a code"));
    let path = format!("/v1/me/contacts/{begun}/complete");
    world.post_as(who, &path, json!({ "code": code })).await.expect(204);
    world.settle().await;
}

/// How much went to each.
fn counts(world: &World, to: [&str; 4]) -> [usize; 4] {
    to.map(|one| world.sent_to(one).len())
}

#[tokio::test]
async fn a_reminder_goes_where_one_is_reached_when_it_is_sent() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // What a form was filled in with from the profile is no contact of its own.
    let mut body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
    (body["contactPhone"], body["contactEmail"]) = (json!(anna.phone), json!(anna.email));
    let booked = world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    let seen = world.get_as(&anna, &format!("/v1/appointments/{}", booked.text("/id"))).await.expect(200);
    assert_eq!(seen.body.pointer("/application/contactPhone"), None, "{}", seen.raw);
    world.settle().await;
    change(&world, &anna, "phone", NEW_PHONE).await;
    change(&world, &anna, "email", NEW_EMAIL).await;
    let all = [anna.phone.as_str(), anna.email.as_str(), NEW_PHONE, NEW_EMAIL];
    let before = counts(&world, all);
    world.until("2026-12-02T10:01:00+03:00").await;
    let [phone, email, new_phone, new_email] = before;
    assert_eq!(counts(&world, all), [phone, email, new_phone + 1, new_email + 1], "the day before");
    let said: Value = json!({ "noticesBy": "sms", "language": "en" });
    world.patch_as(&anna, "/v1/me/profile", said).await.expect(200);
    world.until("2026-12-03T09:01:00+03:00").await;
    assert_eq!(counts(&world, all), [phone, email, new_phone + 2, new_email + 1], "the hour before");
    assert!(world.sent_to(NEW_PHONE).pop().unwrap().contains("appointment"), "in the other language");
    world.until("2026-12-03T10:30:00+03:00").await;
}

#[tokio::test]
async fn a_reminder_that_waits_for_the_morning_goes_where_one_is_reached_by_then() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "three", "school", "2026-12-05T07:00:00+03:00").await;
    world.until("2026-12-04T07:30:00+03:00").await;
    change(&world, &anna, "phone", NEW_PHONE).await;
    let before = (world.sent_to(&anna.phone).len(), world.sent_to(NEW_PHONE).len());
    world.until("2026-12-04T08:01:00+03:00").await;
    assert_eq!((world.sent_to(&anna.phone).len(), world.sent_to(NEW_PHONE).len()), (before.0, before.1 + 1));
    world.until("2026-12-05T07:30:00+03:00").await;
}

#[tokio::test]
async fn an_offer_is_told_again_where_one_is_reached_by_then() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let held = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    world.post_as(&anna, "/v1/waitlist", friday()).await.expect(201);
    world.settle().await;
    give_up(&world, &(boris, held)).await;
    assert!(offered(&world, &anna, "talk").await.is_some());
    later(&world, 10).await;
    change(&world, &anna, "phone", NEW_PHONE).await;
    let before = (world.sent_to(&anna.phone).len(), world.sent_to(NEW_PHONE).len());
    // Halfway it is told once more; then it lapses.
    later(&world, 115).await;
    assert_eq!(world.sent_to(&anna.phone).len(), before.0);
    assert_eq!(world.sent_to(NEW_PHONE).len(), before.1 + 2);
    world.post_as(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    later(&world, 20).await;
}

#[tokio::test]
async fn a_phone_given_for_one_visit_stays_that_visits() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
    body["contactPhone"] = json!("+79995550022");
    world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    world.settle().await;
    change(&world, &anna, "phone", NEW_PHONE).await;
    let before = (world.sent_to("+79995550022").len(), world.sent_to(NEW_PHONE).len());
    world.until("2026-12-02T10:01:00+03:00").await;
    assert_eq!(
        (world.sent_to("+79995550022").len(), world.sent_to(NEW_PHONE).len()),
        (before.0 + 1, before.1)
    );
    world.until("2026-12-03T10:30:00+03:00").await;
}

#[tokio::test]
async fn a_phone_that_nobody_confirmed_gets_six_sms_a_day_about_a_visit() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let given = "+79995550022";
    let mut body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
    body["contactPhone"] = json!(given);
    let booked = world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    world.settle().await;
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    for at in ["03T09:00", "03T09:30", "03T10:30", "03T11:00", "04T09:00", "04T09:30", "04T10:00", "04T10:30"]
    {
        let to = json!({ "officeId": "two", "startsAt": format!("2026-12-{at}:00+03:00") });
        world.post_as(&anna, &path, to).await.expect(200);
        world.settle().await;
    }
    // Told of the booking and of five moves; of the rest she hears on her own phone, and on the next day there again.
    assert_eq!(world.sent_to(given).len(), 6);
    assert_eq!(world.sent_to(&anna.phone).iter().filter(|sms| sms.contains("перенес")).count(), 3);
    world.until("2026-12-03T10:31:00+03:00").await;
    assert_eq!(world.sent_to(given).len(), 7);
    world.until("2026-12-04T11:00:00+03:00").await;
}

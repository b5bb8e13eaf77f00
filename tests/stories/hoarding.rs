//! Keeping slots from others is impractical: who cancels again and again waits a while (BKG-7).

use super::acts::{friday, later};
use http::Method;
use serde_json::json;
use tests::{Citizen, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";

/// Books and cancels, a day of the calendar each time.
async fn book_and_cancel(world: &World, who: &Citizen, on: u32) {
    let booked = world.book(who, "two", "talk", &format!("2026-12-{on:02}T10:00:00+03:00")).await;
    let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
    world.post_as(who, &path, json!({})).await.expect(200);
    later(world, 1).await;
}

#[tokio::test]
async fn after_four_cancellations_in_a_week_the_service_is_paused_for_three_days() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    for on in [7, 8, 9] {
        book_and_cancel(&world, &anna, on).await;
    }
    // Three have no consequence, and moving never has.
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    for at in ["09:00", "09:30", "11:00"] {
        let to = json!({ "officeId": "two", "startsAt": format!("2026-12-03T{at}:00+03:00") });
        world.post_as(&anna, &format!("{path}/reschedule"), to).await.expect(200);
    }
    world.post_as(&anna, &format!("{path}/cancel"), json!({})).await.expect(200);
    later(&world, 1).await;
    let refused = world.try_book(&anna, "two", "talk", "2026-12-08T10:00:00+03:00").await;
    let refused = refused.refused(409, "service-paused");
    assert!(refused.text("/detail").contains("Переносить запись можно всегда"), "{}", refused.raw);
    world.post_as(&anna, "/v1/waitlist", friday()).await.refused(409, "service-paused");
    // She is shown nothing that she cannot have, and why; everybody else sees what is free.
    let slots = "/v1/offices/two/slots?serviceId=talk&date=2026-12-08";
    let hers = world.get_as(&anna, slots).await.expect(200);
    assert_eq!(
        (hers.body["slots"].as_array().map(Vec::len), hers.text("/reason").as_str()),
        (Some(0), "own-limit")
    );
    assert!(!world.get_as(&boris, slots).await.expect(200).body["slots"].as_array().unwrap().is_empty());
    // Another service is not paused; an operator may book even so.
    world.book(&anna, "two", "paper", "2026-12-08T09:00:00+03:00").await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "two" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let shown = json!({ "officeId": "two", "method": "document" });
    let path = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &path, shown).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let body = booking("two", "talk", "2026-12-08T11:00:00+03:00");
    let booked = world
        .ask(Method::POST, "/v1/appointments", Some(&operator.token), Some(body), &acting)
        .await
        .expect(201);
    // What staff cancel for somebody does not count.
    let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
    let why = json!({ "reason": "Просит" });
    world.ask(Method::POST, &path, Some(&operator.token), Some(why), &acting).await.expect(200);
    let until = chrono::DateTime::parse_from_rfc3339(&refused.text("/until")).expect("a time");
    world.until(&until.to_rfc3339()).await;
    world.book(&anna, "two", "talk", "2026-12-10T10:00:00+03:00").await;
}

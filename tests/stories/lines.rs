//! Who stands where in which line, and what the line remembers.

use serde_json::json;
use tests::{Answer, World};

const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

fn friday() -> serde_json::Value {
    json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" })
}

/// What a history says was done, in its order.
fn what(history: &Answer) -> Vec<&str> {
    let items = history.body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["what"].as_str()).collect()
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

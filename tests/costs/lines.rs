//! Waiting: joining, being offered a freed slot whatever the length of the line, answering.

use super::{bar, within};
use local::embedded::meter::Counts;
use serde_json::json;
use tests::{Citizen, World};

const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

async fn join(world: &World, who: &Citizen) -> Counts {
    let wish = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
    let (joined, counts) = world.counted(world.post_as(who, "/v1/waitlist", wish)).await;
    joined.expect(201);
    world.settle().await;
    counts
}

/// Counts what the worker alone asks for.
async fn worked(world: &World) -> Counts {
    let deliveries = world.system.deliveries();
    deliveries.hold("waitlist-worker");
    deliveries.hold("notifier");
    world.settle().await;
    deliveries.hold("changefeed");
    deliveries.release("waitlist-worker");
    let (_, counts) = world.counted(world.settle()).await;
    deliveries.clear();
    world.settle().await;
    counts
}

#[tokio::test]
async fn a_freed_slot_costs_the_same_whatever_the_length_of_the_line() {
    let world = World::new().await;
    let holder = world.citizen().await;
    let booked = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let first = world.citizen().await;
    // One unit reads the former place, whose history goes on; half a unit tells that nothing suitable is free: joining
    // answers with slots instead, if there are any; and half a unit tells how the office stands.
    within("join, one row", join(&world, &first).await, bar(2, 5.0 + 2.0, 5.0));
    world.crowd("one", "talk", "2026-12-04", 100_000).await;
    world.post_as(&holder, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    within("freed slot to offer, 100,000 waiting", worked(&world).await, bar(3, 12.0, 12.0));
    let offer = world.get_as(&first, "/v1/waitlist/talk").await.expect(200).text("/offerId");
    let path = format!("/v1/offers/{offer}/accept");
    let (accepted, counts) = world.counted(world.post_as(&first, &path, json!({}))).await;
    accepted.expect(200);
    within("accept", counts, bar(2, 14.0, 5.0));
    world.settle().await;
}

#[tokio::test]
async fn a_freed_slot_with_ten_waiting_and_its_refusal() {
    let world = World::new().await;
    let holder = world.citizen().await;
    let booked = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let mut line = Vec::new();
    for _ in 0..2 {
        let who = world.citizen().await;
        join(&world, &who).await;
        line.push(who);
    }
    world.crowd("one", "talk", "2026-12-04", 8).await;
    world.post_as(&holder, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    within("freed slot to offer, 10 waiting", worked(&world).await, bar(3, 12.0, 12.0));
    let offer = world.get_as(&line[0], "/v1/waitlist/talk").await.expect(200).text("/offerId");
    let path = format!("/v1/offers/{offer}/decline");
    let (declined, counts) = world.counted(world.post_as(&line[0], &path, json!({}))).await;
    declined.expect(200);
    // By the link that was sent it is one read less: no session is checked.
    within("decline, signed in", counts, bar(2, 12.0, 4.0));
    world.settle().await;
    world.system.deliveries().hold("changefeed");
    let lapse = world.get_as(&line[1], "/v1/waitlist/talk").await.expect(200).text("/offerId");
    assert!(!lapse.is_empty());
    world.system.advance_to(tests::time("2026-12-01T11:59:00+03:00")).await;
    world.system.deliveries().hold("notifier");
    let (_, idle) = world.counted(world.system.tick()).await;
    let (_, counts) = world.counted(world.system.advance_to(tests::time("2026-12-01T12:00:10+03:00"))).await;
    within(
        "lapse, in its clock tick",
        counts,
        // At noon cabinets are looked for too.
        bar(8, 2.0 * idle.write_units + 13.0, 2.0 * idle.read_units + 3.0 + 1.0),
    );
    world.system.deliveries().clear();
    world.settle().await;
}

#[tokio::test]
async fn an_earlier_time_and_a_release() {
    let world = World::new().await;
    let holder = world.citizen().await;
    let booked = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let later = world.citizen().await;
    world.book(&later, "one", "talk", "2026-12-08T10:00:00+03:00").await;
    join(&world, &later).await;
    world.post_as(&holder, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let offer = world.get_as(&later, "/v1/waitlist/talk").await.expect(200).text("/offerId");
    let path = format!("/v1/offers/{offer}/accept");
    let (accepted, counts) = world.counted(world.post_as(&later, &path, json!({}))).await;
    accepted.expect(200);
    within("accept an earlier time", counts, bar(2, 18.0, 5.0));
    within("nobody fits: put off", worked(&world).await, bar(3, 4.0, 12.0));
    world.settle().await;
    world.system.deliveries().hold("waitlist-worker");
    // The moment is drawn: as soon as the clock has found it, before it finds the same once more.
    for minute in 1..=10 {
        world.until(&format!("2026-12-01T10:{minute:02}:00+03:00")).await;
        if world.system.queues().depth("WaitlistQueue").expect("a queue").total() > 0 {
            break;
        }
    }
    within("public release", worked(&world).await, bar(3, 3.0, 12.0));
}

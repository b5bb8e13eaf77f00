//! Becoming a citizen, seeing, booking, moving, cancelling, and what the clock does about a visit.

use super::{bar, within};
use http::Method;
use local::people::papers;
use serde_json::json;
use tests::{Answer, Citizen, PASSWORD, World, booking, form, profile};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

#[tokio::test]
async fn registering_and_signing_in() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    world.settle().await;
    let path = format!("/v1/registrations/{}", begun.text("/id"));
    let code = tests::digits(&world.sent_to("+79990009999")[0]);
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.expect(204);
    let (done, counts) =
        world.counted(world.post(&format!("{path}/complete"), form("other@example.ru"))).await;
    done.expect(201);
    // Two units are the device, which is known from then on, and one the index by which the clock finds the cabinet once
    // something in it has had its term.
    within("register (form to cabinet)", counts, bar(2, 17.0, 3.0));
    let sign_in = |login: &str, password: &str| world.sign_in(login, password);
    // Each function unwraps its keys when it first needs them, and keeps them for minutes.
    world.post("/v1/sessions", sign_in(&anna.phone, PASSWORD)).await.expect(201);
    let (done, counts) = world.counted(world.post("/v1/sessions", sign_in(&anna.phone, PASSWORD))).await;
    done.expect(201);
    // One unit tells whether many passwords are guessed, one whether the device is known; the session hangs on the device,
    // so both are one transaction.
    within("sign in", counts, bar(3, 5.0, 5.0));
    let (done, counts) = world.counted(world.post("/v1/sessions", sign_in("+79995554433", PASSWORD))).await;
    done.refused(401, "wrong-credentials");
    // Its try is counted like any other, and as wrong; one read more than a success, in place of its session.
    within("sign in, unknown login", counts, bar(3, 2.0, 6.0));
    world.settle().await;
}

#[tokio::test]
async fn booking_moving_and_cancelling() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let (booked, counts) = world.counted(world.try_book(&anna, "one", "talk", THURSDAY)).await;
    let booked = booked.expect(201);
    // Half a unit tells how the office stands.
    within("book", counts, bar(2, 8.0, 4.5));
    world.settle().await;
    let (_, counts) = world
        .counted(world.ask(
            Method::GET,
            "/v1/offices/one/slots?serviceId=talk&date=2026-12-04",
            Some(&boris.token),
            None,
            &[],
        ))
        .await;
    // The session check reads three items.
    within("slots of a day, signed in", counts, bar(1, 0.0, 3.0 + 1.0));
    let (_, counts) = world.counted(world.get("/v1/offices/one/slots?serviceId=talk&date=2026-12-04")).await;
    within("slots of a day", counts, bar(1, 0.0, 1.0));
    let (refused, counts) = world.counted(named(&world, &boris)).await;
    refused.refused(409, "slot-taken");
    // The refusal is kept under the request's key; the guard is not read again for it.
    within("refused, seen in the read", counts, bar(2, 1.0, 8.0));
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let to = json!({ "startsAt": FRIDAY, "officeId": "two" });
    let (moved, counts) = world.counted(world.post_as(&anna, &format!("{path}/reschedule"), to)).await;
    moved.expect(200);
    within("reschedule", counts, bar(2, 13.0, 5.5));
    world.settle().await;
    let (cancelled, counts) = world.counted(world.post_as(&anna, &format!("{path}/cancel"), json!({}))).await;
    cancelled.expect(200);
    within("cancel", counts, bar(2, 10.0, 4.0));
    world.settle().await;
}

#[tokio::test]
async fn saying_who_one_is_bringing_a_file_and_booking_with_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (said, counts) = world.counted(world.patch_as(&anna, "/v1/me/profile", profile())).await;
    said.expect(200);
    within("say who one is", counts, bar(2, 8.0, 3.0));
    let announced = |name: &str| {
        let announced = json!({ "document": "passport", "fileName": name, "size": 9 });
        world.post_as(&anna, "/v1/documents/grant/files", announced)
    };
    announced("first.pdf").await.expect(201);
    let (attached, counts) = world.counted(announced("second.png")).await;
    attached.expect(201);
    within("announce a file", counts, bar(2, 3.0, 3.0));
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let (booked, counts) = world.counted(world.try_book(&anna, "three", "grant", THURSDAY)).await;
    booked.expect(201);
    within("book a service that asks for files", counts, bar(2, 8.0, 5.5));
    world.until("2026-12-01T10:30:00+03:00").await;
}

/// Books as clients do, with a name for the request.
async fn named(world: &World, who: &Citizen) -> Answer {
    let body = booking("one", "talk", THURSDAY);
    let key = [("idempotency-key", who.phone.as_str())];
    world.ask(Method::POST, "/v1/appointments", Some(&who.token), Some(body), &key).await
}

#[tokio::test]
async fn losing_in_the_transaction() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    // Both read the slot as free; who writes second is refused by the page's condition, reads again, and is told.
    let asked = futures::future::join(named(&world, &anna), named(&world, &boris));
    let ((a, b), counts) = world.counted(asked).await;
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    // Of these the winner asked for 8 and 4.5; keeping the refusal is one more than the bar, and how the office stands is
    // read thrice.
    within("book beside one refused in the transaction", counts, bar(4, 8.0 + 7.0, 4.5 + 11.0));
    world.settle().await;
}

#[tokio::test]
async fn reminding_and_missing() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "one", "talk", THURSDAY).await;
    world.until("2026-12-02T09:59:00+03:00").await;
    world.system.deliveries().hold("changefeed");
    let (_, idle) = world.counted(world.system.tick()).await;
    world.system.advance_to(tests::time("2026-12-02T09:59:59+03:00")).await;
    let (_, counts) = world.counted(world.system.advance_to(tests::time("2026-12-02T10:00:00+03:00"))).await;
    within("clock tick with one reminder", counts, bar(4, idle.write_units + 2.0, idle.read_units + 1.0));
    world.system.deliveries().release("changefeed");
    world.settle().await;
}

//! An application that is signed: more is read and written than for any other booking, in as many round trips.

use super::{bar, within};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tests::{World, booking, signature};

#[tokio::test]
async fn booking_what_is_signed() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut body = booking("three", "contract", "2026-12-03T14:00:00+03:00");
    let mut answers = body.clone();
    answers.as_object_mut().expect("an object").remove("startsAt");
    // The function unwraps its keys when it first needs them.
    let text = || world.post_as(&anna, "/v1/appointments/text-to-sign", answers.clone());
    text().await.expect(201);
    let (begun, counts) = world.counted(text()).await;
    let bytes = begun.expect(201).text("/text");
    within("ask for a text to be signed", counts, bar(2, 2.0, 3.0));
    body["signature"] = json!(STANDARD.encode(signature("anna", bytes.as_bytes())));
    let (booked, counts) = world.counted(world.post_as(&anna, "/v1/appointments", body)).await;
    booked.expect(201);
    // Four units mark the text as used, six are the signature with its text and a short chain; the text and the profile are read.
    within("book what is signed", counts, bar(2, 18.0, 7.5));
    world.settle().await;
}

//! What is signed electronically, once: a booking, a correction, an offer.

use super::flows::{begun, ended};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use local::embedded::ledger::Uses;
use serde_json::{Value, json};
use tests::{Citizen, World, booking, signature};

const THURSDAY: [&str; 2] = ["2026-12-03T14:00:00+03:00", "2026-12-03T14:30:00+03:00"];

async fn signed(world: &World, who: &Citizen, path: &str, body: Value) -> Value {
    let text = world.post_as(who, path, body).await.expect(201).text("/text");
    json!(STANDARD.encode(signature("anna", text.as_bytes())))
}

async fn book(world: &World, who: &Citizen, at: &str) -> String {
    let mut body = booking("three", "contract", at);
    let mut answers = body.clone();
    answers.as_object_mut().expect("an object").remove("startsAt");
    body["signature"] = signed(world, who, "/v1/appointments/text-to-sign", answers).await;
    let id = world.post_as(who, "/v1/appointments", body).await.expect(201).text("/id");
    format!("/v1/appointments/{id}")
}

pub async fn signing() -> Uses {
    let world = begun().await;
    let (anna, boris, vera) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let first = book(&world, &anna, THURSDAY[0]).await;
    book(&world, &boris, THURSDAY[1]).await;
    let mut change = json!({ "purpose": "x" });
    change["signature"] = signed(&world, &anna, &format!("{first}/text-to-sign"), change.clone()).await;
    world.patch_as(&anna, &first, change).await.expect(200);
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "three" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let visit = format!("visits/{}.{}", anna.id, first.rsplit('/').next().unwrap_or_default());
    world.staff(&operator, Method::GET, &visit, Value::Null).await.expect(200);
    let wish =
        json!({ "serviceId": "contract", "offices": ["three"], "from": "2026-12-03", "to": "2026-12-03" });
    world.post_as(&vera, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    world.post_as(&anna, &format!("{first}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let place = world.get_as(&vera, "/v1/waitlist/contract").await.expect(200);
    let offer = format!("/v1/offers/{}", place.text("/offerId"));
    let signature = signed(&world, &vera, &format!("{offer}/text-to-sign"), json!({})).await;
    let accept = json!({ "signature": signature });
    world.post_as(&vera, &format!("{offer}/accept"), accept).await.expect(200);
    ended(world).await
}

//! Everything by which somebody shows who they are, once.

use super::flows::{begun, ended};
use http::Method;
use local::embedded::ledger::Uses;
use serde_json::{Value, json};
use tests::digits;

/// Confirmed by each way, and ended.
pub async fn identity() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let path = "/v1/me/identity/codes";
    let begun = world.post_as(&anna, path, json!({})).await.expect(201).text("/id");
    world.until("2026-12-01T10:03:00+03:00").await;
    let path = format!("{path}/{begun}");
    world.post_as(&anna, &format!("{path}/code"), json!({})).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    world.post_as(&anna, &format!("{path}/complete"), json!({ "code": code })).await.expect(200);
    world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": "1985-03-09" })).await.expect(200);
    world.get_as(&anna, "/v1/me/identity").await.expect(200);
    let begun = world.post_as(&anna, "/v1/me/identity/esia", json!({})).await.expect(201);
    let back = world.system.esia().sign_in(&begun.text("/address"), "anna").expect("a way back");
    let part = |name: &str| back.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split('&').next());
    let said = json!({ "state": part("state"), "code": part("code") });
    // Her birth date is another by now.
    world.post_as(&anna, "/v1/me/identity/esia/complete", said).await.expect(422);
    let chief = world.chief().await;
    let operator = json!([{ "role": "operator", "officeId": "two" }]);
    let operator = world.colleague(&chief, "operator@example.ru", operator).await;
    let check = "/v1/me/identity/video-check";
    let wish = json!({ "officeId": "two", "wishedAt": "2026-12-02T10:00:00+03:00" });
    world.post_as(&anna, check, wish.clone()).await.expect(201);
    world.ask(Method::DELETE, check, Some(&anna.token), None, &[]).await.expect(204);
    world.post_as(&anna, check, wish).await.expect(201);
    let queue = world.staff(&operator, Method::GET, "offices/two/checks", Value::Null).await;
    let path = format!("checks/{}", queue.expect(200).text("/items/0/id"));
    let room = json!({ "room": "https://video.example.ru/7" });
    let taken = world.staff(&operator, Method::POST, &format!("{path}/take"), room).await.expect(200);
    let said = json!({ "result": "confirmed", "reason": "x", "seen": taken.body["seen"] });
    world.staff(&operator, Method::POST, &format!("{path}/decide"), said).await.expect(200);
    ended(world).await
}

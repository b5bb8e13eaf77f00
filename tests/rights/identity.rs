//! Everything by which somebody shows who they are, once.

use super::flows::{begun, ended};
use local::embedded::ledger::Uses;
use serde_json::json;
use tests::digits;

/// Confirmed by each way, and ended.
pub async fn identity() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    let path = "/v1/me/identity/codes";
    let begun = world.post_as(&anna, path, json!({})).await.expect(201).text("/id");
    world.until("2026-12-01T10:02:00+03:00").await;
    let path = format!("{path}/{begun}");
    world.post_as(&anna, &format!("{path}/code"), json!({})).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    world.post_as(&anna, &format!("{path}/complete"), json!({ "code": code })).await.expect(200);
    world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": "1985-03-09" })).await.expect(200);
    world.get_as(&anna, "/v1/me/identity").await.expect(200);
    ended(world).await
}

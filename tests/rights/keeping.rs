//! Everything that is done about what is kept no longer, once.

use super::flows::{begun, ended};
use crate::stories::deletion::ask;
use crate::stories::lived::{Lived, lived};
use http::Method;
use local::embedded::ledger::Uses;
use local::people::{attach, page, upload};
use serde_json::json;

/// A cabinet's deletion asked for, stopped, asked for again and carried out, with files in both buckets.
pub async fn keeping() -> Uses {
    let world = begun().await;
    let Lived { who: anna, .. } = lived(&world).await;
    ask(&world, &anna).await.expect(202);
    world.ask(Method::DELETE, "/v1/me/deletion", Some(&anna.token), None, &[]).await.expect(204);
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-10T10:30:00+03:00").await;
    world.system.deliveries().hold("scanner");
    let file = page("passport");
    let announced = json!({ "document": "passport", "fileName": "late.pdf", "size": file.len() });
    let attached = world.system.ask(attach(&anna.token, "grant", announced)).await;
    world.system.ask(upload(&attached, &file)).await;
    world.until("2026-12-10T12:00:00+03:00").await;
    world.system.deliveries().release("scanner");
    ended(world).await
}

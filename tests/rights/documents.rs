//! Everything that is done about files, once.

use super::flows::{THURSDAY, begun, ended};
use http::Method;
use local::embedded::ledger::Uses;
use local::people::{attach, page, papers, upload};
use local::visitor::Ask;
use serde_json::{Value, json};

/// Brought, refused, looked for, taken back, opened by whose they are and at the office.
pub async fn documents() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    world.get_as(&anna, "/v1/documents/nothing").await.refused(404, "not-found");
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let announce = |name: &str, size: usize| {
        let announced = json!({ "document": "passport", "fileName": name, "size": size });
        world.system.ask(attach(&anna.token, "grant", announced))
    };
    let hostile = announce("refused.pdf", 4).await;
    world.system.ask(upload(&hostile, b"MZ..")).await;
    announce("never.pdf", 9).await;
    let file = page("passport");
    let taken_back = announce("again.pdf", file.len()).await;
    world.system.ask(upload(&taken_back, &file)).await;
    world.settle().await;
    let path = format!("/v1/documents/grant/files/{}", taken_back.text("/id"));
    let link = world.post_as(&anna, &format!("{path}/open"), json!({})).await.expect(200);
    assert_eq!(world.system.ask(Ask::link(&link.text("/url"))).await.status, 200);
    world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await.expect(204);
    world.settle().await;
    world.until("2026-12-01T10:40:00+03:00").await;
    world.book(&anna, "three", "grant", THURSDAY).await;
    world.until("2026-12-03T09:45:00+03:00").await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "specialist", "officeId": "three" }]);
    let specialist = world.colleague(&chief, "pyotr@example.ru", grants).await;
    let agenda = world.staff(&specialist, Method::GET, "offices/three/agenda", Value::Null).await.expect(200);
    let visit = format!("visits/{}", agenda.text("/visits/0/id"));
    let opened = world.staff(&specialist, Method::GET, &visit, Value::Null).await.expect(200);
    let path = format!("{visit}/files/{}/open", opened.text("/files/0/id"));
    let link = world.staff(&specialist, Method::POST, &path, json!({})).await.expect(200);
    assert_eq!(world.system.ask(Ask::link(&link.text("/url"))).await.status, 200);
    ended(world).await
}

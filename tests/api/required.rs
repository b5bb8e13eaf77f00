//! What the description says must be given is what is refused when it is missing, and nothing else.

use super::schema::{Described, Need};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::World;

#[tokio::test]
async fn what_must_be_in_a_body_is_named_when_nothing_is_in_it() {
    let (world, described) = (World::new().await, Described::new());
    let (anna, chief) = (world.citizen().await, world.chief().await);
    let mut checked = 0;
    for (method, path, operation) in described.operations().filter(|(method, _, _)| method == "POST") {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let members = described.members(schema);
        let must: BTreeSet<&str> =
            members.iter().filter(|(_, (_, need))| *need == Need::Must).map(|(name, _)| *name).collect();
        if must.is_empty() {
            continue;
        }
        let address = path.replace("{id}", "01ARZ3NDEKTSV4RRFFQ69G5FAV").replace("{service}", "grant");
        let token = if path.starts_with("/v1/staff/") { &chief.token } else { &anna.token };
        let answer = world.ask(Method::POST, &address, Some(token), Some(json!({})), &[]).await;
        let answer = answer.refused(422, "invalid-request");
        assert_eq!(named(&answer.body), must, "{method} {path}");
        checked += 1;
    }
    assert!(checked >= 8, "{checked} bodies were looked at");
}

#[tokio::test]
async fn what_must_be_in_a_query_is_named_when_there_is_none() {
    let (world, described) = (World::new().await, Described::new());
    let (anna, chief) = (world.citizen().await, world.chief().await);
    for (method, path, operation) in described.operations().filter(|(method, _, _)| method == "GET") {
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let must: BTreeSet<&str> = parameters
            .iter()
            .filter(|one| one["in"] == "query" && one["required"] == Value::Bool(true))
            .filter_map(|one| one["name"].as_str())
            .collect();
        let address = path.replace("{id}", "one").replace("{service}", "talk");
        let token = if path.starts_with("/v1/staff/") { &chief.token } else { &anna.token };
        let answer = world.ask(Method::GET, &address, Some(token), None, &[]).await;
        assert_eq!(named(&answer.body), must, "{method} {path}: {}", answer.raw);
    }
}

/// The fields that an answer refuses.
fn named(body: &Value) -> BTreeSet<&str> {
    body["errors"].as_array().into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
}

//! The API held against its description, its template and what it refuses.

use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tests::World;

#[tokio::test]
async fn template_routers_and_description_name_the_same_routes() {
    let world = World::new().await;
    let served = world.get("/v1/openapi.json").await.expect(200);
    let mut described = BTreeSet::new();
    for (path, item) in served.body["paths"].as_object().unwrap() {
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "patch", "delete"].contains(&key.as_str()))
        {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let template: BTreeSet<(String, String)> = world
        .system
        .template()
        .functions
        .iter()
        .flat_map(|function| &function.routes)
        .map(|route| (route.method.to_string(), route.path.clone()))
        .collect();
    assert_eq!(described, template);
    assert_eq!(served.text("/openapi"), "3.1.0");
}

#[tokio::test]
async fn the_served_description_is_the_one_made_from_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = tempfile::tempdir().unwrap();
    let options =
        local::system::Options::new(data.path(), root.join("../infra/template.yaml"), root.join("catalogue"));
    let made = local::system::System::describe(options).await.unwrap();
    assert!(
        made == include_str!("../../functions/catalogue/openapi.json"),
        "run: cargo okno openapi > functions/catalogue/openapi.json"
    );
}

#[tokio::test]
async fn without_a_session_every_id_is_the_same_401() {
    let world = World::new().await;
    for path in [
        "/v1/me",
        "/v1/inbox",
        "/v1/appointments",
        "/v1/appointments/x",
        "/v1/appointments/x/history",
        "/v1/waitlist",
        "/v1/waitlist/talk",
    ] {
        let none = world.get(path).await.refused(401, "unauthorized");
        let dead = world.ask(Method::GET, path, Some("01ARZ3NDEKTSV4RRFFQ69G5FAV.secret"), None, &[]).await;
        assert_eq!(none.raw, dead.raw, "{path}");
    }
}

#[tokio::test]
async fn bad_input_gets_an_answer_that_names_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let unknown = json!({ "officeId": "one", "colour": "red" });
    let answer = world.post_as(&anna, "/v1/appointments", unknown).await.refused(422, "invalid-request");
    assert_eq!(answer.text("/errors/0/field"), "colour");
    let answer = world.post_as(&anna, "/v1/appointments", json!({})).await.refused(422, "invalid-request");
    let fields: Vec<&Value> =
        answer.body["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["officeId", "serviceId", "startsAt", "rulesVersion"]);
    let big = json!({ "purpose": "x".repeat(70_000) });
    assert_eq!(world.post_as(&anna, "/v1/appointments", big).await.status, 413);
    world.get("/v1/offices?colour=red").await.refused(422, "invalid-request");
    let twice = world.get("/v1/offices?region=RU-MOW&region=RU-SPE").await.refused(422, "invalid-request");
    assert_eq!(
        (twice.text("/errors/0/field"), twice.text("/errors/0/code")),
        ("region".into(), "given-twice".into())
    );
    for body in [json!([]), json!("one"), json!(7), json!(null)] {
        let answer = world.post_as(&anna, "/v1/appointments", body).await.refused(400, "malformed-json");
        assert!(answer.text("/detail").contains("одним объектом"), "{}", answer.raw);
    }
    // What is no text in a path names nothing, and is told so as all else is.
    for path in ["/v1/offices/%ff", "/v1/appointments/%C3%28/history"] {
        world.get_as(&anna, path).await.refused(404, "not-found");
    }
    world.get("/v1/offices/nowhere").await.refused(404, "not-found");
    world.get("/v1/nothing").await.expect(404);
    let off_grid = world.try_book(&anna, "one", "talk", "2026-12-03T10:05:00+03:00").await;
    off_grid.refused(409, "slot-not-offered");
}

#[tokio::test]
async fn words_find_services_and_places_find_offices() {
    let world = World::new().await;
    let found = world.get("/v1/services?q=%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D1%83").await.expect(200);
    assert_eq!(found.text("/items/0/id"), "paper");
    let near = world.get("/v1/offices?service=talk&near=55.76,37.62").await.expect(200);
    assert_eq!(near.text("/items/0/id"), "two");
    let regions = world.get("/v1/regions").await.expect(200);
    assert_eq!(regions.body["items"].as_array().unwrap().len(), 2);
}

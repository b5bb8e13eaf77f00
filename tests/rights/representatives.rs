//! Everything by which somebody acts for another, once.

use super::flows::{FRIDAY, THURSDAY, begun, ended};
use http::Method;
use local::embedded::ledger::Uses;
use serde_json::{Value, json};
use tests::{booking, digits};

/// Asked for, taken, decided; booked, moved, cancelled and brought files for the child; ended.
pub async fn representatives() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let path = "/v1/me/identity/codes";
    let begun = world.post_as(&anna, path, json!({})).await.expect(201).text("/id");
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    let path = format!("{path}/{begun}/complete");
    world.post_as(&anna, &path, json!({ "code": code })).await.expect(200);
    let chief = world.chief().await;
    let operator = json!([{ "role": "operator", "officeId": "two" }]);
    let operator = world.colleague(&chief, "operator@example.ru", operator).await;
    let form = json!({
        "kind": "parent", "surname": "Петров", "givenName": "Иван", "birthDate": "2016-05-20",
        "snils": "20000000018", "series": "II-МЮ", "number": "123456", "issuedOn": "2016-06-01",
        "consent": { "accepted": true, "version": "2026-11" },
    });
    world.post_as(&anna, "/v1/me/representations", form).await.expect(201);
    let queue = world.staff(&operator, Method::GET, "representations?officeId=two", Value::Null).await;
    let path = format!("representations/{}", queue.expect(200).text("/items/0/id"));
    let here = json!({ "officeId": "two" });
    world.staff(&operator, Method::POST, &format!("{path}/take"), here).await.expect(200);
    let said = json!({ "officeId": "two", "result": "approved", "reason": "x" });
    world.staff(&operator, Method::POST, &format!("{path}/decide"), said).await.expect(204);
    world.settle().await;
    let mine = world.get_as(&anna, "/v1/me/representations").await.expect(200);
    world.get_as(&anna, "/v1/me/representatives").await.expect(200);
    let ivan = mine.text("/items/0/actingFor");
    let acting = [("acting-for", ivan.as_str())];
    let ask = |method: Method, path: String, body: Value| {
        let body = (!body.is_null()).then_some(body);
        let (world, anna) = (&world, &anna);
        async move { world.ask(method, &path, Some(&anna.token), body, &acting).await }
    };
    let booked =
        ask(Method::POST, "/v1/appointments".into(), booking("two", "talk", THURSDAY)).await.expect(201);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let to = json!({ "officeId": "two", "startsAt": FRIDAY });
    ask(Method::POST, format!("{path}/reschedule"), to).await.expect(200);
    ask(Method::POST, format!("{path}/cancel"), json!({})).await.expect(200);
    let file = json!({ "document": "passport", "fileName": "p.pdf", "size": 9 });
    ask(Method::POST, "/v1/documents/grant/files".into(), file).await.expect(201);
    let path = format!("citizens/{ivan}/representatives?officeId=two");
    let whose = world.staff(&operator, Method::GET, &path, Value::Null).await.expect(200);
    let path = format!("representations/{}/end", whose.text("/items/0/id"));
    let said = json!({ "officeId": "two", "reason": "x" });
    world.staff(&operator, Method::POST, &path, said).await.expect(204);
    let grant = mine.text("/items/0/id");
    world.post_as(&anna, &format!("/v1/me/representations/{grant}/end"), Value::Null).await.expect(204);
    ended(world).await
}

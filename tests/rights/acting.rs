//! What somebody who works here does for a citizen, once.

use super::flows::{FRIDAY, THURSDAY, begun, ended};
use http::Method;
use local::embedded::ledger::Uses;
use serde_json::{Value, json};
use tests::{booking, digits};

/// Found, identified, served: by a member for a citizen, everything that a citizen does.
pub async fn acting() -> Uses {
    let world = begun().await;
    let chief = world.chief().await;
    let anna = world.citizen().await;
    let operator = json!([{ "role": "operator", "everywhere": true }]);
    let operator = world.colleague(&chief, "operator@example.ru", operator).await;
    for (mut by, status) in [
        (json!({ "login": anna.phone }), 200),
        (json!({ "fullName": "Петрова Анна" }), 200),
        (json!({ "number": "0000-0000-1", "date": "2026-12-04" }), 404),
    ] {
        by["officeId"] = json!("two");
        world.staff(&operator, Method::POST, "citizens/find", by).await.expect(status);
    }
    world.a_minute_later().await;
    let path = format!("citizens/{}/code", anna.id);
    let sent = world.staff(&operator, Method::POST, &path, json!({ "officeId": "two" })).await.expect(201);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().expect("an SMS"));
    let said = json!({ "officeId": "two", "method": "code", "codeId": sent.text("/codeId"), "code": code });
    let path = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &path, said).await.expect(201);
    let said = json!({ "officeId": "two", "method": "facts", "phone": anna.phone, "email": anna.email });
    world.staff(&operator, Method::POST, &path, said).await.expect(201);
    let path = format!("citizens/{}/sign-in-pause/end", anna.id);
    world.staff(&operator, Method::POST, &path, json!({ "officeId": "two" })).await.expect(204);
    let notes = format!("citizens/{}/notes", anna.id);
    let note = json!({ "officeId": "two", "text": "x" });
    world.staff(&operator, Method::POST, &notes, note).await.expect(201);
    let path = format!("{notes}?officeId=two");
    world.staff(&operator, Method::GET, &path, Value::Null).await.expect(200);
    world.get_as(&anna, "/v1/me/call-notes").await.expect(200);
    let unclear = json!({ "kind": "compulsory", "number": "7700001234567893", "issuedOn": "2012-06-01" });
    world.patch_as(&anna, "/v1/me/profile", json!({ "policy": unclear })).await.expect(200);
    world.settle().await;
    let queue = world.staff(&operator, Method::GET, "checks/policies?officeId=two", Value::Null).await;
    let policy = format!("checks/policies/{}", queue.expect(200).text("/items/0/id"));
    let at = json!({ "officeId": "two", "result": "valid", "reason": "x" });
    world
        .staff(&operator, Method::POST, &format!("{policy}/take"), json!({ "officeId": "two" }))
        .await
        .expect(200);
    world.staff(&operator, Method::POST, &format!("{policy}/decide"), at).await.expect(204);
    let manager = json!([{ "role": "manager", "officeId": "two" }]);
    let manager = world.colleague(&chief, "manager@example.ru", manager).await;
    let block = format!("citizens/{}/block", anna.id);
    let why = json!({ "officeId": "two", "ground": "misuse", "reason": "x" });
    world.staff(&manager, Method::POST, &block, why).await.expect(200);
    world.staff(&manager, Method::GET, &format!("{block}?officeId=two"), Value::Null).await.expect(200);
    let why = json!({ "officeId": "two", "reason": "x" });
    world.staff(&manager, Method::POST, &format!("citizens/{}/unblock", anna.id), why).await.expect(204);
    let acting = [("acting-for", anna.id.as_str())];
    let ask = |method: Method, path: String, body: Value| {
        let body = (!body.is_null()).then_some(body);
        let (world, operator) = (&world, &operator);
        async move { world.ask(method, &path, Some(&operator.token), body, &acting).await }
    };
    let booked =
        ask(Method::POST, "/v1/appointments".into(), booking("two", "talk", THURSDAY)).await.expect(201);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let to = json!({ "officeId": "two", "startsAt": FRIDAY, "reason": "x" });
    ask(Method::POST, format!("{path}/reschedule"), to).await.expect(200);
    ask(Method::GET, path.clone(), Value::Null).await.expect(200);
    ask(Method::GET, format!("{path}/history"), Value::Null).await.expect(200);
    ask(Method::POST, format!("{path}/cancel"), json!({ "reason": "x" })).await.expect(200);
    ended(world).await
}

//! Applications to act for somebody, of which others are to hear nothing.

use http::Method;
use serde_json::{Value, json};
use tests::{Citizen, Colleague, World};

/// Anna asks to act for a child, Vera for Anna; what both are called, and the first in the queue.
pub async fn representations(
    world: &World,
    anna: &Citizen,
    manager: &Colleague,
    office: &str,
) -> (String, String, String) {
    let vera = world.citizen().await;
    let number = json!({ "snils": "20000000018" });
    world.patch_as(&vera, "/v1/me/profile", number).await.expect(200);
    for who in [anna, &vera] {
        world.a_minute_later().await;
        let begun = world.post_as(who, "/v1/me/identity/codes", json!({})).await.expect(201).text("/id");
        world.settle().await;
        let code = tests::digits(&world.sent_to(&who.phone).pop().expect("an SMS"));
        let path = format!("/v1/me/identity/codes/{begun}/complete");
        world.post_as(who, &path, json!({ "code": code })).await.expect(200);
    }
    let consent = json!({ "accepted": true, "version": "2026-11" });
    let child = json!({
        "kind": "parent", "surname": "Петров", "givenName": "Иван", "birthDate": "2016-05-20", "snils": "20000090045",
        "series": "II-МЮ", "number": "123456", "issuedOn": "2016-06-01", "consent": consent,
    });
    let attorney = json!({
        "kind": "attorney", "surname": "Петрова", "givenName": "Анна", "birthDate": "1985-03-08",
        "snils": "112-233-445 95", "number": "77", "issuedBy": "Орлова", "issuedOn": "2026-01-15", "consent": consent,
    });
    let path = "/v1/me/representations";
    let asked = world.post_as(anna, path, child).await.expect(201).text("/id");
    let theirs = world.post_as(&vera, path, attorney).await.expect(201).text("/id");
    world.settle().await;
    let queue = format!("representations?officeId={office}");
    let queue = world.staff(manager, Method::GET, &queue, Value::Null).await.expect(200);
    (asked, theirs, queue.text("/items/0/id"))
}

/// An unlock that Anna asks the office for from afar.
pub async fn asked_unlock(world: &World, anna: &Citizen, operator: &Colleague, office: &str) -> String {
    let said = json!({
        "officeId": office, "login": anna.phone, "surname": "Петрова", "givenName": "Анна", "snils": "112-233-445 95",
        "phone": "+79995550033", "reason": "Проверка",
    });
    world.post("/v1/unlock-requests", said).await.expect(202);
    let queue = format!("offices/{office}/unlocks");
    let queue = world.staff(operator, Method::GET, &queue, Value::Null).await.expect(200);
    let items = queue.body["items"].as_array().cloned().unwrap_or_default();
    let asked = items.iter().find(|one| one["state"] == "asked").expect("one that was asked for");
    asked["id"].as_str().unwrap_or_default().to_owned()
}

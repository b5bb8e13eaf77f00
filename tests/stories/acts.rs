//! What people of several stories do: holding, waiting, giving up, answering.

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World};

pub const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

pub fn wish(service: &str, office: &str, from: &str, to: &str) -> Value {
    json!({ "serviceId": service, "offices": [office], "from": from, "to": to })
}

pub fn friday() -> Value {
    wish("talk", "one", "2026-12-04", "2026-12-04")
}

/// Somebody joins, a moment after everybody before.
pub async fn join(world: &World, wish: Value) -> Citizen {
    let who = world.citizen().await;
    stand_in_line(world, &who, wish).await;
    who
}

pub async fn stand_in_line(world: &World, who: &Citizen, wish: Value) {
    world.post_as(who, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(1)).await;
}

/// Holders of the only slot of each date at the office «one».
pub async fn full_days(world: &World, dates: &[&str]) -> Vec<(Citizen, String)> {
    let mut held = Vec::new();
    for date in dates {
        let holder = world.citizen().await;
        let booked = world.book(&holder, "one", "talk", &format!("{date}T10:00:00+03:00")).await;
        held.push((holder, booked.text("/id")));
    }
    held
}

pub async fn give_up(world: &World, (holder, appointment): &(Citizen, String)) {
    world.post_as(holder, &format!("/v1/appointments/{appointment}/cancel"), json!({})).await.expect(200);
    world.settle().await;
}

/// The open offer of somebody, looked at; none when there is none.
pub async fn offered(world: &World, who: &Citizen, service: &str) -> Option<Answer> {
    let id = world.get_as(who, &format!("/v1/waitlist/{service}")).await.expect(200).text("/offerId");
    if id.is_empty() { None } else { Some(world.get_as(who, &format!("/v1/offers/{id}")).await.expect(200)) }
}

pub async fn decline(world: &World, who: &Citizen, offer: &Answer) {
    let path = format!("/v1/offers/{}/decline", offer.text("/id"));
    world.post_as(who, &path, json!({})).await.expect(200);
    world.settle().await;
}

/// What a history says was done, in its order.
pub fn what(history: &Answer) -> Vec<&str> {
    let items = history.body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["what"].as_str()).collect()
}

/// Some minutes pass; everything due on the way happens.
pub async fn later(world: &World, minutes: i64) {
    world.settle().await;
    world.system.advance_to(world.system.now() + chrono::TimeDelta::minutes(minutes)).await;
    world.settle().await;
}

/// The kinds of one's notices, in order of their time.
pub async fn kinds(world: &World, who: &Citizen) -> Vec<String> {
    let inbox = world.get_as(who, "/v1/inbox?limit=50").await.expect(200);
    let items = inbox.body["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().rev().filter_map(|item| item["kind"].as_str().map(str::to_owned)).collect()
}

/// A manager of an office.
pub async fn manager(world: &World, office: &str) -> Colleague {
    let chief = world.chief().await;
    let grants = json!([{ "role": "manager", "officeId": office }]);
    world.colleague(&chief, "manager@example.ru", grants).await
}

/// Its file as it stands.
pub async fn file(world: &World, who: &Colleague, office: &str) -> Answer {
    world.staff(who, Method::GET, &format!("offices/{office}/file"), Value::Null).await.expect(200)
}

/// Puts another in its place, or is told what that would come to.
pub async fn put(world: &World, who: &Colleague, office: &str, body: Value) -> Answer {
    world.staff(who, Method::POST, &format!("offices/{office}/file"), body).await
}

/// Closes the office, or what `more` says of it, on a Friday.
pub async fn close(world: &World, who: &Colleague, office: &str, more: Value) -> Answer {
    let mut body = json!({
        "from": "2026-12-04", "reason": "Аварийное отключение воды",
        "note": { "ru": "Нет воды", "en": "No water" },
    });
    for (key, value) in more.as_object().cloned().unwrap_or_default() {
        body[key] = value;
    }
    let answer = world.staff(who, Method::POST, &format!("offices/{office}/closings"), body).await;
    world.settle().await;
    answer
}

/// Whom the first change of an office's file touched.
pub async fn touched(world: &World, who: &Colleague, office: &str) -> Answer {
    world.staff(who, Method::GET, &format!("offices/{office}/changes/1"), Value::Null).await.expect(200)
}

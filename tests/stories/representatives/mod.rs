//! Acting for somebody else: a parent for a child, and by a power of attorney (ACC-10, OFC-6).

mod acting;
mod asking;
mod ending;
mod gone;

use super::identity::by_code;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World, booking};

const MINE: &str = "/v1/me/representations";
const THEIRS: &str = "/v1/me/representatives";
const QUEUE: &str = "representations?officeId=two";
const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const FRIDAY: &str = "2026-12-04T10:00:00+03:00";
const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A number of which the check digits fit.
fn snils(n: u32) -> String {
    let body = format!("{:09}", 200_000_000 + n);
    let sum: u32 =
        body.bytes().zip((1..=9).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{:02}", sum % 101 % 100)
}

/// Somebody who has shown who they are, with a number of their own.
async fn shown(world: &World, n: u32) -> Citizen {
    let who = world.citizen().await;
    world.patch_as(&who, "/v1/me/profile", json!({ "snils": snils(n) })).await.expect(200);
    by_code(world, &who).await.expect(200);
    world.settle().await;
    who
}

fn consent() -> Value {
    json!({ "accepted": true, "version": "2026-11" })
}

/// A child of ten: Ivan, by his certificate of birth.
pub(super) fn child() -> Value {
    json!({
        "kind": "parent", "surname": "Петров", "givenName": "Иван", "birthDate": "2016-05-20", "snils": snils(900),
        "series": "II-МЮ", "number": "123456", "issuedOn": "2016-06-01", "consent": consent(),
    })
}

/// A power of attorney of somebody with a number, till the middle of January.
fn attorney(n: u32) -> Value {
    json!({
        "kind": "attorney", "surname": "Петрова", "givenName": "Анна", "patronymic": "Сергеевна",
        "birthDate": "1985-03-08", "snils": snils(n), "number": "77 АА 1234567", "issuedBy": "Нотариус Орлова Е. П.",
        "issuedOn": "2026-01-15", "validUntil": "2027-01-15", "consent": consent(),
    })
}

pub(super) async fn operator(world: &World) -> Colleague {
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "two" }]);
    world.colleague(&chief, "operator@example.ru", grants).await
}

/// Another one: a session of staff lasts for a working day.
async fn operator_again(world: &World) -> Colleague {
    let chief = world.chief_again().await;
    let grants = json!([{ "role": "operator", "officeId": "two" }]);
    world.colleague(&chief, "operator2@example.ru", grants).await
}

async fn take(world: &World, who: &Colleague, id: &str) -> Answer {
    let path = format!("representations/{id}/take");
    world.staff(who, Method::POST, &path, json!({ "officeId": "two" })).await
}

async fn decide(world: &World, who: &Colleague, id: &str, result: &str) -> Answer {
    let path = format!("representations/{id}/decide");
    let said = json!({ "officeId": "two", "result": result, "reason": "Документ проверен" });
    world.staff(who, Method::POST, &path, said).await
}

/// Asks, and is let by the operator; answers for whom one acts then.
pub(super) async fn let_act(world: &World, who: &Citizen, operator: &Colleague, form: Value) -> String {
    world.post_as(who, MINE, form).await.expect(201);
    let queue = world.staff(operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    let id = queue.text("/items/0/id");
    take(world, operator, &id).await.expect(200);
    decide(world, operator, &id, "approved").await.expect(204);
    world.settle().await;
    world.get_as(who, MINE).await.expect(200).text("/items/0/actingFor")
}

/// A request for somebody else.
async fn act(world: &World, who: &Citizen, whom: &str, method: Method, path: &str, body: Value) -> Answer {
    let body = (!body.is_null()).then_some(body);
    world.ask(method, path, Some(&who.token), body, &[("acting-for", whom)]).await
}

async fn book(world: &World, who: &Citizen, whom: &str, at: &str) -> Answer {
    act(world, who, whom, Method::POST, "/v1/appointments", booking("two", "talk", at)).await
}

//! What one says of oneself, and what is still missing before one may book (ACC-7, ACC-8, ACC-12).

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, World, profile};

const PROFILE: &str = "/v1/me/profile";
const TALK: &str = "2026-12-03T10:00:00+03:00";

fn missing(answer: &Answer) -> Vec<String> {
    let all = answer.body["readiness"]["missing"].as_array().cloned().unwrap_or_default();
    all.iter().map(|one| one["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn fields(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, member: &str| error[member].as_str().unwrap_or_default().to_owned();
    errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}

async fn change(world: &World, who: &Citizen, body: Value) -> Answer {
    world.patch_as(who, PROFILE, body).await
}

#[tokio::test]
async fn whoever_wants_to_book_is_told_what_is_missing_until_nothing_is() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let all = json!({ "birthDate": null, "identityDocument": null, "snils": null, "address": null, "policy": null });
    let empty = change(&world, &anna, all).await.expect(200);
    assert_eq!(missing(&empty), ["birth-date", "paper", "snils", "address", "policy"]);
    let refused = world.try_book(&anna, "two", "talk", TALK).await.refused(403, "not-ready");
    assert_eq!(refused.body["missing"], json!(["birth-date", "paper", "snils", "address", "policy"]));
    assert!(refused.text("/detail").contains("указать СНИЛС"), "{}", refused.raw);
    // Part by part; what was said stays.
    let whole = profile();
    for part in ["birthDate", "identityDocument", "snils", "address", "policy"] {
        world.try_book(&anna, "two", "talk", TALK).await.refused(403, "not-ready");
        change(&world, &anna, json!({ part: whole[part] })).await.expect(200);
    }
    let said = world.get_as(&anna, PROFILE).await.expect(200);
    assert_eq!(said.text("/readiness/text"), "Готов к записи");
    assert_eq!(said.text("/identityDocument/series"), "4508");
    assert_eq!(said.text("/snils"), "112-233-445 95");
    assert_eq!(said.text("/policy/number"), "7700001234567890");
    assert_eq!(said.text("/policy/checked"), "pending");
    world.book(&anna, "two", "talk", TALK).await;
}

#[tokio::test]
async fn each_wrong_field_is_named_with_the_way_to_mend_it_and_nothing_is_kept() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let before = world.get_as(&anna, PROFILE).await.expect(200).raw;
    let wrong = json!({
        "name": { "surname": " ", "givenName": "Анна" },
        "birthDate": "2020-01-01",
        "identityDocument": { "kind": "passport", "series": "45", "number": "12345", "issuedOn": "31.12.2010", "issuedBy": "" },
        "snils": "112-233-454 95",
        "inn": "500100732258",
        "address": { "regionId": "RU-XX", "townId": "atlantis", "text": "x".repeat(301) },
        "workTownId": "nowhere",
        "policy": { "kind": "compulsory", "number": "77", "issuedOn": "2027-01-01" },
        "noticesBy": "pigeon", "language": "la",
    });
    let answer = change(&world, &anna, wrong).await.refused(422, "invalid-request");
    let expected = [
        ("surname", "required"),
        ("birthDate", "too-young"),
        ("identityDocument.issuedOn", "not-a-date"),
        ("identityDocument.issuedBy", "required"),
        ("snils", "snils-check"),
        ("inn", "inn-check"),
        ("address.regionId", "unknown-region"),
        ("address.townId", "unknown-town"),
        ("address.text", "too-long"),
        ("workTownId", "unknown-town"),
        ("policy.number", "policy-compulsory-number"),
        ("policy.issuedOn", "in-future"),
        ("language", "not-a-choice"),
        ("noticesBy", "not-a-choice"),
    ];
    let expected: Vec<(String, String)> =
        expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
    assert_eq!(fields(&answer), expected, "{}", answer.raw);
    let mut passport = profile()["identityDocument"].clone();
    passport["series"] = json!("45");
    passport["number"] = json!("12345");
    let answer =
        change(&world, &anna, json!({ "identityDocument": passport })).await.refused(422, "invalid-request");
    assert_eq!(fields(&answer).len(), 2, "{}", answer.raw);
    assert!(answer.raw.contains("четыре цифры") && answer.raw.contains("шесть цифр"), "{}", answer.raw);
    // A birth date that makes the passport one of a child.
    let answer =
        change(&world, &anna, json!({ "birthDate": "1995-01-01" })).await.refused(422, "invalid-request");
    assert_eq!(
        fields(&answer),
        [("identityDocument.issuedOn".to_owned(), "issued-before-fourteen".to_owned())]
    );
    assert_eq!(world.get_as(&anna, PROFILE).await.raw, before);
}

#[tokio::test]
async fn no_policy_is_an_answer_with_its_reason() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let silent =
        change(&world, &anna, json!({ "policy": { "kind": "none" } })).await.refused(422, "invalid-request");
    assert_eq!(fields(&silent), [("policy.reason".to_owned(), "required".to_owned())]);
    let none = json!({ "policy": { "kind": "none", "reason": "Потерян, восстанавливаю" } });
    let said = change(&world, &anna, none).await.expect(200);
    assert_eq!(said.text("/readiness/state"), "ready");
    assert_eq!(
        (said.text("/policy/kind"), said.text("/policy/reason")),
        ("none".into(), "Потерян, восстанавливаю".into())
    );
    // «paper» at «two» is booked by whoever has no policy and says nothing of it.
    change(&world, &anna, json!({ "policy": null })).await.expect(200);
    world.try_book(&anna, "two", "talk", TALK).await.refused(403, "not-ready");
    world.book(&anna, "two", "paper", "2026-12-02T10:15:00+03:00").await;
}

#[tokio::test]
async fn whoever_is_no_citizen_needs_no_snils() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let without = change(&world, &anna, json!({ "snils": null })).await.expect(200);
    assert_eq!(missing(&without), ["snils"]);
    let foreign = json!({ "kind": "foreign-passport", "number": "FA 1234567", "issuedOn": "2019-05-05", "issuedBy": "Ташкент" });
    let said = change(&world, &anna, json!({ "identityDocument": foreign })).await.expect(200);
    assert_eq!(missing(&said), Vec::<String>::new());
}

#[tokio::test]
async fn another_name_is_the_one_that_one_is_found_and_written_to_by() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let married = json!({ "name": { "surname": "Соколова", "givenName": "Анна", "patronymic": "Павловна" } });
    change(&world, &anna, married.clone()).await.expect(200);
    change(&world, &anna, married).await.expect(200);
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!((me.text("/surname"), me.text("/patronymic")), ("Соколова".into(), "Павловна".into()));
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "one" }]);
    let olga = world.colleague(&chief, "operator@example.ru", grants).await;
    let find = async |name: &str| {
        let body = json!({ "officeId": "one", "fullName": name });
        let found = world.staff(&olga, Method::POST, "citizens/find", body).await;
        found.body["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(find("соколова анна").await, 1);
    assert_eq!(find("Соколова Анна Павловна").await, 1);
    assert_eq!(find("Петрова Анна").await, 0);
}

#[tokio::test]
async fn one_hears_by_the_messages_that_one_chose_and_of_ones_cabinet_by_all() {
    let world = World::new().await;
    let anna = world.citizen().await;
    change(&world, &anna, json!({ "noticesBy": "mail" })).await.expect(200);
    world.settle().await;
    let before = world.sent_to(&anna.phone).len();
    let booked = world.book(&anna, "two", "talk", TALK).await;
    assert_eq!(world.sent_to(&anna.phone).len(), before);
    assert!(world.sent_to(&anna.email).pop().unwrap().contains(&booked.text("/number")));
    change(&world, &anna, json!({ "noticesBy": "sms", "language": "en" })).await.expect(200);
    let letters = world.sent_to(&anna.email).len();
    let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
    world.post_as(&anna, &path, json!({})).await.expect(200);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), letters);
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("cancelled"));
    let password = json!({ "currentPassword": tests::PASSWORD, "password": "Зимний8снег" });
    world.post_as(&anna, "/v1/me/password", password).await.expect(204);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), letters + 1);
}

#[tokio::test]
async fn what_one_says_of_oneself_stands_nowhere_in_clear() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let said = json!({ "policy": { "kind": "none", "reason": "Секретная причина" }, "inn": "500100732259" });
    change(&world, &anna, said).await.expect(200);
    for clear in ["1985-03-08", "11223344595", "500100732259", "Taganskoye", "Taganskaya", "Секретная"]
    {
        assert!(!world.stands_in_clear(clear), "{clear}");
    }
    // Nobody else reads it, and nobody without a session.
    let boris = world.citizen().await;
    assert_eq!(world.get_as(&boris, PROFILE).await.expect(200).text("/inn"), "");
    world.get(PROFILE).await.refused(401, "unauthorized");
}

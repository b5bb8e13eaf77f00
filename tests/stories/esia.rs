//! Showing who one is through the unified system of identification (ACC-15).

use super::identity::{IDENTITY, by_code, happened, means};
use super::lived::{key, rows};
use chrono::TimeDelta;
use http::Method;
use local::embedded::esia::Mood;
use serde_json::{Value, json};
use store::Item;
use tests::{Answer, Citizen, PASSWORD, World};

const START: &str = "/v1/me/identity/esia";
const BACK: &str = "/v1/me/identity/esia/complete";
const PROFILE: &str = "/v1/me/profile";

async fn address(world: &World, who: &Citizen, take_over: bool) -> String {
    let begun = world.post_as(who, START, json!({ "takeOver": take_over })).await.expect(201);
    begun.text("/address")
}

/// `state` and `code` with which the browser comes back.
fn back(to: &str) -> Value {
    let part = |name: &str| {
        let after = to.split(&format!("{name}=")).nth(1).unwrap_or_default();
        after.split('&').next().unwrap_or_default().to_owned()
    };
    json!({ "state": part("state"), "code": part("code") })
}

/// Signs in there as somebody and comes back.
async fn as_somebody(world: &World, who: &Citizen, name: &str, take_over: bool) -> Answer {
    let address = address(world, who, take_over).await;
    let to = world.system.esia().sign_in(&address, name).expect("it is an address of its own");
    assert!(to.starts_with("https://okno.example/identity/esia?"), "{to}");
    world.post_as(who, BACK, back(&to)).await
}

fn fields(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|one| one["field"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn whoever_signs_in_there_as_who_they_are_here_is_confirmed() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let done = as_somebody(&world, &anna, "anna", false).await.expect(200);
    assert_eq!((done.text("/by"), done.text("/text")), ("esia".into(), "ЕСИА (Госуслуги)".into()));
    assert_eq!(means(&world, &anna).await, "esia");
    assert_eq!(happened(&world, &anna).await, [("identity-confirmed".into(), "esia".into())]);
    world.settle().await;
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("подтверждена личность"));
}

#[tokio::test]
async fn each_field_that_is_another_there_is_named_and_taken_over_by_whoever_agrees() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let refused = as_somebody(&world, &anna, "olga", false).await.refused(422, "other-person");
    assert_eq!(fields(&refused), ["surname", "givenName", "birthDate", "snils"], "{}", refused.raw);
    assert!(!refused.raw.contains("Иванова") && !refused.raw.contains("08765430300"), "{}", refused.raw);
    let refused = as_somebody(&world, &anna, "nemo", false).await.refused(422, "other-person");
    assert_eq!(fields(&refused), ["snils"], "{}", refused.raw);
    assert_eq!(means(&world, &anna).await, "");
    as_somebody(&world, &anna, "olga", true).await.expect(200);
    let profile = world.get_as(&anna, PROFILE).await.expect(200);
    let said = (
        profile.text("/surname"),
        profile.text("/givenName"),
        profile.text("/birthDate"),
        profile.text("/snils"),
    );
    assert_eq!(said, ("Иванова".into(), "Ольга".into(), "1984-05-06".into(), "087-654-303 00".into()));
    assert_eq!(profile.text("/identity/by"), "esia");
    // Once more there is nothing to take over, and it counts.
    as_somebody(&world, &anna, "olga", true).await.expect(200);
    // What is missing here may come from there.
    let boris = world.citizen().await;
    world.patch_as(&boris, PROFILE, json!({ "birthDate": null, "snils": null })).await.expect(200);
    world.post_as(&boris, START, json!({})).await.refused(409, "nothing-to-confirm");
    as_somebody(&world, &boris, "anna", true).await.expect(200);
    assert_eq!(world.get_as(&boris, PROFILE).await.text("/birthDate"), "1985-03-08");
    world.settle().await;
}

#[tokio::test]
async fn an_answer_counts_once_in_the_session_that_asked_and_in_time() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let esia = world.system.esia();
    // Somebody else's session, and another of her own.
    let to = back(&esia.sign_in(&address(&world, &anna, false).await, "anna").unwrap());
    let boris = world.citizen().await;
    world.post_as(&boris, BACK, to.clone()).await.refused(410, "proof-spent");
    let login = json!({ "login": anna.phone, "password": PASSWORD, "deviceToken": anna.device });
    let token = world.post("/v1/sessions", login).await.expect(201).text("/token");
    world.ask(Method::POST, BACK, Some(&token), Some(to.clone()), &[]).await.refused(410, "proof-spent");
    // Another state, another code.
    let mut wrong = to.clone();
    wrong["state"] = json!("x");
    world.post_as(&anna, BACK, wrong).await.refused(410, "proof-spent");
    world.post_as(&anna, BACK, json!({ "state": to["state"] })).await.refused(422, "invalid-request");
    world.post_as(&anna, BACK, to.clone()).await.expect(200);
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
    assert_eq!(happened(&world, &anna).await.len(), 1);
    // A code that was made up uses the question up.
    let to = back(&esia.sign_in(&address(&world, &anna, false).await, "anna").unwrap());
    world
        .post_as(&anna, BACK, json!({ "state": to["state"], "code": "x" }))
        .await
        .refused(410, "proof-spent");
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
    // A newer question ends the one before.
    let to = back(&esia.sign_in(&address(&world, &anna, false).await, "anna").unwrap());
    let newer = address(&world, &anna, false).await;
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
    // Too late there, and too late here.
    let to = back(&esia.sign_in(&newer, "anna").unwrap());
    world.settle().await;
    world.system.advance_to(world.system.now() + TimeDelta::seconds(61)).await;
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
    let late = address(&world, &anna, false).await;
    world.settle().await;
    world.system.advance_to(world.system.now() + TimeDelta::minutes(10)).await;
    let to = back(&esia.sign_in(&late, "anna").unwrap());
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
}

#[tokio::test]
async fn what_is_not_to_be_believed_confirms_nobody() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for mood in [Mood::WrongKey, Mood::WrongNonce, Mood::WrongAudience, Mood::Stale] {
        world.system.esia().set(mood);
        let refused = as_somebody(&world, &anna, "anna", false).await.refused(409, "esia-not-believed");
        assert!(refused.text("/detail").contains("Начните заново"), "{mood:?}: {}", refused.raw);
    }
    assert_eq!(means(&world, &anna).await, "");
    world.system.esia().set(Mood::Well);
    as_somebody(&world, &anna, "anna", false).await.expect(200);
    world.settle().await;
}

#[tokio::test]
async fn while_it_does_not_answer_one_is_told_and_the_other_ways_go_on() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let esia = world.system.esia();
    let to = back(&esia.sign_in(&address(&world, &anna, false).await, "anna").unwrap());
    esia.set(Mood::Silent);
    let refused = world.post_as(&anna, START, json!({})).await.refused(503, "esia-unavailable");
    assert!(refused.headers.contains_key("retry-after"), "{}", refused.raw);
    esia.set(Mood::Well);
    world.post_as(&anna, BACK, to).await.refused(410, "proof-spent");
    let to = back(&esia.sign_in(&address(&world, &anna, false).await, "anna").unwrap());
    esia.set(Mood::Silent);
    world.post_as(&anna, BACK, to).await.refused(503, "esia-unavailable");
    by_code(&world, &anna).await.expect(200);
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    let ways = own.body["ways"].as_array().cloned().unwrap_or_default();
    assert!(ways.iter().any(|way| way["by"] == "esia" && way["open"] == json!(true)), "{}", own.raw);
    // A number that is another's is not confirmed this way either.
    esia.set(Mood::Well);
    let boris = world.citizen().await;
    as_somebody(&world, &boris, "anna", false).await.refused(409, "snils-taken");
    world.settle().await;
}

/// What the table has of somebody, to the letter.
async fn kept(world: &World, who: &Citizen) -> Vec<Item> {
    let own = |row: &Item| {
        let key = key(row);
        key.pk == format!("CIT#{}", who.id) && ["ME", "PROFILE"].contains(&key.sk.as_str())
    };
    rows(world).await.into_iter().filter(own).collect()
}

#[tokio::test]
async fn what_may_not_be_taken_over_changes_nothing() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    as_somebody(&world, &anna, "anna", false).await.expect(200);
    // Boris is somebody else, and has shown it by a code.
    let own = json!({ "name": { "surname": "Котов", "givenName": "Борис" }, "snils": "087-654-303 00" });
    world.patch_as(&boris, PROFILE, own).await.expect(200);
    by_code(&world, &boris).await.expect(200);
    let before = kept(&world, &boris).await;
    let events = happened(&world, &boris).await;
    assert_eq!(before.len(), 2);
    as_somebody(&world, &boris, "anna", true).await.refused(409, "snils-taken");
    world.settle().await;
    assert_eq!(kept(&world, &boris).await, before);
    assert_eq!(happened(&world, &boris).await, events);
    assert_eq!(means(&world, &boris).await, "phone-code");
    // Who has no number there cannot be compared with what is here.
    as_somebody(&world, &boris, "nemo", true).await.refused(422, "other-person");
    assert_eq!(kept(&world, &boris).await, before);
    // Two of the five a day are used; the sixth is refused before it takes anything over.
    for _ in 0..3 {
        as_somebody(&world, &boris, "olga", true).await.expect(200);
    }
    let told = happened(&world, &boris).await;
    assert_eq!(told.iter().filter(|(what, _)| what == "identity-ended").count(), 1, "{told:?}");
    world
        .patch_as(&boris, PROFILE, json!({ "name": { "surname": "Котова", "givenName": "Ольга" } }))
        .await
        .expect(200);
    let before = kept(&world, &boris).await;
    as_somebody(&world, &boris, "olga", true).await.refused(429, "too-many-requests");
    assert_eq!(kept(&world, &boris).await, before);
    world.settle().await;
}

#[tokio::test]
async fn a_number_that_is_given_up_by_taking_over_is_free_again() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    as_somebody(&world, &anna, "anna", false).await.expect(200);
    by_code(&world, &boris).await.refused(409, "snils-taken");
    as_somebody(&world, &anna, "olga", true).await.expect(200);
    by_code(&world, &boris).await.expect(200);
    world.settle().await;
}

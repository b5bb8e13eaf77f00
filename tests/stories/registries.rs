//! Insurers are asked whether a policy is good; what they leave open people decide (ACC-12, OFC-6).

use super::identity::{by_code, means};
use chrono::TimeDelta;
use http::Method;
use local::embedded::registries::Mood;
use serde_json::{Value, json};
use tests::{Citizen, Colleague, World};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const PROFILE: &str = "/v1/me/profile";
const QUEUE: &str = "checks/policies?officeId=two";

pub async fn insured(world: &World, who: &Citizen, number: &str) {
    let policy = json!({ "kind": "compulsory", "number": number, "issuedOn": "2012-06-01" });
    world.patch_as(who, PROFILE, json!({ "policy": policy })).await.expect(200);
    world.settle().await;
}

async fn checked(world: &World, who: &Citizen) -> String {
    world.get_as(who, PROFILE).await.expect(200).text("/policy/checked")
}

async fn queue(world: &World, who: &Colleague) -> Vec<Value> {
    let found = world.staff(who, Method::GET, QUEUE, Value::Null).await.expect(200);
    found.body["items"].as_array().cloned().unwrap_or_default()
}

async fn operator(world: &World, chief: &Colleague, email: &str) -> Colleague {
    world.colleague(chief, email, json!([{ "role": "operator", "officeId": "two" }])).await
}

async fn later(world: &World, minutes: i64) {
    let then = world.system.now() + TimeDelta::minutes(minutes);
    world.until(&then.to_rfc3339()).await;
}

#[tokio::test]
async fn a_policy_is_confirmed_by_itself_and_asked_about_once() {
    let world = World::new().await;
    let anna = world.citizen().await;
    assert_eq!(checked(&world, &anna).await, "valid");
    let asked = world.system.registries().asked();
    // Another address is no other policy, and of the same person the same policy is known.
    let there = json!({ "address": { "regionId": "RU-MOW", "text": "Arbat 1" } });
    world.patch_as(&anna, PROFILE, there).await.expect(200);
    world.settle().await;
    world.patch_as(&anna, PROFILE, json!({ "policy": null })).await.expect(200);
    insured(&world, &anna, "7700001234567890").await;
    assert_eq!(checked(&world, &anna).await, "valid");
    assert_eq!(world.system.registries().asked(), asked);
    // Whoever is called otherwise is asked about anew.
    let married = json!({ "name": { "surname": "Соколова", "givenName": "Анна" } });
    world.patch_as(&anna, PROFILE, married).await.expect(200);
    world.settle().await;
    assert_eq!(
        (checked(&world, &anna).await.as_str(), world.system.registries().asked()),
        ("valid", asked + 1)
    );
}

#[tokio::test]
async fn a_void_policy_does_not_count_and_its_holder_is_told_what_to_do() {
    for number in ["7700001234567891", "7700001234567892"] {
        let world = World::new().await;
        let anna = world.citizen().await;
        insured(&world, &anna, number).await;
        assert_eq!(checked(&world, &anna).await, "refused");
        let refused = world.try_book(&anna, "two", "talk", THURSDAY).await.refused(403, "not-ready");
        assert_eq!(refused.body["missing"], json!(["policy"]));
        for to in [&anna.phone, &anna.email] {
            let told = world.sent_to(to).pop().unwrap_or_default();
            assert!(told.contains("полис") && told.contains("не подтверждён"), "{told}");
        }
        let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
        assert_eq!(inbox.text("/items/0/title"), "Полис не подтверждён");
        let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
        assert_eq!(events.text("/items/0/what"), "policy-void", "{}", events.raw);
        // Mended, it counts again.
        insured(&world, &anna, "7700001234567890").await;
        assert_eq!(checked(&world, &anna).await, "valid");
        world.book(&anna, "two", "talk", THURSDAY).await;
    }
}

#[tokio::test]
async fn what_insurers_leave_open_counts_and_is_decided_by_whoever_takes_it() {
    for (verdict, after, status) in [("valid", "valid", 201), ("void", "refused", 403)] {
        let world = World::new().await;
        let anna = world.citizen().await;
        insured(&world, &anna, "7700001234567893").await;
        assert_eq!(checked(&world, &anna).await, "unclear");
        let chief = world.chief().await;
        let (one, other) = (
            operator(&world, &chief, "one@example.ru").await,
            operator(&world, &chief, "other@example.ru").await,
        );
        later(&world, 90).await;
        let found = queue(&world, &one).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&found[0]["state"], &found[0]["overdue"], found[0]["ageMin"].as_i64() >= Some(90)),
            (&json!("waiting"), &json!(false), true)
        );
        assert!(!found[0].to_string().contains("Петрова"), "{found:?}");
        let path = format!("checks/policies/{}", found[0]["id"].as_str().unwrap_or_default());
        let at = json!({ "officeId": "two" });
        let decision = json!({ "officeId": "two", "result": verdict, "reason": "Сверено по телефону" });
        let ask = |who: &Colleague, what: &str, body: &Value| {
            let (path, body, who) = (format!("{path}/{what}"), body.clone(), who.clone());
            let world = &world;
            async move { world.staff(&who, Method::POST, &path, body).await }
        };
        ask(&one, "decide", &decision).await.refused(409, "policy-not-taken");
        let taken = ask(&one, "take", &at).await.expect(200);
        assert_eq!(
            (taken.text("/surname"), taken.text("/policy/number")),
            ("Петрова".into(), "7700001234567893".into())
        );
        ask(&other, "take", &at).await.refused(409, "policy-not-taken");
        ask(&other, "decide", &decision).await.refused(409, "policy-not-taken");
        let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
        assert_eq!(readings.text("/items/0/subject"), "policy");
        // Nobody keeps it for longer than half an hour.
        later(&world, 31).await;
        ask(&other, "take", &at).await.expect(200);
        ask(&one, "decide", &decision).await.refused(409, "policy-not-taken");
        ask(&other, "decide", &decision).await.expect(204);
        ask(&other, "decide", &decision).await.refused(404, "not-found");
        world.settle().await;
        assert_eq!(checked(&world, &anna).await, after);
        assert!(queue(&world, &one).await.is_empty());
        let told = world.sent_to(&anna.email).pop().unwrap_or_default();
        assert!(told.contains("Сверено по телефону"), "{told}");
        assert_eq!(world.try_book(&anna, "two", "talk", THURSDAY).await.status, status);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_for_people_too_and_not_for_those_elsewhere() {
    for mood in [Mood::Contradictory, Mood::Garbled, Mood::Unclear] {
        let world = World::new().await;
        world.system.registries().set(mood);
        let anna = world.citizen().await;
        assert_eq!(checked(&world, &anna).await, "unclear", "{mood:?}");
        let chief = world.chief().await;
        let here = operator(&world, &chief, "here@example.ru").await;
        assert_eq!(queue(&world, &here).await.len(), 1, "{mood:?}");
        let specialist = json!([{ "role": "specialist", "officeId": "three" }]);
        let elsewhere = world.colleague(&chief, "elsewhere@example.ru", specialist).await;
        world.staff(&elsewhere, Method::GET, QUEUE, Value::Null).await.refused(403, "beyond-your-rights");
        let of_nobody = "checks/policies/01ARZ3NDEKTSV4RRFFQ69G5FAV.1/take";
        world
            .staff(&here, Method::POST, of_nobody, json!({ "officeId": "two" }))
            .await
            .refused(404, "not-found");
        // It waits for a policy and not for a person: who has another waits for nobody.
        world.system.registries().set(Mood::Well);
        insured(&world, &anna, "7700001234567895").await;
        assert_eq!(checked(&world, &anna).await, "valid");
        assert!(queue(&world, &here).await.is_empty());
    }
}

#[tokio::test]
async fn a_registry_that_is_silent_is_asked_again_and_in_the_end_people_are() {
    for mood in [Mood::Slow, Mood::Failing] {
        let world = World::new().await;
        world.system.registries().set(mood);
        let anna = world.citizen().await;
        assert_eq!(checked(&world, &anna).await, "pending");
        world.try_book(&anna, "two", "talk", THURSDAY).await.expect(201);
        later(&world, 3).await;
        let asked = world.system.registries().asked();
        assert_eq!(asked, 1, "not before its time");
        for minutes in [5, 30, 120, 720] {
            later(&world, minutes).await;
        }
        assert_eq!(world.system.registries().asked(), 5);
        assert_eq!(checked(&world, &anna).await, "pending");
        let boris = world.citizen().await;
        world.system.registries().set(Mood::Well);
        later(&world, 5).await;
        assert_eq!(
            (checked(&world, &boris).await.as_str(), checked(&world, &anna).await.as_str()),
            ("valid", "pending")
        );
        world.system.registries().set(mood);
        later(&world, 2_160).await;
        assert_eq!(checked(&world, &anna).await, "unclear");
        let chief = world.chief().await;
        assert_eq!(queue(&world, &operator(&world, &chief, "one@example.ru").await).await.len(), 1);
    }
}

#[tokio::test]
async fn nothing_is_lost_when_nobody_hears_of_it_or_the_worker_dies() {
    let world = World::new().await;
    world.system.deliveries().drop_next("registries", usize::MAX / 2);
    let anna = world.citizen().await;
    assert_eq!((checked(&world, &anna).await.as_str(), world.system.registries().asked()), ("pending", 0));
    world.system.deliveries().clear();
    // The clock finds it due.
    later(&world, 6).await;
    assert_eq!(checked(&world, &anna).await, "valid");
    // What the worker heard is lost with it; what the table has is not.
    world.system.registries().set(Mood::Slow);
    let boris = world.citizen().await;
    let world = world.restarted().await;
    later(&world, 6).await;
    assert_eq!(checked(&world, &boris).await, "valid");
}

#[tokio::test]
async fn nothing_of_a_question_stands_in_clear() {
    let world = World::new().await;
    let anna = world.citizen().await;
    insured(&world, &anna, "7700001234567893").await;
    for secret in ["7700001234567893", "1985-03-08"] {
        assert!(!world.stands_in_clear(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_policy_of_somebody_who_showed_who_they_are_is_checked_as_any() {
    let world = World::new().await;
    let anna = world.citizen().await;
    by_code(&world, &anna).await.expect(200);
    insured(&world, &anna, "7700001234567893").await;
    assert_eq!(checked(&world, &anna).await, "unclear");
    assert_eq!(means(&world, &anna).await, "phone-code");
}

//! A registry is asked whether whoever books is entitled; a no refuses, and silence does not (BKG-3).

use super::acts::{give_up, offered, stand_in_line, wish};
use super::identity::by_code;
use chrono::TimeDelta;
use http::Method;
use local::embedded::registries::Mood;
use serde_json::json;
use tests::{Answer, Citizen, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const SATURDAY: &str = "2026-12-05T07:00:00+03:00";
const FRIDAY: &str = "2026-12-04T10:00:00+03:00";
/// Of people whom the registry knows: one who is not entitled, one who was born on another date, one of whom it says
/// nothing; and one whom it does not know.
const REFUSED: &str = "223-344-556 39";
const OTHERWISE: &str = "334-455-667 84";
const UNCLEAR: &str = "445-566-778 28";
const UNKNOWN: &str = "556-677-889 73";

async fn with_snils(world: &World, snils: &str) -> Citizen {
    let who = world.citizen().await;
    world.patch_as(&who, "/v1/me/profile", json!({ "snils": snils })).await.expect(200);
    world.settle().await;
    who
}

async fn school(world: &World, who: &Citizen) -> Answer {
    world.try_book(who, "three", "school", THURSDAY).await
}

async fn seen(world: &World, who: &Citizen, booked: &Answer) -> (String, String) {
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let found = world.get_as(who, &path).await.expect(200);
    (found.text("/phase"), found.text("/mark"))
}

fn stands(mark: &str) -> (String, String) {
    ("planned".to_owned(), mark.to_owned())
}

async fn did(world: &World, who: &Citizen, booked: &Answer) -> Vec<String> {
    let path = format!("/v1/appointments/{}/history", booked.text("/id"));
    let found = world.get_as(who, &path).await.expect(200);
    let items = found.body["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|one| one["what"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn later(world: &World, minutes: i64) {
    let then = world.system.now() + TimeDelta::minutes(minutes);
    world.until(&then.to_rfc3339()).await;
}

#[tokio::test]
async fn whoever_is_entitled_books_as_anything_else_and_is_asked_about_once() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let asked = world.system.registries().asked();
    let key = [("idempotency-key", "1")];
    let body = booking("three", "school", THURSDAY);
    let ask = || world.ask(Method::POST, "/v1/appointments", Some(&anna.token), Some(body.clone()), &key);
    let booked = ask().await.expect(201);
    assert_eq!(booked.text("/mark"), "confirmed");
    assert_eq!(ask().await.expect(201).text("/id"), booked.text("/id"));
    // Of another service nobody is asked.
    world.book(&anna, "two", "talk", FRIDAY).await;
    assert_eq!(world.system.registries().asked(), asked + 1);
    world.settle().await;
}

#[tokio::test]
async fn whoever_is_not_entitled_is_refused_with_the_reason_and_a_way_to_object() {
    let world = World::new().await;
    let anna = with_snils(&world, REFUSED).await;
    by_code(&world, &anna).await.expect(200);
    let refused = school(&world, &anna).await.refused(403, "not-eligible");
    assert_eq!(refused.text("/reason"), "Доход семьи выше прожиточного минимума");
    assert!(refused.text("/detail").contains(&refused.text("/phone")), "{}", refused.raw);
    assert!(!world.stands_in_clear("прожиточного"));
    // An operator who was shown the papers books it with a reason, and it needs a check.
    let chief = world.chief().await;
    let operator = json!([{ "role": "operator", "officeId": "three" }]);
    let operator = world.colleague(&chief, "operator@example.ru", operator).await;
    let shown = json!({ "officeId": "three", "method": "document" });
    let path = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &path, shown).await.expect(201);
    let mut body = booking("three", "school", THURSDAY);
    let acting = [("acting-for", anna.id.as_str())];
    let ask = |body| world.ask(Method::POST, "/v1/appointments", Some(&operator.token), Some(body), &acting);
    ask(body.clone()).await.refused(403, "not-eligible");
    body["reason"] = json!("Справка показана");
    let booked = ask(body).await.expect(201);
    assert_eq!(
        (booked.text("/mark"), booked.text("/status")),
        ("needs-check".into(), "Требует проверки".into())
    );
    world.settle().await;
}

#[tokio::test]
async fn what_a_registry_knows_is_told_to_nobody_who_may_be_somebody_else() {
    let world = World::new().await;
    let (anna, boris) = (with_snils(&world, REFUSED).await, with_snils(&world, OTHERWISE).await);
    let refused = school(&world, &anna).await.refused(403, "entitlement-untold");
    for said in ["подтвердите личность", &refused.text("/phone")] {
        assert!(refused.text("/detail").contains(said), "{}", refused.raw);
    }
    // Nor whether it is the name or the date that is wrong, or neither.
    assert_eq!(school(&world, &boris).await.refused(403, "entitlement-untold").raw, refused.raw);
    // The way that it says leads to the reason; the registry is not asked again.
    assert_eq!(refused.text("/confirmAt"), super::identity::IDENTITY);
    by_code(&world, &anna).await.expect(200);
    let asked = world.system.registries().asked();
    let reason = school(&world, &anna).await.refused(403, "not-eligible").text("/reason");
    assert_eq!(reason, "Доход семьи выше прожиточного минимума");
    assert_eq!(world.system.registries().asked(), asked);
}

#[tokio::test]
async fn nor_is_it_written_to_them_when_it_is_found_out_later() {
    let world = World::new().await;
    let anna = with_snils(&world, REFUSED).await;
    world.system.registries().set(Mood::Slow);
    let booked = school(&world, &anna).await.expect(201);
    world.settle().await;
    world.system.registries().set(Mood::Well);
    later(&world, 6).await;
    assert_eq!(did(&world, &anna, &booked).await, ["booked", "eligibility-doubted"]);
    let path = format!("/v1/appointments/{}/history", booked.text("/id"));
    assert!(!world.get_as(&anna, &path).await.raw.contains("прожиточного"));
    let mail = world.sent_to(&anna.email).pop().unwrap_or_default();
    assert!(mail.contains("Возьмите на приём документы") && !mail.contains("прожиточного"), "{mail}");
}

#[tokio::test]
async fn a_registry_is_not_asked_about_one_person_after_another() {
    let world = World::new().await;
    let anna = with_snils(&world, REFUSED).await;
    for day in 9..=18 {
        school(&world, &anna).await.refused(403, "entitlement-untold");
        // Each time she says that she is somebody else.
        let born = format!("1985-03-{day:02}");
        world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": born })).await.expect(200);
    }
    let asked = world.system.registries().asked();
    school(&world, &anna).await.refused(429, "too-many-requests");
    assert_eq!(world.system.registries().asked(), asked);
    world.until("2026-12-02T10:00:00+03:00").await;
    let asked = world.system.registries().asked();
    school(&world, &anna).await.refused(403, "entitlement-untold");
    assert_eq!(world.system.registries().asked(), asked + 1);
}

#[tokio::test]
async fn whoever_heard_a_no_today_does_not_wait_for_it_and_who_takes_an_offer_is_asked_about_then() {
    let world = World::new().await;
    let [holder, anna] = [world.citizen().await, with_snils(&world, REFUSED).await];
    let booked = world.book(&holder, "three", "school", SATURDAY).await.text("/id");
    school(&world, &anna).await.refused(403, "entitlement-untold");
    let saturday = || wish("school", "three", "2026-12-05", "2026-12-05");
    world.post_as(&anna, "/v1/waitlist", saturday()).await.refused(403, "entitlement-untold");
    by_code(&world, &anna).await.expect(200);
    world.post_as(&anna, "/v1/waitlist", saturday()).await.refused(403, "not-eligible");
    // A day later nobody knows, and nobody is asked for a place in line. A place that is won stays, and is doubted.
    world.until("2026-12-02T11:00:00+03:00").await;
    stand_in_line(&world, &anna, saturday()).await;
    give_up(&world, &(holder, booked)).await;
    let offer = offered(&world, &anna, "school").await.expect("an offer").text("/id");
    let taken = world.post_as(&anna, &format!("/v1/offers/{offer}/accept"), json!({})).await.expect(200);
    world.settle().await;
    assert_eq!(seen(&world, &anna, &taken).await, stands("needs-check"));
    assert_eq!(did(&world, &anna, &taken).await, ["accepted", "eligibility-doubted"]);
    assert!(world.sent_to(&anna.phone).pop().unwrap_or_default().contains("реестр не подтвердил"));
}

#[tokio::test]
async fn what_the_registry_knows_otherwise_is_named_by_field() {
    let world = World::new().await;
    let anna = with_snils(&world, OTHERWISE).await;
    by_code(&world, &anna).await.expect(200);
    let refused = school(&world, &anna).await.refused(422, "invalid-request");
    assert_eq!(
        (refused.text("/errors/0/field"), refused.text("/errors/0/code")),
        ("birthDate".to_owned(), "differs-in-registry".to_owned())
    );
    world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": "1985-03-09" })).await.expect(200);
    world.settle().await;
    assert_eq!(school(&world, &anna).await.expect(201).text("/mark"), "confirmed");
    world.settle().await;
}

#[tokio::test]
async fn a_registry_that_does_not_answer_keeps_nobody_from_booking_and_is_asked_later() {
    for mood in [Mood::Slow, Mood::Failing, Mood::Contradictory, Mood::Garbled, Mood::Unclear] {
        let world = World::new().await;
        let anna = world.citizen().await;
        world.system.registries().set(mood);
        let booked = school(&world, &anna).await.expect(201);
        assert_eq!(booked.text("/status"), "Требует проверки", "{mood:?}");
        world.settle().await;
        assert!(world.sent_to(&anna.email).pop().unwrap_or_default().contains("Школьная форма"));
        // Moved, it needs the check as before.
        let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
        let to = json!({ "officeId": "three", "startsAt": FRIDAY });
        assert_eq!(world.post_as(&anna, &path, to).await.expect(200).text("/mark"), "needs-check");
        world.system.registries().set(Mood::Well);
        later(&world, 6).await;
        assert_eq!(seen(&world, &anna, &booked).await, stands("changed"), "{mood:?}");
        assert_eq!(did(&world, &anna, &booked).await, ["booked", "moved", "eligibility-confirmed"]);
        // What the guard knows is the appointment's version: it is moved and cancelled as any other.
        let cancel = format!("/v1/appointments/{}/cancel", booked.text("/id"));
        world.post_as(&anna, &cancel, json!({})).await.expect(200);
        world.settle().await;
    }
}

#[tokio::test]
async fn a_no_that_comes_later_cancels_nothing_and_says_what_to_bring() {
    let world = World::new().await;
    let anna = with_snils(&world, REFUSED).await;
    by_code(&world, &anna).await.expect(200);
    world.system.registries().set(Mood::Slow);
    let booked = school(&world, &anna).await.expect(201);
    world.settle().await;
    world.system.registries().set(Mood::Well);
    later(&world, 6).await;
    assert_eq!(seen(&world, &anna, &booked).await, stands("needs-check"));
    assert_eq!(did(&world, &anna, &booked).await, ["booked", "eligibility-doubted"]);
    let mail = world.sent_to(&anna.email).pop().unwrap_or_default();
    for said in
        ["запись сохраняется", "Доход семьи выше прожиточного минимума", "Возьмите на приём документы"]
    {
        assert!(mail.contains(said), "{said} is not in {mail}");
    }
    assert!(world.sent_to(&anna.phone).pop().unwrap_or_default().contains("реестр не подтвердил"));
    let told = world.sent().len();
    later(&world, 600).await;
    assert_eq!(world.sent().len(), told, "once");
}

#[tokio::test]
async fn of_whom_a_registry_knows_nothing_people_decide() {
    let world = World::new().await;
    let unknown = with_snils(&world, UNKNOWN).await;
    let booked = school(&world, &unknown).await.expect(201);
    world.settle().await;
    assert_eq!(did(&world, &unknown, &booked).await, ["booked", "eligibility-doubted"]);
    assert_eq!(seen(&world, &unknown, &booked).await, stands("needs-check"));
    let unclear = with_snils(&world, UNCLEAR).await;
    let booked = world.try_book(&unclear, "three", "school", "2026-12-10T10:00:00+03:00").await.expect(201);
    for minutes in [6, 31, 121, 721] {
        later(&world, minutes).await;
        assert_eq!(did(&world, &unclear, &booked).await, ["booked"]);
    }
    later(&world, 2_161).await;
    assert_eq!(did(&world, &unclear, &booked).await, ["booked", "eligibility-doubted"]);
    assert_eq!(seen(&world, &unclear, &booked).await, stands("needs-check"));
}

#[tokio::test]
async fn no_question_is_lost_with_its_message_and_none_is_asked_of_what_was_cancelled() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.system.registries().set(Mood::Failing);
    world.system.deliveries().drop_next("registries", usize::MAX / 2);
    let hers = school(&world, &anna).await.expect(201);
    let his = world.try_book(&boris, "three", "school", FRIDAY).await.expect(201);
    world.settle().await;
    world
        .post_as(&boris, &format!("/v1/appointments/{}/cancel", his.text("/id")), json!({}))
        .await
        .expect(200);
    world.settle().await;
    world.system.deliveries().clear();
    world.system.registries().set(Mood::Well);
    let world = world.restarted().await;
    later(&world, 6).await;
    assert_eq!(seen(&world, &anna, &hers).await, stands("confirmed"));
    assert_eq!(did(&world, &boris, &his).await, ["booked", "cancelled"]);
    let asked = world.system.registries().asked();
    later(&world, 600).await;
    assert_eq!(world.system.registries().asked(), asked);
}

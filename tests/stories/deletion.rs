//! Having one's cabinet deleted, and thinking better of it; being told when one's data were taken away (PRV-3, ACC-12).

use super::acts::{FRIDAY, friday, give_up, kinds, later};
use http::Method;
use local::embedded::faults::Fault;
use serde_json::json;
use tests::{Answer, Citizen, PASSWORD, World, booking};

const DELETION: &str = "/v1/me/deletion";

pub async fn ask(world: &World, who: &Citizen) -> Answer {
    world.post_as(who, DELETION, json!({ "password": PASSWORD })).await
}

async fn stop(world: &World, who: &Citizen) -> Answer {
    world.ask(Method::DELETE, DELETION, Some(&who.token), None, &[]).await
}

#[tokio::test]
async fn whoever_holds_something_is_told_what_to_end_first() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "two", "paper", "2026-12-08T10:00:00+03:00").await.text("/id");
    let held = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    world.post_as(&anna, "/v1/waitlist", friday()).await.expect(201);
    world.settle().await;
    give_up(&world, &(boris, held)).await;
    let offer = world.get_as(&anna, "/v1/waitlist/talk").await.expect(200).text("/offerId");
    let refused = ask(&world, &anna).await.refused(409, "deletion-hindered");
    let hindrances = refused.body["hindrances"].as_array().expect("hindrances");
    let found: Vec<&str> = hindrances.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(found, ["appointment", "offer", "waiting"]);
    assert_eq!(
        (refused.text("/hindrances/0/id"), refused.text("/hindrances/1/id")),
        (booked.clone(), offer.clone())
    );
    for said in ["Справка о выплатах", "8 декабря", "Консультация", "Отмените запись", "выйдите из листа"]
    {
        assert!(refused.text("/detail").contains(said), "{said}: {}", refused.raw);
    }
    world.post_as(&anna, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    world.post_as(&anna, &format!("/v1/offers/{offer}/decline"), json!({})).await.expect(200);
    let refused = ask(&world, &anna).await.refused(409, "deletion-hindered");
    assert_eq!(refused.body["hindrances"].as_array().map(Vec::len), Some(1), "{}", refused.raw);
    world.post_as(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    ask(&world, &anna).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn a_deletion_is_asked_for_with_the_password_told_shown_and_stopped() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for n in 0..2 {
        let wrong = world.post_as(&anna, DELETION, json!({ "password": format!("Догадка{n}") })).await;
        assert_eq!(wrong.refused(422, "invalid-request").text("/errors/0/code"), "password-wrong");
    }
    world.post(DELETION, json!({ "password": PASSWORD })).await.refused(401, "unauthorized");
    assert_eq!(world.get_as(&anna, "/v1/me").await.text("/deletionAt"), "");
    let asked = ask(&world, &anna).await.expect(202);
    assert_eq!(asked.text("/deletionAt"), "2026-12-08T07:00:00Z");
    world.settle().await;
    for told in [world.sent_to(&anna.phone).pop().unwrap(), world.sent_to(&anna.email).pop().unwrap()] {
        let when = told.contains("08.12") || told.contains("8 декабря");
        assert!(when && told.contains("удал") && told.contains("отмените удаление"), "{told}");
    }
    assert_eq!(kinds(&world, &anna).await.last().map(String::as_str), Some("deletion-asked"));
    // Asked for again it is as it was, also later.
    world.until("2026-12-02T10:00:00+03:00").await;
    assert_eq!(ask(&world, &anna).await.expect(202).text("/deletionAt"), "2026-12-08T07:00:00Z");
    assert_eq!(kinds(&world, &anna).await.iter().filter(|kind| *kind == "deletion-asked").count(), 1);
    let in_again = world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await.expect(201);
    assert_eq!(in_again.text("/deletionAt"), "2026-12-08T07:00:00Z");
    assert_eq!(world.get_as(&anna, "/v1/me").await.text("/deletionAt"), "2026-12-08T07:00:00Z");
    // Nothing new is begun, whoever asks for it.
    let refused = world.try_book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await;
    let refused = refused.refused(409, "deletion-under-way");
    assert!(refused.text("/detail").contains("Отмените удаление"), "{}", refused.raw);
    world.post_as(&anna, "/v1/waitlist", friday()).await.refused(409, "deletion-under-way");
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "two" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let said = json!({ "officeId": "two", "method": "document" });
    let path = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &path, said).await.expect(201);
    let mut body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
    body["reason"] = json!("просит по телефону");
    let acting = [("acting-for", anna.id.as_str())];
    let by_phone =
        world.ask(Method::POST, "/v1/appointments", Some(&operator.token), Some(body), &acting).await;
    by_phone.refused(409, "deletion-under-way");

    stop(&world, &anna).await.expect(204);
    stop(&world, &anna).await.expect(204);
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("отменено"));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("остаётся"));
    let told = kinds(&world, &anna).await;
    assert_eq!(told.iter().filter(|kind| *kind == "deletion-stopped").count(), 1, "{told:?}");
    assert_eq!(world.get_as(&anna, "/v1/me").await.text("/deletionAt"), "");
    world.book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await;
    // The day comes, and nothing is lost.
    world.until("2026-12-09T10:00:00+03:00").await;
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/surname"), "Петрова");
}

#[tokio::test]
async fn of_a_booking_and_a_deletion_at_once_one_wins() {
    for _ in 0..4 {
        let world = World::new().await;
        let anna = world.citizen().await;
        let booked = world.try_book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00");
        let (booked, asked) = futures::join!(booked, ask(&world, &anna));
        assert_eq!(booked.status == 201, asked.status == 409, "{} {}", booked.raw, asked.raw);
        assert!(booked.status == 201 || asked.status == 202, "{} {}", booked.raw, asked.raw);
        world.settle().await;
    }
}

#[tokio::test]
async fn a_booking_that_comes_late_finds_that_the_cabinet_is_to_go() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.system.faults().next("TransactWriteItems", Fault::Late, 20);
    let late = world.try_book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await;
    assert_eq!(late.status, 503, "{}", late.raw);
    world.system.faults().clear();
    ask(&world, &anna).await.expect(202);
    // Now the writes arrive of which nobody heard.
    world.system.deliver_late().await;
    world.settle().await;
    let held = world.get_as(&anna, "/v1/appointments").await.expect(200);
    assert_eq!(held.body["items"], json!([]), "{}", held.raw);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_too() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let setup = world.post_as(&anna, "/v1/me/second-factor", json!({ "password": PASSWORD })).await;
    let code = app::factor::code_at(&setup.text("/secret"), world.system.now());
    let on = json!({ "password": PASSWORD, "setup": setup.text("/setup"), "code": code });
    let on = world.post_as(&anna, "/v1/me/second-factor/on", on).await.expect(200);
    ask(&world, &anna).await.refused(401, "second-factor-needed");
    let body = json!({ "password": PASSWORD, "secondFactor": on.text("/recoveryCodes/0") });
    world.post_as(&anna, DELETION, body).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn whoever_takes_ones_data_away_is_told_of_by_every_channel() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for _ in 0..2 {
        world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    }
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("скачали"));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("скачал"));
    let told = |told: &[String]| told.iter().filter(|kind| *kind == "export-taken").count();
    assert_eq!(told(&kinds(&world, &anna).await), 1, "parts of one are told of once");
    later(&world, 61).await;
    world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    world.settle().await;
    assert_eq!(told(&kinds(&world, &anna).await), 2);
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    assert_eq!(events.text("/items/0/what"), "export-taken");
}

//! Seeing what is free, booking, moving, cancelling, coming.

use http::Method;
use serde_json::json;
use tests::{World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

#[tokio::test]
async fn the_calendar_shows_what_can_be_booked_and_says_why_the_rest_cannot() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "one", "talk", THURSDAY).await;
    let month = world.get("/v1/offices/one/calendar?serviceId=talk&month=2026-12").await.expect(200);
    let day = |on: &str| {
        month.body["days"].as_array().unwrap().iter().find(|day| day["date"] == on).cloned().unwrap()
    };
    assert_eq!(day("2026-12-03")["state"], "full");
    assert_eq!(day("2026-12-04"), json!({ "date": "2026-12-04", "free": 1, "state": "free" }));
    assert_eq!(day("2026-12-05")["reason"], "closed");
    assert_eq!(day("2026-12-05")["text"], "В этот день приёма нет");
    assert_eq!(day("2026-12-31")["reason"], "holiday");
    let full = world.get("/v1/offices/one/slots?serviceId=talk&date=2026-12-03").await.expect(200);
    assert_eq!(full.text("/reason"), "all-taken");
    assert!(!full.body["alternatives"].as_array().unwrap().is_empty());
    let free = world.get("/v1/offices/far/slots?serviceId=talk&date=2026-12-03").await.expect(200);
    assert_eq!(free.text("/slots/0/startsAt"), "2026-12-03T10:00:00+12:00");
    assert_eq!(free.text("/office/zone"), "Asia/Kamchatka");
}

#[tokio::test]
async fn a_booked_slot_is_confirmed_told_and_nobody_elses() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    assert_eq!(booked.text("/status"), "Подтверждено");
    assert_eq!(booked.text("/queueNumber"), "А-1");
    assert_eq!(booked.text("/changeUntil"), "2026-12-02T10:00:00+03:00");
    let sms = world.sent_to(&anna.phone).pop().unwrap();
    assert!(sms.contains(&booked.text("/number")) && sms.contains(&booked.text("/code")), "{sms}");
    let mail = world.sent_to(&anna.email).pop().unwrap();
    for part in [
        "Вы записались на приём.",
        "четверг, 3 декабря 2026",
        "Улица Первая, 1",
        "Паспорт",
        &booked.text("/number"),
    ] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    let taken = world.try_book(&boris, "one", "talk", THURSDAY).await.refused(409, "slot-taken");
    assert_eq!(taken.text("/alternatives/0/office/id"), "one");
    assert!(taken.raw.contains("\"two\""), "neighbours too: {}", taken.raw);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let theirs = world.get_as(&boris, &path).await.refused(404, "not-found");
    let nobodys = world.get_as(&boris, "/v1/appointments/01ARZ3NDEKTSV4RRFFQ69G5FAV").await;
    assert_eq!(theirs.raw, nobodys.raw);
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert_eq!(inbox.text("/items/0/kind"), "booked");
}

#[tokio::test]
async fn alternatives_are_the_nearest_and_each_start_is_named_once() {
    let world = World::new().await;
    for _ in 0..2 {
        let who = world.citizen().await;
        world.book(&who, "two", "talk", THURSDAY).await;
    }
    let late = world.citizen().await;
    let taken = world.try_book(&late, "two", "talk", THURSDAY).await.refused(409, "slot-taken");
    let at_two =
        taken.body["alternatives"].as_array().unwrap().iter().filter(|one| one["office"]["id"] == "two");
    let starts: Vec<&str> = at_two.filter_map(|one| one["startsAt"].as_str()).collect();
    let around = ["2026-12-03T09:30:00+03:00", "2026-12-03T10:30:00+03:00", "2026-12-03T09:00:00+03:00"];
    assert_eq!(starts, around);
}

#[tokio::test]
async fn of_many_who_want_one_slot_exactly_one_gets_it() {
    let world = World::new().await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(world.citizen().await);
    }
    let asked = people.iter().map(|who| world.try_book(who, "one", "talk", THURSDAY));
    let answers = futures::future::join_all(asked).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(409)), (1, 7));
    world.settle().await;
}

#[tokio::test]
async fn a_retried_booking_answers_the_same_and_books_once() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let key = [("idempotency-key", "anna-1")];
    let ask = |start: &'static str| {
        world.ask(
            Method::POST,
            "/v1/appointments",
            Some(&anna.token),
            Some(booking("one", "talk", start)),
            &key,
        )
    };
    let (first, second) = (ask(THURSDAY).await.expect(201), ask(THURSDAY).await.expect(201));
    assert_eq!(first.body, second.body);
    ask(FRIDAY).await.refused(422, "idempotency-mismatch");
    world.settle().await;
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(world.sent_to(&anna.phone).len(), 2, "the registration's code and one confirmation");
}

#[tokio::test]
async fn a_lost_answer_does_no_harm() {
    use local::embedded::faults::Fault;
    let world = World::new().await;
    let anna = world.citizen().await;
    world.system.faults().next("TransactWriteItems", Fault::AnswerLost, 1);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(booked.text("/phase"), "planned");
}

#[tokio::test]
async fn one_active_appointment_a_service_and_no_two_at_a_time() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "two", "talk", THURSDAY).await;
    world.try_book(&anna, "two", "talk", FRIDAY).await.refused(409, "already-booked");
    world.try_book(&anna, "two", "paper", "2026-12-03T10:15:00+03:00").await.refused(409, "overlapping");
    world.book(&anna, "two", "paper", "2026-12-03T10:30:00+03:00").await;
}

#[tokio::test]
async fn a_moved_appointment_gives_up_the_old_slot_only_for_the_new() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    world.book(&boris, "one", "talk", FRIDAY).await;
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let to = |start: &str, office: &str| json!({ "startsAt": start, "officeId": office });
    world.post_as(&anna, &path, to(FRIDAY, "one")).await.refused(409, "slot-taken");
    let moved = world.post_as(&anna, &path, to(FRIDAY, "two")).await.expect(200);
    assert_eq!(moved.text("/status"), "Изменено");
    assert_eq!(moved.text("/number"), booked.text("/number"));
    world.settle().await;
    let history = world.get_as(&anna, &format!("/v1/appointments/{}/history", booked.text("/id"))).await;
    let what: Vec<String> = (0..2).map(|i| history.text(&format!("/items/{i}/what"))).collect();
    assert_eq!(what, ["booked", "moved"]);
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("4"), "told the new date");
}

#[tokio::test]
async fn later_than_a_day_before_nothing_is_changed_by_oneself() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
    world.until("2026-12-02T10:00:01+03:00").await;
    let late = world.post_as(&anna, &path, json!({})).await.refused(409, "too-late");
    assert_eq!(late.text("/deadline"), "2026-12-02T10:00:00+03:00");
    assert_eq!(late.text("/phone"), "+74951234567");
}

#[tokio::test]
async fn a_cancelled_slot_comes_back_to_the_public_but_not_at_once_to_whoever_gave_it_up() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "one", "talk", FRIDAY).await;
    let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
    let cancelled = world.post_as(&anna, &path, json!({ "reason": "заболела" })).await.expect(200);
    assert_eq!(cancelled.text("/status"), "Отменено");
    world.post_as(&anna, &path, json!({})).await.refused(409, "not-planned");
    world.settle().await;
    world.try_book(&boris, "one", "talk", FRIDAY).await.refused(409, "slot-taken");
    world.until("2026-12-01T10:12:00+03:00").await;
    world.try_book(&anna, "one", "talk", FRIDAY).await.refused(409, "cooling-down");
    world.book(&boris, "one", "talk", FRIDAY).await;
    let told = world.sent_to(&anna.email).pop().unwrap();
    assert!(told.contains("заболела"), "{told}");
}

#[tokio::test]
async fn a_visitor_is_reminded_comes_and_checks_in_or_is_a_no_show() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    let missed = world.book(&boris, "two", "talk", THURSDAY).await;
    let count = |who: &tests::Citizen| world.sent_to(&who.phone).len();
    let before = count(&anna);
    world.until("2026-12-02T10:00:00+03:00").await;
    assert_eq!(count(&anna), before + 1, "reminded a day before");
    let mail = world.sent_to(&anna.email).pop().unwrap();
    assert!(mail.contains("Если не сможете прийти, позвоните"), "{mail}");
    assert!(!mail.contains("не позднее этого времени"), "that time is over: {mail}");
    world.until("2026-12-03T09:00:00+03:00").await;
    assert_eq!(count(&anna), before + 2, "reminded an hour before");
    world.until("2026-12-03T09:50:00+03:00").await;
    let ticket = json!({ "officeId": "two", "number": booked.text("/number").to_lowercase(), "code": booked.text("/code") });
    let in_ = world.post("/v1/check-ins", ticket.clone()).await.expect(201);
    assert_eq!(in_.text("/queueNumber"), booked.text("/queueNumber"));
    world.post("/v1/check-ins", ticket).await.expect(201);
    let wrong = json!({ "officeId": "two", "number": missed.text("/number"), "code": "000000" });
    world.post("/v1/check-ins", wrong).await.refused(422, "check-in-wrong");
    world.until("2026-12-03T10:11:00+03:00").await;
    let of = |id: String| format!("/v1/appointments/{id}");
    assert_eq!(world.get_as(&boris, &of(missed.text("/id"))).await.text("/status"), "Неявка");
    assert_eq!(world.get_as(&anna, &of(booked.text("/id"))).await.text("/phase"), "planned");
    world.until("2026-12-03T10:30:00+03:00").await;
    assert_eq!(count(&anna), before + 2, "nobody is reminded twice");
}

#[tokio::test]
async fn a_code_is_not_guessed_by_whoever_knows_the_number() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    world.until("2026-12-03T09:50:00+03:00").await;
    let said = async |code: &str| {
        let ticket = json!({ "officeId": "two", "number": booked.text("/number"), "code": code });
        world.post("/v1/check-ins", ticket).await
    };
    let right = booked.text("/code");
    let wrong = if right == "000000" { "111111" } else { "000000" };
    for _ in 0..20 {
        said(wrong).await.refused(422, "check-in-wrong");
    }
    // The answer is the same, and sends one to the staff.
    let refused = said(&right).await.refused(422, "check-in-wrong");
    assert!(refused.text("/detail").contains("подойдите к сотруднику"), "{}", refused.raw);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    assert_eq!(world.get_as(&anna, &path).await.text("/phase"), "planned");
}

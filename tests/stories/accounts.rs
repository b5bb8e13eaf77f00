//! Becoming a citizen and coming back.

use http::Method;
use serde_json::json;
use tests::{PASSWORD, World};

#[tokio::test]
async fn a_person_registers_and_is_ready_once_the_address_is_confirmed() {
    let world = World::new().await;
    let anna = world.newcomer().await;
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/readiness/state"), "incomplete");
    assert_eq!(me.text("/readiness/text"), "Не хватает данных");
    assert_eq!(me.body.pointer("/readiness/missing/0/name"), Some(&json!("email-confirmed")));
    world.try_book(&anna, "one", "talk", "2026-12-03T10:00:00+03:00").await.refused(403, "not-ready");

    let token = tests::secret(&world.sent_to(&anna.email).pop().unwrap());
    world.post("/v1/email-confirmations", json!({ "token": token })).await.expect(204);
    world.post("/v1/email-confirmations", json!({ "token": token })).await.expect(204);
    world.patch_as(&anna, "/v1/me/profile", tests::profile()).await.expect(200);
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/readiness/text"), "Готов к записи");
    assert_eq!(me.text("/surname"), "Петрова");
    world.settle().await;
}

#[tokio::test]
async fn one_signs_in_with_any_writing_of_phone_or_address_and_signs_out() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let shouted = format!(" {} ", anna.email.to_uppercase());
    let (code, rest) = anna.phone["+7".len()..].split_at(3);
    let national = format!("8 ({code}) {}-{}-{}", &rest[..3], &rest[3..5], &rest[5..]);
    for login in [anna.phone.as_str(), national.as_str(), shouted.as_str()] {
        let signed = world.post("/v1/sessions", world.sign_in(login, PASSWORD)).await.expect(201);
        let token = signed.text("/token");
        world.ask(Method::GET, "/v1/me", Some(&token), None, &[]).await.expect(200);
        world.ask(Method::DELETE, "/v1/sessions/current", Some(&token), None, &[]).await.expect(204);
        world.ask(Method::GET, "/v1/me", Some(&token), None, &[]).await.refused(401, "unauthorized");
    }
}

#[tokio::test]
async fn nobody_learns_whether_an_account_exists() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let wrong = world.post("/v1/sessions", json!({ "login": anna.phone, "password": "Другой9пароль" })).await;
    let unknown =
        world.post("/v1/sessions", json!({ "login": "+79991112233", "password": "Другой9пароль" })).await;
    assert_eq!((wrong.status, &wrong.raw), (unknown.status, &unknown.raw));
    wrong.refused(401, "wrong-credentials");

    world.a_minute_later().await;
    let known = world.post("/v1/registrations", json!({ "phone": anna.phone })).await.expect(201);
    world.settle().await;
    let told = world.sent_to(&anna.phone).pop().unwrap();
    assert!(!told.chars().any(|c| c.is_ascii_digit()), "no code goes to a phone that has a cabinet: {told}");
    let path = format!("/v1/registrations/{}/verify", known.text("/id"));
    world.post(&path, json!({ "code": "123456" })).await.refused(422, "code-wrong");
}

#[tokio::test]
async fn two_hundred_parallel_guesses_compare_five() {
    let world = World::new().await;
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    world.settle().await;
    let right = tests::digits(&world.sent_to("+79990009999")[0]);
    let path = format!("/v1/registrations/{}/verify", begun.text("/id"));
    let wrong = |n: u32| format!("{:06}", (right.parse::<u32>().unwrap() + 1 + n) % 1_000_000);
    let guesses = (0..200).map(|n| world.post(&path, json!({ "code": wrong(n) })));
    let answers = futures::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.problem() == "code-wrong").count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.problem() == "code-spent").count(), 195);
    world.post(&path, json!({ "code": right })).await.refused(410, "code-spent");
}

#[tokio::test]
async fn everything_wrong_with_a_form_is_named_at_once_in_the_callers_language() {
    let world = World::new().await;
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    let path = format!("/v1/registrations/{}/complete", begun.text("/id"));
    let body =
        json!({ "surname": "", "email": "анна", "password": "abc", "agreement": { "accepted": false } });
    let answer = world.ask(Method::POST, &path, None, Some(body), &[("accept-language", "en")]).await;
    let answer = answer.refused(422, "invalid-request");
    let fields: Vec<&str> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["field"].as_str())
        .collect();
    for field in ["surname", "givenName", "email", "password", "agreement", "consent"] {
        assert!(fields.contains(&field), "{field}: {fields:?}");
    }
    assert!(answer.raw.contains("Fill in this field."), "{}", answer.raw);
    world.settle().await;
}

#[tokio::test]
async fn what_is_personal_stands_nowhere_in_clear() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "two", "talk", "2026-12-03T09:00:00+03:00").await.text("/id");
    let path = format!("/v1/appointments/{booked}");
    // More changes than ride on the appointment: the first of them become rows of the log.
    for hour in ["09:30", "10:00", "10:30", "11:00", "11:30"] {
        let to = format!("2026-12-03T{hour}:00+03:00");
        let asked = json!({ "officeId": "two", "startsAt": to, "reason": "операция на сердце" });
        world.post_as(&anna, &format!("{path}/reschedule"), asked).await.expect(200);
        world.settle().await;
    }
    let asked = json!({ "reason": "лежу в больнице" });
    world.post_as(&anna, &format!("{path}/cancel"), asked).await.expect(200);
    world.settle().await;
    for secret in [
        anna.phone.as_str(),
        anna.email.as_str(),
        "Петрова",
        "Анна",
        PASSWORD,
        anna.token.as_str(),
        "операция",
        "больнице",
    ] {
        assert!(!world.stands_in_clear(secret), "{secret} stands in the table");
    }
    assert!(world.stands_in_clear(&booked), "what is not personal is found");
    let history = world.get_as(&anna, &format!("{path}/history")).await.expect(200);
    assert_eq!(history.text("/items/1/why"), "операция на сердце");
    assert_eq!(history.text("/items/6/why"), "лежу в больнице");
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert!(inbox.raw.contains("Причина: лежу в больнице"), "{}", inbox.raw);
}

#[tokio::test]
async fn a_reason_costs_the_table_no_more_than_none() {
    let world = World::new().await;
    let mut counts = Vec::new();
    // The function unwraps its keys when it first needs them: for the first one's reason.
    for reason in [Some("заболела"), None, Some("заболела")] {
        let who = world.citizen().await;
        let booked = world.book(&who, "two", "talk", "2026-12-03T10:00:00+03:00").await;
        let path = format!("/v1/appointments/{}/cancel", booked.text("/id"));
        let asked = json!({ "reason": reason });
        let (cancelled, cost) = world.counted(world.post_as(&who, &path, asked)).await;
        cancelled.expect(200);
        counts.push((cost.requests, cost.round_trips, cost.write_units));
        world.until("2026-12-01T10:30:00+03:00").await;
    }
    assert_eq!(counts[1], counts[2]);
}

#[tokio::test]
async fn a_password_is_the_same_however_its_letters_are_typed() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // «й» whole, as most keyboards send it, and «и» with its breve, as some do.
    let (whole, parts) = ("Дли\u{439}ный7", "Дли\u{438}\u{306}ный7");
    let change = |current: &str, new: &str| json!({ "currentPassword": current, "password": new });
    world.post_as(&anna, "/v1/me/password", change(PASSWORD, parts)).await.expect(204);
    for typed in [whole, parts] {
        world.post("/v1/sessions", world.sign_in(&anna.phone, typed)).await.expect(201);
    }
    world.settle().await;
}

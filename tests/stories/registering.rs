//! The way to a cabinet, step by step, and what can go wrong on it.

use serde_json::{Value, json};
use tests::{Answer, PASSWORD, World, digits, form, secret};

const PHONE: &str = "+79991234567";

async fn begin(world: &World) -> String {
    let begun = world.post("/v1/registrations", json!({ "phone": PHONE })).await.expect(201);
    world.settle().await;
    format!("/v1/registrations/{}", begun.text("/id"))
}

async fn verified(world: &World) -> String {
    let path = begin(world).await;
    let code = digits(&world.sent_to(PHONE).pop().unwrap());
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.expect(204);
    path
}

fn with(name: &str, value: &str) -> Value {
    let mut form = form("anna@example.ru");
    form[name] = json!(value);
    form
}

#[track_caller]
fn wrong(answer: Answer, field: &str, code: &str) -> String {
    let answer = answer.refused(422, "invalid-request");
    let error = (answer.text("/errors/0/field"), answer.text("/errors/0/code"));
    assert_eq!((error.0.as_str(), error.1.as_str()), (field, code), "{}", answer.raw);
    answer.text("/errors/0/message")
}

#[tokio::test]
async fn a_new_code_may_be_asked_for_after_a_minute_and_ends_the_old_one() {
    let world = World::new().await;
    let path = begin(&world).await;
    let again = format!("{path}/code");
    let early = world.post(&again, json!({})).await.refused(429, "resend-too-early");
    assert_eq!(early.headers["retry-after"], "60");
    assert!(early.text("/detail").contains("60 секунд"), "{}", early.raw);
    world.until("2026-12-01T10:00:59+03:00").await;
    let early = world.post(&again, json!({})).await.refused(429, "resend-too-early");
    assert_eq!(early.headers["retry-after"], "1");
    assert_eq!(world.sent_to(PHONE).len(), 1);
    world.until("2026-12-01T10:01:00+03:00").await;
    let new = world.post(&again, json!({})).await.expect(202);
    assert_eq!(new.text("/resendAt"), "2026-12-01T07:02:00Z");
    world.settle().await;
    let codes: Vec<String> = world.sent_to(PHONE).iter().map(|sms| digits(sms)).collect();
    let verify = format!("{path}/verify");
    world.post(&verify, json!({ "code": codes[0] })).await.refused(422, "code-wrong");
    world.post(&verify, json!({ "code": codes[1] })).await.expect(204);
    // The phone is confirmed: there is no code to ask for, and the form is next.
    let told = world.post(&again, json!({})).await.refused(409, "phone-confirmed");
    assert!(told.text("/detail").contains("форму"), "{}", told.raw);
    world.post(&format!("{path}/complete"), form("anna@example.ru")).await.expect(201);
    world.post(&again, json!({})).await.refused(410, "registration-spent");
}

#[tokio::test]
async fn ten_codes_a_day_go_to_one_phone() {
    let world = World::new().await;
    let path = begin(&world).await;
    for minute in 1..10 {
        world.until(&format!("2026-12-01T10:{minute:02}:00+03:00")).await;
        world.post(&format!("{path}/code"), json!({})).await.expect(202);
        world.settle().await;
    }
    world.until("2026-12-01T10:10:00+03:00").await;
    world.post(&format!("{path}/code"), json!({})).await.refused(429, "code-limit");
    world.post("/v1/registrations", json!({ "phone": PHONE })).await.refused(429, "code-limit");
    world.settle().await;
    assert_eq!(world.sent_to(PHONE).len(), 10);
    world.post("/v1/registrations", json!({ "phone": "+79997654321" })).await.expect(201);
    world.until("2026-12-02T10:00:00+03:00").await;
    begin(&world).await;
}

#[tokio::test]
async fn only_a_russian_mobile_gets_a_code() {
    let world = World::new().await;
    let phones = [
        ("8 (495) 123-45-67", "not-a-mobile", "мобильный"),
        ("+44 20 7946 0958", "country-not-served", "российский"),
        ("123", "not-a-phone", "не похоже"),
    ];
    for (phone, code, said) in phones {
        let answer = world.post("/v1/registrations", json!({ "phone": phone })).await;
        let message = wrong(answer, "phone", code);
        assert!(message.contains(said), "{message}");
    }
    world.settle().await;
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn an_address_that_mail_does_not_reach_and_a_password_with_the_phone_are_refused() {
    let world = World::new().await;
    let complete = format!("{}/complete", verified(&world).await);
    let message =
        wrong(world.post(&complete, with("email", "анна@example.ru")).await, "email", "mailbox-not-latin");
    assert!(message.contains("латинские"), "{message}");
    for password in ["Аня+79991234567", "Аня 8(999)123-45-67", "aN9991234567"] {
        wrong(world.post(&complete, with("password", password)).await, "password", "password-common");
    }
    // The registration goes on; a domain in Russian letters is written to in those that mail knows.
    let done = world.post(&complete, with("email", "Anna@почта.рф")).await.expect(201);
    world.settle().await;
    let mail = world.sent_to("anna@xn--80a1acny.xn--p1ai").pop().expect("the mail with the link");
    world.post("/v1/email-confirmations", json!({ "token": secret(&mail) })).await.expect(204);
    let device = done.text("/deviceToken");
    for login in ["anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"] {
        let signed = world
            .post("/v1/sessions", json!({ "login": login, "password": PASSWORD, "deviceToken": device }))
            .await;
        assert_eq!(signed.expect(201).text("/citizenId"), done.text("/citizenId"), "{login}");
    }
}

#[tokio::test]
async fn whoever_lost_the_last_answer_asks_again_and_is_in_the_cabinet() {
    let world = World::new().await;
    let path = begin(&world).await;
    let code = digits(&world.sent_to(PHONE).pop().unwrap());
    // Both at once, as a double tap does; then once more.
    let verify = async || world.post(&format!("{path}/verify"), json!({ "code": code })).await.expect(204);
    tokio::join!(verify(), verify());
    verify().await;
    let complete = format!("{path}/complete");
    // Both at once, as a double click does; then once more.
    let (one, two) = tokio::join!(
        world.post(&complete, form("anna@example.ru")),
        world.post(&complete, form("anna@example.ru"))
    );
    let three = world.post(&complete, form("anna@example.ru")).await.expect(201);
    for answer in [one.expect(201), two.expect(201)] {
        assert_eq!(answer.text("/citizenId"), three.text("/citizenId"));
    }
    let token = three.text("/token");
    world.ask(http::Method::GET, "/v1/me", Some(&token), None, &[]).await.expect(200);
    world.settle().await;
    assert_eq!(world.sent_to("anna@example.ru").len(), 1, "one cabinet, one link");
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.refused(410, "registration-spent");
}

#[tokio::test]
async fn an_ended_registration_is_no_door_for_others() {
    let world = World::new().await;
    let complete = format!("{}/complete", verified(&world).await);
    world.post(&complete, form("anna@example.ru")).await.expect(201);
    world.settle().await;
    for guess in 1..=5 {
        let guessed = with("password", &format!("Весенний{guess}лес"));
        world.post(&complete, guessed).await.refused(410, "registration-spent");
    }
    world.post(&complete, form("anna@example.ru")).await.refused(410, "registration-spent");

    let world = World::new().await;
    let complete = format!("{}/complete", verified(&world).await);
    world.post(&complete, form("anna@example.ru")).await.expect(201);
    world.until("2026-12-01T10:10:01+03:00").await;
    world.post(&complete, form("anna@example.ru")).await.refused(410, "registration-spent");
}

//! A second step of signing in for those who want one: an authenticator, and recovery codes (ACC-4).

use super::acts::kinds;
use app::factor::code_at;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, PASSWORD, World, digits};

const NEW: &str = "Зимний8снег";

struct Anna {
    world: World,
    who: Citizen,
    secret: String,
    recovery: Vec<String>,
}

async fn later(world: &World, seconds: i64) {
    world.settle().await;
    world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(seconds)).await;
}

async fn turn_on(world: &World, who: &Citizen) -> (String, Vec<String>) {
    let begun = world.post_as(who, "/v1/me/second-factor", json!({ "password": PASSWORD })).await.expect(200);
    let secret = begun.text("/secret");
    let code = code_at(&secret, world.system.now()).expect("a code");
    let body = json!({ "password": PASSWORD, "setup": begun.text("/setup"), "code": code });
    let on = world.post_as(who, "/v1/me/second-factor/on", body).await.expect(200);
    world.settle().await;
    let codes = on.body["recoveryCodes"].as_array().cloned().unwrap_or_default();
    (secret, codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect())
}

impl Anna {
    async fn with_it() -> Self {
        let world = World::new().await;
        let who = world.citizen().await;
        let (secret, recovery) = turn_on(&world, &who).await;
        later(&world, 30).await;
        Self { world, who, secret, recovery }
    }

    fn code(&self) -> String {
        code_at(&self.secret, self.world.system.now()).expect("a code")
    }

    async fn sign_in(&self, password: &str, code: Option<&str>) -> Answer {
        let body = match code {
            Some(code) => json!({ "login": self.who.phone, "password": password, "code": code }),
            None => self.world.sign_in(&self.who.phone, password),
        };
        self.world.post("/v1/sessions", body).await
    }
}

#[tokio::test]
async fn who_turned_it_on_signs_in_with_a_code_besides() {
    let anna = Anna::with_it().await;
    assert_eq!(anna.recovery.len(), 10);
    assert_eq!(kinds(&anna.world, &anna.who).await, ["second-factor-on"]);
    let told = anna.world.get_as(&anna.who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body, json!({ "on": true, "by": "authenticator", "recoveryCodesLeft": 10 }));
    // Nobody without the password learns that there is one.
    anna.sign_in("Другой9пароль", None).await.refused(401, "wrong-credentials");
    anna.sign_in("Другой9пароль", Some(&anna.code())).await.refused(401, "wrong-credentials");
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-needed");
    anna.sign_in(PASSWORD, Some("000000")).await.refused(422, "second-factor-wrong");
    let code = anna.code();
    anna.sign_in(PASSWORD, Some(&code)).await.expect(201);
    anna.sign_in(PASSWORD, Some(&code)).await.refused(422, "second-factor-wrong");
    // The authenticator is lost: a recovery code opens once.
    let spare = anna.recovery[3].to_lowercase();
    anna.sign_in(PASSWORD, Some(&spare)).await.expect(201);
    anna.sign_in(PASSWORD, Some(&spare)).await.refused(422, "second-factor-wrong");
    let told = anna.world.get_as(&anna.who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body["recoveryCodesLeft"], json!(9));
    let again = json!({ "password": PASSWORD, "code": anna.recovery[4] });
    let renewed = anna.world.post_as(&anna.who, "/v1/me/recovery-codes", again).await.expect(200);
    anna.sign_in(PASSWORD, Some(&anna.recovery[5])).await.refused(422, "second-factor-wrong");
    anna.sign_in(PASSWORD, Some(&renewed.text("/recoveryCodes/0"))).await.expect(201);
    assert!(!anna.world.stands_in_clear(&anna.secret));
}

#[tokio::test]
async fn codes_are_guessed_five_times_and_a_recovery_code_opens_all_the_same() {
    let anna = Anna::with_it().await;
    let guesses = (0..40).map(|n| {
        let code = format!("{n:06}");
        async { anna.sign_in(PASSWORD, Some(&{ code })).await }
    });
    let answers = futures::future::join_all(guesses).await;
    let compared = answers.iter().filter(|answer| answer.problem() == "second-factor-wrong").count();
    assert!(compared <= 5, "{compared}");
    for n in 40..46 {
        anna.sign_in(PASSWORD, Some(&format!("{n:06}"))).await;
    }
    anna.sign_in(PASSWORD, Some(&anna.code())).await.refused(429, "too-many-requests");
    anna.sign_in(PASSWORD, Some(&anna.recovery[0])).await.expect(201);
    for n in 0..5 {
        anna.sign_in(PASSWORD, Some(&format!("{n:06}"))).await.refused(422, "second-factor-wrong");
    }
    anna.sign_in(PASSWORD, Some(&anna.code())).await.refused(429, "too-many-requests");
    later(&anna.world, 15 * 60 + 1).await;
    anna.sign_in(PASSWORD, Some(&anna.code())).await.expect(201);
}

#[tokio::test]
async fn recovering_the_password_does_not_skip_it() {
    let anna = Anna::with_it().await;
    anna.world.a_minute_later().await;
    let begun = anna.world.post("/v1/recoveries", json!({ "login": anna.who.phone })).await.expect(201);
    anna.world.settle().await;
    let sms = digits(&anna.world.sent_to(&anna.who.phone).pop().unwrap_or_default());
    let path = format!("/v1/recoveries/{}/complete", begun.text("/id"));
    let said = |second: Value| json!({ "code": sms, "password": NEW, "secondFactor": second });
    let complete = async |body| anna.world.post(&path, body).await;
    complete(json!({ "code": sms, "password": NEW })).await.refused(401, "second-factor-needed");
    complete(said(json!("000000"))).await.refused(422, "second-factor-wrong");
    anna.sign_in(NEW, Some(&anna.code())).await.refused(401, "wrong-credentials");
    complete(said(json!(anna.code()))).await.expect(204);
    later(&anna.world, 30).await;
    anna.sign_in(NEW, Some(&anna.code())).await.expect(201);
    anna.sign_in(NEW, None).await.refused(401, "second-factor-needed");
}

#[tokio::test]
async fn it_is_turned_on_and_off_by_whoever_knows_the_password_and_has_the_authenticator() {
    let world = World::new().await;
    let who = world.citizen().await;
    let begin = json!({ "password": "Другой9пароль" });
    world.post_as(&who, "/v1/me/second-factor", begin).await.refused(422, "invalid-request");
    let begun =
        world.post_as(&who, "/v1/me/second-factor", json!({ "password": PASSWORD })).await.expect(200);
    assert!(begun.text("/address").starts_with("otpauth://totp/Okno:"), "{}", begun.raw);
    let wrong = json!({ "password": PASSWORD, "setup": begun.text("/setup"), "code": "000000" });
    world.post_as(&who, "/v1/me/second-factor/on", wrong).await.refused(422, "second-factor-wrong");
    world.post("/v1/sessions", world.sign_in(&who.phone, PASSWORD)).await.expect(201);
    // A setup of somebody else opens nothing here.
    let other = world.citizen().await;
    let theirs =
        world.post_as(&other, "/v1/me/second-factor", json!({ "password": PASSWORD })).await.expect(200);
    let code = code_at(&theirs.text("/secret"), world.system.now()).expect("a code");
    let swapped = json!({ "password": PASSWORD, "setup": theirs.text("/setup"), "code": code });
    world.post_as(&who, "/v1/me/second-factor/on", swapped).await.refused(422, "second-factor-wrong");

    // Whoever only has a session locks nobody out.
    let guess = json!({ "password": "Другой9пароль", "setup": begun.text("/setup"), "code": "000000" });
    world.post_as(&who, "/v1/me/second-factor/on", guess).await.refused(422, "invalid-request");

    let (secret, recovery) = turn_on(&world, &who).await;
    let again = json!({ "password": PASSWORD });
    world.post_as(&who, "/v1/me/second-factor", again).await.refused(409, "second-factor-is-on");
    later(&world, 30).await;
    let off = |password: &str, code: &str| json!({ "password": password, "code": code });
    let right = code_at(&secret, world.system.now()).expect("a code");
    let path = "/v1/me/second-factor/off";
    world.post_as(&who, path, off("Другой9пароль", &right)).await.refused(422, "invalid-request");
    world.post_as(&who, path, off(PASSWORD, "000000")).await.refused(422, "second-factor-wrong");
    world.post_as(&who, path, off(PASSWORD, &right)).await.expect(204);
    world.post_as(&who, path, off(PASSWORD, &right)).await.expect(204);
    world.settle().await;
    assert_eq!(kinds(&world, &who).await, ["second-factor-on", "second-factor-off"]);
    world.post("/v1/sessions", world.sign_in(&who.phone, PASSWORD)).await.expect(201);
    let old = json!({ "password": PASSWORD, "code": recovery[0] });
    world.post_as(&who, "/v1/me/recovery-codes", old).await.refused(422, "second-factor-wrong");
    let events = world.ask(Method::GET, "/v1/me/events", Some(&who.token), None, &[]).await.expect(200);
    assert_eq!(events.body["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn the_password_the_phone_and_the_address_are_changed_with_it() {
    let anna = Anna::with_it().await;
    let asks = [
        ("/v1/me/password", json!({ "currentPassword": PASSWORD, "password": NEW })),
        ("/v1/me/phone", json!({ "phone": "+79991234567", "password": PASSWORD })),
        ("/v1/me/email", json!({ "email": "new@example.ru", "password": PASSWORD })),
    ];
    for (path, body) in &asks {
        anna.world.post_as(&anna.who, path, body.clone()).await.refused(401, "second-factor-needed");
        let mut wrong = body.clone();
        wrong["secondFactor"] = json!("000000");
        anna.world.post_as(&anna.who, path, wrong).await.refused(422, "second-factor-wrong");
    }
    for (n, (path, body)) in asks.into_iter().rev().enumerate() {
        let mut right = body;
        right["secondFactor"] = json!(anna.recovery[n]);
        let done = anna.world.post_as(&anna.who, path, right).await;
        assert!(done.status < 300, "{path}: {}", done.raw);
    }
    anna.world.settle().await;
}

#[tokio::test]
async fn what_is_refused_uses_no_recovery_code_up() {
    let anna = Anna::with_it().await;
    let (world, who) = (&anna.world, &anna.who);
    // Within a minute of a code to that phone another is too early.
    let to = |code: &str| json!({ "password": PASSWORD, "phone": "+79995550011", "secondFactor": code });
    world.post("/v1/registrations", json!({ "phone": "+79995550011" })).await.expect(201);
    let spare = &anna.recovery[0];
    for _ in 0..2 {
        world.post_as(who, "/v1/me/phone", to(spare)).await.refused(429, "resend-too-early");
    }
    world.a_minute_later().await;
    world.post_as(who, "/v1/me/phone", to(spare)).await.expect(201);
    world.a_minute_later().await;
    world.post_as(who, "/v1/me/phone", to(spare)).await.refused(422, "second-factor-wrong");
    // What one holds stands in the way of a deletion.
    let booked = world.book(who, "two", "talk", "2026-12-08T10:00:00+03:00").await.text("/id");
    let with = |code: &str| json!({ "password": PASSWORD, "secondFactor": code });
    let spare = &anna.recovery[1];
    for _ in 0..2 {
        world.post_as(who, "/v1/me/deletion", with(spare)).await.refused(409, "deletion-hindered");
    }
    let told = world.get_as(who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body["recoveryCodesLeft"], json!(9));
    world.post_as(who, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);
    world.post_as(who, "/v1/me/deletion", with("000000")).await.refused(422, "second-factor-wrong");
    world.post_as(who, "/v1/me/deletion", with(spare)).await.expect(202);
    world.settle().await;
    let told = world.get_as(who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body["recoveryCodesLeft"], json!(8));
}

#[tokio::test]
async fn two_recovery_codes_at_once_are_both_right() {
    let anna = Anna::with_it().await;
    let [one, other] = [&anna.recovery[0], &anna.recovery[1]];
    let (first, second) =
        futures::join!(anna.sign_in(PASSWORD, Some(one)), anna.sign_in(PASSWORD, Some(other)));
    first.expect(201);
    second.expect(201);
    let told = anna.world.get_as(&anna.who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body["recoveryCodesLeft"], json!(8));
    // One that is said twice at once opens once.
    let spare = &anna.recovery[2];
    let twice = futures::join!(anna.sign_in(PASSWORD, Some(spare)), anna.sign_in(PASSWORD, Some(spare)));
    let mut said = [twice.0.status, twice.1.status];
    said.sort_unstable();
    assert_eq!(said, [201, 422]);
    anna.world.settle().await;
}

#[tokio::test]
async fn what_was_begun_without_a_second_factor_does_not_go_past_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let elsewhere = json!({ "login": anna.phone, "password": PASSWORD });
    let begun = world.post("/v1/sessions", elsewhere).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    turn_on(&world, &anna).await;
    let path = format!("/v1/sessions/challenges/{}/complete", begun.text("/id"));
    world.post(&path, json!({ "code": code })).await.refused(410, "proof-spent");
}

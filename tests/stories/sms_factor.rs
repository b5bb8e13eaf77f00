//! A second step of signing in by SMS, for those who want no app (ACC-4).

use super::acts::kinds;
use app::factor::code_at;
use serde_json::{Value, json};
use tests::{Answer, Citizen, PASSWORD, World, digits};

const NEW: &str = "Зимний8снег";

struct Anna {
    world: World,
    who: Citizen,
    recovery: Vec<String>,
}

/// The code of the last SMS to a phone.
async fn sms(world: &World, phone: &str) -> String {
    world.settle().await;
    digits(&world.sent_to(phone).pop().unwrap_or_default())
}

async fn begin(world: &World, who: &Citizen) -> Answer {
    world.a_minute_later().await;
    world.post_as(who, "/v1/me/second-factor/sms", json!({ "password": PASSWORD })).await.expect(201)
}

fn codes(on: &Answer) -> Vec<String> {
    let codes = on.body["recoveryCodes"].as_array().cloned().unwrap_or_default();
    codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

impl Anna {
    async fn with_it() -> Self {
        let world = World::new().await;
        let who = world.citizen().await;
        let begun = begin(&world, &who).await;
        let code = sms(&world, &who.phone).await;
        let on = json!({ "password": PASSWORD, "id": begun.text("/id"), "code": code });
        let on = world.post_as(&who, "/v1/me/second-factor/sms/on", on).await.expect(200);
        world.a_minute_later().await;
        Self { recovery: codes(&on), world, who }
    }

    async fn sign_in(&self, password: &str, code: Option<&str>) -> Answer {
        let mut body = self.world.sign_in(&self.who.phone, password);
        body["code"] = json!(code);
        self.world.post("/v1/sessions", body).await
    }

    async fn sms(&self) -> String {
        sms(&self.world, &self.who.phone).await
    }

    fn sent(&self) -> usize {
        self.world.sent_to(&self.who.phone).len()
    }
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

#[tokio::test]
async fn who_turned_it_on_signs_in_with_the_code_of_an_sms_besides() {
    let anna = Anna::with_it().await;
    assert_eq!(anna.recovery.len(), 10);
    assert_eq!(kinds(&anna.world, &anna.who).await, ["second-factor-on"]);
    let told = anna.world.get_as(&anna.who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body, json!({ "on": true, "by": "sms", "recoveryCodesLeft": 10 }));
    // To nobody without the password a code goes, and a known device is asked for one, too.
    let before = anna.sent();
    anna.sign_in("Другой9пароль", None).await.refused(401, "wrong-credentials");
    anna.world.settle().await;
    assert_eq!(anna.sent(), before);
    let asked = anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    assert!(asked.text("/resendAt").starts_with("2026-12-01T"), "{}", asked.raw);
    let code = anna.sms().await;
    assert!(anna.world.sent_to(&anna.who.phone).pop().unwrap_or_default().contains("второго шага"));
    // Asked once more within the minute, the same one is good, and no other goes out.
    let sent = anna.sent();
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    anna.world.settle().await;
    assert_eq!(anna.sent(), sent);
    anna.sign_in(PASSWORD, Some(&another(&code))).await.refused(422, "code-wrong");
    anna.sign_in("Другой9пароль", Some(&code)).await.refused(401, "wrong-credentials");
    anna.sign_in(PASSWORD, Some(&code)).await.expect(201);
    anna.sign_in(PASSWORD, Some(&code)).await.refused(410, "code-expired");
    // The phone is not at hand: a recovery code opens once.
    anna.sign_in(PASSWORD, Some(&anna.recovery[3])).await.expect(201);
    let spent = anna.sign_in(PASSWORD, Some(&anna.recovery[3])).await;
    assert_ne!(spent.status, 201, "{}", spent.raw);
    // What is kept of one is taken away with a code, too.
    anna.world.a_minute_later().await;
    let export = async |second: Value| {
        let said = json!({ "password": PASSWORD, "secondFactor": second });
        anna.world.post_as(&anna.who, "/v1/me/export", said).await
    };
    export(Value::Null).await.refused(401, "second-factor-sent");
    let code = anna.sms().await;
    let taken = export(json!(code)).await.expect(200);
    assert!(taken.raw.contains("\"codesBy\":\"sms\""), "{}", taken.raw);
    // On a new device that one code is asked for, and no second.
    anna.world.a_minute_later().await;
    let elsewhere = json!({ "login": anna.who.phone, "password": PASSWORD });
    anna.world.post("/v1/sessions", elsewhere.clone()).await.refused(401, "second-factor-sent");
    let mut with = elsewhere;
    with["code"] = json!(anna.sms().await);
    anna.world.post("/v1/sessions", with).await.expect(201);
    anna.world.settle().await;
}

#[tokio::test]
async fn a_code_is_guessed_five_times_and_a_newer_one_ends_it() {
    let anna = Anna::with_it().await;
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    let code = anna.sms().await;
    let guesses = (1..40).map(|n| {
        let guess = format!("{:06}", (code.parse::<u32>().expect("digits") + n) % 1_000_000);
        async { anna.sign_in(PASSWORD, Some(&{ guess })).await }
    });
    let answers = futures::future::join_all(guesses).await;
    let compared = answers.iter().filter(|answer| answer.problem() == "code-wrong").count();
    assert!((1..=5).contains(&compared), "{compared}");
    for _ in 0..5 {
        anna.sign_in(PASSWORD, Some(&another(&code))).await;
    }
    anna.sign_in(PASSWORD, Some(&code)).await.refused(410, "code-spent");
    anna.world.a_minute_later().await;
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    let newer = anna.sms().await;
    anna.world.a_minute_later().await;
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    let newest = anna.sms().await;
    assert_eq!(anna.sign_in(PASSWORD, Some(&newer)).await.problem(), "code-wrong");
    anna.sign_in(PASSWORD, Some(&newest)).await.expect(201);
    // Ten a day and no more, however often somebody asks who has the password.
    let before = anna.sent();
    for _ in 0..15 {
        anna.world.a_minute_later().await;
        anna.sign_in(PASSWORD, None).await;
    }
    anna.world.a_minute_later().await;
    anna.sign_in(PASSWORD, None).await.refused(429, "code-limit");
    assert!(anna.sent() - before < 10, "{}", anna.sent() - before);
    anna.sign_in(PASSWORD, Some(&anna.recovery[0])).await.expect(201);
}

#[tokio::test]
async fn the_phone_counts_once_when_the_password_is_recovered() {
    let anna = Anna::with_it().await;
    let recover = async |login: &str| {
        anna.world.a_minute_later().await;
        let begun = anna.world.post("/v1/recoveries", json!({ "login": login })).await.expect(201);
        let code = sms(&anna.world, login).await;
        (format!("/v1/recoveries/{}/complete", begun.text("/id")), code)
    };
    let said = |code: &str, second: Value| json!({ "code": code, "password": NEW, "secondFactor": second });
    // By the phone: another SMS to it would show nothing else.
    let (path, code) = recover(&anna.who.phone).await;
    let before = anna.sent();
    anna.world.post(&path, said(&code, Value::Null)).await.refused(401, "second-factor-other");
    anna.world.post(&path, said(&code, json!("123456"))).await.refused(422, "second-factor-wrong");
    anna.world.settle().await;
    assert_eq!(anna.sent(), before);
    anna.world.post(&path, said(&code, json!(anna.recovery[0]))).await.expect(204);
    // By the address the phone is something else.
    let (path, code) = recover(&anna.who.email).await;
    let newer = json!({ "code": code, "password": PASSWORD, "secondFactor": Value::Null });
    anna.world.a_minute_later().await;
    anna.world.post(&path, newer.clone()).await.refused(401, "second-factor-sent");
    let mut with = newer;
    with["secondFactor"] = json!(anna.sms().await);
    anna.world.post(&path, with).await.expect(204);
    anna.world.a_minute_later().await;
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    anna.world.settle().await;
}

#[tokio::test]
async fn codes_go_to_the_new_phone_once_that_is_shown_and_the_old_one_is_told() {
    let anna = Anna::with_it().await;
    let new = "+79991234567";
    let ask = |second: Value| json!({ "phone": new, "password": PASSWORD, "secondFactor": second });
    anna.world.post_as(&anna.who, "/v1/me/phone", ask(Value::Null)).await.refused(401, "second-factor-sent");
    let code = anna.sms().await;
    let begun = anna.world.post_as(&anna.who, "/v1/me/phone", ask(json!(code))).await.expect(201);
    let proof = sms(&anna.world, new).await;
    // A code is on its way to the old phone while the new one is shown.
    anna.world.a_minute_later().await;
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-sent");
    let stale = anna.sms().await;
    let path = format!("/v1/me/contacts/{}/complete", begun.text("/id"));
    anna.world.post_as(&anna.who, &path, json!({ "code": proof })).await.expect(204);
    anna.world.settle().await;
    let told = anna.world.sent_to(&anna.who.phone).pop().unwrap_or_default();
    assert!(told.contains("другой телефон"), "{told}");
    let sign_in = async |code: Value| {
        let mut body = anna.world.sign_in(new, PASSWORD);
        body["code"] = code;
        anna.world.post("/v1/sessions", body).await
    };
    // What went to the phone before opens nothing any more.
    sign_in(json!(stale)).await.refused(410, "code-expired");
    anna.world.a_minute_later().await;
    let before = anna.sent();
    sign_in(Value::Null).await.refused(401, "second-factor-sent");
    let code = sms(&anna.world, new).await;
    assert_eq!(anna.sent(), before, "nothing goes to the old phone");
    sign_in(json!(code)).await.expect(201);
    anna.world.settle().await;
}

#[tokio::test]
async fn one_changes_between_the_app_and_sms_with_what_one_has_until_then() {
    let anna = Anna::with_it().await;
    let (world, who) = (&anna.world, &anna.who);
    let begun = world.post_as(who, "/v1/me/second-factor", json!({ "password": PASSWORD })).await.expect(200);
    world
        .post_as(who, "/v1/me/second-factor/sms", json!({ "password": PASSWORD }))
        .await
        .refused(409, "second-factor-is-on");
    let turn_on = async |second: Value| {
        let code = code_at(&begun.text("/secret"), world.system.now()).expect("a code");
        let said = json!({
            "password": PASSWORD, "setup": begun.text("/setup"), "code": code, "secondFactor": second,
        });
        world.post_as(who, "/v1/me/second-factor/on", said).await
    };
    turn_on(Value::Null).await.refused(401, "second-factor-sent");
    let code = anna.sms().await;
    turn_on(json!(another(&code))).await.refused(422, "code-wrong");
    let on = turn_on(json!(code)).await.expect(200);
    let told = world.get_as(who, "/v1/me/second-factor").await.expect(200);
    assert_eq!(told.body["by"], json!("authenticator"));
    // Recovery codes are new; those before open nothing.
    world.a_minute_later().await;
    anna.sign_in(PASSWORD, Some(&anna.recovery[0])).await.refused(422, "second-factor-wrong");
    anna.sign_in(PASSWORD, None).await.refused(401, "second-factor-needed");
    // And back, by a recovery code.
    let begun = begin(world, who).await;
    let code = anna.sms().await;
    let said = |second: Value| json!({ "password": PASSWORD, "id": begun.text("/id"), "code": code, "secondFactor": second });
    let path = "/v1/me/second-factor/sms/on";
    world.post_as(who, path, said(Value::Null)).await.refused(401, "second-factor-needed");
    let other = world.citizen().await;
    world.post_as(&other, path, said(Value::Null)).await.refused(404, "not-found");
    world.post_as(who, path, said(json!(codes(&on)[0]))).await.expect(200);
    world.post_as(who, path, said(json!(codes(&on)[1]))).await.refused(409, "second-factor-is-on");
    // Off by the code of an SMS, for whoever knows the password.
    world.a_minute_later().await;
    let off = |code: Value| json!({ "password": PASSWORD, "code": code });
    let path = "/v1/me/second-factor/off";
    world.post_as(who, path, off(Value::Null)).await.refused(401, "second-factor-sent");
    let code = anna.sms().await;
    world
        .post_as(who, path, json!({ "password": "Другой9пароль", "code": code }))
        .await
        .refused(422, "invalid-request");
    world.post_as(who, path, off(json!(code))).await.expect(204);
    anna.sign_in(PASSWORD, None).await.expect(201);
    world.settle().await;
}

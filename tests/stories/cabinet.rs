//! One's cabinet as such: where one is signed in, the password and how it is recovered, phone and address (ACC-2, ACC-6,
//! ACC-11, ACC-13).

use super::acts::kinds;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, PASSWORD, World, booking, digits};

const NEW: &str = "Зимний8снег";

async fn sign_in(world: &World, login: &str, password: &str, device: &str) -> Answer {
    let body = world.sign_in(login, password);
    world.ask(Method::POST, "/v1/sessions", None, Some(body), &[("user-agent", device)]).await
}

async fn is_in(world: &World, token: &str) -> bool {
    world.ask(Method::GET, "/v1/me", Some(token), None, &[]).await.status == 200
}

fn fields(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, member: &str| error[member].as_str().unwrap_or_default().to_owned();
    errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}

/// The last code that went to a phone or an address.
async fn code(world: &World, to: &str) -> String {
    world.settle().await;
    digits(&world.sent_to(to).pop().unwrap_or_default())
}

async fn later(world: &World, seconds: i64) {
    world.settle().await;
    world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(seconds)).await;
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    later(&world, 5).await;
    let phone = sign_in(&world, &anna.phone, PASSWORD, "Okno Android/1.0").await.expect(201).text("/token");
    later(&world, 5).await;
    let library = sign_in(&world, &anna.email, PASSWORD, "Firefox/140").await.expect(201).text("/token");
    let list =
        async |token: &str| world.ask(Method::GET, "/v1/sessions", Some(token), None, &[]).await.expect(200);
    let seen = list(&phone).await;
    let told = |n: usize, member: &str| seen.body["items"][n][member].clone();
    assert_eq!((told(0, "device"), told(1, "device")), (json!("Firefox/140"), json!("Okno Android/1.0")));
    assert_eq!((told(0, "current"), told(1, "current")), (json!(false), json!(true)));
    assert_eq!(seen.body["items"].as_array().unwrap().len(), 3, "the one of the registration too");
    assert!(!world.stands_in_clear("Okno Android/1.0"));
    // She forgot to sign out at the library.
    let path = format!("/v1/sessions/{}", told(0, "id").as_str().unwrap());
    world.ask(Method::DELETE, &path, Some(&phone), None, &[]).await.expect(204);
    assert!(!is_in(&world, &library).await && is_in(&world, &phone).await);
    world.ask(Method::DELETE, &path, Some(&phone), None, &[]).await.refused(404, "not-found");
    // Nobody ends another's.
    let boris = world.citizen().await;
    let theirs = list(&phone).await.text("/items/0/id");
    let path = format!("/v1/sessions/{theirs}");
    world.ask(Method::DELETE, &path, Some(&boris.token), None, &[]).await.refused(404, "not-found");
    world.ask(Method::DELETE, "/v1/sessions", Some(&phone), None, &[]).await.expect(204);
    for token in [&phone, &anna.token] {
        assert!(!is_in(&world, token).await);
    }
    assert!(is_in(&world, &boris.token).await);
    sign_in(&world, &anna.phone, PASSWORD, "x").await.expect(201);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_every_session_ends() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let other = sign_in(&world, &anna.phone, PASSWORD, "Firefox/140").await.expect(201).text("/token");
    let change = async |before: &str, after: &str| {
        let body = json!({ "currentPassword": before, "password": after });
        world
            .ask(Method::POST, "/v1/me/password", Some(&anna.token), Some(body), &[("user-agent", "Okno/1")])
            .await
    };
    let wrong = |answer: Answer| fields(&answer.refused(422, "invalid-request"));
    assert_eq!(
        wrong(change("Другой9пароль", NEW).await),
        [("currentPassword".into(), "password-wrong".into())]
    );
    let digits_of_phone = format!("Аа{}", &anna.phone[2..]);
    for weak in ["12345678", "Анна Пароль", digits_of_phone.as_str()] {
        let told = wrong(change(PASSWORD, weak).await);
        assert!(told.iter().all(|(field, _)| field == "password") && !told.is_empty(), "{weak}: {told:?}");
    }
    assert!(is_in(&world, &anna.token).await);
    change(PASSWORD, NEW).await.expect(204);
    assert!(!is_in(&world, &anna.token).await && !is_in(&world, &other).await);
    sign_in(&world, &anna.phone, PASSWORD, "x").await.refused(401, "wrong-credentials");
    let again = sign_in(&world, &anna.phone, NEW, "x").await.expect(201).text("/token");
    world.settle().await;
    let anna = Citizen { token: again, ..anna };
    assert_eq!(kinds(&world, &anna).await, ["password-changed"]);
    for to in [&anna.email, &anna.phone] {
        assert!(world.sent_to(to).iter().any(|told| told.to_lowercase().contains("пароль")), "{to}");
    }
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    let first = ["what", "text", "device"].map(|member| events.text(&format!("/items/0/{member}")));
    assert_eq!(first, ["password-changed", "Пароль изменён", "Okno/1"]);
}

#[tokio::test]
async fn whoever_has_somebodys_session_does_not_find_out_the_password() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let body = |n: usize| json!({ "currentPassword": format!("Догадка{n}"), "password": NEW });
    let guesses = (0..20).map(|n| world.post_as(&anna, "/v1/me/password", body(n)));
    let answers = futures::future::join_all(guesses).await;
    let wrong = answers.iter().filter(|answer| answer.status == 422).count();
    assert!(wrong <= 5, "{wrong} guesses were compared");
    for n in 20..26 {
        world.post_as(&anna, "/v1/me/password", body(n)).await;
    }
    let right = json!({ "currentPassword": PASSWORD, "password": NEW });
    world.post_as(&anna, "/v1/me/password", right.clone()).await.refused(429, "too-many-requests");
    // She herself signs in as ever: a lock of hers keeps nobody out.
    sign_in(&world, &anna.phone, PASSWORD, "x").await.expect(201);
    later(&world, 15 * 60 + 1).await;
    world.post_as(&anna, "/v1/me/password", right).await.expect(204);
    world.settle().await;
}

#[tokio::test]
async fn a_forgotten_password_is_recovered_by_phone_or_address() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for (login, to, password) in [(&anna.phone, &anna.phone, NEW), (&anna.email, &anna.email, "Летний9дождь")]
    {
        let before = sign_in(&world, &anna.phone, if password == NEW { PASSWORD } else { NEW }, "x").await;
        let before = before.expect(201).text("/token");
        world.a_minute_later().await;
        let begun = world.post("/v1/recoveries", json!({ "login": login })).await.expect(201);
        let code = code(&world, to).await;
        let path = format!("/v1/recoveries/{}/complete", begun.text("/id"));
        // What is wrong with a password is told before the code is used.
        let weak = json!({ "code": code, "password": "слабый" });
        assert!(!fields(&world.post(&path, weak).await.refused(422, "invalid-request")).is_empty());
        let body = json!({ "code": code, "password": password });
        world.post(&path, body.clone()).await.expect(204);
        // The answer was lost: the same again is fine, another password is not.
        world.post(&path, body).await.expect(204);
        let other = json!({ "code": code, "password": "Чужой7пароль" });
        world.post(&path, other).await.refused(410, "proof-spent");
        assert!(!is_in(&world, &before).await, "every session has ended");
        world.settle().await;
    }
    sign_in(&world, &anna.phone, "Летний9дождь", "x").await.expect(201);
    sign_in(&world, &anna.phone, NEW, "x").await.refused(401, "wrong-credentials");
    let told = world.sent_to(&anna.phone).iter().filter(|sms| sms.contains("новый пароль")).count();
    assert_eq!(told, 2, "told each time");
}

#[tokio::test]
async fn recovery_tells_nobody_whether_there_is_a_cabinet_and_gives_no_more_guesses() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let shape = |answer: &Answer| {
        let members = answer.body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        (answer.status, members)
    };
    world.a_minute_later().await;
    let known = world.post("/v1/recoveries", json!({ "login": anna.phone })).await;
    let mut sent = world.sent().len();
    for nobody in ["+79995554433", "nobody@example.ru", "просто слова"] {
        let unknown = world.post("/v1/recoveries", json!({ "login": nobody })).await;
        assert_eq!(shape(&known), shape(&unknown), "{nobody}");
        world.settle().await;
        sent = sent.max(world.sent().len());
        let path = format!("/v1/recoveries/{}/complete", unknown.text("/id"));
        for left in (0..5).rev() {
            let told = world.post(&path, json!({ "code": "123456", "password": NEW })).await;
            let told = told.refused(422, "code-wrong");
            assert_eq!(
                told.body["triesLeft"].as_u64().or(told.body["left"].as_u64()),
                Some(left),
                "{}",
                told.raw
            );
        }
        world.post(&path, json!({ "code": "123456", "password": NEW })).await.refused(410, "code-spent");
    }
    assert_eq!(world.sent().len(), sent, "nothing went to anybody but her");
    // Two hundred guesses at once compare five; a new code a minute later opens.
    let right = code(&world, &anna.phone).await;
    let id = known.text("/id");
    let path = format!("/v1/recoveries/{id}/complete");
    let wrong = |n: u32| format!("{:06}", (right.parse::<u32>().unwrap() + 1 + n) % 1_000_000);
    let guesses = (0..200).map(|n| world.post(&path, json!({ "code": wrong(n), "password": NEW })));
    let answers = futures::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.problem() == "code-wrong").count(), 5);
    world.post(&path, json!({ "code": right, "password": NEW })).await.refused(410, "code-spent");
    let more = format!("/v1/recoveries/{id}/code");
    world.post(&more, json!({})).await.refused(429, "resend-too-early");
    later(&world, 61).await;
    world.post(&more, json!({})).await.expect(202);
    let next = code(&world, &anna.phone).await;
    assert_ne!(next, right);
    later(&world, 10 * 60 + 1).await;
    world.post(&path, json!({ "code": next, "password": NEW })).await.refused(410, "code-expired");
    world.post(&more, json!({})).await.expect(202);
    later(&world, 61 * 60).await;
    world.post(&more, json!({})).await.refused(410, "proof-spent");
    sign_in(&world, &anna.phone, PASSWORD, "x").await.expect(201);
}

#[tokio::test]
async fn another_phone_counts_once_its_code_is_said_and_the_one_before_is_told() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let new = "+79991234567";
    world.a_minute_later().await;
    let begin = async |phone: &str, password: &str| {
        world.post_as(&anna, "/v1/me/phone", json!({ "phone": phone, "password": password })).await
    };
    let wrong = begin(new, "Другой9пароль").await.refused(422, "invalid-request");
    assert_eq!(fields(&wrong), [("password".into(), "password-wrong".into())]);
    begin("12", PASSWORD).await.refused(422, "invalid-request");
    // A phone with a cabinet gets word of it and no code; she cannot tell.
    let taken = begin(&boris.phone, PASSWORD).await.expect(201);
    world.settle().await;
    let told = world.sent_to(&boris.phone).pop().unwrap_or_default();
    assert!(told.contains("уже есть кабинет") && !told.chars().any(|c| c.is_ascii_digit()), "{told}");
    let path = format!("/v1/me/contacts/{}/complete", taken.text("/id"));
    world.post_as(&anna, &path, json!({ "code": "123456" })).await.refused(422, "code-wrong");

    // Somebody has her old phone in hand, and has begun to recover by it.
    let before = world.sent_to(&anna.phone).len();
    let recovery = world.post("/v1/recoveries", json!({ "login": anna.phone })).await.expect(201);
    let thief = code(&world, &anna.phone).await;
    let begun = begin("8 (999) 123-45-67", PASSWORD).await.expect(201);
    begin("8 (999) 123-45-67", PASSWORD).await.refused(429, "resend-too-early");
    world.a_minute_later().await;
    let twice = begin("8 (999) 123-45-67", PASSWORD).await.expect(201);
    world.settle().await;
    let codes = world.sent_to(new);
    let right = json!({ "code": digits(&codes[0]) });
    let path = format!("/v1/me/contacts/{}/complete", begun.text("/id"));
    world.post_as(&boris, &path, right.clone()).await.refused(404, "not-found");
    world
        .post(
            &format!("/v1/recoveries/{}/complete", begun.text("/id")),
            json!({ "code": right["code"], "password": NEW }),
        )
        .await
        .refused(422, "code-wrong");
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/phone"), anna.phone, "not before the code is said");
    world.post_as(&anna, &path, right.clone()).await.expect(204);
    world.post_as(&anna, &path, right).await.expect(204);
    assert_eq!(world.get_as(&anna, "/v1/me").await.text("/phone"), new);
    let again = format!("/v1/me/contacts/{}/complete", twice.text("/id"));
    world.post_as(&anna, &again, json!({ "code": digits(&codes[1]) })).await.expect(204);
    world.settle().await;
    let told = world.sent_to(&anna.phone).pop().unwrap_or_default();
    assert!(told.contains("теперь другой телефон"), "{told}");
    assert!(!world.sent_to(new).iter().any(|sms| sms.contains("теперь другой телефон")));
    sign_in(&world, new, PASSWORD, "x").await.expect(201);
    sign_in(&world, &anna.phone, PASSWORD, "x").await.refused(401, "wrong-credentials");
    // A recovery that was begun by the one before is worth nothing any more, nor is another code sent there.
    assert_eq!(world.sent_to(&anna.phone).len(), before + 2, "the code, and word of the change");
    let late = format!("/v1/recoveries/{}/complete", recovery.text("/id"));
    world.post(&late, json!({ "code": thief, "password": NEW })).await.refused(410, "proof-spent");
    later(&world, 61).await;
    world.post(&format!("/v1/recoveries/{}/code", recovery.text("/id")), json!({})).await.expect(202);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.phone).len(), before + 2);
    // The one before is free for somebody else.
    world.a_minute_later().await;
    world.post("/v1/registrations", json!({ "phone": anna.phone })).await.expect(201);
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap_or_default().contains("ваш код"));
}

#[tokio::test]
async fn another_address_counts_once_its_code_is_said_confirmed_before_or_not() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let vera = world.newcomer().await;
    for (who, new) in [(&anna, "anna.new@example.ru"), (&vera, "vera.new@example.ru")] {
        let body = json!({ "email": new, "password": PASSWORD });
        let begun = world.post_as(who, "/v1/me/email", body).await.expect(201);
        let said = json!({ "code": code(&world, new).await });
        let path = format!("/v1/me/contacts/{}/complete", begun.text("/id"));
        world.post_as(who, &path, said).await.expect(204);
        world.settle().await;
        let me = world.get_as(who, "/v1/me").await.expect(200);
        assert_eq!((me.text("/email"), me.body["emailConfirmed"].clone()), (new.to_owned(), json!(true)));
        let told = |to: &str| world.sent_to(to).iter().any(|mail| mail.contains("теперь другой адрес почты"));
        // Nothing about a cabinet goes to an address that nobody confirmed; the phone is told in either case.
        assert_eq!((told(&who.email), told(&who.phone)), (who.email == anna.email, true));
        let body = |login: &str| json!({ "login": login, "password": PASSWORD, "deviceToken": who.device });
        world.post("/v1/sessions", body(new)).await.expect(201);
        world.post("/v1/sessions", body(&who.email)).await.refused(401, "wrong-credentials");
    }
    // What follows goes to the new one.
    let body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
    world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    world.settle().await;
    assert!(world.sent_to("anna.new@example.ru").iter().any(|mail| mail.contains("Номер записи")));
}

#[tokio::test]
async fn of_many_sessions_and_devices_none_is_out_of_sight() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for _ in 0..54 {
        later(&world, 1).await;
        sign_in(&world, &anna.phone, PASSWORD, "Firefox/140").await.expect(201);
    }
    let mut seen = Vec::new();
    let mut path = "/v1/sessions?limit=50".to_owned();
    loop {
        let page = world.get_as(&anna, &path).await.expect(200);
        seen.extend(page.body["items"].as_array().cloned().unwrap_or_default());
        let Some(next) = page.body["nextCursor"].as_str() else { break };
        path = format!("/v1/sessions?limit=50&cursor={next}");
    }
    assert_eq!(seen.len(), 55);
    let current: Vec<_> = seen.iter().filter(|one| one["current"] == true).collect();
    assert_eq!(current.len(), 1, "the one that asks is among them");
    let oldest = seen[54]["id"].as_str().unwrap_or_default();
    let path = format!("/v1/sessions/{oldest}");
    world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await.expect(204);
}

#[tokio::test]
async fn a_password_is_guessed_twenty_times_and_its_owner_is_let_in_by_a_code() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut waits = Vec::new();
    for login in [anna.phone.as_str(), "+79995554433"] {
        let guess = |n: u32| {
            let password = if n.is_multiple_of(2) { "Догадка1" } else { "Догадка2" };
            world.post("/v1/sessions", json!({ "login": login, "password": password }))
        };
        let guesses = (0..60).map(guess);
        let answers = futures::future::join_all(guesses).await;
        let count = |code: &str| answers.iter().filter(|answer| answer.problem() == code).count();
        // The same for a phone that nobody has: five for the asking.
        assert_eq!((count("wrong-credentials"), count("effort-needed")), (5, 55), "{login}");
        waits.push(answers.iter().map(|answer| answer.text("/wait/token")).collect::<Vec<_>>());
    }
    // And fifteen for those who wait for each.
    later(&world, 30).await;
    for (login, waits) in [anna.phone.as_str(), "+79995554433"].into_iter().zip(waits) {
        let guess = |wait: String| {
            let body = json!({ "login": login, "password": "Догадка3", "effort": wait });
            world.post("/v1/sessions", body)
        };
        let waits = waits.into_iter().filter(|wait| !wait.is_empty());
        let answers = futures::future::join_all(waits.map(guess)).await;
        let count = |code: &str| answers.iter().filter(|answer| answer.problem() == code).count();
        assert_eq!((count("wrong-credentials"), count("too-many-requests")), (15, 40), "{login}");
    }
    let elsewhere = json!({ "login": anna.phone, "password": PASSWORD });
    world.post("/v1/sessions", elsewhere.clone()).await.refused(429, "too-many-requests");
    // Nobody keeps her out: on her device, by the session that she has, or by a code.
    sign_in(&world, &anna.phone, PASSWORD, "x").await.expect(201);
    assert!(is_in(&world, &anna.token).await);
    world.a_minute_later().await;
    let begun = world.post("/v1/recoveries", json!({ "login": anna.phone })).await.expect(201);
    let said = json!({ "code": code(&world, &anna.phone).await, "password": NEW });
    world.post(&format!("/v1/recoveries/{}/complete", begun.text("/id")), said).await.expect(204);
    sign_in(&world, &anna.phone, NEW, "x").await.expect(201);
    world.post("/v1/sessions", elsewhere).await.refused(401, "wrong-credentials");
    // And waiting ends it, too.
    later(&world, 15 * 60).await;
    sign_in(&world, "+79995554433", "Догадка1", "x").await.refused(401, "wrong-credentials");
    world.settle().await;
}

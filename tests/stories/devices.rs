//! Where somebody has signed in before they are known; elsewhere a code goes to their phone (ACC-14).

use domain::limits::SIGN_IN_FREE;
use http::Method;
use local::embedded::faults::Fault;
use local::http::FROM_ADDRESS;
use serde_json::{Value, json};
use tests::{Answer, Citizen, PASSWORD, World, digits};

const NEW: &str = "Зимний8снег";

async fn begin(world: &World, who: &Citizen, password: &str) -> Answer {
    world.post("/v1/sessions", json!({ "login": who.phone, "password": password })).await
}

async fn code(world: &World, who: &Citizen) -> String {
    world.settle().await;
    digits(&world.sent_to(&who.phone).pop().unwrap_or_default())
}

async fn complete(world: &World, begun: &Answer, code: &str) -> Answer {
    let path = format!("/v1/sessions/challenges/{}/complete", begun.text("/id"));
    let said = Some(json!({ "code": code }));
    world.ask(Method::POST, &path, None, said, &[("user-agent", "Phone/2")]).await
}

async fn signed_in(world: &World, who: &Citizen, token: &Value) -> Answer {
    let body = json!({ "login": who.phone, "password": PASSWORD, "deviceToken": token });
    world.post("/v1/sessions", body).await
}

#[tokio::test]
async fn a_new_device_asks_for_a_code_once_and_its_owner_is_told_everywhere() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    begin(&world, &anna, "Другой9пароль").await.refused(401, "wrong-credentials");
    let begun = begin(&world, &anna, PASSWORD).await.expect(202);
    assert!(begun.body["token"].is_null(), "{}", begun.raw);
    let right = code(&world, &anna).await;
    assert!(world.sent_to(&anna.phone).pop().unwrap_or_default().contains("нового устройства"));
    let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
    complete(&world, &begun, &wrong).await.refused(422, "code-wrong");
    // It is for this and for nothing else.
    let path = format!("/v1/recoveries/{}/complete", begun.text("/id"));
    world.post(&path, json!({ "code": right, "password": NEW })).await.refused(422, "code-wrong");
    let done = complete(&world, &begun, &right).await.expect(201);
    complete(&world, &begun, &right).await.refused(410, "proof-spent");
    let new = Citizen { token: done.text("/token"), device: done.text("/deviceToken"), ..anna.clone() };
    world.get_as(&new, "/v1/me").await.expect(200);
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("вошли с"), "{told}");
    }
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert!(inbox.raw.contains("new-device"), "{}", inbox.raw);
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    let first = &events.body["items"][0];
    assert_eq!((first["what"].clone(), first["device"].clone()), (json!("new-device"), json!("Phone/2")));
    // From now on it is known, as the one is on which she registered; neither opens anybody else's cabinet.
    for device in [&new.device, &anna.device] {
        let again = signed_in(&world, &anna, &json!(device)).await.expect(201);
        assert!(again.body["deviceToken"].is_null(), "{}", again.raw);
    }
    let boris = world.citizen().await;
    world.a_minute_later().await;
    signed_in(&world, &boris, &json!(new.device)).await.expect(202);
    signed_in(&world, &anna, &json!("nonsense")).await.expect(202);
    world.settle().await;
    assert!(!world.stands_in_clear(new.device.split_once('.').unwrap().1), "only a hash is kept");
    assert!(!world.stands_in_clear("Phone/2"));
}

/// Months in which nothing happens.
async fn far(world: &World, when: &str) {
    world.system.advance_in(chrono::TimeDelta::days(60), tests::time(when)).await;
}

#[tokio::test]
async fn devices_are_listed_with_name_and_last_use_and_taken_away() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.a_minute_later().await;
    let begun = begin(&world, &anna, PASSWORD).await.expect(202);
    let done = complete(&world, &begun, &code(&world, &anna).await).await.expect(201);
    let listed = async || world.get_as(&anna, "/v1/me/devices").await.expect(200);
    let first = listed().await;
    assert_eq!(first.body["items"].as_array().map(Vec::len), Some(2), "{}", first.raw);
    assert_eq!(first.text("/items/0/device"), "Phone/2");
    let id = first.text("/items/0/id");
    // Used on another day it is known for longer.
    far(&world, "2027-05-20T10:00:00+03:00").await;
    let here = signed_in(&world, &anna, &done.body["deviceToken"]).await.expect(201);
    let anna = Citizen { token: here.text("/token"), ..anna };
    far(&world, "2027-06-20T10:00:00+03:00").await;
    let here = signed_in(&world, &anna, &done.body["deviceToken"]).await.expect(201);
    let anna = Citizen { token: here.text("/token"), ..anna };
    // The other one was not used for half a year.
    let listed = world.get_as(&anna, "/v1/me/devices").await.expect(200);
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1), "{}", listed.raw);
    assert_eq!(listed.text("/items/0/usedAt"), "2027-06-20T07:00:00Z");
    signed_in(&world, &anna, &json!(anna.device)).await.expect(202);
    let path = format!("/v1/me/devices/{id}");
    let forget = async |who: &Citizen| world.ask(Method::DELETE, &path, Some(&who.token), None, &[]).await;
    let fresh = signed_in(&world, &boris, &Value::Null).await.expect(202);
    let fresh = complete(&world, &fresh, &code(&world, &boris).await).await.expect(201);
    let boris = Citizen { token: fresh.text("/token"), ..boris };
    forget(&boris).await.refused(404, "not-found");
    let ended = forget(&anna).await.expect(200);
    // Three sessions were opened there: the first is over by itself, and the last is the one that asks.
    assert_eq!(ended.body["currentEnded"], json!(true), "{}", ended.raw);
    forget(&anna).await.refused(401, "unauthorized");
    world.a_minute_later().await;
    signed_in(&world, &anna, &done.body["deviceToken"]).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn whoever_takes_a_device_away_is_signed_in_there_no_longer_and_is_told() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.a_minute_later().await;
    let begun = begin(&world, &anna, PASSWORD).await.expect(202);
    let lost = complete(&world, &begun, &code(&world, &anna).await).await.expect(201);
    let again = signed_in(&world, &anna, &lost.body["deviceToken"]).await.expect(201);
    let there = [&lost, &again].map(|one| Citizen { token: one.text("/token"), ..anna.clone() });
    let elsewhere = signed_in(&world, &anna, &json!(anna.device)).await.expect(201);
    let elsewhere = Citizen { token: elsewhere.text("/token"), ..anna.clone() };
    let devices = world.get_as(&anna, "/v1/me/devices").await.expect(200);
    let phone = devices.body["items"].as_array().into_iter().flatten().find(|one| one["device"] == "Phone/2");
    let path = format!("/v1/me/devices/{}", phone.expect("the phone")["id"].as_str().unwrap_or_default());
    let forget = async |who: &Citizen| world.ask(Method::DELETE, &path, Some(&who.token), None, &[]).await;
    forget(&boris).await.refused(404, "not-found");
    let ended = forget(&anna).await.expect(200);
    assert_eq!(ended.body, json!({ "sessionsEnded": 2, "currentEnded": false }));
    forget(&anna).await.refused(404, "not-found");
    for over in &there {
        world.get_as(over, "/v1/me").await.refused(401, "unauthorized");
    }
    for open in [&anna, &elsewhere, &boris] {
        world.get_as(open, "/v1/me").await.expect(200);
    }
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("удалили устройство"), "{told}");
    }
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    assert!(events.raw.contains("device-removed"), "{}", events.raw);
}

#[tokio::test]
async fn nobody_is_left_signed_in_on_a_device_that_is_taken_away_meanwhile() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let devices = world.get_as(&anna, "/v1/me/devices").await.expect(200);
    let path = format!("/v1/me/devices/{}", devices.text("/items/0/id"));
    let device = json!(anna.device);
    let (taken, opened) = futures::join!(
        world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]),
        futures::future::join_all((0..8).map(|_| signed_in(&world, &anna, &device))),
    );
    taken.expect(200);
    for opened in opened.into_iter().filter(|opened| opened.status == 201) {
        let there = Citizen { token: opened.text("/token"), ..anna.clone() };
        world.get_as(&there, "/v1/me").await.refused(401, "unauthorized");
    }
    world.a_minute_later().await;
    world.get_as(&anna, "/v1/me").await.refused(401, "unauthorized");
    signed_in(&world, &anna, &json!(anna.device)).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn a_device_that_is_taken_away_at_that_moment_opens_no_session() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let begun = begin(&world, &anna, PASSWORD).await.expect(202);
    let phone = complete(&world, &begun, &code(&world, &anna).await).await.expect(201);
    let phone = Citizen { token: phone.text("/token"), ..anna.clone() };
    let devices = world.get_as(&phone, "/v1/me/devices").await.expect(200);
    let lost = devices.body["items"].as_array().into_iter().flatten().find(|one| one["device"] != "Phone/2");
    let path = format!("/v1/me/devices/{}", lost.expect("the first")["id"].as_str().unwrap_or_default());
    // Whoever has the first one signs in: it is known when it is looked at, and the session is on its way for so long that it
    // is taken away meanwhile.
    world.system.faults().next("TransactWriteItems", Fault::Late, 1);
    let late = signed_in(&world, &anna, &json!(anna.device)).await;
    assert_eq!(late.status, 503, "nobody knows: {}", late.raw);
    let ended = world.ask(Method::DELETE, &path, Some(&phone.token), None, &[]).await.expect(200);
    assert_eq!(ended.body, json!({ "sessionsEnded": 1, "currentEnded": false }));
    assert_eq!(world.system.deliver_late().await, 0, "the session finds its device gone");
    let open = world.get_as(&phone, "/v1/sessions").await.expect(200);
    assert_eq!(open.body["items"].as_array().map(Vec::len), Some(1), "{}", open.raw);
    world.get_as(&anna, "/v1/me").await.refused(401, "unauthorized");
    world.a_minute_later().await;
    signed_in(&world, &anna, &json!(anna.device)).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn a_password_that_is_another_meanwhile_opens_no_new_device() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let begun = begin(&world, &anna, PASSWORD).await.expect(202);
    let right = code(&world, &anna).await;
    let change = json!({ "currentPassword": PASSWORD, "password": NEW });
    world.post_as(&anna, "/v1/me/password", change).await.expect(204);
    complete(&world, &begun, &right).await.refused(410, "proof-spent");
    world.settle().await;
}

/// Guesses at the same instant.
const WAVE: usize = 50;

/// Guesses at one login from two hundred addresses, and what came of them.
async fn guessed(world: &World, who: &Citizen, guesses: usize) -> (usize, usize) {
    let guess = |n: usize| {
        let body = json!({ "login": who.phone, "password": format!("Догадка{n}") });
        let from = format!("203.0.113.{}", n % 200);
        async move { world.ask(Method::POST, "/v1/sessions", None, Some(body), &[(FROM_ADDRESS, &from)]).await }
    };
    // In waves: the door turns away whom it keeps waiting for too long.
    let mut answers = Vec::new();
    for wave in 0..guesses / WAVE {
        let numbers = wave * WAVE..(wave + 1) * WAVE;
        answers.extend(futures::future::join_all(numbers.map(guess)).await);
    }
    let count = |code: &str| answers.iter().filter(|answer| answer.problem() == code).count();
    (count("wrong-credentials"), count("effort-needed"))
}

#[tokio::test]
async fn guesses_from_two_hundred_addresses_find_nothing_and_keep_nobody_out() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // Tries beyond those that are free are refused before a password is hashed.
    assert_eq!(guessed(&world, &anna, 1_000).await, (SIGN_IN_FREE as usize, 1_000 - SIGN_IN_FREE as usize));
    signed_in(&world, &anna, &json!(anna.device)).await.expect(201);
    // Even a stolen device has tries of its own only.
    for _ in 0..25 {
        let body = json!({ "login": anna.phone, "password": "Догадка1", "deviceToken": anna.device });
        world.post("/v1/sessions", body).await;
    }
    signed_in(&world, &anna, &json!(anna.device)).await.refused(429, "too-many-requests");
    world.settle().await;
}

/// Half a minute of the processor, hence by hand: `-- --ignored ten_thousand`.
#[tokio::test]
#[ignore = "long"]
async fn ten_thousand_guesses_find_nothing_and_keep_nobody_out() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (hashed, refused) = guessed(&world, &anna, 10_000).await;
    assert_eq!((hashed, hashed + refused), (SIGN_IN_FREE as usize, 10_000));
    signed_in(&world, &anna, &json!(anna.device)).await.expect(201);
}

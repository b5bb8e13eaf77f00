//! Somebody who is paid for each SMS that we send asks for as many as they can (ACC-1, ACC-5).

use domain::floods::{NEAR_DAY, NEAR_HOUR, NETWORK_HOUR, WRONG_NETWORK};
use http::Method;
use local::http::FROM_ADDRESS;
use serde_json::{Value, json};
use tests::{Answer, PASSWORD, World};

async fn ask(world: &World, path: &str, body: Value, from: &str) -> Answer {
    world.ask(Method::POST, path, None, Some(body), &[(FROM_ADDRESS, from)]).await
}

/// What a device makes of a challenge.
fn work(told: &Answer) -> Value {
    json!(app::effort::solve(&told.body["challenge"].to_string()).expect("a solution"))
}

/// Asks for a code, with as much work as is asked for.
async fn register(world: &World, phone: &str, from: &str) -> Answer {
    let told = ask(world, "/v1/registrations", json!({ "phone": phone }), from).await;
    if told.problem() != "effort-needed" {
        return told;
    }
    ask(world, "/v1/registrations", json!({ "phone": phone, "effort": work(&told) }), from).await
}

/// Asks for codes to these numbers of a range, each from another address, and tells how many were sent and the last answer.
async fn flood(world: &World, numbers: std::ops::Range<u32>) -> (usize, Answer) {
    let before = world.sent().len();
    let mut last = None;
    for n in numbers {
        let from = format!("198.51.{}.{}", n / 250, n % 250);
        last = Some(register(world, &format!("+7999555{n:04}"), &from).await);
    }
    world.settle().await;
    (world.sent().len() - before, last.expect("an answer"))
}

#[tokio::test]
async fn a_range_of_numbers_gets_no_more_codes_than_its_part_however_many_ask() {
    let world = World::new().await;
    let (sent, last) = flood(&world, 0..120).await;
    assert_eq!(sent, NEAR_HOUR.most as usize);
    let last = last.refused(429, "too-many-codes");
    assert!(last.text("/detail").contains("через"), "{}", last.raw);
    assert_eq!(last.headers["retry-after"], "3600");
    // Its neighbours are not to blame, nor is who is known already.
    register(&world, "+79995560001", "192.0.2.1").await.expect(201);
    // An hour later there is a little more, until the day's part is used up.
    let mut all = sent;
    for hour in 11..16 {
        world.until(&format!("2026-12-01T{hour}:00:00+03:00")).await;
        all += flood(&world, 400..440).await.0;
    }
    assert_eq!(all, NEAR_DAY.most as usize);
}

#[tokio::test]
async fn whoever_asks_for_many_shows_an_effort_by_work_or_by_waiting() {
    let world = World::new().await;
    let asked = async |n: u32, effort: Value| {
        let body = json!({ "phone": format!("+7999555{n:04}"), "effort": effort });
        ask(&world, "/v1/registrations", body, "192.0.2.1").await
    };
    for n in 0..NEAR_HOUR.free {
        asked(n, Value::Null).await.expect(201);
    }
    let told = asked(100, Value::Null).await.refused(429, "effort-needed");
    assert!(told.text("/detail").contains("подождите 30 секунд"), "{}", told.raw);
    // The half-minute's wait is not over; it is for this phone; and it is good once.
    let wait = &told.body["wait"]["token"];
    asked(100, wait.clone()).await.refused(429, "effort-needed");
    world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(30)).await;
    asked(101, wait.clone()).await.refused(429, "effort-needed");
    asked(100, wait.clone()).await.expect(201);
    world.a_minute_later().await;
    let told = asked(100, wait.clone()).await.refused(429, "effort-needed");
    // So is work, however many send it at once.
    let done = work(&told);
    asked(102, done.clone()).await.refused(429, "effort-needed");
    let (one, two) = tokio::join!(asked(100, done.clone()), asked(100, done.clone()));
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [201, 429]);
    world.a_minute_later().await;
    asked(100, done).await.refused(429, "effort-needed");
    asked(100, json!("nonsense")).await.refused(429, "effort-needed");
    // Elsewhere, and signed in, nothing is asked for.
    ask(&world, "/v1/registrations", json!({ "phone": "+79995560001" }), "192.0.2.2").await.expect(201);
    let anna = world.citizen().await;
    let change = json!({ "phone": "+79995550103", "password": PASSWORD });
    world.post_as(&anna, "/v1/me/phone", change).await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn passwords_guessed_from_one_place_or_everywhere_cost_an_effort() {
    let world = World::new().await;
    let guess = async |n: u32, from: &str| {
        let login = format!("nobody{n}@example.ru");
        ask(&world, "/v1/sessions", json!({ "login": login, "password": "Догадка1" }), from).await
    };
    for n in 0..WRONG_NETWORK.free {
        guess(n, "192.0.2.1").await.refused(401, "wrong-credentials");
    }
    let told = guess(100, "192.0.2.1").await.refused(429, "effort-needed");
    guess(101, "192.0.2.2").await.refused(401, "wrong-credentials");
    // Whoever lives behind the same address signs in with a little work.
    let anna = world.citizen().await;
    let sign_in = async |effort: Value| {
        let body = json!({ "login": anna.email, "password": PASSWORD, "effort": effort });
        ask(&world, "/v1/sessions", body, "192.0.2.1").await
    };
    sign_in(work(&told)).await.refused(429, "effort-needed");
    let told = sign_in(Value::Null).await.refused(429, "effort-needed");
    sign_in(work(&told)).await.refused(429, "resend-too-early");
    // On her own device nothing is asked of her.
    let home = world.sign_in(&anna.email, PASSWORD);
    ask(&world, "/v1/sessions", home, "192.0.2.1").await.expect(201);
}

/// Half a minute of the processor, hence by hand: `-- --ignored ten_thousand`.
#[tokio::test]
#[ignore = "long"]
async fn ten_thousand_of_a_range_get_no_more_than_its_part() {
    let world = World::new().await;
    let (sent, last) = flood(&world, 0..10_000).await;
    assert_eq!(sent, NEAR_HOUR.most as usize);
    last.refused(429, "too-many-codes");
}

#[tokio::test]
async fn a_network_address_gets_no_more_codes_than_its_part_and_others_go_on() {
    let world = World::new().await;
    let mut told = Vec::new();
    for n in 0..NETWORK_HOUR.most + 5 {
        told.push(register(&world, &local::people::phone(1000 + n as usize), "2001:db8:1:2::1").await.status);
    }
    assert_eq!(told.iter().filter(|status| **status == 201).count(), NETWORK_HOUR.most as usize);
    let elsewhere = local::people::phone(2000);
    register(&world, &elsewhere, "2001:db8:1:2:ffff::9").await.refused(429, "too-many-codes");
    register(&world, &elsewhere, "2001:db8:1:3::1").await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn a_minute_lies_between_two_codes_to_a_phone_whatever_they_are_for() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let ways = async || {
        let registers = world.post("/v1/registrations", json!({ "phone": anna.phone })).await;
        let recovers = world.post("/v1/recoveries", json!({ "login": anna.phone })).await;
        let change = json!({ "phone": anna.phone, "password": PASSWORD });
        [registers, recovers, world.post_as(&boris, "/v1/me/phone", change).await]
    };
    // She has had her code for registering this very minute.
    for answer in ways().await {
        let answer = answer.refused(429, "resend-too-early");
        assert_eq!(answer.headers["retry-after"], "60");
    }
    world.a_minute_later().await;
    let statuses = ways().await.map(|answer| answer.status);
    assert_eq!(statuses, [201, 429, 429], "the first of them is sent, and the next minute begins");
    // Two at the same instant are one.
    world.a_minute_later().await;
    let recover = || world.post("/v1/recoveries", json!({ "login": anna.phone }));
    let (one, two) = tokio::join!(recover(), recover());
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [201, 429]);
    // A phone that nobody has is answered alike.
    let nobody = || world.post("/v1/recoveries", json!({ "login": "+79995554433" }));
    nobody().await.expect(201);
    nobody().await.refused(429, "resend-too-early");
    world.settle().await;
}

#[tokio::test]
async fn a_phone_of_a_country_that_is_not_served_gets_nothing() {
    let world = World::new().await;
    for phone in ["+44 7911 123456", "+7 701 123 45 67"] {
        let told = world.post("/v1/registrations", json!({ "phone": phone })).await;
        let told = told.refused(422, "invalid-request");
        assert_eq!(told.text("/errors/0/code"), "country-not-served", "{}", told.raw);
    }
    world.settle().await;
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_gets_ten_links_a_day_more() {
    let world = World::new().await;
    let anna = world.newcomer().await;
    let ask = async || {
        world.a_minute_later().await;
        world.post_as(&anna, "/v1/me/email-confirmation", json!({})).await
    };
    for _ in 0..10 {
        ask().await.expect(202);
    }
    world.settle().await;
    let sent = world.sent_to(&anna.email).len();
    ask().await.refused(429, "too-many-requests");
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), sent);
    world.until("2026-12-02T10:00:00+03:00").await;
    ask().await.expect(202);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), sent + 1);
}

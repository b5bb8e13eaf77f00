//! Somebody who is paid for each SMS that we send asks for as many as they can (ACC-1, ACC-5).

use domain::floods::{NEAR_DAY, NEAR_HOUR, NETWORK_HOUR};
use http::Method;
use local::http::FROM_ADDRESS;
use serde_json::json;
use tests::{Answer, PASSWORD, World};

async fn register(world: &World, phone: &str, from: &str) -> Answer {
    let body = Some(json!({ "phone": phone }));
    world.ask(Method::POST, "/v1/registrations", None, body, &[(FROM_ADDRESS, from)]).await
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

/// Two minutes of the processor, hence by hand: `-- --ignored ten_thousand`.
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

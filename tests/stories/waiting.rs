//! Waiting for a freed slot.

use serde_json::{Value, json};
use tests::{Citizen, World};

const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

fn wish() -> Value {
    json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" })
}

/// Somebody holds the only slot of Friday; others wait for it.
async fn full_friday(world: &World, waiting: usize) -> (Citizen, String, Vec<Citizen>) {
    let holder = world.citizen().await;
    let booked = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let mut line = Vec::new();
    for _ in 0..waiting {
        let who = world.citizen().await;
        world.post_as(&who, "/v1/waitlist", wish()).await.expect(201);
        world.settle().await;
        world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(1)).await;
        line.push(who);
    }
    (holder, booked, line)
}

async fn give_up(world: &World, holder: &Citizen, appointment: &str) {
    world.post_as(holder, &format!("/v1/appointments/{appointment}/cancel"), json!({})).await.expect(200);
    world.settle().await;
}

async fn offer_of(world: &World, who: &Citizen) -> String {
    world.get_as(who, "/v1/waitlist/talk").await.expect(200).text("/offerId")
}

#[tokio::test]
async fn a_freed_slot_is_offered_to_the_first_in_line_and_accepted_by_the_link() {
    let world = World::new().await;
    let (holder, booked, line) = full_friday(&world, 2).await;
    let ahead = world.get_as(&line[1], "/v1/waitlist/talk").await;
    assert_eq!(ahead.body.pointer("/ahead/people"), Some(&json!(1)));
    give_up(&world, &holder, &booked).await;
    assert!(offer_of(&world, &line[1]).await.is_empty(), "one at a time");
    let offer = offer_of(&world, &line[0]).await;
    world.try_book(&holder, "one", "talk", FRIDAY).await.refused(409, "slot-taken");
    let stranger = world.citizen().await;
    world.try_book(&stranger, "one", "talk", FRIDAY).await.refused(409, "slot-taken");

    let sms = world.sent_to(&line[0].phone).pop().unwrap();
    let token = tests::secret(&sms);
    let path = format!("/v1/offers/{offer}");
    let looked = world.get(&format!("{path}?token={token}")).await.expect(200);
    assert_eq!(looked.text("/state"), "open");
    assert_eq!(looked.text("/heldUntil"), "2026-12-01T12:00:02+03:00");
    world.get(&format!("{path}?token={token}x")).await.refused(404, "not-found");
    let taken = world.post(&format!("{path}/accept"), json!({ "token": token })).await.expect(200);
    assert_eq!(taken.text("/startsAt"), FRIDAY);
    let again = world.post(&format!("{path}/accept"), json!({ "token": token })).await.expect(200);
    assert_eq!(again.text("/id"), taken.text("/id"));
    world.settle().await;
    assert_eq!(world.get_as(&line[0], "/v1/waitlist/talk").await.text("/state"), "served");
    let history = world.get_as(&line[0], "/v1/waitlist/talk/history").await.expect(200);
    let what: Vec<&str> =
        history.body["items"].as_array().unwrap().iter().filter_map(|i| i["what"].as_str()).collect();
    assert_eq!(what, ["joined", "offered", "accepted"]);
}

#[tokio::test]
async fn a_declined_offer_goes_to_the_next_and_then_to_the_public() {
    let world = World::new().await;
    let (holder, booked, line) = full_friday(&world, 2).await;
    give_up(&world, &holder, &booked).await;
    let offer = offer_of(&world, &line[0]).await;
    world.post_as(&line[0], &format!("/v1/offers/{offer}/decline"), json!({})).await.expect(200);
    world.settle().await;
    assert_eq!(
        world.get_as(&line[0], "/v1/waitlist/talk").await.text("/state"),
        "waiting",
        "the place is kept"
    );
    let next = offer_of(&world, &line[1]).await;
    assert!(!next.is_empty() && next != offer);
    let history = world.get_as(&line[0], "/v1/waitlist/talk/history").await.expect(200);
    let what: Vec<&str> =
        history.body["items"].as_array().unwrap().iter().filter_map(|i| i["what"].as_str()).collect();
    assert_eq!(what, ["joined", "offered", "declined", "passed-over"]);
    assert_eq!(history.text("/items/3/why"), "declined-before");
    world
        .post_as(&line[0], &format!("/v1/offers/{offer}/accept"), json!({}))
        .await
        .refused(409, "offer-ended");
    world.post_as(&line[1], &format!("/v1/offers/{next}/decline"), json!({})).await.expect(200);
    world.settle().await;
    world.until("2026-12-01T10:20:00+03:00").await;
    let stranger = world.citizen().await;
    world.book(&stranger, "one", "talk", FRIDAY).await;
}

#[tokio::test]
async fn silence_lets_an_offer_lapse_and_the_next_is_asked() {
    let world = World::new().await;
    let (holder, booked, line) = full_friday(&world, 2).await;
    give_up(&world, &holder, &booked).await;
    assert!(!offer_of(&world, &line[0]).await.is_empty());
    world.until("2026-12-01T12:02:00+03:00").await;
    assert!(offer_of(&world, &line[0]).await.is_empty());
    assert_eq!(world.get_as(&line[0], "/v1/waitlist/talk").await.text("/state"), "waiting");
    assert!(!offer_of(&world, &line[1]).await.is_empty(), "the next is asked at once");
    let kinds: Vec<String> = world.get_as(&line[0], "/v1/inbox").await.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["kind"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(kinds, ["offer-lapsed", "offer-nudge", "offer-made"]);
    world.until("2026-12-01T15:00:00+03:00").await;
}

#[tokio::test]
async fn whoever_waits_for_an_earlier_time_swaps_and_the_later_slot_goes_down_the_line() {
    let world = World::new().await;
    let (holder, booked, _) = full_friday(&world, 0).await;
    let later = world.citizen().await;
    world.book(&later, "one", "talk", "2026-12-08T10:00:00+03:00").await;
    world.post_as(&later, "/v1/waitlist", wish()).await.expect(201);
    let next = world.citizen().await;
    let tuesday =
        json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-08", "to": "2026-12-08" });
    world.post_as(&next, "/v1/waitlist", tuesday).await.expect(201);
    world.settle().await;
    give_up(&world, &holder, &booked).await;
    let offer = offer_of(&world, &later).await;
    let mail = world.sent_to(&later.email).pop().unwrap();
    assert!(mail.contains("У вас уже есть запись: вторник, 8 декабря 2026 г., 10:00"), "{mail}");
    let moved = world.post_as(&later, &format!("/v1/offers/{offer}/accept"), json!({})).await.expect(200);
    assert_eq!((moved.text("/startsAt").as_str(), moved.text("/status").as_str()), (FRIDAY, "Изменено"));
    world.settle().await;
    let stands = world.get_as(&later, &format!("/v1/appointments/{}", moved.text("/id"))).await;
    for member in ["/code", "/number", "/queueNumber", "/startsAt", "/status", "/changeUntil"] {
        assert_eq!(
            stands.text(member),
            moved.text(member),
            "what was answered is what stands there: {member}"
        );
    }
    assert!(world.sent_to(&later.phone).pop().unwrap().contains(&stands.text("/code")));
    assert!(!offer_of(&world, &next).await.is_empty(), "the slot given up goes on down the line");
    let mine = world.get_as(&later, "/v1/appointments").await;
    assert_eq!(mine.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn pausing_keeps_the_place_and_leaving_gives_it_up() {
    let world = World::new().await;
    let (holder, booked, line) = full_friday(&world, 2).await;
    world.post_as(&line[0], "/v1/waitlist/talk/pause", json!({})).await.expect(200);
    world.settle().await;
    give_up(&world, &holder, &booked).await;
    let offer = offer_of(&world, &line[1]).await;
    assert!(!offer.is_empty(), "the paused one is not asked");
    world.post_as(&line[0], "/v1/waitlist/talk/resume", json!({})).await.expect(200);
    world.post_as(&line[1], "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    world.settle().await;
    assert!(!offer_of(&world, &line[0]).await.is_empty(), "leaving declines, the next is asked");
    world.post_as(&line[1], "/v1/waitlist/talk/pause", json!({})).await.refused(409, "not-waiting");
}

#[tokio::test]
async fn whoever_could_book_is_told_so_instead_of_waiting() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let free = world.post_as(&anna, "/v1/waitlist", wish()).await.refused(409, "slots-are-free");
    assert_eq!(free.text("/alternatives/0/startsAt"), FRIDAY);
    let wide = json!({ "serviceId": "talk", "offices": ["one", "two", "far"], "parts": ["morning", "day"], "weekdays": [1, 2, 3, 4] });
    let answer = world.post_as(&anna, "/v1/waitlist", wide).await;
    assert!(["wish-too-wide", "slots-are-free"].contains(&answer.problem().as_str()), "{}", answer.raw);
}

#[tokio::test]
async fn nobody_waits_for_times_at_which_nobody_is_received() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let weekend =
        json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-05", "to": "2026-12-06" });
    let evenings = json!({ "serviceId": "talk", "offices": ["one", "two"], "parts": ["evening"] });
    let sundays = json!({ "serviceId": "talk", "offices": ["one"], "weekdays": [7] });
    for never in [weekend, evenings, sundays] {
        let refused = world.post_as(&anna, "/v1/waitlist", never).await.refused(422, "nothing-to-wait-for");
        assert!(refused.text("/detail").contains("Измените дни"), "{}", refused.raw);
    }
    // Further ahead than the calendar goes yet there will be something.
    let later = json!({ "serviceId": "talk", "offices": ["one"], "from": "2027-01-25", "to": "2027-01-26" });
    world.post_as(&anna, "/v1/waitlist", later).await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn at_night_the_offers_clock_stops_and_nobody_is_written_to() {
    let world = World::at("2026-12-01T21:30:00+03:00").await;
    let (holder, booked, line) = full_friday(&world, 1).await;
    let before = world.sent_to(&line[0].phone).len();
    give_up(&world, &holder, &booked).await;
    let offer = offer_of(&world, &line[0]).await;
    assert_eq!(world.sent_to(&line[0].phone).len(), before, "no message at night");
    let looked = world.get_as(&line[0], &format!("/v1/offers/{offer}")).await.expect(200);
    assert_eq!(looked.text("/heldUntil"), "2026-12-02T10:00:00+03:00");
    world.until("2026-12-02T08:02:00+03:00").await;
    assert_eq!(world.sent_to(&line[0].phone).len(), before + 1, "but in the morning");
}

#[tokio::test]
async fn whoever_waits_is_told_what_became_of_others_and_what_follows() {
    let world = World::at("2026-11-20T10:00:00+03:00").await;
    // On four days somebody gives the only time up, and who waits for it takes it.
    for day in ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"] {
        let holder = world.citizen().await;
        let booked = world.book(&holder, "one", "talk", &format!("{day}T10:00:00+03:00")).await.text("/id");
        let who = world.citizen().await;
        let wished = json!({ "serviceId": "talk", "offices": ["one"], "from": day, "to": day });
        world.post_as(&who, "/v1/waitlist", wished).await.expect(201);
        world.settle().await;
        give_up(&world, &holder, &booked).await;
        let offer = offer_of(&world, &who).await;
        world.post_as(&who, &format!("/v1/offers/{offer}/accept"), json!({})).await.expect(200);
        world.settle().await;
    }
    let day = world.get("/v1/offices/one/slots?serviceId=talk&date=2026-12-04").await.expect(200);
    assert_eq!(day.body["waitlist"]["served"], json!(4));
    assert_eq!(day.text("/waitlist/text"), "За последние 28 дней место по этой очереди получили 4 человека.");
    let wished = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
    let mut line = Vec::new();
    for _ in 0..2 {
        let who = world.citizen().await;
        world.post_as(&who, "/v1/waitlist", wished.clone()).await.expect(201);
        world.until(&(world.system.now() + chrono::TimeDelta::minutes(1)).to_rfc3339()).await;
        line.push(who);
    }
    let second = world.get_as(&line[1], "/v1/waitlist/talk").await.expect(200);
    assert_eq!(
        (second.body["ahead"]["people"].clone(), second.body["outlook"]["expectedDays"].clone()),
        (json!(1), json!(14))
    );
    let text = second.text("/outlook/text");
    assert!(
        text.contains("4 человека. Если так пойдёт и дальше") && text.contains("через 14 дней"),
        "{text}"
    );
    let headers = [("accept-language", "en")];
    let english =
        world.ask(http::Method::GET, "/v1/waitlist/talk", Some(&line[1].token), None, &headers).await;
    assert!(english.text("/outlook/text").contains("in about 14 days"), "{}", english.raw);
    // Where nobody can wait nothing is said of it.
    let other = world.get("/v1/offices/one/slots?serviceId=paper&date=2026-12-04").await.expect(200);
    assert_eq!(
        (other.text("/reason").as_str(), other.body["waitlist"].is_null()),
        ("no-window-for-service", true)
    );
    // From fewer than three nothing is concluded.
    let far = json!({ "serviceId": "talk", "offices": ["far"], "from": "2026-12-25", "to": "2026-12-25" });
    let patient = world.citizen().await;
    world.post_as(&patient, "/v1/waitlist", far).await.expect(201);
    world.settle().await;
    let place = world.get_as(&patient, "/v1/waitlist/talk").await.expect(200);
    assert_eq!(
        (place.body["outlook"]["served"].clone(), place.body["outlook"]["expectedDays"].is_null()),
        (json!(0), true)
    );
    assert!(place.text("/outlook/text").ends_with("сколько ждать, нельзя."), "{}", place.raw);
}

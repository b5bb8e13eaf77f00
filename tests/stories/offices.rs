//! Offices as they are managed: hours changed while people book, days closed, and what becomes of those who are expected
//! (OFC-1, OFC-5, AVL-2).

use super::acts::{FRIDAY, close, file, friday, join, kinds, manager, offered, put, touched, what};
use super::lived::{key, rows};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, World, time};

async fn starts(world: &World, office: &str, service: &str, date: &str) -> Vec<String> {
    let day = world.get(&format!("/v1/offices/{office}/slots?serviceId={service}&date={date}")).await;
    let slots = day.expect(200).body["slots"].as_array().cloned().unwrap_or_default();
    slots.iter().filter_map(|slot| slot["startsAt"].as_str().map(str::to_owned)).collect()
}

async fn seen(world: &World, who: &Citizen, id: &str) -> Answer {
    world.get_as(who, &format!("/v1/appointments/{id}")).await.expect(200)
}

#[tokio::test]
async fn a_change_of_hours_is_seen_and_booked_at_once_and_stands_in_the_history() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let head = manager(&world, "one").await;
    world.book(&anna, "one", "talk", FRIDAY).await;
    assert!(starts(&world, "one", "talk", "2026-12-04").await.is_empty());
    let before = file(&world, &head, "one").await;
    assert_eq!(before.body["version"], json!(0));
    let longer = before.text("/file").replace("fri = [\"10:00-10:30\"]", "fri = [\"10:00-11:00\"]");
    let mut body =
        json!({ "version": 0, "file": longer, "reason": "Больше людей по пятницам", "dryRun": true });
    let told = put(&world, &head, "one", body.clone()).await.expect(200);
    assert_eq!(
        told.body["differences"],
        json!([{ "path": "windows[a].plans[1].fri", "before": "10:00-10:30", "after": "10:00-11:00" }])
    );
    assert!(starts(&world, "one", "talk", "2026-12-04").await.is_empty(), "a dry run changes nothing");
    body["dryRun"] = json!(false);
    assert_eq!(put(&world, &head, "one", body.clone()).await.expect(200).body["version"], json!(1));
    let half_past = "2026-12-04T10:30:00+03:00";
    assert_eq!(starts(&world, "one", "talk", "2026-12-04").await, [half_past]);
    world.book(&boris, "one", "talk", half_past).await;
    world.settle().await;
    // Asked once more, as after an answer that was lost: it stands. Another file by the old version is refused.
    assert_eq!(put(&world, &head, "one", body.clone()).await.expect(200).body["version"], json!(1));
    body["file"] = json!(before.text("/file"));
    put(&world, &head, "one", body).await.refused(409, "office-changed");
    let history = world.staff(&head, Method::GET, "offices/one/changes", Value::Null).await.expect(200);
    let said = |member: &str| history.body["items"][0][member].clone();
    assert_eq!((said("number"), said("reason")), (json!(1), json!("Больше людей по пятницам")));
    assert_eq!(said("differences"), told.body["differences"]);
    world.until("2026-12-01T10:10:00+03:00").await;
    let after = touched(&world, &head, "one").await;
    assert_eq!((after.body["done"].clone(), after.body["touched"].clone()), (json!(true), json!([])));
}

#[tokio::test]
async fn whoever_waits_is_offered_what_an_office_opens() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.book(&anna, "one", "talk", FRIDAY).await;
    let boris = join(&world, friday()).await;
    let head = manager(&world, "one").await;
    let before = file(&world, &head, "one").await.text("/file");
    let longer = before.replace("fri = [\"10:00-10:30\"]", "fri = [\"10:00-11:00\"]");
    let body = json!({ "version": 0, "file": longer, "reason": "Очередь на пятницу" });
    put(&world, &head, "one", body).await.expect(200);
    world.settle().await;
    let offer = offered(&world, &boris, "talk").await.expect("the extra half hour");
    assert_eq!(offer.text("/startsAt"), "2026-12-04T10:30:00+03:00");
    assert!(starts(&world, "one", "talk", "2026-12-04").await.is_empty(), "it is held for him");
    let path = format!("/v1/offers/{}/accept", offer.text("/id"));
    let accepted = world.post_as(&boris, &path, json!({})).await.expect(200);
    // What is given up of the new hours goes down the line like anything else.
    let vera = join(&world, friday()).await;
    let path = format!("/v1/appointments/{}/cancel", accepted.text("/id"));
    world.post_as(&boris, &path, json!({})).await.expect(200);
    world.settle().await;
    let offer = offered(&world, &vera, "talk").await.expect("the extra half hour");
    assert_eq!(offer.text("/startsAt"), "2026-12-04T10:30:00+03:00");
    world.until("2026-12-01T12:40:00+03:00").await;
}

#[tokio::test]
async fn a_window_that_is_no_more_gets_nobody_on_days_that_open_later() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let before = file(&world, &head, "two").await.text("/file");
    let (without, _) = before.rsplit_once("[[windows]]").unwrap();
    let body = json!({ "version": 0, "file": without, "reason": "Окно закрыто" });
    put(&world, &head, "two", body).await.expect(200);
    world.until("2026-12-15T09:00:00+03:00").await;
    let nine = "2027-01-12T09:00:00+03:00";
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "two", "talk", nine).await;
    assert!(booked.text("/queueNumber").starts_with('А'), "{}", booked.raw);
    world.try_book(&boris, "two", "talk", nine).await.refused(409, "slot-taken");
}

#[tokio::test]
async fn whoever_had_paused_is_first_in_line_too_when_their_visit_is_given_up() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let head = manager(&world, "one").await;
    // She waits for an earlier time, and has paused.
    world.book(&world.citizen().await, "one", "talk", FRIDAY).await;
    world.book(&anna, "one", "talk", "2026-12-08T10:00:00+03:00").await;
    world.post_as(&anna, "/v1/waitlist", friday()).await.expect(201);
    world.post_as(&anna, "/v1/waitlist/talk/pause", json!({})).await.expect(200);
    world.settle().await;
    close(&world, &head, "one", json!({ "from": "2026-12-08", "confirm": 1 })).await.expect(200);
    let again = close(&world, &head, "one", json!({ "from": "2026-12-08" })).await.expect(200);
    assert_eq!(again.body["version"], json!(1), "it is closed already");
    let offer = offered(&world, &anna, "talk").await.expect("another time");
    assert_eq!(offer.text("/startsAt"), "2026-12-02T10:00:00+03:00");
    world.until("2026-12-01T12:40:00+03:00").await;
}

#[tokio::test]
async fn every_mistake_of_a_file_is_told_with_its_line_and_nothing_is_changed() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let good = file(&world, &head, "two").await.text("/file");
    let spoil = [
        ("phone = \"+7", "phone = \"8"),
        ("latitude = 55", "latitude = 155"),
        ("letter = \"Б\"", "letter = \"B\""),
        ("services = [\"talk\"]", "services = [\"talk\", \"walk\"]"),
        ("zone = \"Europe/Moscow\"", "zone = \"Europe/Samara\""),
        ("mon = [\"09:00-12:00\"]", "mon = [\"09:02-12:00\"]"),
        ("tue = [\"09:00-12:00\"]", "tue = [\"12:00-09:00\"]"),
        ("wed = [\"09:00-12:00\"]", "wed = [\"09:00-12:00\", \"11:00-13:00\"]"),
        ("thu = [\"09:00-12:00\"]", "thu = [\"nine\"]"),
    ];
    let mut bad = good.clone();
    for (from, to) in spoil {
        assert!(bad.contains(from), "{from}");
        bad = bad.replacen(from, to, 1);
    }
    bad.push_str("\n[[closures]]\non = \"2026-12-32\"\nreason = { ru = \"Ремонт\", en = \"Repair\" }\n");
    let body = json!({ "version": 0, "file": bad, "reason": "Новый график", "dryRun": true });
    let told = put(&world, &head, "two", body).await.refused(422, "office-file-wrong");
    let errors = told.body["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.len(), 10, "{}", told.raw);
    let line_of = |part: &str| bad.lines().position(|line| line.contains(part)).map(|at| at + 1).unwrap();
    for (field, part) in [
        ("phone", "phone ="),
        ("windows[a].plans[1].mon[1]", "09:02"),
        ("windows[b].letter", "letter = \"B\""),
        ("closures[2026-12-32].on", "2026-12-32"),
        ("zone", "Samara"),
    ] {
        let found = errors.iter().find(|error| error["field"] == json!(field)).expect(field);
        let message = found["message"].as_str().unwrap_or_default();
        assert!(message.starts_with(&format!("{}: ", line_of(part))), "{field}: {message}");
    }
    assert_eq!(file(&world, &head, "two").await.text("/file"), good);
}

#[tokio::test]
async fn closing_a_window_moves_whom_another_receives_and_offers_the_rest_other_times_first() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let head = manager(&world, "two").await;
    // «paper» is received at the window «А» only, «talk» at both.
    let paper = world.book(&anna, "two", "paper", FRIDAY).await.text("/id");
    let mut talks = Vec::new();
    for who in [&boris, &world.citizen().await] {
        talks.push(world.book(who, "two", "talk", "2026-12-04T09:00:00+03:00").await);
    }
    let at_a = talks.iter().filter(|talk| talk.text("/queueNumber").starts_with('А')).count();
    assert_eq!(at_a, 1, "one at each window");
    let more = json!({ "windows": ["a"] });
    let told = close(&world, &head, "two", more.clone()).await.refused(409, "touches-appointments");
    assert_eq!((told.body["appointments"].clone(), told.body["toCall"].clone()), (json!(2), json!(0)));
    let mut more = more;
    more["confirm"] = json!(2);
    close(&world, &head, "two", more).await.expect(200);
    // Both talks were at nine, and one window has only one nine o'clock.
    let lost = touched(&world, &head, "two").await;
    assert_eq!((lost.body["moved"].clone(), lost.body["givenUp"].clone()), (json!(0), json!(2)));
    assert_eq!(seen(&world, &anna, &paper).await.text("/status"), "Отменено");
    assert_eq!(kinds(&world, &anna).await, ["booked", "displaced", "offer-made"]);
    let mail = world.sent_to(&anna.email);
    let mail = mail.iter().find(|mail| mail.contains("не сможет принять")).expect("told by mail");
    assert!(mail.contains("Аварийное отключение воды"), "{mail}");
    let offer = offered(&world, &anna, "paper").await.expect("another time, before anybody else");
    let path = format!("/v1/offers/{}/accept", offer.text("/id"));
    world.post_as(&anna, &path, json!({})).await.expect(200);
    assert!(starts(&world, "two", "paper", "2026-12-04").await.is_empty(), "the window is shut");
    world.until("2026-12-01T10:10:00+03:00").await;
    let done = touched(&world, &head, "two").await;
    assert_eq!((done.body["done"].clone(), done.body["givenUp"].clone()), (json!(true), json!(2)));
    let told = kinds(&world, &anna).await;
    assert_eq!(told.iter().filter(|kind| *kind == "displaced").count(), 1, "told once");
}

#[tokio::test]
async fn another_window_takes_the_visit_at_the_same_time_where_one_is_free() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let head = manager(&world, "two").await;
    let talk = world.book(&anna, "two", "talk", FRIDAY).await;
    let (from, to) = if talk.text("/queueNumber").starts_with('А') { ("a", 'Б') } else { ("b", 'А') };
    let more = json!({ "windows": [from], "confirm": 1, "hours": "09:30-10:30" });
    close(&world, &head, "two", more).await.expect(200);
    let moved = seen(&world, &anna, &talk.text("/id")).await;
    assert_eq!(moved.text("/startsAt"), FRIDAY);
    assert!(moved.text("/queueNumber").starts_with(to), "{}", moved.raw);
    let path = format!("/v1/appointments/{}/history", talk.text("/id"));
    assert_eq!(what(&world.get_as(&anna, &path).await), ["booked", "moved"]);
    assert_eq!(kinds(&world, &anna).await, ["booked", "moved"]);
    let change = touched(&world, &head, "two").await;
    assert_eq!(change.body["touched"][0]["outcome"], json!("moved"));
    world.until("2026-12-01T10:10:00+03:00").await;
}

#[tokio::test]
async fn an_office_is_closed_this_morning_and_whoever_is_expected_soon_is_to_be_called() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.book(&anna, "two", "talk", "2026-12-04T09:00:00+03:00").await;
    let later = world.book(&boris, "two", "paper", "2026-12-04T11:45:00+03:00").await;
    world.until("2026-12-04T08:40:00+03:00").await;
    let head = manager(&world, "two").await;
    // The request dies after it has written; what follows does not hang on it.
    world.system.deliveries().drop_next("changefeed", 1_000);
    close(&world, &head, "two", json!({ "confirm": 2 })).await.expect(200);
    world.system.deliveries().clear();
    assert_eq!(seen(&world, &boris, &later.text("/id")).await.text("/status"), "Подтверждено");
    world.until("2026-12-04T08:46:00+03:00").await;
    assert_eq!(seen(&world, &boris, &later.text("/id")).await.text("/status"), "Отменено");
    let list = touched(&world, &head, "two").await;
    let mut calls: Vec<(String, bool)> = list.body["touched"]
        .as_array()
        .cloned()
        .unwrap_or_default()
        .iter()
        .map(|one| {
            (one["startsAt"].as_str().unwrap_or_default().to_owned(), one["call"].as_bool().unwrap_or(false))
        })
        .collect();
    calls.sort();
    assert_eq!(
        calls,
        [("2026-12-04T09:00:00+03:00".into(), true), ("2026-12-04T11:45:00+03:00".into(), false)]
    );
    world.until("2026-12-04T11:00:00+03:00").await;
    // Whom it touched is told for ninety days, and not kept after that.
    let kept = async || {
        let all = rows(&world).await.into_iter().filter(|row| key(row).sk.starts_with("TOUCHED#"));
        all.collect::<Vec<_>>()
    };
    world.system.advance_in(TimeDelta::days(10), time("2027-03-03T10:00:00+03:00")).await;
    let mut last = kept().await;
    assert_eq!(last.len(), 2);
    // The table drops it in its own time; what it has not dropped is not told either.
    let mut late = last.remove(0);
    late.remove("ttl").expect("a time to live");
    world.table().put_item().table_name("okno").set_item(Some(late)).send().await.expect("written");
    world.system.advance_in(TimeDelta::days(10), time("2027-03-12T10:00:00+03:00")).await;
    world.settle().await;
    assert_eq!(kept().await.len(), 1);
    let chief = world.chief_again().await;
    let list = touched(&world, &chief, "two").await;
    assert_eq!(list.body["touched"], json!([]));
}

#[tokio::test]
async fn only_who_manages_an_office_changes_it() {
    let world = World::new().await;
    let chief = world.chief().await;
    let good = file(&world, &chief, "two").await.text("/file");
    for (role, office, may) in [
        ("operator", "two", false),
        ("specialist", "two", false),
        ("manager", "one", false),
        ("manager", "two", true),
    ] {
        let grants = json!([{ "role": role, "officeId": office }]);
        let who = world.colleague(&chief, &format!("{role}-{office}@example.ru"), grants).await;
        let body = json!({ "version": 0, "file": good, "reason": "Проверка", "dryRun": true });
        let (put, close) = (
            put(&world, &who, "two", body).await,
            close(&world, &who, "two", json!({ "dryRun": true })).await,
        );
        for answer in [put, close] {
            match may {
                true => answer.expect(200),
                false => answer.refused(403, "beyond-your-rights"),
            };
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_closing_is_named() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let wrong = json!({ "from": "x", "hours": "9", "windows": ["zz!"], "note": { "ru": "" }, "reason": " " });
    let told = close(&world, &head, "two", wrong).await.refused(422, "invalid-request");
    for field in ["from", "hours", "note.ru", "note.en", "reason"] {
        assert!(
            told.body["errors"].as_array().unwrap().iter().any(|e| e["field"] == json!(field)),
            "{field}: {}",
            told.raw
        );
    }
    for (more, field) in [
        (json!({ "from": "2026-11-30" }), "from"),
        (json!({ "to": "2026-12-03" }), "to"),
        (json!({ "to": "2027-03-03" }), "to"),
        (json!({ "windows": ["q"] }), "windows[0]"),
    ] {
        let told = close(&world, &head, "two", more).await.refused(422, "invalid-request");
        assert_eq!(told.body["errors"][0]["field"], json!(field), "{}", told.raw);
    }
    world.staff(&head, Method::GET, "offices/nowhere/file", Value::Null).await.refused(404, "not-found");
    world.staff(&head, Method::GET, "offices/two/changes/7", Value::Null).await.refused(404, "not-found");
}

#[tokio::test]
async fn an_office_is_found_by_what_it_receives_for_now() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let found = async || {
        let found = world.get("/v1/offices?service=paper").await.expect(200);
        let items = found.body["items"].as_array().cloned().unwrap_or_default();
        items.iter().any(|office| office["id"] == json!("two"))
    };
    let searched = async || {
        let found = world.get("/v1/services?q=справка&office=two").await.expect(200);
        !found.body["items"].as_array().is_none_or(Vec::is_empty)
    };
    assert!(found().await && searched().await);
    let without =
        file(&world, &head, "two").await.text("/file").replace("[\"talk\", \"paper\"]", "[\"talk\"]");
    let body = json!({ "version": 0, "file": without, "reason": "Справки выдаёт МФЦ" });
    put(&world, &head, "two", body).await.expect(200);
    world.until("2026-12-01T10:05:00+03:00").await;
    assert!(!found().await && !searched().await);
}

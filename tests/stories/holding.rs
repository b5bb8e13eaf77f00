//! What one holds: how much, for what, until when it can be changed, and what is left of it.

use serde_json::{Value, json};
use tests::{Answer, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const FRIDAY: &str = "2026-12-04T10:00:00+03:00";

fn child(starts_at: &str) -> Value {
    let mut asked = booking("three", "child", starts_at);
    asked["fields"] = json!({ "children": "2" });
    asked
}

#[tokio::test]
async fn nobody_holds_more_than_five_appointments() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let held = [
        ("two", "talk", THURSDAY),
        ("two", "paper", FRIDAY),
        ("three", "care", "2026-12-07T10:00:00+03:00"),
        ("three", "camp", "2026-12-08T10:00:00+03:00"),
        ("three", "school", "2026-12-09T10:00:00+03:00"),
    ];
    let mut last = String::new();
    for (office, service, starts_at) in held {
        last = world.book(&anna, office, service, starts_at).await.text("/id");
    }
    let sixth = child("2026-12-10T10:00:00+03:00");
    let refused = world.post_as(&anna, "/v1/appointments", sixth.clone()).await;
    let refused = refused.refused(409, "too-many-appointments");
    assert!(refused.text("/detail").contains("5 записей"), "{}", refused.raw);
    world.post_as(&anna, &format!("/v1/appointments/{last}/cancel"), json!({})).await.expect(200);
    world.post_as(&anna, "/v1/appointments", sixth).await.expect(201);
    world.until("2026-12-01T10:20:00+03:00").await;
}

/// Number, whether it is coming, and status of each appointment in the list.
fn listed(list: &Answer) -> Vec<(&str, bool, &str)> {
    let items = list.body["items"].as_array().unwrap();
    items
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default();
            (text("number"), one["coming"] == true, text("status"))
        })
        .collect()
}

#[tokio::test]
async fn what_is_past_or_cancelled_stays_in_the_list_with_its_history() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let missed = world.book(&anna, "two", "talk", THURSDAY).await;
    let visited = world.book(&anna, "two", "paper", "2026-12-03T11:00:00+03:00").await;
    let cancelled = world.book(&anna, "three", "care", FRIDAY).await;
    let coming = world.book(&anna, "three", "camp", "2026-12-08T10:00:00+03:00").await;
    let path = |of: &Answer| format!("/v1/appointments/{}", of.text("/id"));
    world.post_as(&anna, &format!("{}/cancel", path(&cancelled)), json!({})).await.expect(200);
    world.until("2026-12-03T10:50:00+03:00").await;
    let ticket =
        json!({ "officeId": "two", "number": visited.text("/number"), "code": visited.text("/code") });
    world.post("/v1/check-ins", ticket).await.expect(201);
    world.until("2026-12-03T12:00:00+03:00").await;
    let list = world.get_as(&anna, "/v1/appointments").await.expect(200);
    let number = |of: &Answer| of.text("/number");
    let (missed_n, visited_n, cancelled_n, coming_n) =
        (number(&missed), number(&visited), number(&cancelled), number(&coming));
    let mut all = listed(&list);
    let mut expected = vec![
        (coming_n.as_str(), true, "Подтверждено"),
        (cancelled_n.as_str(), false, "Отменено"),
        (visited_n.as_str(), false, "Подтверждено"),
        (missed_n.as_str(), false, "Неявка"),
    ];
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
    let first = world.get_as(&anna, "/v1/appointments?limit=3").await.expect(200);
    let rest =
        world.get_as(&anna, &format!("/v1/appointments?limit=3&cursor={}", first.text("/nextCursor"))).await;
    assert_eq!((listed(&first).len(), listed(&rest).len()), (3, 1), "page by page");
    for (of, last) in
        [(&missed, "no-show"), (&visited, "checked-in"), (&cancelled, "cancelled"), (&coming, "booked")]
    {
        let history = world.get_as(&anna, &format!("{}/history", path(of))).await.expect(200);
        assert_eq!(history.body["items"].as_array().unwrap().last().unwrap()["what"], last);
    }
}

#[tokio::test]
async fn what_one_fills_in_is_kept_and_the_visits_phone_is_told() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut asked = child(THURSDAY);
    asked["purpose"] = json!("пособие на двоих");
    asked["contactPhone"] = json!("8 (999) 765-43-21");
    asked["contactEmail"] = json!("husband@example.ru");
    asked["fields"]["note"] = json!("близнецы");
    let wrong = [
        ("children", "0", "out-of-range"),
        ("children", "два", "out-of-range"),
        ("note", "слишком длинное примечание", "too-long"),
        ("colour", "red", "unknown-field"),
    ];
    for (field, value, code) in wrong {
        let mut bad = asked.clone();
        bad["fields"][field] = json!(value);
        let answer = world.post_as(&anna, "/v1/appointments", bad).await.refused(422, "invalid-request");
        let error = (answer.text("/errors/0/field"), answer.text("/errors/0/code"));
        assert_eq!(error, (format!("fields.{field}"), code.to_owned()));
    }
    let mut landline = asked.clone();
    landline["contactPhone"] = json!("8 (495) 123-45-67");
    let answer = world.post_as(&anna, "/v1/appointments", landline).await.refused(422, "invalid-request");
    assert_eq!(answer.text("/errors/0/code"), "not-a-mobile");

    let before = world.sent_to(&anna.phone).len();
    let booked = world.post_as(&anna, "/v1/appointments", asked).await.expect(201);
    world.settle().await;
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let kept = world.get_as(&anna, &path).await.expect(200);
    let application = json!({
        "purpose": "пособие на двоих", "contactPhone": "+79997654321", "contactEmail": "husband@example.ru",
        "fields": { "children": "2", "note": "близнецы" }, "rulesVersion": "2026-11",
        "agreedAt": "2026-12-01T10:00:00+03:00",
    });
    assert_eq!(kept.body["application"], application);
    for personal in ["двоих", "близнецы", "+79997654321", "husband@example.ru"] {
        assert!(!world.stands_in_clear(personal), "{personal} stands in the table");
    }
    // Everything about this visit goes to its phone, and by mail to the address that is confirmed.
    let to = json!({ "officeId": "three", "startsAt": "2026-12-03T11:00:00+03:00" });
    world.post_as(&anna, &format!("{path}/reschedule"), to).await.expect(200);
    world.until("2026-12-02T11:00:00+03:00").await;
    let told = world.sent_to("+79997654321");
    assert_eq!(told.len(), 3, "booked, moved, reminded: {told:?}");
    assert!(told[0].contains(&booked.text("/code")));
    assert_eq!(world.sent_to(&anna.phone).len(), before);
    assert!(world.sent_to("husband@example.ru").is_empty(), "nobody has confirmed that address");
    assert_eq!(world.sent_to(&anna.email).len(), 4, "the link, booked, moved, reminded");
    let kept = world.get_as(&anna, &path).await.expect(200);
    assert_eq!(kept.body["application"], application, "moving keeps it");
    // Another visit of hers is told to her own phone.
    world.book(&anna, "two", "talk", FRIDAY).await;
    assert_eq!(world.sent_to(&anna.phone).len(), before + 1);
}

#[tokio::test]
async fn moving_too_has_its_last_moment_a_day_before() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let to = |start: &str| json!({ "officeId": "two", "startsAt": start });
    world.until("2026-12-02T10:00:00+03:00").await;
    world.post_as(&anna, &path, to("2026-12-03T10:30:00+03:00")).await.expect(200);
    world.until("2026-12-02T10:30:01+03:00").await;
    let late = world.post_as(&anna, &path, to(FRIDAY)).await.refused(409, "too-late");
    assert_eq!(late.text("/deadline"), "2026-12-02T10:30:00+03:00");
    assert_eq!(late.text("/phone"), "+74951234567");
    assert!(late.text("/detail").contains("среда, 2 декабря"), "{}", late.raw);
    world.until("2026-12-02T10:40:00+03:00").await;
}

#[tokio::test]
async fn a_move_that_comes_too_late_for_the_slot_is_told_the_nearest_others() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    world.book(&boris, "one", "talk", FRIDAY).await;
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let to = json!({ "officeId": "one", "startsAt": FRIDAY });
    let taken = world.post_as(&anna, &format!("{path}/reschedule"), to).await.refused(409, "slot-taken");
    let near: Vec<(&str, &str)> = taken.body["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["office"]["id"].as_str().unwrap(), one["startsAt"].as_str().unwrap()))
        .collect();
    assert!(near.contains(&("one", "2026-12-07T10:00:00+03:00")), "the next free day: {near:?}");
    assert!(near.contains(&("two", FRIDAY)), "the same time next door: {near:?}");
    assert_eq!(world.get_as(&anna, &path).await.text("/startsAt"), THURSDAY, "the old slot is kept");
    let (office, start) = near[0];
    let to = json!({ "officeId": office, "startsAt": start });
    world.post_as(&anna, &format!("{path}/reschedule"), to).await.expect(200);
    world.until("2026-12-01T10:20:00+03:00").await;
}

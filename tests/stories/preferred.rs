//! When one would like to come, kept with what is filled in for a visit (BKG-8, CHG-6).

use serde_json::{Value, json};
use tests::{Answer, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";

fn wrong(answer: &Answer) -> (String, String) {
    (answer.text("/errors/0/field"), answer.text("/errors/0/code"))
}

fn asked(dates: Value) -> Value {
    let mut body = booking("three", "child", THURSDAY);
    body["fields"] = json!({ "children": "2" });
    body["preferredDates"] = dates;
    body
}

fn range(from: &str, to: &str) -> Value {
    json!({ "from": from, "to": to })
}

#[tokio::test]
async fn preferred_dates_are_kept_shown_corrected_and_given_to_their_owner() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // Today, by the office's calendar, and the last day that can be booked.
    let dates = json!([range("2026-12-01", "2026-12-01"), range("2026-12-20", "2026-12-31")]);
    let done = world.post_as(&anna, "/v1/appointments", asked(dates.clone())).await.expect(201);
    let path = format!("/v1/appointments/{}", done.text("/id"));
    let shown = world.get_as(&anna, &path).await.expect(200);
    assert_eq!(shown.body["application"]["preferredDates"], dates);
    assert!(!world.stands_in_clear("2026-12-20"), "sealed with the rest");
    world.settle().await;
    // What is not named stays, also when its first day has passed by then.
    world.until("2026-12-02T09:00:00+03:00").await;
    let after = world.patch_as(&anna, &path, json!({ "purpose": "пособие" })).await.expect(200);
    assert_eq!(after.body["application"]["preferredDates"], dates);
    let past = world.patch_as(&anna, &path, json!({ "preferredDates": dates })).await.expect(200);
    assert_eq!(past.body["version"], after.body["version"], "the same again changes nothing");
    let other = json!([range("2026-12-03", "2026-12-04")]);
    let after = world.patch_as(&anna, &path, json!({ "preferredDates": other })).await.expect(200);
    assert_eq!(after.body["application"]["preferredDates"], other);
    let given =
        world.post_as(&anna, "/v1/me/export", json!({ "password": tests::PASSWORD })).await.expect(200);
    assert!(given.raw.contains("\"preferredDates\":[{\"from\":\"2026-12-03\""), "{}", given.raw);
    let after = world.patch_as(&anna, &path, json!({ "preferredDates": null })).await.expect(200);
    assert_eq!(after.body["application"]["preferredDates"], Value::Null);
}

#[tokio::test]
async fn each_date_that_cannot_be_preferred_is_named() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let good = range("2026-12-02", "2026-12-04");
    let cases = [
        (json!([good, good, good, good]), "preferredDates", "too-many"),
        (json!([good, range("2026-12-05", "2026-12-04")]), "preferredDates[1].from", "from-after-to"),
        (json!([range("2026-11-30", "2026-12-04")]), "preferredDates[0].from", "past"),
        (json!([range("2026-12-05", "2027-01-01")]), "preferredDates[0].to", "date-too-far"),
        (json!([range("5 декабря", "2026-12-06")]), "preferredDates[0].from", "not-a-date"),
        (json!([{ "from": "2026-12-05" }]), "preferredDates[0].to", "required"),
    ];
    for (dates, field, code) in &cases {
        let answer = world.post_as(&anna, "/v1/appointments", asked(dates.clone())).await;
        let answer = answer.refused(422, "invalid-request");
        assert_eq!(wrong(&answer), ((*field).to_owned(), (*code).to_owned()), "{dates}");
    }
    let done = world.post_as(&anna, "/v1/appointments", asked(json!([good]))).await.expect(201);
    let path = format!("/v1/appointments/{}", done.text("/id"));
    for (dates, field, code) in &cases {
        let answer = world.patch_as(&anna, &path, json!({ "preferredDates": dates })).await;
        let answer = answer.refused(422, "invalid-request");
        assert_eq!(wrong(&answer), ((*field).to_owned(), (*code).to_owned()), "{dates}");
    }
}

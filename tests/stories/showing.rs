//! Which days and times are shown, and in whose time.

use local::people::papers;
use serde_json::json;
use std::collections::BTreeMap;
use tests::World;

const MONTH: &str = "serviceId=talk&month=2027-01";

#[tokio::test]
async fn nothing_starts_sooner_than_two_hours_from_now() {
    let world = World::at("2026-12-01T08:30:00+03:00").await;
    let anna = world.citizen().await;
    let today = world.get("/v1/offices/two/slots?serviceId=paper&date=2026-12-01").await.expect(200);
    assert_eq!(today.text("/slots/0/startsAt"), "2026-12-01T10:30:00+03:00");
    let soon = world.try_book(&anna, "two", "paper", "2026-12-01T10:15:00+03:00").await;
    soon.refused(409, "slot-not-offered");
    world.until("2026-12-01T08:30:01+03:00").await;
    let later = world.get("/v1/offices/two/slots?serviceId=paper&date=2026-12-01").await.expect(200);
    assert_eq!(later.text("/slots/0/startsAt"), "2026-12-01T10:45:00+03:00");
    let soon = world.try_book(&anna, "two", "paper", "2026-12-01T10:30:00+03:00").await;
    soon.refused(409, "slot-not-offered");
    world.book(&anna, "two", "paper", "2026-12-01T10:45:00+03:00").await;
    world.until("2026-12-01T10:00:00+03:00").await;
    let gone = world.get("/v1/offices/two/slots?serviceId=paper&date=2026-12-01").await.expect(200);
    assert_eq!(gone.text("/reason"), "before-lead-time");
    assert_eq!(gone.text("/text"), "До начала осталось слишком мало времени");
}

/// What the calendar of January says of a date.
async fn january(world: &World, office: &str, on: &str) -> String {
    let month = world.get(&format!("/v1/offices/{office}/calendar?{MONTH}")).await.expect(200);
    let day = month.body["days"].as_array().unwrap().iter().find(|day| day["date"] == on).cloned().unwrap();
    day["reason"].as_str().or(day["state"].as_str()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_calendar_opens_a_day_more_at_eight_in_the_offices_morning() {
    // The 1st of January, a Friday, is 30 days after the 2nd of December.
    let world = World::at("2026-12-02T07:59:59+03:00").await;
    let anna = world.citizen().await;
    assert_eq!(january(&world, "two", "2027-01-01").await, "beyond-horizon");
    let early = world.try_book(&anna, "two", "talk", "2027-01-01T10:00:00+03:00").await;
    early.refused(409, "slot-not-offered");
    world.until("2026-12-02T08:00:00+03:00").await;
    assert_eq!(january(&world, "two", "2027-01-01").await, "free");
    assert_eq!(january(&world, "two", "2027-01-04").await, "beyond-horizon");
    world.book(&anna, "two", "talk", "2027-01-01T10:00:00+03:00").await;
    // Kamchatka's morning is nine hours ahead of Moscow's.
    let world = World::at("2026-12-01T22:59:59+03:00").await;
    assert_eq!(january(&world, "far", "2027-01-01").await, "beyond-horizon");
    world.until("2026-12-01T23:00:00+03:00").await;
    assert_eq!(january(&world, "far", "2027-01-01").await, "free");
    assert_eq!(january(&world, "two", "2027-01-01").await, "beyond-horizon");
}

#[tokio::test]
async fn in_all_eleven_zones_times_are_the_offices_own() {
    let world = World::real("2026-12-01T12:00:00+03:00").await;
    let offices = world.get("/v1/offices?service=large-family&limit=50").await.expect(200);
    let mut seen = BTreeMap::new();
    for office in offices.body["items"].as_array().unwrap() {
        let id = office["id"].as_str().unwrap();
        let calendar =
            world.get(&format!("/v1/offices/{id}/calendar?serviceId=large-family")).await.expect(200);
        let free =
            calendar.body["days"].as_array().unwrap().iter().find(|day| day["state"] == "free").unwrap();
        let date = free["date"].as_str().unwrap();
        let path = format!("/v1/offices/{id}/slots?serviceId=large-family&date={date}");
        let slots = world.get(&path).await.expect(200);
        let (starts_at, zone) = (slots.text("/slots/0/startsAt"), slots.text("/office/zone"));
        assert!(starts_at.starts_with(date), "{starts_at} is on {date} there");
        let hour: u32 = starts_at[11..13].parse().unwrap();
        assert!((7..=18).contains(&hour), "{id} receives by day: {starts_at}");
        // People read the same time of day.
        assert!(slots.text("/slots/0/text").contains(&starts_at[11..16]), "{}", slots.raw);
        seen.insert(starts_at[19..].to_owned(), (id.to_owned(), starts_at, zone));
    }
    let offsets: Vec<&str> = seen.keys().map(String::as_str).collect();
    let all = [
        "+02:00", "+03:00", "+04:00", "+05:00", "+06:00", "+07:00", "+08:00", "+09:00", "+10:00", "+11:00",
        "+12:00",
    ];
    assert_eq!(offsets, all);
    // Booked, told and kept in the time of the place, wherever one sits.
    for (offset, (id, starts_at, zone)) in &seen {
        let anna = world.citizen().await;
        let mut asked = tests::booking(id, "large-family", starts_at);
        asked["fields"] = json!({ "children": "3" });
        papers(&world.system, &anna.token, "large-family").await.expect("papers");
        let booked = world.post_as(&anna, "/v1/appointments", asked).await.expect(201);
        world.settle().await;
        assert_eq!((&booked.text("/startsAt"), &booked.text("/office/zone")), (starts_at, zone));
        let sms = world.sent_to(&anna.phone).pop().unwrap();
        assert!(sms.contains(&starts_at[11..16]), "{offset}: {sms}");
        let mail = world.sent_to(&anna.email).pop().unwrap();
        let said = format!("UTC+{}", offset[1..3].trim_start_matches('0'));
        assert!(mail.contains(&starts_at[11..16]) && mail.contains(&said), "{offset}: {mail}");
    }
}

#[tokio::test]
async fn a_visit_takes_its_whole_time_in_one_window() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let child = |starts_at: &str| {
        let mut asked = tests::booking("three", "child", starts_at);
        asked["fields"] = json!({ "children": "1" });
        asked
    };
    let starts = async |service: &str| {
        let path = format!("/v1/offices/three/slots?serviceId={service}&date=2026-12-03");
        let slots = world.get(&path).await.expect(200);
        let read = |slot: &serde_json::Value| slot["startsAt"].as_str().unwrap()[11..16].to_owned();
        slots.body["slots"].as_array().unwrap().iter().map(read).collect::<Vec<_>>()
    };
    assert_eq!(starts("child").await, ["10:00", "11:00"]);
    assert_eq!(starts("care").await, ["10:00", "10:30", "11:00", "11:30"]);
    // Half an hour in the middle of the first hour leaves no room for a whole one.
    let short = world.book(&anna, "three", "care", "2026-12-03T10:30:00+03:00").await;
    assert_eq!(short.text("/endsAt"), "2026-12-03T11:00:00+03:00");
    assert_eq!(starts("child").await, ["11:00"]);
    let asked = world.post_as(&boris, "/v1/appointments", child("2026-12-03T10:00:00+03:00")).await;
    asked.refused(409, "slot-taken");
    let long =
        world.post_as(&boris, "/v1/appointments", child("2026-12-03T11:00:00+03:00")).await.expect(201);
    assert_eq!(long.text("/endsAt"), "2026-12-03T12:00:00+03:00");
    assert_eq!(starts("care").await, ["10:00"]);
    world.settle().await;
}

async fn days(world: &World, more: &str) -> Vec<(String, String)> {
    let calendar = world.get(&format!("/v1/offices/two/calendar?serviceId=talk{more}")).await.expect(200);
    let days = calendar.body["days"].as_array().cloned().unwrap_or_default();
    let text = |day: &serde_json::Value, member: &str| day[member].as_str().unwrap_or_default().to_owned();
    days.iter().map(|day| (text(day, "date"), text(day, "reason"))).collect()
}

#[tokio::test]
async fn a_calendar_and_a_day_show_what_is_looked_for() {
    let world = World::new().await;
    let none = |reason: &str| reason == "none-match-filter";
    // From Tuesday to Thursday, on Tuesdays only: the office receives from nine to twelve.
    let week = days(&world, "&from=2026-12-08&to=2026-12-10&weekdays=2").await;
    let plain: Vec<(&str, bool)> = week.iter().map(|(on, why)| (on.as_str(), none(why))).collect();
    assert_eq!(plain, [("2026-12-08", false), ("2026-12-09", true), ("2026-12-10", true)]);
    for (more, empty) in [
        ("&after=18:00", true),
        ("&before=09:00", true),
        ("&after=11:30", false),
        ("&before=09:30", false),
        ("&part=morning", false),
        ("&part=evening", true),
    ] {
        let day = days(&world, &format!("&from=2026-12-08&to=2026-12-08{more}")).await;
        assert_eq!(none(&day[0].1), empty, "{more}");
    }
    let late =
        world.get("/v1/offices/two/slots?serviceId=talk&date=2026-12-08&after=11:00").await.expect(200);
    let starts: Vec<_> =
        late.body["slots"].as_array().unwrap().iter().map(|slot| &slot["startsAt"]).collect();
    assert_eq!(starts, ["2026-12-08T11:00:00+03:00", "2026-12-08T11:30:00+03:00"]);
    let wrong =
        "/v1/offices/two/calendar?serviceId=talk&from=2026-12-09&to=2026-12-08&weekdays=8&after=9&part=x";
    let wrong = world.get(wrong).await.refused(422, "invalid-request");
    let fields: Vec<_> =
        wrong.body["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["to", "part", "weekdays", "after"]);
}

#[tokio::test]
async fn the_nearest_free_time_is_found_across_offices() {
    let world = World::new().await;
    let nearest = async |more: &str| {
        let found = world.get(&format!("/v1/services/talk/nearest?regionId=RU-MOW{more}")).await.expect(200);
        let items = found.body["starts"].as_array().cloned().unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        items.iter().map(|item| (text(&item["office"]["id"]), text(&item["startsAt"]))).collect::<Vec<_>>()
    };
    let all = nearest("").await;
    assert!(all.len() >= 2 && all.is_sorted_by_key(|(_, at)| at.clone()), "{all:?}");
    let (office, at) = all[0].clone();
    let anna = world.citizen().await;
    world.book(&anna, &office, "talk", &at).await;
    let friday = nearest("&weekdays=5&after=11:30").await;
    assert!(friday.iter().all(|(_, at)| at.as_str() >= "2026-12-04T11:30"), "{friday:?}");
    assert!(nearest("&after=23:00").await.is_empty());
    world.get("/v1/services/talk/nearest").await.refused(422, "invalid-request");
    world.get("/v1/services/walk/nearest?regionId=RU-MOW").await.refused(404, "not-found");
}

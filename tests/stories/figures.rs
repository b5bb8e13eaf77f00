//! What a manager reads of an office's days (OFC-7).

use super::acts::{full_days, join, manager, wish};
use http::Method;
use serde_json::{Value, json};
use tests::{Citizen, Colleague, World};

/// A Friday at the office «two»: one is served, one does not come, one gives a time up that another takes.
async fn friday() -> (World, Colleague) {
    let world = World::new().await;
    let at = |time: &str| format!("2026-12-04T{time}:00+03:00");
    let mut people: Vec<Citizen> = Vec::new();
    for _ in 0..4 {
        people.push(world.citizen().await);
    }
    let served = world.book(&people[0], "two", "paper", &at("10:00")).await;
    world.book(&people[1], "two", "paper", &at("10:15")).await;
    let given_up = world.book(&people[2], "two", "paper", &at("11:00")).await;
    let path = format!("/v1/appointments/{}/cancel", given_up.text("/id"));
    world.post_as(&people[2], &path, json!({})).await.expect(200);
    world.until("2026-12-01T12:00:00+03:00").await;
    world.book(&people[3], "two", "paper", &at("11:00")).await;
    world.until(&at("09:50")).await;
    let head = manager(&world, "two").await;
    let number = json!({ "number": served.text("/number") });
    let arrived = world.staff(&head, Method::POST, "offices/two/arrivals", number).await.expect(200);
    world.until(&at("10:06")).await;
    for (step, body) in [("receive", json!({})), ("close", json!({ "result": "served" }))] {
        let path = format!("visits/{}/{step}", arrived.text("/id"));
        world.staff(&head, Method::POST, &path, body).await.expect(200);
        world.settle().await;
    }
    world.until(&at("10:40")).await;
    (world, head)
}

#[tokio::test]
async fn a_manager_reads_what_days_came_to_and_takes_them_along_as_a_table() {
    let (world, head) = friday().await;
    let week = "offices/two/figures?from=2026-11-30&to=2026-12-04";
    let read = world.staff(&head, Method::GET, week, Value::Null).await.expect(200);
    let day = &read.body["days"][4];
    assert_eq!(day["date"], json!("2026-12-04"));
    // Two windows for three hours; three visits of a quarter of an hour.
    assert_eq!((&day["openMinutes"], &day["takenMinutes"]), (&json!(360), &json!(45)));
    assert_eq!(
        (&day["useOfTime"], &day["visits"], &day["openVisits"]),
        (&json!(0.125), &json!(3), &json!(1))
    );
    assert_eq!((&day["noShows"], &day["cancelled"], &day["reused"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((&day["results"]["served"], &day["waitedMedianMinutes"]), (&json!(1), &json!(6)));
    assert_eq!(read.body["total"]["visits"], json!(3));
    assert_eq!(read.body["windows"][0]["visits"], json!(3));
    assert_eq!(read.body["services"][0]["service"]["id"], json!("paper"));
    for person in ["Петрова", "+7999"] {
        assert!(!read.raw.contains(person), "of nobody by name");
    }
    let table = world.staff(&head, Method::GET, &format!("{week}&format=csv"), Value::Null).await.expect(200);
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    let rows: Vec<&str> = table.raw.split("\r\n").collect();
    assert_eq!(rows.len(), 7, "a head, five days, and an end: {}", table.raw);
    assert_eq!(rows[5], "2026-12-04,360,45,0.125,3,0,1,1,1,0,0,0,0,1,0,1,6,6,0");
}

#[tokio::test]
async fn figures_are_of_ones_own_office_and_of_two_months_at_most() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let ask = async |office: &str, more: &str| {
        let path = format!("offices/{office}/figures{more}");
        world.staff(&head, Method::GET, &path, Value::Null).await
    };
    ask("one", "").await.refused(403, "beyond-your-rights");
    ask("nowhere", "").await.refused(404, "not-found");
    let month = ask("two", "").await.expect(200);
    assert_eq!((month.text("/from"), month.text("/to")), ("2026-11-02".into(), "2026-12-01".into()));
    assert_eq!(month.body["days"].as_array().map(Vec::len), Some(30));
    let long = ask("two", "?from=2026-10-01&to=2026-12-02").await.refused(422, "invalid-request");
    assert_eq!(long.body["errors"][0]["field"], json!("to"), "{}", long.raw);
    ask("two", "?from=2026-10-01&to=2026-12-01").await.expect(200);
    ask("two", "?from=2026-12-02&to=2026-12-01").await.refused(422, "invalid-request");
    // The ends of what a date can be.
    for edge in ["?from=%2B262142-12-31", "?to=-262143-01-01"] {
        assert!(ask("two", edge).await.status < 500, "{edge}");
    }
    ask("two", "?format=xls").await.refused(422, "invalid-request");
}

#[tokio::test]
async fn a_manager_sees_who_waits_for_which_days_beside_what_is_planned() {
    let world = World::new().await;
    full_days(&world, &["2026-12-03", "2026-12-04"]).await;
    let both = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-03", "to": "2026-12-04" });
    for wished in [wish("talk", "one", "2026-12-04", "2026-12-04"), both] {
        join(&world, wished).await;
        world.until(&(world.system.now() + chrono::TimeDelta::minutes(1)).to_rfc3339()).await;
    }
    let head = manager(&world, "one").await;
    let seen =
        world.staff(&head, Method::GET, "offices/one/demand?week=2026-12-06", Value::Null).await.expect(200);
    assert_eq!((seen.text("/week"), seen.text("/items/0/service/id")), ("2026-11-30".into(), "talk".into()));
    let talk = &seen.body["items"][0];
    assert_eq!((talk["waiting"].clone(), talk["more"].clone()), (json!(2), json!(false)));
    assert_eq!(talk["waitingSince"].as_str().unwrap()[..16], *"2026-12-01T10:00");
    let day = |n: usize| {
        let day = &talk["weekDays"][n];
        [&day["waiting"], &day["planned"], &day["free"]].map(|number| number.as_u64().unwrap())
    };
    // Wednesday, Thursday, Friday, Saturday.
    assert_eq!([day(2), day(3), day(4), day(5)], [[0, 1, 1], [1, 1, 0], [2, 1, 0], [0, 0, 0]]);
    let next =
        world.staff(&head, Method::GET, "offices/one/demand?week=2026-12-07", Value::Null).await.expect(200);
    assert_eq!(next.body["items"][0]["waiting"], json!(0));
    world
        .staff(&head, Method::GET, "offices/two/demand", Value::Null)
        .await
        .refused(403, "beyond-your-rights");
    let unknown = "offices/one/demand?serviceId=paper";
    let refused = world.staff(&head, Method::GET, unknown, Value::Null).await.refused(422, "invalid-request");
    assert_eq!(refused.text("/errors/0/code"), "unknown-service");
}

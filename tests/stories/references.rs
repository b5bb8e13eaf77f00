//! The files by which every office goes, changed while people book: holidays, services, agencies, regions (OFC-1, AVL-2).

use super::acts::{FRIDAY, file, kinds, put, touched};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Colleague, World};

async fn look(world: &World, who: &Colleague, name: &str) -> Answer {
    world.staff(who, Method::GET, &format!("references/{name}"), Value::Null).await
}

async fn replace(world: &World, who: &Colleague, name: &str, text: &str, more: Value) -> Answer {
    let mut body = json!({ "version": 0, "file": text, "reason": "Постановление № 1" });
    for (key, value) in more.as_object().cloned().unwrap_or_default() {
        body[key] = value;
    }
    world.staff(who, Method::POST, &format!("references/{name}"), body).await
}

fn with_day(holidays: &str, day: &str) -> String {
    holidays.replacen("days = [\n", &format!("days = [\n  {{ {day} }},\n"), 1)
}

async fn starts(world: &World, date: &str) -> usize {
    let path = format!("/v1/offices/two/slots?serviceId=talk&date={date}");
    world.get(&path).await.expect(200).body["slots"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_new_holiday_is_told_to_all_who_are_expected_on_it_wherever_that_is() {
    let world = World::new().await;
    let (anna, boris, vera) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let chief = world.chief().await;
    let lost = world.book(&anna, "two", "talk", FRIDAY).await.text("/id");
    let kept = world.book(&boris, "two", "talk", "2026-12-03T10:00:00+03:00").await.text("/id");
    world.book(&vera, "one", "talk", FRIDAY).await;
    assert_eq!(starts(&world, "2026-12-04").await, 6);
    let before = look(&world, &chief, "holidays").await.expect(200);
    assert_eq!(before.body["version"], json!(0));
    let text = with_day(&before.text("/file"), "on = \"2026-12-04\", is = \"holiday\"");
    let told = replace(&world, &chief, "holidays", &text, json!({ "dryRun": true })).await.expect(200);
    assert_eq!(told.body["touches"]["appointments"], json!(2));
    assert_eq!(
        told.body["differences"],
        json!([{ "path": "days[2026-12-04].on", "after": "2026-12-04" },
            { "path": "days[2026-12-04].is", "after": "holiday" }])
    );
    replace(&world, &chief, "holidays", &text, json!({})).await.refused(409, "touches-appointments");
    replace(&world, &chief, "holidays", &text, json!({ "confirm": 1 }))
        .await
        .refused(409, "touches-appointments");
    assert_eq!(starts(&world, "2026-12-04").await, 6, "nothing was changed yet");
    let done = replace(&world, &chief, "holidays", &text, json!({ "confirm": 2 })).await.expect(200);
    assert_eq!(done.body["version"], json!(1));
    world.settle().await;
    assert_eq!(starts(&world, "2026-12-04").await, 0);
    for (who, id, status) in [(&anna, &lost, "Отменено"), (&boris, &kept, "Подтверждено")]
    {
        let seen = world.get_as(who, &format!("/v1/appointments/{id}")).await.expect(200);
        assert_eq!(seen.text("/status"), status);
    }
    // Told once, with the reason; and first to be offered another time.
    let told = kinds(&world, &anna).await;
    assert_eq!(told, ["booked", "displaced", "offer-made"]);
    let mail = world.sent_to(&anna.email);
    assert!(mail.iter().any(|mail| mail.contains("Постановление № 1")), "{mail:?}");
    // The office's own file is as it was delivered; its number is new, and says why.
    let one = touched(&world, &chief, "two").await;
    assert_eq!((one.body["references"].clone(), one.body["givenUp"].clone()), (json!(1), json!(1)));
    world.until("2026-12-01T10:10:00+03:00").await;
    let history = world.staff(&chief, Method::GET, "references", Value::Null).await.expect(200);
    let said = |member: &str| history.body["items"][0][member].clone();
    assert_eq!((said("name"), said("offices"), said("done")), (json!("holidays"), json!(5), json!(true)));
    assert_eq!(said("reason"), json!("Постановление № 1"));
    // Asked once more, as after an answer that was lost: it stands.
    assert_eq!(
        replace(&world, &chief, "holidays", &text, json!({})).await.expect(200).body["version"],
        json!(1)
    );
}

#[tokio::test]
async fn a_saturday_that_becomes_a_working_day_is_seen_and_booked_at_once() {
    let world = World::new().await;
    let chief = world.chief().await;
    // The office was changed before, and is again afterwards: both count.
    let mine = file(&world, &chief, "two").await.text("/file");
    let shut = mine.replace("wed = [\"09:00-12:00\"]", "");
    let body = json!({ "version": 0, "file": shut, "reason": "Учёба" });
    put(&world, &chief, "two", body).await.expect(200);
    assert_eq!(starts(&world, "2026-12-05").await, 0);
    let holidays = look(&world, &chief, "holidays").await.text("/file");
    let text = with_day(&holidays, "on = \"2026-12-05\", is = \"working\", as = \"fri\"");
    replace(&world, &chief, "holidays", &text, json!({})).await.expect(200);
    world.settle().await;
    assert_eq!(starts(&world, "2026-12-05").await, 6);
    assert_eq!(starts(&world, "2026-12-02").await, 0, "there are no Wednesdays");
    world.book(&world.citizen().await, "two", "talk", "2026-12-05T09:00:00+03:00").await;
    let again = file(&world, &chief, "two").await;
    assert_eq!(again.body["version"], json!(2));
    let body = json!({ "version": 2, "file": mine, "reason": "Учёба окончена" });
    put(&world, &chief, "two", body).await.expect(200);
    assert_eq!((starts(&world, "2026-12-05").await, starts(&world, "2026-12-02").await), (6, 6));
    world.until("2026-12-01T10:10:00+03:00").await;
}

#[tokio::test]
async fn a_service_that_is_added_is_found_received_and_booked_under_its_name() {
    let world = World::new().await;
    let (anna, chief) = (world.citizen().await, world.chief().await);
    let services = look(&world, &chief, "services").await.text("/file");
    let text = format!(
        "{services}\n[[services]]\nid = \"sanatorium\"\ncategory = \"other\"\nname = {{ ru = \"Путёвка в санаторий\", en = \
         \"Sanatorium\" }}\nsummary = {{ ru = \"Заявление.\", en = \"To apply.\" }}\nkind = \"application\"\n\
         duration_min = 30\nterm_days = 10\n"
    );
    replace(&world, &chief, "services", &text, json!({})).await.expect(200);
    world.settle().await;
    let mine = file(&world, &chief, "two").await;
    let offering = mine.text("/file").replacen("[\"talk\"]", "[\"talk\", \"sanatorium\"]", 1);
    let body = json!({ "version": mine.body["version"], "file": offering, "reason": "Новая услуга" });
    put(&world, &chief, "two", body).await.expect(200);
    world.settle().await;
    let month = world.get("/v1/offices/two/calendar?serviceId=sanatorium").await.expect(200);
    assert_eq!(month.text("/service/name"), "Путёвка в санаторий");
    let booked = world.book(&anna, "two", "sanatorium", FRIDAY).await;
    assert!(booked.text("/queueNumber").starts_with('Б'), "{}", booked.raw);
    world.settle().await;
    let list = world.get_as(&anna, "/v1/appointments").await.expect(200);
    assert_eq!(list.text("/items/0/service/name"), "Путёвка в санаторий");
    assert!(world.sent_to(&anna.email).iter().any(|mail| mail.contains("Путёвка в санаторий")));
    world.until("2026-12-01T10:05:00+03:00").await;
    let found = world.get("/v1/services?q=санатория").await.expect(200);
    assert_eq!(found.text("/items/0/id"), "sanatorium");
}

#[tokio::test]
async fn every_mistake_of_such_a_file_is_told_with_its_line() {
    let world = World::new().await;
    let chief = world.chief().await;
    let good = look(&world, &chief, "services").await.text("/file");
    let spoil = [
        (
            "duration_min = 15\nterm_days = 3",
            "duration_min = 17\nterm_days = 3",
            "services[paper].duration_min",
        ),
        ("duration_min = 60", "duration_min = 600", "services[child].duration_min"),
        ("\"birth\", copy = true", "\"birth\"", "services[child].documents[birth]"),
        (
            "document = \"passport\", original = true }]\n\n[[services]]\nid = \"paper\"",
            "document = \"passpart\", original = true }]\n\n[[services]]\nid = \"paper\"",
            "services[talk].documents[passpart]",
        ),
        ("max = 20\n  required", "max = 0\n  required", "services[child].fields[children].max"),
        ("ru = \"Уход за ребёнком\"", "ru = \" \"", "services[care].name.ru"),
        (
            "id = \"camp\"\ncategory = \"family\"",
            "id = \"camp\"\ncategory = \"famili\"",
            "services[camp].category",
        ),
        ("ru = \"Свидетельство о рождении\"", "ru = \"\"", "documents[birth].ru"),
        ("id = \"school\"", "id = \"uniform\"", "services"),
        ("bookable = false", "bookable = false\nlead_min = -5", "services[hotline].lead_min"),
    ];
    let mut bad = good.clone();
    for (from, to, _) in spoil {
        assert!(bad.contains(from), "{from}");
        bad = bad.replacen(from, to, 1);
    }
    let told = replace(&world, &chief, "services", &bad, json!({ "dryRun": true })).await;
    let told = told.refused(422, "office-file-wrong");
    let errors = told.body["errors"].as_array().cloned().unwrap_or_default();
    let mut missing = Vec::new();
    for (_, _, field) in spoil {
        let found = errors.iter().find(|error| error["field"] == json!(field));
        let message = found.and_then(|error| error["message"].as_str()).unwrap_or_default();
        let line = message.split(':').next().unwrap_or_default().parse::<usize>();
        match line.ok().and_then(|line| bad.lines().nth(line - 1)) {
            Some(at) => println!("{field} :: {at} :: {message}"),
            None => missing.push(field),
        }
    }
    assert!(missing.is_empty(), "{missing:?}\n{}", told.raw);
    assert_eq!(errors.len(), 10, "{}", told.raw);
    // Agencies do not move to other regions: rights hang on where they are.
    let agencies = look(&world, &chief, "agencies").await.text("/file");
    let moved = agencies.replacen("RU-MOW", "RU-KAM", 1);
    let told = replace(&world, &chief, "agencies", &moved, json!({})).await.refused(422, "office-file-wrong");
    assert_eq!(told.body["errors"][0]["field"], json!("agencies[msk].region"), "{}", told.raw);
    look(&world, &chief, "offices").await.refused(404, "not-found");
}

#[tokio::test]
async fn only_who_answers_for_everything_changes_what_every_office_goes_by() {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "manager", "officeId": "two" }]);
    let head = world.colleague(&chief, "manager@example.ru", grants).await;
    let grants = json!([{ "role": "administrator", "regionId": "RU-MOW" }]);
    let region = world.colleague(&chief, "region@example.ru", grants).await;
    let holidays = look(&world, &chief, "holidays").await.text("/file");
    for who in [&head, &region] {
        look(&world, who, "holidays").await.refused(403, "beyond-your-rights");
        let dry = json!({ "dryRun": true });
        replace(&world, who, "holidays", &holidays, dry).await.refused(403, "beyond-your-rights");
        let history = world.staff(who, Method::GET, "references", Value::Null).await;
        history.refused(403, "beyond-your-rights");
    }
}

#[tokio::test]
async fn a_change_whose_messages_are_lost_arrives_everywhere_before_the_next_one() {
    let world = World::new().await;
    let chief = world.chief().await;
    let holidays = look(&world, &chief, "holidays").await.text("/file");
    let first = with_day(&holidays, "on = \"2026-12-04\", is = \"holiday\"");
    let second = with_day(&first, "on = \"2026-12-03\", is = \"short\"");
    world.system.deliveries().drop_next("changefeed", 1_000);
    replace(&world, &chief, "holidays", &first, json!({})).await.expect(200);
    world.settle().await;
    world.system.deliveries().clear();
    assert_eq!(starts(&world, "2026-12-04").await, 6);
    let by_old = replace(&world, &chief, "holidays", &second, json!({})).await;
    by_old.refused(409, "references-changed");
    let again = replace(&world, &chief, "holidays", &second, json!({ "version": 1 })).await;
    again.refused(409, "references-under-way");
    world.until("2026-12-01T10:06:00+03:00").await;
    assert_eq!(starts(&world, "2026-12-04").await, 0, "the clock found it");
    replace(&world, &chief, "holidays", &second, json!({ "version": 1 })).await.expect(200);
    world.settle().await;
    assert_eq!((starts(&world, "2026-12-04").await, starts(&world, "2026-12-03").await), (0, 4));
    world.until("2026-12-01T10:20:00+03:00").await;
}

#[tokio::test]
async fn what_a_region_announces_is_read_at_each_of_its_offices() {
    let world = World::new().await;
    let (anna, chief) = (world.citizen().await, world.chief().await);
    let regions = look(&world, &chief, "regions").await.text("/file");
    let says = "announcements = [{ from = \"2026-12-04\", to = \"2026-12-06\", text = { ru = \"Мороз: приходите к \
                самому началу\", en = \"Frost: come right on time\" } }], zone = \"Europe/Moscow\"";
    let text = regions.replacen("zone = \"Europe/Moscow\"", says, 1);
    replace(&world, &chief, "regions", &text, json!({})).await.expect(200);
    world.settle().await;
    let mut said = Vec::new();
    for office in ["one", "two", "far"] {
        let page = world.get(&format!("/v1/offices/{office}")).await.expect(200);
        said.push(page.text("/announcements/0/text"));
    }
    assert_eq!(said, ["Мороз: приходите к самому началу", "Мороз: приходите к самому началу", ""]);
    world.book(&anna, "two", "talk", FRIDAY).await;
    world.settle().await;
    let mail = world.sent_to(&anna.email);
    assert!(mail.iter().any(|mail| mail.contains("Мороз: приходите к самому началу")), "{mail:?}");
    world.until("2026-12-01T10:10:00+03:00").await;
}

#[tokio::test]
async fn a_holiday_is_told_to_who_booked_when_the_calendar_opened_further() {
    let world = World::new().await;
    let (anna, chief) = (world.citizen().await, world.chief().await);
    let services = look(&world, &chief, "services").await.text("/file");
    let far = services.replacen("term_days = 1\n", "term_days = 1\nhorizon_days = 60\n", 1);
    replace(&world, &chief, "services", &far, json!({})).await.expect(200);
    world.settle().await;
    let booked = world.book(&anna, "two", "talk", "2027-01-20T10:00:00+03:00").await.text("/id");
    replace(&world, &chief, "services", &services, json!({ "version": 1 })).await.expect(200);
    world.settle().await;
    let holidays = look(&world, &chief, "holidays").await.text("/file");
    let text = with_day(&holidays, "on = \"2027-01-20\", is = \"holiday\"");
    let more = json!({ "version": 2, "confirm": 1 });
    let done = replace(&world, &chief, "holidays", &text, more).await.expect(200);
    assert_eq!(done.body["touches"]["appointments"], json!(1));
    world.settle().await;
    let seen = world.get_as(&anna, &format!("/v1/appointments/{booked}")).await.expect(200);
    assert_eq!(seen.text("/status"), "Отменено");
    world.until("2026-12-01T10:10:00+03:00").await;
}

#[tokio::test]
async fn a_closing_and_a_holiday_of_one_day_do_not_hide_whom_each_other_touches() {
    let world = World::new().await;
    let (anna, chief) = (world.citizen().await, world.chief().await);
    let booked = world.book(&anna, "two", "talk", FRIDAY).await.text("/id");
    let holidays = look(&world, &chief, "holidays").await.text("/file");
    // The office is closed on that day, and before anybody has heard of it the day becomes a holiday.
    world.system.deliveries().drop_next("changefeed", 1_000);
    let closed = super::acts::close(&world, &chief, "two", json!({ "confirm": 1 })).await;
    closed.expect(200);
    let text = with_day(&holidays, "on = \"2026-12-04\", is = \"holiday\"");
    replace(&world, &chief, "holidays", &text, json!({})).await.expect(200);
    world.settle().await;
    world.system.deliveries().clear();
    let status =
        async || world.get_as(&anna, &format!("/v1/appointments/{booked}")).await.expect(200).text("/status");
    assert_eq!(status().await, "Подтверждено");
    world.until("2026-12-01T10:15:00+03:00").await;
    assert_eq!(status().await, "Отменено");
    assert_eq!(kinds(&world, &anna).await.iter().filter(|kind| *kind == "displaced").count(), 1);
}

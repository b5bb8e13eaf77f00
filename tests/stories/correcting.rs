//! What one filled in for a visit is corrected, and whoever moves to another region is told where to go there (CHG-6).

use super::identity::by_code;
use http::Method;
use local::embedded::faults::Fault;
use serde_json::{Value, json};
use tests::{Answer, Citizen, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";

/// Anna's visit about two children.
async fn booked(world: &World, anna: &Citizen) -> String {
    let mut asked = booking("three", "child", THURSDAY);
    asked["purpose"] = json!("пособие на двоих");
    asked["contactPhone"] = json!("+79997654321");
    asked["fields"] = json!({ "children": "2", "note": "близнецы" });
    let booked = world.post_as(anna, "/v1/appointments", asked).await.expect(201);
    world.settle().await;
    format!("/v1/appointments/{}", booked.text("/id"))
}

async fn did(world: &World, anna: &Citizen, path: &str) -> Vec<String> {
    let history = world.get_as(anna, &format!("{path}/history")).await.expect(200);
    let items = history.body["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|one| one["what"].as_str().unwrap_or_default().to_owned()).collect()
}

fn wrong(answer: &Answer) -> (String, String) {
    (answer.text("/errors/0/field"), answer.text("/errors/0/code"))
}

#[tokio::test]
async fn what_one_filled_in_is_corrected_part_by_part_and_the_rest_stays() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let path = booked(&world, &anna).await;
    let told = world.sent().len();
    let change = json!({
        "purpose": "пособие на троих", "contactPhone": null, "contactEmail": "husband@example.ru",
        "fields": { "children": "3", "note": null },
    });
    let after = world.patch_as(&anna, &path, change).await.expect(200);
    let application = json!({
        "purpose": "пособие на троих", "contactEmail": "husband@example.ru", "fields": { "children": "3" },
        "rulesVersion": "2026-11", "agreedAt": "2026-12-01T10:00:00+03:00",
    });
    assert_eq!((&after.body["application"], &after.body["version"]), (&application, &json!(2)));
    let found = world.get_as(&anna, &path).await.expect(200);
    assert_eq!(found.body["application"], application);
    assert_eq!((found.text("/startsAt"), found.text("/mark")), (THURSDAY.into(), "confirmed".into()));
    for personal in ["троих", "husband@example.ru"] {
        assert!(!world.stands_in_clear(personal), "{personal} stands in the table");
    }
    world.settle().await;
    assert_eq!(did(&world, &anna, &path).await, ["booked", "corrected"]);
    // Nobody needs to hear of what they wrote themselves; and what is said again changes nothing.
    assert_eq!(world.sent().len(), told);
    let again = world.patch_as(&anna, &path, json!({ "fields": { "children": "3" } })).await.expect(200);
    assert_eq!(again.body["version"], json!(2));
    // From now on the profile's phone hears of the visit.
    world.until("2026-12-02T10:00:00+03:00").await;
    assert!(
        world.sent_to(&anna.phone).pop().is_some_and(|sms| sms.contains("Напоминаем")),
        "{:?}",
        world.sent()
    );
    // Moved after it, everything is as it was corrected.
    let found = world.get_as(&anna, &path).await.expect(200);
    assert_eq!(found.body["application"], application);
}

#[tokio::test]
async fn a_correction_asks_what_a_booking_asks_and_no_more() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let path = booked(&world, &anna).await;
    for (change, field, code) in [
        (json!({ "fields": { "children": null } }), "fields.children", "required"),
        (json!({ "fields": { "children": "0" } }), "fields.children", "out-of-range"),
        (json!({ "fields": { "note": "слишком длинное примечание" } }), "fields.note", "too-long"),
        (json!({ "fields": { "colour": "red" } }), "fields.colour", "unknown-field"),
        (json!({ "contactPhone": "8 (495) 123-45-67" }), "contactPhone", "not-a-mobile"),
        (json!({ "contactEmail": "anna" }), "contactEmail", "not-an-email"),
        (json!({ "purpose": "а".repeat(301) }), "purpose", "too-long"),
    ] {
        let answer = world.patch_as(&anna, &path, change.clone()).await.refused(422, "invalid-request");
        assert_eq!(wrong(&answer), (field.to_owned(), code.to_owned()), "{change}");
    }
    // Neither the service nor the time nor the person.
    for field in ["serviceId", "startsAt", "officeId", "citizenId"] {
        let answer = world.patch_as(&anna, &path, json!({ field: "talk" })).await;
        assert_eq!(answer.status, 422, "{}", answer.raw);
    }
    world.patch_as(&boris, &path, json!({ "purpose": "моё" })).await.refused(404, "not-found");
    assert_eq!(did(&world, &anna, &path).await, ["booked"]);
    // What is to come can be corrected to the end, also when it can no longer be moved; what is over cannot.
    world.until("2026-12-03T09:50:00+03:00").await;
    world.patch_as(&anna, &path, json!({ "purpose": "пособие" })).await.expect(200);
    world.until("2026-12-03T10:11:00+03:00").await;
    world.patch_as(&anna, &path, json!({ "purpose": "иное" })).await.refused(409, "not-planned");
}

#[tokio::test]
async fn a_correction_is_one_thing_however_often_it_is_sent_and_staff_say_why() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let path = booked(&world, &anna).await;
    let change = json!({ "purpose": "пособие на троих" });
    let key = [("idempotency-key", "once")];
    let once = || world.ask(Method::PATCH, &path, Some(&anna.token), Some(change.clone()), &key);
    let first = once().await.expect(200);
    // Between the two she thinks otherwise.
    world.patch_as(&anna, &path, json!({ "purpose": "справка" })).await.expect(200);
    let second = once().await.expect(200);
    assert_eq!(
        (first.text("/application/purpose"), second.text("/application/purpose")),
        ("пособие на троих".into(), "справка".into())
    );
    let chief = world.chief().await;
    let operator =
        world.colleague(&chief, "o@example.ru", json!([{ "role": "operator", "officeId": "three" }])).await;
    let said = json!({ "officeId": "three", "method": "facts", "phone": anna.phone, "email": anna.email });
    let identify = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &identify, said).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let ask = |body: Value| world.ask(Method::PATCH, &path, Some(&operator.token), Some(body), &acting);
    let silent = ask(change.clone()).await.refused(422, "invalid-request");
    assert_eq!(wrong(&silent), ("reason".into(), "required".into()));
    ask(json!({ "purpose": "пособие", "reason": "Просила по телефону" })).await.expect(200);
    let history = world.get_as(&anna, &format!("{path}/history")).await.expect(200);
    let last = &history.body["items"][3];
    assert_eq!(
        (&last["what"], &last["why"]),
        (&json!("corrected"), &json!("Просила по телефону")),
        "{}",
        history.raw
    );
    world.settle().await;
}

#[tokio::test]
async fn whoever_moves_to_another_region_is_told_where_to_go_there() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let talk = world.book(&anna, "one", "talk", THURSDAY).await.text("/id");
    let paper = world.book(&anna, "two", "paper", "2026-12-04T10:00:00+03:00").await.text("/id");
    let to = |region: &str, text: &str| json!({ "address": { "regionId": region, "text": text } });
    // Within the region nothing is to be said.
    let near = world.patch_as(&anna, "/v1/me/profile", to("RU-MOW", "Arbat 1")).await.expect(200);
    assert!(near.body.get("elsewhere").is_none(), "{}", near.raw);
    let away = world.patch_as(&anna, "/v1/me/profile", to("RU-KAM", "Sovetskaya 1")).await.expect(200);
    let all = away.body["elsewhere"].as_array().cloned().unwrap_or_default();
    let offices = |id: &str| {
        let one = all.iter().find(|one| one["appointmentId"] == id).cloned().unwrap_or_default();
        let offices = one["offices"].as_array().cloned().unwrap_or_default();
        let ids: Vec<String> =
            offices.iter().map(|office| office["id"].as_str().unwrap_or_default().to_owned()).collect();
        (ids, one["text"].as_str().unwrap_or_default().to_owned())
    };
    let (there, said) = offices(&talk);
    assert_eq!(there, ["large", "far"]);
    assert!(said.contains("другом регионе") && said.contains("перенесите"), "{said}");
    let (there, said) = offices(&paper);
    assert!(there.is_empty() && said.contains("пока не записывают"), "{said}");
    // Both stand as they did, and told once it is not told again.
    let again = world.patch_as(&anna, "/v1/me/profile", to("RU-KAM", "Sovetskaya 2")).await.expect(200);
    assert!(again.body.get("elsewhere").is_none(), "{}", again.raw);
    for id in [talk, paper] {
        let found = world.get_as(&anna, &format!("/v1/appointments/{id}")).await.expect(200);
        assert_eq!(found.text("/phase"), "planned");
    }
    world.settle().await;
}

#[tokio::test]
async fn however_often_it_was_corrected_before_anybody_was_told_the_booking_is_told() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.system.deliveries().hold("notifier");
    let path = booked(&world, &anna).await;
    // More often than an appointment has its changes with it.
    for n in 1..=7 {
        world.patch_as(&anna, &path, json!({ "purpose": format!("дело {n}") })).await.expect(200);
    }
    world.system.deliveries().release("notifier");
    world.settle().await;
    let told = world.sent_to(&anna.email).pop().unwrap_or_default();
    assert!(told.contains("Вы записались на приём"), "{told}");
    // Once it is moved the booking is no news, and the move is.
    let boris = world.citizen().await;
    world.system.deliveries().hold("notifier");
    let moved = world.book(&boris, "one", "talk", THURSDAY).await.text("/id");
    let path = format!("/v1/appointments/{moved}");
    let to = json!({ "officeId": "one", "startsAt": "2026-12-04T10:00:00+03:00" });
    world.post_as(&boris, &format!("{path}/reschedule"), to).await.expect(200);
    for n in 1..=7 {
        world.patch_as(&boris, &path, json!({ "purpose": format!("дело {n}") })).await.expect(200);
    }
    let before = world.sent_to(&boris.email).len();
    world.system.deliveries().release("notifier");
    world.settle().await;
    let told = world.sent_to(&boris.email);
    assert_eq!(told.len(), before + 1, "{told:?}");
    assert!(told.last().is_some_and(|mail| mail.contains("перенесли запись")), "{told:?}");
}

#[tokio::test]
async fn nobody_corrects_without_end_and_the_office_still_does() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let path = booked(&world, &anna).await;
    for n in 1..20 {
        world.patch_as(&anna, &path, json!({ "purpose": format!("пособие {n}") })).await.expect(200);
    }
    let key = [("idempotency-key", "last")];
    let last = json!({ "purpose": "пособие 20" });
    let last = || world.ask(Method::PATCH, &path, Some(&anna.token), Some(last.clone()), &key);
    last().await.expect(200);
    let more = json!({ "purpose": "ещё раз" });
    let refused = world.patch_as(&anna, &path, more.clone()).await.refused(409, "too-many-corrections");
    assert!(refused.text("/detail").contains(&refused.text("/phone")), "{}", refused.raw);
    // Its answer was lost; and what comes to the same as before is no correction.
    last().await.expect(200);
    world.patch_as(&anna, &path, json!({ "purpose": "пособие 20" })).await.expect(200);
    // It stays hers, and whoever works there corrects what she tells them.
    let chief = world.chief().await;
    let operator =
        world.colleague(&chief, "o@example.ru", json!([{ "role": "operator", "officeId": "three" }])).await;
    let said = json!({ "officeId": "three", "method": "facts", "phone": anna.phone, "email": anna.email });
    let identified = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &identified, said).await.expect(201);
    let mut told = more;
    told["reason"] = json!("По телефону");
    let acting = [("acting-for", anna.id.as_str())];
    let after = world.ask(Method::PATCH, &path, Some(&operator.token), Some(told), &acting).await.expect(200);
    assert_eq!(
        (after.text("/application/purpose"), after.text("/phase")),
        ("ещё раз".into(), "planned".into())
    );
    assert_eq!(did(&world, &anna, &path).await.len(), 20, "a page of its history");
    world.settle().await;
}

#[tokio::test]
async fn whoever_prepares_the_visit_reads_what_was_filled_in() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let path = booked(&world, &anna).await;
    let said = json!({ "contactEmail": "husband@example.ru", "fields": { "children": "3" } });
    world.patch_as(&anna, &path, said).await.expect(200);
    let chief = world.chief().await;
    let grants = json!([{ "role": "specialist", "officeId": "three" }]);
    let specialist = world.colleague(&chief, "desk@example.ru", grants).await;
    let visit = format!("visits/{}.{}", anna.id, path.trim_start_matches("/v1/appointments/"));
    let seen = world.staff(&specialist, Method::GET, &visit, Value::Null).await.expect(200);
    let answers = json!([
        { "name": "children", "label": "Сколько детей", "value": "3" },
        { "name": "note", "label": "О чём ещё сказать", "value": "близнецы" },
    ]);
    assert_eq!(seen.body["fields"], answers, "{}", seen.raw);
    assert_eq!(seen.text("/contactEmail"), "husband@example.ru");
    assert_eq!(
        (seen.text("/phone"), seen.text("/purpose")),
        ("+79997654321".into(), "пособие на двоих".into())
    );
    assert_eq!(seen.text("/rulesVersion"), "2026-11");
    world.settle().await;
}

#[tokio::test]
async fn a_form_filled_in_ahead_makes_the_profiles_phone_none_of_the_visits_own() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let path = booked(&world, &anna).await;
    let ahead = json!({ "contactPhone": anna.phone, "contactEmail": anna.email });
    world.patch_as(&anna, &path, ahead).await.expect(200);
    let seen = world.get_as(&anna, &path).await.expect(200);
    for contact in ["contactPhone", "contactEmail"] {
        assert_eq!(seen.body.pointer(&format!("/application/{contact}")), None, "{}", seen.raw);
    }
    world.settle().await;
}

#[tokio::test]
async fn what_is_told_of_a_move_is_told_though_the_first_answer_of_the_table_was_lost() {
    let world = World::new().await;
    let anna = world.citizen().await;
    by_code(&world, &anna).await.expect(200);
    let talk = world.book(&anna, "one", "talk", THURSDAY).await.text("/id");
    let moved =
        json!({ "address": { "regionId": "RU-KAM", "text": "Sovetskaya 1" }, "birthDate": "1985-03-09" });
    world.system.faults().next("TransactWriteItems", Fault::AnswerLost, 1);
    let away = world.patch_as(&anna, "/v1/me/profile", moved).await.expect(200);
    assert_eq!(world.system.faults().struck("TransactWriteItems", Fault::AnswerLost), 1);
    assert_eq!(away.text("/elsewhere/0/appointmentId"), talk, "{}", away.raw);
    assert!(away.body.get("identityEnded").is_some(), "{}", away.raw);
    world.settle().await;
}

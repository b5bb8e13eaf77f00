//! All that is kept of somebody, for them to take away (PRV-3).

use super::acts::FRIDAY;
use super::identity::by_code;
use super::registries::insured;
use http::Method;
use local::embedded::registries::Mood;
use local::people::{attach, papers, upload};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::export::Section;
use tests::{Answer, Authenticator, Citizen, PASSWORD, World, booking};

const EXPORT: &str = "/v1/me/export";

/// Somebody of whom something is kept in every section.
async fn known_to_all(world: &World) -> Citizen {
    let chief = world.chief().await;
    let anna = world.citizen().await;
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let mut body = booking("two", "paper", "2026-12-08T10:00:00+03:00");
    body["purpose"] = json!("Перерасчёт пособия");
    let booked = world.post_as(&anna, "/v1/appointments", body).await.expect(201).text("/id");
    let path = format!("/v1/appointments/{booked}/reschedule");
    // More changes than ride on the appointment.
    for at in ["10:15", "10:30", "10:45", "11:00", "11:15"] {
        let to = json!({ "officeId": "two", "startsAt": format!("2026-12-08T{at}:00+03:00"), "reason": "занята утром" });
        world.post_as(&anna, &path, to).await.expect(200);
        world.settle().await;
    }
    let boris = world.citizen().await;
    let held = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    let wish = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
    world.post_as(&anna, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    world.post_as(&boris, &format!("/v1/appointments/{held}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let grants = json!([{ "role": "operator", "officeId": "one" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let path = format!("citizens/{}", anna.id);
    let said = json!({ "officeId": "one", "method": "facts", "phone": anna.phone, "email": anna.email });
    world.staff(&operator, Method::POST, &format!("{path}/identification"), said).await.expect(201);
    let note = json!({ "officeId": "one", "text": "Просила перезвонить" });
    world.staff(&operator, Method::POST, &format!("{path}/notes"), note).await.expect(201);
    let said = json!({ "officeId": "one", "method": "document" });
    world.staff(&operator, Method::POST, &format!("{path}/identification"), said).await.expect(201);
    let said = json!({ "officeId": "one", "phone": "+79995550022", "reason": "Потеряла телефон" });
    world.staff(&operator, Method::POST, &format!("{path}/unlocks"), said).await.expect(201);
    represents(world, &anna, &boris).await;
    // A registry that does not answer in time is asked again.
    world.system.registries().set(Mood::Slow);
    world.try_book(&anna, "three", "school", "2026-12-03T10:00:00+03:00").await.expect(201);
    world.settle().await;
    world.system.registries().set(Mood::Well);
    world.post_as(&anna, "/v1/me/identity/signatures", json!({})).await.expect(201);
    let wish = json!({ "officeId": "large", "wishedAt": "2026-12-02T10:00:00+03:00" });
    world.post_as(&anna, "/v1/me/identity/video-check", wish).await.expect(201);
    let begun = world.post_as(&anna, "/v1/me/passkeys", json!({ "password": PASSWORD })).await.expect(201);
    let made = Authenticator::new(1).create(&begun.body["publicKey"]);
    let made = json!({ "id": begun.text("/id"), "name": "x", "credential": made });
    world.post_as(&anna, "/v1/me/passkeys/complete", made).await.expect(204);
    let phone = json!({ "phone": "+79995550011", "password": PASSWORD });
    let begun = world.post_as(&anna, "/v1/me/phone", phone).await.expect(201).text("/id");
    world.settle().await;
    let code = tests::digits(&world.sent_to("+79995550011").pop().expect("an SMS"));
    let path = format!("/v1/me/contacts/{begun}/complete");
    world.post_as(&anna, &path, json!({ "code": code })).await.expect(204);
    world.settle().await;
    anna
}

/// She asks to act for a child, and Boris for her.
async fn represents(world: &World, anna: &Citizen, boris: &Citizen) {
    world.patch_as(boris, "/v1/me/profile", json!({ "snils": "20000000018" })).await.expect(200);
    by_code(world, anna).await.expect(200);
    by_code(world, boris).await.expect(200);
    let consent = json!({ "accepted": true, "version": "2026-11" });
    let child = json!({
        "kind": "parent", "surname": "Петров", "givenName": "Иван", "birthDate": "2016-05-20", "snils": "20000090045",
        "series": "II-МЮ", "number": "123456", "issuedOn": "2016-06-01", "consent": consent,
    });
    let attorney = json!({
        "kind": "attorney", "surname": "Петрова", "givenName": "Анна", "birthDate": "1985-03-08",
        "snils": "112-233-445 95", "number": "77", "issuedBy": "Орлова", "issuedOn": "2026-01-15", "consent": consent,
    });
    world.post_as(anna, "/v1/me/representations", child).await.expect(201);
    world.post_as(boris, "/v1/me/representations", attorney).await.expect(201);
    world.settle().await;
}

async fn take(world: &World, who: &Citizen, more: Value) -> Answer {
    let mut body = json!({ "password": PASSWORD });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        body[name.as_str()] = value;
    }
    world.post_as(who, EXPORT, body).await
}

/// The rows of the table that are somebody's.
async fn kept(world: &World, who: &Citizen) -> usize {
    let query = world.table().query().table_name("okno").key_condition_expression("pk = :pk");
    let pk = aws_sdk_dynamodb::types::AttributeValue::S(format!("CIT#{}", who.id));
    query.expression_attribute_values(":pk", pk).send().await.expect("rows").count as usize
}

#[tokio::test]
async fn one_takes_away_all_that_is_kept_of_one() {
    let world = World::new().await;
    let anna = known_to_all(&world).await;
    let all = take(&world, &anna, json!({})).await.expect(200);
    assert_eq!(all.text("/citizenId"), anna.id);
    assert!(all.body.get("next").is_none());
    assert_eq!(all.headers["cache-control"], "no-store");
    let rows = all.body["rows"].as_array().expect("rows");
    // Each row that is kept is one that is given, and there is none of a section that has nothing here.
    assert_eq!(rows.len(), kept(&world, &anna).await);
    let mut by_section: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        by_section.entry(row["section"].as_str().expect("a section")).or_default().push(&row["data"]);
    }
    let sections: BTreeSet<&str> = by_section.keys().copied().collect();
    // What somebody signed is taken away where it is signed, in `stories::signing`.
    let elsewhere = ["signature", "to-sign"];
    let all_sections = Section::ALL.iter().map(|section| section.name());
    assert_eq!(sections, all_sections.filter(|section| !elsewhere.contains(section)).collect());
    for (section, member, value) in [
        ("record", "/surname", json!("Петрова")),
        ("record", "/phone", json!("+79995550011")),
        ("record", "/identityConfirmed/by", json!("phone-code")),
        ("profile", "/snils", json!("112-233-445 95")),
        ("profile", "/identityDocument/number", json!("123456")),
        ("profile", "/policy/number", json!("7700001234567890")),
        ("sign-in", "/secondFactor", json!(false)),
        ("event", "/former", json!(anna.phone)),
        ("appointment", "/purpose", json!("Перерасчёт пособия")),
        ("appointment", "/changes/3/why", json!("занята утром")),
        ("appointment", "/mark", json!("changed")),
        ("appointment", "/corrected", json!(0)),
        ("history", "/change/what", json!("booked")),
        ("offer", "/state", json!("open")),
        ("place", "/offices/0", json!("one")),
        ("call-note", "/text", json!("Просила перезвонить")),
        ("reading", "/subject", json!("identified-facts")),
        ("challenge", "/by", json!("signature")),
        ("check", "/state", json!("waiting")),
        ("representation", "/grants/0/paper/number", json!("77")),
        // What she asked for another, with whom it is about: it is kept there, and is hers as well.
        ("acting", "/asked/surname", json!("Петров")),
        ("acting", "/asked/snils", json!("200-000-900 45")),
        ("acting", "/asked/paper/number", json!("123456")),
        ("acting", "/asked/state", json!("waiting")),
        ("files", "/files/0/pages", json!(1)),
    ] {
        let found = by_section[section].iter().any(|data| data.pointer(member) == Some(&value));
        assert!(found, "{section}{member} is {value}: {:#?}", by_section[section]);
    }
    assert!(
        by_section["files"].iter().any(|data| data["files"][0]["fileName"] == "passport.pdf"),
        "{}",
        all.raw
    );
    assert!(by_section["notice"].iter().any(|data| data["title"].is_string() && data["text"].is_string()));
    // What opens a door is no part of it.
    for secret in ["$argon2", anna.token.split_once('.').expect("a token").1] {
        assert!(!all.raw.contains(secret), "{secret}");
    }
    world.settle().await;
}

#[tokio::test]
async fn what_was_decided_about_one_is_in_it_too() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // A file that was refused, and why.
    let script = b"MZ\x90\0\x03\0\0\0";
    let announced = json!({ "document": "passport", "fileName": "passport.pdf", "size": script.len() });
    let attached = world.system.ask(attach(&anna.token, "grant", announced)).await;
    world.system.ask(upload(&attached, script)).await;
    let booked = world.book(&anna, "two", "talk", FRIDAY).await.text("/id");
    let all = take(&world, &anna, json!({})).await.expect(200);
    let of = |all: &Answer, section: &str| {
        let rows = all.body["rows"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["section"] == section).map(|row| row["data"].clone()).expect("a row")
    };
    let file = of(&all, "files")["files"][0].clone();
    assert_eq!(file["state"], "refused");
    assert!(file["refused"]["code"].as_str().is_some_and(|code| !code.is_empty()), "{file}");
    assert_eq!(of(&all, "record")["deletionAskedAt"], Value::Null);
    // What staff decided about a policy that insurers left open, in their words.
    insured(&world, &anna, "7700001234567893").await;
    let chief = world.chief().await;
    let desk =
        world.colleague(&chief, "desk@example.ru", json!([{ "role": "operator", "officeId": "two" }])).await;
    let queue =
        world.staff(&desk, Method::GET, "checks/policies?officeId=two", Value::Null).await.expect(200);
    let path = format!("checks/policies/{}", queue.text("/items/0/id"));
    let at = json!({ "officeId": "two" });
    world.staff(&desk, Method::POST, &format!("{path}/take"), at).await.expect(200);
    let said = json!({ "officeId": "two", "result": "valid", "reason": "Сверено по телефону" });
    world.staff(&desk, Method::POST, &format!("{path}/decide"), said).await.expect(204);
    let all = take(&world, &anna, json!({})).await.expect(200);
    assert!(all.raw.contains("Сверено по телефону"), "{}", all.raw);
    // Whoever wants it gone reads when that was said.
    let cancel = format!("/v1/appointments/{booked}/cancel");
    world.post_as(&anna, &cancel, json!({})).await.expect(200);
    super::deletion::ask(&world, &anna).await.expect(202);
    let all = take(&world, &anna, json!({})).await.expect(200);
    assert!(of(&all, "record")["deletionAskedAt"].is_string(), "{}", of(&all, "record"));
    world.settle().await;
}

#[tokio::test]
async fn it_is_had_to_be_read_in_ones_own_language() {
    let world = World::new().await;
    let anna = known_to_all(&world).await;
    let read = take(&world, &anna, json!({ "format": "text" })).await.expect(200);
    assert_eq!(read.headers["content-type"], "text/plain; charset=utf-8");
    for said in [
        "ЗАПИСИ НА ПРИЁМ",
        "Цель обращения: Перерасчёт пособия",
        "КТО СМОТРЕЛ ВАШИ ДАННЫЕ",
        "Фамилия: Петрова",
    ] {
        assert!(read.raw.contains(said), "{said}: {}", read.raw);
    }
    // Each is called by a name, but for what is inside of a passkey's key, which is none of ours.
    let key = text::taken(text::Lang::Ru, "key").expect("a name");
    let names = read.raw.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name);
    let unnamed =
        names.filter(|name| !name.starts_with(&key) && name.contains(|c: char| c.is_ascii_lowercase()));
    assert_eq!(unnamed.collect::<Vec<_>>(), Vec::<&str>::new());
    let body = json!({ "password": PASSWORD, "format": "text" });
    let english = [("accept-language", "en")];
    let read = world.ask(Method::POST, EXPORT, Some(&anna.token), Some(body), &english).await.expect(200);
    assert!(read.raw.contains("WHO READ YOUR DATA") && read.raw.contains("Surname: Петрова"), "{}", read.raw);
    take(&world, &anna, json!({ "format": "pdf" })).await.refused(422, "invalid-request");
    world.settle().await;
}

#[tokio::test]
async fn whoever_has_a_session_and_not_the_password_takes_nothing() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    for n in 0..5 {
        let wrong = take(&world, &anna, json!({ "password": format!("Догадка{n}") })).await;
        assert_eq!(wrong.refused(422, "invalid-request").text("/errors/0/code"), "password-wrong");
    }
    take(&world, &anna, json!({})).await.refused(429, "too-many-requests");
    // Another's cursor is none of one's own: it only says where to go on in what is one's.
    let after = format!("PROFILE{}", anna.id);
    let rest = take(&world, &boris, json!({ "after": after })).await.expect(200);
    assert!(rest.raw.contains(&boris.id) && !rest.raw.contains(&anna.email), "{}", rest.raw);
    take(&world, &boris, json!({ "after": "\u{0}" })).await;
    world.ask(Method::POST, EXPORT, None, Some(json!({ "password": PASSWORD })), &[]).await.expect(401);
}

#[tokio::test]
async fn what_does_not_fit_into_one_answer_goes_on_in_the_next() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let id = anna.id.parse().expect("an id");
    let store = store::Store::new(world.table(), "okno".to_owned());
    // Years of being read every hour.
    let many = 10_000;
    let first = world.system.now() - chrono::TimeDelta::hours(many);
    for n in 0..many {
        let reading = store::items::access::Reading {
            citizen: id,
            member: domain::StaffId(ulid::Ulid::from_parts(1, 1)),
            office: "one".parse().expect("an office"),
            subject: format!("{n:0>200}"),
            at: first + chrono::TimeDelta::hours(n),
        };
        store.put_reading(&reading).await.expect("written");
    }
    let (mut seen, mut after, mut parts) = (0, Value::Null, 0);
    loop {
        let more = if after.is_null() { json!({}) } else { json!({ "after": after }) };
        let part = take(&world, &anna, more).await.expect(200);
        assert!(part.raw.len() < 6_000_000, "{} bytes", part.raw.len());
        seen += part.body["rows"].as_array().expect("rows").len();
        parts += 1;
        after = part.body["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert!(parts > 1, "it did not fit into one");
    assert!(seen > 10_000, "{seen} rows");
    world.settle().await;
}

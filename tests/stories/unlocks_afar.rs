//! Somebody who can neither get in nor come asks an office from afar (ACC-6, OFC-6, OFC-9).

use super::unlocks::{NEW, Office, PHONE};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Colleague};

/// Anna's own words, for a cabinet that has the login.
fn words(login: &str) -> Value {
    json!({
        "officeId": "one", "login": login, "surname": "Петрова", "givenName": "Анна", "patronymic": "Сергеевна",
        "snils": "112-233-445 95", "phone": "8 999 123-45-67", "reason": "Потеряла телефон и почту, живу далеко",
    })
}

async fn ask(office: &Office, said: Value) -> Answer {
    office.world.post("/v1/unlock-requests", said).await
}

async fn queue(office: &Office, who: &Colleague) -> Vec<Value> {
    let queue = office.staff(who, Method::GET, "offices/one/unlocks", Value::Null).await.expect(200);
    for personal in ["Петрова", "112-233", "9991234567"] {
        assert!(!queue.raw.contains(personal), "{}", queue.raw);
    }
    queue.body["items"].as_array().cloned().unwrap_or_default()
}

async fn look(office: &Office, who: &Colleague, id: &str) -> Answer {
    office.staff(who, Method::GET, &format!("unlock-requests/{id}"), Value::Null).await
}

async fn see(office: &Office, who: &Colleague, id: &str, result: &str) -> Answer {
    let said = json!({ "result": result, "reason": "Видела по видео, паспорт тот же" });
    office.staff(who, Method::POST, &format!("unlock-requests/{id}/decide"), said).await
}

fn id(queued: &Value) -> String {
    queued["id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn whoever_can_neither_come_nor_get_in_is_seen_by_one_and_let_in_by_another() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let mut said = words(&anna.phone);
    // The patronymic is hers as she wrote it, or it is another name.
    let me = world.get_as(anna, "/v1/me").await.expect(200);
    said["patronymic"] = me.body["patronymic"].clone();
    let asked = ask(&office, said.clone()).await.expect(202);
    assert!(asked.text("/calledUntil").starts_with("2026-12-02T10:0"), "{}", asked.raw);
    // Asked again it is one, and nobody is told whether there is such a cabinet.
    assert_eq!(ask(&office, said.clone()).await.expect(202).raw, asked.raw);
    let mut nobodys = said.clone();
    nobodys["login"] = json!("+79990009900");
    let other = ask(&office, nobodys).await.expect(202);
    assert_eq!((other.status, &other.raw), (asked.status, &asked.raw));
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&asked), names(&other));
    for personal in [anna.phone.as_str(), PHONE, "живу далеко", "11223344595"] {
        assert!(!world.stands_in_clear(personal), "{personal}");
    }
    let waiting = queue(&office, &office.olga).await;
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    let mut hers = String::new();
    for one in &waiting {
        assert_eq!((&one["state"], &one["overdue"]), (&json!("asked"), &json!(false)));
        look(&office, &office.rita, &id(one)).await.refused(404, "not-found");
        let found = look(&office, &office.olga, &id(one)).await.expect(200);
        assert_eq!(found.text("/phone"), PHONE);
        if found.text("/said/login") == anna.phone {
            assert_eq!(found.text("/person/surname"), "Петрова");
            assert_eq!(found.text("/person/identityDocument/number"), "123456");
            hers = id(one);
        } else {
            // Of nobody there is nothing to be seen.
            assert_eq!(found.body.get("person"), None);
            see(&office, &office.olga, &id(one), "seen").await.refused(409, "unlock-differs");
            see(&office, &office.rita, &id(one), "refused").await.refused(404, "not-found");
            for _ in 0..2 {
                see(&office, &office.olga, &id(one), "refused").await.expect(200);
            }
            see(&office, &office.pyotr, &id(one), "seen").await.refused(409, "unlock-over");
        }
    }
    for _ in 0..2 {
        see(&office, &office.olga, &hers, "seen").await.expect(200);
    }
    see(&office, &office.pyotr, &hers, "refused").await.refused(409, "unlock-over");
    // From here on it is an unlock like any other: she who saw her does not agree to it, and the old contacts are told.
    let waiting = queue(&office, &office.pyotr).await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!((&waiting[0]["state"], &waiting[0]["identified"]), (&json!("waiting"), &json!("video")));
    let unlock = id(&waiting[0]);
    office.decide(&office.olga, &unlock, "approved").await.refused(403, "unlock-own");
    office.decide(&office.pyotr, &unlock, "approved").await.expect(200);
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("другой телефон"), "{told}");
    }
    let readings = world.get_as(anna, "/v1/me/readings").await.expect(200);
    for subject in ["\"unlock\"", "unlock-opened", "unlock-approved"] {
        assert!(readings.raw.contains(subject), "{}", readings.raw);
    }
    let (_, code) = office.begin().await;
    assert_eq!(code, None);
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    world.post(&path, json!({ "code": code.expect("a code"), "password": NEW })).await.expect(204);
    world.a_minute_later().await;
    office.sign_in(PHONE, NEW).await.expect(202);
    world.settle().await;
}

#[tokio::test]
async fn what_is_said_from_afar_opens_nothing_and_stands_in_nobodys_way() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let me = world.get_as(anna, "/v1/me").await.expect(200);
    let said = |change: Value| {
        let mut said = words(&anna.phone);
        said["patronymic"] = me.body["patronymic"].clone();
        for (field, value) in change.as_object().expect("an object") {
            said[field] = value.clone();
        }
        said
    };
    for (change, field, code) in [
        (json!({ "snils": "112-233-445 96" }), "snils", "snils-check"),
        (json!({ "snils": null }), "snils", "required"),
        (json!({ "inn": "500100732259" }), "inn", "instead-of"),
        (json!({ "snils": null, "inn": "500100732258" }), "inn", "inn-check"),
        (json!({ "phone": "8 495 123-45-67" }), "phone", "not-a-mobile"),
        (json!({ "surname": "123" }), "surname", "bad-characters"),
        (json!({ "login": " " }), "login", "required"),
        (json!({ "officeId": "nowhere" }), "officeId", "unknown-office"),
    ] {
        let refused = ask(&office, said(change)).await;
        assert_eq!(refused.status, 422, "{}", refused.raw);
        if field != "officeId" {
            let has = |n: usize| refused.text(&format!("/errors/{n}/field")) == field;
            assert!(has(0) && refused.raw.contains(code), "{}", refused.raw);
        }
    }
    // Whoever knows all but one of the three finds nothing by it, nor does a member by theirs.
    let others = [
        json!({ "snils": "200-000-001 19" }),
        json!({ "snils": null, "inn": "772771337130" }),
        json!({ "givenName": "Инна" }),
    ];
    for change in others {
        ask(&office, said(change)).await.expect(202);
    }
    for one in queue(&office, &office.olga).await {
        assert_eq!(look(&office, &office.olga, &id(&one)).await.expect(200).body.get("person"), None);
        see(&office, &office.olga, &id(&one), "seen").await.refused(409, "unlock-differs");
        see(&office, &office.olga, &id(&one), "refused").await.expect(200);
    }
    // The INN is as good as the SNILS, where the profile has it.
    world.patch_as(anna, "/v1/me/profile", json!({ "inn": "500100732259" })).await.expect(200);
    ask(&office, said(json!({ "snils": null, "inn": "5001 0073 2259" }))).await.expect(202);
    let by_inn = id(&queue(&office, &office.olga).await[0]);
    let seen = look(&office, &office.olga, &by_inn).await.expect(200);
    assert_eq!(
        (seen.text("/said/inn"), seen.text("/person/surname")),
        ("500100732259".into(), "Петрова".into())
    );
    see(&office, &office.olga, &by_inn, "refused").await.expect(200);
    // Somebody who knows all three asks for a phone of theirs. She comes to the counter: that goes first.
    ask(&office, said(json!({ "phone": "+79997770000" }))).await.expect(202);
    let theirs = id(&queue(&office, &office.olga).await[0]);
    world.get_as(anna, "/v1/me").await.expect(200);
    let own = office.open(&office.olga).await;
    see(&office, &office.pyotr, &theirs, "seen").await.refused(409, "unlock-open");
    assert_eq!(queue(&office, &office.pyotr).await.len(), 2);
    office.decide(&office.olga, &own, "refused").await.expect(200);
    // To a phone that another cabinet has nothing is opened.
    let boris = world.citizen().await;
    ask(&office, said(json!({ "phone": boris.phone }))).await.expect(202);
    let waiting = queue(&office, &office.olga).await;
    let taken = id(waiting.iter().find(|one| id(one) != theirs).expect("another"));
    let refused = see(&office, &office.olga, &taken, "seen").await.refused(422, "invalid-request");
    assert_eq!(refused.text("/errors/0/code"), "phone-of-another");
    // Whom nobody has seen within a week asks anew.
    world.until("2026-12-08T10:30:00+03:00").await;
    let olga = office.back(&office.olga).await;
    assert_eq!(queue(&office, &olga).await, Vec::<Value>::new());
    see(&office, &olga, &theirs, "seen").await.refused(409, "unlock-over");
    world.get_as(anna, "/v1/me").await.expect(200);
    // An office is asked for so much in an hour that people can go through it; whoever asks for more shows an effort.
    for n in 0..10 {
        let phone = json!({ "phone": format!("+7999777001{n}") });
        ask(&office, said(phone)).await.expect(202);
    }
    ask(&office, said(json!({ "phone": "+79997770020" }))).await.refused(429, "effort-needed");
    world.settle().await;
}

#[tokio::test]
async fn whoever_calls_is_written_down_and_seen_all_the_same() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let facts = json!({ "officeId": "one", "method": "facts", "phone": anna.phone, "email": anna.email });
    let path = format!("citizens/{}/identification", anna.id);
    office.staff(&office.olga, Method::POST, &path, facts).await.expect(201);
    let asked = office.ask(&office.olga).await.expect(201);
    assert_eq!((asked.text("/state"), asked.body["mine"].clone()), ("asked".into(), json!(true)));
    let found = look(&office, &office.olga, &asked.text("/id")).await.expect(200);
    assert_eq!((found.text("/person/surname"), found.body.get("said")), ("Петрова".into(), None));
    see(&office, &office.olga, &asked.text("/id"), "seen").await.expect(200);
    let unlock = id(&queue(&office, &office.pyotr).await[0]);
    office.decide(&office.olga, &unlock, "approved").await.refused(403, "unlock-own");
    office.decide(&office.pyotr, &unlock, "approved").await.expect(200);
    // Whoever has lost nothing stops it.
    world.settle().await;
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.expect(204);
    let readings = world.get_as(anna, "/v1/me/readings").await.expect(200);
    assert!(readings.raw.contains("unlock-asked"), "{}", readings.raw);
    world.settle().await;
}

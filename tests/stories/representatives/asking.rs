//! Asking to act for somebody, and what staff decide.

use super::*;
use local::embedded::faults::Fault;

#[tokio::test]
async fn a_parent_asks_an_operator_decides_and_the_parent_acts() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let asked = world.post_as(&anna, MINE, child()).await.expect(201);
    assert_eq!((asked.text("/state"), asked.text("/stateText")), ("waiting".into(), "На проверке".into()));
    assert_eq!(asked.text("/endsAt"), "2034-05-19T21:00:00Z", "his eighteenth birthday in Moscow");
    assert_eq!(asked.body.get("actingFor"), None);
    // The same paper once more is the same application.
    assert_eq!(world.post_as(&anna, MINE, child()).await.expect(201).text("/id"), asked.text("/id"));
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"].as_array().map(Vec::len), Some(1), "{}", queue.raw);
    assert!(!queue.raw.contains("Петров") && !queue.raw.contains("Иван"), "{}", queue.raw);
    let id = queue.text("/items/0/id");
    decide(&world, &operator, &id, "approved").await.refused(409, "grant-not-taken");
    let taken = take(&world, &operator, &id).await.expect(200);
    assert_eq!(taken.text("/beneficiary/givenName"), "Иван");
    assert_eq!(taken.text("/asked/paper/series"), "II-МЮ");
    assert_eq!(taken.text("/representative/identityDocument/number"), "123456");
    assert_eq!(taken.body["differing"], json!([]));
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    assert_eq!(readings.text("/items/0/subject"), "representation");
    world.a_minute_later().await;
    decide(&world, &operator, &id, "approved").await.expect(204);
    // An answer that was lost is asked for again; the other is not.
    decide(&world, &operator, &id, "approved").await.expect(204);
    decide(&world, &operator, &id, "refused").await.refused(409, "grant-over");
    world.settle().await;
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("вы можете записываться"));
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    assert_eq!(events.text("/items/0/what"), "representation-approved");
    let mine = world.get_as(&anna, MINE).await.expect(200);
    assert_eq!(mine.text("/items/0/state"), "in-force");
    assert_eq!(mine.text("/items/0/reason"), "Документ проверен");
    let ivan = mine.text("/items/0/actingFor");
    let booked = book(&world, &anna, &ivan, THURSDAY).await.expect(201);
    world.settle().await;
    let sms = world.sent_to(&anna.phone).pop().unwrap();
    assert!(sms.starts_with("Для: Иван.") && sms.contains(&booked.text("/code")), "{sms}");
    assert!(!world.stands_in_clear("Иван") && !world.stands_in_clear("II-МЮ"));
    assert!(!world.stands_in_clear("Документ проверен"));
}

#[tokio::test]
async fn whoever_was_let_act_hears_of_what_is_done_and_staff_see_who_comes() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    let booked = book(&world, &anna, &ivan, THURSDAY).await.expect(201);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let history =
        act(&world, &anna, &ivan, Method::GET, &format!("{path}/history"), Value::Null).await.expect(200);
    assert_eq!(history.text("/items/0/who"), "representative");
    assert_eq!(history.text("/items/0/representativeId"), anna.id);
    // It is the child's and not hers.
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.expect(200).body["items"], json!([]));
    world.get_as(&anna, &path).await.refused(404, "not-found");
    let listed = act(&world, &anna, &ivan, Method::GET, "/v1/appointments", Value::Null).await.expect(200);
    assert_eq!(listed.text("/items/0/id"), booked.text("/id"));
    let day = "offices/two/agenda?date=2026-12-03";
    let agenda = world.staff(&operator, Method::GET, day, Value::Null).await.expect(200);
    let visit = format!("visits/{}", agenda.text("/visits/0/id"));
    let opened = world.staff(&operator, Method::GET, &visit, Value::Null).await.expect(200);
    assert_eq!((opened.text("/givenName"), opened.text("/phone")), ("Иван".into(), anna.phone.clone()));
    assert_eq!(opened.text("/representatives/0/givenName"), "Анна");
    assert!(opened.text("/representatives/0/bring").contains("оригинал свидетельства"));
    world.until("2026-12-02T10:00:00+03:00").await;
    let reminded = world.sent_to(&anna.phone).pop().unwrap();
    assert!(reminded.starts_with("Для: Иван."), "{reminded}");
    let mail = world.sent_to(&anna.email).pop().unwrap();
    assert!(mail.contains("Его имя: Иван") && mail.contains(&format!("?for={ivan}")), "{mail}");
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert_eq!(inbox.text("/items/0/kind"), "reminder-day");
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_with_its_field() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.post_as(&anna, MINE, child()).await.refused(403, "identity-needed");
    world.patch_as(&anna, "/v1/me/profile", json!({ "snils": snils(1) })).await.expect(200);
    by_code(&world, &anna).await.expect(200);
    let wrong = |change: Value| {
        let world = &world;
        let anna = &anna;
        async move {
            let mut form = if change["kind"] == "attorney" { attorney(2) } else { child() };
            for (name, value) in change.as_object().cloned().unwrap_or_default() {
                form[name] = value;
            }
            let refused = world.post_as(anna, MINE, form).await.refused(422, "invalid-request");
            let errors = refused.body["errors"].as_array().cloned().unwrap_or_default();
            errors
                .iter()
                .map(|one| format!("{}:{}", one["field"], one["code"]).replace('"', ""))
                .collect::<Vec<_>>()
        }
    };
    for (change, expected) in [
        (json!({ "kind": "friend" }), vec!["kind:not-a-choice"]),
        (json!({ "snils": "112-233-445 96" }), vec!["snils:snils-check"]),
        (json!({ "snils": snils(1) }), vec!["snils:own-snils"]),
        (json!({ "series": "2-AB" }), vec!["series:certificate-series"]),
        (json!({ "number": "12345" }), vec!["number:certificate-number"]),
        (json!({ "birthDate": "2008-12-01" }), vec!["birthDate:of-age"]),
        (json!({ "birthDate": "2027-01-01" }), vec!["birthDate:in-future"]),
        (json!({ "issuedOn": "2016-05-19" }), vec!["issuedOn:issued-before-birth"]),
        (json!({ "issuedOn": "2027-01-01" }), vec!["issuedOn:in-future"]),
        (json!({ "services": ["talk"] }), vec!["services:not-of-kind"]),
        (
            json!({ "validUntil": "2030-01-01", "issuedBy": "x" }),
            vec!["issuedBy:not-of-kind", "validUntil:not-of-kind"],
        ),
        (json!({ "consent": { "accepted": false } }), vec!["consent:must-accept"]),
        (json!({ "consent": { "accepted": true, "version": "2020-01" } }), vec!["consent:old-version"]),
        (json!({ "surname": "" , "givenName": "123" }), vec!["surname:required", "givenName:bad-characters"]),
        (json!({ "kind": "attorney", "validUntil": "2026-11-30" }), vec!["validUntil:attorney-over"]),
        (json!({ "kind": "attorney", "validUntil": "2090-01-01" }), vec!["validUntil:out-of-range"]),
        (json!({ "kind": "attorney", "birthDate": "2016-05-20" }), vec!["birthDate:attorney-too-young"]),
        (json!({ "kind": "attorney", "services": ["talk", "nothing"] }), vec!["services[1]:unknown-service"]),
        (json!({ "kind": "attorney", "services": [] }), vec!["services:too-few"]),
        (json!({ "kind": "attorney", "series": "II-МЮ" }), vec!["series:not-of-kind"]),
    ] {
        let said = change.to_string();
        assert_eq!(wrong(change).await, expected, "{said}");
    }
    // A power of attorney that names no term is good for a year (Civil Code, article 186).
    let mut form = attorney(2);
    form["validUntil"] = Value::Null;
    form["issuedOn"] = json!("2026-03-01");
    let asked = world.post_as(&anna, MINE, form).await.expect(201);
    assert_eq!(asked.text("/paper/validUntil"), "2027-02-28");
    assert_eq!(asked.text("/endsAt"), "2027-02-28T21:00:00Z");
    // Another paper between the same two waits for the first.
    world.post_as(&anna, MINE, attorney(2)).await.refused(409, "grant-open");
}

#[tokio::test]
async fn a_refusal_says_why_and_a_better_paper_is_asked_with_anew() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let asked = world.post_as(&anna, MINE, child()).await.expect(201);
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    let id = queue.text("/items/0/id");
    take(&world, &operator, &id).await.expect(200);
    world.a_minute_later().await;
    decide(&world, &operator, &id, "refused").await.expect(204);
    world.settle().await;
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("Документ проверен"));
    let mine = world.get_as(&anna, MINE).await.expect(200);
    assert_eq!(
        (mine.text("/items/0/state"), mine.text("/items/0/reason")),
        ("refused".into(), "Документ проверен".into())
    );
    let again = world.post_as(&anna, MINE, child()).await.expect(201);
    assert_ne!(again.text("/id"), asked.text("/id"));
    // Withdrawn it is gone from the queue, and stays so however often that is said.
    for _ in 0..2 {
        world.post_as(&anna, &format!("{MINE}/{}/end", again.text("/id")), Value::Null).await.expect(204);
    }
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    world.settle().await;
}

#[tokio::test]
async fn an_application_is_decided_by_one_of_its_region_alone() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let chief = world.chief().await;
    let of = |office: &str| json!([{ "role": "operator", "officeId": office }]);
    let olga = world.colleague(&chief, "olga@example.ru", of("two")).await;
    let pyotr = world.colleague(&chief, "pyotr@example.ru", of("two")).await;
    let far = world.colleague(&chief, "far@example.ru", of("far")).await;
    world.post_as(&anna, MINE, child()).await.expect(201);
    let queue = world.staff(&olga, Method::GET, QUEUE, Value::Null).await.expect(200);
    let id = queue.text("/items/0/id");
    world.staff(&far, Method::GET, QUEUE, Value::Null).await.refused(403, "beyond-your-rights");
    let theirs =
        world.staff(&far, Method::GET, "representations?officeId=far", Value::Null).await.expect(200);
    assert_eq!(theirs.body["items"], json!([]));
    let at_far = json!({ "officeId": "far" });
    world
        .staff(&far, Method::POST, &format!("representations/{id}/take"), at_far)
        .await
        .refused(404, "not-found");
    let (one, other) = futures::join!(take(&world, &olga, &id), take(&world, &pyotr, &id));
    assert_eq!([one.status, other.status].iter().filter(|status| **status == 200).count(), 1);
    let (has, not) = if one.status == 200 { (&olga, &pyotr) } else { (&pyotr, &olga) };
    decide(&world, not, &id, "approved").await.refused(409, "grant-not-taken");
    // Who has not decided for half an hour gives way.
    world.until("2026-12-01T10:45:00+03:00").await;
    let queue = world.staff(not, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(
        (queue.text("/items/0/state"), queue.body["items"][0]["overdue"].clone()),
        ("waiting".into(), json!(false))
    );
    take(&world, not, &id).await.expect(200);
    decide(&world, has, &id, "approved").await.refused(409, "grant-not-taken");
    decide(&world, not, &id, "approved").await.expect(204);
    world.settle().await;
}

#[tokio::test]
async fn of_two_at_once_only_one_is_the_fifth_that_waits() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    for n in 2..6 {
        world.post_as(&anna, MINE, attorney(n)).await.expect(201);
    }
    // What she sends first is on its way for so long that the second is there before it.
    world.system.faults().chance("TransactWriteItems", Fault::Late, 1000, 1);
    let late = world.post_as(&anna, MINE, attorney(6)).await;
    assert_eq!(late.status, 503, "nobody knows: {}", late.raw);
    world.system.faults().clear();
    world.post_as(&anna, MINE, attorney(7)).await.expect(201);
    assert_eq!(world.system.deliver_late().await, 0, "the attempt finds the door shut");
    world.post_as(&anna, MINE, attorney(6)).await.refused(409, "too-many-grants");
    let mine = world.get_as(&anna, MINE).await.expect(200);
    let all = mine.body["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(all.iter().filter(|one| one["state"] == "waiting").count(), 5, "{}", mine.raw);
    // Whoever withdraws one may ask for another, however many were withdrawn before.
    for n in 8..12 {
        let mine = world.get_as(&anna, MINE).await.expect(200);
        let all = mine.body["items"].as_array().cloned().unwrap_or_default();
        let last = all.iter().find(|one| one["state"] == "waiting").expect("one that waits")["id"].clone();
        let last = last.as_str().unwrap_or_default();
        world.post_as(&anna, &format!("{MINE}/{last}/end"), Value::Null).await.expect(204);
        world.post_as(&anna, MINE, attorney(n)).await.expect(201);
        world.post_as(&anna, MINE, attorney(100 + n)).await.refused(409, "too-many-grants");
    }
    world.settle().await;
}

fn passport(number: &str) -> Value {
    json!({ "identityDocument": {
        "kind": "passport", "series": "45 08", "number": number, "issuedOn": "2005-04-02", "issuedBy": "ОВД «Таганский»",
    } })
}

#[tokio::test]
async fn whoever_asks_is_let_with_the_paper_that_was_compared_and_never_without_one() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let profile = "/v1/me/profile";
    let none = json!({ "identityDocument": null });
    world.patch_as(&anna, profile, none.clone()).await.expect(200);
    let refused = world.post_as(&anna, MINE, child()).await.refused(403, "not-ready");
    assert_eq!(refused.text("/missing/0"), "paper", "{}", refused.raw);
    world.patch_as(&anna, profile, passport("123456")).await.expect(200);
    world.post_as(&anna, MINE, child()).await.expect(201);
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    let id = queue.text("/items/0/id");
    take(&world, &operator, &id).await.expect(200);
    // What the operator compares is no longer what she says.
    world.patch_as(&anna, profile, passport("654321")).await.expect(200);
    let refused = decide(&world, &operator, &id, "approved").await.refused(409, "grant-changed");
    assert!(refused.text("/detail").contains("Возьмите заявку снова"), "{}", refused.raw);
    let taken = take(&world, &operator, &id).await.expect(200);
    assert_eq!(taken.text("/representative/identityDocument/number"), "654321");
    world.patch_as(&anna, profile, none).await.expect(200);
    decide(&world, &operator, &id, "approved").await.refused(409, "grant-no-paper");
    // The very same paper said again is what was compared.
    world.patch_as(&anna, profile, passport("654321")).await.expect(200);
    decide(&world, &operator, &id, "approved").await.expect(204);
    world.settle().await;
}

//! Somebody calls or stands at the counter: found, identified, and then served like anybody (OFC-3, OFC-9, CHG-3).

use super::acts::{FRIDAY, friday, full_days, kinds, what};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, PASSWORD, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const NAME: &str = "Петрова Анна Сергеевна";

struct Desk {
    world: World,
    chief: Colleague,
    operator: Colleague,
    anna: Citizen,
}

async fn desk() -> Desk {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants =
        json!([{ "role": "operator", "officeId": "one" }, { "role": "operator", "officeId": "two" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let anna = world.citizen().await;
    Desk { world, chief, operator, anna }
}

impl Desk {
    /// Another day: the operator signs in again.
    async fn signs_in(&mut self) {
        let code = self.world.code(&self.operator);
        let session = self.world.staff_sign_in(&self.operator.email, PASSWORD, &code).await.expect(201);
        self.operator.token = session.text("/token");
    }

    async fn identify(&self, who: &Colleague, body: Value) -> Answer {
        let path = format!("citizens/{}/identification", self.anna.id);
        self.world.staff(who, Method::POST, &path, body).await
    }

    async fn identified(&self) {
        let said =
            json!({ "officeId": "one", "method": "facts", "fullName": NAME, "email": self.anna.email });
        self.identify(&self.operator, said).await.expect(201);
    }

    /// What a citizen asks, asked for Anna.
    async fn asks(&self, who: &Colleague, method: Method, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        let acting = [("acting-for", self.anna.id.as_str())];
        let answer = self.world.ask(method, path, Some(&who.token), body, &acting).await;
        self.world.settle().await;
        answer
    }

    async fn posts(&self, path: &str, body: Value) -> Answer {
        self.asks(&self.operator, Method::POST, path, body).await
    }

    /// What was written down with Anna.
    async fn readings(&self) -> Vec<String> {
        let readings = self.world.get_as(&self.anna, "/v1/me/readings").await.expect(200);
        let items = readings.body["items"].as_array().cloned().unwrap_or_default();
        let mut subjects: Vec<String> =
            items.iter().filter_map(|item| item["subject"].as_str().map(str::to_owned)).collect();
        subjects.sort();
        subjects
    }
}

#[tokio::test]
async fn a_caller_is_found_and_identified_before_anything_is_done_for_them() {
    let desk = desk().await;
    let body = booking("one", "talk", THURSDAY);
    desk.posts("/v1/appointments", body.clone()).await.refused(403, "not-identified");
    // By the phone in any writing: enough to ask whether it is she.
    let spelled = desk.anna.phone.replace("+7", "8 (").replacen("999", "999) ", 1);
    let find = |login: String| json!({ "officeId": "one", "login": login });
    let found =
        desk.world.staff(&desk.operator, Method::POST, "citizens/find", find(spelled)).await.expect(200);
    let one = |answer: &Answer| {
        ["citizenId", "name", "phoneEnds"].map(|member| answer.text(&format!("/items/0/{member}")))
    };
    let ends = desk.anna.phone[desk.anna.phone.len() - 2..].to_owned();
    assert_eq!(one(&found), [desk.anna.id.clone(), "Анна П.".to_owned(), ends]);
    let nobody = find("+79995554433".to_owned());
    desk.world.staff(&desk.operator, Method::POST, "citizens/find", nobody).await.refused(404, "not-found");

    let one = json!({ "officeId": "one", "method": "facts", "fullName": NAME });
    desk.identify(&desk.operator, one).await.refused(422, "invalid-request");
    let said = |name: &str, email: &str| json!({ "officeId": "one", "method": "facts", "fullName": name, "email": email });
    for wrong in [said("Петрова Анна", &desk.anna.email), said(NAME, "other@example.ru")] {
        desk.identify(&desk.operator, wrong).await.refused(422, "facts-wrong");
    }
    desk.posts("/v1/appointments", body.clone()).await.refused(403, "not-identified");
    let right =
        desk.identify(&desk.operator, said(" петрова  АННА сергеевна", &desk.anna.email)).await.expect(201);
    assert_eq!((right.text("/surname").as_str(), right.text("/readiness").as_str()), ("Петрова", "ready"));
    desk.posts("/v1/appointments", body).await.expect(201);
    assert_eq!(desk.readings().await, ["found", "identified-facts"]);
    // It holds for half an hour, and for whoever did it.
    let other = json!([{ "role": "operator", "officeId": "one" }]);
    let other = desk.world.colleague(&desk.chief, "other@example.ru", other).await;
    let list = desk.asks(&other, Method::GET, "/v1/appointments", Value::Null).await;
    list.refused(403, "not-identified");
    let mine = desk.asks(&desk.operator, Method::GET, "/v1/appointments", Value::Null).await.expect(200);
    assert_eq!(mine.body["items"].as_array().unwrap().len(), 1);
    desk.world.until("2026-12-01T10:30:01+03:00").await;
    let over = desk.asks(&desk.operator, Method::GET, "/v1/appointments", Value::Null).await;
    over.refused(403, "not-identified");
}

#[tokio::test]
async fn a_caller_reads_back_the_code_that_came_to_their_phone() {
    let desk = desk().await;
    let send = async |who: &Colleague| {
        let path = format!("citizens/{}/code", desk.anna.id);
        desk.world.staff(who, Method::POST, &path, json!({ "officeId": "one" })).await
    };
    let stranger = json!([{ "role": "operator", "officeId": "far" }]);
    let stranger = desk.world.colleague(&desk.chief, "far@example.ru", stranger).await;
    send(&stranger).await.refused(403, "beyond-your-rights");
    desk.world.a_minute_later().await;
    let sent = send(&desk.operator).await.expect(201);
    desk.world.settle().await;
    let sms = desk.world.sent_to(&desk.anna.phone).pop().unwrap_or_default();
    assert!(sms.contains("сотруднику"), "{sms}");
    let said = |code: &str| json!({ "officeId": "one", "method": "code", "codeId": sent.text("/codeId"), "code": code });
    desk.identify(&desk.operator, said("12")).await.refused(422, "invalid-request");
    let code = tests::digits(&sms);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    desk.identify(&desk.operator, said(&wrong)).await.refused(422, "code-wrong");
    // It is a code for this and for nothing else, of this citizen and of no other.
    let path = format!("/v1/recoveries/{}/complete", sent.text("/codeId"));
    let body = json!({ "code": code, "password": "Зимний8снег" });
    desk.world.post(&path, body).await.refused(422, "code-wrong");
    let boris = desk.world.citizen().await;
    let path = format!("citizens/{}/identification", boris.id);
    desk.world.staff(&desk.operator, Method::POST, &path, said(&code)).await.refused(404, "not-found");
    desk.identify(&desk.operator, said(&code)).await.expect(201);
    desk.identify(&desk.operator, said(&code)).await.refused(410, "proof-spent");
    desk.posts("/v1/appointments", booking("one", "talk", THURSDAY)).await.expect(201);
    assert_eq!(desk.readings().await, ["identified-code"]);
}

#[tokio::test]
async fn what_is_noted_on_a_call_is_read_by_whoever_speaks_with_them_next_and_by_themselves() {
    let desk = desk().await;
    let path = format!("citizens/{}/notes", desk.anna.id);
    let note = |text: &str| json!({ "officeId": "one", "text": text });
    let write = async |text: &str| desk.world.staff(&desk.operator, Method::POST, &path, note(text)).await;
    let list = format!("{path}?officeId=one");
    write("Просит перезвонить").await.refused(403, "not-identified");
    desk.world.staff(&desk.operator, Method::GET, &list, Value::Null).await.refused(403, "not-identified");
    desk.identified().await;
    for text in ["Просит перезвонить", "Перезвонили: придёт с сыном"]
    {
        assert_eq!(write(text).await.expect(201).text("/text"), text);
        desk.world.settle().await;
        desk.world.system.advance_to(desk.world.system.now() + chrono::TimeDelta::seconds(1)).await;
    }
    write(" ").await.refused(422, "invalid-request");
    write(&"о".repeat(1_001)).await.refused(422, "invalid-request");
    let texts = |answer: &Answer| [answer.text("/items/0/text"), answer.text("/items/1/text")];
    let both = ["Перезвонили: придёт с сыном", "Просит перезвонить"];
    let read = desk.world.staff(&desk.operator, Method::GET, &list, Value::Null).await.expect(200);
    assert_eq!(texts(&read), both);
    let mine = desk.world.get_as(&desk.anna, "/v1/me/call-notes").await.expect(200);
    assert_eq!(texts(&mine), both);
    assert_eq!(mine.text("/items/0/memberId"), desk.operator.id);
    assert!(!desk.world.stands_in_clear("придёт с сыном"));
    assert_eq!(desk.readings().await, ["call-notes", "identified-facts"]);
    // Elsewhere one acts for nobody.
    let elsewhere = format!("{path}?officeId=far");
    desk.world
        .staff(&desk.operator, Method::GET, &elsewhere, Value::Null)
        .await
        .refused(403, "beyond-your-rights");
}

#[tokio::test]
async fn a_caller_is_identified_by_what_the_profile_says_in_any_writing() {
    let desk = desk().await;
    let facts = |birth: &str, snils: &str| json!({ "officeId": "one", "method": "facts", "birthDate": birth, "snils": snils });
    desk.identify(&desk.operator, facts("1985-03-09", "112-233-445 95")).await.refused(422, "facts-wrong");
    desk.identify(&desk.operator, facts("1985-03-08", "112-233-454 95")).await.refused(422, "facts-wrong");
    desk.identify(&desk.operator, facts("1985-03-08", "11223344595")).await.expect(201);
    desk.world.settle().await;
}

#[tokio::test]
async fn people_are_found_by_what_they_are_called_and_by_the_number_of_their_visit() {
    let desk = desk().await;
    let namesake = desk.world.citizen().await;
    let find = async |mut body: Value| {
        body["officeId"] = json!("one");
        desk.world.staff(&desk.operator, Method::POST, "citizens/find", body).await
    };
    let ids = |answer: &Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        let mut ids: Vec<String> =
            items.iter().filter_map(|item| item["citizenId"].as_str().map(str::to_owned)).collect();
        ids.sort();
        ids
    };
    let mut both = vec![desk.anna.id.clone(), namesake.id.clone()];
    both.sort();
    for name in [NAME, " ПЕТРОВА  анна", "петрова Анна сергеевна"] {
        let found = find(json!({ "fullName": name })).await.expect(200);
        assert_eq!((ids(&found), found.body["more"].clone()), (both.clone(), json!(false)), "{name}");
    }
    for nobody in ["Петрова", "Анна Петрова Сергеевна", "Петрова Анна Ивановна"]
    {
        find(json!({ "fullName": nobody })).await.refused(404, "not-found");
    }
    let visit = desk.world.book(&desk.anna, "one", "talk", FRIDAY).await;
    let (number, date) = (visit.text("/number"), "2026-12-04");
    let typed = number.to_lowercase().replace('-', " ");
    let found = find(json!({ "number": typed, "date": date })).await.expect(200);
    assert_eq!(ids(&found), std::slice::from_ref(&desk.anna.id));
    find(json!({ "number": number, "date": "2026-12-03" })).await.refused(404, "not-found");
    for wrong in [
        json!({}),
        json!({ "number": number }),
        json!({ "number": "7K4M", "date": date }),
        json!({ "fullName": NAME, "login": desk.anna.phone }),
        json!({ "fullName": NAME, "number": number, "date": date }),
    ] {
        find(wrong).await.refused(422, "invalid-request");
    }
    assert_eq!(desk.readings().await, ["found"], "each reads that she was found, once an hour");
    // Nothing that is kept says what anybody is called.
    let namesakes = desk.world.get_as(&namesake, "/v1/me/readings").await.expect(200);
    assert_eq!(namesakes.text("/items/0/subject"), "found");
}

#[tokio::test]
async fn facts_are_guessed_five_times_a_day_and_not_at_once() {
    let mut desk = desk().await;
    let wrong = || json!({ "officeId": "one", "method": "facts", "fullName": NAME, "email": "x@example.ru" });
    let at_once = futures::future::join_all((0..8).map(|_| desk.identify(&desk.operator, wrong()))).await;
    let compared = at_once.iter().filter(|answer| answer.problem() == "facts-wrong").count();
    assert!(compared <= 5, "{compared} guesses at once");
    for _ in compared..5 {
        desk.identify(&desk.operator, wrong()).await.refused(422, "facts-wrong");
    }
    let right = json!({ "officeId": "one", "method": "facts", "fullName": NAME, "email": desk.anna.email });
    desk.identify(&desk.operator, right.clone()).await.refused(429, "too-many-requests");
    desk.world.until("2026-12-02T03:00:01+03:00").await;
    desk.signs_in().await;
    desk.identify(&desk.operator, right).await.expect(201);
}

#[tokio::test]
async fn an_operator_books_moves_and_cancels_also_inside_the_last_day_and_says_why() {
    let mut desk = desk().await;
    desk.identified().await;
    let booked = desk.posts("/v1/appointments", booking("one", "talk", THURSDAY)).await.expect(201);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    // In the evening before, she herself no longer can.
    desk.world.until("2026-12-02T18:00:00+03:00").await;
    let to = |why: Option<&str>| json!({ "officeId": "two", "startsAt": FRIDAY, "reason": why });
    let own = desk.world.post_as(&desk.anna, &format!("{path}/reschedule"), to(None)).await;
    own.refused(409, "too-late");
    desk.signs_in().await;
    let shown = json!({ "officeId": "one", "method": "document" });
    desk.identify(&desk.operator, shown).await.expect(201);
    desk.posts(&format!("{path}/reschedule"), to(None)).await.refused(422, "invalid-request");
    let why = "Заболел ребёнок";
    let moved = desk.posts(&format!("{path}/reschedule"), to(Some(why))).await.expect(200);
    assert_eq!((moved.text("/startsAt").as_str(), moved.text("/office/id").as_str()), (FRIDAY, "two"));
    let history = desk.world.get_as(&desk.anna, &format!("{path}/history")).await.expect(200);
    assert_eq!(what(&history), ["booked", "moved"]);
    for (at, text) in [("/items/0/who", "staff"), ("/items/1/who", "staff"), ("/items/1/why", why)] {
        assert_eq!(history.text(at), text, "{at}");
    }
    let letter = desk.world.sent_to(&desk.anna.email).pop().expect("a letter");
    assert!(letter.contains(why), "{letter}");
    super::acts::later(&desk.world, 1).await;
    desk.posts(&format!("{path}/cancel"), json!({})).await.refused(422, "invalid-request");
    desk.posts(&format!("{path}/cancel"), json!({ "reason": "Переезжает" })).await.expect(200);
    assert_eq!(kinds(&desk.world, &desk.anna).await, ["booked", "reminder-day", "moved", "cancelled"]);
    desk.world.until("2026-12-02T20:00:00+03:00").await;
}

#[tokio::test]
async fn an_operator_waits_for_somebody_and_takes_what_they_are_offered() {
    let desk = desk().await;
    let held = full_days(&desk.world, &["2026-12-04"]).await;
    desk.identified().await;
    desk.posts("/v1/waitlist", friday()).await.expect(201);
    super::acts::give_up(&desk.world, &held[0]).await;
    let place = desk.asks(&desk.operator, Method::GET, "/v1/waitlist/talk", Value::Null).await.expect(200);
    let offer = place.text("/offerId");
    let taken = desk.posts(&format!("/v1/offers/{offer}/accept"), json!({})).await.expect(200);
    assert_eq!(taken.text("/startsAt"), FRIDAY);
    let history = desk.world.get_as(&desk.anna, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(what(&history), ["joined", "offered", "accepted"]);
    assert_eq!(
        (history.text("/items/0/who"), history.text("/items/2/who")),
        ("staff".to_owned(), "staff".to_owned())
    );
}

#[tokio::test]
async fn nobody_acts_where_they_have_no_right_nor_as_somebody_whom_they_are_not() {
    let desk = desk().await;
    desk.identified().await;
    let beyond = "beyond-your-rights";
    desk.posts("/v1/appointments", booking("three", "care", THURSDAY)).await.refused(403, beyond);
    let booked = desk.world.book(&desk.anna, "far", "talk", "2026-12-03T10:00:00+12:00").await;
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    let why = json!({ "reason": "Просит" });
    desk.posts(&format!("{path}/cancel"), why).await.refused(403, beyond);
    let to = json!({ "officeId": "two", "startsAt": FRIDAY, "reason": "Просит" });
    desk.posts(&format!("{path}/reschedule"), to).await.refused(403, beyond);
    let elsewhere = json!({ "officeId": "far", "method": "document" });
    desk.identify(&desk.operator, elsewhere).await.refused(403, beyond);
    // An administrator answers for the system and for no citizen.
    desk.identify(&desk.chief, json!({ "officeId": "one", "method": "document" })).await.refused(403, beyond);
    // A citizen's session acts for nobody who did not let them, and a member's for nobody without a name.
    let acting = [("acting-for", desk.anna.id.as_str())];
    let boris = desk.world.citizen().await;
    for path in ["/v1/appointments", "/v1/waitlist"] {
        let asked = desk.world.ask(Method::GET, path, Some(&boris.token), None, &acting).await;
        asked.refused(403, "not-represented");
        let nameless = desk.world.ask(Method::GET, path, Some(&desk.operator.token), None, &[]).await;
        nameless.refused(401, "unauthorized");
    }
    // What is one's own alone is not there for anybody who acts.
    for path in ["/v1/me", "/v1/inbox", "/v1/me/readings"] {
        desk.asks(&desk.operator, Method::GET, path, Value::Null).await.refused(401, "unauthorized");
    }
    // Whoever is blocked acts no more.
    let block = format!("members/{}/block", desk.operator.id);
    desk.world.staff(&desk.chief, Method::POST, &block, json!({ "reason": "Уволен" })).await.expect(200);
    let after = desk.asks(&desk.operator, Method::GET, "/v1/appointments", Value::Null).await;
    after.refused(401, "unauthorized");
}

#[tokio::test]
async fn a_follow_up_is_booked_on_the_spot_for_whoever_is_there() {
    let desk = desk().await;
    let booked = desk.world.book(&desk.anna, "one", "talk", THURSDAY).await;
    desk.world.until("2026-12-03T09:50:00+03:00").await;
    let grants = json!([{ "role": "specialist", "officeId": "one" }]);
    let code = desk.world.code(&desk.chief);
    let chief = desk.world.staff_sign_in(&desk.chief.email, PASSWORD, &code).await.expect(201);
    let chief = Colleague { token: chief.text("/token"), ..desk.chief.clone() };
    let specialist = desk.world.colleague(&chief, "specialist@example.ru", grants).await;
    let day = desk.world.staff(&specialist, Method::GET, "offices/one/agenda", Value::Null).await.expect(200);
    let visit = day.text("/visits/0/id");
    let by_visit = || json!({ "officeId": "one", "method": "visit", "visitId": visit });
    desk.identify(&specialist, by_visit()).await.refused(404, "not-found");
    let number = json!({ "number": booked.text("/number") });
    desk.world.staff(&specialist, Method::POST, "offices/one/arrivals", number).await.expect(200);
    for (step, body) in [
        ("receive", json!({})),
        ("close", json!({ "result": "documents-missing", "note": "Справка о составе семьи" })),
    ] {
        let path = format!("visits/{visit}/{step}");
        desk.world.staff(&specialist, Method::POST, &path, body).await.expect(200);
    }
    desk.identify(&specialist, by_visit()).await.expect(201);
    let again = booking("one", "talk", FRIDAY);
    desk.asks(&specialist, Method::POST, "/v1/appointments", again).await.expect(201);
    let mine = desk.world.get_as(&desk.anna, "/v1/appointments").await.expect(200);
    assert_eq!(
        (mine.text("/items/0/phase"), mine.text("/items/1/phase")),
        ("planned".to_owned(), "completed".to_owned())
    );
}

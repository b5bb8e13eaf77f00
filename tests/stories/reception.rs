//! The office's day: arriving at the counter, being called and received, results; absence that was none (VIS-1 to VIS-5).

use super::acts::{kinds, what};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, PASSWORD, World, booking};

const AT_TEN: &str = "2026-12-03T10:00:00+03:00";
const UNDO: &str = "undo-no-show";

/// Two visitors of one window, one after the other, on the morning of the day; a specialist of the office.
struct Morning {
    world: World,
    chief: Colleague,
    specialist: Colleague,
    /// Each with the visit as they see it.
    visitors: [(Citizen, Answer); 2],
}

async fn at_two(world: &World, chief: &Colleague, role: &str) -> Colleague {
    let grants = json!([{ "role": role, "officeId": "two" }]);
    world.colleague(chief, &format!("{role}@example.ru"), grants).await
}

/// «paper» is received at the window «А» only.
async fn morning() -> Morning {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let mut body = booking("two", "paper", AT_TEN);
    body["purpose"] = json!("Перерасчёт пособия");
    let first = world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    let next = first.text("/endsAt");
    let second = world.book(&boris, "two", "paper", &next).await;
    world.until("2026-12-03T09:45:00+03:00").await;
    let chief = world.chief().await;
    let specialist = at_two(&world, &chief, "specialist").await;
    Morning { world, chief, specialist, visitors: [(anna, first), (boris, second)] }
}

impl Morning {
    /// Another day: the specialist signs in again.
    async fn on(&mut self, when: &str) {
        self.world.until(when).await;
        let code = self.world.code(&self.specialist);
        let session = self.world.staff_sign_in(&self.specialist.email, PASSWORD, &code).await.expect(201);
        self.specialist.token = session.text("/token");
    }

    async fn agenda(&self) -> Vec<Value> {
        let day = self.world.staff(&self.specialist, Method::GET, "offices/two/agenda", Value::Null).await;
        day.expect(200).body["visits"].as_array().cloned().unwrap_or_default()
    }

    /// The name that the agenda gives to somebody's visit.
    async fn visit(&self, n: usize) -> String {
        let number = self.visitors[n].1.text("/number");
        let found = self.agenda().await.into_iter().find(|item| item["number"] == json!(number));
        found.expect("on the agenda")["id"].as_str().map(str::to_owned).expect("a name")
    }

    async fn arrives(&self, n: usize) -> Answer {
        let number = json!({ "number": self.visitors[n].1.text("/number") });
        self.world.staff(&self.specialist, Method::POST, "offices/two/arrivals", number).await
    }

    async fn call_next(&self) -> Answer {
        self.world.staff(&self.specialist, Method::POST, "offices/two/windows/a/call-next", json!({})).await
    }

    async fn step(&self, n: usize, step: &str, body: Value) -> Answer {
        let path = format!("visits/{}/{step}", self.visit(n).await);
        let answer = self.world.staff(&self.specialist, Method::POST, &path, body).await;
        self.world.settle().await;
        answer
    }

    async fn board(&self) -> Vec<(String, bool)> {
        let board = self.world.get("/v1/offices/two/board").await.expect(200);
        let calls = board.body["calls"].as_array().cloned().unwrap_or_default();
        let shown = |call: &Value| {
            assert_eq!(call["window"], "А");
            (call["queueNumber"].as_str().unwrap_or_default().to_owned(), call["receiving"] == json!(true))
        };
        calls.iter().map(shown).collect()
    }

    async fn seen(&self, n: usize) -> Answer {
        let (who, ticket) = &self.visitors[n];
        self.world.get_as(who, &format!("/v1/appointments/{}", ticket.text("/id"))).await.expect(200)
    }

    async fn history(&self, n: usize) -> Answer {
        let (who, ticket) = &self.visitors[n];
        let path = format!("/v1/appointments/{}/history", ticket.text("/id"));
        self.world.get_as(who, &path).await.expect(200)
    }
}

#[tokio::test]
async fn visitors_come_are_called_in_their_order_received_and_told_the_result() {
    let day = morning().await;
    let queue = |n: usize| day.visitors[n].1.text("/queueNumber");
    day.call_next().await.refused(409, "nobody-waits");
    // Whoever comes first is not called first: the earlier start is, once that visitor is there.
    day.arrives(1).await.expect(200);
    day.arrives(0).await.expect(200);
    let again = day.arrives(0).await.expect(200);
    assert_eq!(again.body["version"], json!(2), "checked in once");
    assert!(day.board().await.is_empty());
    assert_eq!(day.call_next().await.expect(200).text("/queueNumber"), queue(0));
    assert_eq!(day.board().await, [(queue(0), false)]);
    let received = day.step(0, "receive", json!({})).await.expect(200);
    assert_eq!(received.text("/phase"), "in-reception");
    assert_eq!(day.seen(0).await.text("/status"), "На приёме");
    assert_eq!(day.board().await, [(queue(0), true)]);
    day.call_next().await.refused(409, "window-busy");
    day.step(1, "receive", json!({})).await.refused(409, "window-busy");
    day.step(0, "close", json!({ "result": "documents-missing" })).await.refused(422, "invalid-request");
    let missing = "Принесите справку о составе семьи.";
    let close = json!({ "result": "documents-missing", "note": missing });
    day.step(0, "close", close.clone()).await.expect(200);
    day.step(0, "close", close).await.expect(200);
    day.step(0, "close", json!({ "result": "served" })).await.refused(409, "not-so");
    assert!(day.board().await.is_empty());
    assert_eq!(day.call_next().await.expect(200).text("/queueNumber"), queue(1));
    day.step(1, "close", json!({ "result": "served" })).await.refused(409, "not-received");
    day.step(1, "close", json!({ "result": "left" })).await.expect(200);
    // The visitor sees all of it, and is told what to do.
    let seen = day.seen(0).await;
    assert_eq!(
        (seen.text("/status").as_str(), seen.text("/result").as_str()),
        ("Завершено", "documents-missing")
    );
    let history = day.history(0).await;
    assert_eq!(what(&history), ["booked", "checked-in", "called", "received", "closed"]);
    assert_eq!(history.text("/items/4/why"), missing);
    assert_eq!(history.text("/items/4/who"), "staff");
    let anna = &day.visitors[0].0;
    assert!(kinds(&day.world, anna).await.contains(&"visit-closed".to_owned()));
    let letter = day.world.sent_to(&anna.email).pop().expect("a letter");
    assert!(letter.contains("Не хватило документов") && letter.contains(missing), "{letter}");
    assert!(!day.world.stands_in_clear(missing), "what was missing is personal");
    // The visit is over before its time: another can be booked on the spot.
    let later = booking("two", "paper", "2026-12-04T10:00:00+03:00");
    day.world.post_as(anna, "/v1/appointments", later).await.expect(201);
    day.world.settle().await;
}

#[tokio::test]
async fn nobody_is_absent_while_their_window_runs_late() {
    let day = morning().await;
    day.arrives(0).await.expect(200);
    day.step(0, "receive", json!({})).await.expect(200);
    let (boris, ticket) = &day.visitors[1];
    let start = tests::time(&ticket.text("/startsAt"));
    let minutes = |n: i64| (start + chrono::TimeDelta::minutes(n)).to_rfc3339();
    day.world.until(&minutes(14)).await;
    assert_eq!(day.seen(1).await.text("/phase"), "planned", "the visit before is not over");
    let ticket_of = |n: usize| {
        let ticket = &day.visitors[n].1;
        json!({ "officeId": "two", "number": ticket.text("/number"), "code": ticket.text("/code") })
    };
    // Fourteen minutes late by the clock, in time for the window.
    day.world.post("/v1/check-ins", ticket_of(1)).await.expect(201);
    day.step(0, "close", json!({ "result": "served" })).await.expect(200);
    day.world.until(&minutes(40)).await;
    assert_eq!(day.seen(1).await.text("/phase"), "planned", "checked in");
    assert!(!kinds(&day.world, boris).await.contains(&"no-show".to_owned()));
}

#[tokio::test]
async fn absence_comes_once_the_window_is_free_and_is_undone_with_a_reason_that_the_visitor_reads() {
    let day = morning().await;
    day.arrives(0).await.expect(200);
    day.step(0, "receive", json!({})).await.expect(200);
    let start = tests::time(&day.visitors[1].1.text("/startsAt"));
    let minutes = |n: i64| (start + chrono::TimeDelta::minutes(n)).to_rfc3339();
    day.world.until(&minutes(14)).await;
    assert_eq!(day.seen(1).await.text("/phase"), "planned");
    day.step(0, "close", json!({ "result": "served" })).await.expect(200);
    day.world.until(&minutes(22)).await;
    assert_eq!(day.seen(1).await.text("/status"), "Неявка");
    day.step(1, UNDO, json!({})).await.refused(422, "invalid-request");
    day.step(0, UNDO, json!({ "reason": "Проверка" })).await.refused(409, "not-so");
    let reason = "Посетитель ждал у другого окна.";
    let undone = day.step(1, UNDO, json!({ "reason": reason })).await.expect(200);
    day.step(1, UNDO, json!({ "reason": reason })).await.expect(200);
    assert_eq!((undone.text("/phase").as_str(), undone.text("/checkedInAt").is_empty()), ("planned", false));
    let history = day.history(1).await;
    assert_eq!(what(&history), ["booked", "no-show", "no-show-undone"]);
    assert_eq!(history.text("/items/2/why"), reason);
    let boris = &day.visitors[1].0;
    let sms = day.world.sent_to(&boris.phone).pop().expect("an SMS");
    assert!(sms.contains("Отметка о неявке снята"), "{sms}");
    // And the visit goes on.
    day.step(1, "receive", json!({})).await.expect(200);
    day.step(1, "close", json!({ "result": "served" })).await.expect(200);
    day.world.until("2026-12-11T10:00:00+03:00").await;
    assert_eq!(day.seen(1).await.text("/result"), "served");
}

#[tokio::test]
async fn whoever_has_come_is_not_told_that_they_have_booked() {
    let mut day = morning().await;
    let late = day.world.citizen().await;
    day.world.system.deliveries().hold("notifier");
    let ticket = day.world.book(&late, "two", "paper", "2026-12-04T10:00:00+03:00").await;
    day.visitors[0] = (late, ticket);
    day.on("2026-12-04T09:50:00+03:00").await;
    day.arrives(0).await.expect(200);
    day.step(0, "receive", json!({})).await.expect(200);
    day.step(0, "close", json!({ "result": "served" })).await.expect(200);
    day.world.system.deliveries().release("notifier");
    day.world.settle().await;
    assert_eq!(kinds(&day.world, &day.visitors[0].0).await, ["visit-closed"]);
}

#[tokio::test]
async fn a_no_show_is_undone_for_a_week_and_arrivals_are_of_the_day() {
    let mut day = morning().await;
    let later = day.world.citizen().await;
    let ticket = day.world.book(&later, "two", "paper", "2026-12-04T10:00:00+03:00").await;
    let opened =
        day.world.staff(&day.specialist, Method::GET, "offices/two/agenda?date=2026-12-04", Value::Null);
    let opened = opened.await.expect(200);
    assert_eq!(opened.text("/visits/0/number"), ticket.text("/number"));
    let tomorrow = json!({ "number": ticket.text("/number") });
    let arrive = day.world.staff(&day.specialist, Method::POST, "offices/two/arrivals", tomorrow).await;
    arrive.refused(404, "not-found");
    let absent = day.visit(0).await;
    day.on("2026-12-10T10:00:00+03:00").await;
    let undo = |visit: String| {
        let path = format!("visits/{visit}/{UNDO}");
        let body = json!({ "reason": "Ошибка" });
        let (world, who) = (&day.world, &day.specialist);
        async move { world.staff(who, Method::POST, &path, body).await }
    };
    let other = {
        let on =
            day.world.staff(&day.specialist, Method::GET, "offices/two/agenda?date=2026-12-03", Value::Null);
        on.await.expect(200).text("/visits/1/id")
    };
    undo(absent).await.expect(200);
    day.world.until("2026-12-10T12:00:00+03:00").await;
    undo(other).await.refused(409, "undo-too-late");
}

#[tokio::test]
async fn whoever_prepares_a_visit_reads_who_comes_and_the_visitor_sees_that_they_did() {
    let day = morning().await;
    let (anna, ticket) = &day.visitors[0];
    let visit = day.visit(0).await;
    for item in day.agenda().await {
        let said = item.to_string();
        assert!(
            !said.contains("Петрова") && !said.contains("Перерасчёт") && !said.contains(&anna.phone),
            "{said}"
        );
    }
    assert!(
        day.world.get_as(anna, "/v1/me/readings").await.expect(200).body["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let path = format!("visits/{visit}");
    for _ in 0..2 {
        let opened = day.world.staff(&day.specialist, Method::GET, &path, Value::Null).await.expect(200);
        assert_eq!(opened.text("/surname"), "Петрова");
        assert_eq!(opened.text("/purpose"), "Перерасчёт пособия");
        assert_eq!(opened.text("/phone"), anna.phone);
        assert_eq!(opened.text("/history/0/what"), "booked");
    }
    let readings = day.world.get_as(anna, "/v1/me/readings").await.expect(200);
    assert_eq!(readings.body["items"].as_array().unwrap().len(), 1, "once an hour");
    assert_eq!(readings.text("/items/0/subject"), ticket.text("/id"));
    assert_eq!(readings.text("/items/0/office/id"), "two");
    assert_eq!(readings.text("/items/0/memberId"), day.specialist.id);
    // Elsewhere the visit is not there; an administrator sees the day and no people.
    let grants = json!([{ "role": "specialist", "officeId": "one" }]);
    let elsewhere = day.world.colleague(&day.chief, "elsewhere@example.ru", grants).await;
    day.world.staff(&elsewhere, Method::GET, &path, Value::Null).await.refused(404, "not-found");
    day.world.staff(&day.chief, Method::GET, &path, Value::Null).await.refused(403, "beyond-your-rights");
    let nobody = day.world.ask(Method::GET, &format!("/v1/staff/{path}"), Some(&anna.token), None, &[]).await;
    nobody.refused(401, "unauthorized");
}

/// What each role may do at its office: `a`genda, `o`pen, check `i`n, call `n`ext, `c`all, `r`eceive, `x` close, `u`ndo.
const MAY: [(&str, &str); 4] = [
    ("operator", "aoi....u"),
    ("specialist", "aoincrxu"),
    ("manager", "aoincrxu"),
    ("administrator", "a......."),
];

#[tokio::test]
async fn everybody_does_of_the_day_what_their_role_says_at_their_office_and_nothing_elsewhere() {
    let day = morning().await;
    let visit = day.visit(0).await;
    let number = json!({ "number": day.visitors[0].1.text("/number") });
    let operations = [
        ('a', Method::GET, "offices/two/agenda".to_owned(), Value::Null),
        ('o', Method::GET, format!("visits/{visit}"), Value::Null),
        ('i', Method::POST, "offices/two/arrivals".to_owned(), number),
        ('n', Method::POST, "offices/two/windows/a/call-next".to_owned(), json!({})),
        ('c', Method::POST, format!("visits/{visit}/call"), json!({})),
        ('r', Method::POST, format!("visits/{visit}/receive"), json!({})),
        ('x', Method::POST, format!("visits/{visit}/close"), json!({ "result": "served" })),
        ('u', Method::POST, format!("visits/{visit}/{UNDO}"), json!({ "reason": "Проверка" })),
    ];
    let mut wrong = Vec::new();
    for (role, may) in MAY {
        for (place, office) in [("own", "two"), ("other", "one")] {
            let grants = json!([{ "role": role, "officeId": office }]);
            let who = day.world.colleague(&day.chief, &format!("{role}-{office}@example.ru"), grants).await;
            let mut found = String::new();
            for (letter, method, path, body) in &operations {
                let answer = day.world.staff(&who, method.clone(), path, body.clone()).await;
                let refused = matches!(answer.status, 403 | 404);
                assert!(
                    refused || answer.status == 200 || answer.status == 409,
                    "{role} {path}: {}",
                    answer.raw
                );
                found.push(if refused { '.' } else { *letter });
            }
            let should = if place == "own" { may } else { "........" };
            if found != should {
                wrong.push(format!("{role}, {place} office: may {found}, should {should}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

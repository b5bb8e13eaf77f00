//! Those who receive under their own names: asked for, replaced, ill (AVL-8, OFC-2, OFC-5).

use super::acts::{FRIDAY, close, file, kinds, manager, put, touched, what};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World, booking};

const NAMES: &str = r#"
[[specialists]]
id = "ivanova"
name = { ru = "Иванова Мария Петровна", en = "Maria Ivanova" }

[[specialists]]
id = "petrov"
name = { ru = "Петров Олег Ильич", en = "Oleg Petrov" }

[[specialists]]
id = "sidorova"
name = { ru = "Сидорова Анна Львовна", en = "Anna Sidorova" }

[[windows]]"#;

/// The office «two» with Ivanova at the window «А» and Petrov at «Б».
struct Office {
    world: World,
    head: Colleague,
    file: String,
}

fn posted(file: &str, window: &str, post: &str) -> String {
    let letter = format!("id = \"{window}\"\n");
    file.replacen(&letter, &format!("{letter}posts = [{post}]\n"), 1)
}

async fn office() -> Office {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let plain = file(&world, &head, "two").await.text("/file").replacen("[[windows]]", NAMES.trim_start(), 1);
    let file =
        posted(&posted(&plain, "a", "{ specialist = \"ivanova\" }"), "b", "{ specialist = \"petrov\" }");
    let body = json!({ "version": 0, "file": file, "reason": "Имена специалистов" });
    put(&world, &head, "two", body).await.expect(200);
    world.settle().await;
    Office { world, head, file }
}

impl Office {
    async fn book_with(&self, who: &Citizen, service: &str, specialist: &str) -> Answer {
        let mut body = booking("two", service, FRIDAY);
        body["specialistId"] = json!(specialist);
        let answer = self.world.post_as(who, "/v1/appointments", body).await;
        self.world.settle().await;
        answer
    }

    async fn slots(&self, service: &str, specialist: &str) -> Answer {
        let path =
            format!("/v1/offices/two/slots?serviceId={service}&date=2026-12-04&specialistId={specialist}");
        self.world.get(&path).await.expect(200)
    }

    /// Another post at the window «Б» on the Friday, after a look at whom it touches.
    async fn on_friday(&self, window: &str, specialist: &str, touches: u32) {
        let before =
            format!("posts = [{{ specialist = \"{}\" }}", if window == "a" { "ivanova" } else { "petrov" });
        let day = "valid_from = \"2026-12-04\", valid_to = \"2026-12-04\"";
        let after = format!("{before}, {{ specialist = \"{specialist}\", {day} }}");
        let mut body = json!({
            "version": 1, "file": self.file.replacen(&before, &after, 1), "reason": "Отпуск по семейным обстоятельствам",
        });
        let told = put(&self.world, &self.head, "two", body.clone()).await;
        if touches > 0 {
            let told = told.refused(409, "touches-appointments");
            assert_eq!(told.body["appointments"], json!(touches));
            body["confirm"] = json!(touches);
            put(&self.world, &self.head, "two", body).await.expect(200);
        }
        self.world.settle().await;
        self.world.until("2026-12-01T10:10:00+03:00").await;
    }

    async fn seen(&self, who: &Citizen, booked: &Answer) -> Answer {
        self.world.get_as(who, &format!("/v1/appointments/{}", booked.text("/id"))).await.expect(200)
    }
}

#[tokio::test]
async fn a_specialist_is_asked_for_by_name_and_nobody_else_is_shown_or_booked() {
    let office = office().await;
    let world = &office.world;
    let page = world.get("/v1/offices/two").await.expect(200);
    assert_eq!(page.body["specialists"][1], json!({ "id": "petrov", "name": "Петров Олег Ильич" }));
    // Papers are received at the window «А», where Ivanova sits.
    assert_eq!(office.slots("paper", "petrov").await.text("/reason"), "specialist-away");
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let refused = office.book_with(&anna, "paper", "petrov").await.refused(409, "slot-not-offered");
    assert!(refused.text("/reasonText").contains("специалист"), "{}", refused.raw);
    let unknown = office.book_with(&anna, "talk", "nobody").await.refused(422, "invalid-request");
    assert_eq!(unknown.text("/errors/0/code"), "unknown-specialist");
    let looked = "/v1/offices/two/slots?serviceId=talk&date=2026-12-04&specialistId=nobody";
    assert_eq!(
        world.get(looked).await.refused(422, "invalid-request").text("/errors/0/field"),
        "specialistId"
    );
    let booked = office.book_with(&anna, "talk", "petrov").await.expect(201);
    assert_eq!(booked.text("/specialist/name"), "Петров Олег Ильич");
    assert!(booked.text("/queueNumber").starts_with('Б'), "{}", booked.raw);
    let sent = world.sent_to(&anna.email).pop().expect("the confirmation");
    assert!(sent.contains("Специалист: Петров Олег Ильич"), "{sent}");
    let all = json!({ "password": tests::PASSWORD, "format": "text" });
    let all = world.post_as(&anna, "/v1/me/export", all).await.expect(200);
    assert!(all.raw.contains("Специалист · Номер в системе: petrov"), "{}", all.raw);
    // One's own time is not shown; somebody else sees that he is busy then and Ivanova is not.
    let taken = office.book_with(&boris, "talk", "petrov").await.refused(409, "slot-taken");
    // What is named instead is with whom they asked for.
    assert_eq!(taken.text("/alternatives/0/startsAt"), "2026-12-04T09:30:00+03:00");
    let ten = |answer: &Answer| {
        answer.body["slots"]
            .as_array()
            .is_some_and(|all| all.iter().any(|slot| slot["startsAt"] == json!(FRIDAY)))
    };
    assert!(!ten(&office.slots("talk", "petrov").await) && ten(&office.slots("talk", "ivanova").await));
    let calendar =
        "/v1/offices/two/calendar?serviceId=talk&from=2026-12-04&to=2026-12-04&specialistId=petrov";
    let free = world.get(calendar).await.expect(200);
    assert_eq!(free.body["days"][0]["free"], json!(5), "{}", free.raw);
    // Moved to somebody else at the same time, which is another window.
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let to = |who: Option<&str>| json!({ "officeId": "two", "startsAt": FRIDAY, "specialistId": who });
    world.post_as(&anna, &path, to(Some("petrov"))).await.refused(409, "same-slot");
    let moved = world.post_as(&anna, &path, to(Some("ivanova"))).await.expect(200);
    assert_eq!(moved.text("/specialist/id"), "ivanova");
    world.post_as(&anna, &path, to(None)).await.refused(409, "same-slot");
    world.settle().await;
    let told = world.sent_to(&anna.phone).pop().expect("an SMS");
    assert!(told.contains("Время прежнее"), "{told}");
    let agenda = "offices/two/agenda?date=2026-12-04&specialistId=ivanova";
    let theirs = world.staff(&office.head, Method::GET, agenda, Value::Null).await.expect(200);
    assert_eq!(theirs.body["visits"][0]["specialist"]["id"], json!("ivanova"), "{}", theirs.raw);
}

#[tokio::test]
async fn a_replacement_is_told_once_to_those_who_asked_for_whom_it_replaces() {
    let office = office().await;
    let world = &office.world;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let asked = office.book_with(&anna, "talk", "petrov").await.expect(201);
    let any = world.book(&boris, "two", "talk", "2026-12-04T09:00:00+03:00").await;
    office.on_friday("b", "sidorova", 1).await;
    let seen = office.seen(&anna, &asked).await;
    assert_eq!((seen.text("/specialist/id"), seen.text("/startsAt")), ("sidorova".into(), FRIDAY.into()));
    assert_eq!(kinds(world, &anna).await, ["booked", "moved"]);
    let mail = world.sent_to(&anna.email).pop().expect("told by mail");
    for part in ["Сидорова Анна Львовна", "Время и отделение прежние", "Отпуск по семейным обстоятельствам"]
    {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    assert!(!mail.contains("Было"), "{mail}");
    assert_eq!(kinds(world, &boris).await, ["booked"], "whoever asked for nobody is told nothing");
    assert_eq!(office.seen(&boris, &any).await.body["version"], json!(1));
    let history = world.get_as(&anna, &format!("/v1/appointments/{}/history", asked.text("/id"))).await;
    assert_eq!(what(&history), ["booked", "moved"]);
}

#[tokio::test]
async fn whoever_asked_for_a_specialist_goes_to_the_window_where_they_are() {
    let office = office().await;
    let anna = office.world.citizen().await;
    let asked = office.book_with(&anna, "talk", "petrov").await.expect(201);
    let both = posted(&office.file.replace("posts", "old"), "a", "{ specialist = \"petrov\" }");
    let both = posted(&both, "b", "{ specialist = \"ivanova\" }");
    let both: Vec<&str> = both.lines().filter(|line| !line.starts_with("old")).collect();
    let body =
        json!({ "version": 1, "file": both.join("\n") + "\n", "reason": "Обмен окнами", "confirm": 1 });
    put(&office.world, &office.head, "two", body).await.expect(200);
    office.world.settle().await;
    let seen = office.seen(&anna, &asked).await;
    assert_eq!((seen.text("/specialist/id"), seen.text("/startsAt")), ("petrov".into(), FRIDAY.into()));
    assert!(seen.text("/queueNumber").starts_with('А'), "{}", seen.raw);
}

#[tokio::test]
async fn when_a_specialist_is_ill_another_window_receives_and_says_who() {
    let office = office().await;
    let world = &office.world;
    let anna = world.citizen().await;
    let asked = office.book_with(&anna, "talk", "petrov").await.expect(201);
    let ill = json!({ "specialistId": "petrov", "reason": "Специалист заболел" });
    let mut more = ill.clone();
    more["windows"] = json!(["b"]);
    close(world, &office.head, "two", more).await.refused(422, "invalid-request");
    let unknown = json!({ "specialistId": "nobody" });
    close(world, &office.head, "two", unknown).await.refused(422, "invalid-request");
    let weekend = json!({ "specialistId": "petrov", "from": "2026-12-05", "to": "2026-12-06" });
    let told = close(world, &office.head, "two", weekend).await.refused(422, "invalid-request");
    assert!(told.raw.contains("нигде не принимает"), "{}", told.raw);
    let mut confirmed = ill.clone();
    confirmed["confirm"] = json!(1);
    close(world, &office.head, "two", confirmed).await.expect(200);
    let again = close(world, &office.head, "two", ill).await.expect(200);
    assert_eq!(again.body["version"], json!(2), "it is closed already");
    let seen = office.seen(&anna, &asked).await;
    assert_eq!((seen.text("/specialist/id"), seen.text("/phase")), ("ivanova".into(), "planned".into()));
    let change =
        world.staff(&office.head, Method::GET, "offices/two/changes/2", Value::Null).await.expect(200);
    assert_eq!(change.body["moved"], json!(1), "{}", change.raw);
    assert_eq!(touched(world, &office.head, "two").await.body["moved"], json!(0));
}

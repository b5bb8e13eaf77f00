//! Hours that are kept for booking by phone or for emergencies, until nearer to their time (AVL-6, OFC-4).

use super::acts::{file, join, kinds, later, offered, put, what};
use http::Method;
use local::people::papers;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World, booking};

const NINE: &str = "2026-12-04T09:00:00+03:00";
const TEN: &str = "2026-12-04T10:00:00+03:00";
const ELEVEN: &str = "2026-12-04T11:00:00+03:00";
const NAME: &str = "Петрова Анна Сергеевна";

/// The office «two» with one window, where from nine to ten is kept for operators until a day before, and from ten to eleven
/// for emergencies until three hours before.
struct Office {
    world: World,
    head: Colleague,
    operator: Colleague,
    anna: Citizen,
    file: String,
}

const KEPT: &str = r#"
  [[windows.kept]]
  for = "operators"
  hours = ["09:00-10:00"]
  release_h = 24

  [[windows.kept]]
  for = "emergencies"
  hours = ["10:00-11:00"]
  weekdays = ["fri"]
  release_h = 3
"#;

async fn office() -> Office {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants = |role: &str| json!([{ "role": role, "officeId": "two" }]);
    let head = world.colleague(&chief, "manager@example.ru", grants("manager")).await;
    let operator = world.colleague(&chief, "operator@example.ru", grants("operator")).await;
    let plain = file(&world, &head, "two").await.text("/file");
    let one_window = plain.rsplit_once("[[windows]]\n").unwrap().0;
    let file = format!("{}{KEPT}", one_window.trim_end());
    let anna = world.citizen().await;
    let office = Office { world, head, operator, anna, file };
    office.puts(0, &office.file).await;
    let said = json!({ "officeId": "two", "method": "facts", "fullName": NAME, "email": office.anna.email });
    let path = format!("citizens/{}/identification", office.anna.id);
    office.world.staff(&office.operator, Method::POST, &path, said).await.expect(201);
    office
}

impl Office {
    async fn puts(&self, version: u64, file: &str) -> Answer {
        let body = json!({ "version": version, "file": file, "reason": "Время для записи по телефону", "confirm": 0 });
        let done = put(&self.world, &self.head, "two", body).await.expect(200);
        self.world.settle().await;
        done
    }

    /// What an operator asks for Anna.
    async fn by_phone(&self, method: Method, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        let acting = [("acting-for", self.anna.id.as_str())];
        let answer = self.world.ask(method, path, Some(&self.operator.token), body, &acting).await;
        self.world.settle().await;
        answer
    }

    async fn books(&self, at: &str, reason: Option<&str>) -> Answer {
        let mut body = booking("two", "talk", at);
        if let Some(reason) = reason {
            body["reason"] = json!(reason);
        }
        self.by_phone(Method::POST, "/v1/appointments", body).await
    }
}

fn times(answer: &Answer) -> Vec<String> {
    let slots = answer.body["slots"].as_array().cloned().unwrap_or_default();
    slots.iter().map(|slot| slot["startsAt"].as_str().unwrap_or_default()[11..16].to_owned()).collect()
}

const DAY: &str = "/v1/offices/two/slots?serviceId=talk&date=2026-12-04";

#[tokio::test]
async fn what_is_kept_is_shown_to_and_taken_by_those_for_whom_it_is() {
    let office = office().await;
    let boris = office.world.citizen().await;
    let public = office.world.get_as(&boris, DAY).await.expect(200);
    assert_eq!(times(&public), ["11:00", "11:30"]);
    for kept in [NINE, TEN] {
        let refused = office.world.try_book(&boris, "two", "talk", kept).await;
        refused.refused(409, "slot-not-offered");
    }
    let by_phone = office.by_phone(Method::GET, DAY, Value::Null).await.expect(200);
    assert_eq!(times(&by_phone), ["09:00", "09:30", "11:00", "11:30"]);
    let urgent =
        office.by_phone(Method::GET, &format!("{DAY}&emergency=true"), Value::Null).await.expect(200);
    assert_eq!(times(&urgent), ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]);
    // Nobody else has anything of asking for it.
    let asked = office.world.get_as(&boris, &format!("{DAY}&emergency=true")).await.expect(200);
    assert_eq!(times(&asked), ["11:00", "11:30"]);
    let calendar = "/v1/offices/two/calendar?serviceId=talk&from=2026-12-04&to=2026-12-04";
    let counted = |answer: Answer| answer.body["days"][0]["free"].as_u64();
    assert_eq!(counted(office.world.get(calendar).await), Some(2));
    assert_eq!(counted(office.by_phone(Method::GET, calendar, Value::Null).await), Some(4));
    let moscow = "/v1/services/talk/nearest?regionId=RU-MOW";
    let first = |answer: Answer| {
        let starts = answer.expect(200).body["starts"].as_array().cloned().unwrap_or_default();
        let here = starts.iter().find(|start| start["office"]["id"] == "two").cloned().unwrap_or_default();
        here["startsAt"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(first(office.world.get(&format!("{moscow}&weekdays=5")).await), ELEVEN);
    // At their own office they have what is kept, at others what anybody has.
    assert_eq!(first(office.by_phone(Method::GET, &format!("{moscow}&weekdays=5"), Value::Null).await), NINE);

    office.books(TEN, None).await.refused(409, "slot-not-offered");
    let booked = office.books(TEN, Some("Нужна справка к операции")).await.expect(201);
    let history = format!("/v1/appointments/{}/history", booked.text("/id"));
    let told = office.world.get_as(&office.anna, &history).await.expect(200);
    assert_eq!((what(&told), told.text("/items/0/why")), (vec!["booked"], "Нужна справка к операции".into()));
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let to = json!({ "officeId": "two", "startsAt": NINE, "reason": "Просит раньше" });
    assert_eq!(office.by_phone(Method::POST, &path, to).await.expect(200).text("/startsAt"), NINE);
    // Whoever has it may not move into what is kept themselves.
    let back = json!({ "officeId": "two", "startsAt": TEN });
    office.world.post_as(&office.anna, &path, back).await.refused(409, "slot-not-offered");
}

#[tokio::test]
async fn what_is_left_goes_to_everybody_when_its_time_is_near() {
    let office = office().await;
    office.world.until("2026-12-03T08:59:59+03:00").await;
    let shown = office.world.get(DAY).await.expect(200);
    assert_eq!(times(&shown), ["11:00", "11:30"]);
    office.world.until("2026-12-03T09:00:00+03:00").await;
    let shown = office.world.get(DAY).await.expect(200);
    assert_eq!(times(&shown), ["09:00", "09:30", "11:00", "11:30"]);
    let boris = office.world.citizen().await;
    office.world.book(&boris, "two", "talk", NINE).await;
    office.world.until("2026-12-04T07:00:00+03:00").await;
    assert_eq!(
        times(&office.world.get(DAY).await.expect(200)),
        ["09:30", "10:00", "10:30", "11:00", "11:30"]
    );
}

/// Takes what anybody can have on that Friday.
async fn fill(office: &Office) -> Vec<(Citizen, String)> {
    let mut held = Vec::new();
    for at in [ELEVEN, "2026-12-04T11:30:00+03:00"] {
        let who = office.world.citizen().await;
        let booked = office.world.book(&who, "two", "talk", at).await;
        held.push((who, booked.text("/id")));
    }
    held
}

fn friday() -> Value {
    json!({ "serviceId": "talk", "offices": ["two"], "from": "2026-12-04", "to": "2026-12-04" })
}

#[tokio::test]
async fn who_waits_is_offered_what_was_kept_as_soon_as_it_is_anybodys() {
    let office = office().await;
    fill(&office).await;
    let day = office.world.get(DAY).await.expect(200);
    assert_eq!((day.text("/reason"), day.text("/text").is_empty()), ("all-taken".into(), false));
    let boris = join(&office.world, friday()).await;
    later(&office.world, 30).await;
    assert!(offered(&office.world, &boris, "talk").await.is_none(), "it is kept still");
    office.world.until("2026-12-03T08:59:00+03:00").await;
    assert!(offered(&office.world, &boris, "talk").await.is_none(), "it is kept still");
    office.world.until("2026-12-03T09:00:00+03:00").await;
    let offer = offered(&office.world, &boris, "talk").await.expect("an offer");
    assert_eq!(offer.text("/startsAt"), NINE);
    let other = office.world.citizen().await;
    office.world.try_book(&other, "two", "talk", NINE).await.refused(409, "slot-taken");
    office
        .world
        .post_as(&boris, &format!("/v1/offers/{}/accept", offer.text("/id")), json!({}))
        .await
        .expect(200);
    office.world.settle().await;
}

#[tokio::test]
async fn a_visit_that_is_given_up_goes_to_who_waits_and_else_is_kept_again() {
    let office = office().await;
    let booked = office.books(NINE, None).await.expect(201);
    fill(&office).await;
    let boris = join(&office.world, friday()).await;
    let cancel = |id: String| format!("/v1/appointments/{id}/cancel");
    office.world.post_as(&office.anna, &cancel(booked.text("/id")), json!({})).await.expect(200);
    office.world.settle().await;
    let offer = offered(&office.world, &boris, "talk").await.expect("an offer");
    assert_eq!(offer.text("/startsAt"), NINE);
    let decline = format!("/v1/offers/{}/decline", offer.text("/id"));
    office.world.post_as(&boris, &decline, json!({})).await.expect(200);
    later(&office.world, 10).await;
    let other = office.world.citizen().await;
    assert_eq!(office.world.get_as(&other, DAY).await.expect(200).text("/reason"), "all-taken");
    let by_phone = office.by_phone(Method::GET, DAY, Value::Null).await.expect(200);
    assert_eq!(times(&by_phone), ["09:30"], "the one who gave nine up cannot have it again at once");
}

#[tokio::test]
async fn what_is_kept_no_longer_goes_to_who_waits() {
    let office = office().await;
    fill(&office).await;
    let boris = join(&office.world, friday()).await;
    office.puts(1, &office.file.replace(KEPT.trim_end(), "")).await;
    later(&office.world, 2).await;
    assert_eq!(offered(&office.world, &boris, "talk").await.expect("an offer").text("/startsAt"), NINE);
    assert_eq!(kinds(&office.world, &boris).await, ["offer-made"]);
}

#[tokio::test]
async fn whoever_has_as_many_appointments_as_one_can_have_is_told_so() {
    let world = World::real("2026-12-01T12:00:00+03:00").await;
    let anna = world.citizen().await;
    let services = world.get("/v1/services?office=msk-taganka&bookable=true&limit=50").await.expect(200);
    let mut booked = Vec::new();
    for service in services.body["items"].as_array().unwrap() {
        let id = service["id"].as_str().unwrap();
        let calendar = format!("/v1/offices/msk-taganka/calendar?serviceId={id}");
        let days = world.get_as(&anna, &calendar).await.expect(200);
        let free = days.body["days"].as_array().unwrap().iter().rfind(|day| day["state"] == "free").cloned();
        if booked.len() == 5 {
            let why: Vec<_> =
                days.body["days"].as_array().unwrap().iter().map(|day| &day["reason"]).collect();
            assert!(free.is_none() && why.contains(&&json!("too-many")), "{}", days.raw);
            // What is held can be moved still.
            let own = format!("/v1/offices/msk-taganka/calendar?serviceId={}", booked[0]);
            let days = world.get_as(&anna, &own).await.expect(200);
            assert!(days.body["days"].as_array().unwrap().iter().any(|day| day["state"] == "free"));
            return;
        }
        let Some(free) = free else { continue };
        let day =
            format!("/v1/offices/msk-taganka/slots?serviceId={id}&date={}", free["date"].as_str().unwrap());
        let slots = world.get_as(&anna, &day).await.expect(200);
        let starts_at = slots.text("/slots/0/startsAt");
        papers(&world.system, &anna.token, id).await.expect("papers");
        if world.try_book(&anna, "msk-taganka", id, &starts_at).await.status == 201 {
            booked.push(id.to_owned());
            world.settle().await;
        }
    }
    panic!("too few services: {booked:?}");
}

//! Somebody who has lost phone, address and second factor comes to an office (ACC-6, OFC-6).

use super::acts::kinds;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Authenticator, Citizen, Colleague, PASSWORD, World, digits};

pub const NEW: &str = "Зимний8снег";
pub const PHONE: &str = "+79991234567";

pub struct Office {
    pub world: World,
    pub anna: Citizen,
    /// Who stands at the counter, who decides, and who works elsewhere.
    pub olga: Colleague,
    pub pyotr: Colleague,
    pub rita: Colleague,
}

impl Office {
    pub async fn new() -> Self {
        let world = World::new().await;
        let chief = world.chief().await;
        let anna = world.citizen().await;
        let operator = |office: &str| json!([{ "role": "operator", "officeId": office }]);
        let olga = world.colleague(&chief, "olga@example.ru", operator("one")).await;
        let pyotr = world.colleague(&chief, "pyotr@example.ru", operator("one")).await;
        let rita = world.colleague(&chief, "rita@example.ru", operator("two")).await;
        Self { world, anna, olga, pyotr, rita }
    }

    pub async fn staff(&self, who: &Colleague, method: Method, path: &str, body: Value) -> Answer {
        self.world.staff(who, method, path, body).await
    }

    /// Signed in anew: a session of staff lasts for a working day.
    pub async fn back(&self, who: &Colleague) -> Colleague {
        let code = self.world.code(who);
        let here = self.world.staff_sign_in(&who.email, PASSWORD, &code).await.expect(201);
        Colleague { token: here.text("/token"), ..who.clone() }
    }

    pub async fn identify(&self, who: &Colleague, office: &str) {
        let path = format!("citizens/{}/identification", self.anna.id);
        let said = json!({ "officeId": office, "method": "document" });
        self.staff(who, Method::POST, &path, said).await.expect(201);
    }

    pub async fn ask(&self, who: &Colleague) -> Answer {
        let path = format!("citizens/{}/unlocks", self.anna.id);
        let said =
            json!({ "officeId": "one", "phone": "8 999 123-45-67", "reason": "Потеряла телефон и почту" });
        self.staff(who, Method::POST, &path, said).await
    }

    pub async fn open(&self, by: &Colleague) -> String {
        self.identify(by, "one").await;
        self.ask(by).await.expect(201).text("/id")
    }

    pub async fn decide(&self, who: &Colleague, id: &str, result: &str) -> Answer {
        let said = json!({ "result": result, "reason": "Паспорт сверен" });
        self.staff(who, Method::POST, &format!("unlocks/{id}/decide"), said).await
    }

    /// The code that went to the new phone, and where it is said.
    pub async fn begin(&self) -> (String, Option<String>) {
        self.world.a_minute_later().await;
        let before = self.world.sent_to(PHONE).len();
        let begun = self.world.post("/v1/unlocks", json!({ "phone": PHONE })).await.expect(201);
        self.world.settle().await;
        let sent = self.world.sent_to(PHONE);
        let code = (sent.len() > before).then(|| digits(sent.last().expect("an SMS")));
        (format!("/v1/unlocks/{}/complete", begun.text("/id")), code)
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let body = json!({ "login": login, "password": password, "deviceToken": self.anna.device });
        self.world.post("/v1/sessions", body).await
    }
}

#[tokio::test]
async fn two_members_and_a_day_give_a_cabinet_a_new_phone_and_end_everything_else() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let begun = world.post_as(anna, "/v1/me/passkeys", json!({ "password": PASSWORD })).await.expect(201);
    let mut key = Authenticator::new(1);
    let made = key.create(&begun.body["publicKey"]);
    let made = json!({ "id": begun.text("/id"), "name": "x", "credential": made });
    world.post_as(anna, "/v1/me/passkeys/complete", made).await.expect(204);
    let id = office.open(&office.olga).await;
    office.ask(&office.olga).await.refused(409, "unlock-open");
    // It waits in the queue of the office, with its age and its end; of nobody it is said who they are.
    world.until("2026-12-01T12:00:00+03:00").await;
    let queue =
        office.staff(&office.pyotr, Method::GET, "offices/one/unlocks", Value::Null).await.expect(200);
    let first = &queue.body["items"][0];
    assert_eq!((&first["id"], &first["state"]), (&json!(id), &json!("waiting")));
    assert!(first["ageMin"].as_i64().is_some_and(|age| age >= 100), "{}", queue.raw);
    assert!(first["deadline"].as_str().is_some_and(|at| at.starts_with("2026-12-02T10:0")), "{}", queue.raw);
    assert!(!queue.raw.contains("Петрова") && !queue.raw.contains(PHONE), "{}", queue.raw);
    let seen =
        office.staff(&office.pyotr, Method::GET, &format!("unlocks/{id}"), Value::Null).await.expect(200);
    assert_eq!((seen.text("/surname"), seen.text("/phone")), ("Петрова".to_owned(), PHONE.to_owned()));
    // Nobody lets in alone.
    office.decide(&office.olga, &id, "approved").await.refused(403, "unlock-own");
    office.decide(&office.rita, &id, "approved").await.refused(404, "not-found");
    let approved = office.decide(&office.pyotr, &id, "approved").await.expect(200);
    assert!(approved.text("/opensAt").starts_with("2026-12-02T12:00"), "{}", approved.raw);
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("другой телефон"), "{told}");
    }
    let told = world.sent_to(PHONE);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("с 02.12 в 12:00 кабинет можно открыть"), "{told:?}");
    // For a day nothing changes, and the phone is like anybody's.
    let (path, code) = office.begin().await;
    assert_eq!(code, None);
    world.post(&path, json!({ "code": "123456", "password": NEW })).await.refused(422, "code-wrong");
    office.sign_in(&anna.phone, PASSWORD).await.expect(201);
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let code = code.expect("a code");
    let said = |password: &str| json!({ "code": code, "password": password });
    world.post(&path, said("abc")).await.refused(422, "invalid-request");
    world.post(&path, said(NEW)).await.expect(204);
    // Its answer was lost.
    world.post(&path, said(NEW)).await.expect(204);
    world.post(&path, said(PASSWORD)).await.refused(410, "proof-spent");
    world.settle().await;
    // Both are told where its owner heard of it until now: somebody else may have opened it.
    for to in [&anna.phone, &anna.email] {
        let told: Vec<_> =
            world.sent_to(to).into_iter().filter(|sent| sent.contains("не подходят")).collect();
        assert_eq!(told.len(), 1, "{to}: {told:?}");
    }
    // What opened it before opens nothing: session, password, phone, address, device, passkey.
    world.get_as(anna, "/v1/me").await.refused(401, "unauthorized");
    office.sign_in(&anna.phone, NEW).await.refused(401, "wrong-credentials");
    office.sign_in(&anna.email, NEW).await.refused(401, "wrong-credentials");
    office.sign_in(PHONE, PASSWORD).await.refused(401, "wrong-credentials");
    let begun = world.post("/v1/sessions/passkeys", Value::Null).await.expect(201);
    let signed = key.get(&begun.body["publicKey"]);
    let signed = json!({ "id": begun.text("/id"), "credential": signed });
    world.post("/v1/sessions/passkeys/complete", signed).await.refused(401, "passkey-wrong");
    world.a_minute_later().await;
    let before = world.sent_to(&anna.email).len();
    world.post("/v1/recoveries", json!({ "login": anna.email })).await.expect(201);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), before);
    let asked = office.sign_in(PHONE, NEW).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to(PHONE).pop().unwrap_or_default());
    let path = format!("/v1/sessions/challenges/{}/complete", asked.text("/id"));
    let open = world.post(&path, json!({ "code": code })).await.expect(201);
    let anna = Citizen { token: open.text("/token"), ..anna.clone() };
    assert_eq!(open.text("/citizenId"), anna.id);
    world.settle().await;
    assert!(kinds(world, &anna).await.ends_with(&["unlocked".to_owned(), "new-device".to_owned()]));
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    for subject in ["unlock-opened", "unlock-approved"] {
        assert!(readings.raw.contains(subject), "{}", readings.raw);
    }
    let pyotr = office.back(&office.pyotr).await;
    let queue = office.staff(&pyotr, Method::GET, "offices/one/unlocks", Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    assert!(!world.stands_in_clear(PHONE));
}

#[tokio::test]
async fn whoever_has_lost_nothing_stops_it_within_the_day() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let none = world.get_as(anna, "/v1/me/unlock").await.expect(200);
    assert_eq!(none.text("/state"), "none");
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.refused(404, "not-found");
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    let told = world.get_as(anna, "/v1/me/unlock").await.expect(200);
    assert_eq!(told.text("/state"), "approved");
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.expect(204);
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.expect(204);
    office.decide(&office.pyotr, &id, "refused").await.refused(409, "unlock-over");
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    assert_eq!(code, None);
    world.post(&path, json!({ "code": "123456", "password": NEW })).await.refused(422, "code-wrong");
    world.settle().await;
    let mut told = kinds(world, anna).await;
    told.sort();
    assert_eq!(told, ["unlock-approved", "unlock-promised", "unlock-stopped"]);
    world.get_as(anna, "/v1/me").await.expect(200);
}

#[tokio::test]
async fn it_is_for_whoever_stands_there_and_may_be_refused_also_later() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    office.ask(&office.olga).await.refused(403, "not-identified");
    // By what somebody says on the phone nobody is let in: somebody sees them first.
    let facts = json!({ "officeId": "one", "method": "facts", "phone": anna.phone, "email": anna.email });
    let path = format!("citizens/{}/identification", anna.id);
    office.staff(&office.olga, Method::POST, &path, facts).await.expect(201);
    let asked = office.ask(&office.olga).await.expect(201);
    assert_eq!((asked.text("/state"), asked.body.get("identified")), ("asked".into(), None));
    office.decide(&office.pyotr, &asked.text("/id"), "approved").await.refused(404, "not-found");
    let other = world.citizen().await;
    office.identify(&office.olga, "one").await;
    let taken = json!({ "officeId": "one", "phone": other.phone, "reason": "Потеряла телефон" });
    let path = format!("citizens/{}/unlocks", anna.id);
    let refused =
        office.staff(&office.olga, Method::POST, &path, taken).await.refused(422, "invalid-request");
    assert_eq!(refused.text("/errors/0/code"), "phone-of-another");
    // Nor on the word of a colleague elsewhere, or of an hour ago.
    office.identify(&office.rita, "two").await;
    office.ask(&office.rita).await.refused(403, "beyond-your-rights");
    office.identify(&office.olga, "one").await;
    world.until("2026-12-01T10:40:00+03:00").await;
    office.ask(&office.olga).await.refused(403, "not-identified");
    let id = office.open(&office.olga).await;
    // Whoever opened it may take it back.
    office.decide(&office.olga, &id, "refused").await.expect(200);
    office.decide(&office.pyotr, &id, "approved").await.refused(409, "unlock-over");
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    // A code is on its way when somebody has second thoughts.
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let (olga, pyotr) = (office.back(&office.olga).await, office.back(&office.pyotr).await);
    office.decide(&olga, &id, "refused").await.expect(200);
    let said = json!({ "code": code.expect("a code"), "password": NEW });
    world.post(&path, said).await.refused(410, "proof-spent");
    world.get_as(anna, "/v1/me").await.expect(200);
    // What nobody comes for within a week is over.
    let id = office.open(&olga).await;
    office.decide(&pyotr, &id, "approved").await.expect(200);
    world.until("2026-12-12T12:30:00+03:00").await;
    let (_, code) = office.begin().await;
    assert_eq!(code, None);
    office.open(&office.back(&office.olga).await).await;
    world.settle().await;
}

#[tokio::test]
async fn a_ticket_opens_no_cabinet_and_what_nobody_decides_is_over_in_a_week() {
    let office = Office::new().await;
    let world = &office.world;
    let booked = world.book(&office.anna, "one", "talk", "2026-12-03T10:00:00+03:00").await;
    world.until("2026-12-03T09:50:00+03:00").await;
    let ticket = json!({ "officeId": "one", "number": booked.text("/number"), "code": booked.text("/code") });
    world.post("/v1/check-ins", ticket).await.expect(201);
    // Whoever has the ticket need not be who booked.
    let olga = office.back(&office.olga).await;
    let path = format!("citizens/{}/identification", office.anna.id);
    let visit = format!("{}.{}", office.anna.id, booked.text("/id"));
    let said = json!({ "officeId": "one", "method": "visit", "visitId": visit });
    office.staff(&olga, Method::POST, &path, said).await.expect(201);
    office.ask(&olga).await.refused(403, "not-identified");
    let id = office.open(&olga).await;
    world.until("2026-12-10T09:50:00+03:00").await;
    let pyotr = office.back(&office.pyotr).await;
    office.decide(&pyotr, &id, "approved").await.refused(409, "unlock-over");
    let queue = office.staff(&pyotr, Method::GET, "offices/one/unlocks", Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    // Who it was is seen anew.
    let olga = office.back(&office.olga).await;
    office.open(&olga).await;
}

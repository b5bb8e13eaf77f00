//! The town in which the sample events happen: seven people, what they booked and gave up, who waits for it, and three who
//! work there.
//!
//! Everything is done by the functions themselves, on Tuesday 1 December 2026 at 10:00 in Moscow.

mod closed;
mod contracts;

use super::stage::{Snapshot, Stage};
use app::staff::invite::Form;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local::people;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{PASSWORD, booking, digits, form, secret, signature, time};
use tokio::sync::OnceCell;

pub const FOUNDED: &str = "2026-12-01T10:00:00+03:00";

/// The town as it was left.
pub struct Town {
    pub kept: Snapshot,
    /// What its people's sessions and things are called.
    pub ids: BTreeMap<&'static str, String>,
    /// What the table's stream said while it came about.
    pub records: Vec<Value>,
}

/// Made once; each sample gets a copy.
pub async fn town() -> &'static Town {
    static TOWN: OnceCell<Town> = OnceCell::const_new();
    TOWN.get_or_init(found).await
}

async fn found() -> Town {
    let mut town = Founding {
        stage: Stage::open(time(FOUNDED), &Vec::new()).await,
        ids: BTreeMap::new(),
        devices: BTreeMap::new(),
    };
    let anna = town.citizen("anna", "+79990001122", "anna@example.ru").await;
    let boris = town.citizen("boris", "+79990001133", "boris@example.ru").await;
    let vera = town.citizen("vera", "+79990001144", "vera@example.ru").await;
    let dina = town.citizen("dina", "+79990001155", "dina@example.ru").await;

    town.book("anna-talk", &anna, "two", "talk", "2026-12-03T10:00:00+03:00").await;
    town.stage.settle().await;

    // The only slot of Friday is given up and offered to Vera.
    let friday = town.book("boris-friday", &boris, "one", "talk", "2026-12-04T10:00:00+03:00").await;
    town.wait("vera-waits", &vera, "2026-12-04").await;
    town.give_up("boris-gives-up-friday", &boris, &friday).await;
    town.stage.step("vera-offer");
    town.stage.settle().await;
    let place = town.seen("/v1/waitlist/talk", &vera).await;
    town.keep("vera-offer", &place["offerId"]);

    // The only slot of Monday is given up too, and nobody has heard of it yet, nor that Dina waits for it.
    let monday = town.book("boris-monday", &boris, "one", "talk", "2026-12-07T10:00:00+03:00").await;
    town.unheard("waitlist-worker");
    town.give_up("boris-gives-up-monday", &boris, &monday).await;
    town.wait("dina-waits", &dina, "2026-12-07").await;
    town.heard().await;

    // Anna's certificate is booked, and she has not been told.
    town.unheard("notifier");
    town.book("anna-paper", &anna, "two", "paper", "2026-12-02T10:15:00+03:00").await;
    town.heard().await;

    // Olga answers for everything; Pyotr stands at the desk of «one».
    let olga = town.administrator("olga", "olga@example.ru").await;
    let pyotr = town.colleague("pyotr", &olga, "pyotr@example.ru", "operator", "one").await;

    town.registration("begun", "+79990003344").await;
    let proved = town.registration("proved", "+79990005566").await;
    town.prove("proved", &proved, "+79990005566").await;
    town.stage.step("first tick");
    let ticked = town.stage.system.tick().await;
    assert!(ticked.failures.is_empty(), "{ticked:?}");
    // At «large» Rita receives Zoya already, and Egor waits to be called; both are early for two o'clock.
    let rita = town.colleague("rita", &olga, "rita@example.ru", "specialist", "large").await;
    town.visitor(["egor", "egor-visit"], "+79990001166", "egor@example.ru", &rita).await;
    town.visitor(["zoya", "zoya-visit"], "+79990001177", "zoya@example.ru", &rita).await;
    let received = town.ids["zoya-visit"].clone();
    town.stage.post("zoya-received", &format!("/v1/staff/visits/{received}/receive"), &rita, json!({})).await;
    town.stage.settle().await;
    // «far» is closed on one day, and the worker has not heard of it yet.
    town.unheard("waitlist-worker");
    let closing =
        json!({ "from": "2026-12-18", "note": { "ru": "Ремонт", "en": "Repair" }, "reason": "Ремонт крыши" });
    town.stage.post("far-closed", "/v1/staff/offices/far/closings", &olga, closing).await;
    town.heard().await;
    // Boris has forgotten his password, and Anna is about to have another phone; both have their codes.
    let begun =
        town.stage.post("boris-recovers", "/v1/recoveries", "", json!({ "login": "boris@example.ru" })).await;
    town.keep("boris-recovers", &begun["id"]);
    let phone = json!({ "phone": "+79990001199", "password": PASSWORD });
    let begun = town.stage.post("anna-changes", "/v1/me/phone", &anna, phone).await;
    town.keep("anna-changes", &begun["id"]);
    // She stands before Pyotr with her passport.
    let citizen = anna.split('.').next().unwrap_or_default();
    let path = format!("/v1/staff/citizens/{citizen}/identification");
    let document = json!({ "officeId": "one", "method": "document" });
    town.stage.post("anna-identified", &path, &pyotr, document).await;
    town.stage.settle().await;
    // Fyodor has brought what a grant needs and is to be received for it; one more file of his has come, and nobody has looked.
    let fyodor = town.citizen("fyodor", "+79990001188", "fyodor@example.ru").await;
    town.papers(["fyodor-passport", "fyodor-income"], &fyodor).await;
    town.book("fyodor-grant", &fyodor, "large", "grant", "2026-12-03T10:00:00+03:00").await;
    let agenda = town.seen("/v1/staff/offices/large/agenda?date=2026-12-03", &rita).await;
    town.keep("fyodor-visit", &agenda["visits"][0]["id"]);
    town.stage.settle().await;
    town.unheard("scanner");
    town.stage.step("fyodor-second");
    let file = people::page("second");
    let announced = json!({ "document": "passport", "fileName": "second.pdf", "size": file.len() });
    let attached = town.stage.system.ask(people::attach(&fyodor, "grant", announced)).await;
    town.stage.system.ask(people::upload(&attached, &file)).await;
    town.keep("fyodor-second", &attached.body["id"]);
    town.heard().await;
    // Of Zlata's policy insurers said nothing clear; of Nina's nobody was asked yet.
    let zlata = town.citizen("zlata", "+79160001211", "zlata@example.ru").await;
    town.insured("zlata-insured", &zlata, "7700001234567893").await;
    let found = town.seen("/v1/staff/checks/policies?officeId=one", &pyotr).await;
    town.keep("zlata-policy", &found["items"][0]["id"]);
    let taken = format!("/v1/staff/checks/policies/{}/take", town.ids["zlata-policy"]);
    town.stage.post("zlata-taken", &taken, &pyotr, json!({ "officeId": "one" })).await;
    town.unheard("registries");
    town.citizen("nina", "+79160001222", "nina@example.ru").await;
    town.heard().await;
    // A minute after her code for registering Dina signs in where she has not been before.
    town.stage.at(time("2026-12-01T10:01:00+03:00"));
    let sign_in = json!({ "login": "dina@example.ru", "password": PASSWORD });
    let begun = town.stage.post("dina-signs-in", "/v1/sessions", "", sign_in).await;
    town.keep("dina-signs-in", &begun["id"]);
    town.stage.settle().await;
    let on_device = digits(&town.stage.told("+79990001155"));
    // Anna is about to confirm who she is.
    let begun = town.stage.post("anna-confirms", "/v1/me/identity/codes", &anna, json!({})).await;
    town.keep("anna-confirms", &begun["id"]);
    // Dina is signed in on her phone too, for which her computer shows a code; Anna has a text to sign.
    let login = json!({ "login": "+79990001155", "password": PASSWORD, "deviceToken": town.devices["dina"] });
    let phone = town.stage.post("dina-phone", "/v1/sessions", "", login).await;
    town.keep("dina-phone", &phone["token"]);
    let shown = town.stage.post("dina-shows", "/v1/me/identity/devices", &dina, json!({})).await;
    town.keep("dina-shows", &shown["id"]);
    let shown = secret(shown["link"].as_str().expect("a link"));
    let begun = town.stage.post("anna-signs", "/v1/me/identity/signatures", &anna, json!({})).await;
    town.keep("anna-signs", &begun["id"]);
    let signed = STANDARD.encode(signature("anna", begun["text"].as_str().expect("a text").as_bytes()));
    // Vera and Dina want to be seen by video at «large»; Rita has taken Dina's check.
    let wish = json!({ "officeId": "large", "wishedAt": "2026-12-02T10:00:00+03:00" });
    let asked = town.stage.post("vera-check", "/v1/me/identity/video-check", &vera, wish.clone()).await;
    town.keep("vera-check", &asked["id"]);
    let asked = town.stage.post("dina-check", "/v1/me/identity/video-check", &dina, wish).await;
    town.keep("dina-check", &asked["id"]);
    let check = format!("{}.{}", dina.split('.').next().unwrap_or_default(), town.ids["dina-check"]);
    let dina_taken =
        town.stage.post("dina-taken", &format!("/v1/staff/checks/{check}/take"), &rita, json!({})).await;
    // Egor has signed in elsewhere and is on his way back.
    let egor = town.ids["egor"].clone();
    let begun = town.stage.post("egor-esia", "/v1/me/identity/esia", &egor, json!({})).await;
    let back = town.stage.system.esia().sign_in(begun["address"].as_str().expect("an address"), "anna");
    let back = back.expect("a way back");
    town.stage.settle().await;
    // Lev wants his cabinet gone; Maya does not yet.
    let lev = town.citizen("lev", "+79161230033", "lev@example.ru").await;
    town.citizen("maya", "+79161230044", "maya@example.ru").await;
    town.stage.post("lev-asks", "/v1/me/deletion", &lev, json!({ "password": PASSWORD })).await;
    // Yana acts for her son, and Pavel asks to act for her; Pyotr has taken that.
    town.stage.at(time("2026-12-01T10:03:00+03:00"));
    let yana = town.known("yana", "+79991230001", "yana@example.ru", "20000000018").await;
    let pavel = town.known("pavel", "+79994560002", "pavel@example.ru", "20000000119").await;
    let son = json!({
        "kind": "parent", "surname": "Петров", "givenName": "Иван", "birthDate": "2016-05-20", "snils": "20000090045",
        "series": "II-МЮ", "number": "123456", "issuedOn": "2016-06-01", "consent": consent(),
    });
    let name = town.application(["yana-asked", "yana-grant"], &yana, son, &pyotr).await;
    let approved = json!({ "officeId": "one", "result": "approved", "reason": "Свидетельство проверено" });
    town.stage.post("yana-let", &format!("/v1/staff/representations/{name}/decide"), &pyotr, approved).await;
    let mine = town.seen("/v1/me/representations", &yana).await;
    town.keep("ivan", &mine["items"][0]["actingFor"]);
    let attorney = json!({
        "kind": "attorney", "surname": "Петрова", "givenName": "Анна", "birthDate": "1985-03-08", "snils": "20000000018",
        "number": "77 АА 1234567", "issuedBy": "Нотариус Орлова Е. П.", "issuedOn": "2026-01-15", "consent": consent(),
    });
    town.application(["pavel-asked", "pavel-grant"], &pavel, attorney, &pyotr).await;
    town.stage.settle().await;
    // Roman has a text to book with; Semyon one to correct what he booked, Yakov one for the place that was freed for him.
    let signs = town.contracts().await;
    town.closed_out(&olga).await;
    eprintln!(
        "CODES {} {} {} {} {} {shown} {signed} {back} {signs:?} {:?}",
        digits(&town.stage.told("+79990001122")),
        on_device,
        digits(&town.stage.told("boris@example.ru")),
        digits(&town.stage.told("+79990001199")),
        dina_taken["seen"],
        town.ids
    );
    let Founding { stage, ids, .. } = town;
    let records = stage.records();
    Town { kept: stage.close(), ids, records }
}

fn consent() -> Value {
    json!({ "accepted": true, "version": "2026-11" })
}

struct Founding {
    stage: Stage,
    ids: BTreeMap<&'static str, String>,
    /// By what the devices are known on which they registered.
    devices: BTreeMap<&'static str, String>,
}

impl Founding {
    fn keep(&mut self, name: &'static str, id: &Value) {
        self.ids.insert(name, id.as_str().expect("an id").to_owned());
    }

    async fn seen(&self, path: &str, who: &str) -> Value {
        self.stage.ask("", http::Method::GET, path, who, Value::Null).await
    }

    /// Messages to a function are lost, until they are heard again.
    fn unheard(&self, package: &str) {
        self.stage.system.deliveries().drop_next(package, usize::MAX / 2);
    }

    async fn heard(&self) {
        self.stage.settle().await;
        self.stage.system.deliveries().clear();
    }

    async fn registration(&mut self, name: &'static str, phone: &str) -> String {
        let begun = self.stage.post(name, "/v1/registrations", "", json!({ "phone": phone })).await;
        self.keep(name, &begun["id"]);
        self.stage.settle().await;
        self.ids[name].clone()
    }

    async fn prove(&mut self, name: &str, registration: &str, phone: &str) {
        let code = digits(&self.stage.told(phone));
        let path = format!("/v1/registrations/{registration}/verify");
        self.stage.post(name, &path, "", json!({ "code": code })).await;
    }

    /// A citizen who is ready to book; answers the session's token.
    async fn citizen(&mut self, name: &'static str, phone: &str, email: &str) -> String {
        let registration = self.registration(name, phone).await;
        self.prove(name, &registration, phone).await;
        let path = format!("/v1/registrations/{registration}/complete");
        let done = self.stage.post(name, &path, "", form(email)).await;
        self.stage.settle().await;
        let token = secret(&self.stage.told(email));
        self.stage.post(name, "/v1/email-confirmations", "", json!({ "token": token })).await;
        self.keep(name, &done["token"]);
        self.devices.insert(name, done["deviceToken"].as_str().expect("a device").to_owned());
        let token = self.ids[name].clone();
        self.stage.ask(name, http::Method::PATCH, "/v1/me/profile", &token, people::profile()).await;
        self.stage.settle().await;
        token
    }

    /// A citizen with a number of their own who has shown who they are; two minutes pass.
    async fn known(&mut self, name: &'static str, phone: &str, email: &str, snils: &str) -> String {
        let who = self.citizen(name, phone, email).await;
        self.stage.ask(name, http::Method::PATCH, "/v1/me/profile", &who, json!({ "snils": snils })).await;
        self.stage.at(self.stage.now() + chrono::TimeDelta::minutes(1));
        let begun = self.stage.post(name, "/v1/me/identity/codes", &who, json!({})).await;
        self.stage.settle().await;
        let code = digits(&self.stage.told(phone));
        let path = format!("/v1/me/identity/codes/{}/complete", begun["id"].as_str().expect("an id"));
        self.stage.post(name, &path, &who, json!({ "code": code })).await;
        self.stage.at(self.stage.now() + chrono::TimeDelta::minutes(1));
        self.stage.settle().await;
        who
    }

    /// An application to act for somebody, which a member has taken; answers its name in the queue.
    async fn application(
        &mut self,
        [asked, name]: [&'static str; 2],
        who: &str,
        form: Value,
        member: &str,
    ) -> String {
        let said = self.stage.post(asked, "/v1/me/representations", who, form).await;
        self.keep(asked, &said["id"]);
        self.stage.settle().await;
        let queue = "/v1/staff/representations?officeId=one";
        let queue = self.stage.ask("", http::Method::GET, queue, member, Value::Null).await;
        self.keep(name, &queue["items"][0]["id"]);
        let path = format!("/v1/staff/representations/{}/take", self.ids[name]);
        self.stage.post(name, &path, member, json!({ "officeId": "one" })).await;
        self.stage.settle().await;
        self.ids[name].clone()
    }

    /// Says another policy.
    async fn insured(&mut self, name: &'static str, who: &str, number: &str) {
        let policy =
            json!({ "policy": { "kind": "compulsory", "number": number, "issuedOn": "2012-06-01" } });
        self.stage.ask(name, http::Method::PATCH, "/v1/me/profile", who, policy).await;
        self.stage.settle().await;
    }

    /// Brings the files that a grant needs.
    async fn papers(&mut self, names: [&'static str; 2], who: &str) {
        let folder = self.stage.ask("", http::Method::GET, "/v1/documents/grant", who, Value::Null).await;
        let today = self.stage.system.now().date_naive();
        for (name, (announced, page)) in names.into_iter().zip(people::pages(&folder, today)) {
            self.stage.step(name);
            let attached = self.stage.system.ask(people::attach(who, "grant", announced)).await;
            self.stage.system.ask(people::upload(&attached, &page)).await;
            self.keep(name, &attached.body["id"]);
            self.stage.settle().await;
        }
        self.stage.step("nothing else");
        self.stage.system.ask(people::nothing_else(who, "grant", &folder)).await;
        self.stage.settle().await;
    }

    /// The first administrator; answers the session's token.
    async fn administrator(&mut self, name: &'static str, email: &str) -> String {
        let given = |text: &str| Some(text.to_owned());
        let form = Form {
            surname: given("Белова"),
            given_name: given("Ольга"),
            patronymic: None,
            email: given(email),
        };
        let link = people::first_administrator(&self.stage.system, &form, "ru", false).await.expect("a link");
        self.accepted(name, &secret(&link)).await
    }

    /// Somebody invited by another; answers the session's token.
    async fn colleague(
        &mut self,
        name: &'static str,
        by: &str,
        email: &str,
        role: &str,
        office: &str,
    ) -> String {
        let body = json!({
            "surname": "Иванов", "givenName": "Пётр", "email": email,
            "grants": [{ "role": role, "officeId": office }],
        });
        self.stage.post(name, "/v1/staff/invitations", by, body).await;
        self.stage.settle().await;
        let link = secret(&self.stage.told(email));
        self.accepted(name, &link).await
    }

    /// A citizen who has come to «large» for this afternoon's visit.
    async fn visitor(&mut self, [name, visit]: [&'static str; 2], phone: &str, email: &str, desk: &str) {
        let who = self.citizen(name, phone, email).await;
        let wanted = booking("large", "talk", "2026-12-01T14:00:00+03:00");
        let booked = self.stage.post(name, "/v1/appointments", &who, wanted).await;
        self.stage.settle().await;
        let number = json!({ "number": booked["number"] });
        let arrived = self.stage.post(name, "/v1/staff/offices/large/arrivals", desk, number).await;
        self.keep(visit, &arrived["id"]);
        self.stage.settle().await;
    }

    async fn accepted(&mut self, name: &'static str, link: &str) -> String {
        self.stage.step(name);
        let one = people::accept(&self.stage.system, link, PASSWORD).await.expect("a colleague");
        self.stage.settle().await;
        self.ids.insert(name, one.token.clone());
        one.token
    }

    async fn book(&mut self, name: &'static str, who: &str, office: &str, service: &str, at: &str) -> String {
        let mut body = booking(office, service, at);
        if service == "paper" {
            body["purpose"] = json!("Справка для банка");
        }
        let booked = self.stage.post(name, "/v1/appointments", who, body).await;
        self.keep(name, &booked["id"]);
        self.ids[name].clone()
    }

    async fn give_up(&mut self, name: &str, who: &str, appointment: &str) {
        let path = format!("/v1/appointments/{appointment}/cancel");
        self.stage.post(name, &path, who, json!({ "reason": "Уезжаю" })).await;
    }

    async fn wait(&mut self, name: &'static str, who: &str, on: &str) {
        let wish = json!({ "serviceId": "talk", "offices": ["one"], "from": on, "to": on });
        let place = self.stage.post(name, "/v1/waitlist", who, wish).await;
        self.keep(name, &place["ticket"]);
        self.stage.settle().await;
    }
}

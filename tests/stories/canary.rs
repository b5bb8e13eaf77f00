//! Somebody whose every word is unmistakable goes through everything; none of them stands readable anywhere (PRV-2).

use http::Method;
use local::embedded::faults::Service;
use local::people::{self, Person, attach, page, upload};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tests::{Answer, Citizen, Colleague, World, booking, digits};
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::EnvFilter;

/// What was said of oneself, and what others wrote; each as it was given and as it is kept.
const SAID: [&str; 33] = [
    "Зигмундова-Чечевицына",
    "ЗИГМУНДОВА-ЧЕЧЕВИЦЫНА",
    "Аделаида",
    "Фридриховна",
    "+79167391824",
    "79167391824",
    "9167391824",
    "adelaida.chechevitsyna@example.ru",
    "adelaida.chechevitsyna",
    "Чижик7желтый9",
    "1957-03-19",
    "4509738291",
    "738291",
    "Отделением в Гусь-Хрустальном",
    "2003-08-27",
    "20758134663",
    "207-581-346 63",
    INN,
    "Тупик Трёх Чижей, 17",
    "7711223344556677",
    "2014-05-06",
    "Насчёт пособия на канареек",
    "канарейка улетела",
    "канарейка вернулась",
    "просит по телефону о чиже",
    "Чиж просил перезвонить",
    "Канарейке нужна справка",
    "Гнездо-9 на ветке",
    "chizh_passport",
    "Зачисление чижа",
    "Пингвинова",
    "penguin@example.ru",
    "Пингвин8чёрный",
];

const INN: &str = "770927483129";

/// Given to them alone: what opens a door.
type Secrets = Vec<String>;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What our own code says at all, and what others say that a function would keep.
fn listening(log: Log) -> impl tracing::Subscriber + Send + Sync {
    let ours = [
        "app",
        "store",
        "lambda",
        "outbound",
        "messages",
        "local",
        "changefeed",
        "waitlist_worker",
        "notifier",
        "clock",
        "scanner",
        "registration",
        "sessions",
        "profile",
        "documents",
        "booking",
        "operator",
        "reception",
        "staff",
        "offices",
        "waitlist",
        "cancellation",
        "rescheduling",
        "availability",
        "catalogue",
        "visits",
    ];
    let filter = ours.iter().fold("info".to_owned(), |filter, name| format!("{filter},{name}=trace"));
    let writer = move || log.clone();
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter)).with_writer(writer).finish()
}

struct Cage {
    world: World,
    canary: Citizen,
    operator: Colleague,
    specialist: Colleague,
    /// Message bodies as they lay in the queues.
    bodies: Vec<String>,
    secrets: Secrets,
    /// Addresses that answers had: headers and links.
    addresses: Vec<String>,
}

impl Cage {
    async fn new() -> Self {
        let world = World::new().await;
        let chief = world.chief().await;
        let grants = json!([{ "role": "operator", "everywhere": true }]);
        let operator = world.colleague(&chief, "operator@example.ru", grants).await;
        let grants = json!([{ "role": "specialist", "officeId": "three" }, { "role": "specialist", "officeId": "two" }]);
        let specialist = world.colleague(&chief, "specialist@example.ru", grants).await;
        // Staff are people too.
        let penguin = json!({
            "surname": "Пингвинова", "givenName": "Ольга", "email": "penguin@example.ru",
            "grants": [{ "role": "operator", "officeId": "one" }],
        });
        people::colleague(&world.system, &chief, penguin, "Пингвин8чёрный").await.expect("a colleague");
        let person = Person {
            surname: "Зигмундова-Чечевицына".to_owned(),
            given_name: "Аделаида".to_owned(),
            patronymic: Some("Фридриховна".to_owned()),
            phone: "+79167391824".to_owned(),
            email: "adelaida.chechevitsyna@example.ru".to_owned(),
            password: "Чижик7желтый9".to_owned(),
            language: "ru".to_owned(),
        };
        let canary = people::become_citizen(&world.system, &person).await.expect("a citizen");
        let secrets = vec![canary.token.split_once('.').expect("a token").1.to_owned()];
        Self { world, canary, operator, specialist, bodies: Vec::new(), secrets, addresses: Vec::new() }
    }

    /// Everything is delivered; what lies in queues on the way is looked at.
    async fn settle(&mut self) {
        let consumers = ["notifier", "waitlist-worker", "scanner"];
        consumers.iter().for_each(|name| self.world.system.deliveries().hold(name));
        self.world.settle().await;
        self.peek();
        consumers.iter().for_each(|name| self.world.system.deliveries().release(name));
        self.world.settle().await;
    }

    fn peek(&mut self) {
        let queues = self.world.system.queues();
        for name in queues.names() {
            self.bodies.extend(queues.peek(name, 1_000).expect("a queue"));
        }
    }

    async fn asks(
        &mut self,
        method: Method,
        path: &str,
        token: &str,
        body: Value,
        more: &[(&str, &str)],
    ) -> Answer {
        let body = (!body.is_null()).then_some(body);
        let device = [&[("user-agent", "Гнездо-9 на ветке"), ("accept-language", "ru")][..], more].concat();
        let answer = self.world.ask(method, path, Some(token), body, &device).await;
        assert!(answer.status < 300, "{path}: {}", answer.raw);
        for (name, value) in &answer.headers {
            self.addresses.push(format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        }
        links(&answer.body, &mut self.addresses);
        self.settle().await;
        answer
    }

    async fn me(&mut self, method: Method, path: &str, body: Value) -> Answer {
        let token = self.canary.token.clone();
        self.asks(method, path, &token, body, &[]).await
    }

    async fn at_the_desk(&mut self, path: &str, body: Value) -> Answer {
        let (token, method) =
            (self.specialist.token.clone(), if body.is_null() { Method::GET } else { Method::POST });
        self.asks(method, &format!("/v1/staff/{path}"), &token, body, &[]).await
    }

    async fn on_the_phone(&mut self, path: &str, body: Value) -> Answer {
        let (token, method) =
            (self.operator.token.clone(), if body.is_null() { Method::GET } else { Method::POST });
        let id = self.canary.id.clone();
        let acting = [("acting-for", id.as_str())];
        let acting: &[(&str, &str)] = if path.starts_with("/v1/staff/") { &[] } else { &acting };
        self.asks(method, path, &token, body, acting).await
    }

    async fn says_who(&mut self) {
        let profile = json!({
            "birthDate": "1957-03-19",
            "identityDocument": {
                "kind": "passport", "series": "45 09", "number": "738291", "issuedOn": "2003-08-27",
                "issuedBy": "Отделением в Гусь-Хрустальном",
            },
            "snils": "207-581-346 63", "inn": INN,
            "address": { "regionId": "RU-MOW", "text": "Тупик Трёх Чижей, 17" },
            "policy": { "kind": "compulsory", "number": "7711223344556677", "issuedOn": "2014-05-06" },
        });
        self.me(Method::PATCH, "/v1/me/profile", profile).await;
        for path in ["/v1/me", "/v1/me/profile", "/v1/me/events", "/v1/sessions", "/v1/inbox"] {
            self.me(Method::GET, path, Value::Null).await;
        }
        let login = json!({ "login": "8 (916) 739-18-24", "password": "Чижик7желтый9" });
        // On a device that nobody knows.
        self.world.a_minute_later().await;
        let asked = self.asks(Method::POST, "/v1/sessions", "x", login, &[]).await.text("/id");
        let code = tests::digits(&self.world.sent_to("+79167391824").pop().expect("an SMS"));
        let path = format!("/v1/sessions/challenges/{asked}/complete");
        let in_again = self.asks(Method::POST, &path, "x", json!({ "code": code }), &[]).await;
        self.secrets.push(in_again.text("/token").split_once('.').expect("a token").1.to_owned());
        let lost = json!({ "login": "adelaida.chechevitsyna@example.ru" });
        self.asks(Method::POST, "/v1/recoveries", "x", lost, &[]).await;
        let wrong = json!({ "login": "+79167391824", "password": "Чижик7желтый9х" });
        self.world.post("/v1/sessions", wrong).await.expect(401);
    }

    async fn brings_files(&mut self) -> Vec<Vec<u8>> {
        let mut files = Vec::new();
        for (document, name) in [("passport", "chizh_passport.pdf"), ("passport", "chizh_passport_2.pdf")] {
            let file = page(document);
            // The second is none, and is told so.
            let sent: &[u8] = if files.is_empty() { &file } else { b"MZ.." };
            let announced = json!({ "document": document, "fileName": name, "size": sent.len() });
            let attached = self.world.system.ask(attach(&self.canary.token, "grant", announced)).await;
            assert_eq!(attached.status, 201, "{}", attached.raw);
            links(&attached.body, &mut self.addresses);
            assert_eq!(self.world.system.ask(upload(&attached, sent)).await.status / 100, 2);
            files.push(sent.to_vec());
            self.settle().await;
        }
        let folder = self.me(Method::GET, "/v1/documents/grant", Value::Null).await;
        let open = format!("/v1/documents/grant/files/{}/open", folder.text("/documents/0/files/0/id"));
        self.me(Method::POST, &open, json!({})).await;
        files
    }

    /// Books, moves, cancels, waits, is offered and takes.
    async fn comes_and_goes(&mut self) {
        let mut body = booking("two", "talk", "2026-12-03T10:00:00+03:00");
        body["purpose"] = json!("Насчёт пособия на канареек");
        let booked = self.me(Method::POST, "/v1/appointments", body).await.text("/id");
        let path = format!("/v1/appointments/{booked}");
        let to = json!({ "officeId": "two", "startsAt": "2026-12-03T11:00:00+03:00", "reason": "канарейка вернулась" });
        self.me(Method::POST, &format!("{path}/reschedule"), to).await;
        for path in [path.clone(), format!("{path}/history")] {
            self.me(Method::GET, &path, Value::Null).await;
        }
        self.me(Method::POST, &format!("{path}/cancel"), json!({ "reason": "канарейка улетела" })).await;
        let boris = self.world.citizen().await;
        let held = self.world.book(&boris, "one", "talk", "2026-12-04T10:00:00+03:00").await.text("/id");
        let wish =
            json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
        self.me(Method::POST, "/v1/waitlist", wish).await;
        let cancel = format!("/v1/appointments/{held}/cancel");
        self.world.post_as(&boris, &cancel, json!({})).await.expect(200);
        self.settle().await;
        let offer = self.me(Method::GET, "/v1/waitlist/talk", Value::Null).await.text("/offerId");
        let told = self.world.sent_to(&self.canary.phone).pop().expect("an SMS");
        self.secrets.push(tests::secret(&told));
        self.me(Method::POST, &format!("/v1/offers/{offer}/decline"), json!({})).await;
        self.me(Method::POST, "/v1/waitlist/talk/leave", json!({})).await;
    }

    async fn calls(&mut self) {
        for login in ["+79167391824", "adelaida.chechevitsyna@example.ru"] {
            self.on_the_phone("/v1/staff/citizens/find", json!({ "officeId": "two", "login": login })).await;
        }
        let name = json!({ "officeId": "two", "fullName": "зигмундова-чечевицына аделаида" });
        self.on_the_phone("/v1/staff/citizens/find", name).await;
        let path = format!("/v1/staff/citizens/{}", self.canary.id);
        self.world.a_minute_later().await;
        let sent = self.on_the_phone(&format!("{path}/code"), json!({ "officeId": "two" })).await;
        let code = digits(&self.world.sent_to(&self.canary.phone).pop().expect("an SMS"));
        let said =
            json!({ "officeId": "two", "method": "code", "codeId": sent.text("/codeId"), "code": code });
        self.on_the_phone(&format!("{path}/identification"), said).await;
        let note = json!({ "officeId": "two", "text": "Чиж просил перезвонить" });
        self.on_the_phone(&format!("{path}/notes"), note).await;
        let body = booking("two", "talk", "2026-12-07T10:00:00+03:00");
        let booked = self.on_the_phone("/v1/appointments", body).await.text("/id");
        let cancel = format!("/v1/appointments/{booked}/cancel");
        self.on_the_phone(&cancel, json!({ "reason": "просит по телефону о чиже" })).await;
        for path in ["/v1/me/readings", "/v1/me/call-notes"] {
            self.me(Method::GET, path, Value::Null).await;
        }
    }

    async fn is_received(&mut self) {
        let mut body = booking("two", "paper", "2026-12-03T10:00:00+03:00");
        body["purpose"] = json!("Зачисление чижа");
        let booked = self.me(Method::POST, "/v1/appointments", body).await;
        self.world.until("2026-12-03T09:45:00+03:00").await;
        let code = self.world.code(&self.specialist);
        let session =
            self.world.staff_sign_in(&self.specialist.email, tests::PASSWORD, &code).await.expect(201);
        self.specialist.token = session.text("/token");
        let number = json!({ "number": booked.text("/number") });
        self.at_the_desk("offices/two/arrivals", number).await;
        self.at_the_desk("offices/two/agenda", Value::Null).await;
        let visit = self.at_the_desk("offices/two/windows/a/call-next", json!({})).await.text("/id");
        self.at_the_desk(&format!("visits/{visit}"), Value::Null).await;
        self.at_the_desk(&format!("visits/{visit}/receive"), json!({})).await;
        let close = json!({ "result": "documents-missing", "note": "Канарейке нужна справка" });
        self.at_the_desk(&format!("visits/{visit}/close"), close).await;
    }

    /// What cannot be told in five tries is put aside.
    async fn is_told_in_vain(&mut self) -> Vec<String> {
        let mut body = booking("two", "talk", "2026-12-08T10:00:00+03:00");
        body["purpose"] = json!("Насчёт пособия на канареек");
        self.world.system.deliveries().hold("notifier");
        self.world.post_as(&self.canary, "/v1/appointments", body).await.expect(201);
        self.world.settle().await;
        self.world.system.faults().down(Service::Table);
        self.world.system.deliveries().release("notifier");
        let now = self.world.system.now();
        self.world.system.advance_to(now + chrono::TimeDelta::minutes(40)).await;
        self.world.system.faults().clear();
        self.world.settle().await;
        let queues: Vec<String> = self.world.system.queues().names().map(str::to_owned).collect();
        queues
            .iter()
            .filter(|name| name.ends_with("DeadLetters"))
            .flat_map(|name| self.world.bury(name))
            .collect()
    }
}

/// The addresses in an answer.
fn links(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("://") || text.starts_with('/') => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| links(item, found)),
        Value::Object(members) => members.values().for_each(|member| links(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn no_word_of_a_person_stands_readable_where_it_need_not() {
    let log = Log::default();
    through_everything(&log).with_subscriber(listening(log.clone())).await;
}

async fn through_everything(log: &Log) {
    let mut cage = Cage::new().await;
    cage.says_who().await;
    let files = cage.brings_files().await;
    cage.comes_and_goes().await;
    cage.calls().await;
    cage.is_received().await;
    let dead = cage.is_told_in_vain().await;
    cage.settle().await;

    let said: Vec<&str> = SAID.into_iter().chain(cage.secrets.iter().map(String::as_str)).collect();
    let clean = |place: &str, text: &str| {
        let lower = text.to_lowercase();
        let found: Vec<&&str> = said.iter().filter(|word| lower.contains(&word.to_lowercase())).collect();
        assert!(found.is_empty(), "{place} has {found:?}: {text:.2000}");
    };
    // Each place is looked at, and is not empty.
    let in_table: Vec<&&str> = said.iter().filter(|word| cage.world.stands_in_clear(word)).collect();
    assert!(in_table.is_empty(), "the table's files have {in_table:?}");
    assert!(cage.world.stands_in_clear(&cage.canary.id), "the table is looked at");
    assert!(cage.bodies.len() > 10, "{:?}", cage.bodies);
    cage.bodies.iter().for_each(|body| clean("a queue", body));
    assert!(!dead.is_empty(), "something was put aside");
    dead.iter().for_each(|body| clean("a dead letter", body));
    let buckets: Vec<String> = cage.world.system.objects().buckets().keys().cloned().collect();
    let objects = cage.world.system.objects();
    let names: Vec<String> =
        buckets.iter().flat_map(|bucket| objects.keys(bucket).expect("a bucket")).collect();
    assert!(!names.is_empty() && files.len() == 2, "files lie somewhere");
    names.iter().for_each(|name| clean("an object's name", name));
    assert!(cage.addresses.iter().any(|address| address.contains("://")), "there were addresses");
    cage.addresses.iter().for_each(|address| clean("an address", address));
    let log = String::from_utf8_lossy(&log.0.lock().expect("a log")).into_owned();
    assert!(log.contains("WARN"), "something was logged: {log:.500}");
    clean("the log", &log);
    // Those who are to read it do.
    let me = cage.me(Method::GET, "/v1/me", Value::Null).await;
    assert!(me.raw.contains("Зигмундова-Чечевицына") && me.raw.contains("+79167391824"), "{}", me.raw);
}

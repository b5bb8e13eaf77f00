//! The world in which stories happen: the whole system on a directory of its own, a clock that stands, citizens
//! who do things over HTTP.
//!
//! When a world ends it asserts that nothing is left over: no message waiting, none dead, no record unread.

mod authenticator;
mod crowd;
mod signer;
mod staff;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::waitlist::Class;
use http::{Method, Request};
use local::clock::TimeMode;
use local::embedded::meter::Counts;
use local::embedded::outbox::Sent;
use local::embedded::queues::Outgoing;
use local::people::{self, Person};
use local::system::{Options, System};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use authenticator::Authenticator;
pub use signer::signature;

pub use local::people::{Citizen, Colleague, profile};

pub const PASSWORD: &str = "Осенний7лес";

pub struct World {
    pub system: System,
    data: Arc<tempfile::TempDir>,
    catalogue: PathBuf,
    phones: std::cell::Cell<u32>,
    /// Of the first citizen.
    device: std::cell::RefCell<Option<String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
    pub raw: String,
}

impl Answer {
    /// The text of a member.
    pub fn text(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The code of a problem document.
    pub fn problem(&self) -> String {
        self.text("/type").trim_start_matches("urn:okno:problem:").to_owned()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.raw);
        self
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.problem().as_str()), (status, code), "{}", self.raw);
        self
    }
}

impl World {
    /// Tuesday 1 December 2026, 10:00 in Moscow.
    pub async fn new() -> Self {
        Self::at("2026-12-01T10:00:00+03:00").await
    }

    /// The small country of `tests/catalogue`.
    pub async fn at(now: &str) -> Self {
        Self::of(now, &root().join("catalogue")).await
    }

    /// The country of the deployed data files.
    pub async fn real(now: &str) -> Self {
        Self::of(now, &root().join("../infra/data")).await
    }

    /// The country of other data files.
    pub async fn of(now: &str, catalogue: &Path) -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a directory"));
        let system = open(data.path(), catalogue, time(now), [7; 32]).await;
        let (phones, device) = Default::default();
        Self { system, data, catalogue: catalogue.to_owned(), phones, device }
    }

    /// Ended and started again on the same state: nothing is in memory but what a cold start reads.
    pub async fn restarted(self) -> Self {
        let (data, catalogue, phones) = (Arc::clone(&self.data), self.catalogue.clone(), self.phones.clone());
        let device = self.device.clone();
        let now = self.system.now();
        drop(self);
        // Another seed: chance that comes again would make the same identifiers.
        let system = open(data.path(), &catalogue, now, [8; 32]).await;
        Self { system, data, catalogue, phones, device }
    }

    /// A request; `who` is a citizen's token.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        who: Option<&str>,
        body: Option<Value>,
        more: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = who {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let response = self.system.call(request.body(body.into_bytes()).expect("a request")).await;
        let raw = String::from_utf8_lossy(response.body()).into_owned();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: serde_json::from_str(&raw).unwrap_or(Value::Null),
            raw,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, None, Some(body), &[]).await
    }

    pub async fn get_as(&self, who: &Citizen, path: &str) -> Answer {
        self.ask(Method::GET, path, Some(&who.token), None, &[]).await
    }

    pub async fn post_as(&self, who: &Citizen, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(&who.token), Some(body), &[]).await
    }

    pub async fn patch_as(&self, who: &Citizen, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(&who.token), Some(body), &[]).await
    }

    /// Delivers everything that waits to be delivered now.
    pub async fn settle(&self) {
        let settled = self.system.settle().await;
        assert!(!settled.endless, "deliveries without end: {settled:?}");
    }

    /// Time goes on; the clock ticks, everything is delivered.
    pub async fn until(&self, when: &str) {
        self.settle().await;
        self.system.advance_to(time(when)).await;
        self.settle().await;
    }

    /// After so long another code may be asked for.
    pub async fn a_minute_later(&self) {
        self.settle().await;
        self.system.advance_to(self.system.now() + chrono::TimeDelta::seconds(60)).await;
        self.settle().await;
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.system.outbox().list(0, 1000).expect("the outbox")
    }

    /// What went to a phone or an address, oldest first: the whole text.
    pub fn sent_to(&self, to: &str) -> Vec<String> {
        let of = |sent: Sent| sent.letter.text.unwrap_or_default();
        self.sent().into_iter().filter(|sent| sent.letter.to.iter().any(|one| one == to)).map(of).collect()
    }

    /// A citizen who is ready to book.
    pub async fn citizen(&self) -> Citizen {
        self.at_home(people::become_citizen(&self.system, &self.person()).await.expect("a citizen"))
    }

    /// A citizen whose address is not confirmed yet.
    pub async fn newcomer(&self) -> Citizen {
        self.at_home(people::register(&self.system, &self.person()).await.expect("a newcomer"))
    }

    /// One who gives an address that somebody else may have given, too.
    pub async fn newcomer_at(&self, email: &str) -> Citizen {
        let person = Person { email: email.to_owned(), ..self.person() };
        people::register(&self.system, &person).await.expect("a newcomer")
    }

    /// Somebody new with the phone and the address of another.
    pub async fn registered_again(&self, as_before: &Citizen) -> Citizen {
        let person = person(&as_before.phone, &as_before.email);
        people::become_citizen(&self.system, &person).await.expect("a citizen")
    }

    fn at_home(&self, citizen: Citizen) -> Citizen {
        self.device.borrow_mut().get_or_insert_with(|| citizen.device.clone());
        citizen
    }

    /// What signing in on the device of the first citizen says.
    pub fn sign_in(&self, login: &str, password: &str) -> Value {
        json!({ "login": login, "password": password, "deviceToken": *self.device.borrow() })
    }

    /// The next of many.
    fn person(&self) -> Person {
        let n = self.phones.get() + 1;
        self.phones.set(n);
        person(&people::phone(n as usize), &format!("person{n}@example.ru"))
    }

    /// Books and insists.
    pub async fn book(&self, who: &Citizen, office: &str, service: &str, starts_at: &str) -> Answer {
        let booked = self.try_book(who, office, service, starts_at).await.expect(201);
        self.settle().await;
        booked
    }

    pub async fn try_book(&self, who: &Citizen, office: &str, service: &str, starts_at: &str) -> Answer {
        self.post_as(who, "/v1/appointments", booking(office, service, starts_at)).await
    }

    /// Whether a text stands readable in what the table's files hold (items, indexes, stream records): as text,
    /// or as bytes, which the files have in Base64.
    pub fn stands_in_clear(&self, secret: &str) -> bool {
        let mut bytes = Vec::new();
        for name in ["table.sqlite", "table.sqlite-wal"] {
            bytes.extend(std::fs::read(self.data.path().join(name)).unwrap_or_default());
        }
        assert!(bytes.len() > 10_000, "the table's files are there");
        let dump = String::from_utf8_lossy(&bytes);
        let inside = |shift: usize| {
            let shifted = [&vec![0; shift], secret.as_bytes()].concat();
            let encoded = STANDARD.encode(&shifted);
            // Without the characters at both ends, which depend on the neighbours too.
            dump.contains(&encoded[(shift * 8).div_ceil(6)..shifted.len() * 8 / 6])
        };
        dump.contains(secret) || (0..3).any(inside)
    }

    /// Puts a message into a queue, past the functions.
    pub fn enqueue(&self, queue: &str, body: &str) {
        let message = Outgoing { body: body.to_owned(), ..Outgoing::default() };
        self.system.queues().send(queue, &[message]).expect("a queue");
    }

    /// Takes the dead letters out of their queue, as an operator does who has read them.
    pub fn bury(&self, queue: &str) -> Vec<String> {
        let mut bodies = Vec::new();
        loop {
            let dead = self.system.queues().receive(queue, 100).expect("a queue").messages;
            if dead.is_empty() {
                return bodies;
            }
            let ids: Vec<i64> = dead.iter().map(|message| message.id).collect();
            self.system.queues().delete(&ids).expect("a queue");
            bodies.extend(dead.into_iter().map(|message| message.body));
        }
    }

    /// Sets a person's priority class, which a rule will set from the record: here straight in the table.
    pub async fn set_class(&self, who: &Citizen, class: Class) {
        let me = store::keys::me(who.id.parse().expect("a citizen's id"));
        let update = self.table().update_item().table_name("okno").set_key(Some(me.item()));
        let class = AttributeValue::S(class.name().to_owned());
        let update =
            update.update_expression("SET cls = :class").expression_attribute_values(":class", class);
        update.send().await.expect("the record is there");
    }

    /// The table behind the functions.
    pub fn table(&self) -> aws_sdk_dynamodb::Client {
        use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .http_client(self.system.http_client())
            .build();
        aws_sdk_dynamodb::Client::from_conf(config)
    }

    /// Runs something and counts what it cost the table.
    pub async fn counted<T>(&self, what: impl Future<Output = T>) -> (T, Counts) {
        self.system.meter().start();
        let done = what.await;
        (done, self.system.meter().take())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

async fn open(data: &Path, catalogue: &Path, now: DateTime<Utc>, seed: [u8; 32]) -> System {
    let mut options = Options::new(data, root().join("../infra/template.yaml"), catalogue);
    options.time = TimeMode::Frozen { at: now };
    options.seed = Some(seed);
    System::open(options).await.expect("the system opens")
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let queues = self.system.queues();
        let names: Vec<String> = queues.names().map(str::to_owned).collect();
        for name in names {
            let depth = queues.depth(&name).expect("a queue");
            assert_eq!(depth.total(), 0, "left over in {name}: {:?}", queues.peek(&name, 5));
        }
    }
}

pub fn booking(office: &str, service: &str, starts_at: &str) -> Value {
    json!({ "officeId": office, "serviceId": service, "startsAt": starts_at, "rulesVersion": "2026-11" })
}

/// One of many who differ in phone and address only.
fn person(phone: &str, email: &str) -> Person {
    Person {
        surname: "Петрова".to_owned(),
        given_name: "Анна".to_owned(),
        patronymic: Some("Сергеевна".to_owned()),
        phone: phone.to_owned(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        language: "ru".to_owned(),
    }
}

/// The form of a registration.
pub fn form(email: &str) -> Value {
    people::form(&person("", email))
}

pub fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").to_utc()
}

/// The six digits of a message.
pub fn digits(text: &str) -> String {
    people::code_in(text).unwrap_or_else(|| panic!("no code in {text}"))
}

/// The secret of the link in a message.
pub fn secret(text: &str) -> String {
    people::secret_in(text).unwrap_or_else(|| panic!("no link in {text}"))
}

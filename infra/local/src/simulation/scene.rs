//! Where a simulation plays: two small offices, a few citizens, and the same told to the checker.

use super::Failure;
use crate::clock::TimeMode;
use crate::embedded::gate::Gate;
use crate::system::{Options, System};
use checker::history::{self, Cells, Limits};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::catalogue::Catalogue;
use domain::schedule::open_intervals;
use http::{Method, Request};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// People in every run.
pub const PEOPLE: usize = 7;
/// Of these so many are of a privileged class.
const PRIVILEGED: usize = 2;
pub const PASSWORD: &str = "Autumn7leaves";
/// Tuesday, 09:00 in Moscow.
const BEGINS_AT: &str = "2026-12-01T06:00:00Z";
/// Days told to the checker, from the first.
const DAYS: u64 = 40;

const FILES: [(&str, &str); 6] = [
    ("regions.toml", include_str!("catalogue/regions.toml")),
    ("agencies.toml", include_str!("catalogue/agencies.toml")),
    ("holidays.toml", include_str!("catalogue/holidays.toml")),
    ("services.toml", include_str!("catalogue/services.toml")),
    ("offices/one.toml", include_str!("catalogue/offices/one.toml")),
    ("offices/two.toml", include_str!("catalogue/offices/two.toml")),
];

/// Somebody with a cabinet.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub phone: String,
    pub email: String,
    pub token: String,
}

/// A system in which people have registered: made once, copied for each run.
#[derive(Debug)]
pub struct Scene {
    directory: TempDir,
    template: PathBuf,
    pub people: Vec<Person>,
    pub world: history::World,
}

impl Scene {
    /// Makes the offices and registers the people.
    ///
    /// # Errors
    /// When the system does not open or somebody cannot be registered.
    pub async fn set(template: PathBuf) -> Result<Self, Failure> {
        let directory = temporary()?;
        for (name, text) in FILES {
            let path = directory.path().join("catalogue").join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(path, text)?;
        }
        let mut scene = Self { directory, template, people: Vec::new(), world: world()? };
        let mut options = scene.options(&scene.state(), None);
        options.seed = Some([9; 32]);
        let system = System::open(options).await?;
        for n in 0..PEOPLE {
            let person = register(&system, n).await?;
            if n < PRIVILEGED {
                let key = json!({ "pk": { "S": format!("CIT#{}", person.id) }, "sk": { "S": "ME" } });
                let update = json!({
                    "TableName": system.table().name(), "Key": key, "UpdateExpression": "SET cls = :c",
                    "ExpressionAttributeValues": { ":c": { "S": "privileged" } },
                });
                system.table().database().update_item(serde_json::from_value(update)?)?;
            }
            scene.people.push(person);
        }
        system.settle().await;
        Ok(scene)
    }

    /// Where everything is as it was when the people had registered.
    pub fn state(&self) -> PathBuf {
        self.directory.path().join("state")
    }

    /// A directory of one's own that holds what another one holds now.
    ///
    /// # Errors
    /// The file system's.
    pub fn copy(&self, state: &Path) -> Result<TempDir, Failure> {
        let copy = temporary()?;
        for entry in std::fs::read_dir(state)? {
            let entry = entry?;
            if entry.file_name() != "lock" {
                std::fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
            }
        }
        Ok(copy)
    }

    /// How a run on a copy is opened.
    pub fn options(&self, state: &Path, gate: Option<Arc<Gate>>) -> Options {
        let mut options = Options::new(state, &self.template, self.directory.path().join("catalogue"));
        options.time = TimeMode::Frozen { at: begins_at() };
        options.gate = gate;
        options
    }
}

/// In memory where the machine has such a place: nothing here needs to outlive the process.
fn temporary() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

fn begins_at() -> DateTime<Utc> {
    BEGINS_AT.parse().unwrap_or(DateTime::UNIX_EPOCH)
}

/// The offices in the checker's words.
fn world() -> Result<history::World, Failure> {
    let directory = temporary()?;
    for (name, text) in FILES {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        std::fs::write(path, text)?;
    }
    let catalogue = store::catalogue::load(directory.path())?;
    Ok(tell(&catalogue))
}

fn tell(catalogue: &Catalogue) -> history::World {
    let first = begins_at().date_naive();
    let dates: Vec<NaiveDate> = (0..DAYS).filter_map(|day| first.checked_add_days(Days::new(day))).collect();
    let day = |office, window, on: &NaiveDate| history::Day {
        on: on.to_string(),
        open: open_intervals(&catalogue.calendar, office, window, *on)
            .iter()
            .map(|open| Cells { from: open.from(), to: open.to() })
            .collect(),
        services: None,
    };
    let offices = catalogue.offices.values().map(|office| history::Office {
        id: office.id.to_string(),
        zone: office.zone.name().to_owned(),
        no_show: office.no_show,
        windows: office
            .windows
            .iter()
            .map(|window| history::Window {
                id: window.id.to_string(),
                services: window.services.iter().map(|offered| offered.service.to_string()).collect(),
                days: dates.iter().map(|on| day(office, window, on)).collect(),
            })
            .collect(),
    });
    let services = catalogue.services.values().map(|service| history::Service {
        id: service.id.to_string(),
        length: service.duration_min / domain::cells::CELL_MIN,
        buffer: service.buffer_min / domain::cells::CELL_MIN,
        lead_min: u32::from(service.lead_min),
        horizon_days: u16::try_from(service.horizon_days).unwrap_or(u16::MAX),
    });
    history::World { offices: offices.collect(), services: services.collect(), limits: Limits::default() }
}

async fn register(system: &System, n: usize) -> Result<Person, Failure> {
    let (phone, email) = (format!("+7999{n:07}"), format!("person{n}@example.ru"));
    let begun = call(system, "/v1/registrations", json!({ "phone": phone })).await?;
    system.settle().await;
    let told = told(system, &phone)?;
    let code = told.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).ok_or("no code")?;
    let path = format!("/v1/registrations/{}", begun["id"].as_str().unwrap_or_default());
    call(system, &format!("{path}/verify"), json!({ "code": code })).await?;
    let accepted = |version: &str| json!({ "accepted": true, "version": version });
    let form = json!({
        "surname": "Petrova", "givenName": "Anna", "email": email, "password": PASSWORD,
        "agreement": accepted(app::register::AGREEMENT_VERSION), "consent": accepted(app::register::CONSENT_VERSION),
    });
    let done = call(system, &format!("{path}/complete"), form).await?;
    system.settle().await;
    let mail = self::told(system, &email)?;
    let link = mail.split("token=").nth(1).ok_or("no link")?;
    let secret: String =
        link.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
    call(system, "/v1/email-confirmations", json!({ "token": secret })).await?;
    let text = |name: &str| done[name].as_str().unwrap_or_default().to_owned();
    Ok(Person { id: text("citizenId"), token: text("token"), phone, email })
}

fn told(system: &System, to: &str) -> Result<String, Failure> {
    let sent = system.outbox().list(0, 1_000)?;
    let found = sent.into_iter().rev().find(|sent| sent.letter.to.iter().any(|one| one == to));
    Ok(found.and_then(|sent| sent.letter.text).ok_or_else(|| format!("nothing was sent to {to}"))?)
}

async fn call(system: &System, path: &str, body: Value) -> Result<Value, Failure> {
    let request = Request::builder().method(Method::POST).uri(path).body(body.to_string().into_bytes())?;
    let response = system.call(request).await;
    if !response.status().is_success() {
        return Err(format!("{path}: {}", String::from_utf8_lossy(response.body())).into());
    }
    Ok(serde_json::from_slice(response.body()).unwrap_or_default())
}

//! Where a simulation plays: two small offices, a few citizens, and the same told to the checker.

use super::Failure;
use crate::clock::TimeMode;
use crate::embedded::gate::Gate;
use crate::people;
use crate::system::{Options, System};
use app::staff::StaffBearer;
use app::staff::invite::Form;
use checker::history::{self, Cells, Limits};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::StaffId;
use domain::catalogue::{Catalogue, Office, Window};
use domain::schedule::{keeping, open_intervals, specialist};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Key, keys};
use tempfile::TempDir;

pub use crate::people::Citizen as Person;

/// People in every run.
pub const PEOPLE: usize = 8;
/// Of these so many are of a privileged class.
const PRIVILEGED: usize = 2;
pub const PASSWORD: &str = "Autumn7leaves";
/// Tuesday, 09:00 in Moscow.
const BEGINS_AT: &str = "2026-12-01T06:00:00Z";
/// Days told to the checker, from the first.
const DAYS: u64 = 40;
/// A second that no run comes to.
const FAR_S: i64 = u32::MAX as i64;

const FILES: [(&str, &str); 7] = [
    ("regions.toml", include_str!("catalogue/regions.toml")),
    ("towns.toml", include_str!("catalogue/towns.toml")),
    ("agencies.toml", include_str!("catalogue/agencies.toml")),
    ("holidays.toml", include_str!("catalogue/holidays.toml")),
    ("services.toml", include_str!("catalogue/services.toml")),
    ("offices/one.toml", include_str!("catalogue/offices/one.toml")),
    ("offices/two.toml", include_str!("catalogue/offices/two.toml")),
];

/// A system in which people have registered: made once, copied for each run.
#[derive(Debug)]
pub struct Scene {
    directory: TempDir,
    template: PathBuf,
    begins_at: DateTime<Utc>,
    pub people: Vec<Person>,
    /// The session of somebody who works at both offices and has identified everybody.
    pub staff: String,
    pub world: history::World,
}

impl Scene {
    /// Makes the offices and registers the people.
    ///
    /// # Errors
    /// When the system does not open or somebody cannot be registered.
    pub async fn set(template: PathBuf) -> Result<Self, Failure> {
        Self::set_at(template, BEGINS_AT.parse()?).await
    }

    /// The same at another time.
    ///
    /// # Errors
    /// As [`Scene::set`].
    pub async fn set_at(template: PathBuf, begins_at: DateTime<Utc>) -> Result<Self, Failure> {
        let directory = temporary()?;
        for (name, text) in FILES {
            let path = directory.path().join("catalogue").join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(path, text)?;
        }
        let world = world(begins_at)?;
        let mut scene =
            Self { directory, template, begins_at, people: Vec::new(), staff: String::new(), world };
        let mut options = scene.options(&scene.state(), None);
        options.seed = Some([9; 32]);
        let system = System::open(options).await?;
        for n in 0..PEOPLE {
            let person = people::become_citizen(&system, &person(n)).await?;
            if n < PRIVILEGED {
                let citizen = person.id.parse().map_err(|_| "a citizen without an id")?;
                set(&system, &keys::me(citizen), &[("cls", json!({ "S": "privileged" }))])?;
            }
            scene.people.push(person);
        }
        scene.staff = staff(&system, &scene.people).await?;
        // The clock has run before: how far it came is known.
        system.tick().await;
        system.settle().await;
        Ok(scene)
    }

    /// Where everything is as it was when the people had registered.
    pub fn state(&self) -> PathBuf {
        self.directory.path().join("state")
    }

    /// The offices' files.
    pub fn catalogue(&self) -> PathBuf {
        self.directory.path().join("catalogue")
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
        let mut options = Options::new(state, &self.template, self.catalogue());
        options.time = TimeMode::Frozen { at: self.begins_at };
        options.gate = gate;
        options
    }
}

/// Somebody who works at both offices; answers the session's token. Neither the session nor what they know of whom ends
/// while a run goes on.
async fn staff(system: &System, citizens: &[Person]) -> Result<String, Failure> {
    let given = |text: &str| Some(text.to_owned());
    let form = Form {
        surname: given("Belova"),
        given_name: given("Olga"),
        patronymic: None,
        email: given("chief@example.ru"),
    };
    let link = people::first_administrator(system, &form, "ru", false).await?;
    let chief = people::accept(system, &people::secret_in(&link).unwrap_or_default(), PASSWORD).await?;
    let grants =
        ["operator", "specialist", "manager"].map(|role| json!({ "role": role, "everywhere": true }));
    let desk =
        json!({ "surname": "Ivanov", "givenName": "Petr", "email": "desk@example.ru", "grants": grants });
    let desk = people::colleague(system, &chief, desk, PASSWORD).await?;
    let member: StaffId = desk.id.parse().map_err(|_| "a member without an id")?;
    let hash = StaffBearer::parse(&desk.token)?.hash;
    let number = |number: i64| json!({ "N": number.to_string() });
    let (far_s, far_ms) = (number(FAR_S), number(FAR_S * 1000));
    set(system, &keys::staff_session(member, &hash), &[("ex", far_ms.clone()), ("ttl", far_s.clone())])?;
    for citizen in citizens {
        let key = keys::identification(member, citizen.id.parse().map_err(|_| "a citizen without an id")?);
        let by = json!({ "L": [{ "S": "document" }, far_ms] });
        set(system, &key, &[("by", by), ("v", number(1)), ("wr", number(0)), ("ttl", far_s.clone())])?;
    }
    Ok(desk.token)
}

/// Sets attributes of an item behind everybody's back.
fn set(system: &System, key: &Key, attributes: &[(&str, Value)]) -> Result<(), Failure> {
    let names: Map<String, Value> =
        attributes.iter().map(|(name, _)| (format!("#{name}"), json!(name))).collect();
    let values: Map<String, Value> =
        attributes.iter().map(|(name, value)| (format!(":{name}"), value.clone())).collect();
    let each: Vec<String> = attributes.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
    let update = json!({
        "TableName": system.table().name(),
        "Key": { "pk": { "S": key.pk }, "sk": { "S": key.sk } },
        "UpdateExpression": format!("SET {}", each.join(", ")),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    });
    system.table().database().update_item(serde_json::from_value(update)?)?;
    Ok(())
}

/// A directory in memory where the machine has such a place: nothing here needs to outlive the process.
fn temporary() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

/// The offices in the checker's words.
fn world(begins_at: DateTime<Utc>) -> Result<history::World, Failure> {
    let directory = temporary()?;
    for (name, text) in FILES {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        std::fs::write(path, text)?;
    }
    let catalogue = store::catalogue::load(directory.path())?;
    Ok(tell(&catalogue, begins_at.date_naive()))
}

fn tell(catalogue: &Catalogue, first: NaiveDate) -> history::World {
    let dates: Vec<NaiveDate> = (0..DAYS).filter_map(|day| first.checked_add_days(Days::new(day))).collect();
    let day = |office, window, on: &NaiveDate| history::Day {
        on: on.to_string(),
        open: open_intervals(&catalogue.calendar, office, window, *on)
            .iter()
            .map(|open| Cells { from: open.from(), to: open.to() })
            .collect(),
        services: None,
        kept: kept(catalogue, office, window, *on),
        who: specialist(&catalogue.calendar, office, &window.id, *on).map(|there| there.id.to_string()),
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
        lead_min: service.lead_min,
        horizon_days: service.horizon_days,
    });
    let flight_us = i64::try_from(super::steps::FLIGHT_MAX.as_micros()).unwrap_or(i64::MAX);
    let limits = Limits { request_timeout_us: flight_us, ..Limits::default() };
    history::World { offices: offices.collect(), services: services.collect(), limits }
}

/// What of a window's date only those who work there give, and until when.
fn kept(catalogue: &Catalogue, office: &Office, window: &Window, on: NaiveDate) -> Vec<history::Kept> {
    let keeping = keeping(&catalogue.calendar, office, window, on);
    keeping
        .map(|(_, hours, until)| history::Kept {
            cells: Cells { from: hours.from(), to: hours.to() },
            until_s: until.timestamp(),
        })
        .collect()
}

fn person(n: usize) -> people::Person {
    people::Person {
        surname: "Petrova".to_owned(),
        given_name: "Anna".to_owned(),
        patronymic: None,
        phone: people::phone(n),
        email: format!("person{n}@example.ru"),
        password: PASSWORD.to_owned(),
        language: "ru".to_owned(),
    }
}

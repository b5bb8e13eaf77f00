//! Where a simulation plays: two small offices, a few citizens, and the same told to the checker.

use super::Failure;
use super::family::{self, Acting};
use crate::clock::TimeMode;
use crate::embedded::gate::Gate;
use crate::people::{self, Colleague};
use crate::system::{Options, System};
use crate::visitor::Ask;
use app::staff::StaffBearer;
use app::staff::invite::Form;
use checker::history::{self, Cells, Limits};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::StaffId;
use domain::catalogue::{Catalogue, Office, Window};
use domain::limits::DELETION_GRACE;
use domain::schedule::{keeping, open_intervals, specialist};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Key, keys};
use tempfile::TempDir;

pub use crate::people::Citizen as Person;

/// People in every run.
pub const PEOPLE: usize = 10;
/// Of these so many are of a privileged class.
const PRIVILEGED: usize = 2;
pub const PASSWORD: &str = "Autumn7leaves";
/// Tuesday, 09:00 in Moscow.
const BEGINS_AT: &str = "2026-12-01T06:00:00Z";
/// So long before, people begin to register.
const SET_FOR: TimeDelta = TimeDelta::days(8);
/// Those who have asked for the deletion of their cabinets a week before a run begins, and by how much less: so far into it, their
/// time is over.
const LEAVING: [(usize, TimeDelta); 2] = [(6, TimeDelta::hours(3)), (7, TimeDelta::hours(30))];
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
    /// The session of somebody else who works there.
    pub colleague: String,
    pub family: Vec<Acting>,
    /// People and their rights as they stood in the table.
    pub stood: Vec<history::Record>,
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
        let mut scene = Self {
            directory,
            template,
            begins_at,
            people: Vec::new(),
            staff: String::new(),
            colleague: String::new(),
            family: Vec::new(),
            stood: Vec::new(),
            world,
        };
        let mut options = scene.options(&scene.state(), None);
        options.seed = Some([9; 32]);
        options.time = TimeMode::Frozen { at: begins_at - SET_FOR };
        let system = System::open(options).await?;
        for n in 0..PEOPLE {
            let person = people::become_citizen(&system, &person(n)).await?;
            if n < PRIVILEGED {
                let citizen = person.id.parse().map_err(|_| "a citizen without an id")?;
                set(&system, &keys::me(citizen), &[("cls", json!({ "S": "privileged" }))])?;
            }
            scene.people.push(person);
        }
        let (desk, colleague) = staff(&system).await?;
        scene.family = family::settle(&system, &scene.people, &desk, begins_at).await?;
        let known =
            scene.people.iter().map(|person| &person.id).chain(scene.family.iter().map(|one| &one.whom));
        identified(&system, &desk, known)?;
        for (who, _) in LEAVING {
            // Of these words nothing is to be left.
            let note = json!({ "officeId": family::OFFICE, "text": "asked to be called back" });
            let path = format!("/v1/staff/citizens/{}/notes", scene.people[who].id);
            family::done(system.ask(Ask::post(path, note).with_session(&desk.token)).await)?;
        }
        (scene.staff, scene.colleague) = (desk.token, colleague.token);
        for (who, ahead) in LEAVING {
            system.0.house.clock.move_to(begins_at - DELETION_GRACE + ahead);
            let ask = Ask::post("/v1/me/deletion", json!({ "password": PASSWORD }));
            family::done(system.ask(ask.with_session(&scene.people[who].token)).await)?;
            system.settle().await;
        }
        system.0.house.clock.move_to(begins_at);
        // The clock has run before: how far it came is known.
        system.tick().await;
        system.settle().await;
        scene.stood = stood(&system)?;
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

/// Two who work at both offices, with sessions that do not end while a run goes on.
async fn staff(system: &System) -> Result<(Colleague, Colleague), Failure> {
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
    let form = |name: &str| json!({ "surname": "Ivanov", "givenName": name, "email": format!("{name}@example.ru"), "grants": grants });
    let desk = people::colleague(system, &chief, form("petr"), PASSWORD).await?;
    let colleague = people::colleague(system, &chief, form("pavel"), PASSWORD).await?;
    for one in [&desk, &colleague] {
        let hash = StaffBearer::parse(&one.token)?.hash;
        set(
            system,
            &keys::staff_session(member(one)?, &hash),
            &[("ex", number(FAR_S * 1000)), ("ttl", number(FAR_S))],
        )?;
    }
    Ok((desk, colleague))
}

fn member(colleague: &Colleague) -> Result<StaffId, Failure> {
    Ok(colleague.id.parse().map_err(|_| "a member without an id")?)
}

fn number(number: i64) -> Value {
    json!({ "N": number.to_string() })
}

/// Has a member have identified everybody, for as long as a run goes on.
fn identified<'a>(
    system: &System,
    by: &Colleague,
    citizens: impl Iterator<Item = &'a String>,
) -> Result<(), Failure> {
    for citizen in citizens {
        let citizen = citizen.parse().map_err(|_| "a citizen without an id")?;
        let how = json!({ "L": [{ "S": "document" }, number(FAR_S * 1000)] });
        let set_to = [("by", how), ("v", number(1)), ("wr", number(0)), ("ttl", number(FAR_S))];
        set(system, &keys::identification(member(by)?, citizen), &set_to)?;
    }
    Ok(())
}

/// Everybody's records and rights, as they stand.
fn stood(system: &System) -> Result<Vec<history::Record>, Failure> {
    let filter = "sk = :me OR begins_with(sk, :rep)";
    let values = json!({ ":me": { "S": keys::ME }, ":rep": { "S": keys::REPRESENTATION } });
    scanned(system, filter, &values)
}

/// What stands under one key.
pub fn rows(system: &System, pk: &str) -> Result<Vec<history::Record>, Failure> {
    scanned(system, "pk = :pk", &json!({ ":pk": { "S": pk } }))
}

fn scanned(system: &System, filter: &str, values: &Value) -> Result<Vec<history::Record>, Failure> {
    let table = system.table();
    let mut scan = json!({
        "TableName": table.name(), "FilterExpression": filter, "ExpressionAttributeValues": values,
    });
    let mut found = Vec::new();
    loop {
        let page = serde_json::to_value(table.database().scan(serde_json::from_value(scan.clone())?)?)?;
        let items = page["Items"].as_array().cloned().unwrap_or_default();
        found.extend(items.into_iter().map(|item| {
            let key = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
            history::Record { pk: key("pk"), sk: key("sk"), old: None, new: Some(item) }
        }));
        match page["LastEvaluatedKey"].is_object() {
            true => scan["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone(),
            false => return Ok(found),
        }
    }
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

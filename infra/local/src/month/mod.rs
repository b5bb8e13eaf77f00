//! A month of one office, lived by its citizens and by those who work there, over the system's HTTP surface in virtual
//! time: people book what they are shown, move, cancel, wait, accept, come or do not; windows call, receive and close; one
//! day a window stays shut, on another there are extra hours. In the end the figures that a manager reads are held against
//! what was lived.

mod citizens;
mod counter;
mod report;

use crate::clock::TimeMode;
use crate::people::{self, Citizen, Colleague, Person};
use crate::simulation::dice::Dice;
use crate::system::{Options, System};
use crate::visitor::{Answer, Ask};
use app::factor;
use app::staff::invite::Form;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::catalogue::{Catalogue, Office};
use domain::schedule::open_intervals;
use domain::{OfficeId, ServiceId};
pub use report::Lived;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How the month goes.
#[derive(Debug, Clone)]
pub struct Month {
    pub office: String,
    pub people: u32,
    /// From its first Monday; at most 28.
    pub days: u32,
    pub seed: u64,
    pub template: PathBuf,
    pub catalogue: PathBuf,
}

const PASSWORD: &str = "Autumn7forest";
/// The Monday with which the month begins.
const FIRST: (i32, u32, u32) = (2026, 11, 30);
/// Nothing at an office is timed more finely here.
const STEP: TimeDelta = TimeDelta::minutes(5);
/// Working days, from 0, on which a window stays shut and on which the same one has extra hours.
const SHUT: usize = 8;
const EXTRA: usize = 13;

/// What everybody knows and counts.
struct Town {
    system: System,
    catalogue: Catalogue,
    office: Office,
    /// What people come for: services that ask nothing besides.
    services: Vec<ServiceId>,
    zone: Tz,
    dice: Dice,
    people: Vec<Citizen>,
    head: Colleague,
    lived: Lived,
    /// Services for which somebody stands in line, by citizen.
    waits: BTreeMap<usize, ServiceId>,
}

/// Lives the month.
///
/// # Errors
/// When the system cannot be opened or a step that must succeed is refused: a start that was shown and is not free, above
/// all.
pub async fn live(month: &Month) -> Result<Lived, Failure> {
    let data = tempfile::tempdir()?;
    let mut town = begin(month, &data).await?;
    let first = NaiveDate::from_ymd_opt(FIRST.0, FIRST.1, FIRST.2).unwrap_or_default();
    let mut working = 0;
    for on in first.iter_days().take(usize::try_from(month.days)?) {
        if !town.is_open(on) {
            continue;
        }
        town.morning(on, working).await?;
        town.day(on).await?;
        town.until(on, 20, 0).await?;
        working += 1;
    }
    let last = first + Days::new(u64::from(month.days.max(1)) - 1);
    town.until(last, 21, 0).await?;
    town.sign_in().await?;
    // What was booked for the days after it counts too.
    let path = format!("figures?from={first}&to={}", last + Days::new(citizens::WANTED_WITHIN));
    let told = town.staff_get(&path).await?;
    let table = town.staff_get(&format!("{path}&format=csv")).await?;
    town.lived.told(&told.body, table.raw);
    Ok(town.lived)
}

async fn begin(month: &Month, data: &tempfile::TempDir) -> Result<Town, Failure> {
    let catalogue = store::catalogue::load(&month.catalogue).map_err(|error| error.to_string())?;
    let id: OfficeId = month.office.parse().map_err(|_| "that is not an office's id")?;
    let office = catalogue.offices.get(&id).cloned().ok_or("there is no such office")?;
    let plain = |id: &ServiceId| {
        let service = catalogue.services.get(id);
        service.is_some_and(|service| service.bookable && service.fields.iter().all(|field| !field.required))
    };
    let mut services: Vec<ServiceId> = office
        .windows
        .iter()
        .flat_map(|window| &window.services)
        .map(|of| of.service.clone())
        .filter(plain)
        .collect();
    services.sort();
    services.dedup();
    let zone = office.zone;
    let (year, month_of, day) = FIRST;
    let start = NaiveDate::from_ymd_opt(year, month_of, day).unwrap_or_default() - Days::new(1);
    let mut options = Options::new(data.path(), month.template.clone(), month.catalogue.clone());
    options.time = TimeMode::Frozen { at: local(zone, start, 12, 0) };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&month.seed.to_le_bytes());
    options.seed = Some(seed);
    let system = System::open(options).await?;
    let mut everybody = Vec::new();
    for n in 0..month.people {
        everybody.push(people::become_citizen(&system, &person(n)).await?);
    }
    let given = |text: &str| Some(text.to_owned());
    let form = Form {
        surname: given("Chief"),
        given_name: given("Anna"),
        patronymic: None,
        email: given("chief@example.ru"),
    };
    let link =
        people::first_administrator(&system, &form, "en", false).await.map_err(|error| error.to_string())?;
    let secret = people::secret_in(&link).unwrap_or_default();
    let chief = people::accept(&system, &secret, PASSWORD).await?;
    let asked = json!({ "surname": "Head", "givenName": "Boris", "email": "head@example.ru",
        "grants": [{ "role": "manager", "officeId": month.office }] });
    let head = people::colleague(&system, &chief, asked, PASSWORD).await?;
    let (waits, dice, lived) = (BTreeMap::new(), Dice::new(month.seed), Lived::default());
    Ok(Town { system, catalogue, office, services, zone, dice, people: everybody, head, lived, waits })
}

fn person(n: u32) -> Person {
    Person {
        surname: "Visitor".to_owned(),
        given_name: "Citizen".to_owned(),
        patronymic: None,
        phone: people::phone(n as usize),
        email: format!("citizen{n}@example.ru"),
        password: PASSWORD.to_owned(),
        language: "ru".to_owned(),
    }
}

fn local(zone: Tz, on: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let local = on.and_time(time).and_local_timezone(zone).earliest();
    local.map(|at| at.to_utc()).unwrap_or_default()
}

impl Town {
    /// Whether any window is open on a date by the file as it was delivered.
    fn is_open(&self, on: NaiveDate) -> bool {
        let windows = self.office.windows.iter();
        windows
            .into_iter()
            .any(|window| !open_intervals(&self.catalogue.calendar, &self.office, window, on).is_empty())
    }

    /// Time goes on; everything that is due on the way happens.
    async fn until(&mut self, on: NaiveDate, hour: u32, minute: u32) -> Result<(), Failure> {
        self.at(local(self.zone, on, hour, minute)).await
    }

    async fn at(&mut self, at: DateTime<Utc>) -> Result<(), Failure> {
        // A night has nothing for its minutes.
        let night = at - self.system.now() > TimeDelta::hours(3);
        let step = if night { TimeDelta::minutes(30) } else { STEP };
        let failures = self.system.advance_in(step, at).await;
        if failures.is_empty() { Ok(()) } else { Err(failures.join("; ").into()) }
    }

    async fn sign_in(&mut self) -> Result<(), Failure> {
        let code = factor::code_at(&self.head.secret, self.system.now()).unwrap_or_default();
        let body = json!({ "email": self.head.email, "password": PASSWORD, "code": code });
        let session = needed("signing in", self.system.ask(Ask::post("/v1/staff/sessions", body)).await)?;
        self.head.token = session.text("/token").to_owned();
        Ok(())
    }

    async fn as_citizen(&self, who: usize, ask: Ask) -> Answer {
        let token = self.people.get(who).map(|citizen| citizen.token.as_str()).unwrap_or_default();
        let answer = self.system.ask(ask.with_session(token)).await;
        self.system.settle().await;
        answer
    }

    async fn as_head(&self, ask: Ask) -> Answer {
        let answer = self.system.ask(ask.with_session(&self.head.token)).await;
        self.system.settle().await;
        answer
    }

    /// What a manager reads of the office; the path is below it.
    async fn staff_get(&self, path: &str) -> Result<Answer, Failure> {
        let path = format!("/v1/staff/offices/{}/{path}", self.office.id);
        needed("reading", self.as_head(Ask::get(path)).await)
    }

    /// Before the doors open: the manager's business, and what citizens think of overnight.
    async fn morning(&mut self, on: NaiveDate, working: usize) -> Result<(), Failure> {
        self.until(on, 7, 5).await?;
        self.sign_in().await?;
        if working == EXTRA.saturating_sub(3) {
            self.open_extra(on + Days::new(3)).await?;
        }
        self.citizens_act(on).await?;
        self.until(on, 7, 40).await?;
        if working == SHUT {
            self.shut_a_window(on).await?;
            self.until(on, 7, 42).await?;
            self.read_of_closing(on).await?;
        }
        self.until(on, 7, 45).await
    }

    /// Somebody is ill before any door opens: their window stays shut for the day.
    async fn shut_a_window(&mut self, on: NaiveDate) -> Result<(), Failure> {
        let window = self.office.windows.first().ok_or("an office without windows")?.id.to_string();
        let mut body = json!({
            "from": on, "windows": [window], "reason": "A specialist fell ill",
            "note": { "ru": "A specialist fell ill", "en": "A specialist fell ill" },
        });
        let path = format!("/v1/staff/offices/{}/closings", self.office.id);
        let mut answer = self.as_head(Ask::post(path.clone(), body.clone())).await;
        if answer.problem() == "touches-appointments" {
            body["confirm"] = answer.body["appointments"].clone();
            self.lived.touched = answer.body["appointments"].as_u64().unwrap_or_default();
            answer = self.as_head(Ask::post(path, body)).await;
        }
        needed("closing a window", answer).map(|_| ())
    }

    /// Two more hours in the evening of a day, at the first window.
    async fn open_extra(&mut self, on: NaiveDate) -> Result<(), Failure> {
        let file = self.staff_get("file").await?;
        let change = format!(
            "\n  [[windows.changes]]\n  on = \"{on}\"\n  hours = [\"09:00-13:00\", \"14:00-20:00\"]\n"
        );
        let text = file.text("/file");
        let second = text.match_indices("[[windows]]").nth(1).map_or(text.len(), |(at, _)| at);
        let text = format!("{}{change}\n{}", &text[..second], &text[second..]);
        let body = json!({ "version": file.body["version"], "file": text, "reason": "Many wait" });
        let path = format!("/v1/staff/offices/{}/file", self.office.id);
        needed("opening extra hours", self.as_head(Ask::post(path, body)).await).map(|_| ())
    }
}

/// An answer that must be a success.
fn needed(what: &str, answer: Answer) -> Result<Answer, Failure> {
    if (200..300).contains(&answer.status) {
        Ok(answer)
    } else {
        Err(format!("{what} was answered with {}: {}", answer.status, answer.raw).into())
    }
}

/// A member of an object as text.
fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

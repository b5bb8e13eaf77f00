//! The rush: many people want few slots at the same moment, over real HTTP; and what came of it.

use crate::people::{Person, become_citizen, phone};
use crate::system::{Options, System};
use chrono::{Days, TimeDelta};
use domain::limits::CANCELLED_FREELY;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How many run for how much, how often.
#[derive(Debug, Clone, Copy)]
pub struct Race {
    /// 1 to 1,000.
    pub people: usize,
    /// 1 to 120: a day's five-minute starts from 08:00 to 18:00.
    pub slots: usize,
    /// 1 to 25: each round runs on a day of its own, and for another service when the winners gave up as many visits for the
    /// one before as they can without being paused (BKG-7).
    pub rounds: usize,
}

/// What came of all rounds.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub accepted: usize,
    /// Slots with more than one winner.
    pub oversold: usize,
    /// Acknowledged bookings that are not there afterwards.
    pub lost: usize,
    /// Answers «taken» for slots that nobody has.
    pub wrongly_refused: usize,
    /// Answers that are neither a booking nor «taken».
    pub errors: usize,
    /// The errors by status; 0 is no answer at all.
    pub statuses: BTreeMap<u16, usize>,
    pub requests: usize,
    /// Answer times of the rush, sorted.
    pub times: Vec<Duration>,
    /// The longest round: from the start to the last answer.
    pub last: Duration,
    /// The rush alone, all rounds together.
    pub rushing: Duration,
}

impl Outcome {
    pub fn is_sound(&self, race: Race) -> bool {
        let due = race.slots.min(race.people) * race.rounds;
        self.accepted == due && self.oversold + self.lost + self.wrongly_refused + self.errors == 0
    }

    fn percentile(&self, of_hundred: usize) -> Duration {
        let at = (self.times.len() * of_hundred / 100).min(self.times.len().saturating_sub(1));
        self.times.get(at).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_second = self.requests as f64 / self.rushing.as_secs_f64().max(f64::EPSILON);
        writeln!(f, "accepted          {:>8}", self.accepted)?;
        writeln!(f, "oversold          {:>8}", self.oversold)?;
        writeln!(f, "lost              {:>8}", self.lost)?;
        writeln!(f, "wrongly refused   {:>8}", self.wrongly_refused)?;
        writeln!(f, "errors            {:>8} {:?}", self.errors, self.statuses)?;
        writeln!(f, "requests/s        {per_second:>8.0}")?;
        writeln!(f, "p50               {:>8.1?}", self.percentile(50))?;
        writeln!(f, "p99               {:>8.1?}", self.percentile(99))?;
        write!(f, "last answer after {:>8.1?}", self.last)
    }
}

/// Runs the race on a fresh system in a directory of its own.
///
/// # Errors
/// When the system cannot start or the people cannot be registered.
pub async fn run(race: Race, template: PathBuf) -> Result<Outcome, Failure> {
    let data = tempfile::tempdir()?;
    let catalogue = data.path().join("catalogue");
    write_catalogue(&catalogue, race)?;
    let system = System::open(Options::new(data.path().join("state"), template, catalogue)).await?;
    println!("registering {} people…", race.people);
    let mut tokens = Vec::new();
    for n in 0..race.people {
        tokens.push(become_citizen(&system, &runner(n)).await?.token);
    }
    let today = system.now().date_naive();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let api = format!("http://{}/v1", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(system.serve_on(listener, async move {
        let _ = stopped.await;
    }));
    let client = reqwest::Client::new();
    let mut outcome = Outcome::default();
    for round in 0..race.rounds {
        let on = today + Days::new(3 + round as u64);
        rush(&client, &api, &tokens, (race.slots, &service(round)), on, &mut outcome).await?;
    }
    outcome.times.sort();
    let _ = stop.send(());
    serving.await??;
    Ok(outcome)
}

async fn rush(
    client: &reqwest::Client,
    api: &str,
    tokens: &[String],
    (slots, service): (usize, &str),
    on: chrono::NaiveDate,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let start_of = |slot: usize| {
        format!(
            "{}+00:00",
            (on.and_hms_opt(8, 0, 0).unwrap_or_default() + TimeDelta::minutes(5 * slot as i64))
                .format("%Y-%m-%dT%H:%M:%S")
        )
    };
    let began = Instant::now();
    let asked = tokens.iter().enumerate().map(|(n, token)| {
        let slot = n % slots;
        let body = json!({ "officeId": "rush", "serviceId": service, "startsAt": start_of(slot), "rulesVersion": app::book::RULES_VERSION });
        let request = client.post(format!("{api}/appointments")).bearer_auth(token).json(&body);
        async move {
            let sent = Instant::now();
            let answer = request.send().await;
            let took = sent.elapsed();
            let (status, body) = match answer {
                Ok(answer) => (answer.status().as_u16(), answer.json::<Value>().await.unwrap_or_default()),
                Err(_) => (0, Value::Null),
            };
            (slot, status, body, took)
        }
    });
    let answers = futures::future::join_all(asked).await;
    let took = began.elapsed();
    outcome.last = outcome.last.max(took);
    outcome.rushing += took;
    outcome.requests += answers.len();
    let mut winners: BTreeMap<usize, usize> = BTreeMap::new();
    for (slot, status, body, took) in &answers {
        outcome.times.push(*took);
        match *status {
            201 => *winners.entry(*slot).or_default() += 1,
            409 if body["type"] == "urn:okno:problem:slot-taken" => {}
            _ => {
                outcome.errors += 1;
                *outcome.statuses.entry(*status).or_default() += 1;
            }
        }
    }
    outcome.accepted += winners.values().sum::<usize>();
    outcome.oversold += winners.values().filter(|count| **count > 1).count();
    let refused = answers.iter().filter(|(_, status, ..)| *status == 409);
    outcome.wrongly_refused += refused.filter(|(slot, ..)| !winners.contains_key(slot)).count();
    // Everybody who won looks it up and gives it up, so that all may run again.
    for ((_, status, body, _), token) in answers.iter().zip(tokens) {
        if *status != 201 {
            continue;
        }
        let id = body["id"].as_str().unwrap_or_default();
        let path = format!("{api}/appointments/{id}");
        let found = client.get(&path).bearer_auth(token).send().await?;
        let found: Value = found.json().await?;
        if found["phase"] != "planned" || found["startsAt"] != body["startsAt"] {
            outcome.lost += 1;
        }
        client
            .post(format!("{path}/cancel"))
            .bearer_auth(token)
            .json(&json!({}))
            .send()
            .await?
            .error_for_status()?;
    }
    Ok(())
}

/// What is run for in a round.
fn service(round: usize) -> String {
    format!("rush-{}", round / CANCELLED_FREELY)
}

/// Somebody who runs.
fn runner(n: usize) -> Person {
    Person {
        surname: "Runner".to_owned(),
        given_name: "Ready".to_owned(),
        patronymic: None,
        phone: phone(n),
        email: format!("person{n}@example.ru"),
        password: "Autumn7forest".to_owned(),
        language: "en".to_owned(),
    }
}

/// Of queue numbers: a capital Cyrillic A, as the catalogue demands.
const LETTER: char = '\u{410}';

/// One office with one window, open every day for as many five-minute visits as there are slots.
fn write_catalogue(dir: &Path, race: Race) -> std::io::Result<()> {
    std::fs::create_dir_all(dir.join("offices"))?;
    let services: Vec<String> =
        (0..race.rounds.div_ceil(CANCELLED_FREELY)).map(|n| service(n * CANCELLED_FREELY)).collect();
    let minutes = 8 * 60 + 5 * race.slots;
    let hours = format!("[\"08:00-{:02}:{:02}\"]", minutes / 60, minutes % 60);
    let days: String =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("  {day} = {hours}\n")).concat();
    let text = r#"{ ru = "Rush", en = "Rush" }"#;
    let files = [
        ("regions.toml", format!("regions = [{{ id = \"RU-MOW\", name = {text}, zone = \"UTC\" }}]\n")),
        ("agencies.toml", format!("agencies = [{{ id = \"rush\", region = \"RU-MOW\", name = {text} }}]\n")),
        ("towns.toml", "towns = []\n".to_owned()),
        ("holidays.toml", "days = []\n".to_owned()),
        (
            "services.toml",
            services.iter().fold(
                format!("[group]\nsynonyms = []\n[documents]\n[[categories]]\nid = \"rush\"\nname = {text}\nsynonyms = []\n"),
                |file, service| {
                    format!(
                        "{file}[[services]]\nid = \"{service}\"\ncategory = \"rush\"\nname = {text}\nsummary = {text}\n\
                         synonyms = []\nkind = \"consultation\"\nduration_min = 5\nterm_days = 1\ndocuments = []\n"
                    )
                },
            ),
        ),
        (
            "offices/rush.toml",
            format!(
                "id = \"rush\"\nagency = \"rush\"\nname = {text}\naddress = {text}\nroute = {text}\naccessible = true\n\
                 phone = \"+74951234567\"\nzone = \"UTC\"\nlatitude = 55.0\nlongitude = 37.0\nno_show = true\n\
                 [[windows]]\nid = \"a\"\nletter = \"{LETTER}\"\nservices = {services:?}\n  [[windows.plans]]\n{days}"
            ),
        ),
    ];
    for (name, text) in files {
        std::fs::write(dir.join(name), text)?;
    }
    Ok(())
}

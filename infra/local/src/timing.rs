//! Whether the time of an answer tells who has a cabinet: known and unknown ones are asked for in turn, over the system's HTTP
//! surface, and the best guess by the time alone is told (ACC-5).

use crate::clock::TimeMode;
use crate::people::{self, Person};
use crate::system::{Options, System};
use crate::visitor::Ask;
use app::password;
use chrono::{DateTime, TimeDelta};
use serde_json::json;
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// People with a cabinet, and how often each is asked for: five hundred samples of each kind.
const KNOWN: usize = 100;
const ROUNDS: usize = 5;
/// Where the phones of those begin who have no cabinet. Each is asked for as often as one that has: that a phone was asked for
/// before is known to whoever asked, and what the table then has of it takes time to read.
const UNKNOWN_FROM: usize = 50_000;
const PASSWORD: &str = "Autumn7forest";
const FIRST_S: i64 = 1_796_108_400;
/// A guess by the best threshold that is right so often tells nothing: by chance it is about 0.53 of so many.
pub const BAR: f64 = 0.55;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    SignIn,
    Register,
    Recover,
}

impl What {
    const ALL: [What; 3] = [What::SignIn, What::Register, What::Recover];

    fn name(self) -> &'static str {
        match self {
            What::SignIn => "sign in",
            What::Register => "register",
            What::Recover => "recover",
        }
    }

    fn ask(self, phone: &str) -> Ask {
        match self {
            What::SignIn => Ask::post("/v1/sessions", json!({ "login": phone, "password": "Another9word" })),
            What::Register => Ask::post("/v1/registrations", json!({ "phone": phone })),
            What::Recover => Ask::post("/v1/recoveries", json!({ "login": phone })),
        }
    }
}

/// What the times of one operation tell.
#[derive(Debug, Clone)]
pub struct Told {
    what: What,
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

/// What all of them tell.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub told: Vec<Told>,
    /// One hash of a password.
    pub hash: Duration,
}

/// Asks for everybody, known or not, and measures.
///
/// # Errors
/// When somebody does not become a citizen, or an answer is not the same for both.
pub async fn measure(template: PathBuf, catalogue: PathBuf) -> Result<Outcome, Failure> {
    let data = tempfile::tempdir()?;
    let mut options = Options::new(data.path(), template, catalogue);
    options.time = TimeMode::Frozen { at: DateTime::from_timestamp(FIRST_S, 0).ok_or("no such time")? };
    let system = System::open(options).await?;
    for n in 0..KNOWN {
        people::register(&system, &person(n)).await?;
        sample(&system, What::Register, &people::phone(UNKNOWN_FROM + n)).await?;
    }
    later(&system, TimeDelta::hours(1)).await;
    let mut told: Vec<Told> =
        What::ALL.map(|what| Told { what, known: Vec::new(), unknown: Vec::new() }).into();
    for _ in 0..ROUNDS {
        for told in &mut told {
            for n in 0..KNOWN {
                let (known, unknown) = (people::phone(n), people::phone(UNKNOWN_FROM + n));
                // In turn which of the two is first.
                if n % 2 == 0 {
                    told.known.push(sample(&system, told.what, &known).await?);
                    told.unknown.push(sample(&system, told.what, &unknown).await?);
                } else {
                    told.unknown.push(sample(&system, told.what, &unknown).await?);
                    told.known.push(sample(&system, told.what, &known).await?);
                }
            }
            later(&system, TimeDelta::hours(1)).await;
        }
        later(&system, TimeDelta::days(1)).await;
    }
    let begun = Instant::now();
    let _ = password::hash(PASSWORD.to_owned(), [7; 16]).await;
    Ok(Outcome { told, hash: begun.elapsed() })
}

fn person(n: usize) -> Person {
    Person {
        surname: "Timed".to_owned(),
        given_name: "Person".to_owned(),
        patronymic: None,
        phone: people::phone(n),
        email: format!("person{n}@example.ru"),
        password: PASSWORD.to_owned(),
        language: "en".to_owned(),
    }
}

/// What follows from the answers is done before the next one is asked for.
async fn later(system: &System, by: TimeDelta) {
    system.advance_in(by, system.now() + by).await;
}

async fn sample(system: &System, what: What, phone: &str) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let answer = system.ask(what.ask(phone)).await;
    let took = begun.elapsed();
    let expected = if what == What::SignIn { 401 } else { 201 };
    if answer.status != expected {
        return Err(format!("{} was answered with {}: {}", what.name(), answer.status, answer.raw).into());
    }
    system.settle().await;
    Ok(took)
}

impl Told {
    /// How often the best threshold is right, of as many known as unknown: the area under its curve. A half tells nothing.
    pub fn best_threshold(&self) -> f64 {
        let mut all: Vec<(Duration, bool)> = self.known.iter().map(|took| (*took, true)).collect();
        all.extend(self.unknown.iter().map(|took| (*took, false)));
        all.sort_unstable();
        let (known, unknown) = (self.known.len() as f64, self.unknown.len() as f64);
        let (mut below, mut best) = ((0.0_f64, 0.0_f64), 0.0_f64);
        for (at, (took, is_known)) in all.iter().enumerate() {
            if *is_known {
                below.0 += 1.0
            } else {
                below.1 += 1.0
            }
            // No threshold lies between equal times.
            if all.get(at + 1).is_none_or(|next| next.0 > *took) {
                best = best.max((below.0 / known - below.1 / unknown).abs());
            }
        }
        f64::midpoint(1.0, best)
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

impl Outcome {
    /// Operations whose time tells something.
    pub fn telling(&self) -> Vec<&'static str> {
        self.told.iter().filter(|told| told.best_threshold() > BAR).map(|told| told.what.name()).collect()
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for told in &self.told {
            let (known, unknown) = (median(&told.known), median(&told.unknown));
            let (n, area) = (told.known.len(), told.best_threshold());
            writeln!(
                f,
                "{:<9} {n} known, median {known:.2?}; {n} unknown, {unknown:.2?}; best threshold {area:.3} (at most {BAR})",
                told.what.name()
            )?;
        }
        write!(f, "one password: {}, {:.0?}", password::PARAMETERS, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(known: &[u64], unknown: &[u64]) -> f64 {
        let times = |ms: &[u64]| ms.iter().map(|ms| Duration::from_millis(*ms)).collect();
        Told { what: What::SignIn, known: times(known), unknown: times(unknown) }.best_threshold()
    }

    #[test]
    fn the_best_threshold_is_right_as_often_as_times_differ() {
        assert!((told(&[1, 2, 3], &[1, 2, 3]) - 0.5).abs() < 1e-9);
        assert!((told(&[1, 2, 3], &[4, 5, 6]) - 1.0).abs() < 1e-9);
        assert!((told(&[4, 5, 6], &[1, 2, 3]) - 1.0).abs() < 1e-9);
        assert!((told(&[1, 1, 3, 3], &[1, 3, 3, 3]) - 0.625).abs() < 1e-9);
    }
}

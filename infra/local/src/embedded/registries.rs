//! A stand-in for the registries of the state and of insurers: it knows a few people and policies, and can be told to
//! misbehave. What it says follows from the question alone.

use super::Answer;
use crate::clock::lock;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

const URL: &str = "https://registries.example";
const TOKEN: &str = "only-here";
/// Where each kind of question is asked.
const PATHS: [&str; 2] = ["/v1/eligibility", "/v1/policies"];

/// What a function is told by its environment.
pub fn settings() -> [(String, String); 2] {
    [("REGISTRIES_URL", URL), ("REGISTRIES_TOKEN", TOKEN)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// How they behave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    #[default]
    Well,
    /// No answer comes in time.
    Slow,
    /// They answer that they cannot.
    Failing,
    /// They say two things at once.
    Contradictory,
    /// What they say is none of the contract.
    Garbled,
    /// They neither confirm nor deny.
    Unclear,
}

/// Those who are known. Whoever is not named is unknown; a policy that is not named is good if it is compulsory, and of
/// others nobody knows.
#[derive(Debug, Deserialize)]
struct Known {
    people: BTreeMap<String, Person>,
    policies: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Person {
    birth_date: String,
    /// None: they go by any name.
    surname: Option<String>,
    refuses: Option<String>,
    says: Option<String>,
}

const KNOWN: &str = include_str!("registries.json");

#[derive(Debug, Default)]
pub struct Registries {
    mood: Mutex<Mood>,
    /// How often each question was asked, by its id.
    asked: Mutex<BTreeMap<String, u64>>,
}

/// Which question a request asks, if it is one to the registries.
pub(crate) fn path_of(request: &HttpRequest) -> Option<&'static str> {
    let plain = request.headers().get("x-amz-date").is_none() && request.method() == "POST";
    PATHS.into_iter().find(|path| plain && request.uri().ends_with(path))
}

impl Registries {
    pub fn set(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// How often anything was asked.
    pub fn asked(&self) -> u64 {
        lock(&self.asked).values().sum()
    }

    /// None: no answer comes.
    pub(crate) fn serve(&self, path: &str, token: Option<&str>, body: &[u8]) -> Option<Answer> {
        if token != Some(&format!("Bearer {TOKEN}")) {
            return Some(Answer::json(401, &json!({})));
        }
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let id = asked["requestId"].as_str().unwrap_or_default().to_owned();
        if id.is_empty() || asked["version"] != 1 {
            return Some(Answer::json(400, &json!({})));
        }
        *lock(&self.asked).entry(id.clone()).or_default() += 1;
        let mood = *lock(&self.mood);
        let mut said = match mood {
            Mood::Slow => return None,
            Mood::Failing => return Some(Answer::json(503, &json!({}))),
            Mood::Garbled => return Some(Answer::json(200, &json!(["?"]))),
            Mood::Contradictory if path == PATHS[0] => {
                json!({ "outcome": "eligible", "reason": "not at all" })
            }
            Mood::Contradictory => json!({ "outcome": "valid", "differs": ["name"] }),
            Mood::Unclear => json!({ "outcome": "unclear" }),
            Mood::Well if path == PATHS[0] => eligibility(&asked),
            Mood::Well => policy(&asked),
        };
        said["version"] = json!(1);
        said["requestId"] = json!(id);
        Some(Answer::json(200, &said))
    }
}

fn known() -> Known {
    serde_json::from_str(KNOWN)
        .unwrap_or_else(|_| Known { people: BTreeMap::new(), policies: BTreeMap::new() })
}

fn policy(asked: &Value) -> Value {
    let number = asked["policy"]["number"].as_str().unwrap_or_default();
    let usual = if asked["policy"]["kind"] == "compulsory" { "valid" } else { "unclear" };
    json!({ "outcome": known().policies.get(number).map_or(usual, String::as_str) })
}

fn eligibility(asked: &Value) -> Value {
    let known = known();
    let Some(person) = asked["person"]["snils"].as_str().and_then(|snils| known.people.get(snils)) else {
        return json!({ "outcome": "unknown-person" });
    };
    let mut differs = Vec::new();
    if asked["person"]["birthDate"] != json!(person.birth_date) {
        differs.push("birth-date");
    }
    if person.surname.as_ref().is_some_and(|surname| asked["person"]["surname"] != json!(surname)) {
        differs.push("name");
    }
    if !differs.is_empty() {
        return json!({ "outcome": "differs", "differs": differs });
    }
    match (&person.refuses, &person.says) {
        (Some(reason), _) => json!({ "outcome": "not-eligible", "reason": reason }),
        (_, Some(says)) => json!({ "outcome": says }),
        _ => json!({ "outcome": "eligible" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_can_be_read() {
        let known = known();
        assert!(known.people.len() >= 4 && known.policies.len() >= 3);
    }
}

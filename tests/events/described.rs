//! Each HTTP sample by the API's description: what it asks is described, and so is what it is answered.

use super::outcome::{Fate, Outcome};
use super::sample::{self, Sample};
use crate::api::schema::{Described, Need};
use serde_json::Value;

/// Routes without a sample that is served: what they need is made anew in every directory.
const UNSERVED: [(&str, &str); 23] = [
    ("POST /v1/me/second-factor/on", "the authenticator's code"),
    ("POST /v1/me/second-factor/off", "the authenticator's code"),
    ("POST /v1/me/recovery-codes", "the authenticator's code"),
    ("POST /v1/me/second-factor/sms/on", "the code from the SMS"),
    ("POST /v1/me/passkeys/complete", "what a passkey signs"),
    ("GET /v1/staff/unlocks/{id}", "an unlock that somebody opened"),
    ("POST /v1/staff/unlocks/{id}/decide", "an unlock that somebody opened"),
    ("GET /v1/staff/unlock-requests/{id}", "a request that somebody made"),
    ("POST /v1/staff/unlock-requests/{id}/decide", "a request that somebody made"),
    ("POST /v1/staff/citizens/{id}/unlocks", "somebody who was identified by their document"),
    ("POST /v1/me/unlock/stop", "an unlock that somebody opened"),
    ("POST /v1/unlocks/{id}/code", "a phone that opens a cabinet"),
    ("POST /v1/unlocks/{id}/complete", "the code from the SMS"),
    ("DELETE /v1/me/passkeys/{id}", "a passkey"),
    ("POST /v1/sessions/passkeys/complete", "what a passkey signs"),
    ("POST /v1/registrations/{id}/verify", "the code from the SMS"),
    ("POST /v1/email-confirmations", "the secret from the mail"),
    ("POST /v1/staff/enrolments", "the secret from the letter"),
    ("POST /v1/staff/enrolments/complete", "the secret from the letter"),
    ("POST /v1/staff/sessions", "the authenticator's code"),
    ("POST /v1/staff/me/recovery-codes", "the authenticator's code"),
    ("POST /v1/staff/me/password", "the authenticator's code"),
    ("POST /v1/staff/visits/{id}/undo-no-show", "somebody who was absent: it takes time to be"),
];

fn event(sample: &Sample) -> Value {
    serde_json::from_str(&sample.event).expect("JSON")
}

fn route(event: &Value) -> (&str, &str) {
    event["routeKey"].as_str().and_then(|key| key.split_once(' ')).unwrap_or_default()
}

/// What of a sample and its outcome is not as described.
pub fn wrong(sample: &Sample, outcome: &Outcome) -> Vec<String> {
    let (described, event) = (Described::new(), event(sample));
    let (method, path) = route(&event);
    if method.is_empty() {
        return Vec::new();
    }
    let operation = described.operation(method, path);
    let mut wrong = answered(&described, operation, outcome);
    if outcome.fate() == Fate::Served {
        wrong.extend(asked(&described, operation, &event));
    }
    wrong.iter().map(|wrong| format!("{}: {wrong}", sample.title())).collect()
}

/// The answer by its status, or by what is said of any other.
fn answered(described: &Described, operation: &Value, outcome: &Outcome) -> Vec<String> {
    let (status, body) = (outcome.answer["status"].to_string(), &outcome.answer["body"]);
    let responses = &operation["responses"];
    let response = if responses[&status].is_object() { &responses[&status] } else { &responses["default"] };
    let kind = if outcome.fate() == Fate::Served { "application/json" } else { "application/problem+json" };
    let schema = &response["content"][kind]["schema"];
    match (schema.is_null(), body.is_null()) {
        (true, true) => Vec::new(),
        (false, false) => described.check(body, schema),
        (true, false) => vec![format!("{status}: a body of which nothing is said")],
        (false, true) => vec![format!("{status}: no body")],
    }
}

/// The query and the body of what is served.
fn asked(described: &Described, operation: &Value, event: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let query = event["queryStringParameters"].as_object().cloned().unwrap_or_default();
    let known = |name: &str| parameters.iter().any(|one| one["in"] == "query" && one["name"] == name);
    wrong.extend(query.keys().filter(|name| !known(name)).map(|name| format!("nothing is said of ?{name}")));
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = event["body"].as_str().map(|body| serde_json::from_str::<Value>(body).expect("JSON"));
    match (body, schema.is_null()) {
        (Some(body), false) => wrong.extend(described.check(&body, schema)),
        (Some(_), true) => wrong.push("nothing is said of a body".to_owned()),
        (None, false) if described.members(schema).values().any(|(_, need)| *need == Need::Must) => {
            wrong.push("a body is described".to_owned());
        }
        _ => {}
    }
    wrong
}

#[test]
fn every_route_has_a_sample_that_it_serves() {
    let described = Described::new();
    let served: Vec<String> = sample::folders()
        .iter()
        .flat_map(|package| sample::of(package))
        .filter(|sample| sample.expected.answer["status"].as_u64().is_some_and(|status| status < 400))
        .filter_map(|sample| event(&sample)["routeKey"].as_str().map(str::to_owned))
        .collect();
    for (method, path, _) in described.operations() {
        let key = format!("{method} {path}");
        let unserved = UNSERVED.iter().any(|(route, _)| *route == key);
        assert_eq!(served.contains(&key), !unserved, "{key}");
    }
}

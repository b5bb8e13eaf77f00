//! What came of an event: the answer, the table's changes, the messages, the letters; and whether it was expected.

use super::sample::{Expected, Sample};
use super::stage::Stage;
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::sqs::SqsBatchResponse;
use aws_lambda_events::streams::DynamoDbEventResponse;
use local::template::Function;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most records, messages and letters that are looked at.
const MOST: u32 = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    pub answer: Value,
    pub writes: Vec<String>,
    pub messages: BTreeMap<String, Vec<String>>,
    pub sent: Vec<String>,
}

/// What a sample shows of its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Served,
    /// An error's status, or something of the batch comes back.
    Refused,
    /// Nothing follows from it, and it does not come back.
    Ignored,
}

/// Delivers a sample at its time in the town, and tells what came of it.
pub async fn deliver(sample: &Sample, stage: &Stage) -> Outcome {
    let before = Seen::of(stage);
    stage.step(&sample.title());
    let answer = stage.functions.invoke(&sample.package, &sample.event).await;
    let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", sample.title()));
    let after = Seen::of(stage);
    let function = stage.system.template().functions.iter().find(|one| one.package == sample.package);
    Outcome {
        answer: reparsed(answer, function.expect("a function of the template")),
        writes: after.writes[before.writes.len()..].to_vec(),
        messages: after.messages.into_iter().filter(|(_, bodies)| !bodies.is_empty()).collect(),
        sent: after.sent[before.sent.len()..].to_vec(),
    }
}

impl Outcome {
    pub fn fate(&self) -> Fate {
        let status = self.answer["status"].as_u64();
        let failures = self.answer["batchItemFailures"].as_array();
        let idle = self.writes.is_empty() && self.messages.is_empty() && self.sent.is_empty();
        match (status, failures) {
            (Some(400..), _) => Fate::Refused,
            (Some(_), _) => Fate::Served,
            (None, Some(failures)) if !failures.is_empty() => Fate::Refused,
            (None, _) if idle => Fate::Ignored,
            (None, _) => Fate::Served,
        }
    }

    pub fn is(&self, expected: &Expected) -> bool {
        let texts = |actual: &[String], expected: &[String]| {
            actual.len() == expected.len() && actual.iter().zip(expected).all(|(text, like)| fits(text, like))
        };
        covers(&self.answer, &expected.answer)
            && texts(&self.writes, &expected.writes)
            && texts(&self.sent, &expected.sent)
            && self.messages.keys().eq(expected.messages.keys())
            && self.messages.iter().all(|(queue, bodies)| texts(bodies, &expected.messages[queue]))
    }
}

/// The answer read back as the caller's side reads it. Of HTTP: status, the problem's code, the body.
fn reparsed(answer: Value, function: &Function) -> Value {
    if !function.routes.is_empty() {
        let answer: ApiGatewayV2httpResponse = serde_json::from_value(answer).expect("an HTTP API answer");
        assert!(!answer.is_base64_encoded, "JSON goes as text");
        let text = answer.body.map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default();
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let mut read = json!({ "status": answer.status_code });
        if let Some(problem) = body["type"].as_str().and_then(|kind| kind.strip_prefix("urn:okno:problem:")) {
            read["problem"] = json!(problem);
        }
        if let Some(errors) = body["errors"].as_array() {
            read["fields"] = errors.iter().map(|error| error["field"].clone()).collect();
        }
        read["body"] = body;
        return read;
    }
    if !function.streams.is_empty() {
        return round::<DynamoDbEventResponse>(answer);
    }
    if !function.queues.is_empty() {
        return round::<SqsBatchResponse>(answer);
    }
    answer
}

fn round<T: DeserializeOwned + Serialize>(answer: Value) -> Value {
    let typed: T = serde_json::from_value(answer).expect("an answer of its kind");
    serde_json::to_value(typed).expect("an answer that can be written")
}

/// What the outside holds.
struct Seen {
    writes: Vec<String>,
    messages: BTreeMap<String, Vec<String>>,
    sent: Vec<String>,
}

impl Seen {
    fn of(stage: &Stage) -> Self {
        let system = &stage.system;
        let key = |record: &Value, name: &str| {
            record["dynamodb"]["Keys"][name]["S"].as_str().unwrap_or_default().to_owned()
        };
        let write = |record: &Value| {
            let what = record["eventName"].as_str().unwrap_or_default();
            format!("{what} {}/{}", key(record, "pk"), key(record, "sk"))
        };
        let records = system.table().stream_after(None, MOST as usize).expect("the stream");
        let bodies = |queue: &str| (queue.to_owned(), system.queues().peek(queue, MOST).expect("a queue"));
        let letters = system.outbox().list(0, MOST).expect("the outbox");
        let sent = letters.iter().map(|sent| {
            let channel = serde_json::to_value(sent.letter.channel).expect("a channel");
            format!("{} {}", channel.as_str().unwrap_or_default(), sent.letter.to.join(","))
        });
        Self {
            writes: records.iter().map(write).collect(),
            messages: system.queues().names().map(bodies).collect(),
            sent: sent.collect(),
        }
    }
}

/// Whether everything that `wanted` says is so in `found`; lists have the same length.
fn covers(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| covers(found.get(name).unwrap_or(&Value::Null), wanted))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| covers(found, wanted))
        }
        (Value::String(found), Value::String(like)) => fits(found, like),
        _ => found == wanted,
    }
}

/// Whether a text is as written, `*` standing for anything.
fn fits(text: &str, like: &str) -> bool {
    let Some((first, rest)) = like.split_once('*') else { return text == like };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[test]
fn stars_stand_for_anything_and_nothing_else_does() {
    assert!(fits("INSERT LOGIN#abc/LOGIN", "INSERT LOGIN#*/LOGIN"));
    assert!(fits("a-b-c", "a*b*c") && fits("", "") && fits("abc", "*"));
    assert!(!fits("INSERT LOGIN#abc/OTHER", "INSERT LOGIN#*/LOGIN"));
    assert!(!fits("abc", "ab") && !fits("ab", "a*c") && !fits("a", "a*a"));
    assert!(covers(&json!({ "a": 1, "b": [{ "c": "x", "d": 2 }] }), &json!({ "b": [{ "c": "*" }] })));
    assert!(!covers(&json!({ "b": [1, 2] }), &json!({ "b": [1] })));
    assert!(!covers(&json!({ "a": 1 }), &json!({ "b": null, "a": 2 })));
}

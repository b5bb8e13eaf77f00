//! The samples' form: each is an event of its kind and says nothing that its kind does not know; what an HTTP event
//! says twice agrees; stream records are those that the table writes; ids are the town's.

use super::sample::{self, Sample};
use super::town::{self, Town};
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::sqs::SqsEvent;
use local::template::Function;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

fn functions() -> Vec<Function> {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/template.yaml");
    local::template::Template::read(template.as_ref()).expect("the template").functions
}

#[test]
fn an_event_is_of_its_kind_and_comes_back_the_same_when_written_and_read_again() {
    for function in functions() {
        for sample in sample::of(&function.package) {
            let again = if !function.routes.is_empty() {
                round::<ApiGatewayV2httpRequest>(&sample)
            } else if !function.streams.is_empty() {
                round::<StreamEvent>(&sample)
            } else if !function.queues.is_empty() {
                round::<SqsEvent>(&sample)
            } else {
                round::<Value>(&sample)
            };
            let mut lost = Vec::new();
            compare(&read(&sample), &again, "", &mut lost);
            assert!(lost.is_empty(), "{} has what its kind does not know: {lost:?}", sample.title());
        }
    }
}

fn round<T: DeserializeOwned + Serialize>(sample: &Sample) -> Value {
    let typed: T = serde_json::from_str(&sample.event).unwrap_or_else(|e| panic!("{}: {e}", sample.title()));
    let once = serde_json::to_value(typed).expect("an event that can be written");
    let typed: T = serde_json::from_value(once.clone()).expect("an event that can be read again");
    assert_eq!(serde_json::to_value(typed).expect("written"), once, "{}", sample.title());
    once
}

fn read(sample: &Sample) -> Value {
    serde_json::from_str(&sample.event).expect("JSON")
}

/// The paths at which `file` says something that `typed` does not.
fn compare(file: &Value, typed: &Value, at: &str, lost: &mut Vec<String>) {
    match (file, typed) {
        (Value::Object(file), Value::Object(typed)) => {
            for (name, value) in file {
                let none = Value::Null;
                compare(value, typed.get(name).unwrap_or(&none), &format!("{at}/{name}"), lost);
            }
        }
        (Value::Array(file), Value::Array(typed)) if file.len() == typed.len() => {
            for (place, (file, typed)) in file.iter().zip(typed).enumerate() {
                compare(file, typed, &format!("{at}/{place}"), lost);
            }
        }
        _ if file == typed || file.as_f64().is_some_and(|number| Some(number) == typed.as_f64()) => {}
        // The typed event drops what is empty.
        _ if typed.is_null() && (*file == json!({}) || *file == json!([])) => {}
        _ => lost.push(at.to_owned()),
    }
}

#[test]
fn what_an_http_event_says_twice_agrees() {
    for function in functions().into_iter().filter(|function| !function.routes.is_empty()) {
        for sample in sample::of(&function.package) {
            let (title, event) = (sample.title(), read(&sample));
            let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let (method, route) = text("/routeKey").split_once(' ').expect("a route");
            let known = function.routes.iter().any(|known| known.method == method && known.path == route);
            assert!(known, "{title}: {} does not answer {method} {route}", function.package);
            let context = &event["requestContext"];
            assert_eq!(context["routeKey"], event["routeKey"], "{title}");
            assert_eq!(context["http"]["method"], method, "{title}");
            assert_eq!(context["http"]["path"], event["rawPath"], "{title}");
            assert_eq!(event["pathParameters"], parameters(route, text("/rawPath")), "{title}");
            assert_eq!(event["queryStringParameters"], query(text("/rawQueryString")), "{title}");
            assert_eq!(text("/headers/content-length"), text("/body").len().to_string(), "{title}");
            assert_eq!(context["timeEpoch"], sample.expected.at.timestamp_millis(), "{title}");
            let time = sample.expected.at.to_utc().format("%d/%b/%Y:%H:%M:%S +0000").to_string();
            assert_eq!(context["time"], time, "{title}");
        }
    }
}

/// The values in a path of the route's names; null when it has none.
fn parameters(route: &str, path: &str) -> Value {
    let name = |segment: &str| Some(segment.strip_prefix('{')?.strip_suffix('}')?.to_owned());
    let pairs = route.split('/').zip(path.split('/'));
    object(pairs.filter_map(|(segment, given)| Some((name(segment)?, given.to_owned()))))
}

fn query(raw: &str) -> Value {
    let address = reqwest::Url::parse(&format!("http://localhost/?{raw}")).expect("a query");
    object(address.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())))
}

fn object(pairs: impl Iterator<Item = (String, String)>) -> Value {
    let all: Map<String, Value> = pairs.map(|(name, value)| (name, Value::String(value))).collect();
    if all.is_empty() { Value::Null } else { Value::Object(all) }
}

/// Samples whose records the table never wrote: by a later version, or spoilt.
const MADE_UP: [&str; 2] = ["unknown-item", "not-understood-behind-good"];

#[tokio::test]
async fn stream_records_are_those_that_the_table_writes() {
    let town = town::town().await;
    let images = |record: &Value| {
        let change = &record["dynamodb"];
        let [keys, old, new] = ["Keys", "OldImage", "NewImage"].map(|name| unsealed(&change[name]));
        json!({ "Keys": keys, "OldImage": old, "NewImage": new })
    };
    let written: Vec<Value> = town.records.iter().map(images).collect();
    for sample in sample::of("changefeed").iter().filter(|sample| !MADE_UP.contains(&sample.name.as_str())) {
        for record in read(sample)["Records"].as_array().expect("records") {
            let mut wanted = images(record);
            if record["eventName"] == "REMOVE" {
                // Nothing in the town is old enough: what is removed is what was put.
                wanted = json!({ "Keys": wanted["Keys"], "OldImage": null, "NewImage": wanted["OldImage"] });
            }
            let of_key: Vec<&Value> =
                written.iter().filter(|written| written["Keys"] == wanted["Keys"]).collect();
            assert!(
                of_key.contains(&&wanted),
                "{}: of this item the table writes {}",
                sample.title(),
                serde_json::to_string_pretty(&of_key).expect("records")
            );
        }
    }
}

/// The image without its sealed bytes, which are others in every directory.
fn unsealed(image: &Value) -> Value {
    match image {
        Value::Object(fields) if fields.contains_key("B") => json!({ "B": "sealed" }),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), unsealed(value))).collect())
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn the_ids_and_tokens_in_the_samples_are_the_towns() {
    let town = town::town().await;
    let known = known(town);
    for function in functions() {
        for sample in sample::of(&function.package) {
            let said = format!("{} {:?}", sample.event, sample.expected);
            for word in said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_'))
            {
                let id = word.split('.').find(|part| part.len() == 26 && part.starts_with("01"));
                let Some(id) = id else { continue };
                assert!(
                    known.contains(id),
                    "{} speaks of {word}; the town has {:#?}",
                    sample.title(),
                    town.ids
                );
            }
        }
    }
}

fn known(town: &Town) -> String {
    let records: Vec<String> = town.records.iter().map(Value::to_string).collect();
    format!("{:?}{}", town.ids, records.concat())
}

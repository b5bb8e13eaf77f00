//! The local runner by itself: small functions made on the spot, the real SDKs, and the embedded outside.

mod deliveries;
mod door;
mod faults;
mod meter;
mod month;
mod race;
mod restart;
mod serving;
mod simulation;
mod story;
mod template;
mod time;
mod wire;

use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::streams::DynamoDbEventResponse;
use chrono::{DateTime, Utc};
use local::clock::TimeMode;
use local::functions::{FunctionError, Functions};
use local::system::{Options, System};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

const TEMPLATE: &str = include_str!("template.yaml");

/// What the functions of the stage were given, and how they are to answer.
#[derive(Default)]
struct Script {
    /// The sort keys of the records that the changefeed got, call by call.
    changes: Vec<Vec<String>>,
    /// The bodies of the messages that the notifier got, call by call.
    notices: Vec<Vec<String>>,
    ticks: Vec<DateTime<Utc>>,
    /// Sort keys and bodies that the functions report as failed.
    poison: Vec<String>,
}

type Shared = Arc<Mutex<Script>>;

/// A system with scripted functions on a directory of its own.
struct Stage {
    system: System,
    script: Shared,
    _data: tempfile::TempDir,
}

fn noon() -> DateTime<Utc> {
    "2026-12-01T09:00:00Z".parse().expect("a time")
}

fn locked(script: &Shared) -> std::sync::MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    async fn new() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let script = Shared::default();
        let system = open(data.path(), &script).await;
        Self { system, script, _data: data }
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        locked(&self.script)
    }
}

async fn open(data: &Path, script: &Shared) -> System {
    let template = data.join("template.yaml");
    std::fs::write(&template, TEMPLATE).expect("a writable directory");
    let mut options = Options::new(data.join("state"), template, data);
    options.time = TimeMode::Frozen { at: noon() };
    options.seed = Some([7; 32]);
    System::open_with(options, |_| Ok(functions(script))).await.expect("a system")
}

fn functions(script: &Shared) -> Functions {
    let (changes, notices, ticks) = (Arc::clone(script), Arc::clone(script), Arc::clone(script));
    Functions::default()
        .http("booking", door::router())
        .stream("changefeed", move |event| hear(Arc::clone(&changes), event))
        .queue("notifier", move |event| send(Arc::clone(&notices), event))
        .schedule("clock", move |event| {
            let now = event["time"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
            locked(&ticks).ticks.push(now);
            async { Ok(()) }
        })
}

async fn hear(script: Shared, event: Event) -> Result<DynamoDbEventResponse, FunctionError> {
    let event = serde_json::to_value(&event)?;
    let records = event["Records"].as_array().cloned().unwrap_or_default();
    let key = |record: &serde_json::Value| {
        record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap_or_default().to_owned()
    };
    let mut script = locked(&script);
    let failures: Vec<_> = records
        .iter()
        .filter(|record| script.poison.contains(&key(record)))
        .map(|record| json!({ "itemIdentifier": record["dynamodb"]["SequenceNumber"] }))
        .collect();
    script.changes.push(records.iter().map(key).collect());
    Ok(serde_json::from_value(json!({ "batchItemFailures": failures }))?)
}

async fn send(script: Shared, event: SqsEvent) -> Result<SqsBatchResponse, FunctionError> {
    let mut script = locked(&script);
    let body = |message: &aws_lambda_events::sqs::SqsMessage| message.body.clone().unwrap_or_default();
    let failures: Vec<_> = event
        .records
        .iter()
        .filter(|message| script.poison.contains(&body(message)))
        .map(|message| json!({ "itemIdentifier": message.message_id }))
        .collect();
    assert!(event.records.iter().all(|message| body(message) != "panic"), "as asked");
    script.notices.push(event.records.iter().map(body).collect());
    Ok(serde_json::from_value(json!({ "batchItemFailures": failures }))?)
}

/// The SDKs on the embedded outside, without retries: each call is one request.
mod sdk {
    use local::system::System;

    macro_rules! client {
        ($name:ident, $crate_name:ident) => {
            pub fn $name(system: &System) -> $crate_name::Client {
                use $crate_name::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
                let config = $crate_name::Config::builder()
                    .behavior_version(BehaviorVersion::latest())
                    .region(Region::new("local-1"))
                    .credentials_provider(Credentials::new("local", "local", None, None, "test"))
                    .retry_config(RetryConfig::disabled())
                    .http_client(system.http_client())
                    .build();
                $crate_name::Client::from_conf(config)
            }
        };
    }
    client!(table, aws_sdk_dynamodb);
    client!(queues, aws_sdk_sqs);
    client!(mail, aws_sdk_sesv2);
    client!(sms, aws_sdk_sns);
    client!(keys, aws_sdk_kms);
}

/// Puts items `<pk>/<sk>` one after the other.
async fn put(system: &System, pk: &str, sks: &[&str]) {
    use aws_sdk_dynamodb::types::AttributeValue::S;
    for sk in sks {
        let put = sdk::table(system).put_item().table_name("okno");
        put.item("pk", S(pk.into())).item("sk", S((*sk).into())).send().await.expect("a put");
    }
}

async fn enqueue(system: &System, bodies: &[&str]) {
    let url = local::template::queue_url("NoticesQueue");
    for body in bodies {
        sdk::queues(system)
            .send_message()
            .queue_url(&url)
            .message_body(*body)
            .send()
            .await
            .expect("a message");
    }
}

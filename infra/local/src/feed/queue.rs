//! A queue's messages to its function: batches, partial failures, visibility and dead letters.

use super::{FeedError, House, Turn, blocking, call};
use crate::embedded::queues::Message;
use crate::functions::Functions;
use crate::template::{Function, QueueSource, REGION, arn};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::Mutex;

/// One queue on its way to one function.
#[derive(Debug)]
pub(crate) struct QueueFeed {
    pub package: String,
    source: QueueSource,
    timeout: Duration,
    /// One batch at a time.
    turn: Mutex<()>,
}

impl QueueFeed {
    pub fn new(function: &Function, source: &QueueSource) -> Self {
        Self {
            package: function.package.clone(),
            source: source.clone(),
            timeout: function.timeout,
            turn: Mutex::new(()),
        }
    }

    /// The logical name of the queue.
    pub fn queue_name(&self) -> &str {
        &self.source.queue
    }

    /// Delivers one batch, if any message is due, when the batch before it is served.
    pub async fn pump(&self, house: &House, functions: &Functions) -> Result<Turn, FeedError> {
        let _turn = self.turn.lock().await;
        self.deliver_batch(house, functions).await
    }

    /// Delivers one batch, if any message is due, beside others that are being served.
    pub async fn deliver_batch(&self, house: &House, functions: &Functions) -> Result<Turn, FeedError> {
        if house.deliveries.is_held(&self.package) {
            return Ok(Turn::default());
        }
        let (queues, queue, limit) =
            (house.services.queues.clone(), self.source.queue.clone(), self.source.batch_size);
        let received = blocking(move || queues.receive(&queue, limit)).await?;
        let mut messages = received.messages;
        let mut turn = Turn { given_up: received.buried, ..Turn::default() };
        if messages.is_empty() {
            let (queues, queue) = (house.services.queues.clone(), self.source.queue.clone());
            turn.waits_until = blocking(move || queues.next_due(&queue)).await?;
            return Ok(turn);
        }
        turn.again = true;
        turn.delivered = messages.len();
        let dropped = house.deliveries.take_dropped(&self.package, messages.len());
        let lost: Vec<Message> = messages.drain(..dropped).collect();
        if house.deliveries.is_reordered(&self.package) {
            messages.reverse();
        }
        let mut served: Vec<i64> = lost.iter().map(|message| message.id).collect();
        if !messages.is_empty() {
            let event: SqsEvent = serde_json::from_value(self.event(&messages))?;
            match self.deliver(house, functions, event).await {
                Ok(answer) => served.extend(self.served(&messages, &answer, &mut turn)),
                Err(failure) => turn.failure = Some(format!("{}: {failure}", self.package)),
            }
        }
        let queues = house.services.queues.clone();
        blocking(move || queues.delete(&served)).await?;
        Ok(turn)
    }

    async fn deliver(
        &self,
        house: &House,
        functions: &Functions,
        event: SqsEvent,
    ) -> Result<SqsBatchResponse, String> {
        let Some(handle) = functions.queues.get(&self.package) else {
            return Err("nobody serves the queue".into());
        };
        let serve = || call(house, &self.package, self.timeout, handle(event.clone()));
        for _ in 1..house.deliveries.take_times(&self.package) {
            let _ = serve().await;
        }
        if house.deliveries.take_doubled(&self.package) {
            return futures::join!(serve(), serve()).1;
        }
        serve().await
    }

    /// The messages that the function did not report. A report that names none of the batch fails all of it, as on AWS.
    fn served(&self, messages: &[Message], answer: &SqsBatchResponse, turn: &mut Turn) -> Vec<i64> {
        let all = || messages.iter().map(|message| message.id).collect();
        if !self.source.reports_failures || answer.batch_item_failures.is_empty() {
            return all();
        }
        let failed: BTreeSet<&str> =
            answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
        turn.failure =
            Some(format!("{}: {} of {} messages failed", self.package, failed.len(), messages.len()));
        if failed.iter().any(|id| !messages.iter().any(|message| message.message_id == **id)) {
            return Vec::new();
        }
        messages
            .iter()
            .filter(|message| !failed.contains(message.message_id.as_str()))
            .map(|message| message.id)
            .collect()
    }

    fn event(&self, messages: &[Message]) -> Value {
        let records: Vec<Value> = messages
            .iter()
            .map(|message| {
                json!({
                    "messageId": message.message_id,
                    "receiptHandle": format!("{}#{}", message.message_id, message.receives),
                    "body": message.body,
                    "md5OfBody": "",
                    "attributes": {
                        "ApproximateReceiveCount": message.receives.to_string(),
                        "SentTimestamp": (message.sent_at_us / 1_000).to_string(),
                        "ApproximateFirstReceiveTimestamp": (message.first_received_at_us / 1_000).to_string(),
                        "SenderId": "local",
                    },
                    "messageAttributes": attributes(&message.attributes),
                    "eventSource": "aws:sqs",
                    "eventSourceARN": arn("sqs", &self.source.queue),
                    "awsRegion": REGION,
                })
            })
            .collect();
        json!({ "Records": records })
    }
}

/// Message attributes in the event's spelling: `StringValue` → `stringValue`.
fn attributes(wire: &Value) -> Map<String, Value> {
    let all = wire.as_object().cloned().unwrap_or_default();
    all.into_iter()
        .map(|(name, value)| {
            (name, json!({
                "stringValue": value["StringValue"], "binaryValue": value["BinaryValue"], "dataType": value["DataType"],
                "stringListValues": [], "binaryListValues": [],
            }))
        })
        .collect()
}

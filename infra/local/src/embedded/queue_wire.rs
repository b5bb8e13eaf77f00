//! The queues' wire protocol: sending, sending in batches, and asking how much there is.

use super::Answer;
use super::queues::{BATCH_MAX, Outgoing, QueueError, Queues};
use serde_json::{Value, json};

const ERRORS: &str = "com.amazonaws.sqs#";

pub(super) fn serve(queues: &Queues, operation: &str, body: &[u8]) -> Answer {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return Answer::refusal(400, "SerializationException", "The request is not JSON.");
    };
    let queue =
        request["QueueUrl"].as_str().and_then(|url| url.rsplit_once('/')).map_or("", |(_, name)| name);
    let outcome = match operation {
        "SendMessage" => queues
            .send(queue, &[outgoing(&request)])
            .map(|ids| json!({ "MessageId": ids.first(), "MD5OfMessageBody": "" })),
        "SendMessageBatch" => send_batch(queues, queue, &request),
        "GetQueueAttributes" => queues.depth(queue).map(|depth| {
            json!({ "Attributes": {
                "ApproximateNumberOfMessages": depth.visible.to_string(),
                "ApproximateNumberOfMessagesNotVisible": depth.in_flight.to_string(),
                "ApproximateNumberOfMessagesDelayed": depth.delayed.to_string(),
            } })
        }),
        _ => return Answer::refusal(400, "com.amazonaws.sqs#UnsupportedOperation", operation),
    };
    outcome.map_or_else(|error| refuse(&error), |answer| Answer::json(200, &answer))
}

fn outgoing(entry: &Value) -> Outgoing {
    Outgoing {
        body: entry["MessageBody"].as_str().unwrap_or_default().to_owned(),
        attributes: entry["MessageAttributes"].clone(),
        delay_s: entry["DelaySeconds"].as_i64(),
    }
}

fn send_batch(queues: &Queues, queue: &str, request: &Value) -> Result<Value, QueueError> {
    let entries = request["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry["Id"].as_str()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    if ids.len() != entries.len() || distinct.len() != ids.len() || ids.len() > BATCH_MAX {
        return Err(QueueError::Invalid("Each of 1 to 10 entries needs an id of its own.".into()));
    }
    let batch: Vec<Outgoing> = entries.iter().map(outgoing).collect();
    let sent = queues.send(queue, &batch)?;
    let successful: Vec<Value> = ids
        .iter()
        .zip(sent)
        .map(|(id, message_id)| json!({ "Id": id, "MessageId": message_id, "MD5OfMessageBody": "" }))
        .collect();
    Ok(json!({ "Successful": successful, "Failed": [] }))
}

fn refuse(error: &QueueError) -> Answer {
    let (status, kind, query_error) = match error {
        QueueError::NoSuchQueue => {
            (400, "QueueDoesNotExist", Some("AWS.SimpleQueueService.NonExistentQueue;Sender"))
        }
        QueueError::Invalid(_) => (400, "InvalidParameterValue", None),
        QueueError::Database(_) => (500, "InternalFailure", None),
    };
    Answer { query_error, ..Answer::refusal(status, &format!("{ERRORS}{kind}"), error.to_string()) }
}

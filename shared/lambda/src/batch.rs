//! A handler of one message, lifted to a handler of a batch: only what failed comes back.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use planted::{Bug, planted};
use std::future::Future;

/// Handles messages one after another. A failed one is logged by its id, never by its body, and returned to the
/// queue; after the queue's limit of tries it is parked as a dead letter.
pub async fn each<F, Fut>(event: SqsEvent, handle: F) -> SqsBatchResponse
where
    F: Fn(String) -> Fut,
    Fut: Future<Output = Result<(), crate::Error>>,
{
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        if let Err(error) = handle(message.body.unwrap_or_default()).await {
            tracing::warn!(message = id, error = %chain(error.as_ref()), "a message failed and will be tried again");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            if !planted(Bug::WholeBatch) {
                response.batch_item_failures.push(failure);
            }
        }
    }
    response
}

/// An error with its sources, in one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

//! From the table's stream to the queues: what happened becomes messages; there are no others.
//!
//! A record that fails is returned with all that follow it; the stream brings them again. Messages may so be sent
//! twice, and nobody minds.

mod facts;

use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use facts::Follow;
use lambda::{Edge, Error};
use planted::{Bug, planted};

/// Handles a batch of records in their order.
///
/// # Errors
/// Never: what failed is named in the answer, from the first failed record on.
pub async fn handle(edge: &Edge, event: Event) -> Result<DynamoDbEventResponse, Error> {
    let mut response = DynamoDbEventResponse::default();
    let mut follow = Follow::default();
    let mut failed = None;
    for record in &event.records {
        let done = match store::change::read(record) {
            Ok(fact) => facts::follow(edge, fact, &mut follow).await,
            Err(error) => Err(error.into()),
        };
        if let Err(error) = done {
            tracing::error!(error = %lambda::batch::chain(error.as_ref()), "a stream record failed");
            failed = record.change.sequence_number.clone();
            break;
        }
    }
    // Everything before the failed record is sent, so that one bad record holds up only what follows it.
    if let Err(error) = follow.send(edge).await {
        tracing::warn!(error = %lambda::batch::chain(error.as_ref()), "messages could not be sent");
        let first = event.records.first().filter(|_| !planted(Bug::CheckpointFirst));
        failed = first.and_then(|record| record.change.sequence_number.clone());
    }
    if let Some(sequence) = failed {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = Some(sequence);
        response.batch_item_failures.push(failure);
    }
    Ok(response)
}

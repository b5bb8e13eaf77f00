//! From the table's stream to the queues: what happened becomes messages; there are no others.
//!
//! A record that fails because something is down is returned with all that follow it; the stream brings them again, for
//! as long as it keeps them. Messages may so be sent twice, and nobody minds. A record that cannot be understood would
//! never pass: it goes to the dead letters, and nothing waits behind it.

mod deeds;
mod facts;

use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use deeds::Deeds;
use facts::Follow;
use lambda::{Edge, Error};
use planted::{Bug, planted};
use store::StoreError;

/// Whether the same record would fail again, whatever comes up meanwhile.
fn is_for_good(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    match error.downcast_ref() {
        Some(StoreError::Corrupt { .. } | StoreError::Sealed { .. }) => true,
        Some(StoreError::Unavailable(_)) | None => false,
    }
}

/// Handles a batch of records in their order.
///
/// # Errors
/// Never: what failed is named in the answer, from the first failed record on.
pub async fn handle(edge: &Edge, event: Event) -> Result<DynamoDbEventResponse, Error> {
    let mut response = DynamoDbEventResponse::default();
    let mut follow = Follow::default();
    let mut deeds = Deeds::default();
    let mut failed = None;
    for record in &event.records {
        let done = match store::change::read(record) {
            Ok(fact) => facts::follow(edge, fact, &mut follow).await,
            Err(error) => Err(error.into()),
        };
        let done = done.and_then(|()| deeds.collect(record));
        let Err(error) = done else { continue };
        let said = lambda::batch::chain(error.as_ref());
        if !is_for_good(error.as_ref()) || follow.park(record).is_err() {
            tracing::warn!(error = said, "a stream record failed and comes again");
            failed = record.change.sequence_number.clone();
            break;
        }
        tracing::error!(error = said, "a stream record is not understood and goes to the dead letters");
    }
    // Everything before the failed record is sent, so that one bad record holds up only what follows it.
    let mut sent = follow.send(edge).await;
    if let Err(error) = &sent {
        tracing::warn!(error = %lambda::batch::chain(error.as_ref()), "messages could not be sent");
    }
    if let Err(error) = deeds.append(edge).await {
        tracing::warn!(error = %lambda::batch::chain(error.as_ref()), "a chain could not be appended to");
        sent = sent.and(Err(error));
    }
    if sent.is_err() {
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

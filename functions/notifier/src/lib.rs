//! Telling people: by mail, SMS and in their inbox, what the table says is so.

mod codes;
mod notices;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use lambda::{Edge, Error, batch};
use messages::Telling;

/// Handles a batch of things to be told.
///
/// # Errors
/// Never: what failed is named in the answer and comes back.
pub async fn handle(edge: &Edge, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(batch::each(event, |body| tell(edge, body)).await)
}

async fn tell(edge: &Edge, body: String) -> Result<(), Error> {
    match messages::read(&body)? {
        Telling::Notice { citizen, notice } => notices::tell(edge, &citizen, &notice).await,
        Telling::Code { registration, round } => codes::tell_code(edge, &registration, round).await,
        Telling::Proof { proof, round } => codes::tell_proof(edge, &proof, round).await,
        Telling::Invitation { invitation } => codes::tell_invitation(edge, &invitation).await,
        Telling::EmailLink { citizen, asked_at_ms } => codes::tell_link(edge, &citizen, asked_at_ms).await,
    }
}

//! Asks the registries about people and writes down what they say (BKG-3, ACC-12). The only one that asks at leisure: what
//! nobody answers is asked once more when the clock finds it due.

use app::registries::{Inquiry as Found, eligibility, policy};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::{AppointmentId, CitizenId};
use lambda::{Edge, Error, batch};
use messages::Inquiry;
use outbound::OutboundError;
use outbound::registry::AT_LEISURE;

/// Handles a batch of hints about whom there is something to ask.
///
/// # Errors
/// Never: what failed is named in the answer and comes back.
pub async fn handle(edge: &Edge, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(batch::each(event, |body| inquire(edge, body)).await)
}

async fn inquire(edge: &Edge, body: String) -> Result<(), Error> {
    match messages::read::<Inquiry>(&body)? {
        Inquiry::Policy { citizen } => {
            policy_of(edge, citizen.parse().map_err(|_| "not a citizen's id")?).await
        }
        Inquiry::Eligibility { citizen, appointment } => {
            let citizen = citizen.parse().map_err(|_| "not a citizen's id")?;
            holder_of(edge, citizen, appointment.parse().map_err(|_| "not an appointment's id")?).await
        }
    }
}

async fn policy_of(edge: &Edge, citizen: CitizenId) -> Result<(), Error> {
    let vault = edge.vault().await?;
    let (question, said) = match policy::due(edge.app(), &vault, citizen).await? {
        Found::Nothing => return Ok(()),
        Found::Said(question, said) => (question, Some(said)),
        Found::Ask(question) => {
            let said = heard(edge.outbound().ask_policy(&question, AT_LEISURE).await);
            if let Some(said) = said {
                policy::keep(edge.app(), &vault, &question, said).await?;
            }
            (question, said)
        }
    };
    Ok(policy::settle(edge.app(), &vault, citizen, &question, said).await?)
}

async fn holder_of(edge: &Edge, citizen: CitizenId, appointment: AppointmentId) -> Result<(), Error> {
    let (app, vault) = (edge.app(), edge.vault().await?);
    let said = match eligibility::due(app, &vault, citizen, appointment).await? {
        Found::Nothing => return Ok(()),
        Found::Said(_, said) => Some(said),
        Found::Ask(question) => {
            let said = heard(edge.outbound().ask_eligibility(&question, AT_LEISURE).await);
            if let Some(said) = &said {
                eligibility::keep(app, &vault, &question, said).await?;
            }
            said
        }
    };
    Ok(eligibility::settle(app, &vault, citizen, appointment, said.as_ref()).await?)
}

/// No answer is written down as a try: what is to be asked once more stands in the table and not in the queue.
fn heard<T>(answer: Result<T, OutboundError>) -> Option<T> {
    answer.map_err(|error| tracing::warn!(error = %batch::chain(&error), "a registry did not answer")).ok()
}

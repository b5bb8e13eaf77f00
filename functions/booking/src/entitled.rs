//! Whether whoever books is entitled to the service: a registry is asked, and somebody waits for it no longer than they would
//! (BKG-3).

use app::registries::Inquiry;
use app::registries::eligibility::{self, Entitled};
use app::{Caller, Refusal};
use domain::ServiceId;
use lambda::{Edge, batch};
use outbound::registry::WHILE_BOOKING;
use store::Vault;

/// What is known when this is booked. Once for all tries of the write: a retry of the request finds the answer kept.
///
/// # Errors
/// As [`eligibility::before_booking`].
pub async fn entitled(
    edge: &Edge,
    vault: Option<&Vault>,
    caller: &Caller,
    service: &ServiceId,
) -> Result<Entitled, Refusal> {
    let Some(vault) = vault.filter(|_| eligibility::is_asked(edge.app(), service)) else {
        return Ok(Entitled::NotAsked);
    };
    let question = match eligibility::before_booking(edge.app(), vault, caller, service).await? {
        Inquiry::Nothing => return Ok(Entitled::Nobody),
        Inquiry::Said(_, said) => return Ok(Entitled::Said(said)),
        Inquiry::Ask(question) => question,
    };
    let said = match edge.outbound().ask_eligibility(&question, WHILE_BOOKING).await {
        Ok(said) => said,
        Err(error) => {
            tracing::warn!(error = %batch::chain(&error), "a registry did not answer in time");
            return Ok(Entitled::Nobody);
        }
    };
    eligibility::keep(edge.app(), vault, &question, &said).await?;
    Ok(Entitled::Said(said))
}

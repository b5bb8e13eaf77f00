//! Who acts for somebody now: they are told what happens to the visits for which they act, and staff see who comes (ACC-10).

use crate::{App, Refusal};
use domain::ServiceId;
use domain::citizen::{Citizen, Person};
use domain::representation::GrantKind;
use store::items::citizen as record;
use store::{Vault, keys};

/// Somebody who may act for the visitor in this, and by which right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acts {
    pub person: Person,
    pub kind: GrantKind,
}

/// Everybody who may act for a citizen about a service now.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn acting_for(
    app: &App,
    vault: &Vault,
    citizen: &Citizen,
    service: &ServiceId,
) -> Result<Vec<Acts>, Refusal> {
    if citizen.representatives.is_empty() {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let who = &citizen.representatives;
    let wanted: Vec<_> =
        who.iter().flat_map(|who| [keys::me(*who), keys::representation(citizen.id, *who)]).collect();
    let batch = app.store.read(&wanted).await?;
    let mut found = Vec::new();
    for who in who {
        let between = batch.representation(citizen.id, *who)?;
        // Whoever's own cabinet is gone acts for nobody, whether or not that is swept already.
        if batch.citizen(*who)?.is_none() {
            continue;
        }
        if let (Some(grant), Some(item)) = (between.by(service, now), batch.item(&keys::me(*who))) {
            found.push(Acts { person: record::person(item, vault)?, kind: grant.kind });
        }
    }
    Ok(found)
}

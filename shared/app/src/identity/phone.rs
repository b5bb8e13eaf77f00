//! Showing who one is by a code to the phone of the cabinet (ACC-9).

use super::{confirm, oneself};
use crate::account::proof::{self, Begin, Begun, Shown};
use crate::contact::Login;
use crate::floods::Whence;
use crate::{App, Bearer, Refusal};
use domain::ProofId;
use domain::account::Purpose;
use domain::citizen::Citizen;
use domain::identity::{Confirmed, Means};
use store::items::proof::open_contact;
use store::vault::ClearKey;
use store::{Commit, Vault, keys};

/// Has a code sent to the phone of the cabinet.
///
/// # Errors
/// [`Refusal::NothingToConfirm`]; [`Refusal::Inactive`]; [`Refusal::CodeLimit`] beyond ten codes a day.
pub async fn start(app: &App, vault: &Vault, bearer: &Bearer, whence: Whence<'_>) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    known.able()?;
    let contact = Login::Phone(known.person.phone.clone());
    let begin = Begin {
        purpose: Purpose::Identity,
        citizen: Some(known.citizen.id),
        taken: false,
        contact: &contact,
        language: &known.citizen.language,
        epoch: None,
        whence,
    };
    proof::begin(app, vault, begin, &moment).await
}

/// Asks for a new code.
///
/// # Errors
/// [`Refusal::NotFound`] for whoever did not begin it; else as [`proof::resend`].
pub async fn resend(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    id: ProofId,
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    own(app, &known.citizen, id).await?;
    proof::resend(app, vault, id, Purpose::Identity, whence).await
}

/// Whose it is comes first: guesses of others shall not use it up.
async fn own(app: &App, citizen: &Citizen, id: ProofId) -> Result<(), Refusal> {
    let begun = app.store.read(&[keys::proof(id)]).await?.proof(id)?;
    match begun.is_some_and(|begun| begun.citizen == Some(citizen.id) && begun.purpose == Purpose::Identity) {
        true => Ok(()),
        false => Err(Refusal::NotFound),
    }
}

/// Confirms who one is, for whoever says the code.
///
/// # Errors
/// As showing a code and as confirming; [`Refusal::NotFound`] for whoever did not begin it; [`Refusal::ProofSpent`] when the
/// cabinet has another phone since.
pub async fn complete(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    bearer: &Bearer,
    id: ProofId,
    code: &str,
    device: Option<&str>,
) -> Result<Confirmed, Refusal> {
    let moment = app.clock.moment();
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    known.able()?;
    own(app, &known.citizen, id).await?;
    let shown = match proof::show(app, vault, codes, (id, Purpose::Identity), code).await? {
        Shown::Now(_, found) => found,
        // Its answer was lost.
        Shown::Before(_) => return known.citizen.confirmed.ok_or(Refusal::ProofSpent),
    };
    if open_contact(vault, &shown)? != known.person.phone {
        return Err(Refusal::ProofSpent);
    }
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    confirm(app, vault, &known, Means::PhoneCode, commit, device, &moment).await
}

//! Showing who one is by signing a text that was made for it (ACC-9). How a signature is checked is the caller's.

use super::compare::Said;
use super::{confirm, oneself};
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::ChallengeId;
use domain::identity::{Confirmed, Means, SIGNATURE_CHALLENGE_VALID, SIGNATURE_TRIES};
use domain::moment::Draw;
use store::items::challenge::Challenge;
use store::{Commit, Vault, keys};

/// What is to be signed, to the letter.
pub struct Begun {
    pub id: ChallengeId,
    pub text: String,
    pub expires_at: DateTime<Utc>,
}

/// Begins one; the one before is over. The text begins with `words`, and names the cabinet, a nonce and its end.
///
/// # Errors
/// [`Refusal::NothingToConfirm`]; [`Refusal::Inactive`].
pub async fn start(app: &App, vault: &Vault, bearer: &Bearer, words: &str) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    known.able()?;
    let nonce = URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Challenge));
    let expires_at = moment.now + SIGNATURE_CHALLENGE_VALID;
    let until = expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let text = format!("{words}\n{}\n{nonce}\n{until}\n", bearer.citizen);
    let challenge = Challenge {
        id: ChallengeId(moment.ulid(Draw::Operation)),
        citizen: bearer.citizen,
        means: Means::Signature,
        secret: None,
        session: None,
        text: Some(text.clone()),
        tries: 0,
        done_at: None,
        expires_at,
    };
    app.store.begin_challenge(&challenge).await?;
    Ok(Begun { id: challenge.id, text, expires_at })
}

/// Confirms who one is, for whoever signed the text; `signer` says of the bytes that were to be signed who signed them, or the
/// name of the reason why that is not to be said.
///
/// # Errors
/// [`Refusal::ProofSpent`] when it is not the open challenge or ten minutes have passed, or five answers were
/// looked at; [`Refusal::SignatureRefused`]; [`Refusal::OtherPerson`] with each field; as confirming.
pub async fn complete(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    id: ChallengeId,
    signer: impl FnOnce(&[u8], DateTime<Utc>) -> Result<Said, &'static str>,
    device: Option<&str>,
) -> Result<Confirmed, Refusal> {
    let moment = app.clock.moment();
    let key = keys::challenge(bearer.citizen, Means::Signature);
    let (known, batch) = oneself(app, vault, bearer, &[key]).await?;
    known.able()?;
    let found = batch.challenge(bearer.citizen, Means::Signature)?;
    let found = found.filter(|found| found.id == id).ok_or(Refusal::ProofSpent)?;
    if found.done_at.is_some() {
        // Its answer was lost.
        return known.citizen.confirmed.ok_or(Refusal::ProofSpent);
    }
    if moment.now >= found.expires_at {
        return Err(Refusal::ProofSpent);
    }
    if !app.store.count_answer(&found, SIGNATURE_TRIES).await? {
        return Err(Refusal::ProofSpent);
    }
    let text = found.text.as_deref().unwrap_or_default();
    let said = signer(text.as_bytes(), moment.now).map_err(Refusal::SignatureRefused)?;
    let differences = said.differences(&known);
    if !differences.is_empty() {
        return Err(Refusal::OtherPerson(differences));
    }
    let mut commit = Commit::new();
    app.store.use_challenge(&mut commit, &found, moment.now);
    confirm(app, vault, &known, Means::Signature, commit, device, &moment).await
}

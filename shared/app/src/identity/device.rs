//! Showing who one is by another session of one's own: one device shows a secret, the other says it (ACC-9).

use super::{confirm, oneself};
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::ChallengeId;
use domain::identity::{Confirmed, DEVICE_CHALLENGE_VALID, Means};
use domain::moment::Draw;
use store::items::challenge::Challenge;
use store::vault::hash_text;
use store::{Commit, Vault, keys};

/// A challenge begun. Not for logs: whoever has the secret and a session confirms.
pub struct Begun {
    pub id: ChallengeId,
    pub secret: String,
    pub expires_at: DateTime<Utc>,
}

/// Begins one; the one before is over.
///
/// # Errors
/// [`Refusal::NothingToConfirm`]; [`Refusal::Inactive`].
pub async fn start(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    known.able()?;
    let secret = URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Challenge));
    let challenge = Challenge {
        id: ChallengeId(moment.ulid(Draw::Operation)),
        citizen: bearer.citizen,
        means: Means::AnotherDevice,
        secret: Some(hash_text(secret.as_bytes())),
        session: Some(bearer.hash.clone()),
        text: None,
        tries: 0,
        done_at: None,
        expires_at: moment.now + DEVICE_CHALLENGE_VALID,
    };
    app.store.begin_challenge(&challenge).await?;
    Ok(Begun { id: challenge.id, secret, expires_at: challenge.expires_at })
}

/// How a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Confirmed,
    /// Too late, or another one was begun.
    Over,
}

/// How a challenge stands, for the device that shows it.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn look(app: &App, bearer: &Bearer, id: ChallengeId) -> Result<Standing, Refusal> {
    let now = app.clock.now();
    let key = keys::challenge(bearer.citizen, Means::AnotherDevice);
    let batch = app.store.read(&[&bearer.keys()[..], &[key]].concat()).await?;
    bearer.check(&batch, now)?;
    let found = batch.challenge(bearer.citizen, Means::AnotherDevice)?.filter(|found| found.id == id);
    Ok(match found {
        Some(found) if found.done_at.is_some() => Standing::Confirmed,
        Some(found) if now < found.expires_at => Standing::Waiting,
        _ => Standing::Over,
    })
}

/// Confirms who one is, for whoever says the secret in another session of the same cabinet.
///
/// # Errors
/// [`Refusal::SameSession`]; [`Refusal::ProofSpent`] when the secret is not that of the open challenge, or two minutes have
/// passed; as confirming.
pub async fn complete(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    secret: &str,
    device: Option<&str>,
) -> Result<Confirmed, Refusal> {
    let moment = app.clock.moment();
    let key = keys::challenge(bearer.citizen, Means::AnotherDevice);
    let (known, batch) = oneself(app, vault, bearer, &[key]).await?;
    known.able()?;
    // 256 bits are not guessed, and only hashes are compared.
    let said = Some(hash_text(secret.trim().as_bytes()));
    let found = batch.challenge(bearer.citizen, Means::AnotherDevice)?;
    let found = found.filter(|found| found.secret == said).ok_or(Refusal::ProofSpent)?;
    if found.session.as_ref() == Some(&bearer.hash) {
        return Err(Refusal::SameSession);
    }
    if found.done_at.is_some() {
        // Its answer was lost.
        return known.citizen.confirmed.ok_or(Refusal::ProofSpent);
    }
    if moment.now >= found.expires_at {
        return Err(Refusal::ProofSpent);
    }
    let mut commit = Commit::new();
    app.store.use_challenge(&mut commit, &found, moment.now);
    confirm(app, vault, &known, Means::AnotherDevice, commit, device, &moment).await
}

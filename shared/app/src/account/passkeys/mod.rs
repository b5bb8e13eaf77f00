//! Passkeys (WebAuthn): listed, added by whoever proves to be the owner once more, taken away, and signed in by (ACC-14).
//!
//! Answers are verified by `passki`. It draws nothing that counts here and looks at no clock: challenges are a moment's chance,
//! kept in the table with their term, and used once.

pub mod add;
pub mod sign_in;

use super::sessions::{Ended, end_where};
use super::{happened, signed_in};
use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::citizen::Citizen;
use domain::limits::CEREMONY_VALID;
use domain::moment::Draw;
use domain::{ChallengeId, CitizenId, Moment};
use passki::{Passki, StoredPasskey};
use serde_json::Value;
use store::items::passkey::{Ceremony, CeremonyFor, Passkey, open};
use store::items::session::Session;
use store::{Commit, Committed, StoreError, Vault, keys};

pub use passki::{AuthenticationCredential, RegistrationCredential};

/// Characters by which a passkey is named: of its hash, and enough to tell one's own apart.
const NAME_LEN: usize = 16;
/// What passkeys' own pages call this system.
const PARTY_NAME: &str = "Okno";
/// Bytes of a challenge.
const CHALLENGE_LEN: usize = 32;

/// For which site passkeys are: they answer to no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The portal's host.
    id: String,
    origin: String,
}

impl Party {
    /// The site that an address is of, `http` or `https`.
    pub fn of(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
        // A port is of the origin and not of the party; no address of six bytes has passkeys.
        let id = host.split(':').next().filter(|id| !id.is_empty())?;
        Some(Self {
            id: id.to_ascii_lowercase(),
            origin: format!("{scheme}://{}", host.to_ascii_lowercase()),
        })
    }

    fn verifier(&self) -> Passki {
        Passki::new(&self.id, &[&self.origin], PARTY_NAME)
    }
}

/// A challenge for a passkey, with what a browser is to ask it.
#[derive(Debug, Clone)]
pub struct Begun {
    pub id: ChallengeId,
    /// What `navigator.credentials` takes as `publicKey`, in the standard's own JSON.
    pub options: Value,
    pub expires_at: DateTime<Utc>,
}

/// A challenge that is answered within five minutes, once.
fn ceremony(what: CeremonyFor, adding: Option<(CitizenId, String, String)>, moment: &Moment) -> Ceremony {
    Ceremony {
        id: ChallengeId(moment.ulid(Draw::CeremonyId)),
        what,
        adding,
        challenge: moment.bytes::<CHALLENGE_LEN>(Draw::Ceremony).to_vec(),
        expires_at: moment.now + CEREMONY_VALID,
        done_at: None,
    }
}

/// What is made here reads and writes itself: whatever does not is a defect, and nothing is kept of it.
fn defect(what: impl std::fmt::Display) -> Refusal {
    tracing::error!(%what, "a passkey's record does not hold together");
    Refusal::Busy
}

/// How long a browser shall wait, in milliseconds.
fn timeout_ms() -> u64 {
    u64::try_from(CEREMONY_VALID.num_milliseconds()).unwrap_or_default()
}

/// Under which hash a passkey is found.
fn hash_of(vault: &Vault, id: &[u8]) -> String {
    vault.lookup("passkey", &Passki::base64_encode(id))
}

fn name(hash: &str) -> &str {
    hash.get(..NAME_LEN).unwrap_or(hash)
}

fn made(
    vault: &Vault,
    citizen: CitizenId,
    hash: &str,
    passkey: &Passkey,
) -> Result<StoredPasskey, StoreError> {
    let clear = open(vault, citizen, (hash, "mk"), &passkey.made)?;
    let corrupt = |error: serde_json::Error| StoreError::Corrupt {
        key: keys::passkey(citizen, hash).to_string(),
        what: error.to_string(),
    };
    serde_json::from_str(&clear).map_err(corrupt)
}

/// One of one's passkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: String,
    /// As its owner calls it.
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    /// When it last counted backwards, so that there may be two of it.
    pub copied_at: Option<DateTime<Utc>>,
}

/// One's passkeys, the last added first.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn list(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Vec<Kept>, Refusal> {
    let (citizen, _) = signed_in(app, bearer).await?;
    let mut kept = Vec::new();
    let found = app.store.passkeys(citizen.id).await?;
    for (hash, passkey) in found.into_iter().filter(|(_, passkey)| citizen.counts(passkey.epoch)) {
        kept.push(Kept {
            id: name(&hash).to_owned(),
            name: open(vault, bearer.citizen, (&hash, "nm"), &passkey.name)?,
            created_at: passkey.created_at,
            used_at: passkey.used_at,
            copied_at: passkey.copied_at,
        });
    }
    kept.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
    Ok(kept)
}

/// Takes one of one's passkeys away, and ends every session that it opened. Its owner is told. Asked for once more, it ends what the
/// first time left.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::NotFound`] when one has no such passkey; [`Refusal::Busy`].
pub async fn remove(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    named: &str,
    device: Option<&str>,
) -> Result<Ended, Refusal> {
    let moment = app.clock.moment();
    let (citizen, _) = signed_in(app, bearer).await?;
    let found = app.store.passkeys(citizen.id).await?.into_iter().find(|(hash, _)| name(hash) == named);
    if let Some((hash, _)) = &found {
        let mut commit = Commit::new();
        app.store.drop_passkey(&mut commit, citizen.id, hash);
        let event = happened(vault, &citizen, AccountEvent::PasskeyRemoved, None, device, &moment)?;
        app.store.put_happened(&mut commit, &event)?;
        match app.store.commit(commit).await {
            // Refused: somebody else did it meanwhile.
            Committed::Done | Committed::Refused(_) => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
    // From now on it opens none, so whatever is read is all.
    let by_it = |session: &Session| session.passkey.as_deref().is_some_and(|by| name(by) == named);
    let ended = end_where(app, bearer, by_it).await?;
    if found.is_none() && ended.sessions == 0 { Err(Refusal::NotFound) } else { Ok(ended) }
}

/// Takes the passkeys of a cabinet away that count no more since it was unlocked.
pub(super) async fn sweep(app: &App, citizen: &Citizen) -> Result<(), Refusal> {
    let found = app.store.passkeys(citizen.id).await?;
    for (hash, _) in found.iter().filter(|(_, passkey)| !citizen.counts(passkey.epoch)) {
        let mut commit = Commit::new();
        app.store.drop_passkey(&mut commit, citizen.id, hash);
        match app.store.commit(commit).await {
            Committed::Done | Committed::Refused(_) => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_the_host_and_its_origin_has_the_port() {
        let party = |address| Party::of(address).map(|party| (party.id, party.origin));
        let is = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(party("https://okno.example"), is("okno.example", "https://okno.example"));
        assert_eq!(party("https://Okno.example/portal?x"), is("okno.example", "https://okno.example"));
        assert_eq!(party("http://localhost:3000/"), is("localhost", "http://localhost:3000"));
        for none in ["okno.example", "https://", "https://:80", ""] {
            assert_eq!(party(none), None, "{none}");
        }
    }
}

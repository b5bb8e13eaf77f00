//! Adding a passkey: by whoever is signed in, knows the password, and has the second factor where there is one.

use super::{Begun, Party, ceremony, defect, hash_of, made, sweep, timeout_ms};
use crate::account::password::{knows, person};
use crate::account::second_factor::{self, Second, Whose};
use crate::account::{happened, signed_in};
use crate::refusal::WrongField;
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ChallengeId;
use domain::account::AccountEvent;
use domain::limits::PASSKEYS_MAX;
use domain::moment::Draw;
use passki::{
    RegistrationCredential, RegistrationOptions, RegistrationState, ResidentKeyRequirement, StoredPasskey,
    UserVerificationRequirement,
};
use serde_json::json;
use store::items::passkey::{CeremonyFor, Passkey, seal};
use store::{Commit, Committed, Guard, StoreError, Vault, keys};

/// Nonces of what is sealed of a passkey.
const MADE_NONCE: u32 = 70;
const NAME_NONCE: u32 = 71;
/// Bytes of a passkey's id: the standard's bound.
const ID_MAX: usize = 1_023;
/// Bytes of the handle by which passkeys know whose they are.
const HANDLE_LEN: usize = 32;

/// Begins to add one: what the browser is to ask for.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::TooManyTries`]; as passing the second factor;
/// [`Refusal::TooManyPasskeys`].
pub async fn begin(
    app: &App,
    vault: &Vault,
    party: &Party,
    bearer: &Bearer,
    (password, second): (String, &Second<'_>),
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let mut kept = app.store.passkeys(citizen.id).await?;
    if kept.iter().any(|(_, passkey)| !citizen.counts(passkey.epoch)) {
        // What was not swept after an unlock would take up room.
        sweep(app, &citizen).await?;
        kept.retain(|(_, passkey)| citizen.counts(passkey.epoch));
    }
    if kept.len() >= PASSKEYS_MAX {
        return Err(Refusal::TooManyPasskeys);
    }
    second_factor::pass(app, vault, Whose::of(&citizen, &batch), &auth, second, &moment).await?;
    let drawn = || URL_SAFE_NO_PAD.encode(moment.bytes::<HANDLE_LEN>(Draw::UserHandle));
    let handle = kept.first().map_or_else(drawn, |(_, passkey)| passkey.handle.clone());
    let own = |(hash, passkey): &(String, Passkey)| made(vault, citizen.id, hash, passkey);
    let others: Vec<StoredPasskey> = kept.iter().map(own).collect::<Result<_, StoreError>>()?;
    let mut wanted = RegistrationOptions::default();
    wanted.timeout = timeout_ms();
    // It signs in by itself: it must know whose it is, and that it is they.
    wanted.resident_key = ResidentKeyRequirement::Required;
    wanted.user_verification = UserVerificationRequirement::Required;
    wanted.exclude_credentials = Some(&others);
    let ceremony =
        ceremony(CeremonyFor::Adding, Some((citizen.id, bearer.hash.clone(), handle.clone())), &moment);
    let email = person(&batch, vault, citizen.id)?.email;
    let handle = URL_SAFE_NO_PAD.decode(&handle).map_err(defect)?;
    let begun = party.verifier().start_passkey_registration(&handle, &email, &email, wanted);
    let (mut options, _) = begun.map_err(defect)?;
    options.challenge = URL_SAFE_NO_PAD.encode(&ceremony.challenge);
    app.store.begin_ceremony(&ceremony).await?;
    let options = serde_json::to_value(&options).map_err(defect)?;
    Ok(Begun { id: ceremony.id, options, expires_at: ceremony.expires_at })
}

/// What a browser gives back.
pub struct Answer<'a> {
    pub id: ChallengeId,
    pub credential: &'a RegistrationCredential,
    /// What its owner calls it.
    pub name: &'a str,
}

/// Adds the passkey that answers. The owner is told.
///
/// # Errors
/// [`Refusal::ProofSpent`] when the challenge is over, was answered before, or is another session's; [`Refusal::Fields`] with
/// `passkey-refused`; [`Refusal::TooManyPasskeys`]; [`Refusal::Busy`].
pub async fn complete(
    app: &App,
    vault: &Vault,
    party: &Party,
    bearer: &Bearer,
    answer: Answer<'_>,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (citizen, _) = signed_in(app, bearer).await?;
    let begun = app.store.read(&[keys::ceremony(answer.id)]).await?.ceremony(answer.id)?;
    let begun = begun.filter(|begun| begun.what == CeremonyFor::Adding && moment.now < begun.expires_at);
    let begun = begun.ok_or(Refusal::ProofSpent)?;
    let asked = begun.adding.filter(|(of, by, _)| *of == citizen.id && *by == bearer.hash);
    let (_, _, handle) = asked.ok_or(Refusal::ProofSpent)?;
    if !app.store.use_ceremony(answer.id, moment.now).await? {
        return Err(Refusal::ProofSpent);
    }
    let wrong = || Refusal::Fields(vec![WrongField::new("credential", "passkey-refused")]);
    let state = json!({
        "challenge": begun.challenge, "user_verification": "required",
        "user": { "id": handle, "name": "", "displayName": "" },
    });
    let state: RegistrationState = serde_json::from_value(state).map_err(defect)?;
    let verified = party.verifier().finish_passkey_registration(answer.credential, &state);
    let stored = verified.map_err(|error| {
        tracing::info!(%error, "a passkey was not taken");
        wrong()
    })?;
    if stored.credential_id.is_empty() || stored.credential_id.len() > ID_MAX {
        return Err(wrong());
    }
    let hash = hash_of(vault, &stored.credential_id);
    let clear = serde_json::to_string(&stored).map_err(defect)?;
    let passkey = Passkey {
        made: seal(vault, citizen.id, (&hash, "mk"), &clear, moment.nonce(MADE_NONCE))?,
        name: seal(vault, citizen.id, (&hash, "nm"), answer.name, moment.nonce(NAME_NONCE))?,
        handle,
        counter: stored.counter,
        epoch: citizen.epoch,
        created_at: moment.now,
        used_at: None,
        copied_at: None,
    };
    let mut commit = Commit::new();
    app.store.put_passkey(&mut commit, citizen.id, &hash, &passkey)?;
    // Added by a session that was over meanwhile it would take up room and open nothing.
    app.store.in_epoch(&mut commit, citizen.id, citizen.epoch);
    let event = happened(vault, &citizen, AccountEvent::PasskeyAdded, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        // Known already: whosever it is, it is not told.
        Committed::Refused(guards) if guards.contains(&Guard::Login) => Err(wrong()),
        Committed::Refused(guards) if guards.contains(&Guard::Limit) => Err(Refusal::TooManyPasskeys),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

//! What becomes of a cabinet that staff unlock: its owner may stop it for a day, then its new phone opens it, and everything that
//! opened it before is over (ACC-6).

use super::password::{hashed, person, wrong_with};
use super::proof::{self, Begin, Begun, Shown};
use super::{devices, passkeys};
use super::{happened, signed_in};
use crate::contact::Login;
use crate::floods::Whence;
use crate::{App, Bearer, Refusal, password};
use domain::account::{AccountEvent, Purpose};
use domain::unlock::{Unlock, UnlockState};
use domain::{CitizenId, ProofId};
use store::access::unlocks::Unlocked;
use store::items::citizen::seal_contact;
use store::items::proof::open_contact;
use store::items::unlock as item;
use store::vault::ClearKey;
use store::{Commit, Committed, Guard, StoreError, Vault, keys};

/// Of the phone in the record.
const PHONE_NONCE: u32 = 83;
/// Of the address that counted until then, where it is told what happened.
const EMAIL_NONCE: u32 = 84;

/// How one's last unlock stands, if there was one.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn look(app: &App, bearer: &Bearer) -> Result<Option<Unlock>, Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::unlock(bearer.citizen)]].concat();
    let batch = app.store.read(&wanted).await?;
    bearer.check(&batch, app.clock.now())?;
    Ok(batch.unlock(bearer.citizen)?)
}

/// Stops one's cabinet from being unlocked: whoever is signed in has lost nothing. Stopped already, it is fine.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::NotFound`] when none is under way; [`Refusal::Busy`].
pub async fn stop(app: &App, vault: &Vault, bearer: &Bearer, device: Option<&str>) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (citizen, _) = signed_in(app, bearer).await?;
    let before = app.store.read(&[keys::unlock(citizen.id)]).await?.unlock(citizen.id)?;
    let before = before.ok_or(Refusal::NotFound)?;
    match before.state {
        UnlockState::Waiting | UnlockState::Approved => {}
        UnlockState::Stopped => return Ok(()),
        UnlockState::Refused | UnlockState::Done => return Err(Refusal::NotFound),
    }
    let after = Unlock { state: UnlockState::Stopped, version: before.version + 1, ..before.clone() };
    let mut commit = Commit::new();
    app.store.put_unlock(&mut commit, Some(&before), &after)?;
    let event = happened(vault, &citizen, AccountEvent::UnlockStopped, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// The unlock that a phone opens now, if any does.
pub(super) async fn opened_by(app: &App, vault: &Vault, phone: &Login) -> Result<Option<Unlock>, Refusal> {
    let Some(citizen) = app.store.pointed_by(&phone.hash(vault)).await? else {
        return Ok(None);
    };
    let found = app.store.read(&[keys::unlock(citizen)]).await?.unlock(citizen)?;
    Ok(match found {
        Some(found) if is_open(app, vault, &found, phone)? => Some(found),
        _ => None,
    })
}

fn is_open(app: &App, vault: &Vault, unlock: &Unlock, phone: &Login) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let lasts = unlock.opens().is_some_and(|(from, until)| from <= now && now < until);
    let Ok(own) = item::open(vault, unlock, "tel", &unlock.phone)?.parse::<Login>();
    Ok(lasts && own == *phone)
}

/// Begins to open a cabinet by its new phone: a code goes there, if there is such a cabinet. The answer does not tell.
///
/// # Errors
/// [`Refusal::CodeLimit`]; [`Refusal::ResendTooEarly`]; [`Refusal::TooManyCodes`]; [`Refusal::EffortNeeded`].
pub async fn start(
    app: &App,
    vault: &Vault,
    phone: &Login,
    language: &str,
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let purpose = Purpose::Unlock;
    let begin = Begin { purpose, citizen: None, taken: false, epoch: None, contact: phone, language, whence };
    proof::begin(app, vault, begin, &app.clock.moment()).await
}

/// Gives the cabinet its new phone and a new password, or does nothing at all. Every session, device, passkey and second factor is
/// over, and the address counts no more until it is confirmed anew; the former phone and the former address are told.
/// Asked for again with the same code and password it is fine.
///
/// # Errors
/// As showing a code; [`Refusal::Fields`] when the password is not good; [`Refusal::ProofSpent`] when it was stopped meanwhile;
/// [`Refusal::PhoneHasCabinet`] when somebody has registered with the phone: who says the right code has it, and may hear so;
/// [`Refusal::Busy`].
pub async fn complete(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    id: ProofId,
    (code, new): (&str, String),
    device: Option<&str>,
) -> Result<(), Refusal> {
    let wrong = password::check("password", &new, &[]);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let moment = app.clock.moment();
    let (citizen, shown) = match proof::show(app, vault, codes, (id, Purpose::Unlock), code).await? {
        Shown::Now(citizen, found) => (citizen, Some(found)),
        Shown::Before(citizen) => (citizen, None),
    };
    let Some(shown) = shown else {
        return same(app, citizen, new).await;
    };
    let Ok(phone) = open_contact(vault, &shown)?.parse::<Login>();
    let wanted = [keys::me(citizen), keys::unlock(citizen)];
    let batch = app.store.read(&wanted).await?;
    let before = batch.unlock(citizen)?.ok_or(Refusal::ProofSpent)?;
    if !is_open(app, vault, &before, &phone)? {
        return Err(Refusal::ProofSpent);
    }
    let found = batch.citizen(citizen)?.ok_or(Refusal::NotFound)?;
    let known = person(&batch, vault, citizen)?;
    let wrong = wrong_with("password", &new, &known);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let hash = hashed(new, &moment).await?;
    let (Ok(former_phone), Ok(former_email)) = (known.phone.parse::<Login>(), known.email.parse::<Login>());
    let mut former = vec![former_phone.hash(vault)];
    former.extend(found.email_confirmed_at.map(|_| former_email.hash(vault)));
    let record = batch.item(&keys::me(citizen)).ok_or(Refusal::NotFound)?;
    let Login::Phone(clear) = &phone else {
        return Err(Refusal::ProofSpent);
    };
    let with = Unlocked {
        record,
        epoch: found.epoch,
        sealed: seal_contact(vault, citizen, "tel", clear, moment.nonce(PHONE_NONCE))?,
        login: &phone.hash(vault),
        former: &former,
        password: &hash,
    };
    let after = Unlock { state: UnlockState::Done, version: before.version + 1, ..before.clone() };
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    app.store.put_unlock(&mut commit, Some(&before), &after)?;
    app.store.unlock(&mut commit, citizen, &with)?;
    let was = Some(known.phone.as_str());
    let mut event = happened(vault, &found, AccountEvent::Unlocked, was, device, &moment)?;
    if found.email_confirmed_at.is_some() {
        event.former_email = Some(event.seal(vault, "fe", &known.email, moment.nonce(EMAIL_NONCE))?);
    }
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => sweep(app, citizen).await,
        Committed::Refused(guards) if guards.contains(&Guard::Login) => Err(Refusal::PhoneHasCabinet),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Takes away what opened by itself before: from the write on it counts no more, so nothing hangs on this coming to its end, and
/// what was added since stays.
async fn sweep(app: &App, citizen: CitizenId) -> Result<(), Refusal> {
    let found = app.store.read(&[keys::me(citizen)]).await?.citizen(citizen)?.ok_or(Refusal::NotFound)?;
    passkeys::sweep(app, &found).await?;
    devices::sweep(app, &found).await
}

/// Whether it came about by this very password; then what its first time left is swept.
async fn same(app: &App, citizen: CitizenId, new: String) -> Result<(), Refusal> {
    let batch = app.store.read(&[keys::auth(citizen)]).await?;
    let auth = batch.item(&keys::auth(citizen)).map(store::items::citizen::auth_from_item).transpose()?;
    match password::fits(new, auth.map(|auth| auth.password_hash)).await {
        true => sweep(app, citizen).await,
        false => Err(Refusal::ProofSpent),
    }
}

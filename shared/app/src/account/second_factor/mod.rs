//! A second factor for those who want one: an authenticator or codes by SMS, and recovery codes (ACC-4).

mod authenticator;
pub mod sms;

pub use authenticator::{Setup, TurnOn, begin, turn_on};

use super::password::knows;
use super::{happened, signed_in};
use crate::factor::{self, Opened};
use crate::refusal::Needed;
use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Utc};
use domain::account::{AccountEvent, FactorBy};
use domain::citizen::Citizen;
use domain::{CitizenId, Moment};
use store::access::batch::Batch;
use store::items::citizen::{self as record, Auth};
use store::items::factor::Factor;
use store::tries::Tries;
use store::vault::ClearKey;
use store::{Commit, Committed, Vault, keys};

/// What somebody says of their second factor, and what a code that is needed is made and sent with.
#[derive(Clone, Copy)]
pub struct Second<'a> {
    /// A code, or a recovery code.
    pub said: Option<&'a str>,
    pub codes: &'a ClearKey,
    /// Whence it is said, if that is known.
    pub network: Option<&'a str>,
}

/// Whether the phone still counts as something else than what was shown already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phone {
    Counts,
    /// By a code that went there for what is done now.
    Shown,
}

/// Whose second step it is, as they were read.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub citizen: &'a Citizen,
    /// With their record.
    pub batch: &'a Batch,
    pub phone: Phone,
}

impl<'a> Whose<'a> {
    pub fn of(citizen: &'a Citizen, batch: &'a Batch) -> Self {
        Self { citizen, batch, phone: Phone::Counts }
    }
}

/// Whence codes come, and how many recovery codes are left; none when it is off.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn look(app: &App, bearer: &Bearer) -> Result<Option<(FactorBy, usize)>, Refusal> {
    let (citizen, batch) = signed_in(app, bearer).await?;
    Ok(auth_of(&batch, citizen.id)?.factor.map(|factor| (factor.by, factor.recovery.len())))
}

fn auth_of(batch: &Batch, citizen: CitizenId) -> Result<Auth, Refusal> {
    let item = batch.item(&keys::auth(citizen)).ok_or(Refusal::Unauthorized)?;
    Ok(record::auth_from_item(item)?)
}

/// Writes what was decided about a factor that was read.
async fn write(app: &App, commit: Commit, refused: Refusal) -> Result<(), Refusal> {
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) => Err(refused),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Puts a factor in place of the one that was read and opened, if there was one, and gives its recovery codes, shown this once.
async fn put(
    app: &App,
    vault: &Vault,
    mut commit: Commit,
    (citizen, auth): (&Citizen, &Auth),
    (new, opened): (Factor, Option<Opened>),
    device: Option<&str>,
    moment: &Moment,
) -> Result<Vec<String>, Refusal> {
    let codes = factor::recovery_codes(moment);
    let new = Factor { recovery: factor::hashes(vault, &codes), ..new };
    let key = keys::auth(citizen.id);
    // A step or a recovery code that opened goes with the factor that is replaced; a proof is an item of its own.
    if let Some(Opened::Sms(proof)) = &opened {
        app.store.use_proof(&mut commit, proof, moment.now);
    }
    app.store.put_factor(&mut commit, &key, &auth.password_hash, auth.factor.as_ref(), &new)?;
    let event = happened(vault, citizen, AccountEvent::SecondFactorOn, None, device, moment)?;
    app.store.put_happened(&mut commit, &event)?;
    write(app, commit, Refusal::Busy).await?;
    Ok(codes)
}

/// Opens the factor that is to be replaced, if there is one; of the same kind there is nothing to do.
///
/// # Errors
/// [`Refusal::SecondFactorIsOn`]; as [`pass`].
async fn leave(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    auth: &Auth,
    (to, second): (FactorBy, &Second<'_>),
    moment: &Moment,
) -> Result<Option<Opened>, Refusal> {
    match &auth.factor {
        None => Ok(None),
        Some(standing) if standing.by == to => Err(Refusal::SecondFactorIsOn),
        Some(standing) => open(app, vault, whose, standing, second, moment).await.map(Some),
    }
}

/// Turns it off for whoever knows the password and has the second factor, or a recovery code. Off already, it is fine.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; as [`pass`].
pub async fn turn_off(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    password: String,
    second: &Second<'_>,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let Some(standing) = &auth.factor else { return Ok(()) };
    let key = keys::auth(citizen.id);
    let opened = open(app, vault, Whose::of(&citizen, &batch), standing, second, &moment).await?;
    let mut commit = Commit::new();
    if let Opened::Sms(proof) = &opened {
        app.store.use_proof(&mut commit, proof, moment.now);
    }
    app.store.drop_factor(&mut commit, &key, &auth.password_hash, standing)?;
    let event = happened(vault, &citizen, AccountEvent::SecondFactorOff, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    write(app, commit, Refusal::Busy).await
}

/// New recovery codes in place of all before, for whoever knows the password and proves the second factor once more.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::SecondFactorWrong`], also when it is off; as [`pass`].
pub async fn renew(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    password: String,
    second: &Second<'_>,
    device: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let standing = auth.factor.ok_or(Refusal::SecondFactorWrong)?;
    let key = keys::auth(citizen.id);
    let opened = open(app, vault, Whose::of(&citizen, &batch), &standing, second, &moment).await?;
    let mut commit = Commit::new();
    let codes = factor::renew(app, vault, &mut commit, &key, &standing, &opened, &moment)?;
    let event = happened(vault, &citizen, AccountEvent::RecoveryCodesRenewed, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    write(app, commit, Refusal::Busy).await?;
    Ok(codes)
}

/// Takes the second step of somebody who has one, and uses up what opened it; whoever has none passes.
///
/// # Errors
/// [`Refusal::SecondFactorNeeded`] without a code: where codes come by SMS one has gone out then;
/// [`Refusal::SecondFactorWrong`], also when it was used meanwhile; [`Refusal::TooManyTries`]; by SMS as beginning and showing a
/// proof.
pub(crate) async fn pass(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    auth: &Auth,
    second: &Second<'_>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let Some(mut opened) = opened(app, vault, whose, auth, second, moment).await? else { return Ok(()) };
    let key = keys::auth(whose.citizen.id);
    let mut tries = Tries::new(moment);
    loop {
        let mut commit = Commit::new();
        opened.use_up(app, &mut commit, whose.citizen.id, moment.now)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            // Another recovery code may have been used in the same instant: this one is looked for anew.
            Committed::Refused(_) if matches!(opened.by, Opened::Recovery { .. }) && tries.reread() => {}
            Committed::Refused(_) => return Err(Refusal::SecondFactorWrong),
            Committed::Conflict if tries.again().await => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
        let batch = app.store.read(std::slice::from_ref(&key)).await?;
        let standing = auth_of(&batch, whose.citizen.id)?.factor.ok_or(Refusal::SecondFactorWrong)?;
        if let Opened::Recovery { hash } = &opened.by
            && !standing.recovery.contains(hash)
        {
            return Err(Refusal::SecondFactorWrong);
        }
        opened.standing = standing;
    }
}

/// As [`pass`], but used up by the write that it is for: what refuses that leaves it good.
///
/// # Errors
/// As [`pass`].
pub(crate) async fn pass_with(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    whose: Whose<'_>,
    auth: &Auth,
    second: &Second<'_>,
    moment: &Moment,
) -> Result<(), Refusal> {
    match opened(app, vault, whose, auth, second, moment).await? {
        Some(opened) => opened.use_up(app, commit, whose.citizen.id, moment.now),
        None => Ok(()),
    }
}

/// A second step that is taken and not used up yet.
pub(crate) struct Step {
    standing: Factor,
    by: Opened,
}

impl Step {
    /// What opened once does not open again.
    pub fn use_up(
        &self,
        app: &App,
        commit: &mut Commit,
        citizen: CitizenId,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        factor::use_up(app, commit, &keys::auth(citizen), &self.standing, &self.by, now)
    }
}

/// Takes the second step of somebody who has one; none of whoever has none.
///
/// # Errors
/// As [`pass`].
pub(crate) async fn opened(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    auth: &Auth,
    second: &Second<'_>,
    moment: &Moment,
) -> Result<Option<Step>, Refusal> {
    let Some(standing) = auth.factor.clone() else { return Ok(None) };
    let by = open(app, vault, whose, &standing, second, moment).await?;
    Ok(Some(Step { standing, by }))
}

/// What opens a factor, not used up yet.
async fn open(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    standing: &Factor,
    second: &Second<'_>,
    moment: &Moment,
) -> Result<Opened, Refusal> {
    let key = keys::auth(whose.citizen.id);
    if let Some(opened) = second.said.and_then(|said| factor::recovery(vault, standing, said)) {
        return Ok(opened);
    }
    match (standing.by, second.said) {
        (FactorBy::Authenticator, None) => Err(Refusal::SecondFactorNeeded(Needed::Authenticator)),
        (FactorBy::Authenticator, Some(code)) => {
            let opened = factor::open(app, vault, &key, standing, code, moment).await?;
            opened.ok_or(Refusal::SecondFactorWrong)
        }
        // Whoever has the phone alone shall not have both factors.
        (FactorBy::Sms, None) if whose.phone == Phone::Shown => {
            Err(Refusal::SecondFactorNeeded(Needed::Recovery))
        }
        (FactorBy::Sms, Some(_)) if whose.phone == Phone::Shown => Err(Refusal::SecondFactorWrong),
        (FactorBy::Sms, None) => Err(sms::ask(app, vault, whose, standing, second, moment).await?),
        (FactorBy::Sms, Some(code)) => sms::shown(app, vault, whose, standing, (code, second.codes)).await,
    }
}

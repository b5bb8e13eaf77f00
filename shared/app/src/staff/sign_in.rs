//! Signing in with address, password and second factor; staff have no way without it (ACC-4).

use super::factor::{self, Opened};
use super::{SignedIn, StaffBearer, login_hash, new_session, signed_in};
use crate::{App, Refusal, password};
use chrono::{DateTime, Utc};
use domain::limits::{SECOND_FACTOR_PAUSE, SECOND_FACTOR_TRIES};
use domain::moment::Draw;
use domain::{Moment, StaffId};
use store::items::staff::{self as record, StaffAuth};
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// Opens a session for whoever knows the password and has the authenticator, or a recovery code.
///
/// # Errors
/// [`Refusal::WrongStaffCredentials`], whatever is wrong; [`Refusal::TooManyTries`] to whoever knows the password, after
/// five wrong codes; [`Refusal::Busy`].
pub async fn sign_in(
    app: &App,
    vault: &Vault,
    email: &str,
    given: String,
    code: &str,
) -> Result<SignedIn, Refusal> {
    let moment = app.clock.moment();
    let known = app.store.staff_login(&login_hash(vault, email)).await?;
    // For an unknown address somebody made up is read, so that the trips agree.
    let id = known.unwrap_or_else(|| StaffId(moment.ulid(Draw::Staff)));
    let batch = app.store.read(&[keys::staff_auth(id), keys::member(id)]).await?;
    let auth = batch.staff_auth(id)?;
    let member = batch.member(id)?.filter(|member| !member.blocked);
    let fits = password::fits(given, auth.as_ref().map(|auth| auth.password_hash.clone())).await;
    let (true, Some(member), Some(auth)) = (fits, member, auth) else {
        return Err(Refusal::WrongStaffCredentials);
    };
    let opened = second_factor(app, vault, id, &auth, code, &moment).await?;
    let opened = opened.ok_or(Refusal::WrongStaffCredentials)?;
    let (signed, hash, session) = new_session(id, member.epoch, &moment);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        use_up(app, &mut commit, id, &auth, &opened)?;
        app.store.put_staff_session(&mut commit, id, &hash, &session)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(signed),
            // The code was used meanwhile, and opens once.
            Committed::Refused(_) => return Err(Refusal::WrongStaffCredentials),
            Committed::Conflict if tries.again().await => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
}

/// Whether a code opens. A recovery code is found by its hash: fifty bits of chance need no counter, and whoever has one is
/// let in while guesses of others keep the authenticator shut. Everything else is counted before it is compared, so that many
/// at once are no more guesses than one after another.
async fn second_factor(
    app: &App,
    vault: &Vault,
    id: StaffId,
    auth: &StaffAuth,
    code: &str,
    moment: &Moment,
) -> Result<Option<Opened>, Refusal> {
    if let Some(opened) = factor::recovery(vault, auth, code) {
        return Ok(Some(opened));
    }
    let before = wrong_before(auth, moment.now)?;
    if !app.store.count_wrong(id, auth, before + 1, moment.now).await? {
        return Err(Refusal::Busy);
    }
    let secret = record::open_secret(vault, id, &auth.secret)?;
    Ok(factor::authenticator(auth, &secret, code, moment.now))
}

/// Wrong codes that count against the next one.
fn wrong_before(auth: &StaffAuth, now: DateTime<Utc>) -> Result<u32, Refusal> {
    if auth.wrong < SECOND_FACTOR_TRIES {
        return Ok(auth.wrong);
    }
    let until = auth.wrong_at.unwrap_or(now) + SECOND_FACTOR_PAUSE;
    if now < until {
        return Err(Refusal::TooManyTries { seconds: (until - now).num_seconds().max(1) });
    }
    Ok(0)
}

/// What opened once does not open again.
fn use_up(
    app: &App,
    commit: &mut Commit,
    id: StaffId,
    auth: &StaffAuth,
    opened: &Opened,
) -> Result<(), Refusal> {
    match opened {
        Opened::ByAuthenticator { step } => app.store.use_step(commit, id, *step),
        Opened::ByRecovery { hash } => {
            let mut after = auth.clone();
            after.recovery.remove(hash);
            app.store.keep_recovery(commit, id, auth, &after)?;
        }
    }
    Ok(())
}

/// Ends a session. Ending one that is over already is refused like any other use of it.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn sign_out(app: &App, bearer: &StaffBearer) -> Result<(), Refusal> {
    signed_in(app, bearer).await?;
    Ok(app.store.end_staff_session(bearer.member, &bearer.hash).await?)
}

/// New recovery codes in place of all before: for whoever is signed in and proves the second factor once more.
///
/// # Errors
/// [`Refusal::SecondFactorWrong`]; [`Refusal::TooManyTries`]; [`Refusal::Unauthorized`].
pub async fn renew_recovery(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    code: &str,
) -> Result<Vec<String>, Refusal> {
    let moment = app.clock.moment();
    let id = bearer.member;
    let batch = app.store.read(&[&bearer.keys()[..], &[keys::staff_auth(id)]].concat()).await?;
    bearer.check(&batch, moment.now)?;
    let auth = batch.staff_auth(id)?.ok_or(Refusal::Unauthorized)?;
    let opened =
        second_factor(app, vault, id, &auth, code, &moment).await?.ok_or(Refusal::SecondFactorWrong)?;
    let codes = factor::recovery_codes(&moment);
    let mut after = auth.clone();
    after.recovery = factor::hashes(vault, &codes);
    let mut commit = Commit::new();
    // Two changes of one item are one action: the step rides along.
    if let Opened::ByAuthenticator { step } = opened {
        after.last_step = step;
    }
    app.store.keep_recovery(&mut commit, id, &auth, &after)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(codes),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

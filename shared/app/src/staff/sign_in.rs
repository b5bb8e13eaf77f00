//! Signing in with address, password and second factor; staff have no way without it (ACC-4).

use super::{SignedIn, StaffBearer, login_hash, new_session, signed_in};
use crate::effort::{self, Effort};
use crate::sign_in::{forget, stretch};
use crate::{App, Refusal, factor, floods, password};
use domain::StaffId;
use domain::limits::SIGN_IN_FREE;
use domain::moment::Draw;
use store::tries::Tries;
use store::{Commit, Committed, Key, Vault, keys};

/// What somebody says who signs in.
pub struct Said<'a> {
    pub email: &'a str,
    pub password: String,
    /// Of the authenticator, or a recovery code.
    pub code: &'a str,
}

/// Opens a session for whoever knows the password and has the authenticator, or a recovery code.
///
/// More than five tries in a quarter of an hour cost an effort each, whether or not anybody has that address. There is no end to
/// them, or strangers would keep a member out: nobody is told that a password was right without the second factor.
///
/// # Errors
/// [`Refusal::WrongStaffCredentials`], whatever is wrong, also after five wrong codes; [`Refusal::EffortNeeded`] after five tries,
/// or while many passwords are guessed from that network or everywhere; [`Refusal::Busy`].
pub async fn sign_in(
    app: &App,
    vault: &Vault,
    said: Said<'_>,
    network: Option<&str>,
    effort: Effort<'_>,
) -> Result<SignedIn, Refusal> {
    let Said { email, password: given, code } = said;
    let moment = app.clock.moment();
    let (hash, since) = (login_hash(vault, email), stretch(moment.now));
    let what_for = format!("staff-sign-in/{hash}");
    let shown = effort::shown(app, effort, &what_for, moment.now).await?;
    let wrong = floods::wrong(vault, network, &moment);
    let asked: Vec<Key> = wrong.iter().map(|counter| counter.key.clone()).collect();
    // Counted before it is looked at, so that many at once are no more tries than one after another.
    let free = async {
        match shown {
            true => Ok(true),
            false => app.store.count_sign_in(&hash, since, SIGN_IN_FREE).await.map(|tries| tries.is_some()),
        }
    };
    let (known, seen, free) = futures::join!(app.store.staff_login(&hash), app.store.read(&asked), free);
    let (known, seen) = (known?, seen?);
    if !free? || !shown && floods::abnormal(&wrong, &seen) {
        return Err(effort::demand(effort, &what_for, &moment));
    }
    // For an unknown address somebody made up is read, so that the trips agree.
    let id = known.unwrap_or_else(|| StaffId(moment.ulid(Draw::Staff)));
    let batch = app.store.read(&[keys::staff_auth(id), keys::member(id)]).await?;
    let auth = batch.staff_auth(id)?;
    let member = batch.member(id)?.filter(|member| !member.blocked);
    let fits = password::fits(given, auth.as_ref().map(|auth| auth.password_hash.clone())).await;
    let key = keys::staff_auth(id);
    let counting = floods::count(app, &wrong);
    let (true, Some(member), Some(auth)) = (fits, member, auth) else {
        // The code of whoever knows the password would be counted in this trip.
        let would_be = [key];
        let (read, counted) = futures::join!(app.store.read(&would_be), counting);
        read?;
        counted?;
        return Err(Refusal::WrongStaffCredentials);
    };
    let opened = match factor::open(app, vault, &key, &auth.factor, code, &moment).await {
        // Whoever guesses is not told by it that the password was right.
        Err(Refusal::TooManyTries { .. } | Refusal::Busy) => None,
        opened => opened?,
    };
    let Some(opened) = opened else {
        counting.await?;
        return Err(Refusal::WrongStaffCredentials);
    };
    let tried = hash;
    let (signed, hash, session) = new_session(id, member.epoch, &moment);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        factor::use_up(app, &mut commit, &key, &auth.factor, &opened, moment.now)?;
        app.store.put_staff_session(&mut commit, id, &hash, &session)?;
        match app.store.commit(commit).await {
            Committed::Done => {
                forget(app, &tried, since).await;
                return Ok(signed);
            }
            // The code was used meanwhile, and opens once.
            Committed::Refused(_) => return Err(Refusal::WrongStaffCredentials),
            Committed::Conflict if tries.again().await => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
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
    let (key, factor) = (keys::staff_auth(id), &auth.factor);
    let opened = factor::open(app, vault, &key, factor, code, &moment).await?;
    let opened = opened.ok_or(Refusal::SecondFactorWrong)?;
    let mut commit = Commit::new();
    let codes = factor::renew(app, vault, &mut commit, &key, factor, &opened, &moment)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(codes),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

//! Signing in with address, password and second factor; staff have no way without it (ACC-4).

use super::{SignedIn, StaffBearer, login_hash, new_session, signed_in};
use crate::{App, Refusal, factor, password};
use domain::StaffId;
use domain::moment::Draw;
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
    let key = keys::staff_auth(id);
    let opened = factor::open(app, vault, &key, &auth.factor, code, &moment).await?;
    let opened = opened.ok_or(Refusal::WrongStaffCredentials)?;
    let (signed, hash, session) = new_session(id, member.epoch, &moment);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        factor::use_up(app, &mut commit, &key, &auth.factor, &opened, moment.now)?;
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

//! What a member does about their own way in: another password, and the end of all sessions (ACC-11, ACC-13).

use super::StaffBearer;
use crate::refusal::WrongField;
use crate::{App, Refusal, factor, floods, password};
use domain::Moment;
use domain::floods::STAFF_PASSWORD;
use domain::moment::Draw;
use domain::staff::{Member, StaffAction};
use store::items::staff::{self as record, StaffChange};
use store::{Commit, Committed, Vault, keys};

/// What somebody says who changes their password.
pub struct Said<'a> {
    pub before: String,
    pub after: String,
    /// Of the authenticator, or a recovery code.
    pub code: &'a str,
}

/// Gives the member another password and ends all their sessions, the one that asks too. It stays in their history.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::Fields`] when the one before is wrong or the new one is not good;
/// [`Refusal::TooManyTries`] beyond five an hour; [`Refusal::SecondFactorWrong`]; [`Refusal::Busy`].
pub async fn change_password(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    said: Said<'_>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (id, key) = (bearer.member, keys::staff_auth(bearer.member));
    let batch = app.store.read(&[&bearer.keys()[..], std::slice::from_ref(&key)].concat()).await?;
    let member = bearer.check(&batch, moment.now)?;
    let item = batch.item(&keys::member(id)).ok_or(Refusal::Unauthorized)?;
    let auth = batch.staff_auth(id)?.ok_or(Refusal::Unauthorized)?;
    let email = record::identity(item, vault)?.email;
    let wrong = password::check("password", &said.after, &[email.split('@').next().unwrap_or_default()]);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    // Counted before it is compared: whoever has somebody's session does not find out the password.
    floods::within(app, STAFF_PASSWORD, id.0, moment.now).await?;
    if !password::fits(said.before, Some(auth.password_hash.clone())).await {
        return Err(Refusal::Fields(vec![WrongField::new("currentPassword", "password-wrong")]));
    }
    let opened = factor::open(app, vault, &key, &auth.factor, said.code, &moment).await?;
    let opened = opened.ok_or(Refusal::SecondFactorWrong)?;
    let hash = password::hash(said.after, moment.bytes(Draw::Salt)).await.ok_or(Refusal::Busy)?;
    // Two changes of one item are no transaction: the code is used up first, and opens nothing else.
    let mut spent = Commit::new();
    factor::use_up(app, &mut spent, &key, &auth.factor, &opened, moment.now)?;
    written(app, spent).await?;
    let mut commit = Commit::new();
    app.store.put_staff_password(&mut commit, id, &auth.password_hash, &hash);
    anew(app, &mut commit, &member, StaffAction::PasswordChanged, &moment)?;
    written(app, commit).await
}

/// Ends all sessions of whoever asks, wherever they are signed in. It stays in their history.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::Busy`].
pub async fn end_sessions(app: &App, bearer: &StaffBearer) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let member = super::signed_in(app, bearer).await?;
    let mut commit = Commit::new();
    anew(app, &mut commit, &member, StaffAction::SessionsEnded, &moment)?;
    written(app, commit).await
}

/// Begins another epoch of the member's sessions, with a line of their history.
fn anew(
    app: &App,
    commit: &mut Commit,
    before: &Member,
    action: StaffAction,
    moment: &Moment,
) -> Result<(), Refusal> {
    let after = Member { version: before.version + 1, epoch: before.epoch + 1, ..before.clone() };
    let change = StaffChange {
        version: after.version,
        by: Some(before.id),
        action,
        at: moment.now,
        reason: None,
        former: before.grants.clone(),
        grants: after.grants.clone(),
    };
    app.store.change_member(commit, before, &after)?;
    app.store.put_staff_change(commit, before.id, &change)?;
    Ok(())
}

async fn written(app: &App, commit: Commit) -> Result<(), Refusal> {
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

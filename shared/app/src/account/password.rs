//! Another password, for whoever is signed in and knows the one before (ACC-13).

use super::second_factor::{Second, Whose};
use super::{happened, second_factor, signed_in};
use crate::refusal::WrongField;
use crate::{App, Bearer, Refusal, password};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::citizen::Person;
use domain::limits::{PASSWORD_PAUSE, PASSWORD_TRIES};
use domain::moment::Draw;
use domain::{CitizenId, Moment};
use store::access::batch::Batch;
use store::items::citizen::{self as record, Auth};
use store::{Commit, Committed, Vault, keys};

/// What whoever changes it says.
pub struct Said<'a> {
    pub before: String,
    pub after: String,
    /// Where the cabinet has a second factor.
    pub second_factor: Second<'a>,
}

/// Gives the cabinet another password, and ends every session: whoever else was signed in is so no longer.
///
/// # Errors
/// [`Refusal::Fields`] when the one before is wrong or the new one is not good; [`Refusal::TooManyTries`] after five wrong
/// ones; as the second factor, where the cabinet has one; [`Refusal::Busy`].
pub async fn change(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    said: Said<'_>,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let Said { before, after, second_factor: second } = said;
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let person = person(&batch, vault, citizen.id)?;
    let wrong = wrong_with("password", &after, &person);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let auth = knows(app, &batch, citizen.id, before, "currentPassword", moment.now).await?;
    second_factor::pass(app, vault, Whose::of(&citizen, &batch), &auth, &second, &moment).await?;
    let hash = hashed(after, &moment).await?;
    let mut commit = Commit::new();
    app.store.put_password(&mut commit, citizen.id, Some(&auth.password_hash), &hash);
    app.store.end_sessions(&mut commit, citizen.id, citizen.epoch);
    let event = happened(vault, &citizen, AccountEvent::PasswordChanged, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Everything that is wrong with a password of somebody.
pub(super) fn wrong_with(field: &str, password: &str, person: &Person) -> Vec<WrongField> {
    let mailbox = person.email.split('@').next().unwrap_or_default();
    let mut wrong = password::check(field, password, &[mailbox]);
    let common = wrong.iter().any(|wrong| wrong.code == "password-common");
    if !common && password::has_phone(password, &person.phone) {
        wrong.push(WrongField::new(field, "password-common"));
    }
    wrong
}

pub(super) async fn hashed(password: String, moment: &Moment) -> Result<String, Refusal> {
    password::hash(password, moment.bytes(Draw::Salt)).await.ok_or(Refusal::Busy)
}

pub(super) fn person(batch: &Batch, vault: &Vault, citizen: CitizenId) -> Result<Person, Refusal> {
    let item = batch.item(&keys::me(citizen)).ok_or(Refusal::Unauthorized)?;
    Ok(record::person(item, vault)?)
}

/// What somebody signs in with, if they know the password. Each wrong one is counted before it is compared, so that many at
/// once are no more guesses than one after another: whoever has somebody's session for a moment shall not find it out.
///
/// # Errors
/// [`Refusal::Fields`] with `password-wrong`; [`Refusal::TooManyTries`] after five of them.
pub(super) async fn knows(
    app: &App,
    batch: &Batch,
    citizen: CitizenId,
    given: String,
    field: &str,
    now: DateTime<Utc>,
) -> Result<Auth, Refusal> {
    let item = batch.item(&keys::auth(citizen)).ok_or(Refusal::Unauthorized)?;
    let auth = record::auth_from_item(item)?;
    let before = wrong_before(&auth, now)?;
    if !app.store.count_wrong_password(citizen, auth.wrong, before + 1, now).await? {
        return Err(Refusal::Busy);
    }
    if !password::fits(given, Some(auth.password_hash.clone())).await {
        return Err(Refusal::Fields(vec![WrongField::new(field, "password-wrong")]));
    }
    // It was right: nothing stands against the next one.
    app.store.count_wrong_password(citizen, before + 1, 0, now).await?;
    Ok(auth)
}

fn wrong_before(auth: &Auth, now: DateTime<Utc>) -> Result<u32, Refusal> {
    if auth.wrong < PASSWORD_TRIES {
        return Ok(auth.wrong);
    }
    let until = auth.wrong_at.unwrap_or(now) + PASSWORD_PAUSE;
    if now < until {
        return Err(Refusal::TooManyTries { seconds: (until - now).num_seconds().max(1) });
    }
    Ok(0)
}

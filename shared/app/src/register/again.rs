//! The end of a registration asked for once more: its first answer may have been lost on the way (ACC-1).
//!
//! Whoever knows the registration and the password that was just set gets a session in the cabinet that it ended
//! with. That is no more than signing in gives, with the registration's 80 random bits in place of the phone, and
//! it must not become a door beside that one, past locks and second factors: it is open for ten minutes and for
//! five tries, right or wrong, and to everybody else the registration is over, whatever is wrong.

use super::{Registered, write};
use crate::account::devices::NewDevice;
use crate::bearer::new_session;
use crate::{App, Refusal, password};
use domain::limits::COMPLETE_AGAIN;
use domain::{CitizenId, Moment, RegistrationId};
use store::items::citizen as record;
use store::{Commit, Vault, keys};

/// A session in the cabinet of an ended registration.
///
/// # Errors
/// [`Refusal::RegistrationSpent`] after ten minutes, after five tries, and with another password.
pub(super) async fn open(
    app: &App,
    vault: &Vault,
    (id, citizen): (RegistrationId, CitizenId),
    given: String,
    called: Option<&str>,
    moment: &Moment,
) -> Result<Registered, Refusal> {
    let batch = app.store.read(&[keys::auth(citizen), keys::me(citizen)]).await?;
    let found = batch.citizen(citizen)?.ok_or(Refusal::RegistrationSpent)?;
    let kept = batch.item(&keys::auth(citizen)).map(record::auth_from_item).transpose()?;
    let plain = kept.as_ref().is_none_or(|auth| auth.factor.is_none());
    let kept = kept.map(|auth| auth.password_hash);
    let late = moment.now > found.created_at + COMPLETE_AGAIN;
    if late || !plain || !app.store.count_again(id).await? || !password::fits(given, kept).await {
        return Err(Refusal::RegistrationSpent);
    }
    let device = NewDevice::of(vault, &found, called, moment)?;
    let session = new_session(citizen, found.epoch, moment).on(vault, citizen, called, moment)?;
    let session = session.at(&device.hash);
    let mut commit = Commit::new();
    app.store.put_session(&mut commit, citizen, &session.hash, &session.session)?;
    device.put(app, &mut commit, citizen)?;
    write(app, commit).await?;
    let expires_at = session.session.expires_at;
    Ok(Registered { citizen, token: session.token, expires_at, device: device.token })
}

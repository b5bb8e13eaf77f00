//! Signing in and out (ACC-3). Every refusal is the same and costs the same: three round trips and one hash.

use crate::account::second_factor;
use crate::bearer::new_session;
use crate::contact::Login;
use crate::{App, Bearer, Refusal, password};
use chrono::{DateTime, TimeDelta, Utc};
use domain::CitizenId;
use domain::limits::{SIGN_IN_STRETCH, SIGN_IN_TRIES};
use domain::moment::Draw;
use store::items::citizen as record;
use store::{Vault, keys};

/// An open session. Not for logs: whoever has the token is the citizen.
#[derive(Clone)]
pub struct SignedIn {
    pub citizen: CitizenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// Opens a session for whoever knows login and password.
///
/// # Errors
/// [`Refusal::WrongCredentials`], whatever is wrong with the two; [`Refusal::TooManyTries`] after twenty tries in a quarter of an
/// hour, whether or not anybody has that login. To whoever knows them, and has a second factor:
/// [`Refusal::SecondFactorNeeded`], [`Refusal::SecondFactorWrong`], [`Refusal::TooManyTries`].
pub async fn sign_in(
    app: &App,
    vault: &Vault,
    login: &Login,
    given: String,
    code: Option<&str>,
    device: Option<&str>,
) -> Result<SignedIn, Refusal> {
    let moment = app.clock.moment();
    let (hash, since) = (login.hash(vault), stretch(moment.now));
    // Counted before it is looked at, so that many at once are no more tries than one after another; for logins that nobody
    // has, too.
    let (counted, known) = futures::join!(app.store.count_sign_in(&hash, since), app.store.login(&hash));
    let Some(tries) = counted? else {
        let seconds = (since + SIGN_IN_STRETCH - moment.now).num_seconds().max(1);
        return Err(Refusal::TooManyTries { seconds });
    };
    let known = known?;
    // For an unknown login somebody made up is read, so that the trips agree.
    let citizen = known.unwrap_or_else(|| CitizenId(moment.ulid(Draw::Citizen)));
    let batch = app.store.read(&[keys::auth(citizen), keys::me(citizen)]).await?;
    let kept = batch.item(&keys::auth(citizen)).map(record::auth_from_item).transpose()?;
    let found = batch.citizen(citizen)?;
    let fits = password::fits(given, kept.as_ref().map(|auth| auth.password_hash.clone())).await;
    let (Some(found), Some(auth)) = (found.filter(|_| fits), kept) else {
        // The third trip of a success is a write; that of a refusal reads what it would have written.
        let nothing = new_session(citizen, 0, &moment);
        app.store.read(&[keys::session(citizen, &nothing.hash)]).await?;
        return Err(Refusal::WrongCredentials);
    };
    if auth.factor.is_some() {
        // The password is known; tries of the second step are counted by themselves.
        forget(app, &hash, since).await;
        second_factor::pass(app, vault, citizen, &auth, code, &moment).await?;
    }
    let session = new_session(citizen, found.epoch, &moment).on(vault, citizen, device, &moment)?;
    let open = app.store.open_session(citizen, &session.hash, &session.session);
    if 2 * tries > SIGN_IN_TRIES {
        let (opened, ()) = futures::join!(open, forget(app, &hash, since));
        opened?;
    } else {
        // So few leave enough for the next one, and a write is saved.
        open.await?;
    }
    Ok(SignedIn { citizen, token: session.token, expires_at: session.session.expires_at })
}

/// Has a login's tries begin anew; if that cannot be had they count on until their stretch is over.
pub(crate) async fn forget(app: &App, hash: &str, since: DateTime<Utc>) {
    if let Err(error) = app.store.forget_sign_ins(hash, since).await {
        tracing::warn!(%error, "tries to sign in are counted on");
    }
}

/// When the stretch of time began in which tries are counted together.
pub(crate) fn stretch(now: DateTime<Utc>) -> DateTime<Utc> {
    let length = SIGN_IN_STRETCH.num_seconds();
    now - TimeDelta::seconds(now.timestamp().rem_euclid(length))
        - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos()))
}

/// Ends a session. Ending one that is over already is refused like any other use of it.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn sign_out(app: &App, bearer: &Bearer) -> Result<(), Refusal> {
    let batch = app.store.read(&bearer.keys()).await?;
    bearer.check(&batch, app.clock.now())?;
    Ok(app.store.end_session(bearer.citizen, &bearer.hash).await?)
}

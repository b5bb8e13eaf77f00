//! Signing in and out (ACC-3). Every refusal is the same and costs the same: three round trips and one hash.

use crate::account::second_factor;
use crate::bearer::new_session;
use crate::contact::Login;
use crate::effort::{self, Effort};
use crate::{App, Bearer, Refusal, floods, password};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::limits::{SIGN_IN_FREE, SIGN_IN_STRETCH, SIGN_IN_TRIES};
use domain::moment::Draw;
use store::items::citizen as record;
use store::{Key, Vault, keys};

/// An open session. Not for logs: whoever has the token is the citizen.
#[derive(Clone)]
pub struct SignedIn {
    pub citizen: CitizenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What somebody says who signs in.
pub struct Said<'a> {
    pub login: &'a Login,
    pub password: String,
    /// Of the second factor, where the cabinet has one.
    pub code: Option<&'a str>,
    /// What the device calls itself.
    pub device: Option<&'a str>,
}

/// Opens a session for whoever knows login and password.
///
/// # Errors
/// [`Refusal::WrongCredentials`], whatever is wrong with the two; [`Refusal::EffortNeeded`] after five tries in a quarter of an
/// hour, or while many passwords are guessed from that network or everywhere; [`Refusal::TooManyTries`] after twenty tries:
/// whether or not anybody has that login. To whoever knows them, and has a second factor:
/// [`Refusal::SecondFactorNeeded`], [`Refusal::SecondFactorWrong`], [`Refusal::TooManyTries`].
pub async fn sign_in(
    app: &App,
    vault: &Vault,
    said: Said<'_>,
    network: Option<&str>,
    effort: Effort<'_>,
) -> Result<SignedIn, Refusal> {
    let Said { login, password: given, code, device } = said;
    let moment = app.clock.moment();
    let (hash, since) = (login.hash(vault), stretch(moment.now));
    let what_for = format!("sign-in/{hash}");
    let shown = effort::shown(app, effort, &what_for, moment.now).await?;
    let most = if shown { SIGN_IN_TRIES } else { SIGN_IN_FREE };
    let wrong = floods::wrong(vault, network, &moment);
    let wrong_keys: Vec<Key> = wrong.iter().map(|counter| counter.key.clone()).collect();
    // Counted before it is looked at, so that many at once are no more tries than one after another; for logins that nobody
    // has, too. Without an effort no more are counted than are free: or whoever shows none would use up those of the owner.
    let (counted, known, seen) = futures::join!(
        app.store.count_sign_in(&hash, since, most),
        app.store.login(&hash),
        app.store.read(&wrong_keys)
    );
    let (counted, known, seen) = (counted?, known?, seen?);
    let Some(tries) = counted else {
        let tries = if shown { SIGN_IN_TRIES } else { app.store.sign_ins(&hash, since).await? };
        if tries < SIGN_IN_TRIES {
            return Err(effort::demand(effort, &what_for, &moment));
        }
        let seconds = (since + SIGN_IN_STRETCH - moment.now).num_seconds().max(1);
        return Err(Refusal::TooManyTries { seconds });
    };
    if !shown && floods::abnormal(&wrong, &seen) {
        return Err(effort::demand(effort, &what_for, &moment));
    }
    // For an unknown login somebody made up is read, so that the trips agree.
    let citizen = known.unwrap_or_else(|| CitizenId(moment.ulid(Draw::Citizen)));
    let batch = app.store.read(&[keys::auth(citizen), keys::me(citizen)]).await?;
    let kept = batch.item(&keys::auth(citizen)).map(record::auth_from_item).transpose()?;
    let found = batch.citizen(citizen)?;
    let fits = password::fits(given, kept.as_ref().map(|auth| auth.password_hash.clone())).await;
    let (Some(found), Some(auth)) = (found.filter(|_| fits), kept) else {
        // The third trip of a success is a write; that of a refusal reads what it would have written.
        let nothing = new_session(citizen, 0, &moment);
        let would_be = [keys::session(citizen, &nothing.hash)];
        let (read, counted) = futures::join!(app.store.read(&would_be), floods::count(app, &wrong));
        read?;
        counted?;
        return Err(Refusal::WrongCredentials);
    };
    if auth.factor.is_some() {
        // The password is known; tries of the second step are counted by themselves.
        forget(app, &hash, since).await;
        second_factor::pass(app, vault, citizen, &auth, code, &moment).await?;
    }
    let session = new_session(citizen, found.epoch, &moment).on(vault, citizen, device, &moment)?;
    let open = app.store.open_session(citizen, &session.hash, &session.session);
    if 2 * tries > SIGN_IN_FREE {
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
    domain::floods::since(now, SIGN_IN_STRETCH)
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

//! Signing in and out (ACC-3). Every refusal is the same and costs the same: three round trips and one hash.

use crate::account::devices::{self, Presented};
use crate::account::proof::{self, Begin, Begun};
use crate::account::second_factor::{self, Second, Whose};
use crate::bearer::{NewSession, new_session};
use crate::contact::Login;
use crate::effort::{self, Effort};
use crate::floods::Whence;
use crate::{App, Bearer, Refusal, floods, password};
use chrono::{DateTime, Utc};
use domain::account::Purpose;
use domain::citizen::Person;
use domain::limits::{DEVICE_USED_WITHIN, SIGN_IN_FREE, SIGN_IN_STRETCH, SIGN_IN_TRIES};
use domain::moment::Draw;
use domain::{CitizenId, Moment};
use store::items::device::Device;
use store::items::{citizen as record, device as record_of_device};
use store::tries::Tries;
use store::{Commit, Committed, Key, Vault, keys};

/// An open session. Not for logs: whoever has the token is the citizen.
#[derive(Clone)]
pub struct SignedIn {
    pub citizen: CitizenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
    /// By which the device is known from now on, if it was not before.
    pub device: Option<String>,
    /// When the cabinet goes, if its owner asked for that: whoever signs in sees it, and may stop it (PRV-3).
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What somebody says who signs in.
pub struct Said<'a> {
    pub login: &'a Login,
    pub password: String,
    /// Of the second factor, where the cabinet has one.
    pub code: Option<&'a str>,
    /// By which the device is known.
    pub device_token: Option<&'a str>,
    /// What the device calls itself.
    pub device: Option<&'a str>,
}

/// How signing in goes on.
pub enum Step {
    Open(SignedIn),
    /// The device is not known: a code has gone to the phone (ACC-14).
    Code(Begun),
}

/// Opens a session for whoever knows login and password; on a device that is not known a code goes to the phone first, or the
/// second factor does instead, where the cabinet has one.
///
/// Tries of a known device are counted by themselves: nobody's guesses keep its owner out there.
///
/// # Errors
/// [`Refusal::WrongCredentials`], whatever is wrong with the two; [`Refusal::EffortNeeded`] after five tries in a quarter of an
/// hour, or while many passwords are guessed from that network or everywhere, but not on a known device;
/// [`Refusal::TooManyTries`] after twenty tries: whether or not anybody has that login. To whoever knows them:
/// [`Refusal::SecondFactorNeeded`], [`Refusal::SecondFactorWrong`], [`Refusal::TooManyTries`]; as the beginning of a proof.
pub async fn sign_in(
    app: &App,
    vault: &Vault,
    said: Said<'_>,
    network: Option<&str>,
    effort: Effort<'_>,
) -> Result<Step, Refusal> {
    let Said { login, password: given, code, device_token, device } = said;
    let moment = app.clock.moment();
    let (hash, since) = (login.hash(vault), stretch(moment.now));
    let what_for = format!("sign-in/{hash}");
    let shown = effort::shown(app, effort, &what_for, moment.now).await?;
    let wrong = floods::wrong(vault, network, &moment);
    let presented = device_token.and_then(Presented::parse);
    let mut asked: Vec<Key> = wrong.iter().map(|counter| counter.key.clone()).collect();
    asked.extend(presented.as_ref().map(|device| keys::device(device.citizen, &device.hash)));
    let (known, seen) = futures::join!(app.store.login(&hash), app.store.read(&asked));
    let (known, seen) = (known?, seen?);
    let home = match presented.filter(|device| known == Some(device.citizen)) {
        Some(device) => seen
            .item(&keys::device(device.citizen, &device.hash))
            .map(record_of_device::from_item)
            .transpose()?
            .filter(|found| found.is_known(moment.now))
            .map(|found| (device.hash, found)),
        None => None,
    };
    // For an unknown login somebody made up is read, so that the trips agree.
    let citizen = known.unwrap_or_else(|| CitizenId(moment.ulid(Draw::Citizen)));
    let counted_at = match &home {
        Some((device, _)) => vault.lookup("device", device),
        None => hash.clone(),
    };
    let most = if shown || home.is_some() { SIGN_IN_TRIES } else { SIGN_IN_FREE };
    // Counted before it is looked at, so that many at once are no more tries than one after another; for logins that nobody
    // has, too. Without an effort no more are counted than are free: or whoever shows none would use up those of the owner.
    let both = [keys::auth(citizen), keys::me(citizen)];
    let (counted, batch) =
        futures::join!(app.store.count_sign_in(&counted_at, since, most), app.store.read(&both));
    let (counted, batch) = (counted?, batch?);
    let Some(tries) = counted else {
        let tries = if most == SIGN_IN_TRIES { most } else { app.store.sign_ins(&hash, since).await? };
        if tries < SIGN_IN_TRIES {
            return Err(effort::demand(effort, &what_for, &moment));
        }
        let seconds = (since + SIGN_IN_STRETCH - moment.now).num_seconds().max(1);
        return Err(Refusal::TooManyTries { seconds });
    };
    if most == SIGN_IN_FREE && floods::abnormal(&wrong, &seen) {
        return Err(effort::demand(effort, &what_for, &moment));
    }
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
    let home = home.filter(|(_, known)| found.counts(known.epoch));
    let anew = async || {
        // So few leave enough for the next one, and a write is saved.
        if 2 * tries > SIGN_IN_FREE || auth.factor.is_some() {
            forget(app, &counted_at, since).await;
        }
    };
    if auth.factor.is_some() {
        // The password is known; tries of the second step are counted by themselves.
        anew().await;
        let second = Second { said: code, codes: effort.key, network };
        second_factor::pass(app, vault, Whose::of(&found, &batch), &auth, &second, &moment).await?;
    }
    match home {
        Some((hash, known)) => {
            let session = new_session(citizen, found.epoch, &moment).on(vault, citizen, device, &moment)?;
            let session = session.at(&hash);
            let open = open_on_known(app, citizen, &session, (&hash, &known), &moment, |_| {});
            let (opened, ()) = futures::join!(open, anew());
            opened?;
            let (token, expires_at) = (session.token, session.session.expires_at);
            let deleted_at = found.deleted_at();
            Ok(Step::Open(SignedIn { citizen, token, expires_at, device: None, deleted_at }))
        }
        None if auth.factor.is_some() => {
            devices::open_on_new(app, vault, Commit::new(), &found, (device, None), &moment)
                .await
                .map(Step::Open)
        }
        None => {
            anew().await;
            let me = batch.item(&keys::me(citizen)).ok_or(Refusal::WrongCredentials)?;
            let begin = Begin {
                purpose: Purpose::Device,
                citizen: Some(citizen),
                taken: false,
                epoch: Some(found.epoch),
                contact: &Login::Phone(record::person(me, vault)?.phone),
                language: &found.language,
                whence: Whence { network, effort: None },
            };
            proof::begin(app, vault, begin, &moment).await.map(Step::Code)
        }
    }
}

/// Opens a session on a known device, together with what `with` adds, as long as that is not taken away: it would be left over.
///
/// # Errors
/// [`Refusal::Busy`] when it was, or what opens it is not so any more: asked again, one hears how things are.
pub(crate) async fn open_on_known(
    app: &App,
    citizen: CitizenId,
    session: &NewSession,
    (device, known): (&str, &Device),
    moment: &Moment,
    with: impl Fn(&mut Commit),
) -> Result<(), Refusal> {
    // So exactly is kept when it was used.
    let used_at = (moment.now >= known.used_at + DEVICE_USED_WITHIN).then_some(moment.now);
    let mut tries = Tries::new(moment);
    loop {
        let mut commit = Commit::new();
        with(&mut commit);
        app.store.put_session(&mut commit, citizen, &session.hash, &session.session)?;
        app.store.on_device(&mut commit, citizen, device, used_at);
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            // The device signs in twice at once.
            Committed::Conflict if tries.again().await => {}
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
}

/// Has a login's tries begin anew; if that cannot be had they count on until their stretch is over.
pub(crate) async fn forget(app: &App, hash: &str, since: DateTime<Utc>) {
    if let Err(error) = app.store.forget_sign_ins(hash, since).await {
        tracing::warn!(%error, "tries to sign in are counted on");
    }
}

/// The same of all that somebody signs in with: phone, address and each of their devices.
///
/// # Errors
/// [`Refusal::Unavailable`]: then some are counted on.
pub(crate) async fn forget_all(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let since = stretch(now);
    let logins = [&person.phone, &person.email].map(|said| {
        let Ok(login) = said.parse::<Login>();
        login.hash(vault)
    });
    let devices = app.store.devices(citizen).await?;
    let devices = devices.into_iter().map(|(device, _)| vault.lookup("device", &device));
    let forgotten = logins
        .into_iter()
        .chain(devices)
        .map(|hash| async move { app.store.forget_sign_ins(&hash, since).await });
    futures::future::try_join_all(forgotten).await?;
    Ok(())
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

//! A second factor for those who want one: an authenticator, and recovery codes (ACC-4).

use super::password::{knows, person};
use super::{happened, signed_in};
use crate::factor::{self, Opened};
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::AccountEvent;
use domain::moment::Draw;
use domain::{CitizenId, Moment};
use store::access::batch::Batch;
use store::items::citizen::{self as record, Auth};
use store::items::factor::{Factor, seal_secret};
use store::vault::ClearKey;
use store::{Commit, Committed, Vault, keys};

/// Of the authenticator's secret.
const SECRET_NONCE: u32 = 11;

/// How many recovery codes are left; none when it is off.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn look(app: &App, bearer: &Bearer) -> Result<Option<usize>, Refusal> {
    let (citizen, batch) = signed_in(app, bearer).await?;
    Ok(auth(&batch, citizen.id)?.factor.map(|factor| factor.recovery.len()))
}

fn auth(batch: &Batch, citizen: CitizenId) -> Result<Auth, Refusal> {
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

/// What to put into an authenticator. Not for logs.
#[derive(Clone)]
pub struct Setup {
    /// What was drawn for this: whoever turns it on gives it back.
    pub setup: String,
    /// In Base32, as authenticators take it.
    pub secret: String,
    /// The same as an `otpauth` address.
    pub address: String,
}

/// Begins to turn it on: nothing is kept, the secret is derived from what is drawn.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::TooManyTries`]; [`Refusal::SecondFactorIsOn`].
pub async fn begin(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    bearer: &Bearer,
    password: String,
) -> Result<Setup, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    if auth.factor.is_some() {
        return Err(Refusal::SecondFactorIsOn);
    }
    let drawn: [u8; 16] = moment.bytes(Draw::Nonce);
    let secret = factor::secret_of(codes, citizen.id.0, &drawn);
    let address = factor::address(&secret, &person(&batch, vault, citizen.id)?.email).unwrap_or_default();
    Ok(Setup { setup: URL_SAFE_NO_PAD.encode(drawn), secret, address })
}

/// What whoever turns it on says.
pub struct TurnOn<'a> {
    pub password: String,
    /// [`Setup::setup`].
    pub setup: &'a str,
    pub code: &'a str,
}

/// Turns it on for whose authenticator shows the code of this setup, and gives recovery codes, shown this once.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong: whoever only has a session shall not lock its owner out;
/// [`Refusal::SecondFactorWrong`]; [`Refusal::SecondFactorIsOn`]; [`Refusal::TooManyTries`]; [`Refusal::Busy`].
pub async fn turn_on(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    bearer: &Bearer,
    said: TurnOn<'_>,
    device: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let TurnOn { password, setup, code } = said;
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    if auth.factor.is_some() {
        return Err(Refusal::SecondFactorIsOn);
    }
    let drawn = URL_SAFE_NO_PAD.decode(setup.trim()).map_err(|_| Refusal::SecondFactorWrong)?;
    let secret = factor::secret_of(codes, citizen.id.0, &drawn);
    let step = factor::step_of(&secret, code, moment.now).ok_or(Refusal::SecondFactorWrong)?;
    let recovery = factor::recovery_codes(&moment);
    let key = keys::auth(citizen.id);
    let sealed = seal_secret(vault, &key, &secret, moment.nonce(SECRET_NONCE))?;
    let new = Factor::new(sealed, step, factor::hashes(vault, &recovery));
    let mut commit = Commit::new();
    app.store.put_factor(&mut commit, &key, &auth.password_hash, &new)?;
    let event = happened(vault, &citizen, AccountEvent::SecondFactorOn, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    write(app, commit, Refusal::SecondFactorIsOn).await?;
    Ok(recovery)
}

/// Turns it off for whoever knows the password and has the authenticator, or a recovery code. Off already, it is fine.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::SecondFactorWrong`]; [`Refusal::TooManyTries`].
pub async fn turn_off(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    password: String,
    code: &str,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let Some(standing) = &auth.factor else { return Ok(()) };
    let key = keys::auth(citizen.id);
    let opened = factor::open(app, vault, &key, standing, code, &moment).await?;
    opened.ok_or(Refusal::SecondFactorWrong)?;
    let mut commit = Commit::new();
    app.store.drop_factor(&mut commit, &key, &auth.password_hash, standing)?;
    let event = happened(vault, &citizen, AccountEvent::SecondFactorOff, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    write(app, commit, Refusal::Busy).await
}

/// New recovery codes in place of all before, for whoever knows the password and proves the second factor once more.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::SecondFactorWrong`], also when it is off;
/// [`Refusal::TooManyTries`].
pub async fn renew(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    password: String,
    code: &str,
    device: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let standing = auth.factor.ok_or(Refusal::SecondFactorWrong)?;
    let key = keys::auth(citizen.id);
    let opened = factor::open(app, vault, &key, &standing, code, &moment).await?;
    let opened = opened.ok_or(Refusal::SecondFactorWrong)?;
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
/// [`Refusal::SecondFactorNeeded`] without a code; [`Refusal::SecondFactorWrong`], also when it was used meanwhile;
/// [`Refusal::TooManyTries`].
pub(crate) async fn pass(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    auth: &Auth,
    code: Option<&str>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let Some(standing) = &auth.factor else { return Ok(()) };
    let key = keys::auth(citizen);
    let code = code.ok_or(Refusal::SecondFactorNeeded)?;
    let opened: Option<Opened> = factor::open(app, vault, &key, standing, code, moment).await?;
    let opened = opened.ok_or(Refusal::SecondFactorWrong)?;
    let mut commit = Commit::new();
    factor::use_up(app, &mut commit, &key, standing, &opened)?;
    write(app, commit, Refusal::SecondFactorWrong).await
}

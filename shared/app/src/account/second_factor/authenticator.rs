//! An authenticator as the second factor.

use super::{Second, Whose, leave, put};
use crate::account::password::{knows, person};
use crate::account::signed_in;
use crate::{App, Bearer, Refusal, factor};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::FactorBy;
use domain::moment::Draw;
use std::collections::BTreeSet;
use store::items::factor::{Factor, seal_secret};
use store::vault::ClearKey;
use store::{Commit, Vault, keys};

/// Of the authenticator's secret.
const SECRET_NONCE: u32 = 11;

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
    if auth.factor.is_some_and(|factor| factor.by == FactorBy::Authenticator) {
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
    /// Of the factor that there is until now, where codes come by SMS.
    pub second: Second<'a>,
}

/// Turns it on for whose authenticator shows the code of this setup, in place of codes by SMS where there are such, and gives
/// recovery codes, shown this once.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong: whoever only has a session shall not lock its owner out;
/// [`Refusal::SecondFactorWrong`]; [`Refusal::SecondFactorIsOn`]; [`Refusal::TooManyTries`]; [`Refusal::Busy`]; as passing the
/// factor that is replaced.
pub async fn turn_on(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    said: TurnOn<'_>,
    device: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let TurnOn { password, setup, code, second } = said;
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let to = (FactorBy::Authenticator, &second);
    if auth.factor.as_ref().is_some_and(|factor| factor.by == FactorBy::Authenticator) {
        return Err(Refusal::SecondFactorIsOn);
    }
    let drawn = URL_SAFE_NO_PAD.decode(setup.trim()).map_err(|_| Refusal::SecondFactorWrong)?;
    let secret = factor::secret_of(second.codes, citizen.id.0, &drawn);
    let step = factor::step_of(&secret, code, moment.now).ok_or(Refusal::SecondFactorWrong)?;
    let opened = leave(app, vault, Whose::of(&citizen, &batch), &auth, to, &moment).await?;
    let sealed = seal_secret(vault, &keys::auth(citizen.id), &secret, moment.nonce(SECRET_NONCE))?;
    let new = Factor::new(FactorBy::Authenticator, sealed, step, BTreeSet::new());
    put(app, vault, Commit::new(), (&citizen, &auth), (new, opened), device, &moment).await
}

//! Codes by SMS as the second factor: they go to the cabinet's own phone, whichever that is by then, and are counted like all
//! codes before they are sent.

use super::{Second, Whose, leave, put};
use crate::account::password::{knows, person};
use crate::account::proof::{self, Begin, Begun, Shown};
use crate::account::signed_in;
use crate::contact::Login;
use crate::factor::Opened;
use crate::floods::Whence;
use crate::refusal::Needed;
use crate::{App, Bearer, Refusal};
use domain::account::{FactorBy, Purpose};
use domain::citizen::Citizen;
use domain::limits::{CODE_RESEND_AFTER, CODE_TRIES};
use domain::{Moment, ProofId};
use std::collections::BTreeSet;
use store::access::batch::Batch;
use store::items::factor::{Factor, seal_secret};
use store::items::proof::{Proof, open_contact};
use store::vault::ClearKey;
use store::{Commit, Vault, keys};

/// Of what stands where an authenticator's secret would.
const SECRET_NONCE: u32 = 12;
/// No authenticator's secret: these are no letters of Base32.
const NO_SECRET: &str = "sms";

fn begin_of<'a>(citizen: &'a Citizen, phone: &'a Login, network: Option<&'a str>) -> Begin<'a> {
    Begin {
        purpose: Purpose::Factor,
        citizen: Some(citizen.id),
        taken: false,
        epoch: Some(citizen.epoch),
        contact: phone,
        language: &citizen.language,
        whence: Whence { network, effort: None },
    }
}

fn phone_of(batch: &Batch, vault: &Vault, citizen: &Citizen) -> Result<String, Refusal> {
    Ok(person(batch, vault, citizen.id)?.phone)
}

/// Whether a proof was begun for this cabinet as it is: its phone, and since its last new password.
fn is_of(proof: &Proof, vault: &Vault, citizen: &Citizen, phone: &str) -> Result<bool, Refusal> {
    Ok(proof.purpose == Purpose::Factor
        && proof.citizen == Some(citizen.id)
        && proof.epoch == Some(citizen.epoch)
        && open_contact(vault, proof)? == phone)
}

/// Begins to turn it on: a code goes to the cabinet's phone.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::TooManyTries`]; [`Refusal::SecondFactorIsOn`]; as beginning a
/// proof.
pub async fn begin(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    password: String,
    network: Option<&str>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    if auth.factor.is_some_and(|factor| factor.by == FactorBy::Sms) {
        return Err(Refusal::SecondFactorIsOn);
    }
    let Ok(phone) = phone_of(&batch, vault, &citizen)?.parse::<Login>();
    proof::begin(app, vault, begin_of(&citizen, &phone, network), &moment).await
}

/// What whoever turns it on says.
pub struct TurnOn<'a> {
    pub password: String,
    /// What [`begin`] began.
    pub id: ProofId,
    pub code: &'a str,
    /// Of the authenticator, where there is one until now.
    pub second: Second<'a>,
}

/// Turns it on for whoever has the phone, in place of an authenticator where there is one, and gives recovery codes, shown this
/// once.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong; [`Refusal::SecondFactorIsOn`]; [`Refusal::NotFound`] for whoever did not begin
/// it; as showing a code; [`Refusal::ProofSpent`] when phone or password are others meanwhile; as passing the factor that is
/// replaced.
pub async fn turn_on(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    said: TurnOn<'_>,
    device: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let TurnOn { password, id, code, second } = said;
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    if auth.factor.as_ref().is_some_and(|factor| factor.by == FactorBy::Sms) {
        return Err(Refusal::SecondFactorIsOn);
    }
    // Whose it is comes first: guesses of others shall not use it up.
    let begun = app.store.read(&[keys::proof(id)]).await?.proof(id)?;
    let phone = phone_of(&batch, vault, &citizen)?;
    let own = |begun: &Proof| begun.citizen == Some(citizen.id) && begun.purpose == Purpose::Factor;
    let begun = begun.filter(own).ok_or(Refusal::NotFound)?;
    if !is_of(&begun, vault, &citizen, &phone)? {
        return Err(Refusal::ProofSpent);
    }
    let opened =
        leave(app, vault, Whose::of(&citizen, &batch), &auth, (FactorBy::Sms, &second), &moment).await?;
    let Shown::Now(_, shown) = proof::show(app, vault, second.codes, (id, Purpose::Factor), code).await?
    else {
        return Err(Refusal::ProofSpent);
    };
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    let sealed = seal_secret(vault, &keys::auth(citizen.id), NO_SECRET, moment.nonce(SECRET_NONCE))?;
    let new = Factor::new(FactorBy::Sms, sealed, 0, BTreeSet::new());
    put(app, vault, commit, (&citizen, &auth), (new, opened), device, &moment).await
}

/// Has a code go to the phone, and says so. Asked for again within a minute, the one before is still good.
///
/// # Errors
/// As beginning a proof.
pub(super) async fn ask(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    standing: &Factor,
    second: &Second<'_>,
    moment: &Moment,
) -> Result<Refusal, Refusal> {
    let phone = phone_of(whose.batch, vault, whose.citizen)?;
    if let Some(id) = standing.asked
        && let Some(before) = app.store.read(&[keys::proof(id)]).await?.proof(id)?
        && is_of(&before, vault, whose.citizen, &phone)?
    {
        let resend_at = before.code_sent_at + CODE_RESEND_AFTER;
        if before.done_at.is_none() && before.tries < CODE_TRIES && moment.now < resend_at {
            return Ok(Refusal::SecondFactorNeeded(Needed::Sms { resend_at }));
        }
    }
    let Ok(to) = phone.parse::<Login>();
    let mut commit = Commit::new();
    app.store.ask_by_sms(&mut commit, &keys::auth(whose.citizen.id), proof::id_at(moment));
    let begin = begin_of(whose.citizen, &to, second.network);
    let begun = proof::begin_with(app, vault, commit, begin, moment).await?;
    Ok(Refusal::SecondFactorNeeded(Needed::Sms { resend_at: begun.resend_at }))
}

/// The proof whose code this is, if it is that of the last SMS. Guesses are counted with the proof.
///
/// # Errors
/// [`Refusal::SecondFactorWrong`] where none went out, or phone or password are others since; as showing a code.
pub(super) async fn shown(
    app: &App,
    vault: &Vault,
    whose: Whose<'_>,
    standing: &Factor,
    (code, codes): (&str, &ClearKey),
) -> Result<Opened, Refusal> {
    let id = standing.asked.ok_or(Refusal::SecondFactorWrong)?;
    let phone = phone_of(whose.batch, vault, whose.citizen)?;
    match proof::show(app, vault, codes, (id, Purpose::Factor), code).await {
        Ok(Shown::Now(_, proof)) if is_of(&proof, vault, whose.citizen, &phone)? => {
            Ok(Opened::Sms(Box::new(proof)))
        }
        // What opened once is over, like what was begun too long ago: another is asked for.
        Ok(_) | Err(Refusal::ProofSpent | Refusal::NotFound) => Err(Refusal::CodeExpired),
        Err(refusal) => Err(refusal),
    }
}

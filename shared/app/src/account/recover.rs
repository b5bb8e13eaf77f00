//! «Забыли пароль?»: whoever shows to have the phone or the address gives the cabinet a new password (ACC-6).

use super::happened;
use super::password::{hashed, person, wrong_with};
use super::proof::{self, Begin, Begun, Shown};
use super::second_factor::{self, Phone, Second, Whose};
use crate::contact::Login;
use crate::floods::Whence;
use crate::sign_in::forget_all;
use crate::{App, Refusal, password};
use domain::ProofId;
use domain::account::{AccountEvent, Purpose};
use store::items::citizen as record;
use store::items::proof::open_contact;
use store::vault::ClearKey;
use store::{Commit, Committed, Guard, Vault, keys};

/// Begins a recovery: a code goes to the phone or the confirmed address, if a cabinet has it.
///
/// # Errors
/// [`Refusal::CodeLimit`] beyond ten codes a day to one of them; [`Refusal::ResendTooEarly`]; [`Refusal::TooManyCodes`].
pub async fn start(
    app: &App,
    vault: &Vault,
    login: &Login,
    language: &str,
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let begin = Begin {
        purpose: Purpose::Recovery,
        citizen: None,
        taken: false,
        epoch: None,
        contact: login,
        language,
        whence,
    };
    proof::begin(app, vault, begin, &app.clock.moment()).await
}

/// What whoever recovers a cabinet says.
pub struct Said<'a> {
    /// From the message.
    pub code: &'a str,
    /// Where the cabinet has one.
    pub second_factor: Second<'a>,
    pub password: String,
}

/// Gives the cabinet a new password, and ends every session. Asked for again with the same code and password it is fine.
///
/// # Errors
/// As showing a code; [`Refusal::Fields`] when the password is not good: what can be said of it without the person is said
/// before the code is looked at; as passing the second factor, where the cabinet has one: by the phone, and codes by SMS, only a
/// recovery code does.
pub async fn complete(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    id: ProofId,
    said: Said<'_>,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let Said { code, second_factor: second, password: new } = said;
    let wrong = password::check("password", &new, &[]);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let moment = app.clock.moment();
    let (citizen, shown) = match proof::show(app, vault, codes, (id, Purpose::Recovery), code).await? {
        Shown::Now(citizen, found) => (citizen, Some(found)),
        Shown::Before(citizen) => (citizen, None),
    };
    let batch = app.store.read(&[keys::me(citizen), keys::auth(citizen)]).await?;
    let found = batch.citizen(citizen)?.ok_or(Refusal::NotFound)?;
    let auth = batch.item(&keys::auth(citizen)).map(record::auth_from_item).transpose()?;
    let auth = auth.ok_or(Refusal::NotFound)?;
    let Some(shown) = shown else {
        return match password::fits(new, Some(auth.password_hash)).await {
            true => Ok(()),
            false => Err(Refusal::ProofSpent),
        };
    };
    let known = person(&batch, vault, citizen)?;
    let wrong = wrong_with("password", &new, &known);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let Ok(contact) = open_contact(vault, &shown)?.parse::<Login>();
    // The phone alone is not enough for whoever asked for more: shown once, it does not count twice.
    let phone = if matches!(contact, Login::Phone(_)) { Phone::Shown } else { Phone::Counts };
    let whose = Whose { citizen: &found, batch: &batch, phone };
    second_factor::pass(app, vault, whose, &auth, &second, &moment).await?;
    let hash = hashed(new, &moment).await?;
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    // Whoever has given the phone or the address up meanwhile is not to be had by it.
    app.store.by_login(&mut commit, &contact.hash(vault), citizen);
    app.store.put_password(&mut commit, citizen, None, &hash);
    app.store.end_sessions(&mut commit, citizen, found.epoch);
    let event = happened(vault, &found, AccountEvent::PasswordRecovered, None, device, &moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => {
            // Whoever was kept out by the guesses of others is let in.
            if let Err(error) = forget_all(app, vault, citizen, &known, moment.now).await {
                tracing::warn!(%error, "tries to sign in are counted on");
            }
            Ok(())
        }
        Committed::Refused(guards) if guards.contains(&Guard::Login) => Err(Refusal::ProofSpent),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

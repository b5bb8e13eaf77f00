//! Another phone or address for one's cabinet: shown to be one's own before it counts, and told to the one before (ACC-2).

use super::password::{knows, person};
use super::proof::{self, Begin, Begun, Shown};
use super::second_factor::{Second, Whose};
use super::{happened, second_factor, signed_in};
use crate::contact::Login;
use crate::floods::Whence;
use crate::refusal::WrongField;
use crate::{App, Bearer, Refusal};
use domain::ProofId;
use domain::account::{AccountEvent, Purpose};
use domain::citizen::Citizen;
use store::access::proofs::ContactChange;
use store::items::citizen::seal_contact;
use store::items::proof::open_contact;
use store::vault::ClearKey;
use store::{Commit, Committed, Guard, Vault, keys};

/// Of the phone or address in the record.
const CONTACT_NONCE: u32 = 10;

/// Begins to change the phone or the address, or to confirm the address that one has given: a code goes there. To one that a
/// cabinet has already no code goes, but word of that; the answer is the same.
///
/// # Errors
/// [`Refusal::Fields`] when the password is wrong, or the phone or address is one's own already; [`Refusal::TooManyTries`]; as the
/// second factor, where the cabinet has one; [`Refusal::CodeLimit`]; [`Refusal::ResendTooEarly`]; [`Refusal::TooManyCodes`].
pub async fn start(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    contact: &Login,
    (password, second): (String, &Second<'_>),
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = knows(app, &batch, citizen.id, password, "password", moment.now).await?;
    let owner = app.store.login(&contact.hash(vault)).await?;
    if owner == Some(citizen.id) {
        let (field, code) = match contact {
            Login::Phone(_) => ("phone", "phone-own"),
            Login::Email(_) | Login::Nobody(_) => ("email", "email-own"),
        };
        return Err(Refusal::Fields(vec![WrongField::new(field, code)]));
    }
    let begin = Begin {
        purpose: Purpose::Change,
        citizen: Some(citizen.id),
        taken: owner.is_some(),
        epoch: None,
        contact,
        language: &citizen.language,
        whence,
    };
    // Used up by the write that begins: what refuses that leaves it good.
    let mut commit = Commit::new();
    let whose = Whose::of(&citizen, &batch);
    second_factor::pass_with(app, vault, &mut commit, whose, &auth, second, &moment).await?;
    proof::begin_with(app, vault, commit, begin, &moment).await
}

/// Asks for a new code to the new phone or address.
///
/// # Errors
/// [`Refusal::NotFound`] for whoever did not begin it; else as [`proof::resend`].
pub async fn resend(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    id: ProofId,
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let (citizen, _) = signed_in(app, bearer).await?;
    own(app, &citizen, id).await?;
    proof::resend(app, vault, id, Purpose::Change, whence).await
}

/// Whose it is comes first: guesses of others shall not use it up.
async fn own(app: &App, citizen: &Citizen, id: ProofId) -> Result<(), Refusal> {
    let begun = app.store.read(&[keys::proof(id)]).await?.proof(id)?;
    match begun.is_some_and(|begun| begun.citizen == Some(citizen.id) && begun.purpose == Purpose::Change) {
        true => Ok(()),
        false => Err(Refusal::NotFound),
    }
}

/// Has the new phone or address count from now on, or the address that one has given.
///
/// # Errors
/// As showing a code; [`Refusal::NotFound`] for whoever did not begin it; [`Refusal::Busy`].
pub async fn complete(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    bearer: &Bearer,
    id: ProofId,
    code: &str,
    device: Option<&str>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    own(app, &citizen, id).await?;
    let shown = match proof::show(app, vault, codes, (id, Purpose::Change), code).await? {
        Shown::Now(_, found) => found,
        Shown::Before(_) => return Ok(()),
    };
    let person = person(&batch, vault, citizen.id)?;
    let to = open_contact(vault, &shown)?;
    let Ok(contact) = to.parse::<Login>();
    let (attribute, event, former) = match contact {
        Login::Phone(_) => ("tel", AccountEvent::PhoneChanged, &person.phone),
        Login::Email(_) | Login::Nobody(_) => ("em", AccountEvent::EmailChanged, &person.email),
    };
    let was_login = event == AccountEvent::PhoneChanged || citizen.email_confirmed_at.is_some();
    let Ok(before) = former.parse::<Login>();
    let former_login = before.hash(vault);
    // Asked for twice, and the first of the two has come about.
    if former == &to && was_login {
        return Ok(());
    }
    let record = batch.item(&keys::me(citizen.id)).ok_or(Refusal::Unauthorized)?;
    let login = contact.hash(vault);
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    if former == &to {
        // As by the link: nothing is another than before.
        app.store.confirm_email(&mut commit, citizen.id, record, &login, moment.now)?;
    } else {
        let change = ContactChange {
            record,
            sealed: seal_contact(vault, citizen.id, attribute, &to, moment.nonce(CONTACT_NONCE))?,
            login: &login,
            former_login: was_login.then_some(former_login.as_str()),
            confirmed_at: (event == AccountEvent::EmailChanged).then_some(moment.now),
        };
        app.store.change_contact(&mut commit, citizen.id, attribute, &change)?;
        // Nothing about a cabinet goes to an address that nobody confirmed.
        let told = was_login.then_some(former.as_str());
        app.store.put_happened(&mut commit, &happened(vault, &citizen, event, told, device, &moment)?)?;
    }
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        // Somebody has made it theirs since the code went out: to whoever asks it is a proof that is over.
        Committed::Refused(guards) if guards.contains(&Guard::Login) => Err(Refusal::ProofSpent),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

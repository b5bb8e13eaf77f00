//! Showing who one is through the unified system of identification (ACC-15). How it is asked is the caller's.

use super::compare::Said;
use super::{Known, claimed, confirm, counted, finish, oneself};
use crate::account::profile::{self, Form, NameForm, Oneself, Part};
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::identity::{Confirmed, ESIA_CHALLENGE_VALID, Means};
use domain::moment::Draw;
use domain::{ChallengeId, Moment};
use store::items::challenge::Challenge;
use store::items::profile::Kept;
use store::vault::hash_text;
use store::{Commit, Vault, keys};

/// Of what ties the answer to the question.
const TIES_NONCE: u32 = 70;
const SEALED: &str = "challenge/esia";

/// Whether what is said there takes the place of what is said here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// It is compared.
    Nothing,
    /// The person agreed to take over name, birth date and SNILS.
    Over,
}

/// What ties an answer to the question. Not for logs.
pub struct Ties {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    pub take: Take,
}

/// What is drawn for a question.
pub fn ties(moment: &Moment, take: Take) -> Ties {
    let drawn: [u8; 96] = moment.bytes(Draw::Challenge);
    let part = |at: usize| URL_SAFE_NO_PAD.encode(&drawn[at * 32..(at + 1) * 32]);
    Ties { state: part(0), nonce: part(1), verifier: part(2), take }
}

/// Keeps a question that was asked; the one before is over. For ten minutes, for this session.
///
/// # Errors
/// [`Refusal::NothingToConfirm`] where nothing is taken over; [`Refusal::Inactive`].
pub async fn start(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    ties: &Ties,
    moment: &Moment,
) -> Result<(), Refusal> {
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    match (known.able(), ties.take) {
        // What is missing may come from there.
        (Err(Refusal::NothingToConfirm(_)), Take::Over) | (Ok(()), _) => {}
        (Err(refusal), _) => return Err(refusal),
    }
    let take = if ties.take == Take::Over { "over" } else { "nothing" };
    let clear = format!("{} {} {take}", ties.nonce, ties.verifier);
    let pk = keys::challenge(bearer.citizen, Means::Esia).pk;
    let sealed = vault.seal(&pk, SEALED, &clear, moment.nonce(TIES_NONCE))?;
    let challenge = Challenge {
        id: ChallengeId(moment.ulid(Draw::Operation)),
        citizen: bearer.citizen,
        means: Means::Esia,
        secret: Some(hash_text(ties.state.as_bytes())),
        session: Some(bearer.hash.clone()),
        text: Some(STANDARD.encode(sealed)),
        tries: 0,
        done_at: None,
        expires_at: moment.now + ESIA_CHALLENGE_VALID,
    };
    Ok(app.store.begin_challenge(&challenge).await?)
}

/// The question to which an answer came. Each is asked about once: an answer that comes again finds nothing.
///
/// # Errors
/// [`Refusal::ProofSpent`] when the state is not that of the open question of this session, or ten minutes have passed.
pub async fn answered(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    state: &str,
) -> Result<(Challenge, Ties), Refusal> {
    let now = app.clock.now();
    let key = keys::challenge(bearer.citizen, Means::Esia);
    let (_, batch) = oneself(app, vault, bearer, std::slice::from_ref(&key)).await?;
    let said = Some(hash_text(state.as_bytes()));
    let found = batch.challenge(bearer.citizen, Means::Esia)?.filter(|found| {
        found.secret == said
            && found.session.as_ref() == Some(&bearer.hash)
            && found.done_at.is_none()
            && now < found.expires_at
    });
    let found = found.ok_or(Refusal::ProofSpent)?;
    if !app.store.count_answer(&found, 1).await? {
        return Err(Refusal::ProofSpent);
    }
    let sealed = found.text.as_deref().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let clear = vault.open(&key.pk, SEALED, &sealed)?;
    let mut parts = clear.split(' ').map(str::to_owned);
    let (nonce, verifier) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let take = if parts.next().as_deref() == Some("over") { Take::Over } else { Take::Nothing };
    Ok((found, Ties { state: state.to_owned(), nonce, verifier, take }))
}

/// Confirms who one is by what is said there; together with taking it over, where the person agreed. Whatever is refused has
/// changed nothing.
///
/// # Errors
/// [`Refusal::OtherPerson`] with each field; [`Refusal::Fields`] for what is said there and cannot be kept here; as confirming.
pub async fn complete(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    (challenge, take): (&Challenge, Take),
    said: &Said,
    device: Option<&str>,
) -> Result<Confirmed, Refusal> {
    let moment = app.clock.moment();
    let (known, _) = oneself(app, vault, bearer, &[]).await?;
    let over = match take {
        Take::Over => Some(known.after(app, &form(said), &moment)?),
        Take::Nothing => None,
    };
    let judged = over.as_ref().unwrap_or(&known);
    judged.able()?;
    let differences = said.differences(judged);
    if !differences.is_empty() {
        return Err(Refusal::OtherPerson(differences));
    }
    let mut commit = Commit::new();
    app.store.use_challenge(&mut commit, challenge, moment.now);
    match over {
        Some(after) => take_over(app, vault, (&known, after), commit, device, &moment).await,
        None => confirm(app, vault, &known, Means::Esia, commit, device, &moment).await,
    }
}

impl Known {
    fn said(&self) -> Oneself {
        let (citizen, person) = (self.citizen.clone(), self.person.clone());
        Oneself { citizen, person, profile: self.kept.profile.clone(), blocked_for: None }
    }

    /// The same person once a form was filled in; nothing is written.
    fn after(&self, app: &App, form: &Form, moment: &Moment) -> Result<Self, Refusal> {
        let Oneself { citizen, person, profile, blocked_for: _ } =
            form.applied(&app.catalogue, &self.said(), moment.now)?;
        Ok(Self { citizen, person, kept: Kept { profile, ..self.kept.clone() }, record: self.record.clone() })
    }
}

/// Writes what is taken over and that it is confirmed: both, or nothing of either.
async fn take_over(
    app: &App,
    vault: &Vault,
    (known, after): (&Known, Known),
    mut commit: Commit,
    device: Option<&str>,
    moment: &Moment,
) -> Result<Confirmed, Refusal> {
    counted(app, known, Means::Esia, moment).await?;
    let confirmed = Confirmed { by: Means::Esia, at: moment.now };
    let (was, mut is) = (known.said(), after.said());
    is.citizen.confirmed = Some(confirmed);
    profile::write(app, vault, &mut commit, (&was, &known.kept, &known.record), &is, moment)?;
    let number = |said: &Oneself| said.profile.snils.as_ref().map(|snils| claimed(vault, snils));
    let (former, own) = (number(&was), number(&is));
    let (id, ended) = (known.citizen.id, known.citizen.confirmed.is_some());
    if let Some(former) = former.filter(|former| ended && Some(former) != own.as_ref()) {
        app.store.give_up_snils(&mut commit, id, &former);
    }
    if let Some(own) = own {
        app.store.claim_snils(&mut commit, id, &own)?;
    }
    if ended && profile::is_another(&was, &is) {
        // A moment of its own, so that the two rows and what is sealed in them differ.
        profile::tell_ended(app, vault, &mut commit, &known.citizen, device, &moment.nth(1))?;
    }
    finish(app, vault, known, confirmed, commit, device, moment).await
}

/// What is taken over; what is not said there stays.
fn form(said: &Said) -> Form {
    let part = |given: Option<String>| given.map_or(Part::Kept, Part::Given);
    Form {
        name: said.surname.is_some().then(|| NameForm {
            surname: said.surname.clone(),
            given_name: said.given_name.clone(),
            patronymic: said.patronymic.clone(),
        }),
        birth_on: part(said.birth_on.map(|on| on.to_string())),
        snils: part(said.snils.clone()),
        ..Form::default()
    }
}

//! Showing to have a phone or an address: a code goes there, and is said here.
//!
//! No answer tells whether anybody has that phone or address: a proof of nobody's looks and lasts like any other, and no code
//! fits it.

use super::unlock;
use crate::contact::Login;
use crate::floods::{self, Sending, Whence};
use crate::register::{Started, six_digits, write};
use crate::{App, Refusal};
use domain::account::Purpose;
use domain::floods::Lane;
use domain::limits::{CODE_RESEND_AFTER, CODE_TRIES, CODE_VALID, PROOF_VALID};
use domain::moment::Draw;
use domain::{CitizenId, Moment, ProofId};
use store::items::proof::{self, Proof, open_contact, seal_contact};
use store::vault::ClearKey;
use store::{Commit, Vault, keys};
use subtle::ConstantTimeEq;

/// Who shows what for what.
pub(crate) struct Begin<'a> {
    pub purpose: Purpose,
    /// None where beginning shall not tell whether there is anybody ([`whose`]).
    pub citizen: Option<CitizenId>,
    pub taken: bool,
    /// Of the cabinet, where the password was said.
    pub epoch: Option<u64>,
    pub contact: &'a Login,
    pub language: &'a str,
    pub whence: Whence<'a>,
}

/// A proof begun: a code goes to the phone or the address.
///
/// # Errors
/// [`Refusal::CodeLimit`] beyond ten codes a day to one of them; [`Refusal::ResendTooEarly`] within a minute of any code to it;
/// [`Refusal::TooManyCodes`] when too many go out.
pub(crate) async fn begin(
    app: &App,
    vault: &Vault,
    begin: Begin<'_>,
    moment: &Moment,
) -> Result<Begun, Refusal> {
    begin_with(app, vault, Commit::new(), begin, moment).await
}

/// The proof that is begun at a moment.
pub(crate) fn id_at(moment: &Moment) -> ProofId {
    ProofId(moment.ulid(Draw::Proof))
}

/// Begins a proof together with what `commit` has.
///
/// # Errors
/// As [`begin`]; [`Refusal::Busy`] when what `commit` asks for is not so.
pub(crate) async fn begin_with(
    app: &App,
    vault: &Vault,
    mut commit: Commit,
    begin: Begin<'_>,
    moment: &Moment,
) -> Result<Begun, Refusal> {
    let id = id_at(moment);
    let (Login::Phone(contact) | Login::Email(contact) | Login::Nobody(contact)) = begin.contact;
    let proof = Proof {
        id,
        purpose: begin.purpose,
        citizen: begin.citizen,
        taken: begin.taken,
        epoch: begin.epoch,
        contact: seal_contact(vault, id, contact, moment.nonce(0))?,
        round: 1,
        code_sent_at: moment.now,
        tries: 0,
        done_at: None,
        expires_at: moment.now + PROOF_VALID,
        language: begin.language.to_owned(),
    };
    let admitted = admit(app, vault, begin.contact, begin.purpose, begin.whence, moment).await?;
    app.store.put_proof(&mut commit, &proof)?;
    admitted.write(app, &mut commit, moment.now);
    write(app, commit).await?;
    Ok(Begun { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at: proof.expires_at })
}

/// Under what the codes of a day are counted: those of one purpose do not use up those of another.
fn counted(vault: &Vault, contact: &Login, purpose: Purpose) -> String {
    vault.lookup(purpose.name(), &contact.hash(vault))
}

async fn admit(
    app: &App,
    vault: &Vault,
    contact: &Login,
    purpose: Purpose,
    whence: Whence<'_>,
    moment: &Moment,
) -> Result<floods::Admitted, Refusal> {
    let day = &counted(vault, contact, purpose);
    let lane = match purpose {
        Purpose::Recovery | Purpose::Unlock => Lane::Stranger,
        Purpose::Change | Purpose::Caller | Purpose::Device | Purpose::Identity | Purpose::Factor => {
            Lane::Known
        }
    };
    floods::admit(app, vault, Sending { contact, day, lane, whence }, moment).await
}

/// A proof under way.
pub type Begun = Started<ProofId>;

/// Asks for a new code; the ones before it are worth nothing then.
///
/// # Errors
/// [`Refusal::ResendTooEarly`] within a minute of the last one; [`Refusal::CodeLimit`]; [`Refusal::TooManyCodes`];
/// [`Refusal::ProofSpent`] when it is over.
pub async fn resend(
    app: &App,
    vault: &Vault,
    id: ProofId,
    purpose: Purpose,
    whence: Whence<'_>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let found = look(app, id).await?;
    if found.purpose != purpose {
        return Err(Refusal::NotFound);
    }
    if found.done_at.is_some() || moment.now >= found.expires_at {
        return Err(Refusal::ProofSpent);
    }
    let resend_at = found.code_sent_at + CODE_RESEND_AFTER;
    if moment.now < resend_at {
        return Err(Refusal::ResendTooEarly { seconds: (resend_at - moment.now).num_seconds().max(1) });
    }
    let Ok(contact) = open_contact(vault, &found)?.parse::<Login>();
    let admitted = admit(app, vault, &contact, purpose, whence, &moment).await?;
    let mut commit = Commit::new();
    app.store.next_round(&mut commit, &keys::proof(id), found.round, moment.now);
    admitted.write(app, &mut commit, moment.now);
    write(app, commit).await?;
    Ok(Begun { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at: found.expires_at })
}

async fn look(app: &App, id: ProofId) -> Result<Proof, Refusal> {
    app.store.read(&[keys::proof(id)]).await?.proof(id)?.ok_or(Refusal::NotFound)
}

/// The code of a proof's round: six digits derived under the codes' key, never kept.
pub fn code_of(codes: &ClearKey, id: ProofId, round: u32) -> String {
    six_digits(codes, b"proof", &id.0.to_bytes(), round)
}

/// Whose proof it is. Where strangers begin one by a phone or an address, that is looked up only when the code is sent and when it
/// was said rightly: what is not known when the proof is begun, neither the answer nor its time can tell (ACC-5). What was given
/// up since the code was asked for is nobody's.
///
/// # Errors
/// [`Refusal::Busy`] and what else the table's failures come to.
pub async fn whose(app: &App, vault: &Vault, found: &Proof) -> Result<Option<CitizenId>, Refusal> {
    let Ok(contact) = open_contact(vault, found)?.parse::<Login>();
    Ok(match found.purpose {
        Purpose::Recovery => app.store.login(&contact.hash(vault)).await?,
        Purpose::Unlock => unlock::opened_by(app, vault, &contact).await?.map(|unlock| unlock.citizen),
        Purpose::Change | Purpose::Caller | Purpose::Device | Purpose::Identity | Purpose::Factor => {
            found.citizen
        }
    })
}

/// A proof whose code was said.
pub(crate) enum Shown {
    /// It is good for what it is for, once; the proof names the citizen.
    Now(CitizenId, Proof),
    /// It has done so: its answer was lost.
    Before(CitizenId),
}

/// Compares a code. Every guess is counted in the write that reads what it is compared with.
///
/// # Errors
/// [`Refusal::CodeWrong`] with the guesses left, also where there is nobody to whom a code went; [`Refusal::CodeSpent`] when
/// there are none; [`Refusal::CodeExpired`] after ten minutes; [`Refusal::ProofSpent`] after an hour.
pub(crate) async fn show(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    (id, purpose): (ProofId, Purpose),
    code: &str,
) -> Result<Shown, Refusal> {
    let now = app.clock.now();
    let said = code.trim();
    let fits = |found: &Proof| bool::from(code_of(codes, id, found.round).as_bytes().ct_eq(said.as_bytes()));
    let counted = app.store.count_guess(&keys::proof(id)).await?;
    let Some(item) = counted else {
        let found = look(app, id).await?;
        if found.purpose != purpose || now >= found.expires_at {
            return Err(Refusal::ProofSpent);
        }
        return match (found.done_at, found.citizen) {
            // Nothing is left to be guessed: the code is worth nothing any more.
            (Some(_), Some(citizen)) if fits(&found) => Ok(Shown::Before(citizen)),
            (Some(_), _) => Err(Refusal::ProofSpent),
            (None, _) => Err(Refusal::CodeSpent),
        };
    };
    let found = proof::from_item(&item)?;
    if now >= found.expires_at {
        return Err(Refusal::ProofSpent);
    }
    if now > found.code_sent_at + CODE_VALID {
        return Err(Refusal::CodeExpired);
    }
    if !fits(&found) || found.taken || found.purpose != purpose {
        return Err(Refusal::CodeWrong { left: CODE_TRIES.saturating_sub(found.tries) });
    }
    // Said rightly, it is told that nobody has the contact any more.
    let citizen = whose(app, vault, &found).await?.ok_or(Refusal::ProofSpent)?;
    Ok(Shown::Now(citizen, Proof { citizen: Some(citizen), ..found }))
}

//! Registering: a phone proved by a code, then a name, an address and a password (ACC-1, ACC-2).
//!
//! No answer tells whether a phone or an address has a cabinet already: its owner is told by message.

mod again;
mod form;
mod link;

use crate::account::devices::NewDevice;
use crate::bearer::new_session;
use crate::contact::Login;
use crate::floods::{self, Sending, Whence};
use crate::{App, Refusal, called, password};
use chrono::{DateTime, Utc};
use domain::citizen::{Accepted, Cabinet, Citizen, Person, Reach};
use domain::floods::Lane;
use domain::limits::{CODE_RESEND_AFTER, CODE_TRIES, CODE_VALID, REGISTRATION_VALID};
use domain::moment::Draw;
use domain::waitlist::Class;
use domain::{CitizenId, Moment, RegistrationId};
use store::items::registration::{self, Registration, open_phone, seal_phone};
use store::tries::Tries;
use store::vault::{ClearKey, mac};
use store::{Commit, Committed, Guard, Vault, keys};
use subtle::ConstantTimeEq;

pub use form::{AGREEMENT_VERSION, CONSENT_VERSION, Form, NewCitizen};
pub use link::{confirm_email, email_token};

/// Something begun that goes on with a code, or its next code asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started<I = RegistrationId> {
    pub id: I,
    pub resend_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Begins a registration: a code goes to the phone.
///
/// # Errors
/// [`Refusal::CodeLimit`] beyond ten codes a day to one phone; [`Refusal::ResendTooEarly`] within a minute of any code to it;
/// [`Refusal::TooManyCodes`] when too many go out.
pub async fn start(
    app: &App,
    vault: &Vault,
    phone: &str,
    language: &str,
    whence: Whence<'_>,
) -> Result<Started, Refusal> {
    let moment = app.clock.moment();
    let hash = vault.lookup("phone", phone);
    let contact = Login::Phone(phone.to_owned());
    let (known, admitted) =
        futures::join!(app.store.login(&hash), admit(app, vault, &contact, &hash, whence, &moment));
    let (known, admitted) = (known?.is_some(), admitted?);
    let id = RegistrationId(moment.ulid(Draw::Registration));
    let registration = Registration {
        id,
        phone: seal_phone(vault, id, phone, moment.nonce(0))?,
        round: 1,
        code_sent_at: moment.now,
        tries: 0,
        known,
        verified_at: None,
        citizen: None,
        expires_at: moment.now + REGISTRATION_VALID,
        language: language.to_owned(),
    };
    let mut commit = Commit::new();
    app.store.put_registration(&mut commit, &registration)?;
    admitted.write(app, &mut commit, moment.now);
    let expires_at = registration.expires_at;
    write(app, commit).await?;
    Ok(Started { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at })
}

/// Asks for a new code; the ones before it are worth nothing then.
///
/// # Errors
/// [`Refusal::ResendTooEarly`] within a minute of the last one; [`Refusal::CodeLimit`]; [`Refusal::TooManyCodes`];
/// [`Refusal::PhoneConfirmed`]; [`Refusal::RegistrationSpent`] when the registration is over.
pub async fn resend(
    app: &App,
    vault: &Vault,
    id: RegistrationId,
    whence: Whence<'_>,
) -> Result<Started, Refusal> {
    let moment = app.clock.moment();
    let found = find(app, id, &moment).await?;
    if found.verified_at.is_some() {
        return Err(Refusal::PhoneConfirmed);
    }
    let resend_at = found.code_sent_at + CODE_RESEND_AFTER;
    if moment.now < resend_at {
        return Err(Refusal::ResendTooEarly { seconds: (resend_at - moment.now).num_seconds().max(1) });
    }
    let contact = Login::Phone(open_phone(vault, &found)?);
    let admitted = admit(app, vault, &contact, &contact.hash(vault), whence, &moment).await?;
    let mut commit = Commit::new();
    app.store.next_round(&mut commit, &keys::registration(id), found.round, moment.now);
    admitted.write(app, &mut commit, moment.now);
    write(app, commit).await?;
    Ok(Started { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at: found.expires_at })
}

async fn admit(
    app: &App,
    vault: &Vault,
    contact: &Login,
    day: &str,
    whence: Whence<'_>,
    moment: &Moment,
) -> Result<floods::Admitted, Refusal> {
    floods::admit(app, vault, Sending { contact, day, lane: Lane::Stranger, whence }, moment).await
}

async fn look(app: &App, id: RegistrationId) -> Result<Registration, Refusal> {
    let batch = app.store.read(&[keys::registration(id)]).await?;
    batch.registration(id)?.ok_or(Refusal::NotFound)
}

async fn find(app: &App, id: RegistrationId, moment: &Moment) -> Result<Registration, Refusal> {
    let found = look(app, id).await?;
    if moment.now >= found.expires_at || found.citizen.is_some() {
        Err(Refusal::RegistrationSpent)
    } else {
        Ok(found)
    }
}

pub(crate) async fn write(app: &App, commit: Commit) -> Result<(), Refusal> {
    // Whoever asked begins anew: one try, and busy if others were faster.
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(guards) if guards.contains(&Guard::Limit) => Err(Refusal::CodeLimit),
        Committed::Refused(guards) if guards.contains(&Guard::Pause) => {
            Err(Refusal::ResendTooEarly { seconds: CODE_RESEND_AFTER.num_seconds() })
        }
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// The code of a registration's round: six digits derived under the codes' key, never kept.
pub fn code_of(codes: &ClearKey, id: RegistrationId, round: u32) -> String {
    six_digits(codes, b"registration", &id.0.to_bytes(), round)
}

/// A code of what is proved in a round.
pub(crate) fn six_digits(codes: &ClearKey, of: &[u8], id: &[u8], round: u32) -> String {
    let mac = mac(codes, &[of, id, &round.to_be_bytes()]);
    let number = u64::from_be_bytes(core::array::from_fn(|i| mac[i]));
    format!("{:06}", number % 1_000_000)
}

/// Confirms the phone by its code. Every guess is counted in the write that reads what it is compared with.
/// Confirming twice with the same code is fine.
///
/// # Errors
/// [`Refusal::CodeWrong`] with the guesses left, [`Refusal::CodeSpent`] when there are none,
/// [`Refusal::CodeExpired`] after ten minutes.
pub async fn verify(app: &App, codes: &ClearKey, id: RegistrationId, code: &str) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let key = keys::registration(id);
    let counted = app.store.count_guess(&key).await?;
    let Some(found) = counted.as_ref().map(registration::from_item).transpose()? else {
        return verified_before(app, codes, id, code).await;
    };
    if moment.now >= found.expires_at {
        return Err(Refusal::RegistrationSpent);
    }
    if moment.now > found.code_sent_at + CODE_VALID {
        return Err(Refusal::CodeExpired);
    }
    // To a phone with a cabinet no code was sent: whatever is guessed is wrong.
    if !fits(codes, &found, code) || found.known {
        return Err(Refusal::CodeWrong { left: CODE_TRIES.saturating_sub(found.tries) });
    }
    if app.store.mark_verified(&key, found.round, moment.now).await? {
        Ok(())
    } else {
        // A double tap, or another code was asked for in the same instant.
        verified_before(app, codes, id, code).await
    }
}

/// Whether the phone was confirmed by this code: the answer was lost, or came to another tap. Nothing is left to be guessed then:
/// the code is worth nothing any more.
async fn verified_before(app: &App, codes: &ClearKey, id: RegistrationId, code: &str) -> Result<(), Refusal> {
    let found = look(app, id).await?;
    match found.verified_at {
        Some(_) if found.citizen.is_none() && fits(codes, &found, code) => Ok(()),
        Some(_) => Err(Refusal::RegistrationSpent),
        None => Err(Refusal::CodeSpent),
    }
}

fn fits(codes: &ClearKey, found: &Registration, code: &str) -> bool {
    bool::from(code_of(codes, found.id, found.round).as_bytes().ct_eq(code.trim().as_bytes()))
}

/// A cabinet, and the session in which it opens. Not for logs: whoever has the token is the citizen.
#[derive(Clone)]
pub struct Registered {
    pub citizen: CitizenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
    /// By which the device is known.
    pub device: String,
}

/// Ends a registration with a working cabinet. Asked for again at once it opens the same cabinet.
///
/// # Errors
/// [`Refusal::RegistrationSpent`] when the phone is not confirmed, or the registration ended already and the
/// caller does not prove to be whoever ended it; [`Refusal::Fields`] when the password has the phone in it: then
/// the registration goes on.
pub async fn complete(
    app: &App,
    vault: &Vault,
    id: RegistrationId,
    new: NewCitizen,
    called: Option<&str>,
) -> Result<Registered, Refusal> {
    let moment = app.clock.moment();
    let found = look(app, id).await?;
    if let Some(citizen) = found.citizen {
        return again::open(app, vault, (id, citizen), new.password, called, &moment).await;
    }
    if moment.now >= found.expires_at || found.verified_at.is_none() {
        return Err(Refusal::RegistrationSpent);
    }
    let phone = open_phone(vault, &found)?;
    new.suits(&phone)?;
    // Without a hash nobody could ever sign in to this cabinet.
    let hash = password::hash(new.password.clone(), moment.bytes(Draw::Salt)).await.ok_or(Refusal::Busy)?;
    let accepted = |version: &str| Some(Accepted { version: version.to_owned(), at: moment.now });
    let citizen = Citizen {
        id: CitizenId(moment.ulid(Draw::Citizen)),
        email_confirmed_at: None,
        named: true,
        agreement: accepted(AGREEMENT_VERSION),
        consent: accepted(CONSENT_VERSION),
        language: new.language.clone(),
        reach: Reach::default(),
        confirmed: None,
        met: Vec::new(),
        class: Class::default(),
        blocked: None,
        cabinet: Cabinet::Own,
        representatives: Vec::new(),
        epoch: 1,
        unlocked: 0,
        created_at: moment.now,
        deletion_asked_at: None,
    };
    let person = Person { name: new.name, phone, email: new.email };
    let device = NewDevice::of(vault, &citizen, called, &moment)?;
    let session = new_session(citizen.id, citizen.epoch, &moment).on(vault, citizen.id, called, &moment)?;
    let session = session.at(&device.hash);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        app.store.put_citizen(&mut commit, &citizen, &person, &hash, vault, &moment)?;
        app.store.put_names(&mut commit, citizen.id, &called::hashes(&person.name, vault));
        app.store.put_session(&mut commit, citizen.id, &session.hash, &session.session)?;
        device.put(app, &mut commit, citizen.id)?;
        app.store.end_registration(&mut commit, id, citizen.id);
        let done = match app.store.commit(commit).await {
            Committed::Done => true,
            Committed::Refused(_) => {
                // By an earlier try of our own, or by another: the registration tells whose cabinet it ended with.
                match look(app, id).await?.citizen {
                    Some(ended) if ended == citizen.id => true,
                    Some(ended) => {
                        return again::open(app, vault, (id, ended), new.password, called, &moment).await;
                    }
                    None => return Err(Refusal::RegistrationSpent),
                }
            }
            Committed::Conflict | Committed::Unknown(_) => false,
        };
        if done {
            let expires_at = session.session.expires_at;
            let device = device.token;
            return Ok(Registered { citizen: citizen.id, token: session.token, expires_at, device });
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_six_digits(key: [u8; 32], id: u128, round: u32) {
            let code = code_of(&ClearKey::new(key), RegistrationId(domain::Ulid::from(id)), round);
            prop_assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        }
    }

    #[test]
    fn a_code_is_of_its_key_registration_and_round() {
        let code = |key, id: u128, round| {
            code_of(&ClearKey::new([key; 32]), RegistrationId(domain::Ulid::from(id)), round)
        };
        assert_eq!(code(1, 1, 1), code(1, 1, 1));
        assert_ne!(code(1, 1, 1), code(2, 1, 1));
        assert_ne!(code(1, 1, 1), code(1, 2, 1));
        assert_ne!(code(1, 1, 1), code(1, 1, 2));
    }
}

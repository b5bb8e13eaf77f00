//! Registering: a phone proved by a code, then a name, an address and a password (ACC-1, ACC-2).
//!
//! No answer tells whether a phone or an address has a cabinet already: its owner is told by message.

use crate::bearer::new_session;
use crate::refusal::WrongField;
use crate::{App, Refusal, contact, password};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::citizen::{Accepted, Citizen, Name, Person};
use domain::limits::{CODE_RESEND_AFTER, CODE_TRIES, CODE_VALID, LINK_VALID, REGISTRATION_VALID};
use domain::moment::Draw;
use domain::waitlist::Class;
use domain::{CitizenId, Moment, RegistrationId};
use store::items::citizen as record;
use store::items::registration::{Registration, open_phone, seal_phone};
use store::tries::Tries;
use store::vault::{ClearKey, mac};
use store::{Commit, Committed, Guard, Vault, keys};
use subtle::ConstantTimeEq;

/// The texts that are accepted, by version: a new version is accepted anew.
pub const AGREEMENT_VERSION: &str = "2026-11";
pub const CONSENT_VERSION: &str = "2026-11";

/// A registration begun, or its next code asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub id: RegistrationId,
    pub resend_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Begins a registration: a code goes to the phone.
///
/// # Errors
/// [`Refusal::CodeLimit`] beyond ten codes a day to one phone.
pub async fn start(app: &App, vault: &Vault, phone: &str, language: &str) -> Result<Started, Refusal> {
    let moment = app.clock.moment();
    let hash = vault.lookup("phone", phone);
    let known = app.store.login(&hash).await?.is_some();
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
    app.store.count_code(&mut commit, &hash, moment.now.date_naive());
    let expires_at = registration.expires_at;
    write(app, commit).await?;
    Ok(Started { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at })
}

/// Asks for a new code; the ones before it are worth nothing then.
///
/// # Errors
/// [`Refusal::ResendTooEarly`] within a minute of the last one; [`Refusal::CodeLimit`];
/// [`Refusal::RegistrationSpent`] when the phone is confirmed or the registration is over.
pub async fn resend(app: &App, vault: &Vault, id: RegistrationId) -> Result<Started, Refusal> {
    let moment = app.clock.moment();
    let found = find(app, id, &moment).await?;
    if found.verified_at.is_some() {
        return Err(Refusal::RegistrationSpent);
    }
    let resend_at = found.code_sent_at + CODE_RESEND_AFTER;
    if moment.now < resend_at {
        return Err(Refusal::ResendTooEarly { seconds: (resend_at - moment.now).num_seconds().max(1) });
    }
    let hash = vault.lookup("phone", &open_phone(vault, &found)?);
    let mut commit = Commit::new();
    app.store.next_round(&mut commit, &found, moment.now);
    app.store.count_code(&mut commit, &hash, moment.now.date_naive());
    write(app, commit).await?;
    Ok(Started { id, resend_at: moment.now + CODE_RESEND_AFTER, expires_at: found.expires_at })
}

async fn find(app: &App, id: RegistrationId, moment: &Moment) -> Result<Registration, Refusal> {
    let batch = app.store.read(&[keys::registration(id)]).await?;
    let found = batch.registration(id)?.ok_or(Refusal::NotFound)?;
    if moment.now >= found.expires_at || found.citizen.is_some() {
        Err(Refusal::RegistrationSpent)
    } else {
        Ok(found)
    }
}

async fn write(app: &App, commit: Commit) -> Result<(), Refusal> {
    // Whoever asked begins anew: one try, and busy if others were faster.
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(guards) if guards.contains(&Guard::Limit) => Err(Refusal::CodeLimit),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// The code of a registration's round: six digits derived under the codes' key, never kept.
pub fn code_of(codes: &ClearKey, id: RegistrationId, round: u32) -> String {
    let mac = mac(codes, &[b"registration", &id.0.to_bytes(), &round.to_be_bytes()]);
    let number = u64::from_be_bytes(core::array::from_fn(|i| mac[i]));
    format!("{:06}", number % 1_000_000)
}

/// Confirms the phone by its code. Every guess is counted in the write that reads what it is compared with.
///
/// # Errors
/// [`Refusal::CodeWrong`] with the guesses left, [`Refusal::CodeSpent`] when there are none,
/// [`Refusal::CodeExpired`] after ten minutes.
pub async fn verify(app: &App, codes: &ClearKey, id: RegistrationId, code: &str) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let Some(found) = app.store.count_guess(id).await? else {
        let batch = app.store.read(&[keys::registration(id)]).await?;
        return match batch.registration(id)? {
            None => Err(Refusal::NotFound),
            Some(found) if found.verified_at.is_some() => Err(Refusal::RegistrationSpent),
            Some(_) => Err(Refusal::CodeSpent),
        };
    };
    if moment.now >= found.expires_at {
        return Err(Refusal::RegistrationSpent);
    }
    if moment.now > found.code_sent_at + CODE_VALID {
        return Err(Refusal::CodeExpired);
    }
    let right = bool::from(code_of(codes, id, found.round).as_bytes().ct_eq(code.trim().as_bytes()));
    // To a phone with a cabinet no code was sent: whatever is guessed is wrong.
    if !right || found.known {
        return Err(Refusal::CodeWrong { left: CODE_TRIES.saturating_sub(found.tries) });
    }
    if app.store.mark_verified(id, found.round, moment.now).await? { Ok(()) } else { Err(Refusal::CodeSpent) }
}

/// What the new citizen filled in, as it came.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub email: Option<String>,
    pub password: Option<String>,
    pub language: String,
    /// The version of the agreement accepted; none when it was not.
    pub agreement: Option<String>,
    pub consent: Option<String>,
}

/// The same, checked.
#[derive(Debug, Clone)]
pub struct NewCitizen {
    pub name: Name,
    pub email: String,
    password: String,
    language: String,
}

impl NewCitizen {
    /// Reads the form, naming everything that is wrong with it.
    ///
    /// # Errors
    /// [`Refusal::Fields`].
    pub fn parse(form: &Form) -> Result<Self, Refusal> {
        let mut wrong: Vec<WrongField> = Vec::new();
        let mut read =
            |field: &str, value: &Option<String>, parse: fn(&str) -> Result<String, &'static str>| {
                let given = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
                match given.map_or(Err("required"), parse) {
                    Ok(read) => read,
                    Err(code) => {
                        let max = domain::limits::NAME_MAX;
                        wrong.push(WrongField::new(field, code).with("max", max));
                        String::new()
                    }
                }
            };
        let surname = read("surname", &form.surname, contact::name);
        let given = read("givenName", &form.given_name, contact::name);
        let has_patronymic = form.patronymic.as_deref().is_some_and(|value| !value.trim().is_empty());
        let patronymic = has_patronymic.then(|| read("patronymic", &form.patronymic, contact::name));
        let email = read("email", &form.email, contact::email);
        let password = form.password.clone().unwrap_or_default();
        let mailbox = email.split('@').next().unwrap_or_default().to_owned();
        if password.is_empty() {
            wrong.push(WrongField::new("password", "required"));
        } else {
            wrong.extend(password::check("password", &password, &[&mailbox]));
        }
        for (field, given, now) in
            [("agreement", &form.agreement, AGREEMENT_VERSION), ("consent", &form.consent, CONSENT_VERSION)]
        {
            match given.as_deref() {
                None => wrong.push(WrongField::new(field, "must-accept")),
                Some(version) if version != now => {
                    wrong.push(WrongField::new(field, "old-version").with("version", now));
                }
                Some(_) => {}
            }
        }
        if !wrong.is_empty() {
            return Err(Refusal::Fields(wrong));
        }
        Ok(Self {
            name: Name { surname, given, patronymic },
            email,
            password,
            language: form.language.clone(),
        })
    }
}

/// A cabinet, and the session in which it opens.
#[derive(Debug, Clone)]
pub struct Registered {
    pub citizen: CitizenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// Ends a registration with a working cabinet.
///
/// # Errors
/// [`Refusal::RegistrationSpent`] when the phone is not confirmed, or the registration ended already.
pub async fn complete(
    app: &App,
    vault: &Vault,
    id: RegistrationId,
    new: NewCitizen,
) -> Result<Registered, Refusal> {
    let moment = app.clock.moment();
    let hashing = password::hash(new.password.clone(), moment.bytes(Draw::Salt));
    let (found, hash) = futures::join!(find(app, id, &moment), hashing);
    let found = found?;
    if found.verified_at.is_none() {
        return Err(Refusal::RegistrationSpent);
    }
    let phone = open_phone(vault, &found)?;
    let accepted = |version: &str| Some(Accepted { version: version.to_owned(), at: moment.now });
    let citizen = Citizen {
        id: CitizenId(moment.ulid(Draw::Citizen)),
        email_confirmed_at: None,
        named: true,
        agreement: accepted(AGREEMENT_VERSION),
        consent: accepted(CONSENT_VERSION),
        language: new.language.clone(),
        class: Class::default(),
        blocked: None,
        epoch: 1,
        created_at: moment.now,
    };
    let person = Person { name: new.name, phone, email: new.email };
    let session = new_session(citizen.id, citizen.epoch, &moment);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        app.store.put_citizen(&mut commit, &citizen, &person, &hash, vault, &moment)?;
        app.store.put_session(&mut commit, citizen.id, &session.hash, &session.session)?;
        app.store.end_registration(&mut commit, id, citizen.id);
        let done = match app.store.commit(commit).await {
            Committed::Done => true,
            Committed::Refused(_) => {
                // By an earlier try of our own, or by another: the registration tells whose cabinet it ended with.
                let ended = app.store.read(&[keys::registration(id)]).await?.registration(id)?;
                if ended.and_then(|ended| ended.citizen) != Some(citizen.id) {
                    return Err(Refusal::RegistrationSpent);
                }
                true
            }
            Committed::Conflict | Committed::Unknown(_) => false,
        };
        if done {
            let expires_at = session.session.expires_at;
            return Ok(Registered { citizen: citizen.id, token: session.token, expires_at });
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// The secret of the link that confirms an address: bound to the person, the address and its end. Also tells the end.
pub fn email_token(
    links: &ClearKey,
    vault: &Vault,
    citizen: CitizenId,
    email: &str,
    asked_at: DateTime<Utc>,
) -> (String, DateTime<Utc>) {
    let expires_at = asked_at + LINK_VALID;
    let seconds = expires_at.timestamp();
    let mac = link_mac(links, vault, citizen, email, seconds);
    (format!("{citizen}.{seconds}.{}", URL_SAFE_NO_PAD.encode(mac)), expires_at)
}

fn link_mac(links: &ClearKey, vault: &Vault, citizen: CitizenId, email: &str, seconds: i64) -> [u8; 32] {
    let address = vault.lookup("email", email);
    mac(links, &[b"email", &citizen.0.to_bytes(), address.as_bytes(), &seconds.to_be_bytes()])
}

/// Confirms an address by its link. Confirming twice is fine.
///
/// # Errors
/// [`Refusal::LinkExpired`] for every link that is not good: too old, for a former address, forged, or for an
/// address that somebody else confirmed first.
pub async fn confirm_email(app: &App, vault: &Vault, links: &ClearKey, token: &str) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let mut parts = token.trim().split('.');
    let (Some(citizen), Some(seconds), Some(given), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::LinkExpired);
    };
    let citizen: CitizenId = citizen.parse().map_err(|_| Refusal::LinkExpired)?;
    let seconds: i64 = seconds.parse().map_err(|_| Refusal::LinkExpired)?;
    let given = URL_SAFE_NO_PAD.decode(given).map_err(|_| Refusal::LinkExpired)?;
    let me = keys::me(citizen);
    let batch = app.store.read(std::slice::from_ref(&me)).await?;
    let (Some(item), Some(found)) = (batch.item(&me), batch.citizen(citizen)?) else {
        return Err(Refusal::LinkExpired);
    };
    let person = record::person(item, vault)?;
    let right = bool::from(given.ct_eq(&link_mac(links, vault, citizen, &person.email, seconds)));
    if !right || moment.now.timestamp() >= seconds {
        return Err(Refusal::LinkExpired);
    }
    if found.email_confirmed_at.is_some() {
        return Ok(());
    }
    let mut commit = Commit::new();
    let hash = vault.lookup("email", &person.email);
    app.store.confirm_email(&mut commit, citizen, item, &hash, moment.now)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) => match app.store.login(&hash).await? {
            // Our own earlier try.
            Some(owner) if owner == citizen => Ok(()),
            _ => Err(Refusal::LinkExpired),
        },
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

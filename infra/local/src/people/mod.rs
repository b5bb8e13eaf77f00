//! Becoming a citizen, or a colleague: the one way in which a command or a test makes somebody with a session.
//!
//! Step by step as people do it: phone, code from the SMS, form, link from the mail. The messages are read in the
//! outbox, so the system must be open here.

mod papers;

use crate::functions::FunctionError;
use crate::system::System;
use crate::visitor::{Answer, Ask};
use app::Refusal;
use app::factor;
use app::staff::enrol;
use app::staff::invite::{self, Form};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::StoreError;

pub use papers::{attach, nothing_else, page, pages, papers, scan, upload};
/// The n-th of many made-up mobiles, each among other numbers: codes to neighbours are counted together. From 100,000 on they
/// come again.
pub fn phone(n: usize) -> String {
    format!("+79{:05}{:04}", n * 97 % 100_000, n % 10_000)
}

/// Letters looked back at for what was sent to somebody.
const LOOK_BACK: i64 = 20;

/// Who somebody is before the system knows them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    /// E.164: as messages are addressed.
    pub phone: String,
    pub email: String,
    pub password: String,
    /// The language in which they ask and are written to: `ru` or `en`.
    pub language: String,
}

/// Somebody with a cabinet and a session in it.
#[derive(Debug, Clone)]
pub struct Citizen {
    pub id: String,
    pub phone: String,
    pub email: String,
    pub token: String,
    /// By which the device is known on which they registered.
    pub device: String,
}

/// Whose each phone and address is: citizens' ids by contact.
pub fn contacts(people: &[Citizen]) -> BTreeMap<String, String> {
    let each = people.iter().flat_map(|person| [(&person.phone, person), (&person.email, person)]);
    each.map(|(contact, person)| (contact.clone(), person.id.clone())).collect()
}

/// Why somebody did not become a citizen.
#[derive(Debug, thiserror::Error)]
pub enum NoCitizen {
    #[error("{step} was answered with {status}: {raw}")]
    Refused { step: &'static str, status: u16, raw: String },
    #[error("no {what} was sent to {to}")]
    NotTold { what: &'static str, to: String },
    #[error("the outbox cannot be read")]
    Outbox(#[from] rusqlite::Error),
}

/// Makes somebody who is ready to book.
///
/// # Errors
/// When a step is refused or its message does not come.
pub async fn become_citizen(system: &System, person: &Person) -> Result<Citizen, NoCitizen> {
    let citizen = register(system, person).await?;
    let mail = last_sent(system, &citizen.email)?;
    let secret = mail.as_deref().and_then(secret_in).ok_or_else(|| not_told("link", &citizen.email))?;
    done("confirming the address", system.ask(confirm(&secret)).await)?;
    done("the profile", system.ask(say_who(&citizen.token)).await)?;
    system.settle().await;
    Ok(citizen)
}

/// Makes somebody whose address is not confirmed yet.
///
/// # Errors
/// As [`become_citizen`].
pub async fn register(system: &System, person: &Person) -> Result<Citizen, NoCitizen> {
    let begun = done("beginning to register", system.ask(begin(person)).await)?;
    system.settle().await;
    let sms = last_sent(system, &person.phone)?;
    let code = sms.as_deref().and_then(code_in).ok_or_else(|| not_told("code", &person.phone))?;
    done("proving the phone", system.ask(prove(begun.text("/id"), &code)).await)?;
    let registered = done("the form", system.ask(complete(begun.text("/id"), person)).await)?;
    system.settle().await;
    Ok(citizen(person, &registered))
}

/// What a person has after [`complete`] was answered.
pub fn citizen(person: &Person, registered: &Answer) -> Citizen {
    Citizen {
        id: registered.text("/citizenId").to_owned(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        token: registered.text("/token").to_owned(),
        device: registered.text("/deviceToken").to_owned(),
    }
}

/// Asks for the code.
pub fn begin(person: &Person) -> Ask {
    Ask::post("/v1/registrations", json!({ "phone": person.phone }))
        .with_header("accept-language", &*person.language)
}

/// Gives the code from the SMS.
pub fn prove(registration: &str, code: &str) -> Ask {
    Ask::post(format!("/v1/registrations/{registration}/verify"), json!({ "code": code }))
}

/// Gives the form.
pub fn complete(registration: &str, person: &Person) -> Ask {
    Ask::post(format!("/v1/registrations/{registration}/complete"), form(person))
        .with_header("accept-language", &*person.language)
}

/// Says of oneself what is asked for before one may book.
pub fn say_who(token: &str) -> Ask {
    Ask::patch("/v1/me/profile", profile()).with_session(token)
}

/// A profile with all that is asked for. The numbers are nobody's: their check digits fit.
pub fn profile() -> Value {
    json!({
        "birthDate": "1985-03-08",
        "identityDocument": {
            "kind": "passport", "series": "45 08", "number": "123456", "issuedOn": "2005-04-02",
            "issuedBy": "Taganskoye",
        },
        "snils": "112-233-445 95",
        "address": { "regionId": "RU-MOW", "text": "Taganskaya 1-2" },
        "policy": { "kind": "compulsory", "number": "7700 0012 3456 7890", "issuedOn": "2012-06-01" },
    })
}

/// The form as a person fills it in, with both agreements in their present versions.
pub fn form(person: &Person) -> Value {
    let accepted = |version: &str| json!({ "accepted": true, "version": version });
    json!({
        "surname": person.surname, "givenName": person.given_name, "patronymic": person.patronymic,
        "email": person.email, "password": person.password,
        "agreement": accepted(app::register::AGREEMENT_VERSION), "consent": accepted(app::register::CONSENT_VERSION),
    })
}

/// Presses the button of the page that the mail's link opens.
pub fn confirm(secret: &str) -> Ask {
    Ask::post("/v1/email-confirmations", json!({ "token": secret }))
}

/// The newest letter to a phone or an address, of the last twenty.
///
/// # Errors
/// When the outbox cannot be read.
pub fn last_sent(system: &System, to: &str) -> Result<Option<String>, rusqlite::Error> {
    let last = system.outbox().last_number()?;
    let sent = system.outbox().list((last - LOOK_BACK).max(0), LOOK_BACK as u32)?;
    let found = sent.into_iter().rev().find(|sent| sent.letter.to.iter().any(|one| one == to));
    Ok(found.and_then(|sent| sent.letter.text))
}

/// The six digits of a message.
pub fn code_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
}

/// The secret of the link in a message.
pub fn secret_in(text: &str) -> Option<String> {
    let after = text.split("token=").nth(1)?;
    Some(after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect())
}

fn done(step: &'static str, answer: Answer) -> Result<Answer, NoCitizen> {
    if (200..300).contains(&answer.status) {
        Ok(answer)
    } else {
        Err(NoCitizen::Refused { step, status: answer.status, raw: answer.raw })
    }
}

fn not_told(what: &'static str, to: &str) -> NoCitizen {
    NoCitizen::NotTold { what, to: to.to_owned() }
}

/// Invites the first administrator; the link is for whoever asked.
///
/// # Errors
/// What the use case refuses.
pub async fn first_administrator(
    system: &System,
    form: &Form,
    language: &str,
    forced: bool,
) -> Result<String, Refusal> {
    let down = |error: FunctionError| Refusal::Unavailable(StoreError::Unavailable(error));
    let edge = system.edge("staff").map_err(down)?;
    let invitation = invite::invite_first(edge.app(), &edge.vault().await?, form, language, forced).await?;
    let token = enrol::token(&edge.links().await?, &invitation);
    Ok(format!("{}/staff/invitation?token={token}", edge.settings().portal_url))
}

/// Somebody who works here, with a session and what opens the next one.
#[derive(Debug, Clone)]
pub struct Colleague {
    pub id: String,
    pub email: String,
    pub token: String,
    /// The authenticator's secret.
    pub secret: String,
    pub recovery_codes: Vec<String>,
}

/// Somebody invited by another, who accepts by the link in the letter; `asked` is the invitation's body.
///
/// # Errors
/// When a step is refused.
pub async fn colleague(
    system: &System,
    by: &Colleague,
    asked: Value,
    password: &str,
) -> Result<Colleague, NoCitizen> {
    let email = asked["email"].as_str().unwrap_or_default().to_owned();
    let asked = Ask::post("/v1/staff/invitations", asked).with_session(&by.token);
    done("inviting", system.ask(asked).await)?;
    system.settle().await;
    let letter = last_sent(system, &email).ok().flatten().unwrap_or_default();
    accept(system, &secret_in(&letter).unwrap_or_default(), password).await
}

/// Accepts an invitation by the secret of its link, as people do.
///
/// # Errors
/// When a step is refused.
pub async fn accept(system: &System, secret: &str, password: &str) -> Result<Colleague, NoCitizen> {
    let asked = json!({ "token": secret });
    let look = done("opening the invitation", system.ask(Ask::post("/v1/staff/enrolments", asked)).await)?;
    let code = factor::code_at(look.text("/secret"), system.now()).unwrap_or_default();
    let asked = json!({ "token": secret, "password": password, "setup": look.text("/setup"), "code": code });
    let accepted = system.ask(Ask::post("/v1/staff/enrolments/complete", asked)).await;
    let accepted = done("accepting the invitation", accepted)?;
    let codes = accepted.body["recoveryCodes"].as_array().cloned().unwrap_or_default();
    Ok(Colleague {
        id: accepted.text("/memberId").to_owned(),
        email: look.text("/email").to_owned(),
        token: accepted.text("/token").to_owned(),
        secret: look.text("/secret").to_owned(),
        recovery_codes: codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect(),
    })
}

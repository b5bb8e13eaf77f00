//! A text that is to be signed electronically, as it is given out, and what is told of a signature (ACC-9, BKG-8).

use super::utc;
use super::views::said;
use crate::Edge;
use app::signing::{Begun, Facts};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::ChallengeId;
use domain::appointment::Application;
use domain::catalogue::{FieldKind, Service};
use domain::profile::Demand;
use domain::signing::Preferred;
use serde::Serialize;
use store::items::signed::SignedApplication;
use text::{Args, Lang, Statement};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextToSignView {
    id: String,
    /// What is to be signed, to the letter: these characters in UTF-8.
    text: String,
    /// The same bytes, for tools that take a file.
    text_base64: String,
    /// By when the signature is to be sent.
    expires_at: String,
}

impl TextToSignView {
    pub fn new(id: ChallengeId, text: String, expires_at: DateTime<Utc>) -> Self {
        Self { id: id.to_string(), text_base64: STANDARD.encode(&text), text, expires_at: utc(expires_at) }
    }
}

impl From<Begun> for TextToSignView {
    fn from(begun: Begun) -> Self {
        Self::new(begun.id, begun.text, begun.expires_at)
    }
}

/// What is to be signed of an application, in a language.
pub fn statement(edge: &Edge, lang: Lang, facts: &Facts<'_>) -> String {
    let (office, service, application) = (facts.office, facts.service, facts.application);
    let agency = edge.app().catalogue.agencies.get(&office.agency);
    let fields: Vec<(&str, &str)> =
        application.fields.iter().map(|(name, value)| answer(service, name, value, lang)).collect();
    let preferred: Vec<(NaiveDate, NaiveDate)> =
        application.preferred.iter().map(|dates| (dates.from, dates.to)).collect();
    text::statement(
        lang,
        &Statement {
            id: &facts.id.to_string(),
            agency: agency.map_or(office.agency.as_str(), |agency| said(&agency.name, lang)),
            by: &facts.by,
            behalf: facts.behalf.as_deref(),
            service: said(&service.name, lang),
            purpose: application.purpose.as_deref(),
            fields: &fields,
            preferred: &preferred,
            phone: application.phone.as_deref(),
            email: application.email.as_deref(),
            rules_version: &application.rules_version,
            asked_at: facts.asked_at,
            expires_at: facts.expires_at,
            zone: office.zone,
            nonce: &facts.nonce,
        },
    )
}

/// An answer to one of the service's own questions, as people read it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    name: String,
    label: String,
    value: String,
}

/// What was answered to the service's own questions.
pub fn answers(service: Option<&Service>, application: &Application, lang: Lang) -> Vec<AnswerView> {
    let view = |(name, value): &(String, String)| {
        let (label, said) = service.map_or((&**name, &**value), |service| answer(service, name, value, lang));
        AnswerView { name: name.clone(), label: label.to_owned(), value: said.to_owned() }
    };
    application.fields.iter().map(view).collect()
}

/// A field by what it is called, and the answer as people read it.
fn answer<'a>(service: &'a Service, name: &'a str, value: &'a str, lang: Lang) -> (&'a str, &'a str) {
    let Some(field) = service.fields.iter().find(|field| field.name == name) else { return (name, value) };
    let chosen = match &field.kind {
        FieldKind::Choice(choices) => choices.iter().find(|(known, _)| known == value),
        _ => None,
    };
    (said(&field.label, lang), chosen.map_or(value, |(_, text)| said(text, lang)))
}

/// That an application is signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedView {
    /// When the signature was verified.
    at: String,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    text: String,
}

pub fn signed(application: &Application, zone: Tz, lang: Lang) -> Option<SignedView> {
    let signed = application.signed.as_ref()?;
    let args = Args::new().maybe("name", signed.by.clone()).with("when", text::when(lang, signed.at, zone));
    let text = text::label_with(lang, "signed-electronically", &args);
    Some(SignedView { at: super::views::local(signed.at, zone), by: signed.by.clone(), text })
}

/// What is still to be done where a service has its application signed and nobody has yet.
pub fn to_sign_at_visit(service: Option<&Service>, application: &Application, lang: Lang) -> Option<String> {
    let asked = service.is_some_and(|service| service.signature == Demand::Asked);
    (asked && application.signed.is_none()).then(|| text::label(lang, "sign-at-visit"))
}

/// Dates between which somebody would like to come, both included, by the office's calendar.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreferredView {
    from: NaiveDate,
    to: NaiveDate,
}

pub fn preferred(dates: &[Preferred]) -> Vec<PreferredView> {
    dates.iter().map(|dates| PreferredView { from: dates.from, to: dates.to }).collect()
}

/// An electronic signature, with all that it takes to verify it elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignatureView {
    /// Who signed.
    by: String,
    verified_at: String,
    /// What was signed, to the letter: these characters in UTF-8.
    text: String,
    /// Detached (CMS), in Base64.
    signature: String,
    certificate_subject: String,
    certificate_issuer: String,
    certificate_serial: String,
    certificate_valid_from: String,
    certificate_valid_until: String,
}

impl From<SignedApplication> for SignatureView {
    fn from(one: SignedApplication) -> Self {
        Self {
            by: one.by,
            verified_at: utc(one.verified_at),
            text: one.text,
            signature: STANDARD.encode(&one.signature),
            certificate_subject: one.certificate.subject,
            certificate_issuer: one.certificate.issuer,
            certificate_serial: one.certificate.serial,
            certificate_valid_from: utc(one.certificate.valid_from),
            certificate_valid_until: utc(one.certificate.valid_until),
        }
    }
}

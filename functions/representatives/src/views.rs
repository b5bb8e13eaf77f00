//! A right to act for somebody, as each side sees it.

use chrono::{DateTime, Utc};
use domain::representation::{Grant, GrantPaper, Said, Scope};
use lambda::http::utc;
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

/// What is said of a right wherever it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationGrantView {
    pub id: String,
    /// `attorney` or `parent`.
    kind: &'static str,
    kind_text: String,
    /// Services for which it is; left out: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    services: Option<Vec<String>>,
    asked_at: String,
    /// From this instant on it does not hold.
    ends_at: String,
    /// `waiting`, `in-force`, `refused` or `ended`.
    state: &'static str,
    state_text: String,
    /// `representative`, `beneficiary`, `term` or `staff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'static str>,
    /// Ended by staff: since when the paper does not count, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_reason: Option<String>,
    paper: GrantPaperView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantPaperView {
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<String>,
    number: String,
    issued_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
}

fn paper(paper: &GrantPaper) -> GrantPaperView {
    match paper {
        GrantPaper::Attorney { number, issued_by, issued_on, valid_until } => GrantPaperView {
            series: None,
            number: number.clone(),
            issued_on: issued_on.to_string(),
            issued_by: Some(issued_by.clone()),
            valid_until: Some(valid_until.to_string()),
        },
        GrantPaper::Birth { series, number, issued_on } => GrantPaperView {
            series: Some(series.clone()),
            number: number.clone(),
            issued_on: issued_on.to_string(),
            issued_by: None,
            valid_until: None,
        },
    }
}

pub fn grant(
    grant: &Grant,
    id: String,
    (said, stopped): (&Said, Option<&String>),
    now: DateTime<Utc>,
    lang: Lang,
) -> RepresentationGrantView {
    let state = grant.state_at(now).name();
    RepresentationGrantView {
        id,
        kind: grant.kind.name(),
        kind_text: text::label(lang, &format!("grant-kind-{}", grant.kind.name())),
        services: match &grant.scope {
            Scope::Everything => None,
            Scope::Services(services) => Some(services.iter().map(ToString::to_string).collect()),
        },
        asked_at: utc(grant.asked_at),
        ends_at: utc(grant.ends_at),
        state,
        state_text: text::label(lang, &format!("grant-state-{state}")),
        ended_by: grant.ended.map(|(by, _)| by.name()),
        ended_since: grant.stopped.as_ref().map(|stopped| stopped.since.to_string()),
        ended_reason: stopped.cloned(),
        paper: paper(&said.paper),
    }
}

/// Somebody, as they were said to be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BeneficiaryView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    birth_date: String,
    snils: String,
}

pub fn beneficiary(said: &Said) -> BeneficiaryView {
    BeneficiaryView {
        surname: said.name.surname.clone(),
        given_name: said.name.given.clone(),
        patronymic: said.name.patronymic.clone(),
        birth_date: said.birth_on.to_string(),
        snils: said.snils.to_string(),
    }
}

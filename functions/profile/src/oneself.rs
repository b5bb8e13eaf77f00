//! Oneself: the record, whether one may book, and what one says of oneself (ACC-7, ACC-8).

use app::account::profile::{self, Elsewhere, Oneself};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::citizen::{Accepted, Citizen, Readiness};
use domain::profile::{Demand, Policy};
use lambda::Edge;
use lambda::http::block::BlockView;
use lambda::http::identity::IdentityView;
use lambda::http::views::{self, OfficeBrief};
use lambda::http::{Language, NO_STORE, Problem, ProblemBody, Session, utc};
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    id: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    phone: String,
    email: String,
    email_confirmed: bool,
    language: String,
    agreement: Option<AcceptedView>,
    consent: Option<AcceptedView>,
    readiness: ReadinessView,
    /// Whether and how it is confirmed who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<IdentityView>,
    created_at: String,
    /// When the cabinet goes, where its deletion was asked for: `DELETE /v1/me/deletion` stops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcceptedView {
    version: String,
    at: String,
}

/// The status under «Мои услуги».
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadinessView {
    /// `ready`, `incomplete` or `inactive`.
    state: &'static str,
    text: String,
    missing: Vec<MissingView>,
    /// Of whoever is `inactive`: why, and which office opens the cabinet again.
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<BlockView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MissingView {
    name: &'static str,
    text: String,
}

/// Oneself.
#[utoipa::path(get, path = "/v1/me", tag = "me", security(("session" = [])),
    responses((status = 200, body = Me), (status = 401, body = ProblemBody)))]
pub async fn me(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = profile::read(edge.app(), &vault, &bearer).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(&edge, found, lang))))
}

fn view(edge: &Edge, oneself: Oneself, lang: Lang) -> Me {
    let accepted = |accepted: &Option<Accepted>| {
        accepted.as_ref().map(|a| AcceptedView { version: a.version.clone(), at: utc(a.at) })
    };
    let readiness = readiness(edge, &oneself, lang);
    let Oneself { citizen, person, .. } = oneself;
    Me {
        id: citizen.id.to_string(),
        surname: person.name.surname,
        given_name: person.name.given,
        patronymic: person.name.patronymic,
        phone: person.phone,
        email: person.email,
        email_confirmed: citizen.email_confirmed_at.is_some(),
        language: citizen.language.clone(),
        agreement: accepted(&citizen.agreement),
        consent: accepted(&citizen.consent),
        readiness,
        identity: citizen.confirmed.map(|confirmed| IdentityView::of(confirmed, lang)),
        created_at: utc(citizen.created_at),
        deletion_at: citizen.deleted_at().map(utc),
    }
}

/// A policy is asked for as where one is registered; until that is known, as everywhere.
fn demand(edge: &Edge, oneself: &Oneself) -> Demand {
    let regions = &edge.app().catalogue.regions;
    let region = oneself.profile.address.as_ref().and_then(|address| regions.get(&address.region));
    region.map_or(Demand::Asked, |region| region.policy)
}

fn readiness(edge: &Edge, oneself: &Oneself, lang: Lang) -> ReadinessView {
    let (state, missing, blocked) = match Citizen::readiness(&oneself.citizen, demand(edge, oneself)) {
        Readiness::Ready => ("ready", Vec::new(), None),
        Readiness::Incomplete(missing) => ("incomplete", missing, None),
        Readiness::Inactive(blocked) => ("inactive", Vec::new(), Some(blocked)),
    };
    let missing = missing.into_iter().map(|condition| MissingView {
        name: condition.name(),
        text: text::label(lang, &format!("readiness-{}", condition.name())),
    });
    ReadinessView {
        state,
        text: text::label(lang, &format!("readiness-{state}")),
        missing: missing.collect(),
        block: blocked.map(|blocked| BlockView::of(edge, lang, &blocked, oneself.blocked_for.clone())),
    }
}

/// What one says of oneself. What was never said is not there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_document: Option<PaperView>,
    /// As it is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<AddressView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_town_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyView>,
    /// By which messages one wants to hear of appointments: `both`, `mail` or `sms`.
    notices_by: &'static str,
    language: String,
    readiness: ReadinessView,
    /// Whether and how it is confirmed who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<IdentityView>,
    /// Of a change: why it is no longer confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_ended: Option<String>,
    /// Of a change of the address: what stands in another region than the new one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) elsewhere: Vec<ElsewhereView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PaperView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<String>,
    number: String,
    issued_on: String,
    issued_by: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AddressView {
    region_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    town_id: Option<String>,
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PolicyView {
    /// `compulsory`, `voluntary` or `none`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the insurers' registry said: `pending`, `valid`, `refused` or `unclear`.
    #[serde(skip_serializing_if = "Option::is_none")]
    checked: Option<&'static str>,
}

/// An appointment that stands in another region than its holder has moved to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ElsewhereView {
    appointment_id: String,
    service_id: String,
    office_id: String,
    text: String,
    /// Where it is to be had in the new region.
    offices: Vec<OfficeBrief>,
}

pub(crate) fn elsewhere(edge: &Edge, found: Elsewhere, lang: Lang) -> ElsewhereView {
    let known = &edge.app().catalogue.offices;
    let offices = found.instead.iter().filter_map(|office| known.get(office));
    let label = if found.instead.is_empty() { "elsewhere-nowhere" } else { "elsewhere" };
    ElsewhereView {
        appointment_id: found.appointment.to_string(),
        service_id: found.service.to_string(),
        office_id: found.office.to_string(),
        text: text::label(lang, label),
        offices: offices.map(|office| views::office(office, lang)).collect(),
    }
}

pub(crate) fn profile_view(edge: &Edge, oneself: Oneself, lang: Lang) -> ProfileView {
    let readiness = readiness(edge, &oneself, lang);
    let Oneself { citizen, person, profile, blocked_for: _ } = oneself;
    ProfileView {
        surname: person.name.surname,
        given_name: person.name.given,
        patronymic: person.name.patronymic,
        birth_date: profile.birth_on.map(|on| on.to_string()),
        identity_document: profile.paper.map(|paper| PaperView {
            kind: paper.kind.name(),
            series: paper.series,
            number: paper.number,
            issued_on: paper.issued_on.to_string(),
            issued_by: paper.issued_by,
        }),
        snils: profile.snils.map(|snils| snils.to_string()),
        inn: profile.inn.map(|inn| inn.as_str().to_owned()),
        address: profile.address.map(|address| AddressView {
            region_id: address.region.to_string(),
            town_id: address.town.map(|town| town.to_string()),
            text: address.text,
        }),
        work_town_id: profile.work.map(|town| town.to_string()),
        policy: profile.policy.map(policy_view),
        notices_by: citizen.reach.name(),
        language: citizen.language,
        readiness,
        identity: citizen.confirmed.map(|confirmed| IdentityView::of(confirmed, lang)),
        identity_ended: None,
        elsewhere: Vec::new(),
    }
}

fn policy_view(policy: Policy) -> PolicyView {
    match policy {
        Policy::Insured(insurance, checked) => PolicyView {
            kind: insurance.kind.name(),
            number: Some(insurance.number),
            issued_on: Some(insurance.issued_on.to_string()),
            reason: None,
            checked: Some(checked.name()),
        },
        Policy::None { reason } => {
            PolicyView { kind: "none", number: None, issued_on: None, reason: Some(reason), checked: None }
        }
    }
}

/// What one says of oneself.
#[utoipa::path(get, path = "/v1/me/profile", tag = "me", security(("session" = [])),
    responses((status = 200, body = ProfileView), (status = 401, body = ProblemBody)))]
pub async fn profile(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = profile::read(edge.app(), &vault, &bearer).await.map_err(say)?;
    Ok(([NO_STORE], Json(profile_view(&edge, found, lang))))
}

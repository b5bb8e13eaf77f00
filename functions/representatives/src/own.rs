//! What citizens do: ask to act for somebody, see for whom they may and who may for them, end it.

use crate::views::{self, BeneficiaryView, RepresentationGrantView};
use app::Refusal;
use app::representatives::form::Form;
use app::representatives::look::{self, Own, Theirs};
use app::representatives::{ask, end};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use domain::GrantId;
use domain::limits::{ISSUER_MAX, NAME_MAX};
use domain::representation::GrantState;
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Page, Paging, Problem, ProblemBody, Session};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

/// Characters of what is read further: each has its own form.
const GIVEN_MAX: usize = 100;

/// Consent to having the beneficiary's data processed, by whoever acts for them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConsentRequest {
    #[serde(default)]
    accepted: bool,
    version: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepresentationRequest {
    /// `attorney`, or `parent` of a child under 18.
    #[schema(required = true, nullable = false)]
    kind: Option<String>,
    /// Of whom one acts for, as the papers have it.
    #[schema(required = true, nullable = false)]
    surname: Option<String>,
    #[schema(required = true, nullable = false)]
    given_name: Option<String>,
    patronymic: Option<String>,
    #[schema(required = true, nullable = false)]
    birth_date: Option<String>,
    #[schema(required = true, nullable = false)]
    snils: Option<String>,
    /// Of the certificate of birth: Roman digits, a hyphen, two letters.
    series: Option<String>,
    /// Of the paper.
    #[schema(required = true, nullable = false)]
    number: Option<String>,
    #[schema(required = true, nullable = false)]
    issued_on: Option<String>,
    /// The notary, or whoever else certified the power of attorney.
    issued_by: Option<String>,
    /// The last date of the power of attorney; one that names none is good for a year.
    valid_until: Option<String>,
    /// Services that the power of attorney names; left out: all.
    services: Option<Vec<String>>,
    #[schema(required = true, nullable = false)]
    consent: Option<ConsentRequest>,
}

impl RepresentationRequest {
    fn parse(self) -> Result<Form, Refusal> {
        let mut fields = Fields::new();
        let form = Form {
            kind: fields.optional("kind", self.kind, GIVEN_MAX),
            surname: fields.optional("surname", self.surname, NAME_MAX),
            given_name: fields.optional("givenName", self.given_name, NAME_MAX),
            patronymic: fields.optional("patronymic", self.patronymic, NAME_MAX),
            birth_on: fields.optional("birthDate", self.birth_date, GIVEN_MAX),
            snils: fields.optional("snils", self.snils, GIVEN_MAX),
            series: fields.optional("series", self.series, GIVEN_MAX),
            number: fields.optional("number", self.number, GIVEN_MAX),
            issued_on: fields.optional("issuedOn", self.issued_on, GIVEN_MAX),
            issued_by: fields.optional("issuedBy", self.issued_by, ISSUER_MAX),
            valid_until: fields.optional("validUntil", self.valid_until, GIVEN_MAX),
            services: self.services,
            consent: self
                .consent
                .filter(|consent| consent.accepted)
                .map(|consent| consent.version.unwrap_or_else(|| "?".to_owned())),
        };
        fields.finish()?;
        Ok(form)
    }
}

/// What one asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepresentationView {
    #[serde(flatten)]
    grant: RepresentationGrantView,
    beneficiary: BeneficiaryView,
    /// What the header `Acting-For` says to act for them; only while one may.
    #[serde(skip_serializing_if = "Option::is_none")]
    acting_for: Option<String>,
    /// What was found by whoever decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn own(own: &Own, now: DateTime<Utc>, lang: Lang) -> RepresentationView {
    let in_force = own.grant.state_at(now) == GrantState::InForce;
    RepresentationView {
        grant: views::grant(
            &own.grant,
            own.grant.id.to_string(),
            (&own.said, own.stopped.as_ref()),
            now,
            lang,
        ),
        beneficiary: views::beneficiary(&own.said),
        acting_for: in_force.then(|| own.beneficiary.to_string()),
        reason: own.reason.clone(),
    }
}

/// Asks to act for somebody. Staff decide; whether the other has a cabinet is not told, and if so they hear of it.
#[utoipa::path(post, path = "/v1/me/representations", tag = "representatives", request_body = RepresentationRequest,
    security(("session" = [])),
    responses((status = 201, body = RepresentationView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn ask(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Asked(request): Asked<RepresentationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let form = request.parse().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let here = edge.everywhere().await;
    let asked = ask::ask(here.app(), &vault, &bearer, &form).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(own(&asked, edge.app().clock.now(), lang))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Representations {
    items: Vec<RepresentationView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// For whom one acts, or asked to, the latest first.
#[utoipa::path(get, path = "/v1/me/representations", tag = "representatives", params(Paging), security(("session" = [])),
    responses((status = 200, body = Representations), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn acting(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = look::acting(edge.app(), &vault, &bearer, page.cursor.as_deref(), page.limit).await;
    let (found, now) = (found.map_err(say)?, edge.app().clock.now());
    let items = found.items.iter().map(|one| own(one, now, lang)).collect();
    Ok(([NO_STORE], Json(Representations { items, next_cursor: found.next })))
}

/// An id that cannot be one is like one that nobody has.
fn id(given: &str) -> GrantId {
    given.parse().unwrap_or(GrantId(domain::Ulid::nil()))
}

/// Withdraws an application, or gives up acting for somebody. Said again it stays so.
#[utoipa::path(post, path = "/v1/me/representations/{id}/end", tag = "representatives", params(("id" = String, Path)),
    security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn renounce(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Path(given): Path<String>,
) -> Result<StatusCode, Problem> {
    let ended = end::renounce(edge.app(), &bearer, id(&given)).await;
    ended.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who may act for one, or asked to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepresentativeView {
    #[serde(flatten)]
    grant: RepresentationGrantView,
    /// By this the history of one's appointments names them.
    representative_id: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Representatives {
    items: Vec<RepresentativeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

pub fn theirs(theirs: &Theirs, id: String, now: DateTime<Utc>, lang: Lang) -> RepresentativeView {
    RepresentativeView {
        grant: views::grant(&theirs.grant, id, (&theirs.said, theirs.stopped.as_ref()), now, lang),
        representative_id: theirs.representative.to_string(),
        surname: theirs.name.surname.clone(),
        given_name: theirs.name.given.clone(),
        patronymic: theirs.name.patronymic.clone(),
    }
}

/// Who may act for one, or asked to, the latest first.
#[utoipa::path(get, path = "/v1/me/representatives", tag = "representatives", params(Paging), security(("session" = [])),
    responses((status = 200, body = Representatives), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn representatives(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = look::representatives(edge.app(), &vault, &bearer).await.map_err(say)?;
    let (found, next_cursor) = page.of(lang, found)?;
    let now = edge.app().clock.now();
    let items = found.iter().map(|one| theirs(one, one.grant.id.to_string(), now, lang)).collect();
    Ok(([NO_STORE], Json(Representatives { items, next_cursor })))
}

/// Refuses that somebody acts for one, or ends it, at once. Said again it stays so.
#[utoipa::path(post, path = "/v1/me/representatives/{id}/end", tag = "representatives", params(("id" = String, Path)),
    security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn revoke(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Path(given): Path<String>,
) -> Result<StatusCode, Problem> {
    let ended = end::revoke(edge.app(), &bearer, id(&given)).await;
    ended.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

//! A right in force that staff end: found with the citizen for whom it is, and ended with a reason (ACC-10).

use crate::own::{RepresentativeView, theirs};
use app::representatives::look::Theirs;
use app::representatives::queue::{GrantName, Which};
use app::representatives::stop::{self, Said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::REASON_MAX;
use domain::{CitizenId, OfficeId};
use lambda::Edge;
use lambda::http::queue::named;
use lambda::http::{Asked, Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RepresentativesQuery {
    /// The office for which one acts: what staff of its region decided about is shown.
    #[param(required = true)]
    office_id: Option<String>,
}

/// Who may act for a citizen, or might; the latest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CitizensRepresentatives {
    items: Vec<RepresentativeView>,
}

/// Who may act for a citizen, or asked to, as far as one's region decides about it, the latest first. That it was read is written
/// down with the citizen.
#[utoipa::path(get, path = "/v1/staff/citizens/{id}/representatives", tag = "operator", security(("session" = [])),
    params(("id" = String, Path), RepresentativesQuery),
    responses((status = 200, body = CitizensRepresentatives), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Params(query): Params<RepresentativesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", query.office_id, "unknown-office");
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = stop::list(edge.app(), &vault, &bearer, &office, citizen).await.map_err(say)?;
    let now = edge.app().clock.now();
    let id = |one: &Theirs| {
        let which = Which { representative: one.representative, grant: one.grant.id };
        GrantName { citizen, id: which }.to_string()
    };
    let items = found.iter().map(|one| theirs(one, id(one), now, lang)).collect();
    Ok(([NO_STORE], Json(CitizensRepresentatives { items })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopGrantRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// Why: both sides read it. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
    /// Since when the paper does not count, as `2026-12-01`; since today when it is left out.
    since: Option<String>,
}

/// Ends a right in force at once: the paper was revoked, or a court decided so. Both sides are told; what was booked stays.
#[utoipa::path(post, path = "/v1/staff/representations/{id}/end", tag = "operator", request_body = StopGrantRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn end(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<StopGrantRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let reason = fields.text("reason", request.reason, REASON_MAX).unwrap_or_default();
    let since = request.since.filter(|since| !since.trim().is_empty());
    let since = fields.date("since", since);
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let name: GrantName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = Said { reason: &reason, since };
    stop::stop(edge.app(), &vault, &bearer, &office, name, said).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

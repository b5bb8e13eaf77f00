//! Cabinets that are closed to booking, and opened again (ACC-8).

use app::acting::block::{self, Said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::citizen::Ground;
use domain::limits::REASON_MAX;
use domain::{CitizenId, OfficeId};
use lambda::Edge;
use lambda::http::block::BlockView;
use lambda::http::queue::named;
use lambda::http::{Asked, Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockRequest {
    /// The office for which one acts: it opens the cabinet again.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// `resale`, `impersonation`, `false-data`, `misuse` or `owners-wish`.
    #[schema(required = true, nullable = false)]
    ground: Option<String>,
    /// What was found; the citizen reads it. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Closes a cabinet to booking, as whoever answers for an office. Its owner is told by every channel, signs in as before, sees and
/// cancels what they have, but books and moves nothing and is offered nothing.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/block", tag = "operator", params(("id" = String, Path)),
    request_body = BlockRequest, security(("session" = [])),
    responses((status = 200, body = BlockView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn close(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<BlockRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let ground = fields.choice("ground", request.ground, &Ground::ALL, Ground::name);
    let why = fields.text("reason", request.reason, REASON_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let (office, ground) = office.zip(ground).ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = Said { office: &office, why: &why };
    let blocked = block::close(edge.app(), &vault, &bearer, citizen, ground, &said).await.map_err(say)?;
    Ok(([NO_STORE], Json(BlockView::of(&edge, lang, &blocked, None))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnblockRequest {
    /// The office for which one acts: the one that closed the cabinet.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// Why it is opened; the citizen reads it. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Opens a cabinet to booking again. Its owner is told; one that is open stays so.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/unblock", tag = "operator", params(("id" = String, Path)),
    request_body = UnblockRequest, security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<UnblockRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let why = fields.text("reason", request.reason, REASON_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = Said { office: &office, why: &why };
    block::open(edge.app(), &vault, &bearer, citizen, &said).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BlockQuery {
    /// The office for which one acts.
    #[param(required = true)]
    office_id: Option<String>,
}

/// Whether a cabinet is closed to booking.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CabinetBlockView {
    blocked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<BlockView>,
}

/// Whether a cabinet is closed to booking, and why. The citizen sees that it was read.
#[utoipa::path(get, path = "/v1/staff/citizens/{id}/block", tag = "operator", params(("id" = String, Path), BlockQuery),
    security(("session" = [])),
    responses((status = 200, body = CabinetBlockView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Params(query): Params<BlockQuery>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", query.office_id, "unknown-office");
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = block::look(edge.app(), &vault, &bearer, citizen, &office).await.map_err(say)?;
    let block = found.map(|(blocked, words)| BlockView::of(&edge, lang, &blocked, Some(words)));
    Ok(([NO_STORE], Json(CabinetBlockView { blocked: block.is_some(), block })))
}

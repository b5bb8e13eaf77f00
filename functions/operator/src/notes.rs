//! Notes on calls: written by whoever identified the citizen, read by whoever does so next.

use app::acting::notes;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::CALL_NOTE_MAX;
use domain::{CitizenId, OfficeId};
use lambda::Edge;
use lambda::http::queue::named;
use lambda::http::views::{self, CallNoteList, CallNoteView};
use lambda::http::{Asked, Fields, Language, NO_STORE, Page, Params, Problem, ProblemBody, StaffSession};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallNoteRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// At most 1,000 characters; the citizen reads it too.
    #[schema(required = true, nullable = false)]
    text: Option<String>,
}

/// Writes a note about the call of a citizen whom one has identified.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/notes", tag = "operator", params(("id" = String, Path)),
    request_body = CallNoteRequest, security(("session" = [])),
    responses((status = 201, body = CallNoteView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn write(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<CallNoteRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let text = fields.text("text", request.text, CALL_NOTE_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let note = notes::write(edge.app(), &vault, &bearer, &office, citizen, &text).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(views::call_note(&edge, note, lang))))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotesQuery {
    /// The office for which one acts.
    #[param(required = true)]
    office_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// What was written down about an identified citizen's calls, the latest first. The citizen sees that it was read.
#[utoipa::path(get, path = "/v1/staff/citizens/{id}/notes", tag = "operator", params(("id" = String, Path), NotesQuery),
    security(("session" = [])),
    responses((status = 200, body = CallNoteList), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Params(query): Params<NotesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", query.office_id, "unknown-office");
    let page = Page::read(&mut fields, query.cursor, query.limit);
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let which = (page.cursor.as_deref(), page.limit);
    let found = notes::list(edge.app(), &vault, &bearer, &office, citizen, which).await.map_err(say)?;
    Ok(([NO_STORE], Json(views::call_notes(&edge, found, lang))))
}

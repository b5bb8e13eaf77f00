//! What is done: checking in at the counter, calling, receiving, closing, undoing a no-show.

use crate::day::{VisitView, office_for, visit};
use app::reception::VisitId;
use app::reception::step;
use app::staff::absent;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::WindowId;
use domain::limits::REASON_MAX;
use domain::number::Number;
use domain::visit::{Step, VisitResult};
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, StaffSession};
use serde::Deserialize;
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrivalRequest {
    /// The appointment's number, as the visitor names it.
    #[schema(required = true, nullable = false)]
    number: Option<String>,
}

/// Checks a visitor in at the counter, on the day of the visit, as long as it is planned.
#[utoipa::path(post, path = "/v1/staff/offices/{id}/arrivals", tag = "reception", params(("id" = String, Path)),
    request_body = ArrivalRequest, security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn arrive(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<ArrivalRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let number = fields.required("number", request.number);
    fields.finish().map_err(say)?;
    let (edge, office) = office_for(&edge, lang, &bearer, &id).await?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let Some(number) = number.as_deref().and_then(Number::parse) else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let found = step::arrive(edge.app(), &bearer, &office.id, &number).await.map_err(say)?;
    Ok(([NO_STORE], Json(visit(&edge, &found, lang))))
}

/// Calls the next to a window: of those who are there and were not called, the one with the earliest start.
#[utoipa::path(post, path = "/v1/staff/offices/{id}/windows/{window}/call-next", tag = "reception",
    params(("id" = String, Path), ("window" = String, Path)), security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn call_next(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path((id, window)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let (edge, office) = office_for(&edge, lang, &bearer, &id).await?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let Ok(window) = window.parse::<WindowId>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let found = step::call_next(edge.app(), &bearer, &office.id, &window).await.map_err(say)?;
    Ok(([NO_STORE], Json(visit(&edge, &found, lang))))
}

async fn take(
    edge: &Edge,
    lang: Lang,
    bearer: &app::staff::StaffBearer,
    id: &str,
    what: Step,
    said: Option<String>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let say = |refusal| Problem::of(edge, lang, refusal);
    let Ok(id) = id.parse::<VisitId>() else {
        return Err(say(absent(edge.app(), bearer).await));
    };
    let why = edge.why(said).await.map_err(|error| say(error.into()))?;
    let found = step::take(edge.app(), bearer, id, what, why.as_ref()).await.map_err(say)?;
    Ok(([NO_STORE], Json(visit(edge, &found, lang))))
}

/// Calls a visitor to the window, or once more.
#[utoipa::path(post, path = "/v1/staff/visits/{id}/call", tag = "reception", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn call(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    take(&edge, lang, &bearer, &id, Step::Call, None).await
}

/// Receives a visitor who is there, called or not.
#[utoipa::path(post, path = "/v1/staff/visits/{id}/receive", tag = "reception", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn receive(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    take(&edge, lang, &bearer, &id, Step::Receive, None).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseRequest {
    /// `served`, `documents-missing`, `declined`, `referred`; `left` for whoever went before being received.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    /// What was missing, why it was declined, where to go: needed for these three. The visitor reads it.
    note: Option<String>,
}

/// Closes a visit with its result. The visitor is told.
#[utoipa::path(post, path = "/v1/staff/visits/{id}/close", tag = "reception", params(("id" = String, Path)),
    request_body = CloseRequest, security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn close(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<CloseRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut fields = Fields::new();
    let result = fields.required("result", request.result);
    let known = result.as_deref().map(|name| VisitResult::ALL.into_iter().find(|known| known.name() == name));
    if known == Some(None) {
        fields.add("result", "not-a-choice");
    }
    let note = fields.optional("note", request.note, REASON_MAX);
    let note = match known.flatten() {
        Some(result) if result.needs_note() => fields.required("note", note),
        _ => note,
    };
    fields.finish().map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let Some(result) = known.flatten() else { return Err(Problem::new(lang, "invalid-request")) };
    take(&edge, lang, &bearer, &id, Step::Close(result), note).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UndoRequest {
    /// Kept in the visit's history; the visitor reads it.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Takes a no-show back: the visitor was there, and can be received.
#[utoipa::path(post, path = "/v1/staff/visits/{id}/undo-no-show", tag = "reception", params(("id" = String, Path)),
    request_body = UndoRequest, security(("session" = [])),
    responses((status = 200, body = VisitView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn undo_no_show(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<UndoRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut fields = Fields::new();
    let reason = fields.optional("reason", request.reason, REASON_MAX);
    let reason = fields.required("reason", reason);
    fields.finish().map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    take(&edge, lang, &bearer, &id, Step::UndoNoShow, reason).await
}

//! The queue of video checks, for operators: of nobody it says who they are until the check is taken (OFC-6).

use app::Refusal;
use app::identity::checks::{self, CheckName, Decision, Opened};
use app::staff::StaffBearer;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::OfficeId;
use domain::check::ROOM_MAX;
use domain::profile::Paper;
use lambda::Edge;
use lambda::http::queue::{QueueView, QueuedView, decision, named};
use lambda::http::{Asked, Fields, Language, NO_STORE, Page, Paging, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The open video checks of an office, those wished for first in front.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/checks", tag = "operator", params(("id" = String, Path), Paging), security(("session" = [])),
    responses((status = 200, body = QueueView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(office): Path<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office: OfficeId = named(&edge, lang, &bearer, &office).await?;
    let which = (page.cursor.as_deref(), page.limit);
    let found = checks::list(edge.app(), &bearer, &office, which).await.map_err(say)?;
    Ok(([NO_STORE], Json(QueueView::of(&edge, found, bearer.member))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenedCheckView {
    #[serde(flatten)]
    check: QueuedView,
    /// Where the citizen comes.
    room: Option<String>,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_document: Option<SeenPaperView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<String>,
    /// To be said with the decision: whom it is about.
    seen: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeenPaperView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<String>,
    number: String,
    issued_on: String,
    issued_by: String,
}

pub fn paper(paper: Paper) -> SeenPaperView {
    SeenPaperView {
        kind: paper.kind.name(),
        series: paper.series,
        number: paper.number,
        issued_on: paper.issued_on.to_string(),
        issued_by: paper.issued_by,
    }
}

fn opened(edge: &Edge, opened: Opened, bearer: &StaffBearer) -> Json<OpenedCheckView> {
    let profile = opened.known.profile().clone();
    let name = opened.known.person.name;
    Json(OpenedCheckView {
        check: QueuedView::of(edge, &checks::queued(&opened.check), bearer.member),
        room: opened.room,
        surname: name.surname,
        given_name: name.given,
        patronymic: name.patronymic,
        birth_date: profile.birth_on.map(|on| on.to_string()),
        identity_document: profile.paper.map(paper),
        snils: profile.snils.map(|snils| snils.to_string()),
        seen: opened.seen,
    })
}

/// The check that one has taken, with the person. That it was read is written down with them.
#[utoipa::path(get, path = "/v1/staff/checks/{id}", tag = "operator", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = OpenedCheckView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let name: CheckName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = checks::open(edge.app(), &vault, &bearer, name).await.map_err(say)?;
    Ok(([NO_STORE], opened(&edge, found, &bearer)))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeCheckRequest {
    /// An address by https; the office's room when it is left out.
    room: Option<String>,
}

/// Takes a check: nobody else does then. The citizen is told, and sees the room.
#[utoipa::path(post, path = "/v1/staff/checks/{id}/take", tag = "operator", request_body = TakeCheckRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = OpenedCheckView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn take(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<TakeCheckRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let name: CheckName = named(&edge, lang, &bearer, &given).await?;
    let mut fields = Fields::new();
    let room = fields.optional("room", request.room, ROOM_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let here = edge.everywhere().await;
    let taken = checks::take(here.app(), &vault, &bearer, name, room).await.map_err(say)?;
    Ok(([NO_STORE], opened(&here, taken, &bearer)))
}

/// Gives a check back to the queue.
#[utoipa::path(post, path = "/v1/staff/checks/{id}/give-back", tag = "operator", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn give_back(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let name: CheckName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    checks::give_back(edge.app(), &vault, &bearer, name).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideCheckRequest {
    /// `confirmed` or `refused`.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    /// What was seen; the citizen reads it.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
    /// As the check said it.
    #[schema(required = true, nullable = false)]
    seen: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecidedCheckView {
    id: String,
    /// `confirmed` or `refused`.
    state: &'static str,
}

/// Records whether it was they.
#[utoipa::path(post, path = "/v1/staff/checks/{id}/decide", tag = "operator", request_body = DecideCheckRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = DecidedCheckView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn decide(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<DecideCheckRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let choices = [("confirmed", true), ("refused", false)];
    let decided = decision(&mut fields, request.result, choices, request.reason);
    if request.seen.is_none() {
        fields.add("seen", "required");
    }
    fields.finish().map_err(say)?;
    let name: CheckName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (is_they, reason) = decided.ok_or_else(|| say(Refusal::NotFound))?;
    let said = Decision { is_they, reason: &reason, seen: request.seen.unwrap_or_default() };
    let check = checks::decide(edge.app(), &vault, &bearer, name, said).await.map_err(say)?;
    let view = DecidedCheckView { id: checks::name(&check).to_string(), state: check.state.name() };
    Ok(([NO_STORE], Json(view)))
}

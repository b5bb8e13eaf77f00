//! The queue of video checks, for operators: of nobody it says who they are until the check is taken (OFC-6).

use app::identity::checks::{self, CheckName, Decision, Opened};
use app::refusal::WrongField;
use app::staff::StaffBearer;
use app::staff::absent;
use app::{App, Refusal};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use domain::check::{Check, ROOM_MAX};
use domain::limits::REASON_MAX;
use domain::{CheckId, OfficeId, StaffId};
use lambda::Edge;
use lambda::http::views::local;
use lambda::http::{
    Asked, Fields, Language, NO_STORE, Page, Paging, Problem, ProblemBody, StaffSession, utc,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedCheckView {
    id: String,
    asked_at: String,
    /// How long it has waited.
    age_min: i64,
    /// The office's local time for which it was asked, by which it is to be taken.
    deadline: String,
    overdue: bool,
    /// `waiting` or `taken`.
    state: &'static str,
    /// Whether whoever asks has taken it.
    mine: bool,
}

fn queued(app: &App, check: &Check, me: StaffId, now: DateTime<Utc>) -> QueuedCheckView {
    let zone = app.catalogue.offices.get(&check.office).map_or(chrono_tz::UTC, |office| office.zone);
    QueuedCheckView {
        id: CheckName::of(check).to_string(),
        asked_at: utc(check.asked_at),
        age_min: (now - check.asked_at).num_minutes(),
        deadline: local(check.wished_at, zone),
        overdue: now > check.wished_at,
        state: check.state.name(),
        mine: check.member == Some(me),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckQueue {
    items: Vec<QueuedCheckView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The open video checks of an office, the oldest first.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/checks", tag = "operator", params(("id" = String, Path), Paging), security(("session" = [])),
    responses((status = 200, body = CheckQueue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(office): Path<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let Ok(office) = office.parse::<OfficeId>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let after: Option<CheckId> =
        page.cursor.as_deref().map(str::parse).transpose().map_err(|_| say(Refusal::CursorInvalid))?;
    let found = checks::list(edge.app(), &bearer, &office, after, page.limit).await;
    let (found, next) = found.map_err(say)?;
    let now = edge.app().clock.now();
    let items = found.iter().map(|check| queued(edge.app(), check, bearer.member, now)).collect();
    Ok(([NO_STORE], Json(CheckQueue { items, next_cursor: next.map(|next| next.to_string()) })))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenedCheckView {
    #[serde(flatten)]
    check: QueuedCheckView,
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
struct SeenPaperView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<String>,
    number: String,
    issued_on: String,
    issued_by: String,
}

fn opened(edge: &Edge, opened: Opened, bearer: &StaffBearer) -> Json<OpenedCheckView> {
    let profile = opened.known.profile().clone();
    let name = opened.known.person.name;
    Json(OpenedCheckView {
        check: queued(edge.app(), &opened.check, bearer.member, edge.app().clock.now()),
        room: opened.room,
        surname: name.surname,
        given_name: name.given,
        patronymic: name.patronymic,
        birth_date: profile.birth_on.map(|on| on.to_string()),
        identity_document: profile.paper.map(|paper| SeenPaperView {
            kind: paper.kind.name(),
            series: paper.series,
            number: paper.number,
            issued_on: paper.issued_on.to_string(),
            issued_by: paper.issued_by,
        }),
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
    let Ok(name) = given.parse::<CheckName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
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
    let Ok(name) = given.parse::<CheckName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
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
    let Ok(name) = given.parse::<CheckName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
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
    let result = fields.required("result", request.result);
    let is_they = match result.as_deref() {
        None => false,
        Some("confirmed") => true,
        Some("refused") => false,
        Some(_) => {
            fields.wrong(WrongField::new("result", "not-a-choice"));
            false
        }
    };
    let reason = fields.required("reason", request.reason);
    let reason = fields.optional("reason", reason, REASON_MAX).unwrap_or_default();
    if request.seen.is_none() {
        fields.wrong(WrongField::new("seen", "required"));
    }
    fields.finish().map_err(say)?;
    let Ok(name) = given.parse::<CheckName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = Decision { is_they, reason: &reason, seen: request.seen.unwrap_or_default() };
    let check = checks::decide(edge.app(), &vault, &bearer, name, said).await.map_err(say)?;
    let view = DecidedCheckView { id: CheckName::of(&check).to_string(), state: check.state.name() };
    Ok(([NO_STORE], Json(view)))
}

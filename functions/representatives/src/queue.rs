//! The queue of applications to act for others: listed, taken, decided (OFC-6).

use crate::views::{self, BeneficiaryView, RepresentationGrantView};
use app::Refusal;
use app::refusal::WrongField;
use app::representatives::queue::{self, GrantName, Queued, Taken, Verdict};
use app::staff::absent;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use domain::limits::REASON_MAX;
use domain::{OfficeId, StaffId};
use lambda::Edge;
use lambda::http::{
    Asked, Fields, Language, NO_STORE, Page, Params, Problem, ProblemBody, StaffSession, utc,
};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueuedGrantView {
    id: String,
    asked_at: String,
    /// How long it has waited.
    age_min: i64,
    /// By when it is to be decided.
    deadline: String,
    overdue: bool,
    /// `waiting` or `taken`.
    state: &'static str,
    /// Whether whoever asks has taken it.
    mine: bool,
}

fn queued(queued: &Queued, me: StaffId, now: DateTime<Utc>) -> QueuedGrantView {
    QueuedGrantView {
        id: queued.name.to_string(),
        asked_at: utc(queued.asked_at),
        age_min: (now - queued.asked_at).num_minutes(),
        deadline: utc(queued.deadline),
        overdue: now > queued.deadline,
        state: if queued.taken.is_some() { "taken" } else { "waiting" },
        mine: queued.taken == Some(me),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantQueue {
    items: Vec<QueuedGrantView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GrantsQuery {
    /// The office for which one acts: it serves its region's queue.
    #[param(required = true)]
    office_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// Applications to act for others that are to be decided, the oldest first. Of nobody it says who they are.
#[utoipa::path(get, path = "/v1/staff/representations", tag = "operator", params(GrantsQuery), security(("session" = [])),
    responses((status = 200, body = GrantQueue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Params(query): Params<GrantsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", query.office_id, "unknown-office");
    let page = Page::read(&mut fields, query.cursor, query.limit);
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let which = (page.cursor.as_deref(), page.limit);
    let found = queue::list(edge.app(), &bearer, &office, which).await.map_err(say)?;
    let now = edge.app().clock.now();
    let items = found.items.iter().map(|one| queued(one, bearer.member, now)).collect();
    Ok(([NO_STORE], Json(GrantQueue { items, next_cursor: found.next })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeGrantRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TakenGrantView {
    #[serde(flatten)]
    queued: QueuedGrantView,
    /// Until when nobody else may take it.
    until: String,
    asked: RepresentationGrantView,
    beneficiary: BeneficiaryView,
    representative: AskingView,
    /// Fields that the beneficiary's own cabinet says otherwise.
    differing: Vec<&'static str>,
}

/// Who asks, and by what they show who they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskingView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_document: Option<AskingPaperView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskingPaperView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<String>,
    number: String,
    issued_on: String,
    issued_by: String,
}

fn taken(taken: Taken, me: StaffId, now: DateTime<Utc>, lang: Lang) -> TakenGrantView {
    TakenGrantView {
        queued: queued(&taken.queued, me, now),
        until: utc(taken.until),
        asked: views::grant(&taken.grant, taken.queued.name.to_string(), &taken.said, now, lang),
        beneficiary: views::beneficiary(&taken.said),
        representative: AskingView {
            surname: taken.representative.surname,
            given_name: taken.representative.given,
            patronymic: taken.representative.patronymic,
            identity_document: taken.paper.map(|paper| AskingPaperView {
                kind: paper.kind.name(),
                series: paper.series,
                number: paper.number,
                issued_on: paper.issued_on.to_string(),
                issued_by: paper.issued_by,
            }),
        },
        differing: taken.differing,
    }
}

/// Takes an application for half an hour, with what it says. That it was read is written down with both whom it is about.
#[utoipa::path(post, path = "/v1/staff/representations/{id}/take", tag = "operator", request_body = TakeGrantRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = TakenGrantView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn take(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<TakeGrantRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let Ok(name) = given.parse::<GrantName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = queue::take(edge.app(), &vault, &bearer, &office, name).await.map_err(say)?;
    Ok(([NO_STORE], Json(taken(found, bearer.member, edge.app().clock.now(), lang))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideGrantRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// `approved` or `refused`.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    /// What was found; whoever asked reads it. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

impl DecideGrantRequest {
    fn parse(self) -> Result<(OfficeId, Verdict, String), Refusal> {
        let mut fields = Fields::new();
        let office: Option<OfficeId> = fields.need("officeId", self.office_id, "unknown-office");
        let verdict = match fields.required("result", self.result).as_deref() {
            Some("approved") => Some(Verdict::Approved),
            Some("refused") => Some(Verdict::Refused),
            Some(_) => {
                fields.wrong(WrongField::new("result", "not-a-choice"));
                None
            }
            None => None,
        };
        let reason = fields.required("reason", self.reason);
        let reason = fields.optional("reason", reason, REASON_MAX);
        fields.finish()?;
        match (office, verdict, reason) {
            (Some(office), Some(verdict), Some(reason)) => Ok((office, verdict, reason)),
            _ => Err(Refusal::Fields(Vec::new())),
        }
    }
}

/// Decides about an application that one has taken. Both sides are told.
#[utoipa::path(post, path = "/v1/staff/representations/{id}/decide", tag = "operator", request_body = DecideGrantRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn decide(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<DecideGrantRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (office, verdict, reason) = request.parse().map_err(say)?;
    let Ok(name) = given.parse::<GrantName>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let decision = (verdict, reason.as_str());
    queue::decide(edge.app(), &vault, &bearer, &office, name, decision).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

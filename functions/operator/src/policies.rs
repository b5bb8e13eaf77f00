//! The queue of policies of which no insurer said anything clear: listed, taken, decided (ACC-12, OFC-6).

use app::Refusal;
use app::registries::queue::{self, PolicyCheckId, Queued, Taken, Verdict};
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
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedPolicyView {
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

fn queued(queued: &Queued, me: StaffId, now: DateTime<Utc>) -> QueuedPolicyView {
    QueuedPolicyView {
        id: queued.id.to_string(),
        asked_at: utc(queued.since),
        age_min: (now - queued.since).num_minutes(),
        deadline: utc(queued.deadline),
        overdue: now > queued.deadline,
        state: if queued.taken.is_some() { "taken" } else { "waiting" },
        mine: queued.taken == Some(me),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyQueue {
    items: Vec<QueuedPolicyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PoliciesQuery {
    /// The office for which one acts: it serves its region's queue.
    #[param(required = true)]
    office_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// Policies that are to be decided about, the oldest first. Of nobody it says who they are.
#[utoipa::path(get, path = "/v1/staff/checks/policies", tag = "operator", params(PoliciesQuery), security(("session" = [])),
    responses((status = 200, body = PolicyQueue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Params(query): Params<PoliciesQuery>,
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
    Ok(([NO_STORE], Json(PolicyQueue { items, next_cursor: found.next })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakePolicyRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenPolicyView {
    #[serde(flatten)]
    queued: QueuedPolicyView,
    /// Until when nobody else may take it.
    until: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    policy: SeenPolicyView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SeenPolicyView {
    /// `compulsory` or `voluntary`.
    kind: &'static str,
    number: String,
    issued_on: String,
}

/// Takes a policy for half an hour, with whose it is. That it was read is written down with them.
#[utoipa::path(post, path = "/v1/staff/checks/policies/{id}/take", tag = "operator", request_body = TakePolicyRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = TakenPolicyView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn take(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<TakePolicyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let id = given.parse().unwrap_or(PolicyCheckId::NOBODYS);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let taken = queue::take(edge.app(), &vault, &bearer, &office, id).await.map_err(say)?;
    let view = view(taken, bearer.member, edge.app().clock.now());
    Ok(([NO_STORE], Json(view)))
}

fn view(taken: Taken, me: StaffId, now: DateTime<Utc>) -> TakenPolicyView {
    TakenPolicyView {
        queued: queued(&taken.queued, me, now),
        until: utc(taken.until),
        surname: taken.name.surname,
        given_name: taken.name.given,
        patronymic: taken.name.patronymic,
        birth_date: taken.birth_on.map(|on| on.to_string()),
        policy: SeenPolicyView {
            kind: taken.insurance.kind.name(),
            number: taken.insurance.number,
            issued_on: taken.insurance.issued_on.to_string(),
        },
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecidePolicyRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// `valid` or `void`.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    /// What was found; the citizen reads it. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

impl DecidePolicyRequest {
    fn parse(self) -> Result<(OfficeId, Verdict, String), Refusal> {
        let mut fields = Fields::new();
        let office: Option<OfficeId> = fields.need("officeId", self.office_id, "unknown-office");
        let result = fields.required("result", self.result);
        let verdict = match result.as_deref() {
            Some("valid") => Some(Verdict::Valid),
            Some("void") => Some(Verdict::Void),
            Some(_) => {
                fields.wrong(app::refusal::WrongField::new("result", "not-a-choice"));
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

/// Decides about a policy that one has taken. The citizen is told, and their status follows.
#[utoipa::path(post, path = "/v1/staff/checks/policies/{id}/decide", tag = "operator", request_body = DecidePolicyRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn decide(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<DecidePolicyRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (office, verdict, reason) = request.parse().map_err(say)?;
    let id = given.parse().unwrap_or(PolicyCheckId::NOBODYS);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let decision = (verdict, reason.as_str());
    queue::decide(edge.app(), &vault, &bearer, &office, id, decision).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

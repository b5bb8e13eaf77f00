//! The queue of policies of which no insurer said anything clear: listed, taken, decided (ACC-12, OFC-6).

use app::Refusal;
use app::registries::queue::{self, Taken, Verdict};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{OfficeId, StaffId};
use lambda::Edge;
use lambda::http::queue::{QueueQuery, QueueView, QueuedView, TakeRequest, decision};
use lambda::http::{Asked, Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Policies that are to be decided about, the oldest first. Of nobody it says who they are.
#[utoipa::path(get, path = "/v1/staff/checks/policies", tag = "operator", params(QueueQuery), security(("session" = [])),
    responses((status = 200, body = QueueView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Params(query): Params<QueueQuery>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (office, page) = query.read().map_err(say)?;
    let which = (page.cursor.as_deref(), page.limit);
    let found = queue::list(edge.app(), &bearer, &office, which).await.map_err(say)?;
    Ok(([NO_STORE], Json(QueueView::of(&edge, found, bearer.member))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenPolicyView {
    #[serde(flatten)]
    queued: QueuedView,
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
#[utoipa::path(post, path = "/v1/staff/checks/policies/{id}/take", tag = "operator", request_body = TakeRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = TakenPolicyView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn take(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<TakeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office = request.read().map_err(say)?;
    let id = given.parse().unwrap_or(queue::NOBODYS);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let taken = queue::take(edge.app(), &vault, &bearer, &office, id).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(&edge, taken, bearer.member))))
}

fn view(edge: &Edge, taken: Taken, me: StaffId) -> TakenPolicyView {
    TakenPolicyView {
        queued: QueuedView::of(edge, &taken.queued, me),
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
        let choices = [("valid", Verdict::Valid), ("void", Verdict::Void)];
        let decided = decision(&mut fields, self.result, choices, self.reason);
        fields.finish()?;
        let (office, (verdict, reason)) = office.zip(decided).ok_or(Refusal::NotFound)?;
        Ok((office, verdict, reason))
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
    let id = given.parse().unwrap_or(queue::NOBODYS);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let decision = (verdict, reason.as_str());
    queue::decide(edge.app(), &vault, &bearer, &office, id, decision).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

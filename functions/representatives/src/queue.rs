//! The queue of applications to act for others: listed, taken, decided (OFC-6).

use crate::views::{self, BeneficiaryView, RepresentationGrantView};
use app::Refusal;
use app::representatives::queue::{self, GrantName, Taken, Verdict};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{OfficeId, StaffId};
use lambda::Edge;
use lambda::http::queue::{QueueQuery, QueueView, QueuedView, TakeRequest, decision, named};
use lambda::http::{Asked, Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession, utc};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

/// Applications to act for others that are to be decided, the oldest first. Of nobody it says who they are.
#[utoipa::path(get, path = "/v1/staff/representations", tag = "operator", params(QueueQuery), security(("session" = [])),
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
struct TakenGrantView {
    #[serde(flatten)]
    queued: QueuedView,
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

fn taken(edge: &Edge, taken: Taken, me: StaffId, lang: Lang) -> TakenGrantView {
    let now = edge.app().clock.now();
    TakenGrantView {
        queued: QueuedView::of(edge, &taken.queued, me),
        until: utc(taken.until),
        asked: views::grant(&taken.grant, taken.queued.name.clone(), (&taken.said, None), now, lang),
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
#[utoipa::path(post, path = "/v1/staff/representations/{id}/take", tag = "operator", request_body = TakeRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = TakenGrantView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
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
    let name: GrantName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = queue::take(edge.app(), &vault, &bearer, &office, name).await.map_err(say)?;
    Ok(([NO_STORE], Json(taken(&edge, found, bearer.member, lang))))
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
        let choices = [("approved", Verdict::Approved), ("refused", Verdict::Refused)];
        let decided = decision(&mut fields, self.result, choices, self.reason);
        fields.finish()?;
        let (office, (verdict, reason)) = office.zip(decided).ok_or(Refusal::NotFound)?;
        Ok((office, verdict, reason))
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
    let name: GrantName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let decision = (verdict, reason.as_str());
    queue::decide(edge.app(), &vault, &bearer, &office, name, decision).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

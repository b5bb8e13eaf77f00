//! By a video call with an operator: what the citizen asks.

use app::Refusal;
use app::identity::video::{self, Own};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::OfficeId;
use lambda::Edge;
use lambda::http::views::{self, OfficeBrief, local};
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    id: String,
    office: Option<OfficeBrief>,
    /// The office's local time, with its offset: until then an operator takes it.
    wished_at: String,
    asked_at: String,
    /// `waiting`, `taken`, `confirmed`, `refused` or `withdrawn`.
    state: &'static str,
    text: String,
    /// Where the operator waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    /// Why it came to what it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

pub fn check(edge: &Edge, own: Own, lang: Lang) -> CheckView {
    let office = edge.app().catalogue.offices.get(&own.check.office);
    let state = own.check.state.name();
    CheckView {
        id: own.check.id.to_string(),
        wished_at: local(own.check.wished_at, office.map_or(chrono_tz::UTC, |office| office.zone)),
        office: office.map(|office| views::office(office, lang)),
        asked_at: utc(own.check.asked_at),
        state,
        text: text::label(lang, &format!("check-{state}")),
        room: own.room,
        reason: own.reason,
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    /// Whose operators are to look.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// With its offset: from a quarter of an hour to two weeks ahead, while the office is open.
    #[schema(required = true, nullable = false)]
    wished_at: Option<String>,
}

/// Asks for a video call with an operator, who looks at one's paper.
#[utoipa::path(post, path = "/v1/me/identity/video-check", tag = "identity", request_body = CheckRequest, security(("session" = [])),
    responses((status = 201, body = CheckView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn ask(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Asked(request): Asked<CheckRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let wished_at = fields.instant("wishedAt", request.wished_at);
    fields.finish().map_err(say)?;
    let (Some(office), Some(wished_at)) = (office, wished_at) else { return Err(say(Refusal::NotFound)) };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let here = edge.at(&office).await.map_err(say)?;
    let asked = video::ask(here.app(), &vault, &bearer, &office, wished_at).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(check(&here, asked, lang))))
}

/// Withdraws the video check that one asked for.
#[utoipa::path(delete, path = "/v1/me/identity/video-check", tag = "identity", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn withdraw(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<StatusCode, Problem> {
    video::withdraw(edge.app(), &bearer).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

//! Signing in where one has not before, and where one has.

use crate::SignedIn;
use app::account::devices::{self, Known};
use app::account::sessions::Ended;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::account::Purpose;
use lambda::Edge;
use lambda::http::codes::{self, CodeRequest, ProofView};
use lambda::http::{
    Asked, Device, Language, NO_STORE, Network, Page, Paging, Problem, ProblemBody, Session, utc,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Asks for a new code to sign in on this device, a minute after the last one.
#[utoipa::path(post, path = "/v1/sessions/challenges/{id}/code", tag = "sessions", params(("id" = String, Path)),
    responses((status = 202, body = ProofView), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn resend(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    codes::resend(&edge, lang, network.as_deref(), (&given, Purpose::Device)).await
}

/// Signs in on a new device by the code, which is known from now on.
#[utoipa::path(post, path = "/v1/sessions/challenges/{id}/complete", tag = "sessions", request_body = CodeRequest, params(("id" = String, Path)),
    responses((status = 201, body = SignedIn), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<CodeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let code = request.said().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let done = devices::complete(edge.app(), &vault, &codes, codes::id(&given), &code, device.as_deref());
    let done = done.await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], SignedIn::of(done)))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeviceList {
    items: Vec<DeviceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeviceView {
    id: String,
    known_since: String,
    /// To the day.
    used_at: String,
    /// What the device calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
}

fn shown(known: Known) -> DeviceView {
    DeviceView {
        id: known.name,
        known_since: utc(known.known_since),
        used_at: utc(known.used_at),
        device: known.called,
    }
}

/// The devices on which one signs in without a code, the last used first; the fifty last.
#[utoipa::path(get, path = "/v1/me/devices", tag = "me", params(Paging), security(("session" = [])),
    responses((status = 200, body = DeviceList), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let known = devices::list(edge.app(), &vault, &bearer).await.map_err(say)?;
    let (known, next_cursor) = page.of(lang, known)?;
    Ok(([NO_STORE], Json(DeviceList { items: known.into_iter().map(shown).collect(), next_cursor })))
}

/// What ended with what was removed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndedView {
    sessions_ended: usize,
    /// Whether the session that asked is among them.
    current_ended: bool,
}

impl EndedView {
    pub fn of(ended: Ended) -> Json<Self> {
        Json(Self { sessions_ended: ended.sessions, current_ended: ended.current })
    }
}

/// Knows a device no more: whoever signs in there needs a code again, and the sessions that were opened there end.
#[utoipa::path(delete, path = "/v1/me/devices/{id}", tag = "me", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = EndedView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn forget(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let ended = devices::forget(edge.app(), &vault, &bearer, &id, device.as_deref()).await.map_err(say)?;
    Ok(([NO_STORE], EndedView::of(ended)))
}

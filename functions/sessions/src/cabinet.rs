//! Where one is signed in, another password, and what happened to the cabinet.

use crate::factor::FACTOR_MAX;
use app::account::password::{self, Said};
use app::account::second_factor::Second;
use app::account::sessions::Open;
use app::account::{self, sessions};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::identity::Means;
use lambda::Edge;
use lambda::http::{
    Asked, Device, Fields, Language, NO_STORE, Network, Page, Paging, Problem, ProblemBody, Session, utc,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionList {
    items: Vec<SessionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    id: String,
    created_at: String,
    expires_at: String,
    /// What the device called itself when it signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    /// Whether it is the session that asks.
    current: bool,
}

fn view(open: Open) -> SessionView {
    SessionView {
        id: open.name,
        created_at: utc(open.created_at),
        expires_at: utc(open.expires_at),
        device: open.device,
        current: open.current,
    }
}

/// Where one is signed in, the latest first; the fifty latest.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", params(Paging), security(("session" = [])),
    responses((status = 200, body = SessionList), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let open = sessions::list(edge.app(), &vault, &bearer).await.map_err(say)?;
    let (open, next_cursor) = page.of(lang, open)?;
    Ok(([NO_STORE], Json(SessionList { items: open.into_iter().map(view).collect(), next_cursor })))
}

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn end_one(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    sessions::end(edge.app(), &bearer, &id).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions, the one that asks too.
#[utoipa::path(delete, path = "/v1/sessions", tag = "sessions", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn end_all(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<StatusCode, Problem> {
    sessions::end_all(edge.app(), &bearer).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordRequest {
    #[schema(required = true, nullable = false)]
    current_password: Option<String>,
    /// At least 8 characters, a digit, letters of both cases.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code.
    second_factor: Option<String>,
}

/// Gives the cabinet another password. Every session ends, the one that asks too.
#[utoipa::path(post, path = "/v1/me/password", tag = "me", request_body = PasswordRequest, security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn change_password(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<PasswordRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let before = fields.password("currentPassword", request.current_password);
    let after = fields.password("password", request.password);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second_factor = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = Said { before, after, second_factor };
    let done = password::change(edge.app(), &vault, &bearer, said, device.as_deref());
    done.await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventList {
    items: Vec<EventView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventView {
    id: String,
    /// `password-changed`, `password-recovered`, `phone-changed`, `email-changed`, `new-device`, `identity-confirmed`…
    what: &'static str,
    text: String,
    at: String,
    /// Where somebody showed who they are: how.
    #[serde(skip_serializing_if = "Option::is_none")]
    means: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    means_text: Option<String>,
    /// What the device called itself by which it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
}

/// What happened to one's cabinet, the latest first.
#[utoipa::path(get, path = "/v1/me/events", tag = "me", params(Paging), security(("session" = [])),
    responses((status = 200, body = EventList), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn events(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = account::events(edge.app(), &vault, &bearer, page.cursor.as_deref(), page.limit);
    let found = found.await.map_err(say)?;
    let items = found.items.into_iter().map(|(happened, device)| EventView {
        id: happened.id.to_string(),
        what: happened.event.name(),
        text: text::label(lang, &format!("account-{}", happened.event.name())),
        at: utc(happened.at),
        means: happened.means.map(Means::name),
        means_text: happened.means.map(|means| text::label(lang, &format!("means-{}", means.name()))),
        device,
    });
    Ok(([NO_STORE], Json(EventList { items: items.collect(), next_cursor: found.next })))
}

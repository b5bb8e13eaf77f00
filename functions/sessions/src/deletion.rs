//! Having one's cabinet deleted, and thinking better of it.

use crate::factor::FACTOR_MAX;
use app::account::deletion;
use app::account::second_factor::Second;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeletionRequest {
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code.
    second_factor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeletionView {
    /// When the cabinet goes. Until then it can be stopped.
    deletion_at: String,
}

/// Has one's cabinet be deleted in a week. Refused while an appointment is planned, a place is offered or waited for. Asked for
/// again it is as it was.
#[utoipa::path(post, path = "/v1/me/deletion", tag = "me", request_body = DeletionRequest, security(("session" = [])),
    responses((status = 202, body = DeletionView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn ask(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<DeletionRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = (password, &second);
    let goes_at = deletion::ask(edge.app(), &vault, &bearer, said, device.as_deref()).await.map_err(say)?;
    Ok((StatusCode::ACCEPTED, [NO_STORE], Json(DeletionView { deletion_at: utc(goes_at) })))
}

/// Has the cabinet stay. Where nobody asked for its deletion it stays anyway.
#[utoipa::path(delete, path = "/v1/me/deletion", tag = "me", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn stop(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    deletion::stop(edge.app(), &vault, &bearer, device.as_deref()).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

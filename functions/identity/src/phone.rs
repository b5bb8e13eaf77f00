//! By a code to the phone of the cabinet.

use crate::{NO_STORE, own, utc};
use app::account::proof::Begun;
use app::floods::Whence;
use app::identity::phone;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ProofId, Ulid};
use lambda::Edge;
use lambda::http::identity::IdentityView;
use lambda::http::{Asked, Device, Fields, Language, Network, Problem, ProblemBody, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A code is under way to the phone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityCodeView {
    id: String,
    /// From then on a new code can be asked for.
    resend_at: String,
    expires_at: String,
}

fn view(begun: &Begun) -> Json<IdentityCodeView> {
    Json(IdentityCodeView {
        id: begun.id.to_string(),
        resend_at: utc(begun.resend_at),
        expires_at: utc(begun.expires_at),
    })
}

/// An id that cannot be one is like one that nobody has.
fn id(given: &str) -> ProofId {
    given.parse().unwrap_or(ProofId(Ulid::nil()))
}

/// Has a code sent to the phone of the cabinet.
#[utoipa::path(post, path = "/v1/me/identity/codes", tag = "identity", security(("session" = [])),
    responses((status = 201, body = IdentityCodeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let whence = Whence { network: network.as_deref(), effort: None };
    let begun = phone::start(edge.app(), &vault, &bearer, whence).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], view(&begun)))
}

/// Asks for a new code, a minute after the last one.
#[utoipa::path(post, path = "/v1/me/identity/codes/{id}/code", tag = "identity", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 202, body = IdentityCodeView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn resend(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let whence = Whence { network: network.as_deref(), effort: None };
    let again = phone::resend(edge.app(), &vault, &bearer, id(&given), whence).await.map_err(say)?;
    Ok((StatusCode::ACCEPTED, [NO_STORE], view(&again)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityCodeRequest {
    /// The six digits from the SMS.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

/// Confirms who one is, by the code.
#[utoipa::path(post, path = "/v1/me/identity/codes/{id}/complete", tag = "identity", request_body = IdentityCodeRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = IdentityView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<IdentityCodeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let code = fields.code("code", request.code);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let done = phone::complete(edge.app(), &vault, &codes, &bearer, id(&given), &code, device.as_deref());
    Ok(own::answer(done.await.map_err(say)?, lang))
}

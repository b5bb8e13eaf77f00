//! By a code to the phone of the cabinet.

use crate::own;
use app::floods::Whence;
use app::identity::phone;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::codes::{self, CodeRequest, ProofView};
use lambda::http::identity::IdentityView;
use lambda::http::{Asked, Device, Language, Network, Problem, ProblemBody, Session};

/// Has a code sent to the phone of the cabinet.
#[utoipa::path(post, path = "/v1/me/identity/codes", tag = "identity", security(("session" = [])),
    responses((status = 201, body = ProofView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
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
    Ok(codes::begun(&begun))
}

/// Asks for a new code, a minute after the last one.
#[utoipa::path(post, path = "/v1/me/identity/codes/{id}/code", tag = "identity", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 202, body = ProofView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
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
    let again = phone::resend(edge.app(), &vault, &bearer, codes::id(&given), whence).await.map_err(say)?;
    Ok(codes::sent(&again))
}

/// Confirms who one is, by the code.
#[utoipa::path(post, path = "/v1/me/identity/codes/{id}/complete", tag = "identity", request_body = CodeRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = IdentityView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<CodeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let code = request.said().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let done =
        phone::complete(edge.app(), &vault, &codes, &bearer, codes::id(&given), &code, device.as_deref());
    Ok(own::answer(done.await.map_err(say)?, lang))
}

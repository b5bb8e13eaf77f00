//! «Забыли пароль?»: a code to the phone or the address, and a new password.

use crate::factor::FACTOR_MAX;
use app::account::recover::{self, Said};
use app::account::second_factor::Second;
use app::contact::Login;
use app::effort::{EFFORT_MAX, Effort};
use app::floods::Whence;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::account::Purpose;
use lambda::Edge;
use lambda::http::codes::{self, ProofView};
use lambda::http::{Asked, Device, Fields, Language, Network, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryRequest {
    /// The phone or the confirmed address, in any writing.
    #[schema(required = true, nullable = false)]
    login: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
}

/// Begins to recover a cabinet: a code goes to its phone or address. Whether there is one is not told.
#[utoipa::path(post, path = "/v1/recoveries", tag = "sessions", request_body = RecoveryRequest,
    responses((status = 201, body = ProofView), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Asked(request): Asked<RecoveryRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let login = fields.required("login", request.login);
    let login = fields.optional("login", login, domain::limits::EMAIL_MAX).unwrap_or_default();
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    fields.finish().map_err(say)?;
    let Ok(login) = login.parse::<Login>();
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let effort = Some(Effort { key: &codes, given: effort.as_deref() });
    let whence = Whence { network: network.as_deref(), effort };
    let begun = recover::start(edge.app(), &vault, &login, lang.code(), whence).await.map_err(say)?;
    Ok(codes::begun(&begun))
}

/// Asks for a new code, a minute after the last one.
#[utoipa::path(post, path = "/v1/recoveries/{id}/code", tag = "sessions", params(("id" = String, Path)),
    responses((status = 202, body = ProofView), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn resend(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    codes::resend(&edge, lang, network.as_deref(), (&given, Purpose::Recovery)).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPasswordRequest {
    /// The six digits from the message.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
    /// At least 8 characters, a digit, letters of both cases.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code. Where its codes come by SMS: one of
    /// them, if the recovery was begun by the address; if by the phone, a recovery code.
    second_factor: Option<String>,
}

/// Gives the cabinet a new password by the code. Every session ends; one signs in with the new password.
#[utoipa::path(post, path = "/v1/recoveries/{id}/complete", tag = "sessions", request_body = NewPasswordRequest, params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Network(network): Network,
    Path(given): Path<String>,
    Asked(request): Asked<NewPasswordRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let code = fields.code("code", request.code);
    let password = fields.password("password", request.password);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second_factor = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = Said { code: &code, second_factor, password };
    let id = codes::id(&given);
    let done = recover::complete(edge.app(), &vault, &codes, id, said, device.as_deref());
    done.await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

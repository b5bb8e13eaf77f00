//! Another phone or address for the cabinet.

use crate::factor::FACTOR_MAX;
use app::account::second_factor::Second;
use app::account::{contact, proof};
use app::contact::{Login, email, phone};
use app::floods::Whence;
use app::{Bearer, Refusal};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::codes::{self, CodeRequest, ProofView};
use lambda::http::{Asked, Device, Fields, Language, Network, Problem, ProblemBody, Session};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneRequest {
    /// A mobile phone, in any writing.
    #[schema(required = true, nullable = false)]
    phone: Option<String>,
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code.
    second_factor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmailRequest {
    #[schema(required = true, nullable = false)]
    email: Option<String>,
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code.
    second_factor: Option<String>,
}

/// A new phone or address as it was asked for.
struct New {
    field: &'static str,
    given: Option<String>,
    password: Option<String>,
    second: Option<String>,
}

async fn start(
    edge: &Edge,
    bearer: &Bearer,
    new: New,
    parse: impl Fn(&str) -> Result<String, &'static str>,
    network: Option<&str>,
) -> Result<proof::Begun, Refusal> {
    let New { field, given, password, second } = new;
    let mut fields = Fields::new();
    let contact = fields.read_by(field, given, parse);
    let password = fields.password("password", password);
    let second = fields.optional("secondFactor", second, FACTOR_MAX);
    fields.finish()?;
    let Ok(contact) = contact.unwrap_or_default().parse::<Login>();
    let (vault, codes) = (edge.vault().await?, edge.codes().await?);
    let second = Second { said: second.as_deref(), codes: &codes, network };
    let proved = (password, &second);
    contact::start(edge.app(), &vault, bearer, &contact, proved, Whence { network, effort: None }).await
}

/// Begins to change the phone: a code goes to the new one.
#[utoipa::path(post, path = "/v1/me/phone", tag = "me", request_body = PhoneRequest, security(("session" = [])),
    responses((status = 201, body = ProofView), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start_phone(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Asked(request): Asked<PhoneRequest>,
) -> Result<impl IntoResponse, Problem> {
    let PhoneRequest { phone: given, password, second_factor: second } = request;
    let new = New { field: "phone", given, password, second };
    let parse = |said: &str| phone(said, &edge.app().floods);
    let begun = start(&edge, &bearer, new, parse, network.as_deref()).await;
    let begun = begun.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(codes::begun(&begun))
}

/// Begins to change the address: a code goes to the new one.
#[utoipa::path(post, path = "/v1/me/email", tag = "me", request_body = EmailRequest, security(("session" = [])),
    responses((status = 201, body = ProofView), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start_email(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Asked(request): Asked<EmailRequest>,
) -> Result<impl IntoResponse, Problem> {
    let EmailRequest { email: given, password, second_factor: second } = request;
    let new = New { field: "email", given, password, second };
    let begun = start(&edge, &bearer, new, email, network.as_deref()).await;
    let begun = begun.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(codes::begun(&begun))
}

/// Asks for a new code to the new phone or address, a minute after the last one.
#[utoipa::path(post, path = "/v1/me/contacts/{id}/code", tag = "me", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 202, body = ProofView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
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
    let again = contact::resend(edge.app(), &vault, &bearer, codes::id(&given), whence).await.map_err(say)?;
    Ok(codes::sent(&again))
}

/// Has the new phone or address count. The one before is told.
#[utoipa::path(post, path = "/v1/me/contacts/{id}/complete", tag = "me", request_body = CodeRequest, params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<CodeRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let code = request.said().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let id = codes::id(&given);
    let done = contact::complete(edge.app(), &vault, &codes, &bearer, id, &code, device.as_deref());
    done.await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

//! The second step of signing in, for those who want one.

use app::account::second_factor::{self, Second, TurnOn};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
pub use domain::limits::FACTOR_MAX;
use lambda::Edge;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of what was drawn for a setup, with some to spare.
const SETUP_MAX: usize = 40;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactorView {
    on: bool,
    /// Whence the code comes: `authenticator` or `sms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    /// Recovery codes that were not used yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes_left: Option<usize>,
}

/// Whether signing in needs a code besides the password.
#[utoipa::path(get, path = "/v1/me/second-factor", tag = "me", security(("session" = [])),
    responses((status = 200, body = FactorView), (status = 401, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let found = second_factor::look(edge.app(), &bearer).await;
    let found = found.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let view = FactorView {
        on: found.is_some(),
        by: found.map(|(by, _)| by.name()),
        recovery_codes_left: found.map(|(_, left)| left),
    };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetupRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    pub password: Option<String>,
}

/// What to put into an authenticator.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SetupView {
    /// To be given back when turning it on.
    setup: String,
    /// In Base32, to be typed in.
    secret: String,
    /// The same as an `otpauth` address, for a QR code.
    address: String,
}

/// Begins to turn the second step on: nothing is changed yet.
#[utoipa::path(post, path = "/v1/me/second-factor", tag = "me", request_body = SetupRequest, security(("session" = [])),
    responses((status = 200, body = SetupView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn begin(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Asked(request): Asked<SetupRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let begun = second_factor::begin(edge.app(), &vault, &codes, &bearer, password).await.map_err(say)?;
    let view = SetupView { setup: begun.setup, secret: begun.secret, address: begun.address };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TurnOnRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    #[schema(required = true, nullable = false)]
    setup: Option<String>,
    /// That the authenticator shows.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
    /// Where codes come by SMS until now: the last one, or a recovery code. Without it one is sent (`second-factor-sent`).
    second_factor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnRecoveryCodes {
    /// Shown this once; each opens once.
    pub recovery_codes: Vec<String>,
}

/// Turns the second step on.
#[utoipa::path(post, path = "/v1/me/second-factor/on", tag = "me", request_body = TurnOnRequest, security(("session" = [])),
    responses((status = 200, body = OwnRecoveryCodes), (status = 401, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn turn_on(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<TurnOnRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let setup = fields.text("setup", request.setup, SETUP_MAX).unwrap_or_default();
    let code = fields.code("code", request.code);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = TurnOn { password, setup: &setup, code: &code, second };
    let done = second_factor::turn_on(edge.app(), &vault, &bearer, said, device.as_deref());
    let recovery_codes = done.await.map_err(say)?;
    Ok(([NO_STORE], Json(OwnRecoveryCodes { recovery_codes })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TurnOffRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// The authenticator's, that of the last SMS, or a recovery code. Without one an SMS is sent, where codes come by SMS.
    code: Option<String>,
}

/// Turns the second step off.
#[utoipa::path(post, path = "/v1/me/second-factor/off", tag = "me", request_body = TurnOffRequest, security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn turn_off(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<TurnOffRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let code = fields.optional("code", request.code, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: code.as_deref(), codes: &codes, network: network.as_deref() };
    let done = second_factor::turn_off(edge.app(), &vault, &bearer, password, &second, device.as_deref());
    done.await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewOwnRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// The authenticator's, that of the last SMS, or a recovery code. Without one an SMS is sent, where codes come by SMS.
    code: Option<String>,
}

/// New recovery codes in place of all before.
#[utoipa::path(post, path = "/v1/me/recovery-codes", tag = "me", request_body = RenewOwnRequest, security(("session" = [])),
    responses((status = 200, body = OwnRecoveryCodes), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn renew(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<RenewOwnRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let code = fields.optional("code", request.code, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: code.as_deref(), codes: &codes, network: network.as_deref() };
    let done = second_factor::renew(edge.app(), &vault, &bearer, password, &second, device.as_deref());
    let recovery_codes = done.await.map_err(say)?;
    Ok(([NO_STORE], Json(OwnRecoveryCodes { recovery_codes })))
}

//! Codes by SMS as the second step of signing in.

use crate::factor::{FACTOR_MAX, OwnRecoveryCodes, SetupRequest};
use app::account::second_factor::Second;
use app::account::second_factor::sms::{self, TurnOn};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::codes::{self, ProofView};
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session};
use serde::Deserialize;
use utoipa::ToSchema;

/// Begins to have codes come by SMS: one goes to the cabinet's phone.
#[utoipa::path(post, path = "/v1/me/second-factor/sms", tag = "me", request_body = SetupRequest, security(("session" = [])),
    responses((status = 201, body = ProofView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn begin(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Asked(request): Asked<SetupRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let begun = sms::begin(edge.app(), &vault, &bearer, password, network.as_deref()).await.map_err(say)?;
    Ok(codes::begun(&begun))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SmsOnRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// What was begun.
    #[schema(required = true, nullable = false)]
    id: Option<String>,
    /// The six digits from the SMS.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
    /// Where there is an authenticator until now: its code, or a recovery code.
    second_factor: Option<String>,
}

/// Turns the second step on, with codes by SMS.
#[utoipa::path(post, path = "/v1/me/second-factor/sms/on", tag = "me", request_body = SmsOnRequest, security(("session" = [])),
    responses((status = 200, body = OwnRecoveryCodes), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn turn_on(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<SmsOnRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let begun = fields.required("id", request.id).unwrap_or_default();
    let code = fields.code("code", request.code);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = TurnOn { password, id: codes::id(&begun), code: &code, second };
    let done = sms::turn_on(edge.app(), &vault, &bearer, said, device.as_deref());
    let recovery_codes = done.await.map_err(say)?;
    Ok(([NO_STORE], Json(OwnRecoveryCodes { recovery_codes })))
}

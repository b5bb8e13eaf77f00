//! Signing in and out, and what that hangs on: where one is signed in, the password, the phone and the address.

mod cabinet;
mod contacts;
mod deletion;
mod devices;
mod factor;
mod passkeys;
mod recoveries;
mod sms_factor;
mod unlocks;

use app::account::devices::TOKEN_MAX;
use app::contact::Login;
use app::effort::{EFFORT_MAX, Effort};
use app::sign_in::{self, Said, Step};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::codes::{self, ProofView};
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(end))
        .routes(routes!(cabinet::list, cabinet::end_all))
        .routes(routes!(cabinet::end_one))
        .routes(routes!(cabinet::change_password))
        .routes(routes!(cabinet::events))
        .routes(routes!(contacts::start_phone))
        .routes(routes!(contacts::start_email))
        .routes(routes!(contacts::resend))
        .routes(routes!(contacts::complete))
        .routes(routes!(deletion::ask, deletion::stop))
        .routes(routes!(devices::resend))
        .routes(routes!(devices::complete))
        .routes(routes!(devices::list))
        .routes(routes!(devices::forget))
        .routes(routes!(factor::look, factor::begin))
        .routes(routes!(factor::turn_on))
        .routes(routes!(factor::turn_off))
        .routes(routes!(factor::renew))
        .routes(routes!(sms_factor::begin))
        .routes(routes!(sms_factor::turn_on))
        .routes(routes!(passkeys::list, passkeys::begin))
        .routes(routes!(passkeys::complete))
        .routes(routes!(passkeys::remove))
        .routes(routes!(passkeys::begin_sign_in))
        .routes(routes!(passkeys::complete_sign_in))
        .routes(routes!(recoveries::start))
        .routes(routes!(recoveries::resend))
        .routes(routes!(recoveries::complete))
        .routes(routes!(unlocks::look))
        .routes(routes!(unlocks::stop))
        .routes(routes!(unlocks::start))
        .routes(routes!(unlocks::ask))
        .routes(routes!(unlocks::resend))
        .routes(routes!(unlocks::complete))
        .with_state(edge)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignInRequest {
    /// Phone or e-mail.
    #[schema(required = true, nullable = false)]
    login: Option<String>,
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, that of the last SMS, or a recovery code. Asked for once
    /// the password is right; where codes come by SMS, that sends one.
    code: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
    /// By which the device is known.
    device_token: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignedIn {
    citizen_id: String,
    /// For `Authorization: Bearer`; shown this once.
    token: String,
    expires_at: String,
    /// To be kept and given when signing in: the device is known by it from now on. Only where it was not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    /// When the cabinet goes, where its deletion was asked for: `DELETE /v1/me/deletion` stops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_at: Option<String>,
}

impl SignedIn {
    fn of(done: sign_in::SignedIn) -> Json<Self> {
        Json(Self {
            citizen_id: done.citizen.to_string(),
            token: done.token,
            expires_at: utc(done.expires_at),
            device_token: done.device,
            deletion_at: done.deleted_at.map(utc),
        })
    }
}

/// Signs in with phone or e-mail and password. On a device that is not known a code goes to the phone first (202).
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", request_body = SignInRequest,
    responses((status = 201, body = SignedIn), (status = 202, body = ProofView), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
async fn create(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Network(network): Network,
    Asked(request): Asked<SignInRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let login = fields.required("login", request.login);
    let password = fields.password("password", request.password);
    let code = fields.optional("code", request.code, factor::FACTOR_MAX);
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    let token = fields.optional("deviceToken", request.device_token, TOKEN_MAX);
    fields.finish().map_err(say)?;
    let login = login.unwrap_or_default();
    let Ok(login) = login.parse::<Login>();
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let (code, device_token, device) = (code.as_deref(), token.as_deref(), device.as_deref());
    let said = Said { login: &login, password, code, device_token, device };
    let effort = Effort { key: &codes, given: effort.as_deref() };
    let done = sign_in::sign_in(edge.app(), &vault, said, network.as_deref(), effort).await.map_err(say)?;
    Ok(match done {
        Step::Open(done) => (StatusCode::CREATED, [NO_STORE], SignedIn::of(done)).into_response(),
        Step::Code(begun) => codes::sent(&begun),
    })
}

/// Ends the session of the request.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody)))]
async fn end(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<StatusCode, Problem> {
    sign_in::sign_out(edge.app(), &bearer).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

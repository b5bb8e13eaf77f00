//! Sessions of staff, and the codes for the day the authenticator is lost.

use app::effort::{EFFORT_MAX, Effort};
use app::staff::SignedIn;
use app::staff::own;
use app::staff::sign_in::{self, Said};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::FACTOR_MAX;
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Network, Problem, ProblemBody, StaffSession, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StaffSignInRequest {
    #[schema(required = true, nullable = false)]
    email: Option<String>,
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// What the authenticator shows now, or a recovery code.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaffSignedIn {
    member_id: String,
    /// For `Authorization: Bearer`; shown this once.
    token: String,
    expires_at: String,
}

impl From<SignedIn> for StaffSignedIn {
    fn from(done: SignedIn) -> Self {
        Self { member_id: done.member.to_string(), token: done.token, expires_at: utc(done.expires_at) }
    }
}

/// Signs in with e-mail, password and second factor.
#[utoipa::path(post, path = "/v1/staff/sessions", tag = "staff", request_body = StaffSignInRequest,
    responses((status = 201, body = StaffSignedIn), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn create(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Asked(request): Asked<StaffSignInRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let email = fields.required("email", request.email).unwrap_or_default();
    let code = fields.text("code", request.code, FACTOR_MAX).unwrap_or_default();
    let password = fields.password("password", request.password);
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    fields.finish().map_err(say)?;
    // What is no address is nobody's, and answered like any unknown one.
    let email = app::contact::email(&email).unwrap_or_default();
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let said = Said { email: &email, password, code: &code };
    let effort = Effort { key: &codes, given: effort.as_deref() };
    let done = sign_in::sign_in(edge.app(), &vault, said, network.as_deref(), effort).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(StaffSignedIn::from(done))))
}

/// Ends the session of the request.
#[utoipa::path(delete, path = "/v1/staff/sessions/current", tag = "staff", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn end(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
) -> Result<StatusCode, Problem> {
    sign_in::sign_out(edge.app(), &bearer).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions, the one of the request too.
#[utoipa::path(delete, path = "/v1/staff/sessions", tag = "staff", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn end_all(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
) -> Result<StatusCode, Problem> {
    own::end_sessions(edge.app(), &bearer).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StaffPasswordRequest {
    #[schema(required = true, nullable = false)]
    current_password: Option<String>,
    /// At least 8 characters, a digit, letters of both cases.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// What the authenticator shows now, or a recovery code.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

/// Gives oneself another password. All sessions end, the one of the request too.
#[utoipa::path(post, path = "/v1/staff/me/password", tag = "staff", request_body = StaffPasswordRequest,
    security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn change_password(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Asked(request): Asked<StaffPasswordRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let before = fields.password("currentPassword", request.current_password);
    let after = fields.password("password", request.password);
    let code = fields.text("code", request.code, FACTOR_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = own::Said { before, after, code: &code };
    own::change_password(edge.app(), &vault, &bearer, said).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewRequest {
    /// What the authenticator shows now, or a recovery code.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecoveryCodes {
    /// Each opens once in place of the authenticator; shown this once.
    recovery_codes: Vec<String>,
}

/// Gives new recovery codes; all before them are worth nothing then.
#[utoipa::path(post, path = "/v1/staff/me/recovery-codes", tag = "staff", request_body = RenewRequest,
    security(("session" = [])),
    responses((status = 200, body = RecoveryCodes), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn renew(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Asked(request): Asked<RenewRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let code = fields.required("code", request.code);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let renewed = sign_in::renew_recovery(edge.app(), &vault, &bearer, &code.unwrap_or_default()).await;
    Ok(([NO_STORE], Json(RecoveryCodes { recovery_codes: renewed.map_err(say)? })))
}

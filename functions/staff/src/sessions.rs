//! Sessions of staff, and the codes for the day the authenticator is lost.

use app::staff::{SignedIn, sign_in};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::PASSWORD_MAX;
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, StaffSession, utc};
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
    Asked(request): Asked<StaffSignInRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let email = fields.required("email", request.email);
    let code = fields.required("code", request.code);
    let password = request.password.filter(|password| !password.is_empty());
    if password.is_none() {
        fields.add("password", "required");
    }
    fields.finish().map_err(say)?;
    let (Some(email), Some(code), Some(password)) = (email, code, password) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    // What is no address is nobody's, and answered like any unknown one.
    let email = app::contact::email(&email).unwrap_or_default();
    // Longer than any password can be: hashing it would only cost.
    let password: String = password.chars().take(PASSWORD_MAX + 1).collect();
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let done = sign_in::sign_in(edge.app(), &vault, &email, password, &code).await.map_err(say)?;
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

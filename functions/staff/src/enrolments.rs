//! Accepting an invitation.

use crate::grants::{self, GrantView};
use crate::sessions::StaffSignedIn;
use app::staff::enrol::{self, Accepting};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationLink {
    /// The secret of the letter's link.
    #[schema(required = true, nullable = false)]
    token: Option<String>,
}

/// Who one is to be here, and what to put into the authenticator.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EnrolmentView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    email: String,
    grants: Vec<GrantView>,
    /// To be given back on accepting.
    setup: String,
    /// For the authenticator, in Base32: to be typed where no QR code can be read.
    secret: String,
    /// The same as an `otpauth` address, for a QR code.
    authenticator_url: String,
    expires_at: String,
}

/// Opens an invitation: what it offers, and the authenticator's secret. Changes nothing.
#[utoipa::path(post, path = "/v1/staff/enrolments", tag = "staff", request_body = InvitationLink,
    responses((status = 200, body = EnrolmentView), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asked(request): Asked<InvitationLink>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let token = fields.required("token", request.token);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let links = edge.links().await.map_err(|error| say(error.into()))?;
    let found = enrol::look(edge.app(), &vault, &links, &token.unwrap_or_default()).await.map_err(say)?;
    let view = EnrolmentView {
        surname: found.who.name.surname,
        given_name: found.who.name.given,
        patronymic: found.who.name.patronymic,
        email: found.who.email,
        grants: grants::views(&edge, &found.grants, lang),
        setup: found.setup,
        secret: found.secret,
        authenticator_url: found.address,
        expires_at: utc(found.expires_at),
    };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnrolRequest {
    #[schema(required = true, nullable = false)]
    token: Option<String>,
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// `setup` of the opening whose secret the authenticator has.
    #[schema(required = true, nullable = false)]
    setup: Option<String>,
    /// What the authenticator shows now.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EnrolledView {
    #[serde(flatten)]
    session: StaffSignedIn,
    /// Each opens once in place of the authenticator; shown this once.
    recovery_codes: Vec<String>,
}

/// Accepts an invitation with a password and the authenticator's first code.
#[utoipa::path(post, path = "/v1/staff/enrolments/complete", tag = "staff", request_body = EnrolRequest,
    responses((status = 201, body = EnrolledView), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asked(request): Asked<EnrolRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let token = fields.required("token", request.token);
    let setup = fields.required("setup", request.setup);
    let code = fields.required("code", request.code);
    // As it was typed: a password's spaces are its own.
    let password = request.password.filter(|password| !password.is_empty());
    if password.is_none() {
        fields.add("password", "required");
    }
    fields.finish().map_err(say)?;
    let (Some(token), Some(password), Some(setup), Some(code)) = (token, password, setup, code) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let links = edge.links().await.map_err(|error| say(error.into()))?;
    let done = enrol::complete(edge.app(), &vault, &links, Accepting { token, password, setup, code })
        .await
        .map_err(say)?;
    let view = EnrolledView { session: done.signed_in.into(), recovery_codes: done.recovery_codes };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

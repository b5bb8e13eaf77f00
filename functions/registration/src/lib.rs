//! Becoming a citizen with a cabinet: phone, code, form, address.

use app::contact;
use app::effort::{EFFORT_MAX, Effort};
use app::floods::Whence;
use app::register::{self, Form, NewCitizen};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{RegistrationId, Ulid};
use lambda::Edge;
use lambda::http::codes::CodeRequest;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(resend))
        .routes(routes!(verify))
        .routes(routes!(complete))
        .routes(routes!(confirm_email))
        .with_state(edge)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartRequest {
    /// A mobile phone in any common writing.
    #[schema(required = true, nullable = false)]
    phone: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Started {
    id: String,
    /// When a new code may be asked for.
    resend_at: String,
    expires_at: String,
    /// The versions of the texts to accept.
    agreement_version: &'static str,
    consent_version: &'static str,
}

fn started(started: &register::Started) -> Json<Started> {
    Json(Started {
        id: started.id.to_string(),
        resend_at: utc(started.resend_at),
        expires_at: utc(started.expires_at),
        agreement_version: register::AGREEMENT_VERSION,
        consent_version: register::CONSENT_VERSION,
    })
}

/// An id that cannot be one is like one that nobody has.
fn id(given: &str) -> RegistrationId {
    given.parse().unwrap_or(RegistrationId(Ulid::nil()))
}

/// Begins a registration: a code goes to the phone.
#[utoipa::path(post, path = "/v1/registrations", tag = "registrations", request_body = StartRequest,
    responses((status = 201, body = Started), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Asked(request): Asked<StartRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let phone = fields.read_by("phone", request.phone, |phone| contact::phone(phone, &edge.app().floods));
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let phone = phone.unwrap_or_default();
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let effort = Some(Effort { key: &codes, given: effort.as_deref() });
    let whence = Whence { network: network.as_deref(), effort };
    let begun = register::start(edge.app(), &vault, &phone, lang.code(), whence).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], started(&begun)))
}

/// Asks for a new code, a minute after the last one.
#[utoipa::path(post, path = "/v1/registrations/{id}/code", tag = "registrations", params(("id" = String, Path)),
    responses((status = 202, body = Started), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn resend(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let whence = Whence { network: network.as_deref(), effort: None };
    let again = register::resend(edge.app(), &vault, id(&given), whence).await.map_err(say)?;
    Ok((StatusCode::ACCEPTED, [NO_STORE], started(&again)))
}

/// Confirms the phone by its code.
#[utoipa::path(post, path = "/v1/registrations/{id}/verify", tag = "registrations", request_body = CodeRequest, params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn verify(
    State(edge): State<Edge>,
    Language(lang): Language,
    Path(given): Path<String>,
    Asked(request): Asked<CodeRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let code = request.said().map_err(say)?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    register::verify(edge.app(), &codes, id(&given), &code).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CompleteRequest {
    #[schema(required = true, nullable = false)]
    surname: Option<String>,
    #[schema(required = true, nullable = false)]
    given_name: Option<String>,
    patronymic: Option<String>,
    #[schema(required = true, nullable = false)]
    email: Option<String>,
    /// At least 8 characters, a digit, letters of both cases.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    #[schema(required = true, nullable = false)]
    agreement: Option<Acceptance>,
    /// Consent to the processing of personal data: given separately.
    #[schema(required = true, nullable = false)]
    consent: Option<Acceptance>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Acceptance {
    #[schema(required = true, nullable = false)]
    accepted: Option<bool>,
    #[schema(required = true, nullable = false)]
    version: Option<String>,
}

impl Acceptance {
    fn version(this: Option<Self>) -> Option<String> {
        this.filter(|given| given.accepted == Some(true)).map(|given| given.version.unwrap_or_default())
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Registered {
    citizen_id: String,
    /// For `Authorization: Bearer`; shown this once.
    token: String,
    expires_at: String,
    /// To be kept and given when signing in: the device is known by it.
    device_token: String,
}

/// Ends the registration with a working cabinet and a session in it.
#[utoipa::path(post, path = "/v1/registrations/{id}/complete", tag = "registrations", request_body = CompleteRequest, params(("id" = String, Path)),
    responses((status = 201, body = Registered), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<CompleteRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let form = Form {
        surname: request.surname,
        given_name: request.given_name,
        patronymic: request.patronymic,
        email: request.email,
        password: request.password,
        language: lang.code().to_owned(),
        agreement: Acceptance::version(request.agreement),
        consent: Acceptance::version(request.consent),
    };
    let new = NewCitizen::parse(&form).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let done = register::complete(edge.app(), &vault, id(&given), new, device.as_deref());
    let done = done.await.map_err(say)?;
    let view = Registered {
        citizen_id: done.citizen.to_string(),
        token: done.token,
        expires_at: utc(done.expires_at),
        device_token: done.device,
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfirmRequest {
    /// The secret of the link in the mail.
    #[schema(required = true, nullable = false)]
    token: Option<String>,
}

/// Confirms an address by the link's secret.
#[utoipa::path(post, path = "/v1/email-confirmations", tag = "registrations", request_body = ConfirmRequest,
    responses((status = 204), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn confirm_email(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asked(request): Asked<ConfirmRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let token = fields.required("token", request.token).unwrap_or_default();
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let links = edge.links().await.map_err(|error| say(error.into()))?;
    register::confirm_email(edge.app(), &vault, &links, &token).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

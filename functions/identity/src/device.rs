//! By another device on which one is signed in: one shows a QR code, the other confirms.

use crate::own;
use app::Refusal;
use app::identity::device::{self, Standing};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ChallengeId, Ulid};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use lambda::Edge;
use lambda::http::identity::IdentityView;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest secret that is looked at, in characters.
const SECRET_MAX: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceChallengeView {
    id: String,
    /// What the QR code holds: opened on the other device, it asks there.
    link: String,
    /// The QR code, as an SVG picture.
    svg: String,
    /// Two minutes.
    expires_at: String,
}

/// Shows a challenge for another device of one's own; the one before is over.
#[utoipa::path(post, path = "/v1/me/identity/devices", tag = "identity", security(("session" = [])),
    responses((status = 201, body = DeviceChallengeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let begun = device::start(edge.app(), &vault, &bearer).await.map_err(say)?;
    let link = format!("{}/identity/confirm?token={}", edge.settings().portal_url, begun.secret);
    // A link of this length always fits.
    let code = QRBuilder::new(link.as_str()).ecl(ECL::M).build().map_err(|_| say(Refusal::Busy))?;
    let view = DeviceChallengeView {
        id: begun.id.to_string(),
        svg: SvgBuilder::default().to_str(&code),
        link,
        expires_at: utc(begun.expires_at),
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandingView {
    /// `waiting`, `confirmed` or `over`.
    state: &'static str,
}

/// How a challenge stands, for the device that shows it: to be asked every two or three seconds.
#[utoipa::path(get, path = "/v1/me/identity/devices/{id}", tag = "identity", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = StandingView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = given.parse().unwrap_or(ChallengeId(Ulid::nil()));
    let state = match device::look(edge.app(), &bearer, id).await.map_err(say)? {
        Standing::Waiting => "waiting",
        Standing::Confirmed => "confirmed",
        Standing::Over => "over",
    };
    Ok(([NO_STORE], Json(StandingView { state })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeviceConfirmRequest {
    /// What the link has behind `token=`.
    #[schema(required = true, nullable = false)]
    token: Option<String>,
}

/// Confirms who one is, in another session than the one that shows the code.
#[utoipa::path(post, path = "/v1/me/identity/devices/confirm", tag = "identity", request_body = DeviceConfirmRequest,
    security(("session" = [])),
    responses((status = 200, body = IdentityView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Asked(request): Asked<DeviceConfirmRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let token = fields.text("token", request.token, SECRET_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let done = device::complete(edge.app(), &vault, &bearer, &token, device.as_deref()).await;
    Ok(own::answer(done.map_err(say)?, lang))
}

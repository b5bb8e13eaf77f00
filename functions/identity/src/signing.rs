//! By an electronic signature of a text that was made for it.

use crate::{Here, own};
use app::Refusal;
use app::identity::signature;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ChallengeId, Ulid};
use lambda::http::identity::IdentityView;
use lambda::http::signing::TextToSignView;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Problem, ProblemBody, Session};
use serde::Deserialize;
use signatures::{decode, signer, verify};
use utoipa::ToSchema;

/// Makes a text to be signed; the one before is over.
#[utoipa::path(post, path = "/v1/me/identity/signatures", tag = "identity", security(("session" = [])),
    responses((status = 201, body = TextToSignView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn start(
    State(here): State<Here>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let edge = &here.edge;
    let say = |refusal| Problem::of(edge, lang, refusal);
    if here.roots.trust().is_none() {
        return Err(say(Refusal::WayClosed));
    }
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let words = text::label(lang, "identity-signature-text");
    let begun = signature::start(edge.app(), &vault, &bearer, &words).await.map_err(say)?;
    let view = TextToSignView::new(begun.id, begun.text, begun.expires_at);
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureRequest {
    /// The detached signature (CMS) in Base64, with the signer's certificate in it; at most 40 KB.
    #[schema(required = true, nullable = false)]
    signature: Option<String>,
}

/// Confirms who one is, by the signature of the text.
#[utoipa::path(post, path = "/v1/me/identity/signatures/{id}/complete", tag = "identity", request_body = SignatureRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = IdentityView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(here): State<Here>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<SignatureRequest>,
) -> Result<impl IntoResponse, Problem> {
    let edge = &here.edge;
    let say = |refusal| Problem::of(edge, lang, refusal);
    let trust = here.roots.trust().ok_or_else(|| say(Refusal::WayClosed))?;
    let mut fields = Fields::new();
    let signature = fields.required("signature", request.signature).unwrap_or_default();
    let bytes = decode(&signature).map_err(|wrong| fields.wrong(wrong)).unwrap_or_default();
    fields.finish().map_err(say)?;
    let id = given.parse().unwrap_or(ChallengeId(Ulid::nil()));
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let verified = |text: &[u8], now| {
        let refused = |refused: signatures::Refused| {
            tracing::info!(%refused, "a signature confirms nobody");
            refused.name()
        };
        verify(text, &bytes, trust, now).map(|found| signer(found).said).map_err(refused)
    };
    let done = signature::complete(edge.app(), &vault, &bearer, id, verified, device.as_deref()).await;
    Ok(own::answer(done.map_err(say)?, lang))
}

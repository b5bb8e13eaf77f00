//! By an electronic signature of a text that was made for it.

use crate::signature::{Signer, verify};
use crate::{Here, own};
use app::Refusal;
use app::identity::compare::Said;
use app::identity::signature;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{ChallengeId, Ulid};
use lambda::http::identity::IdentityView;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of a signature with its chain, in bytes; in Base64 it fits a request.
const SIGNATURE_MAX: usize = 40 * 1024;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextToSignView {
    id: String,
    /// What is to be signed, to the letter: these characters in UTF-8.
    text: String,
    /// The same bytes, for tools that take a file.
    text_base64: String,
    /// Ten minutes.
    expires_at: String,
}

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
    if here.roots.is_none() {
        return Err(say(Refusal::WayClosed));
    }
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let words = text::label(lang, "identity-signature-text");
    let begun = signature::start(edge.app(), &vault, &bearer, &words).await.map_err(say)?;
    let view = TextToSignView {
        id: begun.id.to_string(),
        text_base64: STANDARD.encode(&begun.text),
        text: begun.text,
        expires_at: utc(begun.expires_at),
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureRequest {
    /// The detached signature (CMS) in Base64, with the signer's certificate in it; at most 40 KB.
    #[schema(required = true, nullable = false)]
    signature: Option<String>,
}

fn said(signer: Signer) -> Said {
    Said {
        whole_name: signer.common_name,
        surname: signer.surname,
        given_name: signer.given_name,
        snils: signer.snils,
        inn: signer.inn,
        ..Said::default()
    }
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
    let trust = here.roots.as_ref().ok_or_else(|| say(Refusal::WayClosed))?;
    let mut fields = Fields::new();
    let signature = fields.required("signature", request.signature).unwrap_or_default();
    let packed: String = signature.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).ok().filter(|bytes| bytes.len() <= SIGNATURE_MAX);
    if bytes.is_none() {
        fields.wrong(WrongField::new("signature", "signature-format"));
    }
    fields.finish().map_err(say)?;
    let bytes = bytes.unwrap_or_default();
    let id = given.parse().unwrap_or(ChallengeId(Ulid::nil()));
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let signer = |text: &[u8], now| {
        let refused = |refused: crate::signature::Refused| {
            tracing::info!(%refused, "a signature confirms nobody");
            refused.name()
        };
        verify(text, &bytes, trust, now).map(said).map_err(refused)
    };
    let done = signature::complete(edge.app(), &vault, &bearer, id, signer, device.as_deref()).await;
    Ok(own::answer(done.map_err(say)?, lang))
}

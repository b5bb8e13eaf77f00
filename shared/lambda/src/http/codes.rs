//! Codes to a phone or an address: that one is under way, that another is wanted, and how it is said.

use super::{Fields, NO_STORE, Problem, utc};
use crate::Edge;
use app::Refusal;
use app::account::proof::{self, Begun};
use app::floods::Whence;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::Purpose;
use domain::{ProofId, Ulid};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

/// Something begun that goes on with the code that was sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    id: String,
    /// From then on a new code can be asked for.
    resend_at: String,
    expires_at: String,
}

fn shown(status: StatusCode, begun: &Begun) -> Response {
    let view = ProofView {
        id: begun.id.to_string(),
        resend_at: utc(begun.resend_at),
        expires_at: utc(begun.expires_at),
    };
    (status, [NO_STORE], Json(view)).into_response()
}

/// Answers that something was begun.
pub fn begun(begun: &Begun) -> Response {
    shown(StatusCode::CREATED, begun)
}

/// Answers that a code is under way for what goes on.
pub fn sent(begun: &Begun) -> Response {
    shown(StatusCode::ACCEPTED, begun)
}

/// An id that cannot be one is like one that nobody has.
pub fn id(given: &str) -> ProofId {
    given.parse().unwrap_or(ProofId(Ulid::nil()))
}

/// Has a new code go where the one of a proof went, for whoever knows its id.
///
/// # Errors
/// As [`proof::resend`], in words.
pub async fn resend(
    edge: &Edge,
    lang: Lang,
    network: Option<&str>,
    (given, purpose): (&str, Purpose),
) -> Result<Response, Problem> {
    let again = async {
        let whence = Whence { network, effort: None };
        let vault = edge.vault().await?;
        proof::resend(edge.app(), &vault, id(given), purpose, whence).await
    };
    let again: Result<Begun, Refusal> = again.await;
    again.map(|begun| sent(&begun)).map_err(|refusal| Problem::of(edge, lang, refusal))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeRequest {
    /// The six digits from the message.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

impl CodeRequest {
    /// The code that is said.
    ///
    /// # Errors
    /// [`Refusal::Fields`] when it is none.
    pub fn said(self) -> Result<String, Refusal> {
        let mut fields = Fields::new();
        let code = fields.code("code", self.code);
        fields.finish()?;
        Ok(code)
    }
}

//! Refusals as problem documents (RFC 9457), in the caller's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use text::{Args, Lang};
use utoipa::ToSchema;

/// A problem document. Members beyond these tell what the problem's type promises: `alternatives`, `deadline`…
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// `urn:okno:problem:` and the problem's code.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    /// What happened and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Every field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: Map<String, Value>,
}

/// A wrong field, the reason and the way to mend it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    pub field: String,
    pub code: String,
    pub message: String,
}

/// A refusal on its way to the caller.
#[derive(Debug)]
pub struct Problem {
    lang: Lang,
    code: &'static str,
    args: Args,
    errors: Vec<FieldProblem>,
    more: Map<String, Value>,
    retry_after_s: Option<u32>,
}

impl Problem {
    pub fn new(lang: Lang, code: &'static str) -> Self {
        Self { lang, code, args: Args::new(), errors: Vec::new(), more: Map::new(), retry_after_s: None }
    }

    /// A fact for the sentence.
    pub fn arg(mut self, name: &'static str, value: impl Into<text::Value>) -> Self {
        self.args = self.args.with(name, value);
        self
    }

    /// A member for programs.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    pub fn error(mut self, error: FieldProblem) -> Self {
        self.errors.push(error);
        self
    }

    pub fn status(&self) -> StatusCode {
        match self.code {
            "malformed-json" => StatusCode::BAD_REQUEST,
            "unauthorized"
            | "wrong-credentials"
            | "wrong-staff-credentials"
            | "second-factor-needed"
            | "second-factor-sent"
            | "second-factor-other"
            | "passkey-wrong" => StatusCode::UNAUTHORIZED,
            "not-ready" | "not-eligible" | "entitlement-untold" | "files-lacking" | "account-inactive"
            | "forbidden" | "beyond-your-rights" | "not-identified" | "unlock-own" | "not-represented"
            | "identity-needed" | "own-only" | "visit-shut" => StatusCode::FORBIDDEN,
            "not-found" => StatusCode::NOT_FOUND,
            "method-not-allowed" => StatusCode::METHOD_NOT_ALLOWED,
            "body-too-large" => StatusCode::PAYLOAD_TOO_LARGE,
            "link-expired" | "invitation-over" | "registration-spent" | "proof-spent" | "code-expired"
            | "code-spent" => StatusCode::GONE,
            "invalid-request"
            | "idempotency-mismatch"
            | "wish-too-wide"
            | "nothing-to-wait-for"
            | "cursor-invalid"
            | "code-wrong"
            | "check-in-wrong"
            | "second-factor-wrong"
            | "facts-wrong"
            | "signature-refused"
            | "other-person"
            | "grant-differs"
            | "office-file-wrong"
            | "office-file-too-large"
            | "version-consent-old" => StatusCode::UNPROCESSABLE_ENTITY,
            "too-many-requests" | "resend-too-early" | "code-limit" | "too-many-codes" | "effort-needed" => {
                StatusCode::TOO_MANY_REQUESTS
            }
            "overloaded" | "unavailable" | "esia-unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            "internal" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::CONFLICT,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = ProblemBody {
            r#type: format!("urn:okno:problem:{}", self.code),
            title: text::problem_title(self.lang, self.code, &self.args),
            status: status.as_u16(),
            detail: text::problem_detail(self.lang, self.code, &self.args),
            errors: self.errors,
            more: self.more,
        };
        // Nothing in the document can fail to be written.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.code()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

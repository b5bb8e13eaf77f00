//! HTTP at the edge: requests parsed at the door, answers and refusals in the caller's language.

pub mod block;
pub mod codes;
mod deletion;
mod extract;
pub mod identity;
mod network;
mod paging;
mod problem;
pub mod queue;
mod refusal;
pub mod signing;
pub mod views;

pub use app::fields::Fields;
pub use extract::{
    ActingFor, Asked, Asker, BODY_MAX, Device, ForSomebody, IdempotencyKey, Language, Params, Session,
    StaffSession,
};
pub use network::{Network, Source};
pub use paging::{Page, Paging};
pub use problem::{FieldProblem, Problem, ProblemBody};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

/// A router ready to be served: what it does not know is a problem document too.
pub fn served(router: Router) -> Router {
    router
        .fallback(|Language(lang): Language| async move { Problem::new(lang, "not-found") })
        .method_not_allowed_fallback(|Language(lang): Language| async move {
            Problem::new(lang, "method-not-allowed")
        })
        .layer(middleware::from_fn(readable))
}

/// A path that is no text names nothing that there is.
async fn readable(Language(lang): Language, request: Request, next: Next) -> Response {
    match percent_decode_str(request.uri().path()).decode_utf8() {
        Ok(_) => next.run(request).await,
        Err(_) => Problem::new(lang, "not-found").into_response(),
    }
}

use axum::http::{HeaderName, header};
use chrono::{DateTime, SecondsFormat, Utc};

/// An answer that is one person's, and is kept by nobody on the way.
pub const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// RFC 3339 in UTC, to the second: of what has no office.
pub fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

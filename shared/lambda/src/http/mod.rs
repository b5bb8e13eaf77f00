//! HTTP at the edge: requests parsed at the door, answers and refusals in the caller's language.

mod deletion;
mod extract;
mod fields;
pub mod identity;
mod network;
mod paging;
mod problem;
mod refusal;
pub mod signing;
pub mod views;

pub use extract::{Asked, Asker, BODY_MAX, Device, IdempotencyKey, Language, Params, Session, StaffSession};
pub use fields::Fields;
pub use network::{Network, Source};
pub use paging::{Page, Paging};
pub use problem::{FieldProblem, Problem, ProblemBody};

use axum::Router;

/// A router ready to be served: what it does not know is a problem document too.
pub fn served(router: Router) -> Router {
    router
        .fallback(|Language(lang): Language| async move { Problem::new(lang, "not-found") })
        .method_not_allowed_fallback(|Language(lang): Language| async move {
            Problem::new(lang, "method-not-allowed")
        })
}

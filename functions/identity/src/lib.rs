//! Confirming who one is: by a code to the phone, by another device, by an electronic signature, by video, by ЕСИА (ACC-9, ACC-15).

mod own;
mod phone;
pub mod signature;

#[cfg(test)]
mod tests;

use axum::http::{HeaderName, header};
use chrono::{DateTime, SecondsFormat, Utc};
use lambda::Edge;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

pub(crate) fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(own::look))
        .routes(routes!(phone::start))
        .routes(routes!(phone::resend))
        .routes(routes!(phone::complete))
        .with_state(edge)
}

//! How it is shown that somebody is who they say.

use super::utc;
use domain::identity::Confirmed;
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

/// By which means it was confirmed, and when.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// `phone-code`, `another-device`, `signature`, `video` or `esia`.
    by: &'static str,
    text: String,
    at: String,
}

impl IdentityView {
    pub fn of(confirmed: Confirmed, lang: Lang) -> Self {
        Self {
            by: confirmed.by.name(),
            text: text::label(lang, &format!("means-{}", confirmed.by.name())),
            at: utc(confirmed.at),
        }
    }
}

//! A cabinet that is closed to booking, as its owner and those who work here see it (ACC-8).

use super::utc;
use super::views::said;
use crate::Edge;
use domain::citizen::Blocked;
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

/// Why a cabinet is closed to booking, and who opens it again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BlockView {
    /// `resale`, `impersonation`, `false-data`, `misuse` or `owners-wish`.
    ground: &'static str,
    text: String,
    /// In the words of whoever closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    since: String,
    /// The office that closed it.
    office_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    office_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl BlockView {
    pub fn of(edge: &Edge, lang: Lang, blocked: &Blocked, words: Option<String>) -> Self {
        let office = edge.app().catalogue.offices.get(&blocked.office);
        Self {
            ground: blocked.ground.name(),
            text: ground(lang, blocked),
            reason: words,
            since: utc(blocked.at),
            office_id: blocked.office.to_string(),
            office_name: office.map(|office| said(&office.name, lang).to_owned()),
            phone: office.map(|office| office.phone.clone()),
        }
    }
}

/// The ground in a sentence's words.
pub fn ground(lang: Lang, blocked: &Blocked) -> String {
    text::label(lang, &format!("ground-{}", blocked.ground.name()))
}

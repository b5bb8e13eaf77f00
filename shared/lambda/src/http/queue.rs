//! Queues that staff decide, as they are shown and asked for: the same of each (OFC-6).

use super::views::local;
use super::{Fields, Page, Problem, utc};
use crate::Edge;
use app::Refusal;
use app::staff::queue::Queued;
use app::staff::{StaffBearer, absent};
use chrono::{DateTime, Utc};
use domain::limits::REASON_MAX;
use domain::{OfficeId, StaffId};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use store::access::Listed;
use text::Lang;
use utoipa::{IntoParams, ToSchema};

/// Something that waits to be decided: of nobody it says who they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedView {
    id: String,
    asked_at: String,
    /// How long it has waited.
    age_min: i64,
    /// The office's local time by which it is to be decided; of a video check, for which it was asked.
    deadline: String,
    overdue: bool,
    /// `waiting` or `taken`; of an unlock also `refused`, `approved`, `stopped` or `done`.
    state: &'static str,
    /// Whether whoever asks has taken it; of an unlock, opened it: then somebody else decides.
    mine: bool,
}

impl QueuedView {
    pub fn of(edge: &Edge, queued: &Queued, me: StaffId) -> Self {
        let now: DateTime<Utc> = edge.app().clock.now();
        let known = edge.app().catalogue.offices.get(&queued.office);
        let zone = known.map_or(chrono_tz::UTC, |office| office.zone);
        Self {
            id: queued.name.clone(),
            asked_at: utc(queued.wait.since),
            age_min: queued.wait.age_min(now),
            deadline: local(queued.wait.deadline, zone),
            overdue: queued.wait.is_overdue(now),
            state: queued.state,
            mine: queued.by == Some(me),
        }
    }
}

/// A page of a queue, what is due first in front.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueView {
    items: Vec<QueuedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl QueueView {
    pub fn of(edge: &Edge, found: Listed<Queued>, me: StaffId) -> Self {
        let items = found.items.iter().map(|one| QueuedView::of(edge, one, me)).collect();
        Self { items, next_cursor: found.next }
    }
}

/// Which page of the queue of a region, and for which office one acts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// The office for which one acts: it serves its region's queue.
    #[param(required = true)]
    office_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

impl QueueQuery {
    /// # Errors
    /// [`Refusal::Fields`].
    pub fn read(self) -> Result<(OfficeId, Page), Refusal> {
        let mut fields = Fields::new();
        let office = fields.need("officeId", self.office_id, "unknown-office");
        let page = Page::read(&mut fields, self.cursor, self.limit);
        fields.finish()?;
        Ok((office.ok_or(Refusal::UnknownOffice)?, page))
    }
}

/// For which office something of its region is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
}

impl TakeRequest {
    /// # Errors
    /// [`Refusal::Fields`].
    pub fn read(self) -> Result<OfficeId, Refusal> {
        let mut fields = Fields::new();
        let office = fields.need("officeId", self.office_id, "unknown-office");
        fields.finish()?;
        office.ok_or(Refusal::UnknownOffice)
    }
}

/// Reads the name of what waits; who names what cannot be hears what is said of what is not there.
///
/// # Errors
/// `not-found`; without a session `unauthorized`.
pub async fn named<T: FromStr>(
    edge: &Edge,
    lang: Lang,
    bearer: &StaffBearer,
    given: &str,
) -> Result<T, Problem> {
    match given.parse() {
        Ok(name) => Ok(name),
        Err(_) => Err(Problem::of(edge, lang, absent(edge.app(), bearer).await)),
    }
}

/// What was decided and why, of two choices; the reason has up to 300 characters.
pub fn decision<T>(
    fields: &mut Fields,
    result: Option<String>,
    choices: [(&str, T); 2],
    reason: Option<String>,
) -> Option<(T, String)> {
    let said = fields.required("result", result);
    let [one, other] = choices;
    let chosen = match said.as_deref() {
        Some(said) if said == one.0 => Some(one.1),
        Some(said) if said == other.0 => Some(other.1),
        Some(_) => {
            fields.add("result", "not-a-choice");
            None
        }
        None => None,
    };
    let reason = fields.required("reason", reason);
    chosen.zip(fields.optional("reason", reason, REASON_MAX))
}

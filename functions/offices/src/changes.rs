//! The history of an office's file, and whom each change touched.

use crate::file::{DifferenceView, differences};
use crate::office_of;
use app::Refusal;
use app::offices::look::{self, Seen};
use app::reception::VisitId;
use app::staff::absent;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::catalogue::Office;
use domain::limits::LIST_MAX;
use domain::sweep::{Touched, TouchedBy};
use lambda::Edge;
use lambda::http::{Language, NO_STORE, Page, Params, Problem, ProblemBody, StaffSession, views};
use serde::{Deserialize, Serialize};
use store::items::office::Changed;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfficeChangeView {
    /// The file's version after it.
    number: u64,
    /// The member who made it.
    by: String,
    at: String,
    reason: String,
    /// Of the office's own file.
    differences: Vec<DifferenceView>,
    /// The number of a change of the references, where it was one of those that came here.
    #[serde(skip_serializing_if = "Option::is_none")]
    references: Option<u64>,
    /// Whether everybody whom it touches has been told.
    done: bool,
    /// Appointments that another window took at the same time.
    moved: u32,
    /// Appointments that were given up.
    given_up: u32,
}

fn view(office: &Office, seen: Seen) -> OfficeChangeView {
    let Seen { change, reason } = seen;
    let (found, references) = match &change.what {
        Changed::File { before, after } => (store::catalogue::file::differences(before, after), None),
        Changed::References(number) => (Vec::new(), Some(*number)),
    };
    OfficeChangeView {
        number: change.number,
        by: change.by.to_string(),
        at: views::local(change.at, office.zone),
        reason,
        differences: differences(found),
        references,
        done: change.sweep.is_done(),
        moved: change.sweep.moved,
        given_up: change.sweep.given_up,
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfficeChangeList {
    items: Vec<OfficeChangeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What was changed in an office's file, the latest first.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/changes", tag = "staff",
    params(("id" = String, Path), lambda::http::Paging), security(("session" = [])),
    responses((status = 200, body = OfficeChangeList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let before = page.before(lang)?;
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = look::history(edge.app(), &vault, &bearer, &office.id, before, page.limit);
    let found = found.await.map_err(say)?;
    let next_cursor = page.older(found.len(), found.last().map(|seen| seen.change.number));
    let items = found.into_iter().map(|seen| view(office, seen)).collect();
    Ok(([NO_STORE], Json(OfficeChangeList { items, next_cursor })))
}

/// One whose appointment no longer fitted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TouchedView {
    /// By this the visit is opened, where the way to reach its holder stands.
    visit_id: String,
    /// When they were expected.
    starts_at: String,
    /// `moved` to another window at the same time, or `given-up`.
    outcome: &'static str,
    /// Whether somebody should call them: they were expected so soon that they may not read in time.
    call: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfficeChangeDetail {
    #[serde(flatten)]
    change: OfficeChangeView,
    touched: Vec<TouchedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TouchedParams {
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// One change: how far it is carried out, and whom it touched, fifty at a time. The call list is of those with `call`.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/changes/{number}", tag = "staff",
    params(("id" = String, Path), ("number" = String, Path), TouchedParams), security(("session" = [])),
    responses((status = 200, body = OfficeChangeDetail), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path((id, number)): Path<(String, String)>,
    Params(asked): Params<TouchedParams>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let after = match asked.cursor.map(|cursor| cursor.parse::<VisitId>()) {
        None => None,
        Some(Ok(visit)) => Some(visit),
        Some(Err(_)) => return Err(say(Refusal::CursorInvalid)),
    };
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let Ok(number) = number.parse::<u64>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (seen, touched) =
        look::one(edge.app(), &vault, &bearer, &office.id, number, after).await.map_err(say)?;
    let id_of = |one: &Touched| VisitId { citizen: one.citizen, appointment: one.appointment }.to_string();
    let next_cursor = touched.last().filter(|_| touched.len() == LIST_MAX).map(id_of);
    let touched = touched.iter().map(|one| TouchedView {
        visit_id: id_of(one),
        starts_at: views::local(one.starts_at, office.zone),
        outcome: TouchedBy::name(one.by),
        call: one.call,
    });
    let touched = touched.collect();
    Ok(([NO_STORE], Json(OfficeChangeDetail { change: view(office, seen), touched, next_cursor })))
}

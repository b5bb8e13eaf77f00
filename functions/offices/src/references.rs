//! The files by which every office goes: read, replaced, and what was changed in them.

use crate::file::{self, DifferenceView, FileRequest, FileView, OutcomeView, differences};
use app::references::look::{self, Seen};
use app::references::{change, look::Standing};
use app::staff::{StaffBearer, absent};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::catalogue::Reference;
use lambda::Edge;
use lambda::http::{Asked, Language, NO_STORE, Page, Paging, Problem, ProblemBody, StaffSession, utc};
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

/// The file of a path.
async fn reference(edge: &Edge, lang: Lang, bearer: &StaffBearer, given: &str) -> Result<Reference, Problem> {
    let found = Reference::ALL.into_iter().find(|reference| reference.name() == given);
    match found {
        Some(reference) => Ok(reference),
        None => Err(Problem::of(edge, lang, absent(edge.app(), bearer).await)),
    }
}

/// One of the files by which every office goes: `regions`, `agencies`, `services` or `holidays`.
#[utoipa::path(get, path = "/v1/staff/references/{name}", tag = "staff", params(("name" = String, Path)),
    security(("session" = [])),
    responses((status = 200, body = FileView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let reference = reference(&edge, lang, &bearer, &name).await?;
    let dir = &edge.settings().catalogue_dir;
    let found = look::file(edge.app(), dir, &bearer, reference).await;
    let Standing { number, text } = found.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(([NO_STORE], Json(FileView { version: number, file: text })))
}

/// Puts a file in place of the one that stands. It makes its way to the offices within moments; those whom it touches are
/// told. The version counts the changes of all the files.
#[utoipa::path(post, path = "/v1/staff/references/{name}", tag = "staff", params(("name" = String, Path)),
    request_body = FileRequest, security(("session" = [])),
    responses((status = 200, body = OutcomeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn replace(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(name): Path<String>,
    Asked(request): Asked<FileRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (text, asked) = request.parse().map_err(say)?;
    let reference = reference(&edge, lang, &bearer, &name).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let dir = &edge.settings().catalogue_dir;
    let done = change::replace(edge.app(), &vault, dir, &bearer, reference, &text, &asked);
    Ok(([NO_STORE], file::view(done.await.map_err(say)?)))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferenceChangeView {
    /// The files' version after it.
    number: u64,
    /// Which of the files.
    name: &'static str,
    /// The member who made it.
    by: String,
    at: String,
    reason: String,
    differences: Vec<DifferenceView>,
    /// Offices that go by it so far.
    offices: u32,
    /// Whether all of them do.
    done: bool,
}

fn view(Seen { change, reason }: Seen) -> ReferenceChangeView {
    ReferenceChangeView {
        number: change.number,
        name: change.reference.name(),
        by: change.by.to_string(),
        at: utc(change.at),
        reason,
        differences: differences(store::catalogue::file::differences(&change.before, &change.after)),
        offices: change.rollout.offices,
        done: change.rollout.is_done(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferenceChangeList {
    items: Vec<ReferenceChangeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What was changed in these files, the latest first.
#[utoipa::path(get, path = "/v1/staff/references", tag = "staff", params(Paging), security(("session" = [])),
    responses((status = 200, body = ReferenceChangeList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn history(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let before = page.before(lang)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = look::history(edge.app(), &vault, &bearer, before, page.limit).await.map_err(say)?;
    let next_cursor = page.older(found.len(), found.last().map(|seen| seen.change.number));
    Ok(([NO_STORE], Json(ReferenceChangeList { items: found.into_iter().map(view).collect(), next_cursor })))
}

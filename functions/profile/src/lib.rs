//! Oneself: what one says of oneself, whether one may book, the inbox, and who read one's data.

mod change;
mod export;
mod oneself;

use app::acting::notes;
use app::profile;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::views::{self, CallNoteList, OfficeBrief};
use lambda::http::{Language, NO_STORE, Page, Paging, Problem, ProblemBody, Session, utc};
use lambda::telling::{self, Said};
use serde::Serialize;
use store::items::note::{self, Note};
use store::{StoreError, Vault};
use text::Lang;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(oneself::me))
        .routes(routes!(oneself::profile, change::change))
        .routes(routes!(ask_link))
        .routes(routes!(inbox))
        .routes(routes!(readings))
        .routes(routes!(call_notes))
        .routes(routes!(export::take))
        .with_state(edge)
}

/// Asks for the link to one's address once more.
#[utoipa::path(post, path = "/v1/me/email-confirmation", tag = "me", security(("session" = [])),
    responses((status = 202), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn ask_link(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<StatusCode, Problem> {
    profile::ask_email_link(edge.app(), &bearer)
        .await
        .map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Inbox {
    items: Vec<NoticeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NoticeView {
    id: String,
    kind: &'static str,
    at: String,
    title: String,
    body: String,
    /// By which channels it went besides.
    sent_by: Vec<String>,
}

/// What one was told, newest first.
#[utoipa::path(get, path = "/v1/inbox", tag = "inbox", params(Paging), security(("session" = [])),
    responses((status = 200, body = Inbox), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn inbox(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let found = profile::inbox(edge.app(), &bearer, page.cursor.as_deref(), page.limit).await.map_err(say)?;
    let sealed = found.items.iter().any(|note| note.about.as_ref().is_some_and(|about| about.rs.is_some()));
    // An inbox in which nobody gives a reason is read without keys.
    let vault = match sealed {
        true => Some(edge.vault().await.map_err(|error| say(error.into()))?),
        false => None,
    };
    let mut items = Vec::new();
    for note in &found.items {
        items.extend(notice(&edge, note, vault.as_ref(), lang).map_err(|error| say(error.into()))?);
    }
    Ok(([NO_STORE], Json(Inbox { items, next_cursor: found.next })))
}

fn notice(
    edge: &Edge,
    note: &Note,
    vault: Option<&Vault>,
    lang: Lang,
) -> Result<Option<NoticeView>, StoreError> {
    let Some(about) = &note.about else { return Ok(None) };
    let reason = vault.map(|vault| note::reason(&note.id, about, vault)).transpose()?.flatten();
    let said = Said { reason: reason.as_deref(), ..Said::default() };
    let rendered = telling::render(edge, lang, &note.id, about, said);
    Ok(Some(NoticeView {
        id: note.id.to_string(),
        kind: note.id.kind.name(),
        at: utc(note.id.at),
        title: rendered.title,
        body: rendered.body,
        sent_by: note
            .sent
            .iter()
            .filter(|(_, id)| id != "refused")
            .map(|(channel, _)| channel.clone())
            .collect(),
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Readings {
    items: Vec<ReadingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Somebody who works here read one's data. Written down once an hour.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadingView {
    at: String,
    office: Option<OfficeBrief>,
    /// Who it was: by this the office knows them.
    member_id: String,
    /// The appointment for which it was read.
    subject: String,
}

/// Who of those who work here read one's data, the latest first.
#[utoipa::path(get, path = "/v1/me/readings", tag = "me", params(Paging), security(("session" = [])),
    responses((status = 200, body = Readings), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn readings(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let found =
        profile::readings(edge.app(), &bearer, page.cursor.as_deref(), page.limit).await.map_err(say)?;
    let offices = &edge.app().catalogue.offices;
    let items = found.items.into_iter().map(|reading| ReadingView {
        at: utc(reading.at),
        office: offices.get(&reading.office).map(|office| views::office(office, lang)),
        member_id: reading.member.to_string(),
        subject: reading.subject,
    });
    Ok(([NO_STORE], Json(Readings { items: items.collect(), next_cursor: found.next })))
}

/// What those who work here wrote down about one's calls, the latest first.
#[utoipa::path(get, path = "/v1/me/call-notes", tag = "me", params(Paging), security(("session" = [])),
    responses((status = 200, body = CallNoteList), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn call_notes(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = notes::own(edge.app(), &vault, &bearer, (page.cursor.as_deref(), page.limit)).await;
    Ok(([NO_STORE], Json(views::call_notes(&edge, found.map_err(say)?, lang))))
}

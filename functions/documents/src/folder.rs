//! One's folder for a service: each document that is asked for, its files, and what is lacking.

use crate::own;
use app::{Caller, Refusal, documents};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use domain::catalogue::{DocumentNeed, Service};
use domain::document::{APPLICATION_BYTES_MAX, Colour, File, FileFormat, FileState, Folder, Paper};
use domain::{CitizenId, ServiceId};
use lambda::Edge;
use lambda::http::views::said;
use lambda::http::{Asked, Asker, ForSomebody, Language, NO_STORE, Problem, ProblemBody};
use lambda::telling::file_reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Vault;
use store::items::folder::open_name;
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FolderView {
    service_id: String,
    /// `booking`: all must be here before one may book; `visit`: they can come until one does; `never`: one brings them.
    files_by: &'static str,
    /// Whether nothing is lacking.
    complete: bool,
    documents: Vec<FolderDocumentView>,
    /// Bytes that may still be uploaded for the service.
    bytes_left: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FolderDocumentView {
    document: String,
    name: String,
    /// Whether the original is to be brought as well.
    original: bool,
    /// Under which condition it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    /// What one said of the condition; none: nothing yet, or there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    applies: Option<bool>,
    /// `unanswered`, `missing`, `awaited`, `refused` or `expired`; none when nothing is lacking.
    #[serde(skip_serializing_if = "Option::is_none")]
    lack: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lack_text: Option<String>,
    rules: RulesView,
    files: Vec<FolderFileView>,
}

/// What a file of the document must be like.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RulesView {
    formats: Vec<&'static str>,
    bytes_max: usize,
    pages_max: u16,
    /// `a4` or `passport-spread`: what a scan is to show whole, at 300 dots an inch or as many pixels.
    paper: &'static str,
    /// A signature must be seen: colour, and `signatureVisible` when it is announced.
    signature: bool,
    /// Days after its issue for which it counts: then `issuedOn` is to be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_days: Option<u16>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FolderFileView {
    id: String,
    file_name: String,
    size: u32,
    /// `awaited`, `accepted` or `refused`.
    state: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    /// Why it was refused: code and sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<NaiveDate>,
    /// The last date on which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    good_until: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReasonView {
    code: String,
    text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerRequest {
    /// Documents that are asked for under a condition, and whether it holds.
    #[serde(default)]
    applies: BTreeMap<String, bool>,
}

/// The service of a path; one that there is not is not found.
pub fn service(edge: &Edge, lang: Lang, given: &str) -> Result<ServiceId, Problem> {
    let id = given.parse().ok().filter(|id| edge.app().catalogue.services.contains_key(id));
    id.ok_or_else(|| Problem::of(edge, lang, Refusal::NotFound))
}

/// What a service asks of one, and what of it is here.
#[utoipa::path(get, path = "/v1/documents/{service}", tag = "documents", params(ForSomebody, ("service" = String, Path)),
    security(("session" = [])),
    responses((status = 200, body = FolderView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Asker,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let caller = own(lang, asker)?;
    let edge = edge.asked_for(Some(&given)).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = service(&edge, lang, &given)?;
    let folder = documents::look(edge.app(), &caller, &id).await.map_err(say)?;
    shown(&edge, lang, &caller, &id, &folder).await
}

/// Says whether conditions hold under which documents are asked for.
#[utoipa::path(patch, path = "/v1/documents/{service}", tag = "documents", params(ForSomebody, ("service" = String, Path)),
    request_body = AnswerRequest, security(("session" = [])),
    responses((status = 200, body = FolderView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn answer(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Asker,
    Path(given): Path<String>,
    Asked(request): Asked<AnswerRequest>,
) -> Result<impl IntoResponse, Problem> {
    let caller = own(lang, asker)?;
    let edge = edge.asked_for(Some(&given)).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = service(&edge, lang, &given)?;
    let folder = documents::answer(edge.app(), &caller, &id, &request.applies).await.map_err(say)?;
    shown(&edge, lang, &caller, &id, &folder).await
}

async fn shown(
    edge: &Edge,
    lang: Lang,
    caller: &Caller,
    id: &ServiceId,
    folder: &Folder,
) -> Result<impl IntoResponse + use<>, Problem> {
    let say = |refusal| Problem::of(edge, lang, refusal);
    let service = edge.app().service(id).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    // In Greenwich's date: what counts at the office is decided when one books there.
    let on = edge.app().clock.now().date_naive();
    let view = view(&vault, lang, caller.citizen(), service, folder, on).map_err(say)?;
    Ok(([NO_STORE], Json(view)))
}

fn view(
    vault: &Vault,
    lang: Lang,
    citizen: CitizenId,
    service: &Service,
    folder: &Folder,
    on: NaiveDate,
) -> Result<FolderView, Refusal> {
    let documents = service.files().map(|need| document(vault, lang, citizen, need, folder, on));
    Ok(FolderView {
        service_id: service.id.to_string(),
        files_by: service.files_by.name(),
        complete: folder.lacking(service, on).next().is_none(),
        documents: documents.collect::<Result<_, _>>()?,
        bytes_left: APPLICATION_BYTES_MAX.saturating_sub(folder.bytes()),
    })
}

fn document(
    vault: &Vault,
    lang: Lang,
    citizen: CitizenId,
    need: &DocumentNeed,
    folder: &Folder,
    on: NaiveDate,
) -> Result<FolderDocumentView, Refusal> {
    let lack = folder.lack(need, on);
    let files = folder.of(&need.document).map(|file| self::file(vault, lang, citizen, need, file));
    Ok(FolderDocumentView {
        document: need.document.to_string(),
        name: said(&need.name, lang).to_owned(),
        original: need.original,
        condition: need.condition.as_ref().map(|condition| said(condition, lang).to_owned()),
        applies: need.condition.as_ref().and_then(|_| folder.asks_for(need)),
        lack: lack.map(|lack| lack.name()),
        lack_text: lack.map(|lack| text::label(lang, &format!("lack-{}", lack.name()))),
        rules: rules(need),
        files: files.collect::<Result<_, _>>()?,
    })
}

fn rules(need: &DocumentNeed) -> RulesView {
    let allowed = |format: &FileFormat| need.rules.takes(*format);
    RulesView {
        formats: FileFormat::ALL.into_iter().filter(allowed).map(FileFormat::name).collect(),
        bytes_max: domain::document::FILE_BYTES_MAX,
        pages_max: need.rules.pages_max,
        paper: Paper::name(need.rules.paper),
        signature: need.rules.colour == Colour::Demanded,
        valid_days: need.valid_days,
    }
}

fn file(
    vault: &Vault,
    lang: Lang,
    citizen: CitizenId,
    need: &DocumentNeed,
    file: &File,
) -> Result<FolderFileView, Refusal> {
    let (state, pages, reason) = match &file.state {
        FileState::Awaited { .. } => ("awaited", None, None),
        FileState::Accepted { pages, .. } => ("accepted", *pages, None),
        FileState::Refused { reason, .. } => ("refused", None, Some(reason)),
    };
    Ok(FolderFileView {
        id: file.id.to_string(),
        file_name: open_name(vault, citizen, file)?.as_str().to_owned(),
        size: file.bytes,
        state,
        text: text::label(lang, &format!("file-{state}")),
        pages,
        reason: reason.map(|reason| ReasonView {
            code: reason.code.clone(),
            text: file_reason(lang, &reason.code, &reason.facts),
        }),
        issued_on: file.issued_on,
        good_until: file.good_until(need),
    })
}

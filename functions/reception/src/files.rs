//! Files that were uploaded for a visit: opened one by one by those at whose office it is (DOC-7).

use app::documents::{self, LINK_GOOD};
use app::reception::VisitId;
use app::staff::absent;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use domain::FileId;
use domain::catalogue::Service;
use domain::document::{File, FileName, FileState};
use lambda::Edge;
use lambda::http::views::{FileLink, said};
use lambda::http::{Language, NO_STORE, Problem, ProblemBody, StaffSession};
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitFileView {
    id: String,
    document: String,
    name: String,
    file_name: String,
    size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<NaiveDate>,
}

pub fn view(service: Option<&Service>, file: &File, name: &FileName, lang: Lang) -> VisitFileView {
    let need =
        service.and_then(|service| service.documents.iter().find(|need| need.document == file.document));
    VisitFileView {
        id: file.id.to_string(),
        document: file.document.to_string(),
        name: need.map_or(file.document.as_str(), |need| said(&need.name, lang)).to_owned(),
        file_name: name.as_str().to_owned(),
        size: file.bytes,
        pages: match file.state {
            FileState::Accepted { pages, .. } => pages,
            _ => None,
        },
        issued_on: file.issued_on,
    }
}

/// Opens a file of a visit: an address under which it can be had for a moment. The citizen sees that it was opened.
#[utoipa::path(post, path = "/v1/staff/visits/{id}/files/{file}/open", tag = "reception",
    params(("id" = String, Path), ("file" = String, Path)), security(("session" = [])),
    responses((status = 200, body = FileLink), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path((visit, file)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (Ok(visit), Ok(file)) = (visit.parse::<VisitId>(), file.parse::<FileId>()) else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let kept = documents::open(edge.app(), &bearer, visit, file).await.map_err(say)?;
    let url = edge.document_link(&kept, LINK_GOOD).await.map_err(say)?;
    Ok(([NO_STORE], Json(FileLink::new(url, LINK_GOOD))))
}

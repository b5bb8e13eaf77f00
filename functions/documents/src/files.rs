//! Single files: announced, taken back, opened by their owner.

use crate::folder::service;
use crate::own;
use app::documents::{self, FileRef, Form, LINK_GOOD};
use app::{Caller, Refusal};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::views::FileLink;
use lambda::http::{Asked, Asker, Fields, ForSomebody, Language, NO_STORE, Problem, ProblemBody, utc};
use outbound::files::Upload;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use text::Lang;
use utoipa::ToSchema;

/// Characters of what is read further: a name has its own bound.
const GIVEN_MAX: usize = 300;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachRequest {
    /// The kind of document, one of those that the service asks for.
    #[schema(required = true, nullable = false)]
    document: Option<String>,
    /// Latin letters, digits, underscores, one dot before the extension.
    #[schema(required = true, nullable = false)]
    file_name: Option<String>,
    /// Bytes of the file; exactly as many are taken.
    #[schema(required = true, nullable = false)]
    size: Option<u64>,
    /// When the paper was issued, for a kind that counts for a time only: `2026-11-30`.
    #[schema(required = false, nullable = false)]
    issued_on: Option<String>,
    /// That one sees the signature on it, for a kind that bears one.
    #[serde(default)]
    signature_visible: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AttachedView {
    id: String,
    file_name: String,
    upload: UploadView,
}

/// A form to be posted as `multipart/form-data`: the fields as they are, then the file as `file`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadView {
    url: String,
    fields: BTreeMap<&'static str, String>,
    /// Until when it is taken.
    until: String,
}

/// Announces a file; what can be said against it is said before a byte is sent. It is uploaded to the address that is answered
/// and looked at there: what came of it stands in the folder.
#[utoipa::path(post, path = "/v1/documents/{service}/files", tag = "documents", params(ForSomebody, ("service" = String, Path)),
    request_body = AttachRequest, security(("session" = [])),
    responses((status = 201, body = AttachedView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn attach(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Asker,
    Path(given): Path<String>,
    Asked(request): Asked<AttachRequest>,
) -> Result<impl IntoResponse, Problem> {
    let caller = own(lang, asker)?;
    let edge = edge.asked_for(Some(&given)).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = service(&edge, lang, &given)?;
    let mut fields = Fields::new();
    let form = Form {
        document: fields.optional("document", request.document, GIVEN_MAX),
        file_name: fields.optional("fileName", request.file_name, GIVEN_MAX),
        bytes: request.size,
        issued_on: fields.optional("issuedOn", request.issued_on, GIVEN_MAX),
        signature_visible: request.signature_visible,
    };
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let attached = documents::attach(edge.app(), &vault, &caller, &id, &form).await.map_err(say)?;
    let key = attached.of.to_string();
    let upload = Upload {
        key: &key,
        content_type: attached.name.format().content_type(),
        bytes: u64::from(attached.bytes),
        until: attached.until,
    };
    let form = edge.outbound().upload_form(&upload, edge.app().clock.now());
    let view = AttachedView {
        id: attached.of.file.to_string(),
        file_name: attached.name.as_str().to_owned(),
        upload: UploadView {
            url: form.url,
            fields: form.fields.into_iter().collect(),
            until: utc(attached.until),
        },
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

fn file(edge: &Edge, lang: Lang, caller: &Caller, (given, file): (&str, &str)) -> Result<FileRef, Problem> {
    let unknown = || Problem::of(edge, lang, Refusal::NotFound);
    Ok(FileRef {
        citizen: caller.citizen(),
        service: given.parse().map_err(|_| unknown())?,
        file: file.parse().map_err(|_| unknown())?,
    })
}

/// Takes a file back; gone already is as good. It is deleted where it lies. While an appointment is to come that could not have been
/// booked without it, it stays (409): another is uploaded first, or the appointment cancelled.
#[utoipa::path(delete, path = "/v1/documents/{service}/files/{file}", tag = "documents",
    params(ForSomebody, ("service" = String, Path), ("file" = String, Path)), security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn remove(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Asker,
    Path((given, id)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let caller = own(lang, asker)?;
    let edge = edge.asked_for(Some(&given)).await;
    let of = file(&edge, lang, &caller, (&given, &id))?;
    service(&edge, lang, &given)?;
    documents::remove(edge.app(), &caller, &of).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens one's own file: an address under which it can be had for a moment.
#[utoipa::path(post, path = "/v1/documents/{service}/files/{file}/open", tag = "documents",
    params(ForSomebody, ("service" = String, Path), ("file" = String, Path)), security(("session" = [])),
    responses((status = 200, body = FileLink), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Asker,
    Path((given, id)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let caller = own(lang, asker)?;
    let edge = edge.asked_for(Some(&given)).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let of = file(&edge, lang, &caller, (&given, &id))?;
    let kept = documents::fetch(edge.app(), &caller, &of).await.map_err(say)?;
    let link = edge.document_link(&kept, LINK_GOOD).await.map_err(say)?;
    Ok(([NO_STORE], Json(FileLink::new(link, LINK_GOOD))))
}

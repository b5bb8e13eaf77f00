//! All that is kept of oneself, to take away: for programs, or to be read (PRV-3).

use crate::notice;
use app::Refusal;
use app::account::export::{self, Kept};
use app::account::second_factor::Second;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::limits::FACTOR_MAX;
use lambda::Edge;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use store::export::{Section, Told};
use store::{StoreError, Vault};
use text::Lang;
use utoipa::ToSchema;

/// Characters of a cursor.
const CURSOR_MAX: usize = 1_024;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportRequest {
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: the authenticator's code, or a recovery code.
    second_factor: Option<String>,
    /// `json` (what is given when nothing is said) or `text`, to be read.
    format: Option<String>,
    /// `next` of the part before, where there was one.
    after: Option<String>,
}

/// All that is kept of oneself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    citizen_id: String,
    made_at: String,
    rows: Vec<ExportRow>,
    /// More is kept than one answer holds: asked again with this as `after`, the next part comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportRow {
    /// `record`, `profile`, `sign-in`, `session`, `event`, `holding`, `appointment`, `place`, `offer`, `history`, `notice`,
    /// `files`, `reading` or `call-note`.
    section: &'static str,
    /// What that is called.
    text: String,
    /// What the row says; its members differ by section.
    #[schema(value_type = Object)]
    data: Value,
}

/// Gives all that is kept of oneself to whoever is signed in and says the password once more. What a file holds is had by the
/// address that opening it gives.
#[utoipa::path(post, path = "/v1/me/export", tag = "me", request_body = ExportRequest, security(("session" = [])),
    responses((status = 200, body = Export), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub async fn take(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Device(device): Device,
    Asked(request): Asked<ExportRequest>,
) -> Result<Response, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let given = fields.password("password", request.password);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    let format = fields.optional("format", request.format, FACTOR_MAX);
    let after = fields.optional("after", request.after, CURSOR_MAX);
    fields.finish().map_err(say)?;
    let readable = match format.as_deref() {
        None | Some("json") => false,
        Some("text") => true,
        Some(_) => return Err(say(Refusal::Fields(vec![WrongField::new("format", "not-a-choice")]))),
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let said = (given, &second);
    let kept =
        export::export(edge.app(), &vault, &bearer, said, after, device.as_deref()).await.map_err(say)?;
    let export = view(&edge, &vault, kept, lang).map_err(|error| say(error.into()))?;
    if !readable {
        return Ok(([NO_STORE], Json(export)).into_response());
    }
    let kind = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"okno.txt\"");
    Ok(([NO_STORE, kind, name], read(&export, lang)).into_response())
}

fn view(edge: &Edge, vault: &Vault, kept: Kept, lang: Lang) -> Result<Export, StoreError> {
    let mut rows = Vec::with_capacity(kept.rows.len());
    for Told { section, mut data, note } in kept.rows {
        // The words in which it was told, or would be.
        if let Some(view) = note.map(|note| notice(edge, &note, Some(vault), lang)).transpose()?.flatten() {
            data["title"] = view.title.into();
            data["text"] = view.body.into();
        }
        rows.push((section, ExportRow { section: section.name(), text: label(lang, section), data }));
    }
    // By what it is about, and within that as it is kept.
    rows.sort_by_key(|(section, _)| *section);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let made_at = utc(edge.app().clock.now());
    Ok(Export { citizen_id: kept.citizen.to_string(), made_at, rows, next: kept.next })
}

fn label(lang: Lang, section: Section) -> String {
    text::label(lang, &format!("export-{}", section.name()))
}

/// To be read: a heading for each section, and what its rows say line by line.
fn read(export: &Export, lang: Lang) -> String {
    let mut sections: BTreeMap<usize, (&str, Vec<&Value>)> = BTreeMap::new();
    let order =
        |name: &str| Section::ALL.iter().position(|section| section.name() == name).unwrap_or_default();
    for row in &export.rows {
        sections.entry(order(row.section)).or_insert((&row.text, Vec::new())).1.push(&row.data);
    }
    let mut text = format!("{} · {}\n", export.citizen_id, export.made_at);
    for (heading, rows) in sections.values() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}\n", heading.to_uppercase());
        for row in rows {
            let mut lines = Vec::new();
            flat("", row, lang, &mut lines);
            let _ = writeln!(text, "{}\n", lines.join("\n"));
        }
    }
    if let Some(next) = &export.next {
        let _ = writeln!(text, "→ {next}");
    }
    text
}

/// The values that are there, each with the way to it. A name that is not ours stays as it is.
fn flat(at: &str, value: &Value, lang: Lang, lines: &mut Vec<String>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at} · {name}") };
    let called = |name: &str| text::taken(lang, name).unwrap_or_else(|| name.to_owned());
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| flat(&below(&called(name)), value, lang, lines))
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                flat(&below(&(n + 1).to_string()), item, lang, lines);
            }
        }
        Value::String(said) => lines.push(format!("{at}: {said}")),
        other => lines.push(format!("{at}: {other}")),
    }
}

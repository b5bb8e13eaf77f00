//! An office's file: read, replaced, and closed days added to it.

use crate::office_of;
use app::Refusal;
use app::offices::change::{self, Asked as Change, Outcome};
use app::offices::close::{self, Closing};
use app::offices::look;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::WindowId;
use domain::cells::CellRange;
use domain::limits::REASON_MAX;
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of what is said on an office's page about a closure.
const NOTE_MAX: usize = 300;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    /// How often anything was changed that it goes by; 0 as long as it is as it was delivered.
    pub version: u64,
    /// TOML, in the format of the data files.
    pub file: String,
}

/// An office's file: hours, windows, services, closures.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/file", tag = "staff", params(("id" = String, Path)),
    security(("session" = [])),
    responses((status = 200, body = FileView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let dir = &edge.settings().catalogue_dir;
    let found = look::file(edge.app(), dir, &bearer, &office.id).await.map_err(say)?;
    Ok(([NO_STORE], Json(FileView { version: found.number, file: found.text })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileRequest {
    /// Of the file that was read; with another one nothing is changed.
    #[schema(required = true, nullable = false)]
    version: Option<u64>,
    /// The whole file, at most 60,000 bytes.
    #[schema(required = true, nullable = false)]
    file: Option<String>,
    /// Kept in the history, and told to those whose appointments it touches.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
    /// Only says what would be changed, what is wrong, and how many appointments it would touch.
    dry_run: Option<bool>,
    /// How many appointments it touches, as the dry run said; needed when it touches any.
    confirm: Option<u32>,
}

impl FileRequest {
    /// The file, and how it is to be put.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub fn parse(self) -> Result<(String, Change), Refusal> {
        let mut fields = Fields::new();
        if self.version.is_none() {
            fields.add("version", "required");
        }
        // As it was written: a file's spaces are its own.
        let file = self.file.filter(|file| !file.trim().is_empty());
        if file.is_none() {
            fields.add("file", "required");
        }
        let reason = fields.text("reason", self.reason, REASON_MAX).unwrap_or_default();
        fields.finish()?;
        let dry_run = self.dry_run.unwrap_or(false);
        let asked = Change { version: self.version, reason, confirmed: self.confirm, dry_run };
        Ok((file.unwrap_or_default(), asked))
    }
}

/// One thing that is changed; `before` or `after` is missing where nothing was or is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// The place in the file, as `windows[b].plans[1].mon`.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

pub fn differences(found: Vec<store::catalogue::file::Difference>) -> Vec<DifferenceView> {
    let view = |one: store::catalogue::file::Difference| DifferenceView {
        path: one.path,
        before: one.before,
        after: one.after,
    };
    found.into_iter().map(view).collect()
}

/// What a change comes to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// Of the file that stands now: the same as before when nothing was changed.
    version: u64,
    /// At most 200.
    differences: Vec<DifferenceView>,
    touches: TouchesView,
    /// The file as it is, or would be.
    file: String,
}

/// Appointments that no longer fit: each is moved to another window at the same time where one is free, else given up, and
/// its holder is first to be offered another time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TouchesView {
    appointments: u32,
    /// Of people who are there already.
    arrived: u32,
    /// Within three hours: somebody should call these people.
    to_call: u32,
}

pub fn view(outcome: Outcome) -> Json<OutcomeView> {
    let touches = outcome.touches;
    Json(OutcomeView {
        version: outcome.version,
        differences: differences(outcome.differences),
        touches: TouchesView {
            appointments: touches.appointments,
            arrived: touches.arrived,
            to_call: touches.to_call,
        },
        file: outcome.text,
    })
}

/// Puts a file in place of the one that stands. Everybody sees it at once; those whom it touches are told.
#[utoipa::path(post, path = "/v1/staff/offices/{id}/file", tag = "staff", params(("id" = String, Path)),
    request_body = FileRequest, security(("session" = [])),
    responses((status = 200, body = OutcomeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn replace(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<FileRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (file, asked) = request.parse().map_err(say)?;
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let dir = &edge.settings().catalogue_dir;
    let done = change::replace(edge.app(), &vault, dir, &bearer, &office.id, &file, &asked);
    Ok(([NO_STORE], view(done.await.map_err(say)?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteAsked {
    #[schema(required = true, nullable = false)]
    ru: Option<String>,
    #[schema(required = true, nullable = false)]
    en: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClosingRequest {
    #[schema(required = true, nullable = false)]
    from: Option<String>,
    /// Included; the same as `from` by default; at most 62 days.
    to: Option<String>,
    /// `09:00-13:00` of each date; left out: the whole day.
    hours: Option<String>,
    /// The windows' ids; left out: the whole office.
    windows: Option<Vec<String>>,
    /// Instead of `windows`: on each date those at which this specialist receives then.
    specialist_id: Option<String>,
    /// Shown on the office's page, in both languages.
    #[schema(required = true, nullable = false)]
    note: Option<NoteAsked>,
    /// Kept in the history, and told to those whose appointments it touches.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
    /// Of the file that was read; left out: whichever stands.
    version: Option<u64>,
    /// Only says how many appointments it would touch.
    dry_run: Option<bool>,
    /// How many appointments it touches, as the dry run said; needed when it touches any.
    confirm: Option<u32>,
}

/// Closes an office, or some of its windows, for days or hours: today as well as next month.
#[utoipa::path(post, path = "/v1/staff/offices/{id}/closings", tag = "staff", params(("id" = String, Path)),
    request_body = ClosingRequest, security(("session" = [])),
    responses((status = 200, body = OutcomeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn close(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<ClosingRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    if request.note.is_none() {
        fields.add("note", "required");
    }
    let from = fields.required("from", request.from);
    let from = fields.date("from", from);
    let to = fields.date("to", request.to).or(from);
    let hours = request.hours.map(|given| hours(&mut fields, &given));
    if request.windows.is_some() && request.specialist_id.is_some() {
        fields.wrong(WrongField::new("specialistId", "instead-of").with("other", "windows"));
    }
    let specialist = fields.read("specialistId", request.specialist_id, "unknown-specialist");
    let windows = request.windows.map(|given| windows(&mut fields, given));
    let (ru, en) = request.note.map_or_else(Default::default, |note| said(&mut fields, note));
    let reason = fields.text("reason", request.reason, REASON_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let (Some(from), Some(to)) = (from, to) else { return Err(Problem::new(lang, "invalid-request")) };
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let closing = Closing { from, to, hours: hours.flatten(), windows, specialist, ru, en };
    let asked = Change {
        version: request.version,
        reason,
        confirmed: request.confirm,
        dry_run: request.dry_run.unwrap_or(false),
    };
    let dir = &edge.settings().catalogue_dir;
    let done = close::close(edge.app(), &vault, dir, &bearer, &office.id, &closing, &asked);
    Ok(([NO_STORE], view(done.await.map_err(say)?)))
}

/// What an office's page says, in Russian and in English.
fn said(fields: &mut Fields, note: NoteAsked) -> (String, String) {
    let mut one = |field: &str, said| {
        let said = fields.required(field, said);
        fields.optional(field, said, NOTE_MAX).unwrap_or_default()
    };
    (one("note.ru", note.ru), one("note.en", note.en))
}

fn hours(fields: &mut Fields, given: &str) -> Option<CellRange> {
    let read = store::catalogue::file::hours(given.trim());
    if read.is_none() {
        fields.add("hours", "not-hours");
    }
    read
}

fn windows(fields: &mut Fields, given: Vec<String>) -> Vec<WindowId> {
    if given.is_empty() {
        fields.wrong(WrongField::new("windows", "too-few").with("min", 1));
    }
    let mut found: Vec<WindowId> = Vec::new();
    for (n, one) in given.into_iter().enumerate() {
        let window = fields.read(&format!("windows[{n}]"), Some(one), "unknown-window");
        found.extend(window.filter(|window| !found.contains(window)));
    }
    found
}

//! Announcing a file: everything that can be said against it before a byte is sent (DOC-1, DOC-2, DOC-4, DOC-8).

use super::{FileRef, change};
use crate::refusal::WrongField;
use crate::{App, Caller, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::{DocumentNeed, Service};
use domain::document::{
    APPLICATION_BYTES_MAX, BadName, Colour, FILE_BYTES_MAX, FILES_EACH_MAX, FILES_MAX, File, FileName,
    FileState, Folder, UPLOAD_WINDOW,
};
use domain::moment::Draw;
use domain::{CitizenId, FileId, Moment, ServiceId};
use store::Vault;
use store::items::folder::{open_name, seal_name};

/// Of a file's name.
const NONCE: u32 = 60;

/// A file as it is announced.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The kind of document, by its key.
    pub document: Option<String>,
    pub file_name: Option<String>,
    pub bytes: Option<u64>,
    pub issued_on: Option<String>,
    /// Whether the citizen sees the signature on it, where there is one (DOC-8).
    pub signature_visible: bool,
}

/// A file that may be uploaded now.
#[derive(Debug, Clone)]
pub struct Attached {
    pub of: FileRef,
    pub name: FileName,
    pub bytes: u32,
    pub until: DateTime<Utc>,
}

/// What the form says, once nothing can be said against it.
struct Announced<'a> {
    need: &'a DocumentNeed,
    name: FileName,
    bytes: u32,
    issued_on: Option<NaiveDate>,
}

/// Announces a file for a service. What was announced just so and did not come yet is announced again, not twice.
///
/// # Errors
/// [`Refusal::Fields`] naming everything that is wrong; [`Refusal::Unauthorized`]; [`Refusal::UnknownService`];
/// [`Refusal::Busy`] when others were faster all the time.
pub async fn attach(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    service: &ServiceId,
    form: &Form,
) -> Result<Attached, Refusal> {
    let asking = app.service(service)?;
    let announced = read(asking, form, app.clock.now())?;
    change(app, caller, service, |folder, moment| {
        put(vault, caller.citizen(), service, &announced, folder, moment)
    })
    .await
}

fn read<'a>(service: &'a Service, form: &Form, now: DateTime<Utc>) -> Result<Announced<'a>, Refusal> {
    let mut wrong = Vec::new();
    let document = form.document.as_deref().unwrap_or_default();
    let need = service.files().find(|need| need.document.as_str() == document);
    if need.is_none() {
        let code = if document.is_empty() { "required" } else { "document-not-asked" };
        wrong.push(WrongField::new("document", code));
    }
    let name = FileName::parse(form.file_name.as_deref().unwrap_or_default());
    let name = name.map_err(|bad| wrong.push(bad_name(&bad))).ok();
    if let (Some(need), Some(name)) = (need, &name)
        && !need.rules.takes(name.format())
    {
        wrong.push(WrongField::new("fileName", "format-not-allowed").with("format", name.format().name()));
    }
    let bytes = match form.bytes {
        None => Err(WrongField::new("size", "required")),
        Some(0) => Err(WrongField::new("size", "file-empty")),
        Some(bytes) if bytes > FILE_BYTES_MAX as u64 => Err(WrongField::new("size", "file-too-large")),
        Some(bytes) => u32::try_from(bytes).map_err(|_| WrongField::new("size", "file-too-large")),
    };
    let bytes = bytes.map_err(|field| wrong.push(field)).ok();
    let issued_on = need.map_or(Ok(None), |need| issued(need, form.issued_on.as_deref(), now));
    let issued_on = issued_on.map_err(|field| wrong.push(field)).ok();
    if need.is_some_and(|need| need.rules.colour == Colour::Demanded) && !form.signature_visible {
        wrong.push(WrongField::new("signatureVisible", "signature-not-seen"));
    }
    match (need, name, bytes, issued_on) {
        (Some(need), Some(name), Some(bytes), Some(issued_on)) if wrong.is_empty() => {
            Ok(Announced { need, name, bytes, issued_on })
        }
        _ => Err(Refusal::Fields(wrong)),
    }
}

/// The date of a paper that counts for a time only. Everywhere in the country it may be a day later than in Greenwich.
fn issued(
    need: &DocumentNeed,
    given: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<NaiveDate>, WrongField> {
    let field = |code| WrongField::new("issuedOn", code);
    let Some(days) = need.valid_days else { return Ok(None) };
    let given = given.ok_or_else(|| field("required"))?;
    let on: NaiveDate = given.parse().map_err(|_| field("not-a-date"))?;
    let today = now.date_naive();
    if Some(on) > today.succ_opt() {
        return Err(field("in-future"));
    }
    if (today - on).num_days() > i64::from(days) {
        return Err(field("paper-too-old").with("days", days));
    }
    Ok(Some(on))
}

fn bad_name(bad: &BadName) -> WrongField {
    let field = WrongField::new("fileName", if *bad == BadName::Empty { "required" } else { bad.name() });
    match bad {
        // It would not be seen in the sentence.
        BadName::Character { found } if found.is_whitespace() => WrongField::new("fileName", "name-space"),
        BadName::TooLong { max, .. } => field.with("max", max),
        BadName::Character { found } => field.with("found", found),
        BadName::Extension { found } => field.with("found", found),
        _ => field,
    }
}

fn put(
    vault: &Vault,
    citizen: CitizenId,
    service: &ServiceId,
    announced: &Announced<'_>,
    folder: &Folder,
    moment: &Moment,
) -> Result<(Option<Folder>, Attached), Refusal> {
    let document = &announced.need.document;
    let until = moment.now + UPLOAD_WINDOW;
    let mut after = folder.clone();
    // The name tells two scans of one size apart, and a retry from both.
    let again = |file: &File| {
        file.document == *document
            && file.bytes == announced.bytes
            && matches!(file.state, FileState::Awaited { .. })
            && open_name(vault, citizen, file).is_ok_and(|name| name == announced.name)
    };
    let id = match after.files.iter_mut().find(|file| again(file)) {
        Some(file) => {
            file.state = FileState::Awaited { until };
            file.issued_on = announced.issued_on;
            file.name = seal_name(vault, citizen, file.id, &announced.name, moment.nonce(NONCE))?;
            file.id
        }
        None => {
            make_room(&mut after, announced)?;
            let id = FileId(moment.ulid(Draw::File));
            after.files.push(File {
                id,
                document: document.clone(),
                name: seal_name(vault, citizen, id, &announced.name, moment.nonce(NONCE))?,
                format: announced.name.format(),
                bytes: announced.bytes,
                issued_on: announced.issued_on,
                state: FileState::Awaited { until },
                looks: 0,
            });
            id
        }
    };
    // Whoever brings a paper says by it that the condition holds.
    if announced.need.condition.is_some() {
        after.answers.insert(document.clone(), true);
    }
    let of = FileRef { citizen, service: service.clone(), file: id };
    let attached = Attached { of, name: announced.name.clone(), bytes: announced.bytes, until };
    Ok((Some(after), attached))
}

/// Holds a folder to its bounds: what was refused goes first, as it is only told of.
fn make_room(folder: &mut Folder, announced: &Announced<'_>) -> Result<(), Refusal> {
    let document = &announced.need.document;
    let each = folder.of(document).filter(|file| file.takes_room()).count();
    if each >= FILES_EACH_MAX {
        let field = WrongField::new("document", "too-many-files").with("max", FILES_EACH_MAX);
        return Err(Refusal::Fields(vec![field]));
    }
    let left = APPLICATION_BYTES_MAX.saturating_sub(folder.bytes());
    if announced.bytes as usize > left {
        return Err(Refusal::Fields(vec![
            WrongField::new("size", "files-too-large").with("left-kb", left / 1024),
        ]));
    }
    folder.files.retain(|file| file.takes_room() || file.document != *document);
    while folder.files.len() >= FILES_MAX
        && let Some(oldest) = folder.files.iter().position(|file| !file.takes_room())
    {
        folder.files.remove(oldest);
    }
    if folder.files.len() >= FILES_MAX {
        let field = WrongField::new("document", "too-many-files").with("max", FILES_MAX);
        return Err(Refusal::Fields(vec![field]));
    }
    Ok(())
}

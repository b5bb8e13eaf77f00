//! What becomes of an upload: whether it is still awaited, and the verdict (DOC-3). Sent again, it changes nothing more.

use super::FileRef;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::document::{
    File, FileFormat, FileRules, FileState, Folder, LOOK_AFTER, LOOK_FOR, LOOKS_MAX, Reason,
};
use planted::{Bug, planted};
use store::tries::Tries;
use store::{Commit, Committed, keys};

/// What is to be done about an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// Nobody waits for it: whatever lies there is to go.
    Unwanted,
    /// It was decided before, and this content stays, if any: whatever else was kept of it, by somebody who did not come to the end
    /// of it, is to go.
    Decided { kept: Option<Vec<u8>> },
    /// It is to be looked at.
    Look { format: FileFormat, rules: FileRules, awaited: Awaited },
}

/// How long a file is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// It may still come.
    Coming,
    /// If nothing lies there now, nothing comes.
    Over,
    /// It was tried too long: nobody looks any more.
    TooLong,
}

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Accepted {
        pages: Option<u32>,
        bytes: u32,
        sha256: Vec<u8>,
    },
    Refused(Reason),
    /// Nothing came.
    Absent,
}

fn awaited(until: DateTime<Utc>, now: DateTime<Utc>) -> Awaited {
    if now < until + LOOK_AFTER {
        Awaited::Coming
    } else if now < until + LOOK_FOR {
        Awaited::Over
    } else {
        Awaited::TooLong
    }
}

/// Whether an upload is to be looked at, and by which rules.
///
/// # Errors
/// The table's own.
pub async fn due(app: &App, of: &FileRef) -> Result<Scan, Refusal> {
    let folder = read(app, of).await?;
    let Some(file) = folder.file(of.file) else { return Ok(Scan::Unwanted) };
    let until = match &file.state {
        FileState::Awaited { until } => *until,
        FileState::Accepted { at, .. } if planted(Bug::VerdictAnew) => *at,
        FileState::Accepted { sha256, .. } => return Ok(Scan::Decided { kept: Some(sha256.clone()) }),
        FileState::Refused { .. } => return Ok(Scan::Decided { kept: None }),
    };
    let asking = app.service(&of.service);
    let need = asking.ok().and_then(|service| service.files().find(|need| need.document == file.document));
    // No longer asked for: decided by the usual rules, for whoever uploaded it did so in good faith.
    let rules = need.map(|need| need.rules.clone()).unwrap_or_default();
    Ok(Scan::Look { format: file.format, rules, awaited: awaited(until, app.clock.now()) })
}

async fn read(app: &App, of: &FileRef) -> Result<Folder, Refusal> {
    let batch = app.store.read(&[keys::folder(of.citizen, &of.service)]).await?;
    Ok(batch.folder(of.citizen, &of.service)?)
}

/// Whether a look was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    Now,
    /// Nobody came to the end of it, too often: it is refused as it is.
    TooOften,
}

/// Writes down that somebody begins to look at a file, before they do: whoever does not live to the end of it is counted, too.
///
/// # Errors
/// [`Refusal::Busy`] when others were faster all the time.
pub async fn begin(app: &App, of: &FileRef) -> Result<Begun, Refusal> {
    let mut begun = Begun::Now;
    awaited_file(app, of, |file| {
        begun = if file.looks >= LOOKS_MAX { Begun::TooOften } else { Begun::Now };
        let more = begun == Begun::Now;
        file.looks += u8::from(more);
        more
    })
    .await?;
    Ok(begun)
}

/// Writes down that a look came to its end, and what it said could not be kept: that is no fault of the file's.
///
/// # Errors
/// As [`begin`].
pub async fn ended(app: &App, of: &FileRef) -> Result<(), Refusal> {
    awaited_file(app, of, |file| std::mem::take(&mut file.looks) > 0).await
}

/// Changes a file that waits for its verdict, if that says so.
async fn awaited_file(
    app: &App,
    of: &FileRef,
    mut change: impl FnMut(&mut File) -> bool,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let mut folder = read(app, of).await?;
        let file = folder.files.iter_mut().find(|file| file.id == of.file);
        let Some(file) = file.filter(|file| matches!(file.state, FileState::Awaited { .. })) else {
            return Ok(());
        };
        if !change(file) || put(app, of, &folder).await? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// False when somebody else was faster.
async fn put(app: &App, of: &FileRef, folder: &Folder) -> Result<bool, Refusal> {
    let mut commit = Commit::new();
    app.store.put_folder(&mut commit, of.citizen, &of.service, folder)?;
    Ok(matches!(app.store.commit(commit).await, Committed::Done))
}

/// Writes a verdict down, unless there is one. False when what was kept for it is to go: another upload of the file was
/// accepted before, or the file was taken back.
///
/// # Errors
/// [`Refusal::Busy`] when others were faster all the time.
pub async fn settle(app: &App, of: &FileRef, verdict: &Verdict) -> Result<bool, Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let now = app.clock.now();
        let mut folder = read(app, of).await?;
        let Some(at) = folder.files.iter().position(|file| file.id == of.file) else { return Ok(false) };
        let file = &mut folder.files[at];
        if !matches!(file.state, FileState::Awaited { .. }) && !planted(Bug::VerdictAnew) {
            return Ok(match (&file.state, verdict) {
                (FileState::Accepted { sha256: kept, .. }, Verdict::Accepted { sha256, .. }) => {
                    kept == sha256
                }
                _ => false,
            });
        }
        file.looks = 0;
        match verdict {
            Verdict::Accepted { pages, bytes, sha256 } => {
                file.bytes = *bytes;
                file.state = FileState::Accepted { at: now, pages: *pages, sha256: sha256.clone() };
            }
            Verdict::Refused(reason) => file.state = FileState::Refused { at: now, reason: reason.clone() },
            Verdict::Absent => drop(folder.files.remove(at)),
        }
        if put(app, of, &folder).await? {
            return Ok(matches!(verdict, Verdict::Accepted { .. }));
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

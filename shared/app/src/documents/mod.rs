//! Files for a service: what is asked for, what was brought, what became of it (DOC-1 to DOC-9).

mod attach;
mod fetch;
mod fill;
mod scan;

use crate::refusal::Lacking;
use crate::why::Why;
use crate::{App, Caller, Refusal};
use chrono::NaiveDate;
use domain::catalogue::{FilesBy, Service};
use domain::document::Folder;
use domain::{CitizenId, FileId, Moment, ServiceId};
use std::fmt;
use std::str::FromStr;
use store::access::batch::Batch;
use store::tries::Tries;
use store::{Commit, Committed, Key, keys};

pub use attach::{Attached, Form, attach};
pub use fetch::{Kept, LINK_GOOD, fetch, open};
pub use fill::{answer, remove};
pub use scan::{Awaited, Begun, Scan, Verdict, begin, due, ended, settle};

/// Which file: whose, for which service. An upload lies under this as its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    pub citizen: CitizenId,
    pub service: ServiceId,
    pub file: FileId,
}

impl FileRef {
    /// The key of what is kept, by its content: of two uploads of one file, neither can take the other's place.
    pub fn kept_as(&self, sha256: &[u8]) -> String {
        let hex: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}{hex}", self.prefix())
    }

    /// What all keys of the file begin with where it is kept.
    pub fn prefix(&self) -> String {
        format!("{self}/")
    }
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.citizen, self.service, self.file)
    }
}

impl FromStr for FileRef {
    type Err = Refusal;

    /// Whatever is none is unknown.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::NotFound;
        let mut parts = text.split('/');
        let (Some(citizen), Some(service), Some(file), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(unknown());
        };
        Ok(Self {
            citizen: citizen.parse().map_err(|_| unknown())?,
            service: service.parse().map_err(|_| unknown())?,
            file: file.parse().map_err(|_| unknown())?,
        })
    }
}

/// One's folder for a service.
///
/// # Errors
/// As [`Caller::check`] and [`Caller::covers`]; [`Refusal::UnknownService`].
pub async fn look(app: &App, caller: &Caller, service: &ServiceId) -> Result<Folder, Refusal> {
    Ok(read(app, caller, service).await?.0)
}

async fn read(app: &App, caller: &Caller, service: &ServiceId) -> Result<(Folder, Batch), Refusal> {
    app.service(service)?;
    let now = app.clock.now();
    let batch = app.store.read(&caller.with([keys::folder(caller.citizen(), service)])).await?;
    caller.check(&batch, now)?;
    caller.covers(&batch, service, now)?;
    Ok((batch.folder(caller.citizen(), service)?, batch))
}

/// The folder's key, if booking hangs on it: what is not decided by is not read.
pub(crate) fn key(caller: &Caller, service: &Service) -> Option<Key> {
    (service.files_by == FilesBy::Booking && service.files().next().is_some())
        .then(|| keys::folder(caller.citizen(), &service.id))
}

/// Refuses whoever lacks files without which one may not book, by the office's date (DOC-6). Staff with a reason may.
///
/// # Errors
/// [`Refusal::FilesLacking`] with the list.
pub(crate) fn complete(
    caller: &Caller,
    folder: &Folder,
    service: &Service,
    on: NaiveDate,
    why: Option<&Why>,
) -> Result<(), Refusal> {
    if key(caller, service).is_none() || caller.overrides(why) {
        return Ok(());
    }
    let lacking: Vec<Lacking> = folder
        .lacking(service, on)
        .map(|(need, why)| Lacking { document: need.document.clone(), name: need.name.clone(), why })
        .collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(Refusal::FilesLacking { service: service.id.clone(), lacking })
    }
}

/// Changes one's folder: `decide` sees it as it is and says what it is to be, or that nothing is left to do.
async fn change<T>(
    app: &App,
    caller: &Caller,
    service: &ServiceId,
    decide: impl Fn(&Folder, &Moment) -> Result<(Option<Folder>, T), Refusal>,
) -> Result<T, Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let (folder, batch) = read(app, caller, service).await?;
        let (after, answer) = decide(&folder, &moment)?;
        let Some(after) = after else { return Ok(answer) };
        let mut commit = Commit::new();
        app.store.put_folder(&mut commit, caller.citizen(), service, &after)?;
        let (commit, answer) = caller.bound(app, &batch, Ok((commit, answer)))?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(answer),
            Committed::Refused(_) | Committed::Conflict | Committed::Unknown(_) => {}
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

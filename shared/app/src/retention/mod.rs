//! What is kept goes when its time has come (PRV-3): a cabinet step by step once its owner wanted that and the time to think
//! it over has passed, and in every other cabinet what has had its term.
//!
//! Each step is decided by the record as it is read then, does what it does once more without harm, and says in the record how
//! far it has come. The record's message carries the next step; what is lost on the way the clock finds due.

mod close;
mod rows;

use crate::account::deletion::hindrances;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::citizen::{Cabinet as Own, Citizen};
use domain::document::Folder;
use domain::limits::{KEPT_LOOK_EVERY, RECONCILE_AFTER, RECORDS_KEPT, STRAYS_AFTER, UNREPRESENTED_KEPT};
use domain::{FileId, ServiceId};
use store::items::keeping::{self, Standing};
use store::keeping::Cabinet;
use store::{Commit, Committed, Vault, keys};

/// What there is to do about a cabinet now. What lies in storage goes first, by whoever may reach it; then the step is
/// finished.
#[derive(Debug)]
pub enum Step {
    /// Nothing, or it is done.
    Done,
    /// A page of rows was gone through: these files go, and then the look goes on.
    Page(Box<Page>),
    /// The last row was gone through: whatever lies in storage of this citizen goes.
    Last(Box<Last>),
}

#[derive(Debug)]
pub struct Page {
    standing: Standing,
    pub folders: Vec<Old>,
    next: Option<String>,
}

/// Files of a folder that have had their term.
#[derive(Debug)]
pub struct Old {
    pub service: ServiceId,
    folder: Folder,
    pub files: Vec<FileId>,
}

#[derive(Debug)]
pub struct Last {
    standing: Standing,
    /// Whether a row stays that the law keeps.
    left: bool,
}

impl Page {
    pub fn citizen(&self) -> CitizenId {
        self.standing.citizen
    }
}

impl Last {
    pub fn citizen(&self) -> CitizenId {
        self.standing.citizen
    }
}

/// Looks at a cabinet, and does what there is to do about its rows.
///
/// # Errors
/// [`Refusal::Unavailable`], [`Refusal::Busy`]: the message comes back, and the step is done once more.
pub async fn look(app: &App, vault: &Vault, citizen: CitizenId) -> Result<Step, Refusal> {
    let now = app.clock.now();
    let batch = app.store.read(&[keys::me(citizen)]).await?;
    let Some(record) = batch.item(&keys::me(citizen)) else { return Ok(Step::Done) };
    let standing = keeping::from_item(record)?;
    match (standing.gone_at, standing.closed, standing.asked_at) {
        (Some(_), ..) => rows::page(app, standing, Cabinet::Closed).await,
        (None, Some(closed), _) => match close::told(app, standing, &closed).await? {
            Some(standing) => rows::page(app, standing, Cabinet::Closed).await,
            None => Ok(Step::Done),
        },
        (None, None, Some(asked_at)) => {
            if now >= asked_at + domain::limits::DELETION_GRACE {
                close::close(app, vault, &standing).await?;
            }
            Ok(Step::Done)
        }
        (None, None, None) => {
            if nobodys(app, batch.citizen(citizen)?, now).await? {
                close::close(app, vault, &standing).await?;
                return Ok(Step::Done);
            }
            rows::page(app, standing, Cabinet::Living).await
        }
    }
}

/// Whether it is somebody without a cabinet for whom nobody has acted for long, nor asks to, and who holds nothing: nobody is left
/// who could ask for their deletion.
async fn nobodys(app: &App, citizen: Option<Citizen>, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let Some(citizen) = citizen.filter(|citizen| citizen.cabinet == Own::None) else { return Ok(false) };
    if !citizen.representatives.is_empty() {
        return Ok(false);
    }
    let mut since = citizen.created_at;
    for between in app.store.representations(citizen.id).await? {
        match between.over_since(now) {
            Some(over) => since = since.max(over),
            None => return Ok(false),
        }
    }
    let active = app.store.read(&[keys::active(citizen.id)]).await?.active(citizen.id)?;
    Ok(since + UNREPRESENTED_KEPT <= now && hindrances(&active, now).is_empty())
}

/// Finishes a page once its files are gone from storage.
///
/// # Errors
/// As [`look`].
pub async fn turn(app: &App, page: Page) -> Result<(), Refusal> {
    let Page { standing, folders, next } = page;
    for old in folders {
        forget(app, standing.citizen, old).await?;
    }
    let now = app.clock.now();
    // Whoever changed the record meanwhile has said when somebody is to look.
    match next {
        Some(next) => app.store.look_on(&standing, &next, now + RECONCILE_AFTER).await?,
        None => app.store.look_at(&standing, now + KEPT_LOOK_EVERY).await?,
    };
    Ok(())
}

/// Leaves in place of the record what the law keeps, once nothing is in storage any more; and in the end nothing.
///
/// # Errors
/// As [`look`].
pub async fn finish(app: &App, last: Last) -> Result<(), Refusal> {
    let Last { standing, left } = last;
    let now = app.clock.now();
    match (standing.gone_at, standing.closed) {
        (Some(gone_at), _) if !left && gone_at + RECORDS_KEPT <= now => {
            app.store.forget_cabinet(&standing).await?
        }
        // However often a message comes, what comes late is looked for.
        (Some(gone_at), _) if now < gone_at + STRAYS_AFTER => {
            app.store.look_at(&standing, gone_at + STRAYS_AFTER).await?
        }
        (Some(_), _) => app.store.look_at(&standing, now + KEPT_LOOK_EVERY).await?,
        (None, Some(closed)) => app.store.leave(&standing, &closed, now, now + STRAYS_AFTER).await?,
        (None, None) => return Ok(()),
    };
    Ok(())
}

/// Takes files out of a folder whose bytes are gone; an empty one goes whole, with what was said of conditions.
async fn forget(app: &App, citizen: CitizenId, old: Old) -> Result<(), Refusal> {
    let mut folder = old.folder;
    folder.files.retain(|file| !old.files.contains(&file.id));
    let mut commit = Commit::new();
    match folder.files.is_empty() {
        true => app.store.drop_folder(&mut commit, citizen, &old.service, &folder),
        false => app.store.put_folder(&mut commit, citizen, &old.service, &folder)?,
    }
    match app.store.commit(commit).await {
        // Refused: something was changed meanwhile, and the next look finds the rest.
        Committed::Done | Committed::Refused(_) => Ok(()),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

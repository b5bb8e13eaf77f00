//! Preparing a visit: who comes, with what, and what they wrote (VIS-4). Every reading is written down first, and the
//! citizen sees it (PRV-2).

use super::{VisitId, open_here};
use crate::representatives::told::{Acts, acting_for};
use crate::staff::StaffBearer;
use crate::why::said;
use crate::{App, Refusal};
use domain::appointment::{Appointment, Change};
use domain::citizen::Person;
use domain::document::{File, FileName, FileState};
use store::Vault;
use store::items::access::Reading;
use store::items::folder::open_name;
use store::items::signed::SignedApplication;
use store::items::{appointment, citizen};
use store::keys;

/// A visit with what only whoever prepares it may read.
#[derive(Debug)]
pub struct Opened {
    pub visit: Appointment,
    pub person: Person,
    /// Who may act for them in this, with what they show of it.
    pub acts: Vec<Acts>,
    /// Files that were brought for it beforehand, with what they are called; those that are kept.
    pub files: Vec<(File, FileName)>,
    /// The signature of what the visitor filled in, with what was signed.
    pub signature: Option<SignedApplication>,
    /// What was done, oldest first, with the reasons as they were said.
    pub changes: Vec<(Change, Option<String>)>,
}

/// Whether a file is kept and was brought for this visit, and not for one after it.
pub(crate) fn is_of(visit: &Appointment, file: &File) -> bool {
    matches!(file.state, FileState::Accepted { at, .. } if at <= visit.seat.ends_at)
}

/// Opens a visit.
///
/// # Errors
/// [`Refusal::NotFound`] for one elsewhere; [`Refusal::BeyondRights`]; [`Refusal::VisitShut`].
pub async fn open(app: &App, vault: &Vault, bearer: &StaffBearer, visit: VisitId) -> Result<Opened, Refusal> {
    let now = app.clock.now();
    let [session, member] = bearer.keys();
    let me = keys::me(visit.citizen);
    let batch = app.store.read(&[session, member, me.clone(), visit.key()]).await?;
    let member = bearer.check(&batch, now)?;
    let found = batch.item(&visit.key()).map(|item| appointment::from_item(item, Some(vault))).transpose()?;
    let found = open_here(app, &member, found, now)?;
    let item = batch.item(&me).ok_or(Refusal::NotFound)?;
    // Of a cabinet that was deleted only facts are left: there is nothing to open.
    batch.citizen(visit.citizen)?.ok_or(Refusal::NotFound)?;
    let reading = Reading {
        citizen: visit.citizen,
        member: member.id,
        office: found.seat.office.clone(),
        subject: visit.appointment.to_string(),
        at: now,
    };
    app.store.put_reading(&reading).await?;
    let person = citizen::person(item, vault)?;
    let acts = acting_for(app, vault, &citizen::from_item(item)?, &found.service).await?;
    let signature = app.store.signed(&found, vault).await?;
    let key = keys::folder(visit.citizen, &found.service);
    let folder = app.store.read(&[key]).await?.folder(visit.citizen, &found.service)?;
    let kept = folder.files.into_iter().filter(|file| is_of(&found, file));
    let named = kept.map(|file| Ok((open_name(vault, visit.citizen, &file)?, file)));
    let files = named.map(|found| found.map(|(name, file)| (file, name)));
    let files = files.collect::<Result<_, Refusal>>()?;
    let told = |change: &Change| Ok((change.clone(), said(vault, found.id, change)?));
    let changes = found.changes.iter().map(told).collect::<Result<_, Refusal>>()?;
    Ok(Opened { visit: found, person, acts, files, signature, changes })
}

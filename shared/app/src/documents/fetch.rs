//! Opening a file that is kept: its owner, and who works at the office of a visit for which it was brought (DOC-7).

use super::FileRef;
use crate::reception::open::is_of;
use crate::reception::{VisitId, open_here};
use crate::staff::StaffBearer;
use crate::{App, Caller, Refusal};
use chrono::TimeDelta;
use domain::FileId;
use domain::document::{FileState, Folder};
use domain::moment::Draw;
use store::items::access::Reading;
use store::items::appointment;
use store::keys;

/// How long an address under which a file can be had is good: time to follow it, not to pass it on.
pub const LINK_GOOD: TimeDelta = TimeDelta::seconds(60);

/// Where a file lies that is kept, and under which name it is had. That is not what its owner calls it: people write their own
/// names into that, and this one stands in an address, which others on the way write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub key: String,
    pub name: String,
}

/// One's own file.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not kept, or not one's own; [`Refusal::Unauthorized`].
pub async fn fetch(app: &App, caller: &Caller, of: &FileRef) -> Result<Kept, Refusal> {
    if of.citizen != caller.citizen() {
        return Err(Refusal::NotFound);
    }
    let folder = super::look(app, caller, &of.service).await.map_err(|refusal| match refusal {
        Refusal::UnknownService => Refusal::NotFound,
        other => other,
    })?;
    kept(of, &folder)
}

/// A file of a visit. It is written down first that it was opened, each time, and the citizen sees it (DOC-7, PRV-2).
///
/// # Errors
/// [`Refusal::NotFound`] for one elsewhere, not kept, or brought after the visit; [`Refusal::BeyondRights`]; [`Refusal::VisitShut`].
pub async fn open(app: &App, bearer: &StaffBearer, visit: VisitId, file: FileId) -> Result<Kept, Refusal> {
    let moment = app.clock.moment();
    let [session, member] = bearer.keys();
    let batch = app.store.read(&[session, member, visit.key()]).await?;
    let member = bearer.check(&batch, moment.now)?;
    let found = batch.item(&visit.key()).map(|item| appointment::from_item(item, None)).transpose()?;
    let found = open_here(app, &member, found, moment.now)?;
    let of = FileRef { citizen: visit.citizen, service: found.service.clone(), file };
    let key = keys::folder(of.citizen, &of.service);
    let folder = app.store.read(&[key]).await?.folder(of.citizen, &of.service)?;
    let brought = folder.file(file).is_some_and(|file| is_of(&found, file));
    let kept = kept(&of, &folder).ok().filter(|_| brought).ok_or(Refusal::NotFound)?;
    let reading = Reading {
        citizen: visit.citizen,
        member: member.id,
        office: found.seat.office.clone(),
        subject: format!("file-{file}"),
        at: moment.now,
    };
    app.store.put_opening(&reading, moment.ulid(Draw::Opening)).await?;
    Ok(kept)
}

fn kept(of: &FileRef, folder: &Folder) -> Result<Kept, Refusal> {
    let file = folder.file(of.file).ok_or(Refusal::NotFound)?;
    let FileState::Accepted { sha256, .. } = &file.state else { return Err(Refusal::NotFound) };
    Ok(Kept { key: of.kept_as(sha256), name: format!("{}.{}", file.document, file.format.name()) })
}

//! What one says of conditions, and files that one takes back (DOC-5, DOC-6).

use super::{FileRef, change, key};
use crate::refusal::WrongField;
use crate::{App, Caller, Refusal};
use domain::ServiceId;
use domain::catalogue::Service;
use domain::document::Folder;
use std::collections::BTreeMap;
use store::keys;

/// Says of documents that are asked for under a condition whether it holds; the others stay.
///
/// # Errors
/// [`Refusal::Fields`] for a document without a condition; as [`super::look`].
pub async fn answer(
    app: &App,
    caller: &Caller,
    service: &ServiceId,
    said: &BTreeMap<String, bool>,
) -> Result<Folder, Refusal> {
    let asking = app.service(service)?;
    let wrong: Vec<WrongField> = said
        .keys()
        .filter(|document| conditional(asking, document).is_none())
        .map(|document| WrongField::new(format!("applies.{document}"), "no-condition"))
        .collect();
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    change(app, caller, service, |folder, _| {
        let mut after = folder.clone();
        for (document, holds) in said {
            if let Some(id) = conditional(asking, document) {
                after.answers.insert(id, *holds);
            }
        }
        let same = after == *folder;
        Ok(((!same).then(|| after.clone()), after))
    })
    .await
}

fn conditional(service: &Service, document: &str) -> Option<domain::DocumentId> {
    let need = service.files().find(|need| need.document.as_str() == document)?;
    need.condition.as_ref().map(|_| need.document.clone())
}

/// Takes a file back. Gone already is as good; the stream has it deleted where it lies.
///
/// # Errors
/// [`Refusal::FileNeeded`] while an appointment is to come that could not have been booked without it; [`Refusal::NotFound`] for
/// somebody else's; as [`super::look`].
pub async fn remove(app: &App, caller: &Caller, of: &FileRef) -> Result<(), Refusal> {
    if of.citizen != caller.citizen() {
        return Err(Refusal::NotFound);
    }
    let asking = app.service(&of.service)?;
    let active = app.store.read(&[keys::active(of.citizen)]).await?.active(of.citizen)?;
    change(app, caller, &of.service, |folder, moment| {
        let mut after = folder.clone();
        after.files.retain(|file| file.id != of.file);
        let same = after.files.len() == folder.files.len();
        let ahead = active.held(&of.service, moment.now).filter(|held| held.seat.starts_at > moment.now);
        if let (Some(held), Some(_)) = (ahead, key(caller, asking)) {
            let lacking = |folder: &Folder| folder.lacking(asking, held.seat.on).count();
            if lacking(&after) > lacking(folder) {
                return Err(Refusal::FileNeeded { appointment: held.id });
            }
        }
        Ok(((!same).then_some(after), ()))
    })
    .await
}

//! An office's file as it stands, its history, and what became of those whom a change touched.

use super::allowed;
use crate::reception::VisitId;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use domain::OfficeId;
use domain::limits::LIST_MAX;
use domain::staff::Right;
use domain::sweep::Touched;
use std::path::Path;
use store::catalogue::file;
use store::items::office::{self, OfficeChange, OfficeFile};
use store::{Vault, keys};

/// The file; as delivered as long as nobody changed it.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`].
pub async fn file(app: &App, dir: &Path, bearer: &StaffBearer, id: &OfficeId) -> Result<Standing, Refusal> {
    app.office(id)?;
    let (member, kept) = futures::join!(signed_in(app, bearer), app.store.office_file(id));
    allowed(app, &member?, Right::SeeOffice, id)?;
    Ok(of(dir, id, kept?)?)
}

/// An office's file as it counts.
pub struct Standing {
    /// How often anything was changed that the office goes by.
    pub number: u64,
    pub text: String,
    pub references: u64,
}

pub(super) fn of(dir: &Path, id: &OfficeId, kept: Option<OfficeFile>) -> Result<Standing, store::StoreError> {
    let OfficeFile { number, text, references } = kept.unwrap_or_default();
    let text = text.map_or_else(|| file::delivered(dir, id), Ok)?;
    Ok(Standing { number, text, references })
}

/// A change with its reason in clear.
pub struct Seen {
    pub change: OfficeChange,
    pub reason: String,
}

fn seen(vault: &Vault, id: &OfficeId, change: OfficeChange) -> Result<Seen, Refusal> {
    let reason = office::open_why(vault, &keys::office_pk(id), change.number, &change.reason)?;
    Ok(Seen { change, reason })
}

/// The changes of an office's file, the latest first.
///
/// # Errors
/// As [`file`].
pub async fn history(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    id: &OfficeId,
    before: Option<u64>,
    limit: i32,
) -> Result<Vec<Seen>, Refusal> {
    app.office(id)?;
    let (member, found) = futures::join!(signed_in(app, bearer), app.store.office_changes(id, before, limit));
    allowed(app, &member?, Right::SeeOffice, id)?;
    found?.into_iter().map(|change| seen(vault, id, change)).collect()
}

/// One change, with a page of those whom it touched.
///
/// # Errors
/// As [`file`]; [`Refusal::NotFound`] when there is no such change.
pub async fn one(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    id: &OfficeId,
    number: u64,
    after: Option<VisitId>,
) -> Result<(Seen, Vec<Touched>), Refusal> {
    app.office(id)?;
    let limit = i32::try_from(LIST_MAX).unwrap_or(i32::MAX);
    let now = app.clock.now();
    let (member, found, touched) = futures::join!(
        signed_in(app, bearer),
        app.store.office_change(id, number),
        app.store.touched(id, number, after.map(|visit| (visit.citizen, visit.appointment)), limit, now)
    );
    allowed(app, &member?, Right::SeeOffice, id)?;
    let change = found?.ok_or(Refusal::NotFound)?;
    Ok((seen(vault, id, change)?, touched?))
}

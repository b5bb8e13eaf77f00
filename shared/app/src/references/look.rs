//! The files as they stand, and what was changed in them.

use super::allowed;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use domain::catalogue::Reference;
use std::path::Path;
use store::items::office;
use store::items::reference::{ReferenceChange, ReferenceFile};
use store::{Vault, keys};

/// A file as it counts.
pub struct Standing {
    /// How often any of the files was changed.
    pub number: u64,
    pub text: String,
}

/// The file; as delivered as long as nobody changed it.
///
/// # Errors
/// [`Refusal::BeyondRights`].
pub async fn file(
    app: &App,
    dir: &Path,
    bearer: &StaffBearer,
    reference: Reference,
) -> Result<Standing, Refusal> {
    let (member, standing) = futures::join!(signed_in(app, bearer), of(app, dir, reference));
    allowed(app, &member?)?;
    standing
}

pub(super) async fn of(app: &App, dir: &Path, reference: Reference) -> Result<Standing, Refusal> {
    // The number first: whoever changes a file meanwhile is found by it.
    let number = app.store.references_now().await?;
    let kept = app.store.reference_file(reference).await?.map(|ReferenceFile { text, .. }| text);
    let text = kept.map_or_else(|| store::catalogue::reference::delivered(dir, reference), Ok)?;
    Ok(Standing { number, text })
}

/// A change with its reason in clear.
pub struct Seen {
    pub change: ReferenceChange,
    pub reason: String,
}

/// The changes of all the files, the latest first.
///
/// # Errors
/// As [`file`].
pub async fn history(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    before: Option<u64>,
    limit: i32,
) -> Result<Vec<Seen>, Refusal> {
    let (member, found) = futures::join!(signed_in(app, bearer), app.store.reference_changes(before, limit));
    allowed(app, &member?)?;
    let seen = |change: ReferenceChange| {
        let reason = office::open_why(vault, &keys::references_pk(), change.number, &change.reason)?;
        Ok(Seen { change, reason })
    };
    found?.into_iter().map(seen).collect()
}

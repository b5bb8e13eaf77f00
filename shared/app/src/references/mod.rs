//! The files by which every office goes, as they are managed: regions, agencies, services, holidays. A change counts for an
//! office from its turn on: it makes its way through them one by one, from the table (OFC-1, AVL-2).

pub mod change;
pub mod look;
pub mod roll;

use crate::{App, Refusal};
use domain::staff::{Member, Place, Right};

/// Refuses whoever does not answer for the whole system.
fn allowed(app: &App, member: &Member) -> Result<(), Refusal> {
    if member.may(Right::ManageReferences, &Place::Everywhere, &app.catalogue) {
        Ok(())
    } else {
        Err(Refusal::BeyondRights)
    }
}

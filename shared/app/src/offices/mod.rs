//! Offices as they are managed: their files, changed on condition of what was seen, and what follows for those who have
//! appointments there (OFC-1, OFC-5, AVL-2).

pub mod change;
pub mod close;
pub mod demand;
pub mod displace;
pub mod figures;
pub mod look;
pub mod sweep;
pub mod touched;

use crate::{App, Refusal};
use domain::OfficeId;
use domain::staff::{Member, Place, Right};

/// Refuses a member without this right in an office.
fn allowed(app: &App, member: &Member, right: Right, office: &OfficeId) -> Result<(), Refusal> {
    if member.may(right, &Place::Office(office.clone()), &app.catalogue) {
        Ok(())
    } else {
        Err(Refusal::BeyondRights)
    }
}

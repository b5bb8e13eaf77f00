//! Why somebody moves or cancels, in their words: sealed before it is kept, opened where it is shown (PRV-1, PRV-2).

use domain::appointment::{Change, Sealed};
use domain::{AppointmentId, Moment};
use store::items::appointment as item;
use store::{StoreError, Vault};

/// A reason and the keys that seal it: neither is of use without the other.
#[derive(Clone)]
pub struct Why {
    pub vault: Vault,
    pub said: String,
}

impl Why {
    /// Sealed for the change that makes this version of the appointment.
    ///
    /// # Errors
    /// [`StoreError::Sealed`], never in practice.
    pub fn seal(&self, id: AppointmentId, version: u64, moment: &Moment) -> Result<Sealed, StoreError> {
        item::seal_reason(&self.vault, id, version, &self.said, moment.nonce(0))
    }
}

/// The reason of a change as it was said; none when none was given.
///
/// # Errors
/// [`StoreError::Sealed`] when it is not of this appointment and version.
pub fn said(vault: &Vault, id: AppointmentId, change: &Change) -> Result<Option<String>, StoreError> {
    let open = |sealed| item::open_reason(vault, id, change.version, sealed);
    change.reason.as_ref().map(open).transpose()
}

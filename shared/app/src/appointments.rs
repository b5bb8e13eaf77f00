//! One's appointments and their history (BKG-6, PRV-1).

use crate::{App, Caller, Refusal};
use domain::AppointmentId;
use domain::appointment::{Appointment, Change};
use domain::limits::LIST_MAX;
use store::access::Listed;
use store::items::appointment as item;
use store::{Item, Vault, keys};

/// One's appointments, newest first.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<AppointmentId>,
    limit: i32,
) -> Result<Listed<Appointment>, Refusal> {
    let limit = limit.clamp(1, LIST_MAX as i32);
    let keys = caller.with([]);
    let (batch, listed) =
        futures::join!(app.store.read(&keys), app.store.appointments(caller.citizen(), after, limit));
    let (batch, mut listed, now) = (batch?, listed?, app.clock.now());
    caller.check(&batch, now)?;
    // Whoever acts for somebody sees what they may act for.
    listed.items.retain(|appointment| caller.sees(&batch, &appointment.service, now).is_ok());
    Ok(listed)
}

/// An appointment as it was found: what was filled in for it is sealed still.
pub struct Found {
    pub appointment: Appointment,
    item: Item,
}

impl Found {
    /// Whether anything was filled in that needs keys to be read.
    pub fn is_sealed(&self) -> bool {
        item::is_sealed(&self.item)
    }

    /// The appointment with what was filled in for it (BKG-8).
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when it does not open with these keys.
    pub fn open(&self, vault: &Vault) -> Result<Appointment, Refusal> {
        Ok(item::from_item(&self.item, Some(vault))?)
    }
}

/// One of one's appointments.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none with this id, or it is somebody else's.
pub async fn one(app: &App, caller: &Caller, id: AppointmentId) -> Result<Found, Refusal> {
    let key = keys::appointment(caller.citizen(), id);
    let batch = app.store.read(&caller.with([key.clone()])).await?;
    caller.check(&batch, app.clock.now())?;
    let item = batch.item(&key).ok_or(Refusal::NotFound)?;
    let appointment = item::from_item(item, None)?;
    caller.sees(&batch, &appointment.service, app.clock.now())?;
    Ok(Found { appointment, item: item.clone() })
}

/// Everything that was done to an appointment, oldest first.
///
/// # Errors
/// As [`one`].
pub async fn history(app: &App, caller: &Caller, id: AppointmentId) -> Result<Vec<Change>, Refusal> {
    let log = || app.store.appointment_log(caller.citizen(), id);
    let (appointment, rows) = futures::join!(one(app, caller, id), log());
    let (kept, mut rows) = (appointment?.appointment.changes, rows?);
    let goes_on = |rows: &[Change]| {
        let before = kept.first().map_or(0, |oldest| oldest.version.saturating_sub(1));
        before == 0 || rows.iter().any(|row| row.version == before)
    };
    // Both were read side by side: a change may have pushed the oldest one off the appointment between the two.
    if !goes_on(&rows) {
        rows = log().await?;
    }
    let mut changes = [rows, kept].concat();
    changes.sort_by_key(|change| change.version);
    changes.dedup_by_key(|change| change.version);
    Ok(changes)
}

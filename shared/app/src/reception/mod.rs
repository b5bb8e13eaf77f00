//! The office's day: who is expected, who is there, who is called and received, and with what result (VIS-1 to VIS-5).

pub mod agenda;
pub mod open;
pub mod step;

use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::staff::{Member, Place, Right};
use domain::{AppointmentId, CitizenId, OfficeId};
use std::fmt;
use std::str::FromStr;
use store::{Key, keys};

/// A visit as those who work here name it: `<citizen>.<appointment>`, neither of which says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitId {
    pub citizen: CitizenId,
    pub appointment: AppointmentId,
}

impl VisitId {
    pub fn of(appointment: &Appointment) -> Self {
        Self { citizen: appointment.citizen, appointment: appointment.id }
    }

    pub(crate) fn key(self) -> Key {
        keys::appointment(self.citizen, self.appointment)
    }
}

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.citizen, self.appointment)
    }
}

impl FromStr for VisitId {
    type Err = Refusal;
    /// What cannot be one is nobody's visit.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let (citizen, appointment) = text.split_once('.')?;
            Some(Self { citizen: citizen.parse().ok()?, appointment: appointment.parse().ok()? })
        };
        read().ok_or(Refusal::NotFound)
    }
}

/// Refuses a member without this right in an office.
fn allowed(app: &App, member: &Member, right: Right, office: &OfficeId) -> Result<(), Refusal> {
    let place = Place::Office(office.clone());
    if member.may(right, &place, &app.catalogue) { Ok(()) } else { Err(Refusal::BeyondRights) }
}

/// The same about a visit: one elsewhere is not there for whoever does not see that office's day.
pub(crate) fn allowed_here(
    app: &App,
    member: &Member,
    right: Right,
    visit: Option<Appointment>,
) -> Result<Appointment, Refusal> {
    let visit = visit.ok_or(Refusal::NotFound)?;
    allowed(app, member, Right::SeeDay, &visit.seat.office).map_err(|_| Refusal::NotFound)?;
    allowed(app, member, right, &visit.seat.office)?;
    Ok(visit)
}

/// The same, to read who comes and what they brought: as long as the office has to do with it.
///
/// # Errors
/// As [`allowed_here`]; [`Refusal::VisitShut`].
pub(crate) fn open_here(
    app: &App,
    member: &Member,
    visit: Option<Appointment>,
    now: DateTime<Utc>,
) -> Result<Appointment, Refusal> {
    let visit = allowed_here(app, member, Right::OpenVisit, visit)?;
    match visit.open_until() {
        Some(until) if now < until => Ok(visit),
        _ => Err(Refusal::VisitShut),
    }
}

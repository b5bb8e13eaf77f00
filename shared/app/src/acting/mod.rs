//! Acting for somebody who calls or stands at the counter: found, identified, and then served like anybody (OFC-3, OFC-9).

pub mod afar;
pub mod block;
pub mod find;
pub mod identify;
pub mod notes;
pub mod pause;
mod phones;
pub mod unlock;

use crate::staff::StaffBearer;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::staff::{Member, Place, Right};
use domain::{CitizenId, OfficeId};
use store::access::batch::Batch;
use store::items::access::Reading;

/// The member, if they may act for citizens at this office.
pub(crate) fn acting(
    app: &App,
    bearer: &StaffBearer,
    batch: &Batch,
    office: &OfficeId,
    now: DateTime<Utc>,
) -> Result<Member, Refusal> {
    able_at(app, bearer, batch, Right::ActFor, office, now)
}

/// The member, if they have a right at this office.
fn able_at(
    app: &App,
    bearer: &StaffBearer,
    batch: &Batch,
    right: Right,
    office: &OfficeId,
    now: DateTime<Utc>,
) -> Result<Member, Refusal> {
    let member = bearer.check(batch, now)?;
    let place = Place::Office(app.office(office)?.id.clone());
    if member.may(right, &place, &app.catalogue) { Ok(member) } else { Err(Refusal::BeyondRights) }
}

/// What is written down with the citizen before anything of theirs is shown.
pub(crate) fn reading(
    member: &Member,
    citizen: CitizenId,
    office: &OfficeId,
    subject: impl Into<String>,
    at: DateTime<Utc>,
) -> Reading {
    Reading { citizen, member: member.id, office: office.clone(), subject: subject.into(), at }
}

//! Waiting: joining and leaving the lines, serving freed cells, answering offers.

pub mod answer;
mod due;
pub(crate) mod free;
mod gone;
pub mod join;
pub mod lapse;
mod search;
pub mod serve;
pub mod show;
pub mod standing;
pub mod wants;

use domain::appointment::By;
use domain::moment::Draw;
use domain::waitlist::{EntryAction, EntryChange, Offer};
use domain::{Moment, OperationId};

/// A line of an entry's history.
pub(crate) fn change(
    action: EntryAction,
    by: By,
    version: u64,
    offer: Option<&Offer>,
    moment: &Moment,
) -> EntryChange {
    EntryChange {
        version,
        actor: by.actor,
        member: by.member,
        representative: by.representative,
        action,
        at: moment.now,
        operation: OperationId(moment.ulid(Draw::Operation)),
        offer: offer.map(|offer| (offer.id, offer.seat.starts_at)),
        why: None,
    }
}

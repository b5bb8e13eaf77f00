//! Pausing, resuming and leaving: the ticket is kept by all but the last (WTL-1, WTL-5).

use super::{answer, change};
use crate::attempt::{Operation, Step, settle};
use crate::{App, Caller, Refusal};
use domain::active::Active;
use domain::appointment::By;
use domain::waitlist::{Entry, EntryAction, EntryState, Offer, OfferState};
use domain::{Moment, ServiceId};
use store::{Commit, keys};

/// What to do with a place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Pause,
    Resume,
    Leave,
}

/// Changes one's standing in the line of a service. Doing again what is done already changes nothing.
///
/// Leaving with an open offer gives it back in the same write, so that nothing is held for somebody who is gone.
///
/// # Errors
/// [`Refusal::NotWaiting`]; [`Refusal::OfferOpen`] when an offer is to be answered before pausing.
pub async fn stand(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    service: &ServiceId,
    standing: Standing,
) -> Result<Entry, Refusal> {
    settle(app, caller.citizen(), |moment| step(app, caller, operation, service, standing, moment)).await
}

async fn step(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    service: &ServiceId,
    standing: Standing,
    moment: Moment,
) -> Result<Step<Entry>, Refusal> {
    let wanted = caller.with([keys::active(caller.citizen()), keys::entry(caller.citizen(), service)]);
    let batch = app.store.read(&wanted).await?;
    let citizen = caller.check(&batch, moment.now)?;
    let active = batch.active(citizen.id)?;
    caller.sees(&batch, service, moment.now)?;
    let Some(before) = batch.entry(citizen.id, service)? else {
        // Joining may be under way, and another try of this behind it: that one is to find no place either.
        return Step::of(Err(Refusal::NotWaiting), active, Some(operation));
    };
    if operation.seen(&active)?.is_some() || is_so(standing, before.state) {
        return Ok(Step::Done(before));
    }
    let offer = match before.offer {
        Some(id) if standing == Standing::Leave => {
            let batch = app.store.read(&[keys::offer(citizen.id, id)]).await?;
            Some(batch.offer(citizen.id, id)?.ok_or(Refusal::NotFound)?)
        }
        _ => None,
    };
    for office in &before.wish.offices {
        caller.at(app, &batch, office)?;
    }
    let decided = decide(app, caller.by(), &active, before, offer, operation, standing, &moment);
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

/// Whether there is nothing to do.
fn is_so(standing: Standing, state: EntryState) -> bool {
    matches!(
        (standing, state),
        (Standing::Pause, EntryState::Paused)
            | (Standing::Resume, EntryState::Waiting)
            | (Standing::Leave, EntryState::Left)
    )
}

/// `offer` is the one that is given back by leaving.
#[allow(clippy::too_many_arguments, reason = "what was read, what is done, by whom and when")]
fn decide(
    app: &App,
    by: By,
    active: &Active,
    before: Entry,
    offer: Option<Offer>,
    operation: &Operation,
    standing: Standing,
    moment: &Moment,
) -> Result<(Commit, Entry), Refusal> {
    let (state, action) = match (standing, before.state) {
        (Standing::Pause, EntryState::Waiting) => (EntryState::Paused, EntryAction::Paused),
        (Standing::Resume, EntryState::Paused) => (EntryState::Waiting, EntryAction::Resumed),
        (Standing::Leave, EntryState::Waiting | EntryState::Paused) => (EntryState::Left, EntryAction::Left),
        _ => return Err(Refusal::NotWaiting),
    };
    if let (Some(offer), None) = (before.offer, &offer) {
        return Err(Refusal::OfferOpen { offer });
    }
    let mut after = before.clone();
    after.version += 1;
    after.epoch += 1;
    after.state = state;
    after.silences = 0;
    after.offer = None;
    after.changes.push(change(action, by, after.version, offer.as_ref(), moment));
    let mut rows = Vec::new();
    if state == EntryState::Waiting {
        let office = after.wish.offices.first().and_then(|id| app.catalogue.offices.get(id));
        let zone = office.map_or(chrono_tz::UTC, |office| office.zone);
        after.rows_from = moment.now.with_timezone(&zone).date_naive();
        rows =
            after.wish.buckets(after.rows_from).map_err(|wide| Refusal::WishTooWide { rows: wide.rows })?;
    }
    let mut active = active.tidied(moment.now);
    match state {
        EntryState::Waiting => active.can_take_more(moment.now),
        EntryState::Left => active.waiting.retain(|(waiting, _)| *waiting != before.service),
        _ => {}
    }
    active.remember(operation.done(before.ticket.0));
    let mut commit = Commit::new();
    app.store.keep_entry(&mut commit, after.clone(), Some(before.version), &rows)?;
    match offer {
        Some(offer) => {
            let ended = if offer.is_open(moment.now) { OfferState::Declined } else { OfferState::Lapsed };
            answer::give_back(app, &mut commit, &offer, active, ended, moment)?;
        }
        None => app.store.keep_active(&mut commit, before.citizen, &active)?,
    }
    Ok((commit, after))
}

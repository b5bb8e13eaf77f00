//! An offer that nobody answered: the first silence keeps the place, the second pauses the entry (WTL-4).

use super::answer::give_back;
use super::change;
use crate::attempt::{Step, settle};
use crate::{App, Refusal};
use domain::appointment::By;
use domain::waitlist::{EntryAction, OfferState};
use domain::{CitizenId, OfferId};
use planted::{Bug, planted};
use store::access::entries::Answered;
use store::{Commit, keys};

/// Lapses an offer whose end has come. True if it did; false when there was nothing to do.
///
/// # Errors
/// [`Refusal::Unavailable`] and [`Refusal::Busy`]: the next tick finds it again.
pub async fn lapse(app: &App, citizen: CitizenId, id: OfferId) -> Result<bool, Refusal> {
    settle(app, citizen, |moment| async move {
        let batch = app.store.read(&[keys::offer(citizen, id), keys::active(citizen)]).await?;
        let Some(offer) = batch.offer(citizen, id)? else { return Ok(Step::Done(false)) };
        let stands = offer.state == OfferState::Open || planted(Bug::AnyOffer);
        let ended = moment.now >= offer.until && !planted(Bug::TtlAsExpiry);
        if !stands || !ended {
            return Ok(Step::Done(false));
        }
        let (answered, action) = match offer.silences {
            0 => (Answered::Lapsed, EntryAction::Lapsed),
            _ => (Answered::Paused, EntryAction::PausedBySilence),
        };
        let mut commit = Commit::new();
        let change = change(action, By::SYSTEM, offer.entry_version + 1, Some(&offer), &moment);
        app.store.answer_entry(&mut commit, &offer, answered, &change)?;
        give_back(app, &mut commit, &offer, batch.active(citizen)?, OfferState::Lapsed, &moment)?;
        Ok(Step::Write(commit, true))
    })
    .await
}

//! What the clock finds: a right that ends in a week, and one whose date has come (ACC-10). That it does not hold any more is
//! decided by whoever acts, from the right itself: here it is written down, and told.

use super::end::{over, told};
use super::{again, happened, tell_both};
use crate::{App, Refusal};
use domain::CitizenId;
use domain::account::AccountEvent;
use domain::representation::{EndedBy, Grant, GrantState, TOLD_AFTER, WARNED_BEFORE};
use store::{Commit, keys};

/// Looks at what is due between two people. False when nothing was, or somebody else was faster.
///
/// # Errors
/// The table's own: it stays due.
pub(crate) async fn look(
    app: &App,
    beneficiary: CitizenId,
    representative: CitizenId,
) -> Result<bool, Refusal> {
    let moment = app.clock.moment();
    let between = keys::representation(beneficiary, representative);
    let wanted = [keys::me(beneficiary), between, keys::me(representative)];
    let batch = app.store.read(&wanted).await?;
    let before = batch.representation(beneficiary, representative)?;
    let mut after = before.clone();
    let mut ended = false;
    let over_now =
        |grant: &&mut Grant| grant.state == GrantState::InForce && moment.now >= grant.ends_at + TOLD_AFTER;
    for grant in after.grants.iter_mut().filter(over_now) {
        ended |= grant.end(EndedBy::Term, moment.now);
    }
    // One piece of news at a time: what ends soon is found again by the next tick.
    let soon = |grant: &&mut Grant| {
        grant.holds(moment.now) && !grant.warned && moment.now >= grant.ends_at - WARNED_BEFORE
    };
    let mut warned = false;
    if !ended {
        for grant in after.grants.iter_mut().filter(soon) {
            (grant.warned, warned) = (true, true);
        }
    }
    let mut commit = Commit::new();
    if ended {
        over(app, &mut commit, &batch, (&before, &after), told(&moment))?;
    } else if warned {
        app.store.put_representation(&mut commit, &before, &after, None)?;
        let ends = |who| happened(None, who, AccountEvent::RepresentationEnds, None, &moment);
        tell_both(&app.store, &mut commit, &after, &batch, ends)?;
    } else {
        return Ok(false);
    }
    Ok(!again(app.store.commit(commit).await)?)
}

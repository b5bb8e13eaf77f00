//! The way of a change to the offices: some of them a step, each step its own message, so that nothing hangs on one request
//! or one process. Each office gets a new number, which holds up whoever decides by the older files, and the sweep of its
//! days where less or more is received than before.

use crate::offices::change::{PATIENCE, new_sweep};
use crate::{App, Refusal};
use core::ops::Bound;
use domain::OfficeId;
use domain::catalogue::{Office, Reference};
use domain::sweep::Sweep;
use store::items::office::{Changed, OfficeChange, OfficeFile, open_why, seal_why};
use store::items::reference::ReferenceChange;
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// Offices of one step.
const OFFICES_MAX: usize = 20;

/// Takes the next step of a change's way. The step after it follows from what this one writes. True when there is none.
///
/// # Errors
/// [`Refusal::Unavailable`] and [`Refusal::Busy`]: the message comes back, or the clock finds the change.
pub async fn step(app: &App, vault: &Vault, number: u64) -> Result<bool, Refusal> {
    let Some(mut change) = app.store.reference_change(number).await? else { return Ok(true) };
    if change.rollout.is_done() {
        return Ok(true);
    }
    let app = &app.known().referring(number).await?;
    let reason = open_why(vault, &keys::references_pk(), number, &change.reason)?;
    let from = change.rollout.reached.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = app.catalogue.offices.range::<OfficeId, _>((from, Bound::Unbounded));
    let mut last = None;
    let mut offices = 0;
    for (id, office) in rest.by_ref().take(OFFICES_MAX) {
        arrive(app, vault, &change, &reason, office).await?;
        offices += 1;
        last = Some(id.clone());
    }
    let last = last.filter(|_| rest.next().is_some());
    change.rollout = change.rollout.after(last, offices, app.clock.now(), PATIENCE);
    app.store.keep_rollout(&change).await?;
    Ok(change.rollout.is_done())
}

/// Has one office go by the change, unless it does already.
async fn arrive(
    app: &App,
    vault: &Vault,
    change: &ReferenceChange,
    reason: &str,
    office: &Office,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let file = app.store.office_file(&office.id).await?.unwrap_or_default();
        if file.references >= change.number {
            return Ok(());
        }
        let number = file.number + 1;
        let today = moment.now.with_timezone(&office.zone).date_naive();
        let made = OfficeChange {
            number,
            by: change.by,
            at: moment.now,
            reason: seal_why(vault, &keys::office_pk(&office.id), number, reason, moment.nonce(0))?,
            what: Changed::References(change.number),
            sweep: match change.reference {
                Reference::Holidays => new_sweep(office, moment.now),
                Reference::Regions | Reference::Agencies | Reference::Services => Sweep::none(today),
            },
        };
        let mut commit = Commit::new();
        let file = OfficeFile { number, references: change.number, ..file };
        app.store.change_office(&mut commit, &office.id, &file, &made)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            // Its own file was changed at the same moment, or somebody accepts an offer there.
            Committed::Refused(_) | Committed::Conflict if tries.again().await => {}
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(Refusal::Unavailable(error)),
        }
    }
}

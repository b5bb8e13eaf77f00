//! Ending what one may do for another: by either side, at once (ACC-10).

use super::{again, named, tell_both};
use crate::{App, Bearer, Refusal};
use domain::account::AccountEvent;
use domain::representation::{EndedBy, Grant, GrantState, Representation};
use domain::{CitizenId, GrantId, Moment};
use store::access::batch::Batch;
use store::items::representation::GrantRow;
use store::tries::Tries;
use store::{Commit, keys};

/// Ends what one asked for or was let do. Said again it stays so.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Busy`].
pub async fn renounce(app: &App, bearer: &Bearer, grant: GrantId) -> Result<(), Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::acting(bearer.citizen, grant)]].concat();
    let batch = app.store.read(&wanted).await?;
    let me = bearer.check(&batch, app.clock.now())?.id;
    let beneficiary = batch.acting(me, grant)?.ok_or(Refusal::NotFound)?;
    end(app, (beneficiary, me), grant, EndedBy::Representative).await
}

/// Refuses, or ends, that somebody acts for oneself. Said again it stays so.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Busy`].
pub async fn revoke(app: &App, bearer: &Bearer, grant: GrantId) -> Result<(), Refusal> {
    let keys = bearer.keys();
    let (batch, found) = futures::join!(app.store.read(&keys), app.store.representations(bearer.citizen));
    let me = bearer.check(&batch?, app.clock.now())?.id;
    let found = found?.into_iter().find(|between| between.grant(grant).is_some());
    let representative = found.ok_or(Refusal::NotFound)?.representative;
    end(app, (me, representative), grant, EndedBy::Beneficiary).await
}

async fn end(
    app: &App,
    (beneficiary, representative): (CitizenId, CitizenId),
    id: GrantId,
    by: EndedBy,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let between = keys::representation(beneficiary, representative);
        let wanted = [keys::me(beneficiary), between, keys::me(representative)];
        let batch = app.store.read(&wanted).await?;
        let mut after = batch.representation(beneficiary, representative)?;
        let grant = after.grant_mut(id).ok_or(Refusal::NotFound)?;
        let before = grant.clone();
        if !grant.end(by, moment.now) {
            return Ok(());
        }
        let mut commit = Commit::new();
        over(app, &mut commit, &batch, &after, &[before], &moment)?;
        if !again(app.store.commit(commit).await)? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// Writes that grants are over, which were so before: the right, its row in the queue, the record, and what both are told.
pub(super) fn over(
    app: &App,
    commit: &mut Commit,
    batch: &Batch,
    after: &Representation,
    before: &[Grant],
    moment: &Moment,
) -> Result<(), Refusal> {
    app.store.put_representation(commit, after)?;
    for grant in before.iter().filter(|grant| grant.state == GrantState::Waiting) {
        app.store.drop_application(commit, &row(after, grant), None);
    }
    let citizen = batch.citizen(after.beneficiary)?;
    named(&app.store, commit, batch.item(&keys::me(after.beneficiary)), citizen.as_ref(), after);
    tell_both(&app.store, commit, after, batch, AccountEvent::RepresentationEnded, moment)?;
    Ok(())
}

pub(super) fn row(between: &Representation, grant: &Grant) -> GrantRow {
    GrantRow {
        region: grant.region.clone(),
        asked_at: grant.asked_at,
        grant: grant.id,
        beneficiary: between.beneficiary,
        representative: between.representative,
        taken: None,
    }
}

//! Ending what one may do for another: by either side, at once (ACC-10).

use super::{again, happened, named, tell_both};
use crate::{App, Bearer, Refusal};
use domain::account::AccountEvent;
use domain::citizen::Cabinet;
use domain::representation::{EndedBy, Grant, GrantState, Representation};
use domain::{CitizenId, GrantId, Moment};
use store::access::batch::Batch;
use store::items::account::Happened;
use store::tries::Tries;
use store::{Commit, StoreError, keys};

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
        let before = batch.representation(beneficiary, representative)?;
        let mut after = before.clone();
        if !after.grant_mut(id).ok_or(Refusal::NotFound)?.end(by, moment.now) {
            return Ok(());
        }
        let mut commit = Commit::new();
        over(app, &mut commit, &batch, (&before, &after), told(&moment))?;
        if !again(app.store.commit(commit).await)? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// That it is over, as it is told to one of both.
pub(super) fn told(moment: &Moment) -> impl Fn(CitizenId) -> Result<Happened, StoreError> {
    move |who| happened(None, who, AccountEvent::RepresentationEnded, None, moment)
}

/// Writes that grants are over: the right, its row in the queue, the record, and what both are told.
pub(super) fn over(
    app: &App,
    commit: &mut Commit,
    batch: &Batch,
    (before, after): (&Representation, &Representation),
    happened: impl Fn(CitizenId) -> Result<Happened, StoreError>,
) -> Result<(), Refusal> {
    app.store.put_representation(commit, before, after, None)?;
    let citizen = batch.citizen(after.beneficiary)?;
    named(&app.store, commit, batch.item(&keys::me(after.beneficiary)), citizen.as_ref(), after);
    tell_both(&app.store, commit, after, batch, happened)?;
    Ok(())
}

/// Ends what somebody could do for another whose own cabinet is gone: who is left hears of it. Nothing is kept of it but with
/// somebody without a cabinet for whom nobody else acts: from there on their own term runs (PRV-3).
///
/// # Errors
/// [`Refusal::Unavailable`]; [`Refusal::Busy`].
pub(crate) async fn sweep(
    app: &App,
    beneficiary: CitizenId,
    representative: CitizenId,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let wanted = [keys::me(beneficiary), keys::representation(beneficiary, representative)];
        let batch = app.store.read(&wanted).await?;
        let before = batch.representation(beneficiary, representative)?;
        if before.version.is_none() {
            return Ok(());
        }
        let mut after = before.clone();
        let live = |grant: &Grant| grant.state_at(moment.now) == GrantState::InForce;
        let told_of = before.grants.iter().any(live);
        for grant in &mut after.grants {
            grant.end(EndedBy::Representative, moment.now);
        }
        let citizen = batch.citizen(beneficiary)?;
        let alone = citizen.as_ref().is_some_and(|citizen| {
            let others = citizen.representatives.iter().any(|who| *who != representative);
            citizen.cabinet == Cabinet::None && !others
        });
        if alone && before == after {
            return Ok(());
        }
        let mut commit = Commit::new();
        match alone {
            true => app.store.put_representation(&mut commit, &before, &after, None)?,
            false => app.store.drop_representation(&mut commit, &before)?,
        }
        named(&app.store, &mut commit, batch.item(&keys::me(beneficiary)), citizen.as_ref(), &after);
        if told_of && citizen.is_some_and(|citizen| citizen.cabinet == Cabinet::Own) {
            app.store.put_happened(&mut commit, &told(&moment)(beneficiary)?)?;
        }
        if !again(app.store.commit(commit).await)? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

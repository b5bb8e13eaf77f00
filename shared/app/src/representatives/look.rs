//! For whom one may act, and who may act for oneself (ACC-10, PRV-1).

use crate::{App, Bearer, Refusal};
use domain::citizen::Name;
use domain::limits::LIST_MAX;
use domain::representation::{Grant, GrantState, Representation, Said};
use domain::{CitizenId, GrantId};
use std::collections::BTreeMap;
use store::access::Listed;
use store::items::citizen as record;
use store::items::representation::{self as item, Asked};
use store::{Item, Vault, keys};

/// A grant as its representative sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub grant: Grant,
    pub said: Said,
    /// What was found by whoever decided.
    pub reason: Option<String>,
    /// Why staff ended it.
    pub stopped: Option<String>,
    /// For whom: who they are here is told once one may act for them.
    pub beneficiary: CitizenId,
}

/// A grant as its beneficiary sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    pub grant: Grant,
    pub said: Said,
    /// Why staff ended it.
    pub stopped: Option<String>,
    pub representative: CitizenId,
    pub name: Name,
}

pub(super) fn own(vault: &Vault, between: &Representation, grant: &Grant) -> Result<Own, Refusal> {
    let of = (between.beneficiary, between.representative, grant.id);
    let reason = grant.reason.as_ref().map(|sealed| item::open_reason(vault, of, sealed)).transpose()?;
    let said = item::open_said(vault, of, &grant.said)?;
    let stopped = grant.stopped.as_ref().map(|one| item::open_stopped(vault, of, &one.why)).transpose()?;
    Ok(Own { grant: grant.clone(), said, reason, stopped, beneficiary: between.beneficiary })
}

/// What one asked for, the latest first, as it stands.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::CursorInvalid`].
pub async fn acting(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    after: Option<&str>,
    limit: i32,
) -> Result<Listed<Own>, Refusal> {
    if after.is_some_and(|after| after.parse::<domain::GrantId>().is_err()) {
        return Err(Refusal::CursorInvalid);
    }
    let keys = bearer.keys();
    let limit = limit.clamp(1, LIST_MAX as i32);
    let (batch, found) =
        futures::join!(app.store.read(&keys), app.store.acting(bearer.citizen, after, limit));
    let me = bearer.check(&batch?, app.clock.now())?.id;
    let found = found?;
    let between = between(app, me, found.items.iter().map(|(_, beneficiary)| *beneficiary)).await?;
    let mut items = Vec::new();
    for (grant, beneficiary) in &found.items {
        // One that gave way to newer ones is no longer kept.
        let Some(between) = between.get(beneficiary) else { continue };
        let Some(grant) = between.grant(*grant) else { continue };
        items.push(own(vault, between, grant)?);
    }
    Ok(Listed { items, next: found.next })
}

async fn between(
    app: &App,
    representative: CitizenId,
    beneficiaries: impl Iterator<Item = CitizenId>,
) -> Result<BTreeMap<CitizenId, Representation>, Refusal> {
    let mut whom: Vec<CitizenId> = beneficiaries.collect();
    whom.sort();
    whom.dedup();
    let wanted: Vec<_> = whom.iter().map(|citizen| keys::representation(*citizen, representative)).collect();
    let batch = app.store.read(&wanted).await?;
    let each = whom.into_iter().map(|citizen| Ok((citizen, batch.representation(citizen, representative)?)));
    each.collect()
}

/// Which applications of one representative wait: of those that did when they last asked. What is not counted yet is looked up.
pub(super) async fn waiting(app: &App, representative: CitizenId, record: &Item) -> Result<Asked, Refusal> {
    let asked = match item::asked(record)? {
        Some(asked) => asked,
        None => app.store.acting(representative, None, LIST_MAX as i32).await?.items,
    };
    let between = between(app, representative, asked.iter().map(|(_, citizen)| *citizen)).await?;
    let waits = |(grant, citizen): &(GrantId, CitizenId)| {
        let grant = between.get(citizen).and_then(|between| between.grant(*grant));
        grant.is_some_and(|grant| grant.state == GrantState::Waiting)
    };
    Ok(asked.into_iter().filter(waits).collect())
}

/// Who may act for oneself, or asked to, the latest first.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn representatives(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Vec<Theirs>, Refusal> {
    let keys = bearer.keys();
    let (batch, found) = futures::join!(app.store.read(&keys), app.store.representations(bearer.citizen));
    bearer.check(&batch?, app.clock.now())?;
    theirs(app, vault, &found?).await
}

/// The same of whatever is between a beneficiary and others.
pub(super) async fn theirs(
    app: &App,
    vault: &Vault,
    found: &[Representation],
) -> Result<Vec<Theirs>, Refusal> {
    let mut all = Vec::new();
    // As many at a time as one read takes.
    for found in found.chunks(LIST_MAX) {
        let records: Vec<_> = found.iter().map(|between| keys::me(between.representative)).collect();
        let batch = app.store.read(&records).await?;
        for between in found {
            // Of whoever is gone nothing is told.
            let Some(_) = batch.citizen(between.representative)? else { continue };
            let Some(record) = batch.item(&keys::me(between.representative)) else { continue };
            let name = record::person(record, vault)?.name;
            for grant in &between.grants {
                let Own { said, stopped, .. } = own(vault, between, grant)?;
                let representative = between.representative;
                all.push(Theirs { grant: grant.clone(), said, stopped, representative, name: name.clone() });
            }
        }
    }
    all.sort_by_key(|theirs| std::cmp::Reverse(theirs.grant.id));
    Ok(all)
}

//! Asking to act for somebody: what the paper says, put before staff; the beneficiary hears of it at once (ACC-10).

use super::form::{self, Form};
use super::look::{self, Own};
use super::{SAID_NONCE, again, happened, without_cabinet};
use crate::caller::able;
use crate::refusal::WrongField;
use crate::{App, Bearer, Refusal, identity};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::citizen::{Cabinet, Citizen, Missing};
use domain::moment::Draw;
use domain::profile::Snils;
use domain::representation::{GRANTS_KEPT, Grant, GrantState, Representation, Said, WAITING_MAX};
use domain::{CitizenId, GrantId, Moment, RegionId};
use store::access::batch::Batch;
use store::items::representation as item;
use store::tries::Tries;
use store::{Commit, Item, Vault, keys};

/// Asks. The same paper asked for again, while it waits or is in force, is answered as it stands.
///
/// Whether somebody has a cabinet is not told: what is answered is the same.
///
/// # Errors
/// [`Refusal::Fields`] naming everything that is wrong; [`Refusal::IdentityNeeded`]; [`Refusal::NotReady`] without a paper of
/// one's own, with which staff compare, and without an address, by which it is known whose staff decide; [`Refusal::GrantOpen`] while another paper between the two waits;
/// [`Refusal::TooManyGrants`]; [`Refusal::Busy`].
pub async fn ask(app: &App, vault: &Vault, bearer: &Bearer, form: &Form) -> Result<Own, Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let Oneself { own, record, region, snils } = match oneself(app, vault, bearer).await {
            // Whoever gives nothing hears what is asked for.
            Err(refusal @ (Refusal::IdentityNeeded | Refusal::NotReady(_))) => {
                return Err(form::complete(form).err().unwrap_or(refusal));
            }
            other => other?,
        };
        let read = form::read(app, form, &region, moment.now)?;
        if snils.as_ref() == Some(&read.said.snils) {
            return Err(Refusal::Fields(vec![WrongField::new("snils", "own-snils")]));
        }
        let (beneficiary, batch) = whom(app, vault, bearer.citizen, &read.said).await?;
        let before = batch.representation(beneficiary, own.id)?;
        let mut between = before.clone();
        if let Some(known) = known(vault, &between, &read, moment.now)? {
            return look::own(vault, &between, &known);
        }
        if between.grants.iter().any(|grant| grant.state_at(moment.now) == GrantState::Waiting) {
            return Err(Refusal::GrantOpen);
        }
        let mut asked = look::waiting(app, own.id, &record).await?;
        if asked.len() >= WAITING_MAX {
            return Err(Refusal::TooManyGrants { max: WAITING_MAX });
        }
        let grant = grant(vault, &between, &read, &region, &moment)?;
        between.add(grant.clone()).map_err(|_| Refusal::TooManyGrants { max: GRANTS_KEPT })?;
        let mut commit = Commit::new();
        app.store.put_representation(&mut commit, &before, &between, None)?;
        app.store.point_to(&mut commit, &between, grant.id)?;
        asked.push((grant.id, beneficiary));
        app.store.count_asked(&mut commit, &record, own.id, &asked);
        if batch.citizen(beneficiary)?.is_some_and(|citizen| citizen.cabinet == Cabinet::Own) {
            let event = AccountEvent::RepresentativeAsked;
            app.store.put_happened(&mut commit, &happened(None, beneficiary, event, None, &moment)?)?;
        }
        if !again(app.store.commit(commit).await)? {
            return look::own(vault, &between, &grant);
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// The representative, where they are registered, and their own number.
struct Oneself {
    own: Citizen,
    record: Item,
    region: RegionId,
    snils: Option<Snils>,
}

async fn oneself(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Oneself, Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::profile(bearer.citizen)]].concat();
    let batch = app.store.read(&wanted).await?;
    let own = bearer.check(&batch, app.clock.now())?;
    able(&own)?;
    if own.email_confirmed_at.is_none() {
        return Err(Refusal::NotReady(vec![Missing::EmailConfirmed]));
    }
    let profile = batch.profile(own.id, vault)?.profile;
    let missing = [Missing::Paper, Missing::Address].into_iter().filter(|one| !own.met.contains(one));
    let region = match profile.address {
        Some(address) if own.met.contains(&Missing::Paper) => address.region,
        _ => return Err(Refusal::NotReady(missing.collect())),
    };
    let record = batch.item(&keys::me(own.id)).cloned().ok_or(Refusal::Unauthorized)?;
    Ok(Oneself { own, record, region, snils: profile.snils })
}

/// Who is meant: whoever has shown that the number is theirs, else somebody without a cabinet.
pub(super) async fn whom(
    app: &App,
    vault: &Vault,
    representative: CitizenId,
    said: &Said,
) -> Result<(CitizenId, Batch), Refusal> {
    let beneficiary = holder(app, vault, said).await?;
    let wanted = [keys::me(beneficiary), keys::representation(beneficiary, representative)];
    Ok((beneficiary, app.store.read(&wanted).await?))
}

/// Whose number it is.
pub(super) async fn holder(app: &App, vault: &Vault, said: &Said) -> Result<CitizenId, Refusal> {
    let shown = app.store.snils_holder(&identity::claimed(vault, &said.snils)).await?;
    Ok(shown.unwrap_or_else(|| without_cabinet(vault, &said.snils)))
}

/// A grant of the same paper that waits or is in force.
fn known(
    vault: &Vault,
    between: &Representation,
    read: &form::Read,
    now: DateTime<Utc>,
) -> Result<Option<Grant>, Refusal> {
    let live = |grant: &&Grant| !grant.state_at(now).is_over() && grant.scope == read.scope;
    for grant in between.grants.iter().filter(live) {
        let of = (between.beneficiary, between.representative, grant.id);
        if item::open_said(vault, of, &grant.said)? == read.said {
            return Ok(Some(grant.clone()));
        }
    }
    Ok(None)
}

fn grant(
    vault: &Vault,
    between: &Representation,
    read: &form::Read,
    region: &RegionId,
    moment: &Moment,
) -> Result<Grant, Refusal> {
    let id = GrantId(moment.ulid(Draw::Grant));
    let of = (between.beneficiary, between.representative, id);
    Ok(Grant {
        id,
        kind: read.said.paper.kind(),
        scope: read.scope.clone(),
        region: region.clone(),
        asked_at: moment.now,
        ends_at: read.ends_at,
        state: GrantState::Waiting,
        said: item::seal_said(vault, of, &read.said, moment.nonce(SAID_NONCE))?,
        decided: None,
        reason: None,
        ended: None,
        stopped: None,
        warned: false,
    })
}

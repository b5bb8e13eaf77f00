//! Staff end a right in force: the paper was revoked, or a court decided so (ACC-10). What was booked by it stays the beneficiary's.

use super::end::over;
use super::look::{Theirs, theirs};
use super::queue::{GrantName, Which, serving};
use super::{STOPPED_NONCE, again, happened};
use crate::acting::reading;
use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::{App, Refusal};
use chrono::NaiveDate;
use domain::account::AccountEvent;
use domain::representation::{EndedBy, GrantState, Stopped};
use domain::{CitizenId, OfficeId};
use store::items::representation as item;
use store::tries::Tries;
use store::{Commit, Vault, keys};

/// Who may act for a citizen, or might, as far as staff of the office's region decided about it; the latest first. That it was read
/// is written down with the citizen. Nobody: the same as of whoever has nobody.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`].
pub async fn list(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
) -> Result<Vec<Theirs>, Refusal> {
    let member = serving(app, bearer, office).await?;
    let region = &app.office(office)?.region;
    let mut found = app.store.representations(citizen).await?;
    found.iter_mut().for_each(|between| between.grants.retain(|grant| grant.region == *region));
    found.retain(|between| !between.grants.is_empty());
    if found.is_empty() {
        return Ok(Vec::new());
    }
    app.store.put_reading(&reading(&member, citizen, office, "representatives", app.clock.now())).await?;
    theirs(app, vault, &found).await
}

/// What is said of an end.
pub struct Said<'a> {
    pub reason: &'a str,
    /// Since when the paper does not count; none: since today.
    pub since: Option<NaiveDate>,
}

/// Ends a right in force, at once. Both sides are told, with the reason; it is written down with both. Said again by the same
/// member it stays so.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`] when it is elsewhere; [`Refusal::GrantOpen`] while it is to be decided;
/// [`Refusal::GrantOver`]; [`Refusal::Fields`] for a date to come; [`Refusal::Busy`].
pub async fn stop(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    name: GrantName,
    said: Said<'_>,
) -> Result<(), Refusal> {
    let member = serving(app, bearer, office).await?;
    let known = app.office(office)?;
    let (beneficiary, Which { representative, grant: id }) = (name.citizen, name.id);
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let today = moment.now.with_timezone(&known.zone).date_naive();
        let between = keys::representation(beneficiary, representative);
        let wanted = [keys::me(beneficiary), between, keys::me(representative)];
        let batch = app.store.read(&wanted).await?;
        let before = batch.representation(beneficiary, representative)?;
        let mut after = before.clone();
        let grant = after.grant_mut(id).filter(|grant| grant.region == known.region);
        let grant = grant.ok_or(Refusal::NotFound)?;
        if grant.stopped.as_ref().is_some_and(|stopped| stopped.by == member.id) {
            return Ok(());
        }
        match grant.state_at(moment.now) {
            GrantState::InForce => {}
            GrantState::Waiting => return Err(Refusal::GrantOpen),
            GrantState::Refused | GrantState::Ended => return Err(Refusal::GrantOver),
        }
        let since = said.since.unwrap_or(today);
        if since > today {
            return Err(Refusal::Fields(vec![WrongField::new("since", "in-future")]));
        }
        for citizen in [representative, beneficiary] {
            let reading = reading(&member, citizen, office, "representation-ended", moment.now);
            app.store.put_reading(&reading).await?;
        }
        let of = (beneficiary, representative, id);
        let why = item::seal_stopped(vault, of, said.reason, moment.nonce(STOPPED_NONCE))?;
        grant.end(EndedBy::Staff, moment.now);
        grant.stopped = Some(Stopped { by: member.id, since, why });
        let told = |who| {
            let event = AccountEvent::RepresentationEnded;
            let mut told = happened(Some(vault), who, event, Some(said.reason), &moment)?;
            told.member = Some(member.id);
            Ok(told)
        };
        let mut commit = Commit::new();
        over(app, &mut commit, &batch, (&before, &after), told)?;
        if !again(app.store.commit(commit).await)? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

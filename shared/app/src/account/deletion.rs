//! Having one's cabinet deleted, and thinking better of it (PRV-3).
//!
//! Nothing goes before the time to think it over has passed; until then the record says that it is wanted, and nothing new is
//! begun. The one who was faster wins: asking moves the guard on, so a booking under way is decided anew and refused, and a
//! booking that came first refuses this.

use super::second_factor::{Second, Whose};
use super::{happened, password, second_factor};
use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::active::{Active, Held};
use domain::limits::{DELETION_GRACE, KEPT_LOOK_EVERY};
use domain::{OfferId, ServiceId};
use planted::{Bug, planted};
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// What stands in the way of deleting a cabinet: each is ended first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    Appointment(Held),
    Offer(OfferId, ServiceId),
    Waiting(ServiceId),
}

/// What somebody holds, is offered and waits for.
pub(crate) fn hindrances(active: &Active, now: DateTime<Utc>) -> Vec<Hindrance> {
    let held = active.current(now).cloned().map(Hindrance::Appointment);
    let offered = active.offer.iter().map(|offer| Hindrance::Offer(offer.id, offer.service.clone()));
    let waiting = active.waiting.iter().map(|(service, _)| Hindrance::Waiting(service.clone()));
    held.chain(offered).chain(waiting).collect()
}

/// Has the cabinet be deleted in a week, for whoever is signed in and knows the password; the owner is told by every channel.
/// Asked for again it is as it was. Answers when it goes.
///
/// # Errors
/// [`Refusal::DeletionHindered`] with all that stands in the way; [`Refusal::Fields`] when the password is wrong;
/// [`Refusal::TooManyTries`]; as the second factor, where there is one; [`Refusal::Busy`].
pub async fn ask(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    (given, second): (String, &Second<'_>),
    device: Option<&str>,
) -> Result<DateTime<Utc>, Refusal> {
    let moment = app.clock.moment();
    let (citizen, batch) = super::signed_in(app, bearer).await?;
    let auth = password::knows(app, &batch, citizen.id, given, "password", moment.now).await?;
    // What hinders comes first, and what opens once is used up by the write that does it: a refusal costs nothing.
    let active = app.store.read(&[keys::active(citizen.id)]).await?.active(citizen.id)?;
    let hindered = hindrances(&active, moment.now);
    if citizen.deletion_asked_at.is_none() && !hindered.is_empty() {
        return Err(Refusal::DeletionHindered(hindered));
    }
    let whose = Whose::of(&citizen, &batch);
    let opened = second_factor::opened(app, vault, whose, &auth, second, &moment).await?;
    let wanted = [&bearer.keys()[..], &[keys::active(bearer.citizen)]].concat();
    let mut tries = Tries::new(&moment);
    loop {
        let batch = app.store.read(&wanted).await?;
        let citizen = bearer.check(&batch, app.clock.now())?;
        if let Some(goes_at) = citizen.deleted_at() {
            return Ok(goes_at);
        }
        let active = batch.active(citizen.id)?;
        let hindered = hindrances(&active, moment.now);
        if !hindered.is_empty() {
            return Err(Refusal::DeletionHindered(hindered));
        }
        let mut commit = Commit::new();
        app.store.ask_deletion(&mut commit, citizen.id, citizen.epoch, moment.now);
        // Whoever decides by the guard as it was decides anew.
        if !planted(Bug::DeletionUnguarded) {
            app.store.keep_active(&mut commit, citizen.id, &active.tidied(moment.now))?;
        }
        let event = happened(vault, &citizen, AccountEvent::DeletionAsked, None, device, &moment)?;
        app.store.put_happened(&mut commit, &event)?;
        if let Some(opened) = &opened {
            opened.use_up(app, &mut commit, citizen.id, moment.now)?;
        }
        match app.store.commit(commit).await {
            Committed::Done => return Ok(moment.now + DELETION_GRACE),
            // By reading again it is told whether it was our own earlier try.
            Committed::Refused(_) if tries.reread() => {}
            Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
            Committed::Unknown(error) => return Err(error.into()),
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
        }
    }
}

/// Has the cabinet stay; the owner is told. Where nobody asked for its deletion it stays anyway.
///
/// # Errors
/// [`Refusal::Unauthorized`], also once it was closed: then nobody has a session any more; [`Refusal::Busy`].
pub async fn stop(app: &App, vault: &Vault, bearer: &Bearer, device: Option<&str>) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let mut tries = Tries::new(&moment);
    loop {
        let batch = app.store.read(&bearer.keys()).await?;
        let citizen = bearer.check(&batch, app.clock.now())?;
        let Some(asked_at) = citizen.deletion_asked_at else { return Ok(()) };
        let mut commit = Commit::new();
        let look_at = moment.now + KEPT_LOOK_EVERY;
        app.store.stop_deletion(&mut commit, citizen.id, citizen.epoch, asked_at, look_at);
        let event = happened(vault, &citizen, AccountEvent::DeletionStopped, None, device, &moment)?;
        app.store.put_happened(&mut commit, &event)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            Committed::Refused(_) if tries.reread() => {}
            Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
            Committed::Unknown(error) => return Err(error.into()),
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
        }
    }
}

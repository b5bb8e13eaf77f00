//! Correcting what was filled in for a visit: neither the service nor the person (CHG-6).

use crate::attempt::{Operation, Step, settle};
use crate::book::{held, own_contacts};
use crate::signing::{self, Given, Proved, Wanted};
use crate::why::Why;
use crate::{App, Caller, Refusal};
use domain::active::Active;
use domain::appointment::{Action, Application, Appointment, Phase};
use domain::limits::CORRECTIONS_MAX;
use domain::profile::Demand;
use domain::signing::Subject;
use domain::{AppointmentId, Moment};
use store::items::appointment as item;
use store::{Commit, Vault, keys};

/// Why it is corrected, as those who work here say, and its signature where it was signed before.
pub type With<'a> = (Option<&'a Why>, Option<&'a Given>);

/// What was filled in, corrected: given the appointment as it stands, opened.
pub trait Correction: Fn(&Appointment) -> Result<Application, Refusal> {}
impl<F: Fn(&Appointment) -> Result<Application, Refusal>> Correction for F {}

/// Corrects what was filled in for an appointment, as long as it is to come: no time is given up by it, so the cut-off of moves
/// does not count. What comes to the same as before writes nothing.
///
/// What was signed electronically is signed anew by whoever corrects it; corrected by staff, it is signed on paper at the visit.
///
/// # Errors
/// What the correction refuses; [`Refusal::TooManyCorrections`] to whoever holds it, not to staff; [`Refusal::NotPlanned`] when one is received already, or it is over;
/// [`Refusal::NotFound`].
pub async fn correct(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    operation: &Operation,
    (id, correction): (AppointmentId, &impl Correction),
    with: With<'_>,
) -> Result<Appointment, Refusal> {
    settle(app, caller.citizen(), |moment| {
        step(app, vault, caller, operation, (id, correction), with, moment)
    })
    .await
}

async fn step(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    operation: &Operation,
    (id, correction): (AppointmentId, &impl Correction),
    (why, signature): With<'_>,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let key = keys::appointment(caller.citizen(), id);
    let subject = Subject::Correction(id);
    let signing = signing::keys(caller, &subject, signature);
    let wanted = [keys::active(caller.citizen()), key.clone()].into_iter().chain(signing);
    let batch = app.store.read(&caller.with(wanted)).await?;
    let citizen = caller.check(&batch, moment.now)?;
    let active = batch.active(citizen.id)?;
    let found = batch.item(&key).ok_or(Refusal::NotFound)?;
    let before = item::from_item(found, Some(vault))?;
    caller.sees(&batch, &before.service, moment.now)?;
    if operation.seen(&active)?.is_some() {
        return Ok(Step::Done(before));
    }
    caller.reasoned(why)?;
    caller.at(app, &batch, &before.seat.office)?;
    if before.phase != Phase::Planned {
        return Step::of(Err(Refusal::NotPlanned), active, Some(operation));
    }
    // What was signed is held against what was sent; what is kept names only contacts of the visit's own.
    let application = correction(&before)?;
    let mut kept = application.clone();
    own_contacts(&mut kept, batch.item(&keys::me(citizen.id)), vault)?;
    if kept == before.application {
        return Ok(Step::Done(before));
    }
    if caller.by().is_own() && before.corrected >= CORRECTIONS_MAX {
        let office = before.seat.office;
        return Step::of(Err(Refusal::TooManyCorrections { office }), active, Some(operation));
    }
    let office = app.office(&before.seat.office)?;
    let needed = match caller.signer().and(before.application.signed.as_ref()) {
        Some(_) => Demand::Asked,
        None => Demand::NotAsked,
    };
    let wanted = Wanted { subject, office, application: &application };
    let proved = signing::prove(caller, (&batch, Some(vault)), needed, &wanted, signature, &moment);
    let fits = |proved| {
        if application.preferred != before.application.preferred {
            let service = app.service(&before.service)?;
            signing::preferable(office, service, &application.preferred, moment.now)?;
        }
        Ok(proved)
    };
    let proved = match proved.and_then(fits) {
        Ok(proved) => proved,
        Err(refusal) => return Step::of(Err(refusal), active, Some(operation)),
    };
    let corrected = (before, kept, proved);
    let decided = decide(app, vault, caller, &active, corrected, operation, why, &moment);
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn decide(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    active: &Active,
    (before, application, proved): (Appointment, Application, Option<Proved>),
    operation: &Operation,
    why: Option<&Why>,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let version = before.version;
    let corrected = before.corrected + 1;
    let signed = proved.as_ref().map(|proved| proved.signed(version + 1, moment));
    let application = Application { signed, ..application };
    let mut after = Appointment { version: version + 1, application, corrected, ..before };
    let why = why.map(|why| why.seal(after.id, after.version, moment)).transpose()?;
    after.record(Action::Corrected, caller.by(), why, moment);
    let sealed = item::seal(vault, after.id, &after.application, moment.nonce(1))?;
    let mut active = active.tidied(moment.now);
    active.hold(held(&after), moment.now);
    active.remember(operation.done(after.id.0));
    let mut commit = Commit::new();
    app.store.keep_active(&mut commit, after.citizen, &active)?;
    if let Some(proved) = proved {
        proved.keep((app, vault), &mut commit, (after.citizen, after.id, after.version), moment)?;
    }
    app.store.keep_corrected(&mut commit, after.clone(), sealed, version)?;
    Ok((commit, after))
}

//! Correcting what was filled in for a visit: neither the service nor the person (CHG-6).

use crate::attempt::{Operation, Step, settle};
use crate::book::held;
use crate::why::Why;
use crate::{App, Caller, Refusal};
use domain::active::Active;
use domain::appointment::{Action, Application, Appointment, Phase};
use domain::limits::CORRECTIONS_MAX;
use domain::{AppointmentId, Moment};
use store::items::appointment as item;
use store::{Commit, Vault, keys};

/// What was filled in, corrected: given the appointment as it stands, opened.
pub trait Correction: Fn(&Appointment) -> Result<Application, Refusal> {}
impl<F: Fn(&Appointment) -> Result<Application, Refusal>> Correction for F {}

/// Corrects what was filled in for an appointment, as long as it is to come: no time is given up by it, so the cut-off of moves
/// does not count. What comes to the same as before writes nothing.
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
    why: Option<&Why>,
) -> Result<Appointment, Refusal> {
    settle(app, caller.citizen(), |moment| step(app, vault, caller, operation, (id, correction), why, moment))
        .await
}

async fn step(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    operation: &Operation,
    (id, correction): (AppointmentId, &impl Correction),
    why: Option<&Why>,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let key = keys::appointment(caller.citizen(), id);
    let batch = app.store.read(&caller.with([keys::active(caller.citizen()), key.clone()])).await?;
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
    let application = correction(&before)?;
    if application == before.application {
        return Ok(Step::Done(before));
    }
    if caller.by().is_own() && before.corrected >= CORRECTIONS_MAX {
        let office = before.seat.office;
        return Step::of(Err(Refusal::TooManyCorrections { office }), active, Some(operation));
    }
    let decided = decide(app, vault, caller, &active, (before, application), operation, why, &moment);
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn decide(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    active: &Active,
    (before, application): (Appointment, Application),
    operation: &Operation,
    why: Option<&Why>,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let version = before.version;
    let corrected = before.corrected + 1;
    let mut after = Appointment { version: version + 1, application, corrected, ..before };
    let why = why.map(|why| why.seal(after.id, after.version, moment)).transpose()?;
    after.record(Action::Corrected, caller.by(), why, moment);
    let sealed = item::seal(vault, after.id, &after.application, moment.nonce(1))?;
    let mut active = active.tidied(moment.now);
    active.hold(held(&after), moment.now);
    active.remember(operation.done(after.id.0));
    let mut commit = Commit::new();
    app.store.keep_active(&mut commit, after.citizen, &active)?;
    app.store.keep_corrected(&mut commit, after.clone(), sealed, version)?;
    Ok((commit, after))
}

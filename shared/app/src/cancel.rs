//! Cancelling: the slot goes to those who wait, and then to the public (CHG-2).

use crate::attempt::{Operation, Step, settle};
use crate::reschedule::{free_seat, refuse};
use crate::why::Why;
use crate::{App, Caller, Refusal};
use chrono::TimeDelta;
use domain::active::{Active, CoolDown};
use domain::appointment::{Action, Appointment, Phase};
use domain::limits::COOL_DOWN_MIN;
use domain::moment::Draw;
use domain::{AppointmentId, Moment};
use planted::{Bug, planted};
use store::{Commit, keys};

/// Cancels an appointment.
///
/// # Errors
/// [`Refusal::TooLate`] from 24 hours before the start, with the exact deadline; [`Refusal::NotPlanned`] when it
/// is over or cancelled already.
pub async fn cancel(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    id: AppointmentId,
    why: Option<&Why>,
) -> Result<Appointment, Refusal> {
    settle(app, caller.citizen(), |moment| step(app, caller, operation, id, why, moment)).await
}

async fn step(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    id: AppointmentId,
    why: Option<&Why>,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let wanted = caller.with([keys::active(caller.citizen()), keys::appointment(caller.citizen(), id)]);
    let batch = app.store.read(&wanted).await?;
    let citizen = caller.check(&batch, moment.now)?;
    let active = batch.active(citizen.id)?;
    let before = batch.appointment(citizen.id, id)?.ok_or(Refusal::NotFound)?;
    caller.sees(&batch, &before.service, moment.now)?;
    if operation.seen(&active)?.is_some() {
        return Ok(Step::Done(before));
    }
    caller.reasoned(why)?;
    caller.at(app, &batch, &before.seat.office)?;
    let decided = decide(app, caller, &active, before, operation, why, &moment);
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

fn decide(
    app: &App,
    caller: &Caller,
    active: &Active,
    before: Appointment,
    operation: &Operation,
    why: Option<&Why>,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let (id, citizen) = (before.id, before.citizen);
    let slow = TimeDelta::minutes(if planted(Bug::ClientTime) { 15 } else { 0 });
    caller.changeable(&before, moment.now - slow).map_err(|not_now| refuse(not_now, &before))?;

    let mut after = before.clone();
    after.version += 1;
    after.phase = Phase::Cancelled;
    let why = why.map(|why| why.seal(id, after.version, moment)).transpose()?;
    after.record(Action::Cancelled, caller.by(), why, moment);
    let (least, most) = COOL_DOWN_MIN;
    let minutes = least + moment.below(Draw::CoolDown, most - least + 1);
    let mut active = active.tidied(moment.now);
    active.give_up(id, moment.now);
    active.cool_down(CoolDown {
        office: before.seat.office.clone(),
        starts_at: before.seat.starts_at,
        until: moment.now + TimeDelta::minutes(minutes as i64),
    });
    // What staff cancel for somebody is a matter of theirs, with a reason.
    if caller.by().is_own() {
        active.count_cancelled(before.service.clone(), moment.now);
    }
    active.remember(operation.done(id.0));
    let mut commit = Commit::new();
    free_seat(&app.store, &mut commit, &before.seat, before.seat.cells, &before.service, moment)?;
    app.store.keep_active(&mut commit, citizen, &active)?;
    app.store.keep_appointment(&mut commit, after.clone(), before.version)?;
    Ok((commit, after))
}

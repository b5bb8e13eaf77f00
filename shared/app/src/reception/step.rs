//! The steps of a visit: checked in, called, received, closed; and absence that was none (VIS-1, VIS-3, VIS-5).
//!
//! A step changes the appointment and, from the call on, what goes on at its window, in one write on condition of both
//! versions. Closing also ends what the person holds, so that a follow-up can be booked on the spot.

use super::{VisitId, allowed, allowed_here};
use crate::staff::{StaffBearer, signed_in};
use crate::why::Why;
use crate::{App, Refusal};
use domain::active::Active;
use domain::appointment::{Appointment, By, Phase};
use domain::number::Number;
use domain::staff::Right;
use domain::visit::{Desk, NoStep, Step};
use domain::{Moment, OfficeId, StaffId, WindowId};
use store::tries::Tries;
use store::{Commit, Committed, keys};

/// The right that a step asks for.
fn right(step: Step) -> Right {
    match step {
        Step::CheckIn | Step::UndoNoShow => Right::Desk,
        Step::Call | Step::Receive | Step::Close(_) => Right::Receive,
    }
}

/// Takes a step with a visit. Taking it again answers the same.
///
/// # Errors
/// [`Refusal::NotFound`] for a visit elsewhere; [`Refusal::BeyondRights`]; what stands in the way.
pub async fn take(
    app: &App,
    bearer: &StaffBearer,
    visit: VisitId,
    step: Step,
    why: Option<&Why>,
) -> Result<Appointment, Refusal> {
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
    loop {
        let moment = seed.at(app.clock.now());
        let [session, member] = bearer.keys();
        let wanted = [session, member, visit.key(), keys::active(visit.citizen)];
        let batch = app.store.read(&wanted).await?;
        let member = bearer.check(&batch, moment.now)?;
        let before = batch.appointment(visit.citizen, visit.appointment)?;
        let before = allowed_here(app, &member, right(step), before)?;
        let desk = app.store.desk(&before.seat.page()).await?;
        let zone = app.office(&before.seat.office)?.zone;
        match before.may(step, moment.now, moment.now.with_timezone(&zone).date_naive()) {
            Ok(()) => {}
            Err(NoStep::Done) => return Ok(before),
            Err(no) => return Err(refusal(no, &before)),
        }
        if matches!(step, Step::Call | Step::Receive) && desk.is_busy_for(before.id) {
            return Err(Refusal::WindowBusy);
        }
        let active = batch.active(visit.citizen)?;
        let (commit, after) = write(app, &before, &desk, active, step, member.id, why, &moment)?;
        let go_on = match app.store.commit(commit).await {
            Committed::Done => return Ok(after),
            Committed::Refused(_) => tries.reread(),
            Committed::Conflict => tries.again().await,
            // Taken again, it answers what is there: the version says whether it was this one.
            Committed::Unknown(_) => tries.again().await,
        };
        if !go_on {
            return Err(Refusal::Busy);
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is done, by whom and when")]
fn write(
    app: &App,
    before: &Appointment,
    desk: &Desk,
    active: Active,
    step: Step,
    member: StaffId,
    why: Option<&Why>,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let mut after = before.clone().stepped(step, moment.now);
    after.version += 1;
    let why = why.map(|why| why.seal(after.id, after.version, moment)).transpose()?;
    after.record(step.action(), By::staff(member), why, moment);
    let mut commit = Commit::new();
    app.store.keep_appointment(&mut commit, after.clone(), before.version)?;
    let desk_after = desk.after(step, &after, moment.now);
    if desk_after != *desk {
        app.store.keep_desk(&mut commit, &before.seat.page(), &desk_after)?;
    }
    if matches!(step, Step::Close(_))
        && active.held(&before.service, moment.now).is_some_and(|h| h.id == before.id)
    {
        let mut active = active.tidied(moment.now);
        active.give_up(before.id, moment.now);
        app.store.keep_active(&mut commit, before.citizen, &active)?;
    }
    Ok((commit, after))
}

fn refusal(no: NoStep, visit: &Appointment) -> Refusal {
    match no {
        NoStep::Done | NoStep::NotPlanned => Refusal::NotSo { phase: visit.phase },
        NoStep::NotToday => {
            Refusal::NotToday { starts_at: visit.seat.starts_at, office: visit.seat.office.clone() }
        }
        NoStep::NotHere => Refusal::NotHere,
        NoStep::NotReceived => Refusal::NotReceived,
        NoStep::TooLate => Refusal::UndoTooLate,
    }
}

/// Checks a visitor in at the counter, by the number that they name. Whoever does it has seen who it is.
///
/// # Errors
/// [`Refusal::NotFound`] when the number is nobody's there today; as [`take`].
pub async fn arrive(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    number: &Number,
) -> Result<Appointment, Refusal> {
    let zone = app.office(office)?.zone;
    let on = app.clock.now().with_timezone(&zone).date_naive();
    let (member, found) = futures::join!(signed_in(app, bearer), app.store.by_number(office, on, number));
    allowed(app, &member?, Right::Desk, office)?;
    let (citizen, appointment) = found?.ok_or(Refusal::NotFound)?;
    take(app, bearer, VisitId { citizen, appointment }, Step::CheckIn, None).await
}

/// Calls the next to a window: of those who are there and were not called, the earliest start.
///
/// # Errors
/// [`Refusal::NobodyWaits`]; [`Refusal::WindowBusy`]; as [`take`].
pub async fn call_next(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    window: &WindowId,
) -> Result<Appointment, Refusal> {
    let zone = app.office(office)?.zone;
    let on = app.clock.now().with_timezone(&zone).date_naive();
    let (member, visits) = futures::join!(signed_in(app, bearer), app.store.agenda(office, on));
    allowed(app, &member?, Right::Receive, office)?;
    let waits = |visit: &Appointment| {
        visit.phase == Phase::Planned
            && visit.visit.checked_in_at.is_some()
            && visit.visit.called_at.is_none()
    };
    let next = visits?.into_iter().find(|visit| visit.seat.window == *window && waits(visit));
    let next = next.ok_or(Refusal::NobodyWaits)?;
    take(app, bearer, VisitId::of(&next), Step::Call, None).await
}

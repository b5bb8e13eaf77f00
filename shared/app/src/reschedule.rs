//! Moving an appointment: the old slot is given up only if the new one is won (CHG-1, CHG-4).

use crate::attempt::{Operation, Step, settle_and_help};
use crate::book::held;
use crate::refusal::Alternative;
use crate::why::Why;
use crate::{App, Caller, Refusal, alternatives, seat};
use chrono::{DateTime, Utc};
use domain::active::Active;
use domain::appointment::{Action, Appointment, NotNow, Seat};
use domain::catalogue::Office;
use domain::cells::CellRange;
use domain::citizen::Citizen;
use domain::limits::RECONCILE_AFTER;
use domain::number::queue_number;
use domain::page::{CellSet, FreedMark, Pages};
use domain::visit::Visit;
use domain::{AppointmentId, Moment, OfficeId, ServiceId, SpecialistId};
use store::access::pages::Reading;
use store::{Commit, Store, StoreError, keys};

/// Where to.
#[derive(Clone)]
pub struct Move {
    pub appointment: AppointmentId,
    pub office: OfficeId,
    pub starts_at: DateTime<Utc>,
    /// Who is asked for; none: whoever is free.
    pub specialist: Option<SpecialistId>,
    pub why: Option<Why>,
}

/// Moves an appointment to another start, in the same office or another.
///
/// # Errors
/// [`Refusal::TooLate`] from 24 hours before the present start, with the exact deadline; [`Refusal::SlotTaken`]
/// with alternatives: then the appointment stands as it did.
pub async fn reschedule(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    asked: &Move,
) -> Result<Appointment, Refusal> {
    let office = app.office(&asked.office)?;
    let help = |refusal, active: Active| async move {
        match refusal {
            Refusal::SlotTaken { .. } => {
                Refusal::SlotTaken { alternatives: instead(app, caller, office, asked, &active).await }
            }
            other => other,
        }
    };
    settle_and_help(app, caller.citizen(), |moment| step(app, caller, operation, asked, moment), help).await
}

/// What is free near the start that was taken: a help, so what cannot be looked up is left out.
async fn instead(
    app: &App,
    caller: &Caller,
    office: &Office,
    asked: &Move,
    active: &Active,
) -> Vec<Alternative> {
    let found = app.store.appointment(caller.citizen(), asked.appointment, None).await.ok().flatten();
    match found.and_then(|found| app.catalogue.services.get(&found.service)) {
        Some(service) => {
            let now = app.clock.now();
            let asking = caller.asking(asked.specialist.as_ref(), asked.why.as_ref(), now);
            alternatives::nearest(app, office, service, asked.starts_at, &asking, active).await
        }
        None => Vec::new(),
    }
}

async fn step(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    asked: &Move,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let office = app.office(&asked.office)?;
    let on = asked.starts_at.with_timezone(&office.zone).date_naive();
    let wanted =
        caller.with([keys::active(caller.citizen()), keys::appointment(caller.citizen(), asked.appointment)]);
    let (batch, pages, version) = futures::join!(
        app.store.read(&wanted),
        app.store.pages(&office.id, on, Some(on), Reading::Decide),
        app.store.office_now(&office.id, Reading::Look)
    );
    let (batch, pages, version) = (batch?, pages?, version?);
    let citizen = caller.check(&batch, moment.now)?;
    let active = batch.active(citizen.id)?;
    let before = batch.appointment(citizen.id, asked.appointment)?.ok_or(Refusal::NotFound)?;
    caller.sees(&batch, &before.service, moment.now)?;
    if operation.seen(&active)?.is_some() {
        return Ok(Step::Done(before));
    }
    caller.reasoned(asked.why.as_ref())?;
    for at in [&before.seat.office, &office.id] {
        caller.at(app, &batch, at)?;
    }
    let decide =
        |app: &App| decide(app, caller, &citizen, &active, before.clone(), &pages, operation, asked, &moment);
    let decided = seat::by_newest(app, &asked.office, version, &pages, decide).await?;
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn decide(
    app: &App,
    caller: &Caller,
    citizen: &Citizen,
    active: &Active,
    before: Appointment,
    pages: &Pages,
    operation: &Operation,
    asked: &Move,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let office = app.office(&asked.office)?;
    // Whoever has an appointment can move it, whatever is missing since.
    if let (Some(blocked), false) = (&citizen.blocked, caller.overrides(asked.why.as_ref())) {
        return Err(Refusal::Inactive(blocked.clone()));
    }
    caller.changeable(&before, moment.now).map_err(|not_now| refuse(not_now, &before))?;
    if is_at(&before, asked) {
        return Err(Refusal::SameSlot);
    }
    let service = app.service(&before.service)?;
    let old = &before.seat;
    let asking = caller.asking(asked.specialist.as_ref(), asked.why.as_ref(), moment.now);
    let new = seat::find(app, office, service, asked.starts_at, &asking, citizen.id, pages, Some(old))?;
    let mut active = active.tidied(moment.now);
    active
        .may_hold(&before.service, &new, Some(before.id), moment.now)
        .map_err(|cannot| seat::cannot_hold(cannot, &new))?;

    let mut after = before.clone();
    after.version += 1;
    after.mark = before.mark.moved();
    after.queue_number = queue_number(&app.catalogue, office, &new.window, new.on, new.cells.from());
    let mut commit = Commit::new();
    if *old == new {
        // Whoever is there already is now asked for by name.
        app.store.by_office(&mut commit, &office.id, office.version);
    } else {
        swap_cells(&app.store, &mut commit, old, &new, &before.service, office.version, moment)?;
    }
    after.specialist = asking.with.and_then(|_| seat::receives_there(app, office, &new));
    after.seat = new;
    let why = asked.why.as_ref().map(|why| why.seal(before.id, after.version, moment)).transpose()?;
    after.visit = Visit::default();
    after.record(Action::Moved, caller.by(), why, moment);
    active.hold(held(&after), moment.now);
    active.remember(operation.done(after.id.0));
    app.store.keep_active(&mut commit, citizen.id, &active)?;
    app.store.keep_appointment(&mut commit, after.clone(), before.version)?;
    Ok((commit, after))
}

/// Whether nothing would change: where and when it is already, with whom it is asked for.
fn is_at(before: &Appointment, asked: &Move) -> bool {
    let with = before.specialist.as_ref().map(|chosen| &chosen.id);
    before.seat.office == asked.office
        && before.seat.starts_at == asked.starts_at
        && asked.specialist.as_ref().is_none_or(|asked| Some(asked) == with)
}

/// Takes the new cells and frees the old ones; inside one page as one action.
pub(crate) fn swap_cells(
    store: &Store,
    commit: &mut Commit,
    old: &Seat,
    new: &Seat,
    service: &ServiceId,
    plan: u64,
    moment: &Moment,
) -> Result<(), StoreError> {
    if old.page() != new.page() {
        store.take(commit, &new.page(), new.cells, plan);
        return free_seat(store, commit, old, old.cells, service, moment);
    }
    let given_up = CellSet::from(old.cells).minus(&new.cells.into()).runs();
    let mark = given_up.first().map(|cells| mark(*cells, service, moment));
    let due = moment.now + RECONCILE_AFTER;
    store.shift(commit, &new.page(), old.cells, new.cells, mark.as_ref(), due, plan)
}

/// Frees cells of a seat for the line of the service given up.
pub(crate) fn free_seat(
    store: &Store,
    commit: &mut Commit,
    seat: &Seat,
    cells: CellRange,
    service: &ServiceId,
    moment: &Moment,
) -> Result<(), StoreError> {
    store.free(commit, &seat.page(), &mark(cells, service, moment), moment.now + RECONCILE_AFTER)
}

fn mark(cells: CellRange, service: &ServiceId, moment: &Moment) -> FreedMark {
    FreedMark { cells, service: service.clone(), freed_at: moment.now, release_at: None, cursor: None }
}

/// Why an appointment cannot be changed now, as a refusal.
pub(crate) fn refuse(not_now: NotNow, appointment: &Appointment) -> Refusal {
    match not_now {
        NotNow::NotPlanned => Refusal::NotPlanned,
        NotNow::TooLate { deadline } => {
            Refusal::TooLate { deadline, office: appointment.seat.office.clone() }
        }
    }
}

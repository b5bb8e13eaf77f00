//! One appointment that its window no longer receives: another window takes it at the same time, or it is given up and
//! its holder is first to be offered another (OFC-5, AVL-8).

use crate::attempt::{Step, settle};
use crate::book::held;
use crate::reschedule::free_seat;
use crate::seat::{receives_there, seat};
use crate::waitlist::join::enter;
use crate::why::Why;
use crate::{App, Refusal};
use domain::active::Active;
use domain::appointment::{Action, Appointment, By, Phase, Seat};
use domain::availability::{Slot, candidates, grid};
use domain::catalogue::Office;
use domain::number::queue_number;
use domain::page::{self, CellSet, Pages};
use domain::schedule::{Plan, holds, open_intervals, specialist};
use domain::sweep::{CALL_WITHIN, Touched, TouchedBy};
use domain::visit::Visit;
use domain::waitlist::{Class, Entry, Wish};
use domain::{Moment, WindowId};
use store::access::pages::Reading;
use store::items::office::OfficeChange;
use store::{Commit, Vault, keys};

/// Moves the appointment to another window, or gives it up. None when it is not there any more, or fits.
///
/// # Errors
/// [`Refusal::Unavailable`] and [`Refusal::Busy`].
pub(super) async fn displace(
    app: &App,
    vault: &Vault,
    change: &OfficeChange,
    reason: &str,
    visit: &Appointment,
) -> Result<Option<TouchedBy>, Refusal> {
    let why = Why { vault: vault.clone(), said: reason.to_owned() };
    settle(app, visit.citizen, |moment| step(app, change, &why, visit, moment)).await
}

async fn step(
    app: &App,
    change: &OfficeChange,
    why: &Why,
    visit: &Appointment,
    moment: Moment,
) -> Result<Step<Option<TouchedBy>>, Refusal> {
    let citizen = visit.citizen;
    let place = keys::entry(citizen, &visit.service);
    let wanted = [keys::active(citizen), keys::appointment(citizen, visit.id), place, keys::me(citizen)];
    let office = app.office(&visit.seat.office)?;
    let day = app.store.pages(&office.id, visit.seat.on, Some(visit.seat.on), Reading::Decide);
    let (batch, pages) = futures::join!(app.store.read(&wanted), day);
    let (batch, pages) = (batch?, pages?);
    let Some(before) = batch.appointment(citizen, visit.id)? else { return Ok(Step::Done(None)) };
    let plan = Plan { calendar: &app.catalogue.calendar, office };
    if before.seat != visit.seat || !super::touched::is_touched(plan, &before, change.at) {
        return Ok(Step::Done(None));
    }
    let active = batch.active(citizen)?;
    let former = batch.entry(citizen, &visit.service)?;
    let class =
        batch.citizen(citizen)?.map_or(Class::Displaced, |citizen| citizen.class.min(Class::Displaced));
    let begun = before.seat.starts_at <= moment.now;
    // Only that another receives them.
    let stays = holds(&app.catalogue.calendar, office, &before.service, &before.seat);
    let other = if begun { None } else { elsewhere(app, office, &before, stays, &pages)? };
    let seat = other.or_else(|| stays.then(|| before.seat.clone()));
    let (commit, by) = match seat {
        Some(seat) => (to_seat(app, change, why, office, before, seat, active, &moment)?, TouchedBy::Moved),
        None => {
            (give_up(app, change, why, office, before, active, (class, former), &moment)?, TouchedBy::GivenUp)
        }
    };
    Ok(Step::Write(commit, Some(by)))
}

/// The best other window that is free for the same service at the same time: of whoever was asked for, if they receive
/// there, else any, unless the present one can go on with somebody else.
fn elsewhere(
    app: &App,
    office: &Office,
    before: &Appointment,
    stays: bool,
    pages: &Pages,
) -> Result<Option<Seat>, Refusal> {
    let service = app.service(&before.service)?;
    let on = before.seat.on;
    let taken = |window: &WindowId| page::taken(pages, &office.id, window, on);
    let slots: Vec<Slot> = office
        .windows
        .iter()
        .filter(|window| window.id != before.seat.window)
        .flat_map(|window| grid(&app.catalogue, office, window, service, on))
        .filter(|slot| slot.starts_at == before.seat.starts_at && !taken(&slot.window).touches(slot.cells))
        .collect();
    let theirs = |slot: &&Slot| {
        let chosen = before.specialist.as_ref().map(|chosen| &chosen.id);
        let there = specialist(&app.catalogue.calendar, office, &slot.window, on).map(|there| &there.id);
        chosen.is_some() && chosen == there
    };
    let with_them: Vec<Slot> = slots.iter().filter(theirs).cloned().collect();
    let slots = match (with_them.is_empty(), stays) {
        (false, _) => with_them,
        (true, false) => slots,
        (true, true) => return Ok(None),
    };
    let spread = before.citizen.0.random() as u64;
    let best = candidates(&app.catalogue, office, &slots, spread, taken).into_iter().next();
    Ok(best.map(|slot| seat(office, slot)))
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is done, why and when")]
fn to_seat(
    app: &App,
    change: &OfficeChange,
    why: &Why,
    office: &Office,
    before: Appointment,
    seat: Seat,
    active: Active,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let mut after = before.clone();
    after.version += 1;
    after.mark = before.mark.moved();
    let mut commit = Commit::new();
    if seat == before.seat {
        // Only that somebody else receives them there.
        app.store.by_office(&mut commit, &office.id, office.version);
    } else {
        after.queue_number = queue_number(&app.catalogue, office, &seat.window, seat.on, seat.cells.from());
        app.store.take(&mut commit, &seat.page(), seat.cells, office.version);
        give_back(app, &mut commit, office, &before, moment)?;
        // Whoever is there already stays so.
        after.visit = Visit { checked_in_at: before.visit.checked_in_at, ..Visit::default() };
    }
    after.specialist = before.specialist.as_ref().and_then(|_| receives_there(app, office, &seat));
    after.seat = seat;
    let reason = why.seal(before.id, after.version, moment)?;
    after.record(Action::Moved, By::staff(change.by), Some(reason), moment);
    let mut active = active.tidied(moment.now);
    active.hold(held(&after), moment.now);
    finish(app, &mut commit, change, &before, after, &active, TouchedBy::Moved, moment)?;
    Ok(commit)
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is done, why and when")]
fn give_up(
    app: &App,
    change: &OfficeChange,
    why: &Why,
    office: &Office,
    before: Appointment,
    active: Active,
    (class, former): (Class, Option<Entry>),
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let mut after = before.clone();
    after.version += 1;
    after.phase = Phase::Cancelled;
    let reason = why.seal(before.id, after.version, moment)?;
    after.record(Action::Displaced, By::staff(change.by), Some(reason), moment);
    let mut active = active.tidied(moment.now);
    active.give_up(before.id, moment.now);
    let mut commit = Commit::new();
    give_back(app, &mut commit, office, &before, moment)?;
    // First in line, whatever they waited for before; only who has an offer already goes on with that.
    if former.as_ref().is_none_or(|former| former.offer.is_none()) {
        active.waiting.retain(|(waiting, _)| *waiting != before.service);
        let wish = Wish { offices: vec![office.id.clone()], ..Wish::default() };
        let by = By::staff(change.by);
        let who = (before.citizen, class);
        enter(app, &mut commit, who, by, former, &before.service, &wish, office.zone, &mut active, moment)?;
    }
    finish(app, &mut commit, change, &before, after, &active, TouchedBy::GivenUp, moment)?;
    Ok(commit)
}

/// What is still open of the seat goes to the line; what is shut is simply nobody's.
fn give_back(
    app: &App,
    commit: &mut Commit,
    office: &Office,
    before: &Appointment,
    moment: &Moment,
) -> Result<(), Refusal> {
    let seat = &before.seat;
    // What has begun is nobody else's any more.
    if seat.starts_at <= moment.now {
        return Ok(());
    }
    let window = office.windows.iter().find(|window| window.id == seat.window);
    let open = window.map(|window| open_intervals(&app.catalogue.calendar, office, window, seat.on));
    let open: CellSet = open.unwrap_or_default().iter().flat_map(|range| range.iter()).collect();
    if open.touches(seat.cells) {
        free_seat(&app.store, commit, seat, seat.cells, &before.service, moment)?;
    } else {
        app.store.drop_cells(commit, &seat.page(), seat.cells);
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "everything that the two ways end with")]
fn finish(
    app: &App,
    commit: &mut Commit,
    change: &OfficeChange,
    before: &Appointment,
    after: Appointment,
    active: &Active,
    by: TouchedBy,
    moment: &Moment,
) -> Result<(), Refusal> {
    let starts_at = before.seat.starts_at;
    let touched = Touched {
        citizen: before.citizen,
        appointment: before.id,
        by,
        starts_at,
        call: by == TouchedBy::GivenUp && starts_at - moment.now <= CALL_WITHIN,
    };
    app.store.put_touched(commit, &before.seat.office, change.number, &touched)?;
    app.store.keep_active(commit, before.citizen, active)?;
    app.store.keep_appointment(commit, after, before.version)?;
    Ok(())
}

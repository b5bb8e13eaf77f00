//! Finding a seat for a start: the one way for booking and moving.

use crate::refusal::WrongField;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::active::CannotHold;
use domain::appointment::{Chosen, Seat};
use domain::availability::{Asking, NothingFree, Slot, candidates, planned_slots};
use domain::catalogue::{Office, Service};
use domain::page::{self, CellSet, Pages};
use domain::schedule::specialist;
use domain::{CitizenId, OfficeId, SpecialistId, WindowId};
use std::sync::Arc;
use store::access::pages::Reading;

/// The best free window for a start, as the pages stand. `own` are cells that the person gives up in the same
/// write and that therefore do not stand in the way.
///
/// # Errors
/// [`Refusal::Fields`] when whoever is asked for is not of the office; [`Refusal::NotOffered`] when the plan has no such start now; [`Refusal::SlotTaken`] when all its windows are taken.
#[allow(clippy::too_many_arguments, reason = "each is one thing that the choice depends on")]
pub(crate) fn find(
    app: &App,
    office: &Office,
    service: &Service,
    starts_at: DateTime<Utc>,
    asking: &Asking<'_>,
    citizen: CitizenId,
    pages: &Pages,
    own: Option<&Seat>,
) -> Result<Seat, Refusal> {
    known(office, asking.with)?;
    let on = starts_at.with_timezone(&office.zone).date_naive();
    let planned = planned_slots(&app.catalogue, office, service, on, asking);
    let planned = planned.map_err(Refusal::NotOffered)?;
    let at_start: Vec<Slot> = planned.into_iter().filter(|slot| slot.starts_at == starts_at).collect();
    if at_start.is_empty() {
        return Err(Refusal::NotOffered(NothingFree::Closed));
    }
    let taken = |window: &WindowId| -> CellSet {
        let taken = page::taken(pages, &office.id, window, on);
        let here = |own: &&Seat| (&own.office, &own.window, own.on) == (&office.id, window, on);
        match own.filter(here) {
            Some(own) => taken.minus(&own.cells.into()),
            None => taken,
        }
    };
    let free: Vec<Slot> =
        at_start.into_iter().filter(|slot| !taken(&slot.window).touches(slot.cells)).collect();
    let spread = citizen.0.random() as u64;
    let best = candidates(&app.catalogue, office, &free, spread, taken).into_iter().next();
    best.map(|slot| seat(office, slot)).ok_or(Refusal::SlotTaken { alternatives: Vec::new() })
}

/// Decides by the office's schedule as its number and the pages demand it; once more by the newest one, when by that the
/// start is not offered: it may have been opened since.
///
/// # Errors
/// When a newer schedule cannot be had. What was decided, refusals too, is the answer.
pub(crate) async fn by_newest<T>(
    app: &App,
    office: &OfficeId,
    version: u64,
    pages: &Pages,
    decide: impl Fn(&App) -> Result<T, Refusal>,
) -> Result<Result<T, Refusal>, Refusal> {
    let demanded = pages.values().map(|page| page.plan).max().unwrap_or(0);
    let known = app.at(office, demanded.max(version)).await?;
    let decided = decide(&known);
    if !matches!(decided, Err(Refusal::NotOffered(_))) {
        return Ok(decided);
    }
    let newest = known.current(office, Reading::Decide).await?;
    Ok(if Arc::ptr_eq(&newest.catalogue, &known.catalogue) { decided } else { decide(&newest) })
}

pub(crate) fn seat(office: &Office, slot: Slot) -> Seat {
    Seat {
        office: office.id.clone(),
        window: slot.window,
        on: slot.on,
        cells: slot.cells,
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
    }
}

/// Whether whoever is asked for by name receives at the office at all.
///
/// # Errors
/// [`Refusal::Fields`].
pub(crate) fn known(office: &Office, with: Option<&SpecialistId>) -> Result<(), Refusal> {
    let unknown = |with: &SpecialistId| !office.specialists.iter().any(|known| known.id == *with);
    if with.is_some_and(unknown) {
        return Err(Refusal::Fields(vec![WrongField::new("specialistId", "unknown-specialist")]));
    }
    Ok(())
}

/// Who receives at a seat under their own name.
pub(crate) fn receives_there(app: &App, office: &Office, seat: &Seat) -> Option<Chosen> {
    specialist(&app.catalogue.calendar, office, &seat.window, seat.on).map(Chosen::from)
}

/// Why a person cannot hold a seat, as a refusal.
pub(crate) fn cannot_hold(cannot: CannotHold, seat: &Seat) -> Refusal {
    match cannot {
        CannotHold::AlreadyBooked { appointment } => Refusal::AlreadyBooked { appointment },
        CannotHold::Overlapping { appointment } => Refusal::Overlapping { appointment },
        CannotHold::OverlapsOffer { offer } => Refusal::OfferOpen { offer },
        CannotHold::TooMany => Refusal::TooManyAppointments,
        CannotHold::CoolingDown { until } => Refusal::CoolingDown { until, office: seat.office.clone() },
    }
}

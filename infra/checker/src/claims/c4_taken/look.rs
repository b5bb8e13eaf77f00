//! What a look shows: a slot that is shown was free at some time since it may have looked, and a day of which nothing
//! is shown («мест нет») had nothing that was free all that time.

use super::{instants, kept_from_the_public, taken, wanted, windows};
use crate::decode::PageKey;
use crate::history::{Action, Outcome, SlotSeen};
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Operation, Tape};
use chrono::NaiveDate;

/// Cancellations that have no consequence (BKG-7).
const CANCELLED_FREELY: usize = 3;

pub fn check(tape: &Tape<'_>, operation: &Operation<'_>, ruling: &mut Ruling) {
    let facts = match operation.outcome {
        Outcome::Ok { facts } | Outcome::Refused { facts, .. } => facts,
        Outcome::Unknown => return,
    };
    let (Some(shown), Some(returned)) = (&facts.slots, operation.returned) else { return };
    let service = match operation.action {
        Action::Slots { service, .. } | Action::Join { service, .. } => Some(service.clone()),
        _ => wanted(tape, operation).map(|slot| slot.service),
    };
    let Some(service) = service else { return };
    let since = since(tape, operation);
    for seen in shown {
        ruling.count(Claim::C4, "slots shown", 1);
        if !ever_free(tape, seen, &service, since, returned) {
            let text = format!("{seen:?} was shown and at no time free: {operation}");
            ruling.violation(Claim::C4, returned, (since, returned), text);
        }
    }
    if let (Action::Slots { office, on, .. }, true) = (operation.action, shown.is_empty())
        && let Ok(on) = on.parse()
        && could_take_anything(tape, operation, since, returned)
    {
        ruling.count(Claim::C4, "days said to be full", 1);
        if let Some(page) = free_all_along(tape, operation, office, &service, on, since) {
            let text = format!("{page} had a slot free all the time and none was shown: {operation}");
            ruling.violation(Claim::C4, returned, (since, returned), text);
        }
    }
}

/// The last commit before a look may have looked.
fn since(tape: &Tape<'_>, operation: &Operation<'_>) -> u64 {
    let at_us = operation.called_us - tape.plan.limits.look_lag_us;
    let before = tape.commits.partition_point(|commit| commit.at_us < at_us);
    tape.commits[..before].last().map_or(0, |commit| commit.step)
}

fn ever_free(tape: &Tape<'_>, seen: &SlotSeen, service: &str, since: u64, returned: u64) -> bool {
    let windows = windows(tape, &seen.office, service, seen.starts_at_s);
    let steps = instants(tape, &windows, since, returned);
    let free = |(page, slot): &(PageKey, Slot)| {
        steps.iter().any(|step| !taken(tape, page, *step).touches(&slot.cells.into()))
    };
    windows.iter().any(free)
}

/// Whether nothing that the person holds, was offered or gave up can have stood in the way.
fn could_take_anything(tape: &Tape<'_>, operation: &Operation<'_>, since: u64, returned: u64) -> bool {
    let Some(track) = tape.actives.get(operation.client) else { return true };
    let later = track.within(since, returned).iter().filter_map(|version| version.item.as_ref());
    track.at(since).into_iter().chain(later).all(|active| {
        let paused = active.cancelled.len() > CANCELLED_FREELY;
        active.held.is_empty() && active.cool_downs.is_empty() && active.offer.is_none() && !paused
    })
}

/// The page of a slot that could have been booked at any time between a look and its answer.
fn free_all_along(
    tape: &Tape<'_>,
    operation: &Operation<'_>,
    office: &str,
    service: &str,
    on: NaiveDate,
    since: u64,
) -> Option<PageKey> {
    let (returned, returned_us) = operation.returned.zip(operation.returned_us)?;
    let lead_s = i64::from(tape.plan.services.get(service)?.lead_min) * 60;
    let earliest_s = (returned_us + tape.plan.limits.clock_error_us) / 1_000_000 + 1 + lead_s;
    let called_us = operation.called_us - tape.plan.limits.clock_error_us;
    tape.plan.horizon(office, service, called_us).filter(|last| on <= *last)?;
    let windows = tape.plan.offices.get(office)?.windows.keys();
    let slots = windows.flat_map(|window| {
        let page = PageKey { office: office.to_owned(), on, window: window.clone() };
        let open = !tape.closing(&page, returned);
        let slots = tape.plan.slots(office, window, service, on).into_iter();
        slots.filter(move |_| open).map(move |slot| (page.clone(), slot))
    });
    let mut coming = slots.filter(|(_, slot)| slot.starts_at_s >= earliest_s);
    let free = coming.find(|(page, slot)| {
        if kept_from_the_public(tape, operation, page, slot) {
            return false;
        }
        let here = [(page.clone(), *slot)];
        let steps = instants(tape, &here, since, returned);
        steps.iter().all(|step| !taken(tape, page, *step).touches(&slot.cells.into()))
    });
    free.map(|(page, _)| page)
}

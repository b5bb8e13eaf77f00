//! C4, no false refusals: «занято» only if the slot was really not free at some instant between call and answer.
//!
//! A slot is what the public knows: office, service and start. It is free while it is free in any window that has it
//! on its grid. What the asker gives up in the same write, or took by another try of the same intention, does not
//! make it taken: nobody is told «занято» because of oneself.
//!
//! Beside that, each slot's operations are searched for an order in which they could have happened one at a time: a
//! second opinion, which knows nothing of versions of pages but when others came and went.

mod look;
mod second;

use crate::decode::{CellSet, Page, PageKey};
use crate::deeds::{Deeds, Verb};
use crate::history::Action;
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Operation, Tape};
use chrono::NaiveDate;
use std::collections::BTreeSet;

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for (at, operation) in tape.operations.iter().enumerate() {
        if let Some((slot, returned)) = said_taken(tape, operation) {
            refusal(tape, deeds, at, &slot, returned, ruling);
        }
        look::check(tape, operation, ruling);
    }
    second::check(tape, deeds, ruling);
}

/// A slot in all its windows.
pub struct Wanted {
    pub office: String,
    pub service: String,
    pub starts_at_s: i64,
    /// The specialist who is asked for.
    pub with: Option<String>,
}

/// The slot of which an operation was told that it is taken.
pub fn said_taken(tape: &Tape<'_>, operation: &Operation<'_>) -> Option<(Wanted, u64)> {
    let (code, returned) = operation.refused()?;
    Some((wanted(tape, operation).filter(|_| code == "slot-taken")?, returned))
}

/// The slot that an operation wants.
pub fn wanted(tape: &Tape<'_>, operation: &Operation<'_>) -> Option<Wanted> {
    let (office, service, starts_at_s, with) = match operation.action {
        Action::Book { office, service, starts_at_s, with } => (office, service.clone(), *starts_at_s, with),
        Action::Reschedule { appointment, office, starts_at_s, with } => {
            let known = tape.appointments.get(appointment)?.at(operation.called)?;
            (office, known.service.clone(), *starts_at_s, with)
        }
        _ => return None,
    };
    Some(Wanted { office: office.clone(), service, starts_at_s, with: with.clone() })
}

fn refusal(tape: &Tape<'_>, deeds: &Deeds, at: usize, slot: &Wanted, returned: u64, ruling: &mut Ruling) {
    let operation = &tape.operations[at];
    ruling.count(Claim::C4, "«занято» said", 1);
    let mut windows = windows(tape, &slot.office, &slot.service, slot.starts_at_s);
    windows.retain(|(page, at)| for_them(tape, operation, slot, page, at));
    if windows.is_empty() {
        ruling.count(Claim::C4, "of a start that no plan has", 1);
        return;
    }
    let mut own = Vec::new();
    if let Action::Reschedule { appointment, .. } = operation.action {
        own.push(appointment.clone());
    }
    if let Some(Verb::Booked { appointment, .. }) = deeds.done_by(at).map(|deed| &deed.verb) {
        own.push(appointment.clone());
    }
    let mut looked = 0;
    for step in instants(tape, &windows, operation.called, returned) {
        looked += 1;
        // A window that is being closed has no starts, whatever its page says yet.
        let open = |(page, _): &&(PageKey, Slot)| !tape.closing(page, returned);
        let free = windows.iter().filter(open).any(|(page, slot)| {
            let taken = taken(tape, page, step).minus(&held_by(tape, &own, page, step));
            !taken.touches(&slot.cells.into())
        });
        if !free {
            ruling.count(Claim::C4, "page versions looked at", looked);
            return;
        }
    }
    ruling.count(Claim::C4, "page versions looked at", looked);
    let pages: Vec<String> = windows.iter().map(|(page, slot)| format!("{page} {:?}", slot.cells)).collect();
    let text =
        format!("«занято» was said of a slot that was free all the time ({}): {operation}", pages.join("; "));
    ruling.violation(Claim::C4, returned, (operation.called, returned), text);
}

/// The windows that have a start on their grid, with their pages.
pub fn windows(tape: &Tape<'_>, office: &str, service: &str, starts_at_s: i64) -> Vec<(PageKey, Slot)> {
    let found = tape.plan.at_start(office, service, starts_at_s).into_iter();
    let page = |on: NaiveDate, window| PageKey { office: office.to_owned(), on, window };
    found.map(|(on, window, slot)| (page(on, window), slot)).collect()
}

/// Whether a window's slot is one that the asker could have: who is asked for receives there, and it is not kept from them,
/// however their clock goes.
pub fn for_them(
    tape: &Tape<'_>,
    operation: &Operation<'_>,
    wanted: &Wanted,
    page: &PageKey,
    slot: &Slot,
) -> bool {
    let with = wanted.with.as_deref();
    let theirs = with.is_none() || tape.plan.who(&page.office, &page.window, page.on) == with;
    theirs && (operation.staff || !kept_from_the_public(tape, operation, page, slot))
}

/// Whether the public could not have a slot when an operation was called, or was not sure to.
pub fn kept_from_the_public(tape: &Tape<'_>, operation: &Operation<'_>, page: &PageKey, slot: &Slot) -> bool {
    let at_us = operation.called_us - tape.plan.limits.clock_error_us;
    tape.plan.kept(page, at_us).touches(&slot.cells.into())
}

/// The steps from which on pages stood as they did, from one step to another.
fn instants(tape: &Tape<'_>, windows: &[(PageKey, Slot)], from: u64, to: u64) -> BTreeSet<u64> {
    let tracks = windows.iter().filter_map(|(page, _)| tape.pages.get(page));
    let versions = tracks.flat_map(|track| track.within(from, to).iter().map(|version| version.step));
    std::iter::once(from).chain(versions).collect()
}

fn taken(tape: &Tape<'_>, page: &PageKey, step: u64) -> CellSet {
    let stood = tape.pages.get(page).and_then(|track| track.at(step));
    stood.map(Page::barred).unwrap_or_default()
}

fn held_by(tape: &Tape<'_>, appointments: &[String], page: &PageKey, step: u64) -> CellSet {
    let stood = appointments.iter().filter_map(|id| tape.appointments.get(id)?.at(step));
    let here = stood.filter(|item| item.is_planned() && item.seat.page() == *page);
    here.fold(CellSet::default(), |cells, item| cells.union(&item.seat.cells()))
}

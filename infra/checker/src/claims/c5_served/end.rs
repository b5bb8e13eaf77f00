//! The end of a drained history: which slots are free again, and whether someone waits for them.
//!
//! Nothing is said of what changed less than T ago: it may still be on its way. Nor of whom time alone made eligible
//! for cells that the public can take (a cool-down ran out, a new day opened): nothing happened that anybody could
//! have served them upon, and they can take the slot like everybody else.

use super::{slots_in, want};
use crate::decode::{Active, CELLS_DAY, CellSet, Entry, Page, PageKey};
use crate::eligible::{Want, eligible};
use crate::history::FreeCells;
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};
use std::collections::BTreeSet;

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let limits = &tape.plan.limits;
    let settled_us = tape.end_us - limits.served_within_s * 1_000_000 - limits.epsilon_us();
    if settled_us < tape.calm.1 {
        return;
    }
    ended_offers(tape, settled_us, ruling);
    let places: Vec<_> =
        tape.entries.tracks.iter().filter(|place| place.last().is_some_and(|e| e.is_waiting())).collect();
    ruling.count(Claim::C5, "people waiting at the end", places.len() as u64);
    let offices: BTreeSet<&str> =
        places.iter().filter_map(|p| p.last()).flat_map(|e| &e.wish.offices).map(String::as_str).collect();
    for key in pages(tape, &offices) {
        let track = tape.pages.get(&key);
        if track.is_some_and(|track| !settled(track, settled_us)) {
            continue;
        }
        let available = available(tape, track);
        for (service, slot) in slots_in(tape, &key, &available.cells) {
            // Those in freed cells alone are watched all the time.
            let freed = available.freed.covers(&slot.cells.into());
            if freed || !bookable(tape, &key, &service, &slot, settled_us) {
                continue;
            }
            ruling.count(Claim::C5, "slots nobody has at the end", 1);
            let want = want(&key, &slot);
            for place in places.iter().filter(|place| place.key.1 == service && settled(place, settled_us)) {
                let guard = tape.actives.get(&place.key.0).filter(|guard| settled(guard, settled_us));
                let Some(entry) = place.last().filter(|_| guard.is_some()) else { continue };
                let active = guard.and_then(|guard| guard.last());
                let at = |at_us| eligible(&tape.plan, entry, active, &want, at_us).is_ok();
                let case = Case { tape, key: &key, slot: &slot, want: &want, page: track, place, guard };
                if at(settled_us) && at(tape.end_us) && case.came_by_a_change() {
                    let text = format!(
                        "at the end the slot of {key} for {service} from cell {} is free, and {} (ticket {}) is eligible",
                        slot.cells.from, entry.citizen, entry.ticket
                    );
                    let since = place.versions.last().map_or(0, |version| version.step);
                    ruling.violation(Claim::C5, tape.end_step, (since, tape.end_step), text);
                }
            }
        }
    }
}

/// An offer that is over holds its cells from everybody: it must be ended within T.
fn ended_offers(tape: &Tape<'_>, settled_us: i64, ruling: &mut Ruling) {
    for track in &tape.offers.tracks {
        let Some(offer) = track.last().filter(|offer| offer.until_ms * 1_000 <= settled_us) else { continue };
        ruling.count(Claim::C5, "offers long over at the end", 1);
        if offer.is_open() {
            let over_s = (tape.end_us - offer.until_ms * 1_000) / 1_000_000;
            let text =
                format!("offer {} of {} has been over for {over_s} s and stands", offer.id, offer.citizen);
            let made = track.versions.first().map_or(0, |version| version.step);
            ruling.violation(Claim::C5, tape.end_step, (made, tape.end_step), text);
        }
    }
}

fn settled<K, T>(track: &Track<K, T>, settled_us: i64) -> bool {
    track.versions.last().is_none_or(|version| version.at_us <= settled_us)
}

/// A slot that is free beside somebody who waits for it.
struct Case<'t, 'h> {
    tape: &'t Tape<'h>,
    key: &'t PageKey,
    slot: &'t Slot,
    want: &'t Want,
    page: Option<&'t Track<PageKey, Page>>,
    place: &'t Track<(String, String), Entry>,
    guard: Option<&'t Track<String, Active>>,
}

impl Case<'_, '_> {
    /// Whether a change of page, place or guard brought the two together; otherwise time alone did, since the last
    /// change that left them apart.
    fn came_by_a_change(&self) -> bool {
        let mut changes: Vec<(u64, i64)> = steps(self.page).chain(steps(Some(self.place))).collect();
        changes.extend(steps(self.guard));
        changes.sort_unstable();
        for (step, at_us) in changes.into_iter().rev() {
            if !self.together(step, at_us) {
                return false;
            }
            if !self.together(step.saturating_sub(1), at_us) {
                return true;
            }
        }
        false
    }

    /// Whether, as things stood after a step, the slot was free at an instant and the person could take it.
    fn together(&self, step: u64, at_us: i64) -> bool {
        let taken = self.page.and_then(|page| page.at(step)).map(Page::barred).unwrap_or_default();
        let free = taken.common(&self.slot.cells.into()).is_empty();
        let entry = self.place.at(step).filter(|entry| entry.is_waiting());
        let guard = self.guard.and_then(|guard| guard.at(step));
        let service = &self.place.key.1;
        free && bookable(self.tape, self.key, service, self.slot, at_us)
            && entry.is_some_and(|entry| eligible(&self.tape.plan, entry, guard, self.want, at_us).is_ok())
    }
}

fn steps<K, T>(track: Option<&Track<K, T>>) -> impl Iterator<Item = (u64, i64)> {
    track.into_iter().flat_map(|track| track.versions.iter().map(|version| (version.step, version.at_us)))
}

/// The pages to look at: those that were written, and all others where cells that nobody ever had count.
fn pages(tape: &Tape<'_>, offices: &BTreeSet<&str>) -> Vec<PageKey> {
    if tape.plan.limits.free_cells != FreeCells::FreedAndFree {
        return tape.pages.tracks.iter().map(|track| track.key.clone()).collect();
    }
    let mut keys = Vec::new();
    for office in offices {
        let Some(at) = tape.plan.offices.get(*office) else { continue };
        let today = at.zone.local(tape.end_us).date();
        for (window, plan) in &at.windows {
            let dates = plan.dates().filter(|on| *on >= today);
            keys.extend(dates.map(|on| PageKey { office: (*office).to_owned(), on, window: window.clone() }));
        }
    }
    keys
}

struct Available {
    cells: CellSet,
    freed: CellSet,
}

fn available(tape: &Tape<'_>, track: Option<&Track<PageKey, Page>>) -> Available {
    let page = track.and_then(|track| track.last()).cloned().unwrap_or_default();
    if page.closed {
        return Available { cells: CellSet::default(), freed: CellSet::default() };
    }
    let free = CellSet::of(0..CELLS_DAY).minus(&page.taken);
    let versions = track.map(|track| track.versions.as_slice()).unwrap_or_default();
    let ever = versions.iter().filter_map(|version| version.item.as_ref());
    let cells = match tape.plan.limits.free_cells {
        FreeCells::Freed => page.freed,
        FreeCells::FreedAndFree => page.freed.union(&free),
        FreeCells::FreedAndReleased => {
            let released = ever.fold(CellSet::default(), |cells, page| cells.union(&page.freed));
            page.freed.union(&free.common(&released))
        }
    };
    Available { cells, freed: page.freed }
}

/// Whether the public can book a slot: it is not too near, and its day was open and it was kept for nobody already when all
/// had settled. Of a day that opened after it was closed the page says nothing: nobody had to be held up there.
fn bookable(tape: &Tape<'_>, key: &PageKey, service: &str, slot: &Slot, settled_us: i64) -> bool {
    let lead_s = tape.plan.services.get(service).map_or(0, |service| i64::from(service.lead_min) * 60);
    let open = tape.plan.horizon(&key.office, service, settled_us).is_some_and(|last| key.on <= last);
    let kept = tape.plan.kept(key, settled_us).touches(&slot.cells.into());
    let closed = tape.closing(key, tape.end_step);
    open && !kept && !closed && slot.starts_at_s * 1_000_000 >= tape.end_us + lead_s * 1_000_000
}

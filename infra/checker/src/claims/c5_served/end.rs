//! The end of a drained history: which slots are free again, and whether someone waits for them.
//!
//! Nothing is said of what changed less than T ago: it may still be on its way. Nor of whom time alone made eligible
//! for cells that the public can take (a cool-down ran out, a new day opened): nothing happened that anybody could
//! have served them upon, and they can take the slot like everybody else.

use super::{slots_in, want};
use crate::decode::{CELLS_DAY, CellSet, Page, PageKey};
use crate::eligible::eligible;
use crate::history::FreeCells;
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
            if freed || !bookable(tape, &key, &service, slot.starts_at_s, settled_us) {
                continue;
            }
            ruling.count(Claim::C5, "slots nobody has at the end", 1);
            let want = want(&key, &slot);
            for place in places.iter().filter(|place| place.key.1 == service && settled(place, settled_us)) {
                let guard = tape.actives.get(&place.key.0).filter(|guard| settled(guard, settled_us));
                let Some(entry) = place.last().filter(|_| guard.is_some()) else { continue };
                let active = guard.and_then(|guard| guard.last());
                let at = |at_us| eligible(&tape.plan, entry, active, &want, at_us).is_ok();
                let changed_us = last_us(track).max(last_us(Some(place))).max(last_us(guard));
                let by_change =
                    at(changed_us) && bookable(tape, &key, &service, slot.starts_at_s, changed_us);
                if by_change && at(settled_us) && at(tape.end_us) {
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

fn settled<K, T>(track: &Track<K, T>, settled_us: i64) -> bool {
    track.versions.last().is_none_or(|version| version.at_us <= settled_us)
}

/// When something was last changed; the beginning of time if it never was.
fn last_us<K, T>(track: Option<&Track<K, T>>) -> i64 {
    track.and_then(|track| track.versions.last()).map_or(i64::MIN, |version| version.at_us)
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

/// Whether the public can book a start: it is not too near and its day was open already when all had settled.
fn bookable(tape: &Tape<'_>, key: &PageKey, service: &str, starts_at_s: i64, settled_us: i64) -> bool {
    let lead_s = tape.plan.services.get(service).map_or(0, |service| i64::from(service.lead_min) * 60);
    let open = tape.plan.horizon(&key.office, service, settled_us).is_some_and(|last| key.on <= last);
    open && starts_at_s * 1_000_000 >= tape.end_us + lead_s * 1_000_000
}

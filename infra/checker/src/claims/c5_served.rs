//! C5, no freed slot is lost: with somebody eligible it is offered within T; once faults stop and queues drain, no
//! cell is free or freed while someone eligible waits for it.
//!
//! Looked at from the calm on, after every commit and tick: each slot that lies in freed cells, with everybody who
//! waits for its service. Whoever is found eligible for the same slot each time for longer than T was not served.
//! At the end the same is asked of cells that are free, as far as the limits say that they count.

mod end;

use crate::decode::{CellSet, Entry, PageKey};
use crate::eligible::{Want, eligible};
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Nothing that time alone changes is looked for more often.
const SOON_US: i64 = 1_000_000;

/// A freed slot and somebody who is eligible for it: page, service, first cell, citizen.
type Pair = (PageKey, String, u16, String);

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut watch = Watch {
        tape,
        freed: BTreeMap::new(),
        waiting: HashMap::new(),
        since: BTreeMap::new(),
        longest_us: 0,
        looked_us: tape.calm.1,
    };
    let mut looks: Vec<(u64, i64)> = tape.ticks.iter().chain([&tape.calm]).copied().collect();
    looks.sort_unstable();
    let mut looks = looks.into_iter().peekable();
    for commit in &tape.commits {
        while let Some((step, at_us)) = looks.next_if(|(step, _)| *step < commit.step) {
            watch.look(step, at_us, ruling);
        }
        // What stood until now ends now.
        if commit.at_us > watch.looked_us + SOON_US {
            watch.look(commit.step.saturating_sub(1), commit.at_us, ruling);
        }
        watch.take(&commit.touches);
        watch.look(commit.step, commit.at_us, ruling);
    }
    for (step, at_us) in looks.chain([(tape.end_step, tape.end_us)]) {
        watch.look(step, at_us, ruling);
    }
    ruling.count(Claim::C5, "seconds the longest waited", (watch.longest_us / 1_000_000) as u64);
    end::check(tape, ruling);
}

struct Watch<'t, 'h> {
    tape: &'t Tape<'h>,
    /// Slots in freed cells, by page: service and slot.
    freed: BTreeMap<PageKey, Vec<(String, Slot)>>,
    /// Those who wait, by service and citizen.
    waiting: HashMap<String, BTreeMap<String, &'t Entry>>,
    /// Since which step and time each pair was found eligible.
    since: BTreeMap<Pair, Since>,
    longest_us: i64,
    looked_us: i64,
}

#[derive(Debug, Clone, Copy)]
struct Since {
    step: u64,
    at_us: i64,
    told: Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Not,
    Already,
}

impl Watch<'_, '_> {
    fn take(&mut self, touches: &[Touch]) {
        let tape = self.tape;
        for touch in touches {
            match *touch {
                Touch::Page(track, version) => {
                    let track = &tape.pages.tracks[track];
                    let page = track.versions[version]
                        .item
                        .as_ref()
                        .filter(|page| !page.freed.is_empty() && !page.closed);
                    let slots = page.map_or_else(Vec::new, |page| slots_in(tape, &track.key, &page.freed));
                    if slots.is_empty() {
                        self.freed.remove(&track.key);
                    } else {
                        self.freed.insert(track.key.clone(), slots);
                    }
                }
                Touch::Entry(track, version) => {
                    let track = &tape.entries.tracks[track];
                    let (citizen, service) = track.key.clone();
                    let line = self.waiting.entry(service).or_default();
                    match track.versions[version].item.as_ref().filter(|entry| entry.is_waiting()) {
                        Some(entry) => line.insert(citizen, entry),
                        None => line.remove(&citizen),
                    };
                }
                _ => {}
            }
        }
    }

    /// Who is eligible for what now; those who are for too long were not served.
    fn look(&mut self, step: u64, at_us: i64, ruling: &mut Ruling) {
        if at_us < self.tape.calm.1 {
            return;
        }
        self.looked_us = at_us;
        if self.freed.is_empty() && self.since.is_empty() {
            return;
        }
        let mut now = BTreeSet::new();
        for (key, slots) in &self.freed {
            for (service, slot) in slots {
                ruling.count(Claim::C5, "freed slots looked at", 1);
                let want = want(key, slot);
                for (citizen, entry) in self.waiting.get(service).into_iter().flatten() {
                    ruling.count(Claim::C5, "people looked at", 1);
                    let guard = self.tape.actives.get(citizen).and_then(|guard| guard.at(step));
                    if eligible(&self.tape.plan, entry, guard, &want, at_us).is_ok() {
                        now.insert((key.clone(), service.clone(), slot.cells.from, citizen.clone()));
                    }
                }
            }
        }
        self.since.retain(|pair, _| now.contains(pair));
        let limits = &self.tape.plan.limits;
        let within_us = limits.served_within_s * 1_000_000 + limits.epsilon_us();
        for pair in now {
            let since = self.since.entry(pair.clone()).or_insert(Since { step, at_us, told: Told::Not });
            let waited_us = at_us - since.at_us;
            self.longest_us = self.longest_us.max(waited_us);
            if waited_us > within_us && since.told == Told::Not {
                since.told = Told::Already;
                let (key, service, from, citizen) = pair;
                let text = format!(
                    "the freed slot of {key} for {service} from cell {from} was not offered for {} s, and {citizen} was eligible all the time",
                    waited_us / 1_000_000
                );
                ruling.violation(Claim::C5, step, (since.step, step), text);
            }
        }
    }
}

fn want(key: &PageKey, slot: &Slot) -> Want {
    Want { office: key.office.clone(), starts_at_s: slot.starts_at_s, ends_at_s: slot.ends_at_s }
}

/// The slots of a page, for any service, that lie in given cells.
fn slots_in(tape: &Tape<'_>, key: &PageKey, cells: &CellSet) -> Vec<(String, Slot)> {
    let window = tape.plan.offices.get(&key.office).and_then(|office| office.windows.get(&key.window));
    let services = window.map(|window| window.services_on(key.on)).unwrap_or_default();
    let each = services.iter().flat_map(|service| {
        let slots = tape.plan.slots(&key.office, &key.window, service, key.on);
        slots.into_iter().map(move |slot| (service.clone(), slot))
    });
    each.filter(|(_, slot)| cells.covers(&slot.cells.into())).collect()
}

//! The second opinion: for each slot, an order in which its operations could have happened one at a time.
//!
//! Of a slot's windows it is known which are taken. A booking or move that an operation did takes a window at some
//! time between that operation's call and answer; «занято» sees all of them taken; everything else that takes or
//! frees a window's cells (other services, offers, releases) does so exactly at its commit.

use super::{for_them, said_taken, wanted, windows};
use crate::decode::PageKey;
use crate::deeds::{Deeds, Verb};
use crate::history::Action;
use crate::linear::{Op, Verdict, linearize};
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::Tape;
use std::collections::{BTreeMap, HashMap};

/// Windows that have one start: bits of a state.
const WINDOWS_MAX: usize = 32;

#[derive(Debug, Clone, Copy)]
enum Do {
    Take(usize),
    Free(usize),
    /// Of these windows, as bits.
    SeeTaken(u32),
}

type SlotKey = (String, String, i64);

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    let mut asked: BTreeMap<SlotKey, Vec<usize>> = BTreeMap::new();
    for (at, operation) in tape.operations.iter().enumerate() {
        if let Some(slot) = wanted(tape, operation) {
            asked.entry((slot.office, slot.service, slot.starts_at_s)).or_default().push(at);
        }
    }
    let commits: HashMap<u64, usize> =
        tape.commits.iter().enumerate().map(|(at, commit)| (commit.step, at)).collect();
    for ((office, service, starts_at_s), operations) in asked {
        let windows = windows(tape, &office, &service, starts_at_s);
        // Closing takes a window's starts without taking its cells.
        let closed = windows.iter().any(|(page, _)| tape.closings.contains_key(page));
        if windows.is_empty() || windows.len() > WINDOWS_MAX || closed {
            continue;
        }
        let slot = Slots { tape, deeds, commits: &commits, windows: &windows, office: &office, starts_at_s };
        let ops = slot.operations(&operations);
        ruling.count(Claim::C4, "slots put in order", 1);
        ruling.count(Claim::C4, "operations put in order", ops.len() as u64);
        let apply = |taken: &u32, (what, _): &(Do, u64)| match what {
            Do::Take(window) => (taken >> window & 1 == 0).then(|| taken | 1 << window),
            Do::Free(window) => (taken >> window & 1 == 1).then(|| taken & !(1 << window)),
            Do::SeeTaken(all) => (taken & all == *all).then_some(*taken),
        };
        match linearize(0, &ops, apply) {
            Verdict::Linearizable(_) => {}
            Verdict::TooWide => ruling.count(Claim::C4, "slots too crowded to put in order", 1),
            Verdict::Impossible(part) => {
                let named: Vec<String> =
                    part.iter().map(|i| format!("{:?} ({})", ops[*i].what.0, ops[*i].what.1)).collect();
                let first = part.iter().map(|i| ops[*i].call).min().unwrap_or(0);
                let last =
                    part.iter().map(|i| ops[*i].ret).filter(|ret| *ret < u64::MAX).max().unwrap_or(first);
                let text = format!(
                    "what happened to the slot {office} {service} {starts_at_s} cannot have happened in any order: {}",
                    named.join(", ")
                );
                ruling.violation(Claim::C4, last, (first, last), text);
            }
        }
    }
}

struct Slots<'a, 'h> {
    tape: &'a Tape<'h>,
    deeds: &'a Deeds,
    commits: &'a HashMap<u64, usize>,
    windows: &'a [(PageKey, Slot)],
    office: &'a str,
    starts_at_s: i64,
}

impl Slots<'_, '_> {
    /// What was done to the slot, each with the operation's number or the commit's step, sorted by call.
    fn operations(&self, asked: &[usize]) -> Vec<Op<(Do, u64)>> {
        let mut ops = Vec::new();
        for (at, (page, slot)) in self.windows.iter().enumerate() {
            let Some(track) = self.tape.pages.get(page) else { continue };
            let cells = slot.cells.into();
            let mut was = false;
            for version in &track.versions {
                let is = version.item.as_ref().is_some_and(|page| page.taken.touches(&cells));
                match (was, is) {
                    (false, true) => ops.push(self.taken_at(version.step, at)),
                    (true, false) => {
                        ops.push(Op {
                            call: version.step,
                            ret: version.step,
                            what: (Do::Free(at), version.step),
                        });
                    }
                    _ => {}
                }
                was = is;
            }
        }
        ops.extend(asked.iter().filter_map(|operation| self.seen_by(*operation)));
        ops.sort_by_key(|op| op.call);
        ops
    }

    /// By an operation that wanted this slot: within its time; else at the commit.
    fn taken_at(&self, step: u64, window: usize) -> Op<(Do, u64)> {
        let deed = self.commits.get(&step).and_then(|commit| self.deeds.of_commit(*commit));
        let here = deed.filter(|deed| match &deed.verb {
            Verb::Booked { office, starts_at_s, .. } | Verb::Moved { office, starts_at_s, .. } => {
                office == self.office && *starts_at_s == self.starts_at_s
            }
            _ => false,
        });
        match here.and_then(|deed| deed.author) {
            Some(author) => {
                let asked = &self.tape.operations[author];
                let tries = self.deeds.tries(author).iter().map(|at| &self.tape.operations[*at]);
                let answered = tries.filter_map(|again| again.ok()).map(|(_, at)| at).filter(|at| *at > step);
                Op {
                    call: asked.called,
                    ret: answered.min().unwrap_or(u64::MAX),
                    what: (Do::Take(window), asked.op),
                }
            }
            None => Op { call: step, ret: step, what: (Do::Take(window), step) },
        }
    }

    /// What somebody saw who was told «занято». One who moves within these pages does not stand in their own way,
    /// and is left to the first opinion.
    fn seen_by(&self, at: usize) -> Option<Op<(Do, u64)>> {
        let operation = &self.tape.operations[at];
        let (slot, returned) = said_taken(self.tape, operation)?;
        if let Action::Reschedule { appointment, .. } = operation.action {
            let track = self.tape.appointments.get(appointment)?;
            let later = track.within(operation.called, returned).iter().filter_map(|v| v.item.as_ref());
            let mut stood = track.at(operation.called).into_iter().chain(later);
            if stood.any(|item| self.windows.iter().any(|(page, _)| *page == item.seat.page())) {
                return None;
            }
        }
        let asked_for =
            |(_, (page, at)): &(usize, &(PageKey, Slot))| for_them(self.tape, operation, &slot, page, at);
        let here = self.windows.iter().enumerate().filter(asked_for);
        let all = here.fold(0, |all, (window, _)| all | 1 << window);
        Some(Op { call: operation.called, ret: returned, what: (Do::SeeTaken(all), operation.op) })
    }
}

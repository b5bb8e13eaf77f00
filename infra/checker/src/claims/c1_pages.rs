//! C1, no slot is double-booked: at each version of a page `taken = freed ∪ shut ∪ held`, and these are disjoint.
//!
//! Held are the cells of open offers and of appointments that had not ended before their start. A page is looked at
//! after every commit that touched it or anybody who holds or held cells of it. Each seat must lie on the window's
//! grid with all the cells that its service takes, or two visits could meet without sharing a cell.

use crate::decode::{CellSet, Page, PageKey, Seat};
use crate::report::Claim;
use crate::ruling::{Lasting, Ruling};
use crate::tape::{Commit, Tape, Touch};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who holds cells: an appointment or an offer, by its track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Holder {
    Appointment(usize),
    Offer(usize),
}

#[derive(Default)]
struct Pages<'t> {
    pages: HashMap<PageKey, &'t Page>,
    held: HashMap<PageKey, BTreeMap<Holder, CellSet>>,
    seats: HashMap<Holder, PageKey>,
    wrong: Lasting<PageKey>,
}

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut pages = Pages::default();
    for commit in &tape.commits {
        let touched = pages.take(tape, commit, ruling);
        for key in touched {
            ruling.count(Claim::C1, "page versions", 1);
            let wrong = pages.wrong_with(tape, &key);
            let version = pages.pages.get(&key).map_or(0, |page| page.version);
            if let Some(text) = pages.wrong.news(key.clone(), wrong) {
                let text = format!("page {key} version {version}: {text} (written by {})", commit.by);
                ruling.violation(Claim::C1, commit.step, (commit.step, commit.step), text);
            }
        }
    }
    ruling.count(Claim::C1, "pages", tape.pages.tracks.len() as u64);
    ruling.count(Claim::C1, "holders", (tape.appointments.tracks.len() + tape.offers.tracks.len()) as u64);
}

impl<'t> Pages<'t> {
    /// Brings the state up to a commit; which pages are to be looked at.
    fn take(&mut self, tape: &'t Tape<'_>, commit: &Commit<'_>, ruling: &mut Ruling) -> BTreeSet<PageKey> {
        let mut touched = BTreeSet::new();
        for touch in &commit.touches {
            match *touch {
                Touch::Page(track, version) => {
                    let track = &tape.pages.tracks[track];
                    match &track.versions[version].item {
                        Some(page) => self.pages.insert(track.key.clone(), page),
                        None => self.pages.remove(&track.key),
                    };
                    touched.insert(track.key.clone());
                }
                Touch::Appointment(track, version) => {
                    let item = tape.appointments.tracks[track].versions[version].item.as_ref();
                    let seat = item.filter(|item| !item.gave_up_its_cells()).map(|item| &item.seat);
                    let service = item.map(|item| item.service.as_str()).unwrap_or_default();
                    off_grid(tape, commit, service, seat, ruling);
                    self.hold(Holder::Appointment(track), seat, &mut touched);
                }
                Touch::Offer(track, version) => {
                    let item = tape.offers.tracks[track].versions[version].item.as_ref();
                    let seat = item.filter(|item| item.is_open()).map(|item| &item.seat);
                    let service = item.map(|item| item.service.as_str()).unwrap_or_default();
                    off_grid(tape, commit, service, seat, ruling);
                    self.hold(Holder::Offer(track), seat, &mut touched);
                }
                _ => {}
            }
        }
        touched
    }

    fn hold(&mut self, holder: Holder, seat: Option<&Seat>, touched: &mut BTreeSet<PageKey>) {
        let key = seat.map(Seat::page);
        if let Some(old) = self.seats.get(&holder).filter(|old| Some(*old) != key.as_ref()) {
            if let Some(held) = self.held.get_mut(old) {
                held.remove(&holder);
            }
            touched.insert(old.clone());
        }
        match (key, seat) {
            (Some(key), Some(seat)) => {
                self.held.entry(key.clone()).or_default().insert(holder, seat.cells());
                touched.insert(key.clone());
                self.seats.insert(holder, key);
            }
            _ => {
                self.seats.remove(&holder);
            }
        }
    }

    fn wrong_with(&self, tape: &Tape<'_>, key: &PageKey) -> Option<String> {
        let empty = Page::default();
        let page = self.pages.get(key).copied().unwrap_or(&empty);
        let mut held = CellSet::default();
        let mut wrong = Vec::new();
        let mut holders: Vec<(Holder, CellSet)> = Vec::new();
        for (holder, cells) in self.held.get(key).into_iter().flatten() {
            if held.touches(cells) {
                for (other, twice) in holders.iter().filter(|(_, other)| other.touches(cells)) {
                    let (a, b) = (name(tape, *other), name(tape, *holder));
                    wrong.push(format!("cells {} are held by {a} and by {b}", twice.common(cells)));
                }
            }
            held = held.union(cells);
            holders.push((*holder, *cells));
        }
        let parts = [("freed", page.freed), ("shut", page.shut), ("held", held)];
        for (i, (what, cells)) in parts.iter().enumerate() {
            for (other, others) in parts[i + 1..].iter().filter(|(_, others)| others.touches(cells)) {
                let who = names(tape, &holders, &others.common(cells));
                wrong.push(format!("cells {} are both {what} and {other}{who}", others.common(cells)));
            }
        }
        let owed = page.freed.union(&page.shut).union(&held);
        let (more, less) = (page.taken.minus(&owed), owed.minus(&page.taken));
        if !more.is_empty() {
            wrong.push(format!("cells {more} are taken and nobody's"));
        }
        if !less.is_empty() {
            let who = names(tape, &holders, &less);
            wrong.push(format!("cells {less} are freed, shut or held and not taken{who}"));
        }
        (!wrong.is_empty()).then(|| wrong.join("; "))
    }
}

fn name(tape: &Tape<'_>, holder: Holder) -> String {
    match holder {
        Holder::Appointment(track) => format!("appointment {}", tape.appointments.tracks[track].key),
        Holder::Offer(track) => format!("offer {}", tape.offers.tracks[track].key),
    }
}

/// Those of the holders whose cells are meant.
fn names(tape: &Tape<'_>, holders: &[(Holder, CellSet)], cells: &CellSet) -> String {
    let meant = holders.iter().filter(|(_, held)| held.touches(cells));
    let names: Vec<String> = meant.map(|(holder, _)| name(tape, *holder)).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// A seat that is not one of the window's grid for its service.
fn off_grid(tape: &Tape<'_>, commit: &Commit<'_>, service: &str, seat: Option<&Seat>, ruling: &mut Ruling) {
    let Some(seat) = seat else { return };
    if !tape.plan.knows(&seat.office, service) {
        ruling.count(Claim::C1, "seats of which no plan is known", 1);
        return;
    }
    ruling.count(Claim::C1, "seats held against the grid", 1);
    let slot = tape.plan.slot(&seat.office, &seat.window, service, seat.on, seat.from);
    let fits = slot.is_some_and(|slot| {
        (slot.cells.to, slot.starts_at_s, slot.ends_at_s) == (seat.to, seat.starts_at_s, seat.ends_at_s)
    });
    if !fits {
        let text = format!("the seat {seat} for {service} is not on the grid: the plan has {slot:?}");
        ruling.violation(Claim::C1, commit.step, (commit.step, commit.step), text);
    }
}

//! C6, one hold at a time: at every commit at most one open offer per person and per slot; an offer is open if and
//! only if its cells are held by it, it stands on the person's guard, and in their place in line.
//!
//! And what a person holds stands beside each other: one planned appointment a service, none overlapping, no more
//! than allowed (BKG-2).

use crate::decode::{Active, CellSet, Entry, Offer, Page, PageKey};
use crate::report::Claim;
use crate::ruling::{Lasting, Ruling};
use crate::tape::{Commit, Tape, Touch};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Default)]
struct Holds<'t> {
    open: BTreeMap<&'t str, BTreeMap<&'t str, &'t Offer>>,
    on_page: HashMap<PageKey, BTreeMap<&'t str, CellSet>>,
    pages: HashMap<&'t PageKey, &'t Page>,
    actives: HashMap<&'t str, &'t Active>,
    entries: HashMap<&'t str, BTreeMap<&'t str, &'t Entry>>,
}

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut holds = Holds::default();
    let (mut people, mut slots, mut too_much) = (Lasting::default(), Lasting::default(), Lasting::default());
    for commit in &tape.commits {
        let (citizens, pages) = holds.take(tape, commit);
        let mut found = Vec::new();
        for citizen in citizens {
            ruling.count(Claim::C6, "people looked at", 1);
            found.extend(people.news(citizen, holds.wrong_with(citizen)));
            let most = tape.plan.limits.appointments_max;
            found.extend(
                too_much.news(citizen, holds.too_much(citizen, most, commit.at_us + tape.epsilon_us())),
            );
        }
        for page in pages {
            ruling.count(Claim::C6, "pages looked at", 1);
            let wrong = holds.wrong_on(&page);
            found.extend(slots.news(page, wrong));
        }
        for text in found {
            let text = format!("{text} (written by {})", commit.by);
            ruling.violation(Claim::C6, commit.step, (commit.step, commit.step), text);
        }
    }
    ruling.count(Claim::C6, "offers", tape.offers.tracks.len() as u64);
}

impl<'t> Holds<'t> {
    /// Brings the state up to a commit: whose and which pages are to be looked at.
    fn take(&mut self, tape: &'t Tape<'_>, commit: &Commit<'_>) -> (BTreeSet<&'t str>, BTreeSet<PageKey>) {
        let (mut citizens, mut pages) = (BTreeSet::new(), BTreeSet::new());
        for touch in &commit.touches {
            match *touch {
                Touch::Page(track, version) => {
                    let track = &tape.pages.tracks[track];
                    match &track.versions[version].item {
                        Some(page) => self.pages.insert(&track.key, page),
                        None => self.pages.remove(&track.key),
                    };
                    if self.on_page.get(&track.key).is_some_and(|open| !open.is_empty()) {
                        pages.insert(track.key.clone());
                    }
                }
                Touch::Offer(track, version) => {
                    let track = &tape.offers.tracks[track];
                    let item = track.versions[version].item.as_ref();
                    let Some(known) = item.or(track.before(version)) else { continue };
                    let (citizen, page) = (known.citizen.as_str(), known.seat.page());
                    let own = self.open.entry(citizen).or_default();
                    let here = self.on_page.entry(page.clone()).or_default();
                    match item.filter(|item| item.is_open()) {
                        Some(item) => {
                            own.insert(&track.key, item);
                            here.insert(&track.key, item.seat.cells());
                        }
                        None => {
                            own.remove(track.key.as_str());
                            here.remove(track.key.as_str());
                        }
                    }
                    citizens.insert(citizen);
                    pages.insert(page);
                }
                Touch::Active(track, version) => {
                    let track = &tape.actives.tracks[track];
                    match &track.versions[version].item {
                        Some(active) => self.actives.insert(&track.key, active),
                        None => self.actives.remove(track.key.as_str()),
                    };
                    citizens.insert(track.key.as_str());
                }
                Touch::Entry(track, version) => {
                    let track = &tape.entries.tracks[track];
                    let (citizen, service) = (track.key.0.as_str(), track.key.1.as_str());
                    let own = self.entries.entry(citizen).or_default();
                    match &track.versions[version].item {
                        Some(entry) => own.insert(service, entry),
                        None => own.remove(service),
                    };
                    citizens.insert(citizen);
                }
                _ => {}
            }
        }
        (citizens, pages)
    }

    fn wrong_with(&self, citizen: &str) -> Option<String> {
        let open: Vec<&Offer> =
            self.open.get(citizen).into_iter().flat_map(|own| own.values()).copied().collect();
        if let [a, b, ..] = open.as_slice() {
            return Some(format!("{citizen} has two open offers, {} and {}", a.id, b.id));
        }
        let standing = self.actives.get(citizen).and_then(|active| active.offer.as_ref());
        let places = || self.entries.get(citizen).into_iter().flat_map(|own| own.values());
        let Some(offer) = open.first() else {
            let stale = places().find_map(|entry| entry.offer.as_ref());
            let stands = standing.map(|standing| &standing.id).map(|id| format!("{id} on the guard"));
            let stands = stands.or_else(|| stale.map(|id| format!("{id} in the place in line")));
            return stands.map(|which| format!("{citizen} has no open offer, yet there stands {which}"));
        };
        let told = (offer.id.as_str(), offer.service.as_str(), offer.seat.starts_at_s * 1000);
        let guard =
            standing.map(|standing| (standing.id.as_str(), standing.service.as_str(), standing.starts_at_ms));
        if guard != Some(told) {
            return Some(format!("{citizen} has the open offer {told:?}, and on the guard stands {guard:?}"));
        }
        for entry in places() {
            let own = entry.service == offer.service;
            let expected = own.then_some(offer.id.as_str());
            let placed = entry.ticket == offer.ticket && entry.is_standing();
            if entry.offer.as_deref() != expected || own && !placed {
                return Some(format!(
                    "{citizen} has the open offer {} for {} (ticket {}), and the place for {} has {:?} (ticket {}, {})",
                    offer.id,
                    offer.service,
                    offer.ticket,
                    entry.service,
                    entry.offer,
                    entry.ticket,
                    entry.state
                ));
            }
        }
        let placed = places().any(|entry| entry.service == offer.service);
        (!placed).then(|| format!("{citizen} has the open offer {} without a place in line", offer.id))
    }

    /// What is held together and must not be, of what is not over at an instant.
    fn too_much(&self, citizen: &str, most: usize, at_us: i64) -> Option<String> {
        let held = &self.actives.get(citizen)?.held;
        let current: Vec<_> = held.iter().filter(|held| held.seat.ends_at_s * 1_000_000 > at_us).collect();
        for (i, a) in current.iter().enumerate() {
            for b in &current[i + 1..] {
                if a.service == b.service {
                    return Some(format!("{citizen} holds {} and {} for {} (BKG-2)", a.id, b.id, a.service));
                }
                if a.seat.overlaps((b.seat.starts_at_s, b.seat.ends_at_s)) {
                    return Some(format!("{citizen} holds {} and {} at one time (BKG-2)", a.id, b.id));
                }
            }
        }
        (current.len() > most).then(|| format!("{citizen} holds {} appointments (BKG-2)", current.len()))
    }

    fn wrong_on(&self, key: &PageKey) -> Option<String> {
        let empty = Page::default();
        let page = self.pages.get(key).copied().unwrap_or(&empty);
        let mut held = CellSet::default();
        for (id, cells) in self.on_page.get(key)? {
            if held.touches(cells) {
                return Some(format!(
                    "cells {} of page {key} are offered twice, also by {id}",
                    held.common(cells)
                ));
            }
            let lost =
                cells.minus(&page.taken).union(&cells.common(&page.freed)).union(&cells.common(&page.shut));
            if !lost.is_empty() {
                return Some(format!(
                    "offer {id} is open, and cells {lost} of page {key} are not held by it"
                ));
            }
            held = held.union(cells);
        }
        None
    }
}

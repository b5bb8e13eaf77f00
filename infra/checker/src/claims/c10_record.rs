//! C10, the history is complete: exactly one change is recorded for each committed operation; versions have no gaps,
//! and what no longer rides on an item stands in rows of its own.
//!
//! Looked at after every commit that touched an appointment or a place in line. A place's changes are counted, not
//! numbered: one that is served without having been read does not know its version. Whoever joins anew goes on with
//! the versions and the history of the place that was.

use crate::decode::{Appointment, Change, Entry};
use crate::deeds::{Deeds, Trouble};
use crate::history::{Action, ChangeSeen};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch, Track};
use std::collections::{BTreeMap, HashMap};

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for trouble in &deeds.troubles {
        if let Trouble::Again { deed, operation, first } = trouble {
            let (deed, first) = (&deeds.all[*deed], &deeds.all[*first]);
            let operation = &tape.operations[*operation];
            let text = format!(
                "{} {} at step {} and again at step {}: {operation}",
                deed.citizen, first.verb, first.step, deed.step
            );
            ruling.violation(Claim::C10, deed.step, (operation.called, deed.step), text);
        }
    }
    appointments(tape, ruling);
    places(tape, ruling);
    operations(tape, ruling);
    shown(tape, ruling);
}

fn appointments(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in &tape.appointments.tracks {
        let mut known: BTreeMap<u64, Change> = BTreeMap::new();
        for (at, version) in track.versions.iter().enumerate() {
            let Some(item) = &version.item else { continue };
            ruling.count(Claim::C10, "appointment versions", 1);
            let wrong = next(track.before(at), item)
                .or_else(|| whole(tape, &track.key, version.step, item, &mut known));
            if let Some(why) = wrong {
                let first = track.versions[..at].last().map_or(version.step, |before| before.step);
                let text = format!("appointment {} version {}: {why}", track.key, item.version);
                ruling.violation(Claim::C10, version.step, (first, version.step), text);
            }
        }
    }
}

/// One commit makes the next version. When the clock looks again is no part of it: a window that runs late puts that off.
fn next(before: Option<&Appointment>, after: &Appointment) -> Option<String> {
    if before == Some(after) {
        return None;
    }
    let expected = before.map_or(1, |before| before.version + 1);
    (after.version != expected).then(|| format!("it follows version {}", expected - 1))
}

/// All changes from the first on are there once each, and are what they were.
fn whole(
    tape: &Tape<'_>,
    id: &str,
    step: u64,
    item: &Appointment,
    known: &mut BTreeMap<u64, Change>,
) -> Option<String> {
    let mut there: BTreeMap<u64, &Change> = BTreeMap::new();
    for change in &item.changes {
        if there.insert(change.version, change).is_some() {
            return Some(format!("two changes of it are numbered {}", change.version));
        }
    }
    for number in 1..=item.version {
        let row = || row(tape, &item.citizen, id, number, step);
        let Some(change) = there.get(&number).copied().or_else(row) else {
            return Some(format!("no change {number} is recorded"));
        };
        let was = known.entry(number).or_insert_with(|| change.clone());
        if was != change {
            return Some(format!("change {number} was {was:?} and is {change:?}"));
        }
    }
    let beyond = there.keys().next_back().filter(|last| **last > item.version);
    beyond.map(|last| format!("it has a change {last}"))
}

fn places(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in &tape.entries.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let Some(after) = &version.item else { continue };
            ruling.count(Claim::C10, "versions of places", 1);
            let before = track.before(at);
            if before.is_some_and(|before| before.ticket != after.ticket) {
                ruling.count(Claim::C10, "places taken anew", 1);
            }
            if let Some(why) = one_more(tape, before, after, version.step) {
                let text = format!(
                    "the place of {} for {} version {}: {why}",
                    after.citizen, after.service, after.version
                );
                ruling.violation(Claim::C10, version.step, (version.step, version.step), text);
            }
        }
    }
}

/// Exactly one change more than before, and none of those before is gone.
fn one_more(tape: &Tape<'_>, before: Option<&Entry>, after: &Entry, step: u64) -> Option<String> {
    let expected = before.map_or(1, |before| before.version + 1);
    if after.version != expected {
        return Some(format!("it follows version {}", expected - 1));
    }
    let old = before.map(|before| before.changes.as_slice()).unwrap_or_default();
    let new: Vec<&Change> =
        after.changes.iter().filter(|change| !old.iter().any(|old| old.is(change))).collect();
    if new.len() != 1 {
        return Some(format!("{} new changes are recorded", new.len()));
    }
    let kept = |change: &&Change| {
        let key = (after.citizen.clone(), after.service.clone(), change.op.clone());
        let row = || tape.logs.get(&key).and_then(|track| track.at(step));
        after.changes.iter().chain(row()).any(|kept| change.is(kept))
    };
    old.iter().find(|change| !kept(change)).map(|lost| format!("{lost:?} is gone"))
}

/// Two commits never record the same operation.
fn operations(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut by_op: HashMap<&str, usize> = HashMap::new();
    for (at, commit) in tape.commits.iter().enumerate() {
        for change in commit.touches.iter().flat_map(|touch| new_changes(tape, touch)) {
            let first = *by_op.entry(&change.op).or_insert(at);
            if first != at {
                let first = &tape.commits[first];
                let text = format!("operation id {} is recorded by two commits ({})", change.op, change.did);
                ruling.violation(Claim::C10, commit.step, (first.step, commit.step), text);
            }
        }
    }
    ruling.count(Claim::C10, "operation ids", by_op.len() as u64);
}

fn new_changes<'t>(tape: &'t Tape<'_>, touch: &Touch) -> Vec<&'t Change> {
    let (after, before) = match *touch {
        Touch::Appointment(track, version) => {
            let track = &tape.appointments.tracks[track];
            let changes = |item: &'t Appointment| item.changes.as_slice();
            (track.versions[version].item.as_ref().map(changes), track.before(version).map(changes))
        }
        Touch::Entry(track, version) => {
            let track = &tape.entries.tracks[track];
            let changes = |item: &'t Entry| item.changes.as_slice();
            (track.versions[version].item.as_ref().map(changes), track.before(version).map(changes))
        }
        _ => return Vec::new(),
    };
    let before = before.unwrap_or_default();
    after.unwrap_or_default().iter().filter(|change| !before.iter().any(|before| before.is(change))).collect()
}

/// What the citizen is shown is the whole history, as it stood at some time between call and answer (PRV-1).
fn shown(tape: &Tape<'_>, ruling: &mut Ruling) {
    for operation in &tape.operations {
        let Action::AppointmentHistory { appointment } = operation.action else { continue };
        let Some((facts, returned)) = operation.ok() else { continue };
        let (Some(seen), Some(track)) = (&facts.changes, tape.appointments.get(appointment)) else {
            continue;
        };
        ruling.count(Claim::C10, "histories shown", 1);
        let first = track.at(operation.called).map_or(1, |item| item.version);
        let last = track.at(returned).map_or(0, |item| item.version);
        let numbers = seen.iter().map(|change| change.version).eq(1..=seen.len() as u64);
        let known = |change: &ChangeSeen| stood(tape, track, change, returned);
        if !numbers || !(first..=last).contains(&(seen.len() as u64)) || !seen.iter().all(known) {
            let versions: Vec<String> = seen
                .iter()
                .map(|change| format!("{} {} by {}", change.version, change.what, change.who))
                .collect();
            let text = format!(
                "the history shown ({}) is not that of versions 1 to {first}..{last}: {operation}",
                versions.join(", ")
            );
            ruling.violation(Claim::C10, returned, (operation.called, returned), text);
        }
    }
}

fn stood(tape: &Tape<'_>, track: &Track<String, Appointment>, seen: &ChangeSeen, until: u64) -> bool {
    let riding = track.at(until).and_then(|item| item.changes.iter().find(|c| c.version == seen.version));
    let citizen = track.last().map(|item| item.citizen.as_str()).unwrap_or_default();
    let row = || row(tape, citizen, &track.key, seen.version, until);
    riding.or_else(row).is_some_and(|change| change.did == seen.what && change.by == seen.who)
}

/// A change that no longer rides on its appointment.
fn row<'t>(tape: &'t Tape<'_>, citizen: &str, id: &str, version: u64, step: u64) -> Option<&'t Change> {
    let key = (citizen.to_owned(), id.to_owned(), format!("{version:06}"));
    tape.logs.get(&key).and_then(|row| row.at(step))
}

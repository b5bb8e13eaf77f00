//! Cabinets that staff close to booking (ACC-8): the record and the guard say the same, and nobody who is closed out gets anything new
//! by themselves, through whoever acts for them, or from the line.

use crate::history::Action;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch};

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    for commit in &tape.commits {
        for touch in &commit.touches {
            let said = match *touch {
                Touch::Person(track, version) => changed(tape, (track, version), commit.step, ruling),
                Touch::Active(track, _) => apart(tape, &tape.actives.tracks[track].key, commit.step),
                _ => got(tape, touch, commit.step, ruling),
            };
            if let Some(text) = said {
                ruling.violation(Claim::C12, commit.step, (commit.step, commit.step), text);
            }
        }
    }
    answers(tape, ruling);
}

/// Whether the record says after a step that a cabinet is closed to booking; none where there is none.
fn blocked(tape: &Tape<'_>, citizen: &str, step: u64) -> Option<bool> {
    tape.people
        .get(citizen)?
        .at(step)
        .filter(|record| record.closed_ms.is_none())
        .map(|record| record.blocked)
}

/// What the record says of it and what the guard says, where they differ.
fn apart(tape: &Tape<'_>, citizen: &str, step: u64) -> Option<String> {
    let record = blocked(tape, citizen, step)?;
    let guard = tape.actives.get(citizen).and_then(|track| track.at(step)).is_some_and(|guard| guard.blocked);
    (record != guard)
        .then(|| format!("the record of {citizen} says {record} of being closed out, the guard {guard}"))
}

fn changed(
    tape: &Tape<'_>,
    (track, version): (usize, usize),
    step: u64,
    ruling: &mut Ruling,
) -> Option<String> {
    let track = &tape.people.tracks[track];
    let now = track.versions[version].item.as_ref().is_some_and(|record| record.blocked);
    let was = track.before(version).is_some_and(|record| record.blocked);
    ruling.count(Claim::C12, "cabinets closed to booking", u64::from(now && !was));
    ruling.count(Claim::C12, "cabinets opened again", u64::from(was && !now));
    apart(tape, &track.key, step)
}

/// What a commit gives to somebody who was closed out before it.
fn got(tape: &Tape<'_>, touch: &Touch, step: u64, ruling: &mut Ruling) -> Option<String> {
    let new = |changes: &[crate::decode::Change], before: u64, gets: &[&str]| {
        let newest = changes.iter().rev().find(|change| change.version > before)?;
        let own = newest.by == "citizen" || newest.by == "representative";
        (own && gets.contains(&newest.did.as_str())).then(|| newest.did.clone())
    };
    let (citizen, what) = match *touch {
        Touch::Appointment(track, version) => {
            let track = &tape.appointments.tracks[track];
            let after = track.versions[version].item.as_ref()?;
            let before = track.before(version).map_or(0, |before| before.version);
            (&after.citizen, new(&after.changes, before, &["booked", "accepted", "moved"])?)
        }
        Touch::Entry(track, version) => {
            let track = &tape.entries.tracks[track];
            let after = track.versions[version].item.as_ref()?;
            let before = track.before(version).map_or(0, |before| before.version);
            (&after.citizen, new(&after.changes, before, &["joined"])?)
        }
        Touch::Offer(track, version) => {
            let track = &tape.offers.tracks[track];
            let after = track.versions[version].item.as_ref()?;
            (&after.citizen, track.before(version).is_none().then(|| "offered".to_owned())?)
        }
        _ => return None,
    };
    ruling.count(Claim::C12, "gains looked at", 1);
    let out = blocked(tape, citizen, step.checked_sub(1)?)?;
    out.then(|| format!("{citizen} is closed out, and something was {what}"))
}

/// Whoever is answered that it is done finds it so at some time from the call to the answer.
fn answers(tape: &Tape<'_>, ruling: &mut Ruling) {
    for operation in &tape.operations {
        let (citizen, wanted) = match operation.action {
            Action::Block { citizen } => (citizen, true),
            Action::Unblock { citizen } => (citizen, false),
            _ => continue,
        };
        let Some((_, returned)) = operation.ok() else { continue };
        let Some(track) = tape.people.get(citizen.as_str()) else { continue };
        let is =
            |record: Option<&crate::decode::Record>| record.is_some_and(|record| record.blocked) == wanted;
        let meanwhile =
            track.within(operation.called, returned).iter().any(|version| is(version.item.as_ref()));
        if !meanwhile && !is(track.at(operation.called)) {
            let text = format!("no such thing was committed: {operation}");
            ruling.violation(Claim::C12, returned, (operation.called, returned), text);
        }
    }
}

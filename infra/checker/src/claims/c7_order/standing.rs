//! Standing in line at all: whoever waits is known to wait by their guard, or nobody would ever offer them anything;
//! and an operator who books freed cells past those who wait says why.

use crate::decode::{Active, Entry};
use crate::report::Claim;
use crate::ruling::{Lasting, Ruling};
use crate::tape::{Commit, Tape, Touch};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut actives: HashMap<&str, &Active> = HashMap::new();
    let mut places: HashMap<&str, BTreeMap<&str, &Entry>> = HashMap::new();
    let mut wrong = Lasting::default();
    for commit in &tape.commits {
        let mut touched = BTreeSet::new();
        for touch in &commit.touches {
            match *touch {
                Touch::Active(track, version) => {
                    let track = &tape.actives.tracks[track];
                    match &track.versions[version].item {
                        Some(active) => actives.insert(&track.key, active),
                        None => actives.remove(track.key.as_str()),
                    };
                    touched.insert(track.key.as_str());
                }
                Touch::Entry(track, version) => {
                    let track = &tape.entries.tracks[track];
                    let own = places.entry(&track.key.0).or_default();
                    match &track.versions[version].item {
                        Some(entry) => own.insert(&track.key.1, entry),
                        None => own.remove(track.key.1.as_str()),
                    };
                    touched.insert(track.key.0.as_str());
                }
                _ => {}
            }
        }
        for citizen in touched {
            ruling.count(Claim::C7, "guards held against places", 1);
            let why = disagree(actives.get(citizen).copied(), places.get(citizen));
            if let Some(why) = wrong.news(citizen, why) {
                let text = format!("{citizen}: {why} (written by {})", commit.by);
                ruling.violation(Claim::C7, commit.step, (commit.step, commit.step), text);
            }
        }
        if let Some(text) = overtaken_by_staff(tape, commit) {
            ruling.violation(Claim::C7, commit.step, (commit.step, commit.step), text);
        }
    }
}

fn disagree(active: Option<&Active>, places: Option<&BTreeMap<&str, &Entry>>) -> Option<String> {
    let waiting = active.map(|active| active.waiting.as_slice()).unwrap_or_default();
    let standing = || places.into_iter().flatten().filter(|(_, entry)| entry.is_standing());
    let unknown = standing().find(|(service, entry)| {
        !waiting.iter().any(|(at, ticket)| at == *service && *ticket == entry.ticket)
    });
    if let Some((service, entry)) = unknown {
        return Some(format!("ticket {} stands in the line of {service} and not on the guard", entry.ticket));
    }
    let stale = waiting
        .iter()
        .find(|(at, ticket)| !standing().any(|(service, entry)| at == service && *ticket == entry.ticket));
    stale.map(|(service, ticket)| {
        format!("the guard has ticket {ticket} for {service}, which does not stand in line")
    })
}

/// Staff who booked or moved somebody into cells that were freed for those who wait.
fn overtaken_by_staff(tape: &Tape<'_>, commit: &Commit<'_>) -> Option<String> {
    commit.touches.iter().find_map(|touch| {
        let Touch::Appointment(track, version) = *touch else { return None };
        let track = &tape.appointments.tracks[track];
        let after = track.versions[version].item.as_ref()?;
        let change = after.changes.iter().find(|change| change.version == after.version)?;
        let took = matches!(change.did.as_str(), "booked" | "moved") && change.by == "staff";
        let freed = tape.pages.get(&after.seat.page())?.at(commit.step.saturating_sub(1))?.freed;
        let silent = change.why.as_ref().is_none_or(|why| why.trim().is_empty());
        (took && silent && freed.touches(&after.seat.cells()))
            .then(|| format!("staff gave freed cells of {} to {} without a reason", after.seat, after.id))
    })
}

//! Policies that no registry could tell of (ACC-12): each waits for staff as long as it is unclear, and one decision counts.

use crate::history::Action;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch};
use std::collections::HashMap;

const QUEUE: &str = "POLICIES";

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    unclear(tape, ruling);
    // Which commit each decision is that was answered OK.
    let mut claimed: HashMap<u64, u64> = HashMap::new();
    for operation in &tape.operations {
        let Action::Decide { queue, id, result } = operation.action else { continue };
        let Some((_, returned)) = operation.ok().filter(|_| queue == "checks/policies") else { continue };
        ruling.count(Claim::C12, "policies decided OK", 1);
        let found = decision(tape, id, result, (operation.called, returned));
        let Some(step) = found else {
            let text = format!("no such decision was committed: {operation}");
            ruling.violation(Claim::C12, returned, (operation.called, returned), text);
            continue;
        };
        if let Some(other) = claimed.insert(step, operation.op) {
            let text = format!("one decision was answered to operation {other} and to {operation}");
            ruling.violation(Claim::C12, step, (operation.called, returned), text);
        }
    }
}

/// The commit that takes a policy out of the queue as whoever had taken it decided, between two steps.
fn decision(tape: &Tape<'_>, id: &str, result: &str, (after, until): (u64, u64)) -> Option<u64> {
    let (citizen, since) = id.split_once('.')?;
    let kind = if result == "valid" { "policy-confirmed" } else { "policy-void" };
    let row = tape.rows.get(&(QUEUE.to_owned(), format!("{since:0>13}#{citizen}")))?;
    let mut over = row.versions.iter().enumerate().filter(|(_, version)| version.item.is_none());
    let (at, over) = over.find(|(_, version)| (after..until).contains(&version.step))?;
    let member = row.before(at)?.member.as_ref()?;
    let first = tape.commits.partition_point(|commit| commit.step < over.step);
    let event = |touch: &Touch| match *touch {
        Touch::Event(track, version) => tape.happened.tracks[track].versions[version].item.as_ref(),
        _ => None,
    };
    let mut events = tape.commits.get(first)?.touches.iter().filter_map(event);
    events.any(|event| event.kind == kind && event.member.as_ref() == Some(member)).then_some(over.step)
}

/// A policy is unclear just as long as it stands in the queue.
fn unclear(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in tape.questions.tracks.iter().filter(|track| track.key.1.is_empty()) {
        let citizen = &track.key.0;
        for version in &track.versions {
            let Some(question) = &version.item else { continue };
            let waits = tape.rows.tracks.iter().any(|row| {
                let own =
                    row.key.0 == QUEUE && row.key.1.split_once('#').is_some_and(|(_, of)| of == citizen);
                own && row.at(version.step).is_some()
            });
            let unclear = question.checked.as_deref() == Some("unclear");
            ruling.count(Claim::C12, "policies looked at", 1);
            ruling.count(Claim::C12, "of which unclear", u64::from(unclear));
            if unclear != waits {
                let stands = if waits { "stands" } else { "does not stand" };
                let text =
                    format!("the policy of {citizen} is {:?}, and {stands} in the queue", question.checked);
                ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
            }
            let pending = question.checked.as_deref() == Some("pending");
            if pending && question.next_at_ms.is_none() {
                let text = format!("the policy of {citizen} is pending, and nobody asks");
                ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
            }
        }
    }
}

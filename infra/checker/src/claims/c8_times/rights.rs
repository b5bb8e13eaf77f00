//! C8 for those who act for others (ACC-10): nothing is done for a beneficiary by somebody whose right was not there, was
//! ended before, did not cover the service, or was over by its date (± ε); and nobody whose right had ended is answered.

use crate::decode::Change;
use crate::deeds::{Deeds, Verb};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch};

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for commit in &tape.commits {
        for touch in &commit.touches {
            let Some((citizen, service, change)) = by_another(tape, touch) else { continue };
            ruling.count(Claim::C8, "changes for others", 1);
            let right = change.representative.as_deref().and_then(|who| {
                let track = tape.rights.get(&(citizen.to_owned(), who.to_owned()))?;
                track.at(commit.step)
            });
            // What was revoked is so from its commit on, for the write asks for it; a date is compared with a clock.
            let since_us = commit.at_us - tape.epsilon_us();
            if !right.is_some_and(|right| right.holds(Some(service), since_us)) {
                let who = change.representative.as_deref().unwrap_or("nobody who is named");
                let text = format!(
                    "{} was {} for {citizen} by {who}, who could not: {right:?}",
                    service, change.did
                );
                ruling.violation(Claim::C8, commit.step, (commit.step, commit.step), text);
            }
        }
    }
    answers(tape, deeds, ruling);
}

/// The newest change of an appointment or a place that somebody made for another, of those that are new.
fn by_another<'t>(tape: &'t Tape<'_>, touch: &Touch) -> Option<(&'t str, &'t str, &'t Change)> {
    let (citizen, service, before, changes) = match *touch {
        Touch::Appointment(track, version) => {
            let track = &tape.appointments.tracks[track];
            let after = track.versions[version].item.as_ref()?;
            let before = track.before(version).map_or(0, |before| before.version);
            (&after.citizen, &after.service, before, &after.changes)
        }
        Touch::Entry(track, version) => {
            let track = &tape.entries.tracks[track];
            let after = track.versions[version].item.as_ref()?;
            let before = track.before(version).map_or(0, |before| before.version);
            (&after.citizen, &after.service, before, &after.changes)
        }
        _ => return None,
    };
    let new = changes.iter().rev().find(|change| change.version > before)?;
    (new.by == "representative").then_some((citizen.as_str(), service.as_str(), new))
}

/// Whoever acts is answered only as long as they may: at some time between call and answer they could.
fn answers(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for (at, operation) in tape.operations.iter().enumerate() {
        let Some(by) = operation.by else { continue };
        if operation.refused().is_some_and(|(code, _)| code == "not-represented") {
            ruling.count(Claim::C8, "turned away without a right", 1);
        }
        let Some((_, returned)) = operation.ok() else { continue };
        ruling.count(Claim::C8, "answers to those who act for others", 1);
        let between = (operation.client, by);
        let from = (operation.called, operation.called_us - tape.plan.limits.clock_error_us);
        if !tape.could_act(between, None, from, returned) {
            let text = format!("answered to {by}, who could not act for {}: {operation}", operation.client);
            ruling.violation(Claim::C8, returned, (operation.called, returned), text);
        }
        // Declining leaves no name on the offer: its step is judged by whoever asked.
        let declined = deeds.done_by(at).filter(|deed| deed.author == Some(at));
        let Some(deed) = declined.filter(|deed| matches!(deed.verb, Verb::Declined { .. })) else { continue };
        let commit = &tape.commits[deed.commit];
        let from = (deed.step, commit.at_us - tape.epsilon_us());
        if !tape.could_act(between, None, from, deed.step) {
            let text = format!("{} {} by {by}, who could not any more", operation.client, deed.verb);
            ruling.violation(Claim::C8, deed.step, (operation.called, deed.step), text);
        }
    }
}

//! Applications to act for others (ACC-10): each is decided once, and what is over stays over.

use crate::decode::{Grant, Right};
use crate::history::Action;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};
use std::collections::HashMap;

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    // Which way each was decided, by its number and at which step.
    let mut decided: HashMap<&str, (&str, u64)> = HashMap::new();
    for track in &tape.rights.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let grants = version.item.as_ref().map(|right| right.grants.as_slice()).unwrap_or_default();
            for grant in grants {
                let before = before(track, at, grant);
                if let Some(why) = wrong(before, grant) {
                    let text = format!("the right {} of {} for {} {why}", grant.id, track.key.1, track.key.0);
                    ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
                }
                let waited = before.is_some_and(|before| before.state == "waiting");
                if waited && matches!(&*grant.state, "in-force" | "refused") {
                    ruling.count(Claim::C12, "applications decided", 1);
                    decided.insert(&grant.id, (&grant.state, version.step));
                }
            }
        }
    }
    for operation in &tape.operations {
        let Action::Decide { queue, id, result } = operation.action else { continue };
        let Some((_, returned)) = operation.ok().filter(|_| queue == "representations") else { continue };
        ruling.count(Claim::C12, "decisions answered OK", 1);
        let grant = id.rsplit('.').next().unwrap_or_default();
        let meant = if result == "approved" { "in-force" } else { "refused" };
        let done = decided.get(grant).filter(|(_, step)| *step < returned);
        if done.is_none_or(|(state, _)| *state != meant) {
            let text = format!("it was decided otherwise ({done:?}), or not at all: {operation}");
            ruling.violation(Claim::C12, returned, (operation.called, returned), text);
        }
    }
}

fn before<'t>(track: &'t Track<(String, String), Right>, at: usize, grant: &Grant) -> Option<&'t Grant> {
    track.before(at)?.grants.iter().find(|before| before.id == grant.id)
}

/// Why a right may not go from one state to the next.
fn wrong(before: Option<&Grant>, after: &Grant) -> Option<String> {
    let Some(before) = before else {
        // What stood before the history began may stand in any way.
        return None;
    };
    if before.ends_at_ms != after.ends_at_ms || before.services != after.services {
        return Some("became another one".to_owned());
    }
    if before.decided.is_some() && before.decided != after.decided {
        return Some(format!("was decided by {:?} and again by {:?}", before.decided, after.decided));
    }
    match (before.state.as_str(), after.state.as_str()) {
        (a, b) if a == b => None,
        ("waiting", "in-force" | "refused") if after.decided.is_some() => None,
        ("waiting" | "in-force", "ended") => None,
        (a, b) => Some(format!("went from {a} to {b}")),
    }
}

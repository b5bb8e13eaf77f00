//! Unlocks of cabinets (ACC-6): opened by one member, agreed to by another, once; what was refused or stopped opens nothing.

use crate::decode::Unlock;
use crate::history::Action;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::Tape;

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in &tape.unlocks.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let Some(after) = &version.item else { continue };
            let before = track.before(at).filter(|before| before.id == after.id);
            if before.is_none_or(|before| before.state != after.state) {
                ruling.count(Claim::C12, "steps of unlocks", 1);
            }
            if let Some(why) = wrong(before, after) {
                let text = format!("the unlock {} of {} {why}", after.id, track.key);
                ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
            }
        }
    }
    for operation in &tape.operations {
        let Action::Decide { queue, id, result } = operation.action else { continue };
        let Some((_, returned)) = operation.ok().filter(|_| queue == "unlocks") else { continue };
        let Some((citizen, unlock)) = id.split_once('.') else { continue };
        let track = tape.unlocks.get(citizen);
        let made = track.into_iter().flat_map(|track| track.within(0, returned.saturating_sub(1)));
        let mut made = made.filter_map(|version| version.item.as_ref());
        if !made.any(|made| made.id == unlock && made.state == *result) {
            let text = format!("no such decision was committed: {operation}");
            ruling.violation(Claim::C12, returned, (operation.called, returned), text);
        }
    }
}

/// Why an unlock may not go from one state to the next.
fn wrong(before: Option<&Unlock>, after: &Unlock) -> Option<String> {
    if after.state == "approved" && after.decided_by.as_ref() == Some(&after.opened_by) {
        return Some(format!("was opened and agreed to by {}", after.opened_by));
    }
    let was = before.map_or("nothing", |before| before.state.as_str());
    match (was, after.state.as_str()) {
        ("nothing", "waiting") | ("waiting", "approved" | "refused" | "stopped") => None,
        ("approved", "refused" | "stopped" | "done") => None,
        (a, b) if a == b && before.is_some_and(|before| before.decided_by == after.decided_by) => None,
        (a, b) => Some(format!("went from {a} to {b}")),
    }
}

//! C8, time rules: a change or cancellation by a citizen or representative commits only while at least 24 hours are
//! left (± ε); one by staff or a closure carries its reason (an acceptance is none); an offer is accepted only before its deadline, and
//! lapses only after it (± ε). ε is what a request to the table may take and a clock be wrong.

use crate::decode::{Appointment, Change};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::Tape;

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in &tape.appointments.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let (Some(before), Some(after)) = (track.before(at), &version.item) else { continue };
            for change in after.changes.iter().filter(|change| change.version > before.version) {
                if let Some(why) = wrong(tape, before, change, version.at_us, ruling) {
                    let text = format!("appointment {} version {} {why}", track.key, change.version);
                    ruling.violation(Claim::C8, version.step, (version.step, version.step), text);
                }
            }
        }
    }
    for track in &tape.offers.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let (Some(before), Some(after)) = (track.before(at), &version.item) else { continue };
            let (until_us, epsilon_us) = (before.until_ms * 1000, tape.epsilon_us());
            let why = match after.state.as_str() {
                _ if !before.is_open() => continue,
                "accepted" if version.at_us > until_us + epsilon_us => "was accepted after its deadline by",
                "lapsed" if version.at_us < until_us - epsilon_us => "lapsed before its deadline by",
                _ => {
                    ruling.count(Claim::C8, "offers ended in time", 1);
                    continue;
                }
            };
            let by_s = (version.at_us - until_us).abs() / 1_000_000;
            let text = format!("offer {} of {} {why} {by_s} s", after.id, after.citizen);
            ruling.violation(Claim::C8, version.step, (version.step, version.step), text);
        }
    }
}

fn wrong(
    tape: &Tape<'_>,
    before: &Appointment,
    change: &Change,
    at_us: i64,
    ruling: &mut Ruling,
) -> Option<String> {
    if !matches!(change.did.as_str(), "moved" | "cancelled" | "displaced" | "accepted") {
        return None;
    }
    match change.by.as_str() {
        "citizen" | "representative" => {
            ruling.count(Claim::C8, "changes by oneself", 1);
            let left_us = before.seat.starts_at_s * 1_000_000 - at_us;
            let short_us = tape.plan.limits.cut_off_s * 1_000_000 - left_us;
            (short_us > tape.epsilon_us()).then(|| {
                format!("was {} by {} {} s after the cut-off", change.did, change.by, short_us / 1_000_000)
            })
        }
        // Whatever is offered is theirs to take.
        "staff" if change.did == "accepted" => None,
        _ => {
            ruling.count(Claim::C8, "changes by others", 1);
            let reason = change.why.as_ref().filter(|why| !why.trim().is_empty());
            reason.is_none().then(|| format!("was {} by {} without a reason", change.did, change.by))
        }
    }
}

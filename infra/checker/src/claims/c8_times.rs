//! C8, time rules: a change or cancellation by a citizen or representative commits only while at least 24 hours are
//! left (± ε); one by staff or a closure carries its reason (an acceptance is none); an offer is accepted only before its deadline, and
//! lapses only after it (± ε); what is kept from the public is taken by nobody for themselves before its time, but by
//! an offer of what was given up. ε is what a request to the table may take and a clock be wrong.

mod rights;

use crate::decode::{Appointment, Change, Offer};
use crate::deeds::Deeds;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    rights::check(tape, deeds, ruling);
    for track in &tape.appointments.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            let Some(after) = &version.item else { continue };
            if let Some(why) = kept(tape, track.before(at), after, version.at_us, ruling) {
                let text = format!("appointment {} {why}", track.key);
                ruling.violation(Claim::C8, version.step, (version.step, version.step), text);
            }
            let Some(before) = track.before(at) else { continue };
            for change in after.changes.iter().filter(|change| change.version > before.version) {
                if let Some(why) = wrong(tape, before, change, version.at_us, ruling) {
                    let text = format!("appointment {} version {} {why}", track.key, change.version);
                    ruling.violation(Claim::C8, version.step, (version.step, version.step), text);
                }
            }
        }
    }
    for track in &tape.offers.tracks {
        offered(tape, track, ruling);
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

/// Why somebody may not have taken by themselves where they are now: it was kept from the public, and nobody gave it up for
/// them.
fn kept(
    tape: &Tape<'_>,
    before: Option<&Appointment>,
    after: &Appointment,
    at_us: i64,
    ruling: &mut Ruling,
) -> Option<String> {
    let seat = &after.seat;
    if before.is_some_and(|before| before.seat == *seat)
        || !tape.plan.kept(&seat.page(), at_us + tape.epsilon_us()).touches(&seat.cells())
    {
        return None;
    }
    ruling.count(Claim::C8, "taken of what is kept", 1);
    let since = before.map_or(0, |before| before.version);
    let change = after.changes.iter().rev().find(|change| change.version > since)?;
    let oneself = matches!(change.by.as_str(), "citizen" | "representative");
    (oneself && change.did != "accepted").then(|| format!("is at {seat}, which was kept from the public"))
}

/// Of what is kept only what was given up is offered.
fn offered(tape: &Tape<'_>, track: &Track<String, Offer>, ruling: &mut Ruling) {
    let Some((first, offer)) = track.versions.first().and_then(|first| Some((first, first.item.as_ref()?)))
    else {
        return;
    };
    let page = offer.seat.page();
    let kept = tape.plan.kept(&page, first.at_us + tape.epsilon_us()).common(&offer.seat.cells());
    let stood = tape.pages.get(&page).and_then(|track| track.at(first.step.saturating_sub(1)));
    let freed = stood.map(|page| page.freed).unwrap_or_default();
    if !kept.minus(&freed).is_empty() {
        let text = format!("offer {} is of {}, which was kept from the public", offer.id, offer.seat);
        ruling.violation(Claim::C8, first.step, (first.step, first.step), text);
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

//! C2, no citizen loses an appointment: one answered OK stays until a committed cancel, move, no-show or closure by
//! someone permitted.
//!
//! Three looks: what an answer tells was committed before it was given; no version of an appointment ends or moves
//! without a change that may do so; and the person's guard holds exactly what is planned and still to come, for
//! everything else decides by the guard.

use crate::decode::{Active, Appointment, Change, Page, PageKey};
use crate::deeds::{Deeds, Trouble};
use crate::history::{Action, AppointmentSeen};
use crate::report::Claim;
use crate::ruling::{Lasting, Ruling};
use crate::tape::{Operation, Tape, Touch, Track};
use std::collections::{BTreeSet, HashMap};

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    answers(tape, deeds, ruling);
    versions(tape, ruling);
    guards(tape, ruling);
    expected(tape, ruling);
}

/// In the end nobody is expected where nobody receives: whoever was has another window, or was told.
fn expected(tape: &Tape<'_>, ruling: &mut Ruling) {
    let closed = |page: &&Track<PageKey, Page>| page.last().is_some_and(|page| page.closed);
    let closed: Vec<_> = tape.pages.tracks.iter().filter(closed).map(|track| &track.key).collect();
    ruling.count(Claim::C2, "windows' days closed", closed.len() as u64);
    for item in tape.appointments.tracks.iter().filter_map(|track| track.last()) {
        let coming = item.is_planned() && item.seat.starts_at_s * 1_000_000 > tape.end_us;
        if coming && closed.contains(&&item.seat.page()) {
            let text = format!(
                "{} is still expected for {} at {}, which was closed",
                item.citizen, item.id, item.seat
            );
            ruling.violation(Claim::C2, tape.end_step, (tape.end_step, tape.end_step), text);
        }
    }
}

fn answers(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for trouble in &deeds.troubles {
        if let Trouble::AfterAnswer { deed, operation } = trouble {
            let (deed, operation) = (&deeds.all[*deed], &tape.operations[*operation]);
            let text = format!("{} {}, but only after it was answered: {operation}", deed.citizen, deed.verb);
            ruling.violation(Claim::C2, deed.step, (operation.called, deed.step), text);
        }
    }
    let mut by_citizen: HashMap<&str, Vec<&Track<String, Appointment>>> = HashMap::new();
    for track in &tape.appointments.tracks {
        let citizen =
            track.versions.iter().find_map(|version| version.item.as_ref()).map(|item| &*item.citizen);
        by_citizen.entry(citizen.unwrap_or_default()).or_default().push(track);
    }
    for (at, operation) in tape.operations.iter().enumerate() {
        let own = by_citizen.get(operation.client).map(Vec::as_slice).unwrap_or_default();
        let Some((facts, returned)) = operation.ok() else {
            denied(operation, own, ruling);
            continue;
        };
        ruling.count(Claim::C2, "answers OK", 1);
        let mut wrong = |text: String| {
            ruling.violation(Claim::C2, returned, (operation.called, returned), text);
        };
        let done = deeds.done_by(at).is_some_and(|deed| deed.step < returned);
        if !done && !needs_nothing(tape, operation, returned) {
            wrong(format!("nothing was committed for what was answered OK: {operation}"));
        }
        // A change may be answered with how it left things, however long ago; a reading reads what is.
        let since = if matches!(operation.action, Action::Appointment { .. }) { operation.called } else { 0 };
        if let Some(seen) = &facts.appointment
            && let Some(why) = untrue(tape, seen, since, returned)
        {
            wrong(format!("{why}: {operation}"));
        }
        let Some(list) = &facts.appointments else { continue };
        for seen in list {
            if let Some(why) = untrue(tape, seen, operation.called, returned) {
                wrong(format!("{why}: {operation}"));
            }
        }
        // Whoever may act for some services only is shown those.
        let all = operation.by.is_none_or(|by| {
            let right = tape.rights.get(&(operation.client.to_owned(), by.to_owned()));
            right.and_then(|right| right.at(operation.called)).is_some_and(|right| right.is_whole())
        });
        for track in own.iter().filter(|_| all) {
            let was = track.at(operation.called).is_some();
            if was && !list.iter().any(|seen| seen.id == track.key) {
                wrong(format!("appointment {} is missing in what was shown: {operation}", track.key));
            }
        }
    }
}

/// One's own appointment is not «not found».
fn denied(operation: &Operation<'_>, own: &[&Track<String, Appointment>], ruling: &mut Ruling) {
    let (Some(("not-found", returned)), Action::Appointment { appointment }) =
        (operation.refused(), operation.action)
    else {
        return;
    };
    // For whom one may not act in it, it is as if it were not there.
    if operation.by.is_some() {
        return;
    }
    if own.iter().any(|track| track.key == *appointment && track.at(operation.called).is_some()) {
        let text = format!("appointment {appointment} is the client's and was not found: {operation}");
        ruling.violation(Claim::C2, returned, (operation.called, returned), text);
    }
}

/// Whether an OK needs no commit: a reading, or something that was so already.
fn needs_nothing(tape: &Tape<'_>, operation: &Operation<'_>, returned: u64) -> bool {
    let offer_is = |id: &String, state: &str| {
        tape.offers.get(id).and_then(|track| track.at(returned)).is_some_and(|offer| offer.state == state)
    };
    let entry_was = |service: &String, state: &str| {
        let key = (operation.client.to_owned(), service.clone());
        let Some(track) = tape.entries.get(&key) else { return false };
        let first = track.at(operation.called);
        let later = track.within(operation.called, returned).iter().filter_map(|v| v.item.as_ref());
        first.into_iter().chain(later).any(|entry| entry.state == state)
    };
    match operation.action {
        Action::Book { .. } | Action::Reschedule { .. } | Action::Cancel { .. } | Action::Join { .. } => {
            false
        }
        Action::CheckIn { appointment } => {
            let item = tape.appointments.get(appointment).and_then(|track| track.at(returned));
            item.is_some_and(|item| item.checked_in.is_some())
        }
        Action::Accept { offer } => offer_is(offer, "accepted"),
        Action::Decline { offer } => offer_is(offer, "declined"),
        Action::Pause { service } => entry_was(service, "paused"),
        Action::Resume { service } => entry_was(service, "waiting"),
        Action::Leave { service } => entry_was(service, "left"),
        _ => true,
    }
}

/// What of an appointment as it was shown never stood, or no longer stood when it was asked for, or not yet when it
/// was answered.
fn untrue(tape: &Tape<'_>, seen: &AppointmentSeen, called: u64, returned: u64) -> Option<String> {
    let Some(track) = tape.appointments.get(&seen.id) else {
        return Some(format!("appointment {} was shown and never committed", seen.id));
    };
    let has = |item: &&Appointment| item.version == seen.version;
    let first = track.at(called);
    let later = track.within(called, returned).iter().filter_map(|version| version.item.as_ref());
    let Some(item) = first.into_iter().chain(later).find(has) else {
        return Some(format!(
            "version {} of appointment {} was shown and did not stand",
            seen.version, seen.id
        ));
    };
    let stood = (item.seat.office.as_str(), item.seat.starts_at_s, item.phase.as_str());
    let shown = (seen.office.as_str(), seen.starts_at_s, seen.phase.as_str());
    (stood != shown)
        .then(|| format!("version {} of appointment {} is {stood:?}, not {shown:?}", seen.version, seen.id))
}

fn versions(tape: &Tape<'_>, ruling: &mut Ruling) {
    for track in &tape.appointments.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            ruling.count(Claim::C2, "appointment versions", 1);
            let before = track.before(at);
            let why = match (&version.item, before) {
                (None, _) => Some("was deleted".to_owned()),
                (Some(after), None) => {
                    let made =
                        after.changes.iter().any(|change| matches!(&*change.did, "booked" | "accepted"));
                    (!made).then(|| "came to be without being booked".to_owned())
                }
                (Some(after), Some(before)) => lost(tape, before, after, version.at_us),
            };
            let asked_for = version.item.as_ref().filter(|item| item.chosen.is_some());
            ruling.count(Claim::C2, "with whom they were asked for", u64::from(asked_for.is_some()));
            let why = why.or_else(|| elsewhere(tape, asked_for?));
            if let Some(why) = why {
                let first = track.versions[..at].last().map_or(version.step, |before| before.step);
                let text = format!("appointment {} {why}", track.key);
                ruling.violation(Claim::C2, version.step, (first, version.step), text);
            }
        }
    }
}

/// Why an appointment may not go from one version to the next.
fn lost(tape: &Tape<'_>, before: &Appointment, after: &Appointment, at_us: i64) -> Option<String> {
    let new = |did: &str| {
        let mut new = after.changes.iter().filter(|change| change.version > before.version);
        new.find(|change| change.did == did)
    };
    let versions = format!("from version {} to {}", before.version, after.version);
    if before.citizen != after.citizen || before.service != after.service {
        return Some(format!("changed hands {versions}"));
    }
    if before.seat != after.seat {
        let moved = new("moved").or(new("accepted"));
        if moved.is_none() || !before.is_planned() {
            return Some(format!(
                "went from {} to {} {versions} without being moved",
                before.seat, after.seat
            ));
        }
    }
    match (before.phase.as_str(), after.phase.as_str()) {
        (a, b) if a == b => None,
        ("planned", "cancelled") => match new("cancelled").or(new("displaced")) {
            Some(change) => not_permitted(change).map(|why| format!("was cancelled {versions} {why}")),
            None => Some(format!("was cancelled {versions} without a change that says so")),
        },
        ("planned", "no-show") => unearned(tape, before, at_us).map(|why| format!("{why} {versions}")),
        ("planned", "in-reception" | "completed") if before.checked_in.is_none() => {
            Some(format!("was received {versions} without having come"))
        }
        ("planned", "in-reception" | "completed") | ("in-reception", "completed") => None,
        ("no-show", "planned") => match new("no-show-undone") {
            Some(change) if change.by == "staff" && change.why.is_some() => None,
            Some(_) => Some(format!("was no longer absent {versions} by nobody who says why")),
            None => Some(format!("was no longer absent {versions} without a change that says so")),
        },
        (a, b) => Some(format!("went {versions} from {a} to {b}")),
    }
}

/// Why an appointment does not keep whom it was made with: the plan says who receives at a window.
fn elsewhere(tape: &Tape<'_>, item: &Appointment) -> Option<String> {
    let (chosen, seat) = (item.chosen.as_ref()?, &item.seat);
    let there = tape.plan.who(&seat.office, &seat.window, seat.on);
    (item.is_planned() && there != Some(chosen.as_str()))
        .then(|| format!("is with {chosen}, and {there:?} receives at {seat}"))
}

/// Its citizen and a representative may; staff and the system (closures) with a reason, which C8 asks for.
fn not_permitted(change: &Change) -> Option<String> {
    let known = matches!(change.by.as_str(), "citizen" | "representative" | "staff" | "system");
    (!known).then(|| format!("by {}", change.by))
}

/// Why absence is not a no-show (VIS-2).
fn unearned(tape: &Tape<'_>, before: &Appointment, at_us: i64) -> Option<String> {
    let earliest_us = (before.seat.starts_at_s + tape.plan.limits.no_show_after_s) * 1_000_000;
    let office = tape.plan.offices.get(&before.seat.office);
    if office.is_some_and(|office| !office.no_show) {
        Some("became a no-show where that is switched off".to_owned())
    } else if before.checked_in.is_some() {
        Some("became a no-show although checked in".to_owned())
    } else if at_us < earliest_us - tape.epsilon_us() {
        Some(format!("became a no-show {} s early", (earliest_us - at_us) / 1_000_000))
    } else {
        None
    }
}

/// At each commit about a person, guard and appointments agree.
fn guards(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut actives: HashMap<&str, &Active> = HashMap::new();
    let mut standing: HashMap<&str, HashMap<&str, &Appointment>> = HashMap::new();
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
                Touch::Appointment(track, version) => {
                    let track = &tape.appointments.tracks[track];
                    let item = track.versions[version].item.as_ref();
                    let Some(known) = item.or(track.before(version)) else { continue };
                    let own = standing.entry(&known.citizen).or_default();
                    match item.filter(|item| item.phase != "cancelled") {
                        Some(item) => own.insert(&track.key, item),
                        None => own.remove(track.key.as_str()),
                    };
                    touched.insert(known.citizen.as_str());
                }
                _ => {}
            }
        }
        for citizen in touched {
            ruling.count(Claim::C2, "guards held against appointments", 1);
            let own = standing.get(citizen);
            let why = disagree(actives.get(citizen).copied(), own, commit.at_us, tape.epsilon_us());
            if let Some(why) = wrong.news(citizen, why) {
                let text = format!("{citizen}: {why} (written by {})", commit.by);
                ruling.violation(Claim::C2, commit.step, (commit.step, commit.step), text);
            }
        }
    }
}

fn disagree(
    active: Option<&Active>,
    standing: Option<&HashMap<&str, &Appointment>>,
    at_us: i64,
    epsilon_us: i64,
) -> Option<String> {
    let held = active.map(|active| active.held.as_slice()).unwrap_or_default();
    // Whoever writes the guard leaves out what is over by their clock.
    let to_come = |ends_at_s: i64| ends_at_s * 1_000_000 > at_us + epsilon_us;
    let planned = standing.into_iter().flatten().filter(|(_, item)| item.is_planned());
    for (id, item) in planned.filter(|(_, item)| to_come(item.seat.ends_at_s)) {
        match held.iter().find(|held| held.id == *id) {
            None => return Some(format!("appointment {id} is planned and not in the guard")),
            Some(held) if held.seat != item.seat || held.version > item.version => {
                let (at, version) = (&held.seat, held.version);
                return Some(format!(
                    "the guard has appointment {id} version {version} at {at}, it is version {} at {}",
                    item.version, item.seat
                ));
            }
            Some(_) => {}
        }
    }
    // What was missed or is over early stays in the guard until its end.
    let stands = |id: &str| standing.is_some_and(|standing| standing.contains_key(id));
    let mut ghosts = held.iter().filter(|held| to_come(held.seat.ends_at_s) && !stands(&held.id));
    ghosts
        .next()
        .map(|held| format!("the guard holds appointment {}, which is cancelled or never was", held.id))
}

//! What must have been told when everything has drained: by an accepted send, or by a record of why not.

use super::truth::{did, kind_of, starts, superseded};
use super::{Told, is_reminder, name};
use crate::decode::{Appointment, Note, Right};
use crate::history::About;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track, Version};

/// A reminder is planned at its time, give or take what a lost run of the clock and an index cost.
const REMINDER_AFTER_US: i64 = 600_000_000;
const REMINDER_BEFORE_US: i64 = 60_000_000;
/// Kinds of reminders, and how long before the start each is due, in seconds.
const REMINDERS: [(&str, i64); 2] = [("reminder-day", 24 * 3600), ("reminder-hour", 3600)];

/// A fact of somebody's about a service, and when it was committed.
struct Demand<'t> {
    about: About,
    step: u64,
    citizen: &'t str,
    service: &'t str,
}

pub fn check(tape: &Tape<'_>, told: &Told<'_, '_>, ruling: &mut Ruling) {
    let mut demands = Vec::new();
    for track in &tape.appointments.tracks {
        changes(track, &mut demands);
        reminders(tape, track, &mut demands);
    }
    offers(tape, &mut demands);
    for demand in demands {
        ruling.count(Claim::C9, "facts that demand a notice", 1);
        let others = acting(tape, &demand);
        ruling.count(Claim::C9, "of which others hear", others.len() as u64);
        for whom in others.into_iter().chain(reachable(tape, demand.citizen)) {
            if let Some(why) = missing(tape, told, &demand, whom) {
                let text = format!("{} {why}, to {whom}", name(&demand.about));
                ruling.violation(Claim::C9, tape.end_step, (demand.step, tape.end_step), text);
            }
        }
    }
}

/// Whoever has a cabinet is told there.
fn reachable<'t>(tape: &Tape<'_>, citizen: &'t str) -> Option<&'t str> {
    let record = tape.people.get(citizen).and_then(|track| track.last());
    record.is_none_or(|record| record.cabinet && record.closed_ms.is_none()).then_some(citizen)
}

/// Who could act for the citizen in this from the fact to the end, and so hears of it.
fn acting<'t>(tape: &'t Tape<'_>, demand: &Demand<'_>) -> Vec<&'t str> {
    let theirs = tape.rights.tracks.iter().filter(|track| track.key.0 == demand.citizen);
    let all_the_time = theirs.filter(|track| {
        let later = track.within(demand.step, tape.end_step).iter().map(|version| version.item.as_ref());
        let held =
            |right: Option<&Right>| right.is_some_and(|right| right.holds(Some(demand.service), tape.end_us));
        held(track.at(demand.step)) && later.into_iter().all(held)
    });
    // Into a cabinet that was closed goes nothing of this.
    let open = |who: &&str| {
        let record = tape.people.get(*who).and_then(|track| track.last());
        record.is_none_or(|record| record.closed_ms.is_none())
    };
    all_the_time.map(|track| track.key.1.as_str()).filter(open).collect()
}

/// Runs of the clock after which nothing due is left over.
const TICKS: usize = 4;
/// Runs of the clock that are closer together count once.
const APART_US: i64 = 30_000_000;

fn changes<'t>(track: &'t Track<String, Appointment>, demands: &mut Vec<Demand<'t>>) {
    for version in &track.versions {
        let Some(item) = &version.item else { continue };
        if let Some(kind) = did(item).and_then(|did| kind_of(did, item.version)) {
            let about = About { kind: kind.to_owned(), subject: item.id.clone(), version: item.version };
            let (citizen, service) = (item.citizen.as_str(), item.service.as_str());
            demands.push(Demand { about, step: version.step, citizen, service });
        }
    }
}

/// A reminder is demanded of a start that stood when its time came and for a while after.
fn reminders<'t>(tape: &Tape<'_>, track: &'t Track<String, Appointment>, demands: &mut Vec<Demand<'t>>) {
    let mut at = 0;
    while at < track.versions.len() {
        let first = &track.versions[at];
        let stands = |version: &Version<Appointment>| {
            version.item.as_ref().filter(|item| item.is_planned()).map(|item| item.seat.starts_at_s)
        };
        let Some(starts_at_s) = stands(first) else {
            at += 1;
            continue;
        };
        let rest = &track.versions[at..];
        let length = rest.iter().take_while(|version| stands(version) == Some(starts_at_s)).count();
        let until_us = rest.get(length).map_or(tape.end_us, |next| next.at_us);
        for (kind, ahead_s) in REMINDERS {
            let due_us = (starts_at_s - ahead_s) * 1_000_000;
            // Time may leap to just before a change: then the clock must have run, and not only once, for it may fail.
            let ran = runs(tape, due_us, until_us);
            let changed = rest.len() > length;
            let long = until_us > due_us + REMINDER_AFTER_US && (!changed || ran >= TICKS);
            if first.at_us < due_us - REMINDER_BEFORE_US && long {
                let version = u64::try_from(starts_at_s).unwrap_or(0);
                let about = About { kind: kind.to_owned(), subject: track.key.clone(), version };
                let Some(item) = &first.item else { continue };
                let (citizen, service) = (item.citizen.as_str(), item.service.as_str());
                demands.push(Demand { about, step: first.step, citizen, service });
            }
        }
        at += length;
    }
}

/// Runs of the clock between two instants; one that was doubled, or came right behind another, is not one more.
fn runs(tape: &Tape<'_>, after_us: i64, before_us: i64) -> usize {
    let mut last_us = i64::MIN;
    let mut runs = 0;
    for (_, at_us) in tape.ticks.iter().filter(|(_, at_us)| (after_us..before_us).contains(at_us)) {
        if *at_us >= last_us.saturating_add(APART_US) {
            last_us = *at_us;
            runs += 1;
        }
    }
    runs
}

fn offers<'t>(tape: &'t Tape<'_>, demands: &mut Vec<Demand<'t>>) {
    for track in &tape.offers.tracks {
        for version in &track.versions {
            let Some(offer) = &version.item else { continue };
            let kind = match (offer.state.as_str(), offer.silences) {
                ("open", _) => "offer-made",
                ("lapsed", 0) => "offer-lapsed",
                ("lapsed", _) => "offer-lapsed-paused",
                _ => continue,
            };
            let about = About { kind: kind.to_owned(), subject: offer.id.clone(), version: offer.version };
            let (citizen, service) = (offer.citizen.as_str(), offer.service.as_str());
            demands.push(Demand { about, step: version.step, citizen, service });
        }
    }
}

fn missing(tape: &Tape<'_>, told: &Told<'_, '_>, demand: &Demand<'_>, whom: &str) -> Option<String> {
    let about = &demand.about;
    if told.was_told(about, whom) {
        return None;
    }
    let Some(track) = told.notes.get(&(about, whom)) else {
        // Whoever acts for somebody has no row of what was no longer so when it was to be told to them.
        let over = whom != demand.citizen && !still_true(tape, about, tape.end_step, tape.end_us);
        return (!over).then(|| "was told by nobody and has no row".to_owned());
    };
    let last = track.versions.last()?;
    let Some(note) = &last.item else { return Some("was told by nobody and its row is gone".to_owned()) };
    match note.state.as_str() {
        "failed" => None,
        // A reminder that may have been sent is never tried again.
        "claimed" if is_reminder(about) => None,
        "dropped" => {
            still_true(tape, about, last.step, last.at_us).then(|| "was dropped although it is so".to_owned())
        }
        "planned" | "pending" if waits(note, tape.end_us) => None,
        state => Some(format!("was told by nobody, and its row says {state}")),
    }
}

/// Put off till later than the history goes.
fn waits(note: &Note, end_us: i64) -> bool {
    note.due_at_ms.is_some_and(|due| due * 1000 > end_us)
}

/// Whether a fact was still so after a step, when its notice was dropped.
fn still_true(tape: &Tape<'_>, about: &About, step: u64, at_us: i64) -> bool {
    let appointment = tape.appointments.get(&about.subject);
    let at_drop = appointment.and_then(|track| track.at(step));
    match about.kind.as_str() {
        "booked" | "moved" => {
            appointment.is_some_and(|track| superseded(track, about.version, at_us + 1).is_none())
        }
        "no-show" => at_drop.is_some_and(|item| item.phase == "no-show"),
        "reminder-day" | "reminder-hour" => {
            let begun_us =
                i64::try_from(about.version).unwrap_or(0) * 1_000_000 - tape.plan.limits.clock_error_us;
            at_us < begun_us && at_drop.is_some_and(|item| item.is_planned() && starts(item, about.version))
        }
        "offer-made" => {
            let offer = tape.offers.get(&about.subject).and_then(|track| track.at(step));
            let clock_us = tape.plan.limits.clock_error_us;
            offer.is_some_and(|offer| offer.is_open() && at_us < offer.until_ms * 1000 - clock_us)
        }
        _ => true,
    }
}

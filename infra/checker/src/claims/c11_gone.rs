//! C11, a deleted cabinet is gone (PRV-3): from the moment on at which its owner wants that nothing new begins, when its time is
//! over nothing stands, from its closing on it does nothing and hears nothing but that, and in the end nothing is left of it but
//! what the law keeps, without its words.

mod left;

use crate::Mode;
use crate::decode::Record;
use crate::history::Action;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Touch, Track};

/// Runs of the clock that look for closed cabinets, after which nothing of one is left over: for the closing, for the last message,
/// and one that may fail.
const LOOKS: i64 = 3;
/// Kinds of notices that tell of the end.
const LAST_WORD: &str = "cabinet-deleted";

pub fn check(tape: &Tape<'_>, mode: Mode, ruling: &mut Ruling) {
    for track in &tape.people.tracks {
        asked(tape, track, ruling);
        let closed =
            track.versions.iter().find(|version| is(version.item.as_ref(), |record| record.closed_ms));
        match closed {
            Some(closed) => {
                ruling.count(Claim::C11, "cabinets closed", 1);
                after(tape, &track.key, closed.step, closed.at_us, ruling);
                if mode == Mode::Liveness {
                    finished(tape, track, closed.at_us, ruling);
                }
            }
            None if mode == Mode::Liveness => overdue(tape, track, ruling),
            None => {}
        }
    }
    left::check(tape, ruling);
}

fn is(record: Option<&Record>, what: impl Fn(&Record) -> Option<i64>) -> bool {
    record.and_then(what).is_some()
}

/// What stands in the way of a deletion, as it stood after a step.
fn standing(tape: &Tape<'_>, citizen: &str, step: u64, at_us: i64) -> Option<String> {
    let own = tape.appointments.tracks.iter().filter_map(|track| track.at(step));
    let to_come = |ends_at_s: i64| ends_at_s * 1_000_000 > at_us + tape.epsilon_us();
    let mut own = own.filter(|item| item.citizen == citizen && item.is_planned());
    if let Some(item) = own.find(|item| to_come(item.seat.ends_at_s)) {
        return Some(format!("appointment {} at {} is planned", item.id, item.seat));
    }
    let mut offers = tape.offers.tracks.iter().filter_map(|track| track.at(step));
    if let Some(offer) = offers.find(|offer| offer.citizen == citizen && offer.is_open()) {
        return Some(format!("offer {} is open", offer.id));
    }
    let mut places = tape.entries.tracks.iter().filter_map(|track| track.at(step));
    let place = places.find(|entry| entry.citizen == citizen && entry.is_standing());
    place.map(|entry| format!("they wait for {}", entry.service))
}

/// From being asked for to the closing or its being stopped, nothing stands: neither what stood before, nor anything new.
fn asked(tape: &Tape<'_>, track: &Track<String, Record>, ruling: &mut Ruling) {
    for (at, version) in track.versions.iter().enumerate() {
        let Some(record) = version.item.as_ref().filter(|record| record.closed_ms.is_none()) else {
            continue;
        };
        let Some(asked_ms) = record.deletion_asked_ms else {
            let stopped = track.before(at).is_some_and(|before| before.deletion_asked_ms.is_some());
            ruling.count(Claim::C11, "deletions stopped", u64::from(stopped));
            continue;
        };
        let anew = track.before(at).is_none_or(|before| before.deletion_asked_ms != Some(asked_ms));
        ruling.count(Claim::C11, "deletions asked for", u64::from(anew));
        let next = track.versions.get(at + 1);
        let until = next.map_or(tape.end_step, |next| next.step);
        let wrong = standing(tape, &track.key, version.step, version.at_us)
            .map(|why| (version.step, why))
            .or_else(|| begun(tape, &track.key, version.step, until));
        if let Some((step, why)) = wrong {
            let text = format!("{} wants the cabinet deleted, and {why}", track.key);
            ruling.violation(Claim::C11, step, (version.step, step), text);
        }
        let early = next.and_then(|next| Some((next, next.item.as_ref()?.closed_ms?)));
        if let Some((next, _)) = early {
            let due_us = asked_ms * 1000 + tape.plan.limits.deletion_after_s * 1_000_000;
            if next.at_us < due_us - tape.epsilon_us() {
                let by_s = (due_us - next.at_us) / 1_000_000;
                let text = format!("{}'s cabinet was closed {by_s} s early", track.key);
                ruling.violation(Claim::C11, next.step, (version.step, next.step), text);
            }
        }
    }
}

/// The first commit after one step and until another after which something stands that did not.
fn begun(tape: &Tape<'_>, citizen: &str, after: u64, until: u64) -> Option<(u64, String)> {
    let first = tape.commits.partition_point(|commit| commit.step <= after);
    let commits = tape.commits[first..].iter().take_while(|commit| commit.step <= until);
    let touching = |touch: &Touch| match *touch {
        Touch::Appointment(track, version) => {
            let item = tape.appointments.tracks[track].versions[version].item.as_ref();
            item.is_some_and(|item| item.citizen == citizen)
        }
        Touch::Offer(track, version) => tape.offers.tracks[track].versions[version]
            .item
            .as_ref()
            .is_some_and(|offer| offer.citizen == citizen),
        Touch::Entry(track, _) => tape.entries.tracks[track].key.0 == citizen,
        _ => false,
    };
    let mut touched = commits.filter(|commit| commit.touches.iter().any(touching));
    touched
        .find_map(|commit| standing(tape, citizen, commit.step, commit.at_us).map(|why| (commit.step, why)))
}

/// From the closing on nothing is done in the citizen's name, nothing is theirs, and nothing is told but the end.
fn after(tape: &Tape<'_>, citizen: &str, closed: u64, closed_us: i64, ruling: &mut Ruling) {
    let mut wrong = |step: u64, text: String| {
        ruling.violation(
            Claim::C11,
            step,
            (closed, step),
            format!("{citizen}'s cabinet was closed, and {text}"),
        );
    };
    for operation in &tape.operations {
        // What everybody may look at asks for no session, and a visit is its office's.
        let anybody = matches!(
            operation.action,
            Action::Close { .. }
                | Action::Calendar { .. }
                | Action::Slots { .. }
                | Action::CheckIn { .. }
                | Action::Attend { .. }
        );
        let theirs = (operation.client == citizen && operation.by.is_none()) || operation.by == Some(citizen);
        let Some((_, returned)) = operation.ok().filter(|_| theirs && !anybody) else { continue };
        if operation.called > closed {
            wrong(returned, format!("was answered: {operation}"));
        }
    }
    if let Some(guard) = tape.actives.get(citizen)
        && let Some(version) =
            guard.within(closed, tape.end_step).iter().find(|version| version.item.is_some())
    {
        wrong(version.step, "they hold something again".to_owned());
    }
    if let Some((step, why)) = begun(tape, citizen, closed, tape.end_step) {
        wrong(step, why);
    }
    let handed_over_us = closed_us + tape.plan.limits.invocation_us + tape.epsilon_us();
    for (step, at_us, sent) in tape.sent.iter().filter(|(_, _, sent)| sent.citizen == citizen) {
        let about = tape.told(sent);
        let own = about.as_ref().is_some_and(|about| !is_about_visits(&about.kind));
        if *step > closed && *at_us > handed_over_us && about.is_some() && !own {
            wrong(
                *step,
                format!("they were told by {} of {:?}", sent.channel, about.map(|about| about.kind)),
            );
        }
    }
}

/// Whether a kind of notice tells of visits and of waiting for them; others tell what happened to the cabinet itself.
fn is_about_visits(kind: &str) -> bool {
    kind.starts_with("offer-")
        || kind.starts_with("reminder-")
        || matches!(
            kind,
            "booked" | "moved" | "cancelled" | "displaced" | "no-show" | "no-show-undone" | "visit-closed"
        )
}

/// Once all is well again a closed cabinet is gone after some looks, and its owner was told, or could not be.
fn finished(tape: &Tape<'_>, track: &Track<String, Record>, closed_us: i64, ruling: &mut Ruling) {
    let since_us = closed_us.max(tape.calm.1);
    let time_us = LOOKS * tape.plan.limits.cabinets_every_s * 1_000_000;
    let gone = track.versions.iter().find(|version| is(version.item.as_ref(), |record| record.gone_ms));
    let Some(gone) = gone else {
        if tape.end_us > since_us + time_us {
            let text = format!("{}'s cabinet was closed, and is not gone", track.key);
            ruling.violation(Claim::C11, tape.end_step, (tape.end_step, tape.end_step), text);
        }
        return;
    };
    ruling.count(Claim::C11, "cabinets gone", 1);
    let of_the_end = |about: &crate::history::About| about.kind == LAST_WORD;
    let theirs = tape.sent.iter().filter(|(_, _, sent)| sent.citizen == track.key);
    let told = theirs.filter_map(|(_, _, sent)| tape.told(sent)).any(|about| of_the_end(&about));
    let notes = tape.notes.tracks.iter().filter(|note| note.key.0 == track.key);
    let states = notes.flat_map(|note| &note.versions).filter_map(|version| version.item.as_ref());
    let failed = states.into_iter().any(|note| of_the_end(&note.about) && note.state == "failed");
    if !told && !failed {
        let text = format!("{}'s cabinet is gone, and its owner was never told", track.key);
        ruling.violation(Claim::C11, gone.step, (gone.step, gone.step), text);
    }
}

/// A cabinet whose time has come is closed.
fn overdue(tape: &Tape<'_>, track: &Track<String, Record>, ruling: &mut Ruling) {
    let Some(asked_ms) = track.last().and_then(|record| record.deletion_asked_ms) else { return };
    let due_us = asked_ms * 1000 + tape.plan.limits.deletion_after_s * 1_000_000;
    let look_us = tape.plan.limits.cabinets_every_s * 1_000_000;
    if tape.end_us > due_us.max(tape.calm.1) + look_us + 2 * 60_000_000 {
        let late_s = (tape.end_us - due_us) / 1_000_000;
        let text = format!("{}'s cabinet was to be closed {late_s} s ago", track.key);
        ruling.violation(Claim::C11, tape.end_step, (tape.end_step, tape.end_step), text);
    }
}

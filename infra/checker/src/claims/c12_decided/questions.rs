//! What registries are asked (BKG-3, ACC-12): nothing marked «to be checked» is forgotten. It is asked until somebody answers or
//! nobody needs to know, and once all is well again whatever was due has been asked.

use crate::Mode;
use crate::decode::{Appointment, Question};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};

const TO_CHECK: &str = "needs-check";
/// What is due is asked within so long: a lost message is found by the clock some minutes later.
const ASKED_WITHIN_US: i64 = 10 * 60_000_000;

pub fn check(tape: &Tape<'_>, mode: Mode, ruling: &mut Ruling) {
    for track in &tape.appointments.tracks {
        marked(tape, track, ruling);
    }
    for track in &tape.questions.tracks {
        closed(tape, track, ruling);
        if mode == Mode::Liveness {
            overdue(tape, track, ruling);
        }
    }
}

/// Whoever is to be checked is asked about from then on.
fn marked(tape: &Tape<'_>, track: &Track<String, Appointment>, ruling: &mut Ruling) {
    for (at, version) in track.versions.iter().enumerate() {
        let Some(item) = version.item.as_ref().filter(|item| item.mark == TO_CHECK) else { continue };
        if track.before(at).is_some_and(|before| before.mark == TO_CHECK) {
            continue;
        }
        ruling.count(Claim::C12, "appointments to be checked", 1);
        let key = (item.citizen.clone(), item.id.clone());
        let asked = tape.questions.get(&key).and_then(|question| question.at(version.step));
        if asked.is_none_or(|question| question.next_at_ms.is_none()) {
            let text = format!("appointment {} is to be checked, and nobody asks", item.id);
            ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
        }
    }
}

/// A question is closed by an answer, by the word that there was none, or when nobody needs to know.
fn closed(tape: &Tape<'_>, track: &Track<(String, String), Question>, ruling: &mut Ruling) {
    if track.key.1.is_empty() {
        return;
    }
    for (at, version) in track.versions.iter().enumerate() {
        let open =
            |question: Option<&Question>| question.is_some_and(|question| question.next_at_ms.is_some());
        if !open(track.before(at)) || open(version.item.as_ref()) {
            continue;
        }
        ruling.count(Claim::C12, "questions closed", 1);
        let appointment = tape.appointments.get(&track.key.1).and_then(|track| track.at(version.step));
        let Some(item) = appointment else { continue };
        let ahead =
            item.is_planned() && item.seat.starts_at_s * 1_000_000 > version.at_us + tape.epsilon_us();
        let own = item.changes.iter().find(|change| change.version == item.version);
        let doubted = own.is_some_and(|change| change.did == "eligibility-doubted");
        if ahead && item.mark == TO_CHECK && !doubted {
            let text = format!("nobody asks any more about appointment {}, which is to be checked", item.id);
            ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
        }
    }
}

fn overdue(tape: &Tape<'_>, track: &Track<(String, String), Question>, ruling: &mut Ruling) {
    // A policy about which staff are to decide keeps the age of its question.
    let open = |question: &&Question| question.checked.as_deref().is_none_or(|checked| checked == "pending");
    let Some(next_at_ms) = track.last().filter(open).and_then(|question| question.next_at_ms) else { return };
    // What is over needs no answer; whoever finds it due closes it.
    let since_us = (next_at_ms * 1000).max(tape.calm.1);
    if tape.end_us > since_us + ASKED_WITHIN_US {
        let late_s = (tape.end_us - next_at_ms * 1000) / 1_000_000;
        let (citizen, of) = &track.key;
        let text = format!("{citizen} was to be asked about {late_s} s ago (appointment {of:?})");
        ruling.violation(Claim::C12, tape.end_step, (tape.end_step, tape.end_step), text);
    }
}

//! C9, notices tell the truth: each corresponds to a committed version; none contradicts a version committed a minute
//! before it was sent; reminders at most once, everything else with duplicates counted and marked by the same number.
//!
//! When faults have stopped and everything drained: each fact that demands a notice has an accepted send or a
//! recorded terminal failure.

mod demanded;
mod truth;

use crate::Mode;
use crate::decode::{Note, notice_about};
use crate::history::{About, Sent, Terminal};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};
use std::collections::HashMap;

pub fn check(tape: &Tape<'_>, mode: Mode, ruling: &mut Ruling) {
    let told = Told::of(tape, ruling);
    for ((about, _, channel), sends) in &told.sends {
        for (at, (step, at_us, sent)) in sends.iter().enumerate() {
            if let Some(why) = truth::untrue(tape, about, &sent.citizen, *step, *at_us) {
                let text = format!("{} by {channel} to {}: {why}", name(about), sent.citizen);
                ruling.violation(Claim::C9, *step, (*step, *step), text);
            }
            if at > 0 {
                again(about, channel, sends, at, ruling);
            }
        }
    }
    if mode == Mode::Liveness {
        demanded::check(tape, &told, ruling);
    }
}

/// When, and what, a provider accepted.
type Send<'h> = (u64, i64, &'h Sent);

/// A notice's row, by citizen and number.
type NoteTrack = Track<(String, String), Note>;

/// What was told, and what the table says of it.
struct Told<'t, 'h> {
    /// By what is told, to whom, by which channel: whoever acts for others hears of it too.
    sends: HashMap<(About, &'h str, &'h str), Vec<Send<'h>>>,
    notes: HashMap<(&'t About, &'t str), &'t NoteTrack>,
}

impl<'t, 'h> Told<'t, 'h> {
    fn of(tape: &'t Tape<'h>, ruling: &mut Ruling) -> Self {
        let mut notes = HashMap::new();
        let mut messages = HashMap::new();
        for track in &tape.notes.tracks {
            for note in track.versions.iter().filter_map(|version| version.item.as_ref()) {
                notes.insert((&note.about, track.key.0.as_str()), track);
                messages.extend(note.sent.iter().map(|(_, message)| (message.as_str(), &note.about)));
            }
        }
        let mut sends: HashMap<(About, &str, &str), Vec<Send<'_>>> = HashMap::new();
        for (step, at_us, sent) in &tape.sent {
            if sent.terminal == Terminal::Failed {
                ruling.count(Claim::C9, "refused by providers", 1);
                continue;
            }
            let by_message = || messages.get(sent.message.as_deref()?).map(|about| (*about).clone());
            let by_number = || notice_about(sent.notice.as_deref()?);
            match sent.about.clone().or_else(by_number).or_else(by_message) {
                Some(about) => {
                    ruling.count(Claim::C9, "accepted sends", 1);
                    sends
                        .entry((about, &sent.citizen, &sent.channel))
                        .or_default()
                        .push((*step, *at_us, sent));
                }
                None => ruling.count(Claim::C9, "sends that tell no fact", 1),
            }
        }
        ruling.count(Claim::C9, "notices", tape.notes.tracks.len() as u64);
        Self { sends, notes }
    }

    fn was_told(&self, about: &About, whom: &str) -> bool {
        ["mail", "sms"].iter().any(|channel| self.sends.contains_key(&(about.clone(), whom, *channel)))
    }
}

fn again(about: &About, channel: &str, sends: &[Send<'_>], at: usize, ruling: &mut Ruling) {
    let (first, (step, _, sent)) = (&sends[0], &sends[at]);
    let window = (first.0, *step);
    if is_reminder(about) {
        let text = format!("{} went by {channel} at step {} and again", name(about), first.0);
        ruling.violation(Claim::C9, *step, window, text);
        return;
    }
    ruling.count(Claim::C9, "duplicates", 1);
    if let (Some(a), Some(b)) = (&first.2.notice, &sent.notice)
        && a != b
    {
        let text = format!("{} went by {channel} under two numbers, {a} and {b}", name(about));
        ruling.violation(Claim::C9, *step, window, text);
    }
}

fn is_reminder(about: &About) -> bool {
    about.kind.starts_with("reminder-")
}

fn name(about: &About) -> String {
    format!("{} of {} version {}", about.kind, about.subject, about.version)
}

//! What claims ask of the tape more than once.

use super::Tape;
use crate::decode;
use crate::history::{About, Sent};

impl Tape<'_> {
    /// What a message told, as far as anything says so.
    pub fn told(&self, sent: &Sent) -> Option<About> {
        let by_number = || decode::notice_about(sent.notice.as_deref()?);
        sent.about.clone().or_else(by_number).or_else(|| {
            let message = sent.message.as_deref()?;
            let notes = self.notes.tracks.iter().flat_map(|track| &track.versions);
            let mut notes = notes.filter_map(|version| version.item.as_ref());
            let told = notes.find(|note| note.sent.iter().any(|(_, of)| of == message));
            told.map(|note| note.about.clone())
        })
    }

    /// Whether one person could act for another, in anything of a service, at some time between two instants; what was
    /// written between two steps counts.
    pub fn could_act(
        &self,
        (citizen, representative): (&str, &str),
        service: Option<&str>,
        (from, from_us): (u64, i64),
        until: u64,
    ) -> bool {
        let key = (citizen.to_owned(), representative.to_owned());
        let Some(track) = self.rights.get(&key) else { return false };
        let later = track.within(from, until).iter().filter_map(|version| version.item.as_ref());
        track.at(from).into_iter().chain(later).any(|right| right.holds(service, from_us))
    }
}

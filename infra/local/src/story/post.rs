//! Letters as they arrive: who must get which, and nobody anything else; whole at the first of a kind, then short.

use super::cast::{Cast, Who};
use super::page::Page;
use crate::embedded::outbox::{Channel, Outbox, Sent};
use crate::people::Person;
use domain::notice::NoticeKind;
use std::collections::BTreeSet;

/// Characters of an SMS in short.
const SHORT: usize = 64;
/// Letters looked at in one go; no scene sends as many.
const LETTERS_MAX: u32 = 200;

/// What has arrived and been shown.
#[derive(Debug, Default)]
pub struct Post {
    read_to: i64,
    shown: BTreeSet<(bool, &'static str, String)>,
    texts: Vec<(Who, NoticeKind, Channel, String)>,
}

impl Post {
    /// Shows what was sent since the last look and notes whatever was not expected or did not come.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub fn arrive(
        &mut self,
        outbox: &Outbox,
        cast: &Cast,
        expected: &[(Who, NoticeKind)],
        page: &mut Page<'_>,
    ) -> Result<(), rusqlite::Error> {
        let sent = outbox.list(self.read_to, LETTERS_MAX)?;
        self.read_to = sent.last().map_or(self.read_to, |last| last.number);
        let mut due: Vec<(Who, NoticeKind, Channel)> = Vec::new();
        for (who, kind) in expected {
            for channel in text::channels(*kind) {
                match channel {
                    text::Channel::Mail => due.push((*who, *kind, Channel::Mail)),
                    text::Channel::Sms => due.push((*who, *kind, Channel::Sms)),
                    text::Channel::Inbox => {}
                }
            }
        }
        for letter in &sent {
            let to = Who::ALL.into_iter().find(|who| is_to(letter, cast.person(*who)));
            let place = due.iter().position(|(who, kind, channel)| {
                Some(*who) == to && *channel == letter.letter.channel && is_of(letter, *kind)
            });
            match place.map(|place| due.remove(place)) {
                Some((who, kind, _)) => self.show(letter, who, kind, &cast.person(who).language, page),
                None => page.different(format!(
                    "nobody should have been sent this: {:?} to {:?}: {}",
                    letter.letter.channel,
                    letter.letter.to,
                    letter.letter.subject.as_deref().or(letter.letter.text.as_deref()).unwrap_or_default()
                )),
            }
        }
        for (who, kind, channel) in due {
            page.different(format!("{who} was sent no {channel:?} of the kind {}", kind.name()));
        }
        Ok(())
    }

    /// The newest SMS of a kind to somebody; empty when there was none.
    pub fn sms(&self, who: Who, kind: NoticeKind) -> String {
        self.newest(who, kind, Channel::Sms)
    }

    /// The newest mail of a kind to somebody; empty when there was none.
    pub fn mail(&self, who: Who, kind: NoticeKind) -> String {
        self.newest(who, kind, Channel::Mail)
    }

    fn newest(&self, who: Who, kind: NoticeKind, channel: Channel) -> String {
        let found = self.texts.iter().rev().find(|(to, of, by, _)| (*to, *of, *by) == (who, kind, channel));
        found.map(|(.., text)| text.clone()).unwrap_or_default()
    }

    /// Shows the next of a kind whole once more: it has something new in it.
    pub fn show_whole_again(&mut self, kind: NoticeKind) {
        self.shown.retain(|(_, of, _)| *of != kind.name());
    }

    fn show(&mut self, sent: &Sent, who: Who, kind: NoticeKind, language: &str, page: &mut Page<'_>) {
        let text = sent.letter.text.as_deref().unwrap_or_default();
        let subject = sent.letter.subject.as_deref().unwrap_or_default();
        let is_mail = sent.letter.channel == Channel::Mail;
        let first = self.shown.insert((is_mail, kind.name(), language.to_owned()));
        match (is_mail, first) {
            (false, true) => page.paragraph(6, &format!("SMS to {who}: {text}")),
            (false, false) => page.paragraph(6, &format!("SMS to {who}: {}", short(text))),
            (true, true) => {
                page.paragraph(6, &format!("Mail to {who}: «{subject}»"));
                text.lines().for_each(|line| page.quoted(line));
            }
            (true, false) => page.paragraph(6, &format!("Mail to {who}: «{subject}»")),
        }
        let (segments, most) = (text::sms_segments(text), if text.contains("://") { 3 } else { 2 });
        if !is_mail && segments > most {
            page.different(format!("an SMS of {segments} segments, must be at most {most}: {text}"));
        }
        self.texts.push((who, kind, sent.letter.channel, text.to_owned()));
    }
}

fn is_to(sent: &Sent, person: &Person) -> bool {
    sent.letter.to.iter().all(|to| *to == person.phone || *to == person.email)
}

/// Mails say of which kind they are, by their tag; an SMS has no room for it.
fn is_of(sent: &Sent, kind: NoticeKind) -> bool {
    let tag = sent.letter.request.pointer("/EmailTags/0/Value").and_then(|value| value.as_str());
    tag.is_none_or(|tag| tag.split('_').any(|part| part == kind.name()) || tag.starts_with(kind.name()))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

//! A notice: the inbox shows it, the notifier sends it at most as often as its kind allows.

use super::{appointment, at, id, ms, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::appointment::Sealed;
use domain::notice::NoticeKind;
use domain::{AppointmentId, CitizenId, Ulid};
use serde::{Deserialize, Serialize};

/// Which fact is told: its time, what it is about and which version of it.
///
/// The identifier is made of the fact alone, so that telling it twice is the same row; and it begins
/// with the time, so that an inbox reads newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeId {
    pub at: DateTime<Utc>,
    pub kind: NoticeKind,
    pub subject: Ulid,
    pub version: u64,
}

impl core::fmt::Display for NoticeId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:010}.{}.{}.{}", self.at.timestamp(), self.kind.name(), self.subject, self.version)
    }
}

impl NoticeId {
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let id = Self {
            at: DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?,
            kind: NoticeKind::parse(parts.next()?)?,
            subject: Ulid::from_string(parts.next()?).ok()?,
            version: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(id)
    }
}

/// How far a notice has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteState {
    /// To be sent; not yet in the inbox.
    Planned,
    /// Being sent, by whoever wrote this: a reminder is never tried twice.
    Claimed,
    /// In the inbox; sending is put off or still being tried.
    Pending,
    Sent,
    /// What it says is no longer so: nothing was sent.
    Dropped,
    /// Every channel refused for good.
    Failed,
}

impl NoteState {
    const ALL: [NoteState; 6] = [
        NoteState::Planned,
        NoteState::Claimed,
        NoteState::Pending,
        NoteState::Sent,
        NoteState::Dropped,
        NoteState::Failed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            NoteState::Planned => "planned",
            NoteState::Claimed => "claimed",
            NoteState::Pending => "pending",
            NoteState::Sent => "sent",
            NoteState::Dropped => "dropped",
            NoteState::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub citizen: CitizenId,
    pub id: NoticeId,
    pub state: NoteState,
    /// When to send it, if not at once.
    pub due_at: Option<DateTime<Utc>>,
    /// Channels that took it, with the provider's message ids.
    pub sent: Vec<(String, String)>,
    /// The facts as they were told, for showing it again in any language: office and start.
    pub about: Option<About>,
    /// Whose appointment or offer it is about, where it tells whoever acts for them (ACC-10).
    pub of: Option<CitizenId>,
}

/// A document, the code of why its file was refused, and that sentence's facts.
pub type FileTold = (String, String, Vec<(String, String)>);

/// What a notice told, kept small: the text is made anew in the reader's language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The appointment's or offer's start, seconds; of anything else when it was.
    pub s: i64,
    /// Office; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub o: String,
    /// Service; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub v: String,
    /// The start before a move, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<i64>,
    /// The office before a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po: Option<String>,
    /// The end of an offer, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u: Option<i64>,
    /// Number, queue number and code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<(String, String, String)>,
    /// The reason given, sealed as it is in the appointment's change of the notice's version.
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    pub rs: Option<Vec<u8>>,
    /// A document, and why its file was refused: code and facts of the sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f: Option<FileTold>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
    /// How a visit ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r: Option<String>,
    /// The name of the specialist who was asked for, in both languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<(String, String)>,
    /// Documents of which no file that counts is here yet, where they may come until the visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub l: Vec<String>,
    /// Whether the application is signed electronically.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sg: bool,
}

impl About {
    /// Of an instant, and nothing more.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self { s: at.timestamp(), ..Self::default() }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    st: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    du: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    snt: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ab: Option<About>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bf: Option<String>,
}

pub fn from_item(item: &Item) -> Result<Note, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let state = NoteState::ALL.into_iter().find(|state| state.name() == wire.st);
    Ok(Note {
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        id: key.sk.strip_prefix(keys::NOTE).and_then(NoticeId::parse).ok_or_else(unknown("notice"))?,
        state: state.ok_or_else(unknown("state"))?,
        due_at: wire.du.map(at).transpose()?,
        sent: wire.snt,
        about: wire.ab,
        of: wire.bf.map(|of| id(&of, "beneficiary")).transpose()?,
    })
}

pub fn to_item(note: &Note) -> Result<(Key, Item), StoreError> {
    let key = keys::note(note.citizen, &note.id.to_string());
    let wire = Wire {
        st: note.state.name().to_owned(),
        du: note.due_at.map(ms),
        snt: note.sent.clone(),
        ab: note.about.clone(),
        bf: note.of.map(|of| of.to_string()),
    };
    let mut item = write(&key, &wire)?;
    if let Some(due_at) = note.due_at {
        set_due(&mut item, &key, keys::Due::Work, due_at);
    }
    Ok((key, item))
}

/// Reads the reason that a notice gives; none when it gives none.
pub fn reason(id: &NoticeId, about: &About, vault: &Vault) -> Result<Option<String>, StoreError> {
    let sealed = about.rs.clone().map(Sealed);
    let open = |sealed| appointment::open_reason(vault, AppointmentId(id.subject), id.version, &sealed);
    sealed.map(open).transpose()
}

/// The service a note is about, if it still can be told.
pub fn service(about: &About) -> Result<domain::ServiceId, StoreError> {
    id(&about.v, "service")
}

//! The files that a citizen keeps for one service, and what is still lacking (DOC-5, DOC-6).

use super::{FileFormat, Unfit};
use crate::catalogue::{DocumentNeed, Service};
use crate::{DocumentId, FileId};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Files of one document that wait or are kept: two sides of a paper, or the pages that somebody photographed.
pub const FILES_EACH_MAX: usize = 5;
/// Files of a folder, those included that were refused.
pub const FILES_MAX: usize = 40;
/// How long a form for an upload is good.
pub const UPLOAD_WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How long after that somebody looks whether anything came: storage may be slow in telling.
pub const LOOK_AFTER: TimeDelta = TimeDelta::minutes(5);
/// How long what came is tried to be looked at; longer than a bad day of everything that this needs.
pub const LOOK_FOR: TimeDelta = TimeDelta::hours(24);

/// How often looking at a file is begun that never comes to an end: it takes what a look has of time or of memory, each time.
pub const LOOKS_MAX: u8 = 5;

/// A folder. One that nobody wrote to is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// How often it was changed.
    pub version: u64,
    /// Whether a condition holds for the citizen, by the document that is asked for under it.
    pub answers: BTreeMap<DocumentId, bool>,
    /// In the order in which they came.
    pub files: Vec<File>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub document: DocumentId,
    /// The name, sealed: people write their own into it.
    pub name: Vec<u8>,
    /// What the name promises.
    pub format: FileFormat,
    pub bytes: u32,
    /// When the paper was issued, if its kind has a term.
    pub issued_on: Option<NaiveDate>,
    pub state: FileState,
    /// How often somebody began to look at it of whom nobody knows that they ended.
    pub looks: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// May be uploaded until then, and is looked at as soon as it came.
    Awaited {
        until: DateTime<Utc>,
    },
    /// Kept: these bytes and no others.
    Accepted {
        at: DateTime<Utc>,
        pages: Option<u32>,
        sha256: Vec<u8>,
    },
    Refused {
        at: DateTime<Utc>,
        reason: Reason,
    },
}

/// Why a file was refused: the code of a sentence and the sentence's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: String,
    pub facts: Vec<(String, String)>,
}

impl From<&Unfit> for Reason {
    fn from(unfit: &Unfit) -> Self {
        let facts = unfit.facts().into_iter().map(|(name, value)| (name.to_owned(), value));
        Reason { code: unfit.name().to_owned(), facts: facts.collect() }
    }
}

impl Reason {
    /// It could not be looked at for [`LOOK_FOR`], whoever is to blame.
    pub fn not_looked_at() -> Reason {
        Reason { code: "not-looked-at".to_owned(), facts: Vec::new() }
    }
}

/// Why a document is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Nobody said yet whether the condition holds.
    Unanswered,
    Missing,
    /// It was uploaded, or is about to be, and is not looked at yet.
    Awaited,
    Refused,
    /// The paper is too old.
    Expired,
}

impl Lack {
    pub const ALL: [Lack; 5] = [Lack::Unanswered, Lack::Missing, Lack::Awaited, Lack::Refused, Lack::Expired];

    pub fn name(self) -> &'static str {
        match self {
            Lack::Unanswered => "unanswered",
            Lack::Missing => "missing",
            Lack::Awaited => "awaited",
            Lack::Refused => "refused",
            Lack::Expired => "expired",
        }
    }
}

impl File {
    /// Whether it takes room: what was refused is not kept.
    pub fn takes_room(&self) -> bool {
        !matches!(self.state, FileState::Refused { .. })
    }

    /// The last date on which a paper of a term counts.
    pub fn good_until(&self, need: &DocumentNeed) -> Option<NaiveDate> {
        let days = Days::new(u64::from(need.valid_days?));
        self.issued_on?.checked_add_days(days)
    }

    /// When somebody is to look whether it came.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            FileState::Awaited { until } => Some(until + LOOK_AFTER),
            _ => None,
        }
    }
}

impl Folder {
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }

    /// Bytes of all files that wait or are kept.
    pub fn bytes(&self) -> usize {
        self.files.iter().filter(|file| file.takes_room()).map(|file| file.bytes as usize).sum()
    }

    pub fn of<'a>(&'a self, document: &'a DocumentId) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.document == *document)
    }

    /// Whether a document is asked of this citizen; none when that hangs on a condition of which they said nothing.
    pub fn asks_for(&self, need: &DocumentNeed) -> Option<bool> {
        match need.condition {
            None => Some(true),
            Some(_) => self.answers.get(&need.document).copied(),
        }
    }

    /// Why a document is lacking on a date; none when it is not.
    pub fn lack(&self, need: &DocumentNeed, on: NaiveDate) -> Option<Lack> {
        if self.asks_for(need) == Some(false) {
            return None;
        }
        let found = || self.of(&need.document);
        let kept = |file: &&File| matches!(file.state, FileState::Accepted { .. });
        let good =
            |file: &File| need.valid_days.is_none() || file.good_until(need).is_some_and(|last| on <= last);
        if found().filter(kept).any(good) {
            return None;
        }
        let is = |wanted: fn(&FileState) -> bool| found().any(|file| wanted(&file.state));
        Some(if is(|state| matches!(state, FileState::Awaited { .. })) {
            Lack::Awaited
        } else if is(|state| matches!(state, FileState::Accepted { .. })) {
            Lack::Expired
        } else if is(|state| matches!(state, FileState::Refused { .. })) {
            Lack::Refused
        } else if self.asks_for(need).is_none() {
            Lack::Unanswered
        } else {
            Lack::Missing
        })
    }

    /// What of a service is lacking on a date, in the service's order (DOC-6).
    pub fn lacking<'a>(
        &'a self,
        service: &'a Service,
        on: NaiveDate,
    ) -> impl Iterator<Item = (&'a DocumentNeed, Lack)> {
        service.files().filter_map(move |need| Some((need, self.lack(need, on)?)))
    }

    /// When somebody is to look after what was to come.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        self.files.iter().filter_map(File::due_at).min()
    }
}

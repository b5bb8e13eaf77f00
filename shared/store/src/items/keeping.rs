//! How long a cabinet is kept, as its record says: that its owner wants it deleted, that it was closed for that, and what is
//! left in its place in the end (PRV-3).

use super::audit::Said;
use super::{at, id, ms, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{AccountEventId, CitizenId};
use serde::{Deserialize, Serialize};

/// Where the record has it.
pub const ASKED: &str = "del";
pub const CLOSED: &str = "end";
pub const TOLD: &str = "tld";
pub const GONE: &str = "gone";
/// Behind which row the next look goes on.
pub const BEHIND: &str = "bh";
/// How often it was said that somebody is to look.
const LOOKS: &str = "v";

/// A cabinet into which nobody gets any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub at: DateTime<Utc>,
    /// What its owner is told last.
    pub word: AccountEventId,
}

/// How a cabinet stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub citizen: CitizenId,
    /// When its owner asked for its deletion, as long as that stands.
    pub asked_at: Option<DateTime<Utc>>,
    pub closed: Option<Closed>,
    /// Whether the last message is out, or was waited for long enough.
    pub told: bool,
    /// When nothing was left but what the law keeps.
    pub gone_at: Option<DateTime<Utc>>,
    pub behind: Option<String>,
    /// As it was read.
    pub record: Item,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    del: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<(i64, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tld: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bh: Option<String>,
}

pub fn from_item(item: &Item) -> Result<Standing, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let closed = |(when, word): (i64, String)| {
        Ok::<_, StoreError>(Closed { at: at(when)?, word: id(&word, "event")? })
    };
    Ok(Standing {
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        asked_at: wire.del.map(at).transpose()?,
        closed: wire.end.map(closed).transpose()?,
        told: wire.tld.is_some(),
        gone_at: wire.gone.map(at).transpose()?,
        behind: wire.bh,
        record: item.clone(),
    })
}

/// Whether a record is that of a cabinet that was closed; what is left of one is so too.
pub fn is_closed(item: &Item) -> bool {
    item.contains_key(CLOSED)
}

/// Whether a record is all that is left of a cabinet: nothing in it is personal.
pub fn is_gone(item: &Item) -> bool {
    item.contains_key(GONE)
}

/// How often it was said that somebody is to look at the cabinet.
pub fn looks(item: &Item) -> u64 {
    item.get(LOOKS).and_then(|looks| looks.as_n().ok()?.parse().ok()).unwrap_or(0)
}

/// What stands in place of a record from which everything personal is gone, and when somebody looks at the place again.
pub fn left(
    citizen: CitizenId,
    closed: &Closed,
    gone_at: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<(Key, Item), StoreError> {
    let key = keys::me(citizen);
    let end = Some((ms(closed.at), closed.word.to_string()));
    let wire = Wire { del: None, end, tld: None, gone: Some(ms(gone_at)), bh: None };
    let mut item = write(&key, &wire)?;
    set_due(&mut item, &key, keys::Due::Keep, due);
    Ok((key, item))
}

/// Of what the record says of the end: the same while it is closed and when it is gone.
pub(crate) fn end_said(closed: &Closed) -> Result<Said, StoreError> {
    Said::facts(&(ms(closed.at), closed.word.to_string()))
}

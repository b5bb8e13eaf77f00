//! What somebody who works here wrote down about a citizen's call: kept with the citizen, who reads it too.

use super::audit::{Said, digest, hex, unhex, words};
use super::{at, id, ms, read, text, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::{CallNoteId, CitizenId, OfficeId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallNote {
    pub id: CallNoteId,
    pub citizen: CitizenId,
    pub member: StaffId,
    /// For which office the member acted.
    pub office: OfficeId,
    pub at: DateTime<Utc>,
    /// Sealed; empty once it has had its term.
    pub text: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    m: String,
    o: String,
    at: i64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    tx: Vec<u8>,
    /// The digest of what it said, once that is gone: by this an entry of the first form knows it (PRV-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dg: Option<String>,
    /// The digest of the text that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wd: Option<String>,
}

pub fn from_item(item: &Item) -> Result<CallNote, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(CallNote {
        id: id(key.sk.strip_prefix(keys::CALL_NOTE).unwrap_or_default(), "note")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        member: id(&wire.m, "member")?,
        office: id(&wire.o, "office")?,
        at: at(wire.at)?,
        text: wire.tx,
    })
}

pub fn to_item(note: &CallNote) -> Result<(Key, Item), StoreError> {
    let key = keys::call_note(note.citizen, note.id);
    let item = write(&key, &wire(note))?;
    Ok((key, item))
}

fn wire(note: &CallNote) -> Wire {
    Wire {
        m: note.member.to_string(),
        o: note.office.to_string(),
        at: ms(note.at),
        tx: note.text.clone(),
        dg: None,
        wd: None,
    }
}

/// What it says to the chains. A digest that is kept of its text counts only where that has gone.
pub(crate) fn said(item: &Item) -> Result<Said, StoreError> {
    let (whole, row) = (wire(&from_item(item)?), read::<Wire>(item)?);
    let gone = whole.tx.is_empty();
    let (kept, before) = if gone { (row.wd, row.dg) } else { (None, None) };
    let less = kept.is_some() || before.is_some();
    let before = before.map(|before| unhex(&before).ok_or_else(unknown("digest"))).transpose()?;
    let whole_digest = before.map_or_else(|| digest(&whole), Ok)?;
    let wd = if gone { kept } else { Some(words(&whole.tx)) };
    Ok(Said { digest: digest(&Wire { tx: Vec::new(), wd, ..whole })?, whole: whole_digest, less })
}

/// Seals what is written down, for its citizen and this note.
pub fn seal(
    vault: &Vault,
    citizen: CitizenId,
    id: CallNoteId,
    text: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let key = keys::call_note(citizen, id);
    vault.seal(&key.pk, &key.sk, text, nonce)
}

/// Opens it; what has had its term reads as empty.
pub fn open(vault: &Vault, note: &CallNote) -> Result<String, StoreError> {
    if note.text.is_empty() {
        return Ok(String::new());
    }
    let key = keys::call_note(note.citizen, note.id);
    vault.open(&key.pk, &key.sk, &note.text)
}

/// The row once the text has had its term.
pub(crate) fn without_words(item: &Item) -> Result<Item, StoreError> {
    let mut less = item.clone();
    let sealed = from_item(item)?.text;
    if !sealed.is_empty() {
        less.insert("dg".to_owned(), text(hex(&said(item)?.whole)));
        less.insert("wd".to_owned(), text(words(&sealed)));
        less.remove("tx");
    }
    Ok(less)
}

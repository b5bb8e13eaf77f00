//! What somebody who works here wrote down about a citizen's call: kept with the citizen, who reads it too.

use super::audit::{Hash, digest, hex, unhex};
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
    /// The digest of what it said, once that is gone: by this the chain knows it (PRV-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dg: Option<String>,
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
    }
}

pub(crate) fn note_digest(note: &CallNote) -> Result<Hash, StoreError> {
    digest(&wire(note))
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
    if less.contains_key("tx") {
        let said = note_digest(&from_item(item)?)?;
        less.remove("tx");
        less.insert("dg".to_owned(), text(hex(&said)));
    }
    Ok(less)
}

/// What it said before its text was taken out; none as long as it is there.
pub(crate) fn said_before(item: &Item) -> Result<Option<Hash>, StoreError> {
    Ok(read::<Wire>(item)?.dg.as_deref().and_then(unhex))
}

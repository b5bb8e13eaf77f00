//! What somebody who works here wrote down about a citizen's call: kept with the citizen, who reads it too.

use super::audit::{Hash, digest};
use super::{at, id, ms, read, unknown, write};
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
    /// Sealed.
    pub text: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    m: String,
    o: String,
    at: i64,
    #[serde(with = "serde_bytes")]
    tx: Vec<u8>,
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
    Wire { m: note.member.to_string(), o: note.office.to_string(), at: ms(note.at), tx: note.text.clone() }
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

pub fn open(vault: &Vault, note: &CallNote) -> Result<String, StoreError> {
    let key = keys::call_note(note.citizen, note.id);
    vault.open(&key.pk, &key.sk, &note.text)
}

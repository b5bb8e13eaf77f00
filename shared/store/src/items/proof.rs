//! Somebody shows to have a phone or an address: codes are derived from the proof's id and round, never kept (ACC-2, ACC-6).

use super::{at, id, ms, named, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::account::Purpose;
use domain::{CitizenId, ProofId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub id: ProofId,
    pub purpose: Purpose,
    /// Whose cabinet it is about; none when nobody has that phone or address: then no code goes anywhere, and none fits.
    pub citizen: Option<CitizenId>,
    /// Whether somebody else has that phone or address already: then they are told so, and no code fits.
    pub taken: bool,
    /// The epoch of the cabinet that the password was of, where one was said: a session of an ended one is none.
    pub epoch: Option<u64>,
    /// The phone or address, sealed; an address has an `@`.
    pub contact: Vec<u8>,
    /// Which code is the last one sent: every new one ends those before.
    pub round: u32,
    pub code_sent_at: DateTime<Utc>,
    /// Guesses of this round's code.
    pub tries: u32,
    /// When it did what it is for.
    pub done_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
    pub language: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    pu: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cit: Option<String>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    tk: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ep: Option<u64>,
    #[serde(with = "serde_bytes")]
    to: Vec<u8>,
    rd: u32,
    sa: i64,
    tr: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vf: Option<i64>,
    ex: i64,
    lang: String,
    ttl: i64,
}

pub fn from_item(item: &Item) -> Result<Proof, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Proof {
        id: id(key.pk.strip_prefix(keys::PROOF).unwrap_or_default(), "proof")?,
        purpose: named(&Purpose::ALL, Purpose::name, &wire.pu, "purpose")?,
        citizen: wire.cit.as_ref().map(|citizen| id(citizen, "citizen")).transpose()?,
        taken: wire.tk,
        epoch: wire.ep,
        contact: wire.to,
        round: wire.rd,
        code_sent_at: at(wire.sa)?,
        tries: wire.tr,
        done_at: wire.vf.map(at).transpose()?,
        expires_at: at(wire.ex)?,
        language: wire.lang,
    })
}

/// Leftovers go a day after they expired; nothing is decided from that.
const KEPT_S: i64 = 24 * 3600;

pub fn to_item(proof: &Proof) -> Result<(Key, Item), StoreError> {
    let key = keys::proof(proof.id);
    let wire = Wire {
        pu: proof.purpose.name().to_owned(),
        cit: proof.citizen.map(|citizen| citizen.to_string()),
        tk: proof.taken,
        ep: proof.epoch,
        to: proof.contact.clone(),
        rd: proof.round,
        sa: ms(proof.code_sent_at),
        tr: proof.tries,
        vf: proof.done_at.map(ms),
        ex: ms(proof.expires_at),
        lang: proof.language.clone(),
        ttl: proof.expires_at.timestamp() + KEPT_S,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

pub fn seal_contact(
    vault: &Vault,
    id: ProofId,
    contact: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::proof(id).pk, "to", contact, nonce)
}

pub fn open_contact(vault: &Vault, proof: &Proof) -> Result<String, StoreError> {
    vault.open(&keys::proof(proof.id).pk, "to", &proof.contact)
}

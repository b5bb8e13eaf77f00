//! A registration under way: codes are derived from its id and round, never kept (ACC-1).

use super::{at, id, ms, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::{CitizenId, RegistrationId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub id: RegistrationId,
    /// The phone, sealed.
    pub phone: Vec<u8>,
    /// Which code is the last one sent: every new one ends those before.
    pub round: u32,
    pub code_sent_at: DateTime<Utc>,
    /// Guesses of this round's code.
    pub tries: u32,
    /// Whether somebody registered with this phone already: then the message says so, and no code is sent.
    pub known: bool,
    pub verified_at: Option<DateTime<Utc>>,
    /// The cabinet that it ended with.
    pub citizen: Option<CitizenId>,
    pub expires_at: DateTime<Utc>,
    pub language: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(with = "serde_bytes")]
    tel: Vec<u8>,
    rd: u32,
    sa: i64,
    tr: u32,
    kn: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cit: Option<String>,
    ex: i64,
    lang: String,
    ttl: i64,
}

pub fn from_item(item: &Item) -> Result<Registration, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Registration {
        id: id(key.pk.strip_prefix(keys::REGISTRATION).unwrap_or_default(), "registration")?,
        phone: wire.tel,
        round: wire.rd,
        code_sent_at: at(wire.sa)?,
        tries: wire.tr,
        known: wire.kn,
        verified_at: wire.vf.map(at).transpose()?,
        citizen: wire.cit.as_ref().map(|citizen| id(citizen, "citizen")).transpose()?,
        expires_at: at(wire.ex)?,
        language: wire.lang,
    })
}

/// Leftovers go a week after they expired; nothing is decided from that.
const KEPT_S: i64 = 7 * 24 * 3600;

pub fn to_item(registration: &Registration) -> Result<(Key, Item), StoreError> {
    let key = keys::registration(registration.id);
    let wire = Wire {
        tel: registration.phone.clone(),
        rd: registration.round,
        sa: ms(registration.code_sent_at),
        tr: registration.tries,
        kn: registration.known,
        vf: registration.verified_at.map(ms),
        cit: registration.citizen.map(|citizen| citizen.to_string()),
        ex: ms(registration.expires_at),
        lang: registration.language.clone(),
        ttl: registration.expires_at.timestamp() + KEPT_S,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

pub fn seal_phone(
    vault: &Vault,
    id: RegistrationId,
    phone: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::registration(id).pk, "tel", phone, nonce)
}

pub fn open_phone(vault: &Vault, registration: &Registration) -> Result<String, StoreError> {
    vault.open(&keys::registration(registration.id).pk, "tel", &registration.phone)
}

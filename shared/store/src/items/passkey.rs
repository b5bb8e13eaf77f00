//! A passkey of a citizen, and a challenge that one is to answer (ACC-14).

use super::{at, id, ms, named, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::{ChallengeId, CitizenId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// What its answers are verified by, sealed: its id, its public key and what else it said of itself.
    pub made: Vec<u8>,
    /// What its owner calls it, sealed.
    pub name: Vec<u8>,
    /// By which it knows whose it is: chance, in Base64url; the same for all passkeys of a cabinet.
    pub handle: String,
    /// How often it says it was used; 0 of one that does not count.
    pub counter: u32,
    /// The cabinet's, when it was added; 0 of those that are older than that was kept.
    pub epoch: u64,
    pub created_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    /// When it last counted backwards.
    pub copied_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(with = "serde_bytes")]
    mk: Vec<u8>,
    #[serde(with = "serde_bytes")]
    nm: Vec<u8>,
    uh: String,
    n: u32,
    #[serde(default)]
    ep: u64,
    cr: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    us: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cp: Option<i64>,
}

pub fn from_item(item: &Item) -> Result<Passkey, StoreError> {
    let wire: Wire = read(item)?;
    Ok(Passkey {
        made: wire.mk,
        name: wire.nm,
        handle: wire.uh,
        counter: wire.n,
        epoch: wire.ep,
        created_at: at(wire.cr)?,
        used_at: wire.us.map(at).transpose()?,
        copied_at: wire.cp.map(at).transpose()?,
    })
}

pub fn to_item(citizen: CitizenId, hash: &str, passkey: &Passkey) -> Result<(Key, Item), StoreError> {
    let key = keys::passkey(citizen, hash);
    let wire = Wire {
        mk: passkey.made.clone(),
        nm: passkey.name.clone(),
        uh: passkey.handle.clone(),
        n: passkey.counter,
        ep: passkey.epoch,
        cr: ms(passkey.created_at),
        us: passkey.used_at.map(ms),
        cp: passkey.copied_at.map(ms),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// Seals what a passkey is verified by (`mk`) or what it is called (`nm`).
pub fn seal(
    vault: &Vault,
    citizen: CitizenId,
    (hash, attribute): (&str, &str),
    clear: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let key = keys::passkey(citizen, hash);
    vault.seal(&key.pk, &format!("{}/{attribute}", key.sk), clear, nonce)
}

pub fn open(
    vault: &Vault,
    citizen: CitizenId,
    (hash, attribute): (&str, &str),
    sealed: &[u8],
) -> Result<String, StoreError> {
    let key = keys::passkey(citizen, hash);
    vault.open(&key.pk, &format!("{}/{attribute}", key.sk), sealed)
}

/// What a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyFor {
    /// To be one of a cabinet's.
    Adding,
    SigningIn,
}

impl CeremonyFor {
    const ALL: [CeremonyFor; 2] = [CeremonyFor::Adding, CeremonyFor::SigningIn];

    fn name(self) -> &'static str {
        match self {
            CeremonyFor::Adding => "adding",
            CeremonyFor::SigningIn => "signing-in",
        }
    }
}

/// A challenge that is answered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    pub id: ChallengeId,
    pub what: CeremonyFor,
    /// Of adding: whose, by which session (its hash), and the handle that the passkey gets.
    pub adding: Option<(CitizenId, String, String)>,
    pub challenge: Vec<u8>,
    pub expires_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CeremonyWire {
    pu: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<(String, String, String)>,
    #[serde(with = "serde_bytes")]
    ch: Vec<u8>,
    ex: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vf: Option<i64>,
    ttl: i64,
}

/// Leftovers go a day after they expired; nothing is decided from that.
const KEPT_S: i64 = 24 * 3600;

pub fn ceremony_from_item(item: &Item) -> Result<Ceremony, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: CeremonyWire = read(item)?;
    let (_, own) = key.pk.split_once('#').unwrap_or_default();
    let adding = wire
        .of
        .map(|(citizen, session, handle)| Ok::<_, StoreError>((id(&citizen, "citizen")?, session, handle)));
    Ok(Ceremony {
        id: id(own, "challenge")?,
        what: named(&CeremonyFor::ALL, CeremonyFor::name, &wire.pu, "purpose")?,
        adding: adding.transpose()?,
        challenge: wire.ch,
        expires_at: at(wire.ex)?,
        done_at: wire.vf.map(at).transpose()?,
    })
}

pub fn ceremony_to_item(ceremony: &Ceremony) -> Result<(Key, Item), StoreError> {
    let key = keys::ceremony(ceremony.id);
    let of = ceremony.adding.as_ref();
    let wire = CeremonyWire {
        pu: ceremony.what.name().to_owned(),
        of: of.map(|(citizen, session, handle)| (citizen.to_string(), session.clone(), handle.clone())),
        ch: ceremony.challenge.clone(),
        ex: ms(ceremony.expires_at),
        vf: ceremony.done_at.map(ms),
        ttl: ceremony.expires_at.timestamp() + KEPT_S,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

//! What happened to a cabinet: a row each, from which its owner is told and reads it.

use super::{at, id, ms, named, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::identity::Means;
use domain::{AccountEventId, CitizenId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub id: AccountEventId,
    pub citizen: CitizenId,
    pub event: AccountEvent,
    pub at: DateTime<Utc>,
    /// The phone or address until then, sealed: it is told there too.
    pub former: Option<Vec<u8>>,
    /// Of a cabinet that was unlocked: the address that counted until then, sealed. It is told there beside the phone.
    pub former_email: Option<Vec<u8>>,
    /// What the device calls itself, sealed.
    pub device: Option<Vec<u8>>,
    /// Where somebody showed who they are: how.
    pub means: Option<Means>,
    /// Why, sealed as a notice's reason, by whoever decided it.
    pub why: Option<Vec<u8>>,
    pub member: Option<StaffId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    ev: String,
    at: i64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    fm: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    fe: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    dv: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    me: Option<String>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
}

pub fn from_item(item: &Item) -> Result<Happened, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Happened {
        id: id(key.sk.strip_prefix(keys::ACCOUNT_EVENT).unwrap_or_default(), "event")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        event: named(&AccountEvent::ALL, AccountEvent::name, &wire.ev, "event")?,
        at: at(wire.at)?,
        former: wire.fm,
        former_email: wire.fe,
        device: wire.dv,
        means: wire.me.map(|by| named(&Means::ALL, Means::name, &by, "means")).transpose()?,
        why: wire.rs,
        member: wire.m.map(|member| id(&member, "member")).transpose()?,
    })
}

pub fn to_item(happened: &Happened) -> Result<(Key, Item), StoreError> {
    let key = keys::account_event(happened.citizen, happened.id);
    let wire = Wire {
        ev: happened.event.name().to_owned(),
        at: ms(happened.at),
        fm: happened.former.clone(),
        fe: happened.former_email.clone(),
        dv: happened.device.clone(),
        me: happened.means.map(|means| means.name().to_owned()),
        rs: happened.why.clone(),
        m: happened.member.map(|member| member.to_string()),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

impl Happened {
    /// Seals what is personal of it: `fm` and `fe` the phone or address until then, `dv` the device.
    pub fn seal(
        &self,
        vault: &Vault,
        attribute: &str,
        clear: &str,
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, StoreError> {
        vault.seal(&keys::citizen_pk(self.citizen), &self.bound(attribute), clear, nonce)
    }

    pub fn open(&self, vault: &Vault, attribute: &str, sealed: &[u8]) -> Result<String, StoreError> {
        vault.open(&keys::citizen_pk(self.citizen), &self.bound(attribute), sealed)
    }

    fn bound(&self, attribute: &str) -> String {
        format!("{}{}/{attribute}", keys::ACCOUNT_EVENT, self.id)
    }
}

//! A citizen's last unlock (ACC-6).

use super::queue::Row;
use super::{at, id, is_false, ms, named, number, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use domain::queue::Queue;
use domain::staff::IdentifiedBy;
use domain::unlock::{Unlock, UnlockState};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    id: String,
    o: String,
    st: String,
    aa: i64,
    by: String,
    how: String,
    /// Whether the document was shown by video: the version before knows that it was shown.
    #[serde(default, skip_serializing_if = "is_false")]
    vid: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dc: Option<(String, i64)>,
    #[serde(with = "serde_bytes")]
    tel: Vec<u8>,
    #[serde(with = "serde_bytes")]
    wy: Vec<u8>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    v: u64,
}

pub fn from_item(item: &Item) -> Result<Unlock, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let decided = wire.dc.map(|(member, when)| Ok::<_, StoreError>((id(&member, "member")?, at(when)?)));
    Ok(Unlock {
        id: id(&wire.id, "unlock")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        office: id(&wire.o, "office")?,
        state: named(&UnlockState::ALL, UnlockState::name, &wire.st, "state")?,
        asked_at: at(wire.aa)?,
        opened_by: id(&wire.by, "member")?,
        identified: match wire.vid {
            true => IdentifiedBy::Video,
            false => named(&IdentifiedBy::ALL, IdentifiedBy::name, &wire.how, "way of identifying")?,
        },
        decided: decided.transpose()?,
        phone: wire.tel,
        why: wire.wy,
        reason: wire.rs,
        version: wire.v,
    })
}

pub fn to_item(unlock: &Unlock) -> Result<(Key, Item), StoreError> {
    let key = keys::unlock(unlock.citizen);
    let wire = Wire {
        id: unlock.id.to_string(),
        o: unlock.office.to_string(),
        st: unlock.state.name().to_owned(),
        aa: ms(unlock.asked_at),
        by: unlock.opened_by.to_string(),
        how: match unlock.identified {
            IdentifiedBy::Video => IdentifiedBy::Document.name().to_owned(),
            how => how.name().to_owned(),
        },
        vid: unlock.identified == IdentifiedBy::Video,
        dc: unlock.decided.map(|(member, at)| (member.to_string(), ms(at))),
        tel: unlock.phone.clone(),
        wy: unlock.why.clone(),
        rs: unlock.reason.clone(),
        v: unlock.version,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

pub(crate) fn version(unlock: &Unlock) -> aws_sdk_dynamodb::types::AttributeValue {
    number(unlock.version)
}

fn bound(unlock: &Unlock, attribute: &str) -> String {
    format!("unlock/{}/{attribute}", unlock.id)
}

/// Seals the phone (`tel`) or a reason (`wy`, `rs`) of an unlock.
pub fn seal(
    vault: &Vault,
    unlock: &Unlock,
    attribute: &str,
    clear: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::unlock(unlock.citizen).pk, &bound(unlock, attribute), clear, nonce)
}

pub fn open(vault: &Vault, unlock: &Unlock, attribute: &str, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(&keys::unlock(unlock.citizen).pk, &bound(unlock, attribute), sealed)
}

/// Where the office finds it as long as it is to be decided.
pub fn queued(unlock: &Unlock) -> Option<Row> {
    let queue = Queue::Unlocks(unlock.office.clone());
    let row = Row::new(queue, unlock.asked_at, unlock.id.0, unlock.citizen);
    (unlock.state == UnlockState::Waiting).then_some(row)
}

//! An unlock that was asked for from afar: what was said is sealed, and of whom it is stands in no key (ACC-6).

use super::queue::{NOBODY, Row};
use super::{at, id, ms, named, number, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::UnlockId;
use domain::citizen::Name;
use domain::profile::{Inn, Snils};
use domain::queue::Queue;
use domain::unlock::{ASKED_KEPT, AskedSaid, AskedState, AskedUnlock, PersonNumber};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    id: String,
    o: String,
    aa: i64,
    st: String,
    /// Who wrote it down, and of whom it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cl: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dc: Option<(String, i64)>,
    #[serde(with = "serde_bytes")]
    sd: Vec<u8>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    v: u64,
}

pub fn from_item(item: &Item) -> Result<AskedUnlock, StoreError> {
    let wire: Wire = read(item)?;
    let called = wire.cl.map(|(by, of)| Ok::<_, StoreError>((id(&by, "member")?, id(&of, "citizen")?)));
    let decided = wire.dc.map(|(member, when)| Ok::<_, StoreError>((id(&member, "member")?, at(when)?)));
    Ok(AskedUnlock {
        id: id(&wire.id, "unlock")?,
        office: id(&wire.o, "office")?,
        asked_at: at(wire.aa)?,
        state: named(&AskedState::ALL, AskedState::name, &wire.st, "state")?,
        called: called.transpose()?,
        decided: decided.transpose()?,
        said: wire.sd,
        reason: wire.rs,
        version: wire.v,
    })
}

pub fn to_item(asked: &AskedUnlock) -> Result<(Key, Item), StoreError> {
    let key = keys::asked_unlock(asked.id);
    let wire = Wire {
        id: asked.id.to_string(),
        o: asked.office.to_string(),
        aa: ms(asked.asked_at),
        st: asked.state.name().to_owned(),
        cl: asked.called.map(|(by, of)| (by.to_string(), of.to_string())),
        dc: asked.decided.map(|(member, at)| (member.to_string(), ms(at))),
        sd: asked.said.clone(),
        rs: asked.reason.clone(),
        v: asked.version,
    };
    let mut item = write(&key, &wire)?;
    // Whatever became of it, it goes then; whether it still counts is read in it.
    item.insert(keys::TTL.to_owned(), number((asked.asked_at + ASKED_KEPT).timestamp()));
    Ok((key, item))
}

pub(crate) fn version(asked: &AskedUnlock) -> AttributeValue {
    number(asked.version)
}

/// Where the office finds it as long as nobody decided.
pub fn queued(asked: &AskedUnlock) -> Option<Row> {
    let row = Row::new(Queue::Unlocks(asked.office.clone()), asked.asked_at, asked.id.0, NOBODY);
    let until = Some(asked.asked_at + ASKED_KEPT);
    (asked.state == AskedState::Asked).then_some(Row { until, ..row })
}

/// What is inside of the seal.
#[derive(Serialize, Deserialize)]
struct SaidWire {
    who: Option<WhoWire>,
    tel: String,
    wy: String,
}

#[derive(Serialize, Deserialize)]
struct WhoWire {
    l: String,
    sn: String,
    gn: String,
    pn: Option<String>,
    /// The SNILS, or else the INN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sl: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inn: Option<String>,
}

pub fn seal_said(
    vault: &Vault,
    of: UnlockId,
    said: &AskedSaid,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let who = said.who.clone().map(|(l, name, number)| {
        let digits = number.as_str().to_owned();
        let (sl, inn) = match number {
            PersonNumber::Snils(_) => (Some(digits), None),
            PersonNumber::Inn(_) => (None, Some(digits)),
        };
        WhoWire { l, sn: name.surname, gn: name.given, pn: name.patronymic, sl, inn }
    });
    let wire = SaidWire { who, tel: said.phone.clone(), wy: said.why.clone() };
    let clear = serde_json::to_string(&wire).map_err(|_| unknown("request")())?;
    vault.seal(&keys::asked_unlock(of).pk, "sd", &clear, nonce)
}

pub fn open_said(vault: &Vault, asked: &AskedUnlock) -> Result<AskedSaid, StoreError> {
    let clear = vault.open(&keys::asked_unlock(asked.id).pk, "sd", &asked.said)?;
    let wire: SaidWire = serde_json::from_str(&clear).map_err(|_| unknown("request")())?;
    let who = wire.who.map(|who| {
        let name = Name { surname: who.sn, given: who.gn, patronymic: who.pn };
        let number = match (&who.sl, &who.inn) {
            (Some(snils), _) => Snils::parse(snils).map(PersonNumber::Snils),
            (None, inn) => Inn::parse(inn.as_deref().unwrap_or_default()).map(PersonNumber::Inn),
        };
        Ok::<_, StoreError>((who.l, name, number.map_err(|_| unknown("number")())?))
    });
    Ok(AskedSaid { who: who.transpose()?, phone: wire.tel, why: wire.wy })
}

/// Seals why it was decided so.
pub fn seal_reason(
    vault: &Vault,
    of: UnlockId,
    reason: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::asked_unlock(of).pk, "rs", reason, nonce)
}

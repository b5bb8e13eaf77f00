//! What one person may do for another: an item between two people, pointers of the representative, rows of the queue (ACC-10).

use super::queue::Row;
use super::{at, id, is_false, ms, named, number, read, set_due, text, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::NaiveDate;
use domain::citizen::Name;
use domain::profile::Snils;
use domain::queue::Queue;
use domain::representation::{
    EndedBy, Grant, GrantKind, GrantPaper, GrantState, Representation, Said, Scope, Stopped,
};
use domain::{CitizenId, GrantId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    v: u64,
    gr: Vec<GrantWire>,
}

#[derive(Debug, Serialize, Deserialize)]
struct GrantWire {
    id: String,
    k: String,
    /// None: everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sc: Option<Vec<String>>,
    rg: String,
    aa: i64,
    un: i64,
    st: String,
    #[serde(with = "serde_bytes")]
    pp: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dec: Option<(String, i64)>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<(String, i64)>,
    #[serde(default, skip_serializing_if = "is_false")]
    wn: bool,
    /// By whom of the staff it was ended, and since when the paper does not count; why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sb: Option<(String, NaiveDate)>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    sw: Option<Vec<u8>>,
}

pub fn from_item(item: &Item) -> Result<Representation, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let (beneficiary, representative) =
        keys::read_representation(&key).ok_or_else(unknown("representation"))?;
    let wire: Wire = read(item)?;
    let grants = wire.gr.into_iter().map(grant).collect::<Result<_, _>>()?;
    Ok(Representation { beneficiary, representative, version: Some(wire.v), grants })
}

fn grant(wire: GrantWire) -> Result<Grant, StoreError> {
    let scope = match wire.sc {
        None => Scope::Everything,
        Some(services) => {
            Scope::Services(services.iter().map(|service| id(service, "service")).collect::<Result<_, _>>()?)
        }
    };
    let decided = wire.dec.map(|(member, when)| Ok::<_, StoreError>((id(&member, "member")?, at(when)?)));
    let stopped = wire.sb.zip(wire.sw);
    let ended = wire.en.map(|(by, when)| {
        let by = named(&EndedBy::ALL, EndedBy::name, &by, "end")?;
        Ok::<_, StoreError>((if stopped.is_some() { EndedBy::Staff } else { by }, at(when)?))
    });
    let stopped =
        stopped.map(|((by, since), why)| Ok::<_, StoreError>(Stopped { by: id(&by, "member")?, since, why }));
    Ok(Grant {
        id: id(&wire.id, "grant")?,
        kind: named(&GrantKind::ALL, GrantKind::name, &wire.k, "kind")?,
        scope,
        region: id(&wire.rg, "region")?,
        asked_at: at(wire.aa)?,
        ends_at: at(wire.un)?,
        state: named(&GrantState::ALL, GrantState::name, &wire.st, "state")?,
        said: wire.pp,
        decided: decided.transpose()?,
        reason: wire.rs,
        ended: ended.transpose()?,
        stopped: stopped.transpose()?,
        warned: wire.wn,
    })
}

pub fn to_item(after: &Representation) -> Result<(Key, Item), StoreError> {
    let key = keys::representation(after.beneficiary, after.representative);
    let wire = Wire { v: after.version.unwrap_or(0) + 1, gr: after.grants.iter().map(grant_wire).collect() };
    let mut item = write(&key, &wire)?;
    if let Some(due_at) = after.due_at() {
        set_due(&mut item, &key, keys::Due::Work, due_at);
    }
    Ok((key, item))
}

fn grant_wire(grant: &Grant) -> GrantWire {
    GrantWire {
        id: grant.id.to_string(),
        k: grant.kind.name().to_owned(),
        sc: match &grant.scope {
            Scope::Everything => None,
            Scope::Services(services) => Some(services.iter().map(ToString::to_string).collect()),
        },
        rg: grant.region.to_string(),
        aa: ms(grant.asked_at),
        un: ms(grant.ends_at),
        st: grant.state.name().to_owned(),
        pp: grant.said.clone(),
        dec: grant.decided.map(|(member, when)| (member.to_string(), ms(when))),
        rs: grant.reason.clone(),
        // The version before knows no end by staff: it takes it for the beneficiary's, for whom it is.
        en: grant.ended.map(|(by, when)| match by {
            EndedBy::Staff => (EndedBy::Beneficiary.name().to_owned(), ms(when)),
            by => (by.name().to_owned(), ms(when)),
        }),
        sb: grant.stopped.as_ref().map(|stopped| (stopped.by.to_string(), stopped.since)),
        sw: grant.stopped.as_ref().map(|stopped| stopped.why.clone()),
        wn: grant.warned,
    }
}

pub(crate) fn version(version: u64) -> AttributeValue {
    number(version)
}

/// What is inside of the seal.
#[derive(Serialize, Deserialize)]
struct SaidWire {
    sn: String,
    gn: String,
    pn: Option<String>,
    bd: NaiveDate,
    sl: String,
    /// Of a certificate of birth only.
    s: Option<String>,
    n: String,
    on: NaiveDate,
    /// Of a power of attorney only.
    by: Option<String>,
    un: Option<NaiveDate>,
}

/// Seals what was said for a grant between two people.
pub fn seal_said(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    said: &Said,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    let paper = said.paper.clone();
    let (s, n, on, by, un) = match paper {
        GrantPaper::Attorney { number, issued_by, issued_on, valid_until } => {
            (None, number, issued_on, Some(issued_by), Some(valid_until))
        }
        GrantPaper::Birth { series, number, issued_on } => (Some(series), number, issued_on, None, None),
    };
    let name = said.name.clone();
    let (sn, gn, pn) = (name.surname, name.given, name.patronymic);
    let (bd, sl) = (said.birth_on, said.snils.as_str().to_owned());
    let wire = SaidWire { sn, gn, pn, bd, sl, s, n, on, by, un };
    let clear = serde_json::to_string(&wire).map_err(|_| unknown("grant")())?;
    vault.seal(&keys::citizen_pk(of.0), &bound(of, "pp"), &clear, nonce)
}

/// Opens what was said.
pub fn open_said(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    sealed: &[u8],
) -> Result<Said, StoreError> {
    let clear = vault.open(&keys::citizen_pk(of.0), &bound(of, "pp"), sealed)?;
    let wire: SaidWire = serde_json::from_str(&clear).map_err(|_| unknown("grant")())?;
    let paper = match (wire.s, wire.by, wire.un) {
        (None, Some(issued_by), Some(valid_until)) => {
            GrantPaper::Attorney { number: wire.n, issued_by, issued_on: wire.on, valid_until }
        }
        (Some(series), None, None) => GrantPaper::Birth { series, number: wire.n, issued_on: wire.on },
        _ => return Err(unknown("paper of a grant")()),
    };
    Ok(Said {
        name: Name { surname: wire.sn, given: wire.gn, patronymic: wire.pn },
        birth_on: wire.bd,
        snils: Snils::parse(&wire.sl).map_err(|_| unknown("snils")())?,
        paper,
    })
}

/// Seals what was found by whoever decided.
pub fn seal_reason(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    reason: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::citizen_pk(of.0), &bound(of, "rs"), reason, nonce)
}

pub fn open_reason(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    sealed: &[u8],
) -> Result<String, StoreError> {
    vault.open(&keys::citizen_pk(of.0), &bound(of, "rs"), sealed)
}

/// Seals why staff ended it.
pub fn seal_stopped(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    why: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::citizen_pk(of.0), &bound(of, "sw"), why, nonce)
}

pub fn open_stopped(
    vault: &Vault,
    of: (CitizenId, CitizenId, GrantId),
    sealed: &[u8],
) -> Result<String, StoreError> {
    vault.open(&keys::citizen_pk(of.0), &bound(of, "sw"), sealed)
}

fn bound((_, representative, grant): (CitizenId, CitizenId, GrantId), attribute: &str) -> String {
    format!("grant/{representative}/{grant}/{attribute}")
}

#[derive(Debug, Serialize, Deserialize)]
struct PointerWire {
    ben: String,
}

/// For whom a grant is that somebody has asked for.
pub fn pointer_to_item(
    representative: CitizenId,
    grant: GrantId,
    beneficiary: CitizenId,
) -> Result<Item, StoreError> {
    write(&keys::acting(representative, grant), &PointerWire { ben: beneficiary.to_string() })
}

pub fn pointer_from_item(item: &Item) -> Result<(GrantId, CitizenId), StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: PointerWire = read(item)?;
    let grant = id(key.sk.strip_prefix(keys::ACTING).unwrap_or_default(), "grant")?;
    Ok((grant, id(&wire.ben, "beneficiary")?))
}

/// Where staff of the region find a grant as long as it is to be decided.
pub fn queued(between: &Representation, grant: &Grant) -> Option<Row> {
    let queue = Queue::Grants(grant.region.clone());
    let row = Row::new(queue, grant.asked_at, grant.id.0, between.beneficiary);
    (grant.state == GrantState::Waiting).then_some(Row { by: Some(between.representative), ..row })
}

/// Applications that waited when their representative asked last, and for whom each is.
pub type Asked = Vec<(GrantId, CitizenId)>;

/// The attribute of a record that has those of its citizen.
pub(crate) const ASKED: &str = "ask";

/// None: nobody counted them yet.
pub fn asked(record: &Item) -> Result<Option<Asked>, StoreError> {
    let Some(AttributeValue::L(all)) = record.get(ASKED) else { return Ok(None) };
    let read = |value: &AttributeValue| {
        let (grant, whom) = value.as_s().ok()?.split_once('.')?;
        Some((grant.parse().ok()?, whom.parse().ok()?))
    };
    let all = all.iter().map(|value| read(value).ok_or_else(unknown("application")));
    all.collect::<Result<_, _>>().map(Some)
}

pub(crate) fn asked_value(asked: &[(GrantId, CitizenId)]) -> AttributeValue {
    AttributeValue::L(asked.iter().map(|(grant, whom)| text(format!("{grant}.{whom}"))).collect())
}

/// The attribute of a record that names who may act for its citizen.
pub(crate) const REPRESENTATIVES: &str = "rps";

pub(crate) fn representatives_value(who: &[CitizenId]) -> AttributeValue {
    AttributeValue::L(who.iter().map(|who| text(who.to_string())).collect())
}

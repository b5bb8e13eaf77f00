//! What registries said, kept for a day under a keyed hash of the question; and what is still to be asked of an appointment.

use super::{at, ms, named, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::limits::RECONCILE_AFTER;
use domain::registry::{ANSWER_KEPT, Asking, Differing, EligibilitySaid, PolicySaid};
use domain::{AppointmentId, CitizenId};
use serde::{Deserialize, Serialize};

/// The attribute that has the answer, and to which its seal is bound.
const SAID: &str = "an";

/// A clear answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Policy(PolicySaid),
    Eligibility(EligibilitySaid),
}

/// As it is sealed: what was said, the reason, and what is known otherwise.
#[derive(Serialize, Deserialize)]
enum SaidWire {
    P(String),
    Yes,
    No(String),
    Other(Vec<String>),
    Unknown,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(with = "serde_bytes")]
    an: Vec<u8>,
    /// Until when it counts.
    til: i64,
    ttl: i64,
}

fn wire(said: &Said) -> Option<SaidWire> {
    Some(match said {
        Said::Policy(PolicySaid::Unclear) | Said::Eligibility(EligibilitySaid::Unclear) => return None,
        Said::Policy(said) => SaidWire::P(said.name().to_owned()),
        Said::Eligibility(EligibilitySaid::Eligible) => SaidWire::Yes,
        Said::Eligibility(EligibilitySaid::NotEligible(reason)) => SaidWire::No(reason.clone()),
        Said::Eligibility(EligibilitySaid::UnknownPerson) => SaidWire::Unknown,
        Said::Eligibility(EligibilitySaid::Differs(all)) => {
            SaidWire::Other(all.iter().map(|one| one.name().to_owned()).collect())
        }
    })
}

/// The answer as it is kept; none of an unclear one.
pub fn to_item(
    hash: &str,
    said: &Said,
    vault: &Vault,
    nonce: [u8; 12],
    now: DateTime<Utc>,
) -> Result<Option<Item>, StoreError> {
    let Some(said) = wire(said) else { return Ok(None) };
    let key = keys::registry_answer(hash);
    let clear = serde_json::to_string(&said).map_err(|_| unknown("answer")())?;
    let until = now + ANSWER_KEPT;
    let an = vault.seal(&key.pk, SAID, &clear, nonce)?;
    write(&key, &Wire { an, til: ms(until), ttl: until.timestamp() }).map(Some)
}

/// The answer, as long as it counts.
pub fn from_item(
    hash: &str,
    item: &Item,
    vault: &Vault,
    now: DateTime<Utc>,
) -> Result<Option<Said>, StoreError> {
    let kept: Wire = read(item)?;
    if at(kept.til)? <= now {
        return Ok(None);
    }
    let clear = vault.open(&keys::registry_answer(hash).pk, SAID, &kept.an)?;
    let said: SaidWire = serde_json::from_str(&clear).map_err(|_| unknown("answer")())?;
    let differing = |name: &String| named(&Differing::ALL, Differing::name, name, "part of a profile");
    Ok(Some(match said {
        SaidWire::P(name) => Said::Policy(named(&PolicySaid::ALL, PolicySaid::name, &name, "answer")?),
        SaidWire::Yes => Said::Eligibility(EligibilitySaid::Eligible),
        SaidWire::No(reason) => Said::Eligibility(EligibilitySaid::NotEligible(reason)),
        SaidWire::Unknown => Said::Eligibility(EligibilitySaid::UnknownPerson),
        SaidWire::Other(all) => {
            let all = all.iter().map(differing).collect::<Result<_, _>>()?;
            Said::Eligibility(EligibilitySaid::Differs(all))
        }
    }))
}

/// An appointment whose holder is to be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToAsk {
    pub citizen: CitizenId,
    pub appointment: AppointmentId,
    pub version: u64,
    /// None: it was asked, or nobody needs to know any more.
    pub asking: Option<Asking>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ToAskWire {
    v: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pa: Option<(i64, u32, i64)>,
}

/// How often it was asked, as long as it is to be.
pub fn tries(item: &Item) -> Result<Option<u32>, StoreError> {
    Ok(read::<ToAskWire>(item)?.pa.map(|(_, tries, _)| tries))
}

pub fn to_ask_from_item(item: &Item) -> Result<ToAsk, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let (citizen, appointment) = keys::read_eligibility(&key).ok_or_else(unknown("key"))?;
    let wire: ToAskWire = read(item)?;
    let asking = wire.pa.map(|(since, tries, next)| {
        Ok::<_, StoreError>(Asking { since: at(since)?, tries, next_at: at(next)? })
    });
    Ok(ToAsk { citizen, appointment, version: wire.v, asking: asking.transpose()? })
}

pub fn to_ask_to_item(to_ask: &ToAsk) -> Result<(Key, Item), StoreError> {
    let key = keys::eligibility(to_ask.citizen, to_ask.appointment);
    let pa = to_ask.asking.map(|asking| (ms(asking.since), asking.tries, ms(asking.next_at)));
    let mut item = write(&key, &ToAskWire { v: to_ask.version, pa })?;
    if let Some(asking) = to_ask.asking {
        set_due(&mut item, &key, keys::Due::Work, asking.due_at(RECONCILE_AFTER));
    }
    Ok((key, item))
}

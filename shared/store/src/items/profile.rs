//! What citizens say of themselves: each part sealed by itself, bound to its owner and attribute (ACC-7, PRV-2).

use super::queue::Row;
use super::{at, id, ms, named, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::RECONCILE_AFTER;
use domain::profile::{
    Address, Checked, Inn, Insurance, Paper, PaperKind, Policy, PolicyKind, Profile, Snils,
};
use domain::queue::Queue;
use domain::registry::Asking;
use domain::{CitizenId, Moment};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Of the first part; a record's fields and what is sealed of an event take others in the same moment.
const NONCE: u32 = 40;

/// A profile as it is kept, and how often it was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// None: nothing was ever written.
    pub version: Option<u64>,
    pub profile: Profile,
    /// How far the insurers' registry was asked about the policy, as long as it said nothing clear.
    pub asking: Option<Asking>,
}

impl Kept {
    /// How far asking is once this is the profile: what is asked about anew begins anew. Of somebody whose birth date is
    /// not known nobody can be asked yet.
    fn asking_after(&self, profile: &Profile, now: DateTime<Utc>) -> Option<Asking> {
        profile.birth_on?;
        let checked = |profile: &Profile| match &profile.policy {
            Some(Policy::Insured(insurance, checked)) => Some((insurance.clone(), *checked)),
            _ => None,
        };
        let open =
            |(_, checked): &(Insurance, Checked)| matches!(checked, Checked::Pending | Checked::Unclear);
        let after = checked(profile).filter(open)?;
        let same = checked(&self.profile).is_some_and(|before| before == after);
        Some(self.asking.filter(|_| same).unwrap_or_else(|| Asking::new(now)))
    }

    /// Where staff find the policy of its holder, if they are to decide about it.
    pub fn queued(&self, citizen: CitizenId) -> Option<Row> {
        match &self.profile.policy {
            Some(Policy::Insured(_, Checked::Unclear)) => {
                let queue = Queue::Policies(self.profile.address.as_ref()?.region.clone());
                Some(Row::new(queue, self.asking?.since, citizen.0, citizen))
            }
            _ => None,
        }
    }

    /// The profile after a change, with how far asking is then.
    pub fn changed(&self, profile: &Profile, now: DateTime<Utc>) -> Kept {
        let asking = self.asking_after(profile, now);
        Kept { version: self.version, profile: profile.clone(), asking }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    v: u64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    bd: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    pp: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    sl: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    inn: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    ad: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    wk: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    po: Option<Vec<u8>>,
    /// What the registry said of the policy: no secret, and work is found by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pc: Option<String>,
    /// Since when that is asked, how often it was, and when it is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pa: Option<(i64, u32, i64)>,
}

/// What the stream tells of a profile: no more than whether its policy is to be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub tries: u32,
    pub since_ms: i64,
    pub due: Option<String>,
}

/// As long as the policy is to be asked about.
pub fn open_question(item: &Item) -> Result<Option<Open>, StoreError> {
    let wire: Wire = read(item)?;
    let due = item.get(keys::DUE_SK).and_then(|due| due.as_s().ok()).cloned();
    let pending = wire.pc.as_deref() == Some(Checked::Pending.name());
    Ok(wire.pa.filter(|_| pending).map(|(since_ms, tries, _)| Open { tries, since_ms, due }))
}

/// What is inside of the sealed parts that have several values.
#[derive(Serialize, Deserialize)]
struct PaperWire {
    k: String,
    s: Option<String>,
    n: String,
    on: NaiveDate,
    by: String,
}

#[derive(Serialize, Deserialize)]
struct AddressWire {
    r: String,
    t: Option<String>,
    x: String,
}

#[derive(Serialize, Deserialize)]
struct PolicyWire {
    k: Option<String>,
    n: Option<String>,
    on: Option<NaiveDate>,
    why: Option<String>,
}

pub fn from_item(item: Option<&Item>, vault: &Vault) -> Result<Kept, StoreError> {
    let Some(item) = item else { return Ok(Kept::default()) };
    let pk = Key::of(item).ok_or_else(unknown("key"))?.pk;
    let wire: Wire = read(item)?;
    let open = |attribute: &str, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| vault.open(&pk, attribute, sealed)).transpose()
    };
    let checked = wire.pc.as_deref().map(|name| named(&Checked::ALL, Checked::name, name, "check"));
    let checked = checked.transpose()?.unwrap_or_default();
    let profile = Profile {
        birth_on: open("bd", &wire.bd)?.map(|text| id(&text, "birth date")).transpose()?,
        paper: open("pp", &wire.pp)?.map(|text| paper(&text)).transpose()?,
        snils: open("sl", &wire.sl)?
            .map(|text| Snils::parse(&text).map_err(|_| unknown("snils")()))
            .transpose()?,
        inn: open("inn", &wire.inn)?
            .map(|text| Inn::parse(&text).map_err(|_| unknown("inn")()))
            .transpose()?,
        address: open("ad", &wire.ad)?.map(|text| address(&text)).transpose()?,
        work: open("wk", &wire.wk)?.map(|text| id(&text, "town")).transpose()?,
        policy: open("po", &wire.po)?.map(|text| policy(&text, checked)).transpose()?,
    };
    let asking = wire.pa.map(|(since, tries, next)| {
        Ok::<_, StoreError>(Asking { since: at(since)?, tries, next_at: at(next)? })
    });
    Ok(Kept { version: Some(wire.v), profile, asking: asking.transpose()? })
}

/// What is kept in place of the profile that was read, of which `after` has the version.
pub fn to_item(
    citizen: CitizenId,
    after: &Kept,
    vault: &Vault,
    moment: &Moment,
) -> Result<(Key, Item), StoreError> {
    let (key, profile) = (keys::profile(citizen), &after.profile);
    let seal = |index: u32, attribute: &str, clear: Option<String>| {
        let nonce = moment.nonce(NONCE + index);
        clear.map(|clear| vault.seal(&key.pk, attribute, &clear, nonce)).transpose()
    };
    let checked = match &profile.policy {
        Some(Policy::Insured(_, checked)) => Some(checked.name().to_owned()),
        _ => None,
    };
    let wire = Wire {
        v: after.version.unwrap_or(0) + 1,
        bd: seal(0, "bd", profile.birth_on.map(|on| on.to_string()))?,
        pp: seal(1, "pp", profile.paper.as_ref().map(|paper| json(&paper_wire(paper))).transpose()?)?,
        sl: seal(2, "sl", profile.snils.as_ref().map(|snils| snils.as_str().to_owned()))?,
        inn: seal(3, "inn", profile.inn.as_ref().map(|inn| inn.as_str().to_owned()))?,
        ad: seal(4, "ad", profile.address.as_ref().map(|address| json(&address_wire(address))).transpose()?)?,
        wk: seal(5, "wk", profile.work.as_ref().map(ToString::to_string))?,
        po: seal(6, "po", profile.policy.as_ref().map(|policy| json(&policy_wire(policy))).transpose()?)?,
        pa: after.asking.map(|asking| (ms(asking.since), asking.tries, ms(asking.next_at))),
        pc: checked,
    };
    let mut item = write(&key, &wire)?;
    if let (Some(asking), Some(Policy::Insured(_, Checked::Pending))) = (after.asking, &profile.policy) {
        set_due(&mut item, &key, keys::Due::Work, asking.due_at(RECONCILE_AFTER));
    }
    Ok((key, item))
}

fn json<T: Serialize>(wire: &T) -> Result<String, StoreError> {
    serde_json::to_string(wire).map_err(|_| unknown("profile")())
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| unknown("profile")())
}

fn paper(text: &str) -> Result<Paper, StoreError> {
    let wire: PaperWire = parsed(text)?;
    Ok(Paper {
        kind: named(&PaperKind::ALL, PaperKind::name, &wire.k, "paper")?,
        series: wire.s,
        number: wire.n,
        issued_on: wire.on,
        issued_by: wire.by,
    })
}

fn paper_wire(paper: &Paper) -> PaperWire {
    PaperWire {
        k: paper.kind.name().to_owned(),
        s: paper.series.clone(),
        n: paper.number.clone(),
        on: paper.issued_on,
        by: paper.issued_by.clone(),
    }
}

fn address(text: &str) -> Result<Address, StoreError> {
    let wire: AddressWire = parsed(text)?;
    Ok(Address {
        region: id(&wire.r, "region")?,
        town: wire.t.map(|town| id(&town, "town")).transpose()?,
        text: wire.x,
    })
}

fn address_wire(address: &Address) -> AddressWire {
    AddressWire {
        r: address.region.to_string(),
        t: address.town.as_ref().map(ToString::to_string),
        x: address.text.clone(),
    }
}

fn policy(text: &str, checked: Checked) -> Result<Policy, StoreError> {
    let wire: PolicyWire = parsed(text)?;
    match (wire.k, wire.n, wire.on, wire.why) {
        (Some(kind), Some(number), Some(issued_on), _) => {
            let kind = named(&PolicyKind::ALL, PolicyKind::name, &kind, "policy")?;
            Ok(Policy::Insured(Insurance { kind, number, issued_on }, checked))
        }
        (_, _, _, Some(reason)) => Ok(Policy::None { reason }),
        _ => Err(unknown("policy")()),
    }
}

fn policy_wire(policy: &Policy) -> PolicyWire {
    match policy {
        Policy::Insured(insurance, _) => PolicyWire {
            k: Some(insurance.kind.name().to_owned()),
            n: Some(insurance.number.clone()),
            on: Some(insurance.issued_on),
            why: None,
        },
        Policy::None { reason } => PolicyWire { k: None, n: None, on: None, why: Some(reason.clone()) },
    }
}

//! What of the table's rows staff did or read (PRV-4): the one file that says what belongs on a chain.
//!
//! The changefeed appends what it finds here; whoever verifies the chains asks the rows the same.

use crate::items::audit::{Chain, Deed, Hash, digest};
use crate::items::{
    access, appointment, appointment::ChangeWire, call_note, entry, entry::EntryChangeWire, keeping, log,
    office, reference, staff,
};
use crate::{Item, Key, StoreError, keys};
use domain::appointment::{Actor, Change};
use domain::staff::{Grant, Place};
use domain::waitlist::EntryChange;
use domain::{AppointmentId, CitizenId, ServiceId};
use std::collections::{BTreeMap, BTreeSet};

/// That a cabinet was closed, which its owner wanted: by this, rows that say less since are told from those that somebody
/// rewrote.
pub const CABINET_DELETED: &str = "cabinet-deleted";

/// A deed as its row tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub deed: Deed,
    /// Whether words that it had have had their term: the digest is that of what it said before.
    pub less: bool,
}

/// The deeds that a row tells, and told not yet before it was changed. The same deed has the same fact wherever it is told:
/// changes of appointments and of places in line first ride on their item and later stand in rows of their own.
///
/// # Errors
/// [`StoreError::Corrupt`] for a row that is not as this version writes it.
pub fn deeds(before: Option<&Item>, after: &Item) -> Result<Vec<Deed>, StoreError> {
    let Some(key) = Key::of(after) else { return Ok(Vec::new()) };
    let mut told = of(&key, after)?;
    if let Some(before) = before {
        let known: BTreeSet<String> = of(&key, before)?.into_iter().map(|deed| deed.fact).collect();
        told.retain(|deed| !known.contains(&deed.fact));
    }
    Ok(told)
}

/// What a row tells, for whoever holds it against its entry.
///
/// # Errors
/// As [`deeds`].
pub fn told(item: &Item) -> Result<Vec<Told>, StoreError> {
    let Some(key) = Key::of(item) else { return Ok(Vec::new()) };
    let before = said_before(&key, item)?;
    let with = |mut deed: Deed| match before.get(&deed.fact) {
        Some(said) => {
            deed.digest = *said;
            Told { deed, less: true }
        }
        None => Told { deed, less: false },
    };
    Ok(of(&key, item)?.into_iter().map(with).collect())
}

/// What deeds of a row said before their words were taken out, by their facts.
fn said_before(key: &Key, item: &Item) -> Result<BTreeMap<String, Hash>, StoreError> {
    let Some(citizen) = key.citizen() else { return Ok(BTreeMap::new()) };
    if key.sk.starts_with(keys::CALL_NOTE) {
        return Ok(call_note::said_before(item)?.map(|said| (key.to_string(), said)).into_iter().collect());
    }
    let of_appointment = match key.sk.strip_prefix(keys::APPOINTMENT) {
        Some(id) => id.parse().ok(),
        None => keys::read_log(key).and_then(|(_, subject)| subject.parse::<AppointmentId>().ok()),
    };
    let Some(id) = of_appointment else { return Ok(BTreeMap::new()) };
    let fact = |version| keys::appointment_log(citizen, id, version).to_string();
    let said = appointment::said_before(item)?;
    Ok(said.into_iter().map(|(version, said)| (fact(version), said)).collect())
}

fn of(key: &Key, item: &Item) -> Result<Vec<Deed>, StoreError> {
    let sk = key.sk.as_str();
    if let Some(citizen) = key.citizen() {
        if sk == keys::ME {
            return ended(key, citizen, item);
        }
        if sk.starts_with(keys::ACCESS) {
            return reading(key, item).map(|deed| vec![deed]);
        }
        if sk.starts_with(keys::APPOINTMENT) {
            let appointment = appointment::from_item(item, None)?;
            let deeds = appointment.changes.iter().map(|change| step(citizen, appointment.id, change));
            return deeds.filter_map(Result::transpose).collect();
        }
        if sk.starts_with(keys::ENTRY) {
            let entry = entry::from_item(item)?;
            let deeds = entry.changes.iter().map(|change| place(citizen, &entry.service, change));
            return deeds.filter_map(Result::transpose).collect();
        }
        if sk.starts_with(keys::CALL_NOTE) {
            return call(key, item).map(|deed| vec![deed]);
        }
        if let Some((citizen, subject)) = keys::read_log(key) {
            let deed = match (subject.parse::<AppointmentId>(), subject.parse::<ServiceId>()) {
                (Ok(id), _) => step(citizen, id, &log::appointment_change(item)?)?,
                (_, Ok(service)) => place(citizen, &service, &log::entry_change(item)?)?,
                _ => None,
            };
            return Ok(deed.into_iter().collect());
        }
        return Ok(Vec::new());
    }
    if let Some(member) = keys::read_staff_log(key) {
        let change = staff::change_from_item(item)?;
        let deed = |chain| {
            Ok(Deed {
                chain,
                at: change.at,
                by: change.by,
                what: format!("staff-{}", change.action.name()),
                of: member.to_string(),
                fact: key.to_string(),
                digest: digest(&staff::change_wire(&change))?,
            })
        };
        return chains(change.former.iter().chain(&change.grants)).into_iter().map(deed).collect();
    }
    if keys::read_office_change(key).is_some() {
        let (office, change) = office::change_from_item(item)?;
        return Ok(vec![Deed {
            of: format!("{office}/{}", change.number),
            chain: Chain::Office(office),
            at: change.at,
            by: Some(change.by),
            what: "file-changed".to_owned(),
            fact: key.to_string(),
            digest: office::change_digest(&change)?,
        }]);
    }
    if keys::read_reference_change(key).is_some() {
        let change = reference::change_from_item(item)?;
        return Ok(vec![Deed {
            chain: Chain::House,
            at: change.at,
            by: Some(change.by),
            what: "references-changed".to_owned(),
            of: format!("{}/{}", change.reference.name(), change.number),
            fact: key.to_string(),
            digest: reference::change_digest(&change)?,
        }]);
    }
    Ok(Vec::new())
}

/// Of each office that is named one, and of the house where a wider place is or none is left.
fn chains<'a>(grants: impl Iterator<Item = &'a Grant>) -> BTreeSet<Chain> {
    let named: BTreeSet<Chain> = grants
        .map(|grant| match &grant.place {
            Place::Office(office) => Chain::Office(office.clone()),
            Place::Region(_) | Place::Everywhere => Chain::House,
        })
        .collect();
    if named.is_empty() { BTreeSet::from([Chain::House]) } else { named }
}

/// The chain of the house tells of each cabinet that was closed: it is no single office's.
fn ended(key: &Key, citizen: CitizenId, item: &Item) -> Result<Vec<Deed>, StoreError> {
    if !keeping::is_closed(item) {
        return Ok(Vec::new());
    }
    let Some(closed) = keeping::from_item(item)?.closed else { return Ok(Vec::new()) };
    Ok(vec![Deed {
        chain: Chain::House,
        at: closed.at,
        by: None,
        what: CABINET_DELETED.to_owned(),
        of: citizen.to_string(),
        fact: key.to_string(),
        digest: keeping::end_digest(&closed)?,
    }])
}

fn reading(key: &Key, item: &Item) -> Result<Deed, StoreError> {
    let reading = access::from_item(item)?;
    Ok(Deed {
        chain: Chain::Office(reading.office.clone()),
        at: reading.at,
        by: Some(reading.member),
        what: "read".to_owned(),
        of: format!("{}/{}", reading.citizen, reading.subject),
        fact: key.to_string(),
        digest: access::reading_digest(&reading)?,
    })
}

fn call(key: &Key, item: &Item) -> Result<Deed, StoreError> {
    let note = call_note::from_item(item)?;
    Ok(Deed {
        chain: Chain::Office(note.office.clone()),
        at: note.at,
        by: Some(note.member),
        what: "call-noted".to_owned(),
        of: format!("{}/{}", note.citizen, note.id),
        fact: key.to_string(),
        digest: call_note::note_digest(&note)?,
    })
}

fn step(citizen: CitizenId, id: AppointmentId, change: &Change) -> Result<Option<Deed>, StoreError> {
    if change.actor != Actor::Staff && change.member.is_none() {
        return Ok(None);
    }
    Ok(Some(Deed {
        chain: Chain::Office(change.office.clone()),
        at: change.at,
        by: change.member,
        what: format!("appointment-{}", change.action.name()),
        of: format!("{citizen}/{id}"),
        fact: keys::appointment_log(citizen, id, change.version).to_string(),
        digest: digest(&ChangeWire::from(change))?,
    }))
}

fn place(citizen: CitizenId, service: &ServiceId, change: &EntryChange) -> Result<Option<Deed>, StoreError> {
    if change.actor != Actor::Staff && change.member.is_none() {
        return Ok(None);
    }
    Ok(Some(Deed {
        chain: Chain::House,
        at: change.at,
        by: change.member,
        what: format!("place-{}", change.action.name()),
        of: format!("{citizen}/{service}"),
        fact: keys::place_log(citizen, service, change.operation).to_string(),
        digest: digest(&EntryChangeWire::from(change))?,
    }))
}

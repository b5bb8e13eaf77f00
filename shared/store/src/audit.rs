//! What of the table's rows was done or read (PRV-4): the one file that says what belongs on a chain.
//!
//! The changefeed appends what it finds here; whoever verifies the chains asks the rows the same.

use crate::items::audit::{Chain, Deed, Form, Said};
use crate::items::{
    access, appointment, call_note, change, change::ChangeWire, entry, entry::EntryChangeWire, keeping, log,
    office, read, reference, staff,
};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::appointment::{Action, Actor, Change};
use domain::staff::{Grant, Place};
use domain::waitlist::{EntryAction, EntryChange};
use domain::{AppointmentId, CitizenId, ServiceId, StaffId};
use std::collections::BTreeSet;

/// That a cabinet was closed, which its owner wanted: by this, rows that say less since are told from those that somebody
/// rewrote.
pub const CABINET_DELETED: &str = "cabinet-deleted";

/// A deed as its row tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub deed: Deed,
    pub said: Said,
    pub belongs: Belongs,
    /// Whether its row stands where nobody puts a row of this deed.
    pub astray: bool,
}

/// Whether a deed belongs on its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    Always,
    /// Only since entries are of the second form: before, chains told of staff alone.
    SinceTheSecondForm,
    /// It is known only so that nobody tells it twice.
    Never,
}

/// The deeds for chains that a row tells, and told not yet before it was changed. The same deed has the same fact wherever it
/// is told: changes of appointments and of places in line first ride on their item and later stand in rows of their own.
///
/// # Errors
/// [`StoreError::Corrupt`] for a row that is not as this version writes it.
pub fn deeds(before: Option<&Item>, after: &Item) -> Result<Vec<Deed>, StoreError> {
    let mut all = told(after)?;
    if let Some(before) = before {
        let known: BTreeSet<String> = told(before)?.into_iter().map(|told| told.deed.fact).collect();
        all.retain(|told| !known.contains(&told.deed.fact));
    }
    Ok(all.into_iter().filter(|told| told.belongs != Belongs::Never).map(|told| told.deed).collect())
}

/// What a row tells, for whoever holds it against its entry.
///
/// # Errors
/// As [`deeds`].
pub fn told(item: &Item) -> Result<Vec<Told>, StoreError> {
    let Some(key) = Key::of(item) else { return Ok(Vec::new()) };
    of(&key, item)
}

fn of(key: &Key, item: &Item) -> Result<Vec<Told>, StoreError> {
    if let Some(citizen) = key.citizen() {
        return of_citizen(citizen, key, item);
    }
    if let Some(member) = keys::read_staff_log(key) {
        let change = staff::change_from_item(item)?;
        let said = Said::facts(&staff::change_wire(&change))?;
        let what = format!("staff-{}", change.action.name());
        let deed = |chain| deed(key, said, (chain, change.at, change.by), what.clone(), member.to_string());
        let chains = chains(change.former.iter().chain(&change.grants));
        return Ok(chains.into_iter().map(deed).collect());
    }
    if keys::read_office_change(key).is_some() {
        let (office, change) = office::change_from_item(item)?;
        let (said, of) = (office::change_said(&change)?, format!("{office}/{}", change.number));
        let who = (Chain::Office(office), change.at, Some(change.by));
        return Ok(vec![deed(key, said, who, "file-changed".to_owned(), of)]);
    }
    if keys::read_reference_change(key).is_some() {
        let change = reference::change_from_item(item)?;
        let of = format!("{}/{}", change.reference.name(), change.number);
        let who = (Chain::House, change.at, Some(change.by));
        let said = reference::change_said(&change)?;
        return Ok(vec![deed(key, said, who, "references-changed".to_owned(), of)]);
    }
    Ok(Vec::new())
}

fn of_citizen(citizen: CitizenId, key: &Key, item: &Item) -> Result<Vec<Told>, StoreError> {
    let sk = key.sk.as_str();
    if sk == keys::ME {
        return ended(key, citizen, item);
    }
    if sk.starts_with(keys::ACCESS) {
        return reading(key, item).map(|told| vec![told]);
    }
    if sk.starts_with(keys::APPOINTMENT) {
        let id = appointment::from_item(item, None)?.id;
        return change::all(item)?.iter().map(|change| step(citizen, id, change)).collect();
    }
    if sk.starts_with(keys::ENTRY) {
        let entry = entry::from_item(item)?;
        return entry.changes.iter().map(|change| place(citizen, &entry.service, change)).collect();
    }
    if sk.starts_with(keys::CALL_NOTE) {
        return call(key, item).map(|told| vec![told]);
    }
    let Some((citizen, subject)) = keys::read_log(key) else { return Ok(Vec::new()) };
    let (told, at) = match (subject.parse::<AppointmentId>(), subject.parse::<ServiceId>()) {
        (Ok(id), _) => {
            let change: ChangeWire = read(item)?;
            (step(citizen, id, &change)?, keys::appointment_log(citizen, id, change.v))
        }
        (_, Ok(service)) => {
            let change = log::entry_change(item)?;
            let passed = change.offer.filter(|_| change.action == EntryAction::PassedOver);
            let at = passed.map(|(offer, _)| keys::passed_log(citizen, &service, offer));
            let at = at.unwrap_or_else(|| keys::place_log(citizen, &service, change.operation));
            (place(citizen, &service, &change)?, at)
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Told { astray: at != *key, ..told }])
}

/// A deed of which just the row of this key tells.
fn deed(
    key: &Key,
    said: Said,
    (chain, at, by): (Chain, DateTime<Utc>, Option<StaffId>),
    what: String,
    of: String,
) -> Told {
    let (fact, digest) = (key.to_string(), said.digest);
    let deed = Deed { chain, at, by, what, of, fact, form: Form::FactsAndWords, digest };
    Told { deed, said, belongs: Belongs::Always, astray: false }
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
fn ended(key: &Key, citizen: CitizenId, item: &Item) -> Result<Vec<Told>, StoreError> {
    if !keeping::is_closed(item) {
        return Ok(Vec::new());
    }
    let Some(closed) = keeping::from_item(item)?.closed else { return Ok(Vec::new()) };
    let who = (Chain::House, closed.at, None);
    Ok(vec![deed(key, keeping::end_said(&closed)?, who, CABINET_DELETED.to_owned(), citizen.to_string())])
}

fn reading(key: &Key, item: &Item) -> Result<Told, StoreError> {
    let reading = access::from_item(item)?;
    let (said, of) = (access::said(&reading)?, format!("{}/{}", reading.citizen, reading.subject));
    let who = (Chain::Office(reading.office), reading.at, Some(reading.member));
    Ok(deed(key, said, who, "read".to_owned(), of))
}

fn call(key: &Key, item: &Item) -> Result<Told, StoreError> {
    let note = call_note::from_item(item)?;
    let (said, of) = (call_note::said(item)?, format!("{}/{}", note.citizen, note.id));
    let who = (Chain::Office(note.office), note.at, Some(note.member));
    Ok(deed(key, said, who, "call-noted".to_owned(), of))
}

fn step(citizen: CitizenId, id: AppointmentId, wire: &ChangeWire) -> Result<Told, StoreError> {
    let (change, said) = (Change::try_from(wire)?, change::said(wire)?);
    let key = keys::appointment_log(citizen, id, change.version);
    let (what, of) = (format!("appointment-{}", change.action.name()), format!("{citizen}/{id}"));
    let who = (Chain::Office(change.office.clone()), change.at, change.member);
    let belongs = match by_staff(change.actor, change.member) {
        true => Belongs::Always,
        false if is_the_usual_way(change.action) => Belongs::Never,
        false => Belongs::SinceTheSecondForm,
    };
    Ok(Told { belongs, ..deed(&key, said, who, what, of) })
}

/// What citizens and the clock do for each visit that goes as it was booked. An entry of it would cost more than the deed
/// itself, and would hide nobody's misconduct; what ends or alters an appointment would, whoever is said to have done it.
fn is_the_usual_way(action: Action) -> bool {
    matches!(action, Action::Booked | Action::CheckedIn | Action::EligibilityConfirmed)
}

fn place(citizen: CitizenId, service: &ServiceId, change: &EntryChange) -> Result<Told, StoreError> {
    let key = keys::place_log(citizen, service, change.operation);
    let (what, of) = (format!("place-{}", change.action.name()), format!("{citizen}/{service}"));
    let said = Said::facts(&EntryChangeWire::from(change))?;
    let who = (Chain::House, change.at, change.member);
    let belongs = if by_staff(change.actor, change.member) { Belongs::Always } else { Belongs::Never };
    Ok(Told { belongs, ..deed(&key, said, who, what, of) })
}

fn by_staff(actor: Actor, member: Option<StaffId>) -> bool {
    actor == Actor::Staff || member.is_some()
}

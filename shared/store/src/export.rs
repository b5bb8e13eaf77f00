//! All that is kept of a person, row by row, as they may have it (PRV-3): what is sealed is opened, secrets stay out.

mod acting;
mod cabinet;
mod section;
mod visits;

pub use section::Section;

use crate::items::note::{self, Note};
use crate::items::{access, call_note, log, representation};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::appointment::Seat;
use domain::{AppointmentId, CitizenId};
use serde_json::{Value, json};

/// A row as its person may have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub section: Section,
    pub data: Value,
    /// Of a notice, that its words can be made anew.
    pub note: Option<Box<note::Note>>,
}

/// Opens a row.
///
/// # Errors
/// [`StoreError::Corrupt`] for a row that this version does not know; [`StoreError::Sealed`].
pub fn told(item: &Item, vault: &Vault) -> Result<Told, StoreError> {
    let key = Key::of(item).ok_or_else(crate::items::unknown("key"))?;
    let section = Section::of(&key).ok_or_else(crate::items::unknown("kind of row"))?;
    let plain = |data| Ok(Told { section, data, note: None });
    match section {
        Section::Record => plain(cabinet::record(item, vault)?),
        Section::Profile => plain(cabinet::said(item, vault)?),
        Section::SignIn => plain(cabinet::sign_in(item)?),
        Section::Session => plain(cabinet::session(&key, item, vault)?),
        Section::Event => plain(cabinet::event(item, vault)?),
        Section::Device => plain(cabinet::device(&key, item, vault)?),
        Section::Passkey => plain(cabinet::passkey(&key, item, vault)?),
        Section::Challenge => plain(cabinet::challenge(item)?),
        Section::Check => plain(cabinet::check(item, vault)?),
        Section::Unlock => plain(cabinet::unlock(item, vault)?),
        Section::Holding => plain(visits::holding(item)?),
        Section::Appointment => plain(visits::visit(item, vault)?),
        Section::Place => plain(visits::place(item)?),
        Section::Offer => plain(visits::offer(item)?),
        Section::History => {
            let subject = keys::read_log(&key).map(|(_, subject)| subject.to_owned()).unwrap_or_default();
            let data = match subject.parse::<AppointmentId>() {
                Ok(id) => visits::changed(id, &log::appointment_change(item)?, vault)?,
                Err(_) => visits::waited(&log::entry_change(item)?),
            };
            plain(json!({ "of": subject, "change": data }))
        }
        Section::Files => plain(visits::files(&key, item, vault)?),
        Section::ToSign => plain(visits::to_be_signed(item, vault)?),
        Section::Signature => plain(visits::signature(item, vault)?),
        Section::Question => plain(visits::question(item)?),
        Section::Representation => plain(acting::represented(item, vault)?),
        Section::Acting => plain(acting::acted(item, None, vault)?),
        Section::Notice => notice(item),
        Section::Reading => {
            let access::Reading { citizen: _, member, office, subject, at: when } = access::from_item(item)?;
            plain(json!({
                "at": at(when), "officeId": office.to_string(), "memberId": member.to_string(), "subject": subject,
            }))
        }
        Section::CallNote => {
            let whole = call_note::from_item(item)?;
            let text = call_note::open(vault, &whole)?;
            let call_note::CallNote { id, citizen: _, member, office, at: when, text: _ } = whole;
            plain(json!({
                "id": id.to_string(), "at": at(when), "officeId": office.to_string(), "memberId": member.to_string(),
                "text": text,
            }))
        }
    }
}

/// Opens a row that says little by itself, with the one that [`elsewhere`] names.
///
/// # Errors
/// As [`told`].
pub fn told_beside(item: &Item, beside: Option<&Item>, vault: &Vault) -> Result<Told, StoreError> {
    Ok(Told { section: Section::Acting, data: acting::acted(item, beside, vault)?, note: None })
}

/// The row elsewhere that it takes to tell all of this one: what a representative said stands with the beneficiary.
///
/// # Errors
/// As [`told`].
pub fn elsewhere(citizen: CitizenId, item: &Item) -> Result<Option<Key>, StoreError> {
    if Key::of(item).as_ref().and_then(Section::of) != Some(Section::Acting) {
        return Ok(None);
    }
    let (_, beneficiary) = representation::pointer_from_item(item)?;
    Ok(Some(keys::representation(beneficiary, citizen)))
}

fn notice(item: &Item) -> Result<Told, StoreError> {
    let whole = note::from_item(item)?;
    // What it is about makes its words, which are made anew.
    let Note { citizen: _, id, state, due_at, sent, about: _, of } = &whole;
    let by: Vec<&str> = sent.iter().map(|(channel, _)| channel.as_str()).collect();
    let data = json!({
        "kind": id.kind.name(), "at": at(id.at), "state": state.name(), "dueAt": due_at.map(at), "by": by,
        "ofCitizenId": of.map(other),
    });
    Ok(Told { section: Section::Notice, data, note: Some(Box::new(whole)) })
}

fn at(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Somebody or something that is named only.
fn other(id: impl ToString) -> String {
    id.to_string()
}

fn seat(seat: &Seat) -> Value {
    let Seat { office, window, on, cells: _, starts_at, ends_at } = seat;
    json!({
        "officeId": office.to_string(), "windowId": window.to_string(), "date": on, "startsAt": at(*starts_at),
        "endsAt": at(*ends_at),
    })
}

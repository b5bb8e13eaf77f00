//! A stream record as the fact it is: the one file that knows the stream's format.

use crate::items::account::{self, Happened};
use crate::items::audit::Deed;
use crate::items::office::{self, OfficeChange};
use crate::items::reference::{self, ReferenceChange};
use crate::items::{
    active, appointment, citizen, entry, folder, invitation, keeping, note, offer, page, profile, proof,
    registration, registry,
};
use crate::{Item, Key, StoreError, keys};
use aws_lambda_events::dynamodb::EventRecord;
use domain::active::Active;
use domain::appointment::Appointment;
use domain::citizen::Cabinet;
use domain::document::Folder;
use domain::page::{Page, PageKey};
use domain::waitlist::{Entry, Offer};
use domain::{AppointmentId, CitizenId, InvitationId, OfficeId, ProofId, RegistrationId, ServiceId};

/// What happened to the table, as far as anybody follows it.
#[derive(Debug)]
pub enum Fact {
    Appointment {
        before: Option<Box<Appointment>>,
        after: Box<Appointment>,
    },
    Offer {
        before: Option<Box<Offer>>,
        after: Box<Offer>,
    },
    Entry {
        before: Option<Box<Entry>>,
        after: Box<Entry>,
    },
    /// What a person holds changed.
    Guard {
        citizen: CitizenId,
        after: Box<Active>,
    },
    Page {
        before: Box<Page>,
        after: Box<Page>,
        key: PageKey,
    },
    /// A code is to be sent: the round is new.
    Registration {
        id: RegistrationId,
        round: u32,
    },
    /// A code is to be sent: the round is new.
    Proof {
        id: ProofId,
        round: u32,
    },
    /// Something happened to a cabinet.
    Account(Box<Happened>),
    /// A link is to be sent to the citizen's address: the record is new, or it was asked for again.
    EmailLink {
        citizen: CitizenId,
        asked_at_ms: i64,
    },
    /// A letter is to be sent: a member invites somebody.
    Invitation {
        id: InvitationId,
    },
    /// An office's file was changed, or the sweep after it came further.
    OfficeChange {
        office: OfficeId,
        before: Option<Box<OfficeChange>>,
        after: Box<OfficeChange>,
    },
    /// A file by which every office goes was changed, or that came further on its way to them.
    ReferenceChange {
        after: Box<ReferenceChange>,
    },
    /// A citizen's policy is to be asked about.
    PolicyOpen {
        citizen: CitizenId,
    },
    /// Whether an appointment's holder is entitled to it is to be asked.
    EligibilityOpen {
        citizen: CitizenId,
        appointment: AppointmentId,
    },
    /// The files for a service changed, or are to be looked after.
    Folder {
        citizen: CitizenId,
        service: ServiceId,
        before: Box<Folder>,
        after: Box<Folder>,
        /// Somebody is to look whether what was to come came.
        look: bool,
    },
    /// It is to be looked what of a cabinet goes.
    Cabinet {
        citizen: CitizenId,
    },
    Note {
        before: Option<Box<note::Note>>,
        after: Box<note::Note>,
    },
    /// Nothing that anybody follows.
    Nothing,
}

/// The key of the item that a record is about; none when it names none.
pub fn key(record: &EventRecord) -> Option<Key> {
    Key::of(&Item::from(record.change.keys.clone()))
}

/// Reads a record.
///
/// # Errors
/// [`StoreError::Corrupt`] when an item that somebody follows is not as this version writes it.
pub fn read(record: &EventRecord) -> Result<Fact, StoreError> {
    let stream = &record.change;
    if record.event_name == "REMOVE" {
        return Ok(Fact::Nothing);
    }
    let after = Item::from(stream.new_image.clone());
    let before = Item::from(stream.old_image.clone());
    let before = (!before.is_empty()).then_some(before);
    let Some(key) = Key::of(&after) else { return Ok(Fact::Nothing) };
    fact(&key, before.as_ref(), &after)
}

/// What of a record staff did or read (PRV-4).
///
/// # Errors
/// As [`read`].
pub fn deeds(record: &EventRecord) -> Result<Vec<Deed>, StoreError> {
    if record.event_name == "REMOVE" {
        return Ok(Vec::new());
    }
    let before = Item::from(record.change.old_image.clone());
    crate::audit::deeds((!before.is_empty()).then_some(&before), &Item::from(record.change.new_image.clone()))
}

fn fact(key: &Key, before: Option<&Item>, after: &Item) -> Result<Fact, StoreError> {
    let sk = key.sk.as_str();
    if keys::read_audit(key).is_some() {
        return Ok(Fact::Nothing);
    }
    if key.pk.starts_with(keys::PAGES) {
        let (key, page) = page::from_item(after)?;
        let before = before.map(page::from_item).transpose()?.map(|(_, page)| page).unwrap_or_default();
        return Ok(Fact::Page { before: Box::new(before), after: Box::new(page), key });
    }
    if sk.starts_with(keys::APPOINTMENT) {
        let read = |item: &Item| appointment::from_item(item, None).map(Box::new);
        return Ok(Fact::Appointment { before: before.map(read).transpose()?, after: read(after)? });
    }
    if sk.starts_with(keys::OFFER) {
        let read = |item: &Item| offer::from_item(item).map(Box::new);
        return Ok(Fact::Offer { before: before.map(read).transpose()?, after: read(after)? });
    }
    if sk.starts_with(keys::ENTRY) {
        let read = |item: &Item| entry::from_item(item).map(Box::new);
        return Ok(Fact::Entry { before: before.map(read).transpose()?, after: read(after)? });
    }
    if sk == keys::ACTIVE
        && let Some(citizen) = key.citizen()
    {
        return Ok(Fact::Guard { citizen, after: Box::new(active::from_item(Some(after))?) });
    }
    if keys::read_office_change(key).is_some() {
        let (office, after) = office::change_from_item(after)?;
        let before = before.map(office::change_from_item).transpose()?;
        let before = before.map(|(_, change)| Box::new(change));
        return Ok(Fact::OfficeChange { office, before, after: Box::new(after) });
    }
    if keys::read_reference_change(key).is_some() {
        return Ok(Fact::ReferenceChange { after: Box::new(reference::change_from_item(after)?) });
    }
    if let Some((citizen, service)) = keys::read_folder(key) {
        let due = |item: &Item| item.get(keys::DUE_SK).and_then(|due| due.as_s().ok()).cloned();
        let (was, is) = (folder::from_item(before)?, folder::from_item(Some(after))?);
        // The clock puts off what it finds due, and changes nothing else.
        let look = was.files == is.files && before.and_then(due) != due(after);
        return Ok(Fact::Folder { citizen, service, before: Box::new(was), after: Box::new(is), look });
    }
    if sk.starts_with(keys::NOTE) {
        return Ok(Fact::Note {
            before: before.map(note::from_item).transpose()?.map(Box::new),
            after: Box::new(note::from_item(after)?),
        });
    }
    if key.pk.starts_with(keys::REGISTRATION) {
        let (was, is) = (before.map(registration::from_item).transpose()?, registration::from_item(after)?);
        let new = was.is_none_or(|was| was.round != is.round);
        return Ok(if new { Fact::Registration { id: is.id, round: is.round } } else { Fact::Nothing });
    }
    if key.pk.starts_with(keys::PROOF) {
        let (was, is) = (before.map(proof::from_item).transpose()?, proof::from_item(after)?);
        let new = was.is_none_or(|was| was.round != is.round);
        return Ok(if new { Fact::Proof { id: is.id, round: is.round } } else { Fact::Nothing });
    }
    if sk.starts_with(keys::ACCOUNT_EVENT) && before.is_none() {
        return Ok(Fact::Account(Box::new(account::from_item(after)?)));
    }
    if key.pk.starts_with(keys::INVITATION) {
        let invitation = invitation::from_item(after)?;
        // The first administrator has the link from the command that invites them.
        let letter = before.is_none() && invitation.by.is_some();
        return Ok(if letter { Fact::Invitation { id: invitation.id } } else { Fact::Nothing });
    }
    if sk == keys::PROFILE
        && let Some(citizen) = key.citizen()
    {
        let was = before.map(profile::open_question).transpose()?.flatten();
        let is = profile::open_question(after)?;
        // What a worker wrote down of a try without an answer is no news; what the clock has found due is.
        let news = match (was, is) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(was), Some(is)) => {
                was.since_ms != is.since_ms || (was.tries == is.tries && was.due != is.due)
            }
        };
        return Ok(if news { Fact::PolicyOpen { citizen } } else { Fact::Nothing });
    }
    if let Some((citizen, appointment)) = keys::read_eligibility(key) {
        let (was, is) = (before.map(registry::tries).transpose()?.flatten(), registry::tries(after)?);
        let news = is.is_some() && (was.is_none() || was == is);
        return Ok(if news { Fact::EligibilityOpen { citizen, appointment } } else { Fact::Nothing });
    }
    if sk == keys::ME
        && let Some(citizen) = key.citizen()
    {
        // Only the clock, and a step behind which another follows, count looks.
        if keeping::looks(after) > before.map_or(0, keeping::looks) {
            return Ok(Fact::Cabinet { citizen });
        }
        if keeping::is_closed(after) {
            return Ok(Fact::Nothing);
        }
    }
    if sk == keys::ME {
        let citizen = citizen::from_item(after)?;
        if citizen.cabinet == Cabinet::None {
            return Ok(Fact::Nothing);
        }
        let asked = |item: &Item| item.get("els").and_then(|n| n.as_n().ok()?.parse::<i64>().ok());
        let again = asked(after).filter(|at| before.and_then(asked) != Some(*at));
        let new = before.is_none().then(|| citizen.created_at.timestamp_millis());
        return Ok(match again.or(new) {
            Some(asked_at_ms) => Fact::EmailLink { citizen: citizen.id, asked_at_ms },
            None => Fact::Nothing,
        });
    }
    Ok(Fact::Nothing)
}

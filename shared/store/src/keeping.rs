//! What of a person's rows goes when, and what stays of them (PRV-3): the one file that knows it of every kind of row.
//!
//! Whoever takes things away asks here, and so does whoever verifies the chains: a row that is gone, or says less than it did,
//! is right just where this says so.

use crate::audit::CABINET_DELETED;
use crate::export::Section;
use crate::items::audit::Deed;
use crate::items::{
    access, account, appointment, call_note, challenge, change, check, device, entry, folder, log, note,
    offer, queue::Row, registry, representation, session, signed, to_sign, unlock,
};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, TimeDelta, Utc};
use domain::AppointmentId;
use domain::appointment::{Actor, Appointment};
use domain::document::{File, FileState};
use domain::limits::{CHALLENGES_KEPT, EVENTS_KEPT, FILES_KEPT, NEWS_KEPT, RECORDS_KEPT, SAID_KEPT};
use domain::waitlist::{EntryChange, EntryState, OfferState};
use planted::{Bug, planted};

/// Whose rows they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cabinet {
    /// In use: what has had its term goes.
    Living,
    /// Closed, or gone but for what the law keeps: all else goes.
    Closed,
}

/// What becomes of a row now.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    Stays,
    Goes,
    /// This is left of it.
    Less(Item),
    /// These are left of it: what staff did, which chains know.
    Rows(Vec<Item>),
    /// A signature of a living cabinet: it goes with what was said for this appointment.
    With(AppointmentId),
    /// A folder of a living cabinet: some of its files may have had their term, if the last visit for which they count has.
    Files,
}

/// What becomes of a row.
///
/// # Errors
/// [`StoreError::Corrupt`] for a row that is not as this version writes it.
pub fn fate(item: &Item, cabinet: Cabinet, now: DateTime<Utc>) -> Result<Fate, StoreError> {
    let closed = cabinet == Cabinet::Closed;
    let Some(section) = Key::of(item).as_ref().and_then(Section::of) else {
        // A later version may have written it. Of a closed cabinet nothing is kept that is not known to be kept by law.
        return Ok(if closed { Fate::Goes } else { Fate::Stays });
    };
    let over = |at: DateTime<Utc>, kept: TimeDelta| at + kept <= now;
    let goes = |over: bool| if over { Fate::Goes } else { Fate::Stays };
    let less = |after: Item| if after == *item { Fate::Stays } else { Fate::Less(after) };
    Ok(match section {
        Section::Record => Fate::Stays,
        Section::Reading => goes(over(access::from_item(item)?.at, RECORDS_KEPT)),
        Section::CallNote => {
            let at = call_note::from_item(item)?.at;
            match over(at, RECORDS_KEPT) {
                true => Fate::Goes,
                false if planted(Bug::WordsKept) => Fate::Stays,
                false if closed || over(at, SAID_KEPT) => less(call_note::without_words(item)?),
                false => Fate::Stays,
            }
        }
        Section::Appointment => {
            let found = appointment::from_item(item, None)?;
            let at = last_of(&found);
            match over(at, RECORDS_KEPT) {
                true => Fate::Goes,
                false if planted(Bug::WordsKept) => Fate::Stays,
                false if closed || said_until(&found) <= now => {
                    less(appointment::without_words(item, closed)?)
                }
                false => Fate::Stays,
            }
        }
        Section::History => history(item, closed, now)?,
        Section::Place => place(item, closed, now)?,
        _ if closed => Fate::Goes,
        Section::Profile | Section::SignIn | Section::Holding => Fate::Stays,
        Section::Session => goes(session::from_item(item)?.expires_at <= now),
        Section::Device => goes(!device::from_item(item)?.is_known(now)),
        Section::Event => goes(over(account::from_item(item)?.at, EVENTS_KEPT)),
        Section::Notice => goes(over(note::from_item(item)?.id.at, NEWS_KEPT)),
        Section::Offer => {
            let found = offer::from_item(item)?;
            goes(found.state != OfferState::Open && over(found.until, NEWS_KEPT))
        }
        Section::ToSign => goes(over(to_sign::expires_at(item)?, CHALLENGES_KEPT)),
        Section::Signature => {
            let (appointment, at) = signed::about(item)?;
            if over(at, SAID_KEPT) { Fate::With(appointment) } else { Fate::Stays }
        }
        Section::Challenge => goes(over(challenge::from_item(item)?.expires_at, CHALLENGES_KEPT)),
        Section::Check => {
            let found = check::from_item(item)?;
            goes(!found.state.is_open() && over(found.asked_at, NEWS_KEPT))
        }
        // Who may act for whom ends by itself, and who did is told as long as what they did.
        Section::Representation => {
            let since = representation::from_item(item)?.over_since(now);
            goes(since.is_some_and(|since| over(since, RECORDS_KEPT)))
        }
        Section::Passkey | Section::Acting => Fate::Stays,
        Section::Unlock => {
            let found = unlock::from_item(item)?;
            goes(found.is_over(now) && over(found.asked_at, NEWS_KEPT))
        }
        Section::Question => {
            let found = registry::to_ask_from_item(item)?;
            goes(found.asking.is_none() && over(made_at(found.appointment), NEWS_KEPT))
        }
        Section::Files => {
            let folder = folder::from_item(Some(item))?;
            let old = |file: &File| brought_at(file).is_some_and(|at| over(at, FILES_KEPT));
            if folder.files.iter().any(old) { Fate::Files } else { Fate::Stays }
        }
    })
}

/// When an appointment was over, or was changed last.
fn last_of(appointment: &Appointment) -> DateTime<Utc> {
    let last = appointment.changes.iter().map(|change| change.at).max();
    last.map_or(appointment.seat.ends_at, |last| last.max(appointment.seat.ends_at))
}

/// Until when what was said for an appointment is kept.
pub fn said_until(appointment: &Appointment) -> DateTime<Utc> {
    last_of(appointment) + SAID_KEPT
}

/// The rows elsewhere that lead to one of a cabinet's and go with it.
///
/// # Errors
/// As [`fate`].
pub fn beside(item: &Item) -> Result<Vec<Key>, StoreError> {
    let Some(key) = Key::of(item) else { return Ok(Vec::new()) };
    Ok(match Section::of(&key) {
        Some(Section::Passkey) => {
            key.sk.strip_prefix(keys::PASSKEY).map(keys::passkey_owner).into_iter().collect()
        }
        Some(Section::Representation) => {
            let between = representation::from_item(item)?;
            let rows = between.grants.iter().filter_map(|grant| representation::queued(&between, grant));
            let pointers = between.grants.iter().map(|grant| keys::acting(between.representative, grant.id));
            rows.flat_map(|row| row.keys()).chain(pointers).collect()
        }
        Some(Section::Unlock) => {
            unlock::queued(&unlock::from_item(item)?).iter().flat_map(Row::keys).collect()
        }
        _ => Vec::new(),
    })
}

/// When a file was decided about; none as long as it is to come.
pub fn brought_at(file: &File) -> Option<DateTime<Utc>> {
    match file.state {
        FileState::Awaited { .. } => None,
        FileState::Accepted { at, .. } | FileState::Refused { at, .. } => Some(at),
    }
}

/// An identifier begins with its time.
fn made_at(id: AppointmentId) -> DateTime<Utc> {
    let ms = i64::try_from(id.0.timestamp_ms()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Of an appointment the facts stay; of waiting what staff did.
fn history(item: &Item, closed: bool, now: DateTime<Utc>) -> Result<Fate, StoreError> {
    let key = Key::of(item).ok_or_else(crate::items::unknown("key"))?;
    let subject = keys::read_log(&key).map(|(_, subject)| subject).unwrap_or_default();
    if subject.parse::<AppointmentId>().is_err() {
        let change = log::entry_change(item)?;
        let kept = if by_staff(&change) { RECORDS_KEPT } else { NEWS_KEPT };
        let goes = (closed && !by_staff(&change)) || change.at + kept <= now;
        return Ok(if goes { Fate::Goes } else { Fate::Stays });
    }
    let at = log::appointment_change(item)?.at;
    if at + RECORDS_KEPT <= now {
        return Ok(Fate::Goes);
    }
    if !closed && at + SAID_KEPT > now {
        return Ok(Fate::Stays);
    }
    let mut less = item.clone();
    change::without_reason(&mut less)?;
    Ok(if less == *item { Fate::Stays } else { Fate::Less(less) })
}

fn place(item: &Item, closed: bool, now: DateTime<Utc>) -> Result<Fate, StoreError> {
    let found = entry::from_item(item)?;
    let last = found.changes.iter().map(|change| change.at).max().unwrap_or(found.joined_at);
    let over = matches!(found.state, EntryState::Left | EntryState::Served) && last + NEWS_KEPT <= now;
    if !closed && !over {
        return Ok(Fate::Stays);
    }
    let staffs = found.changes.iter().filter(|change| by_staff(change));
    let row = |change| log::entry_row(found.citizen, &found.service, change).map(|(_, row)| row);
    let rows = staffs.map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(if rows.is_empty() { Fate::Goes } else { Fate::Rows(rows) })
}

fn by_staff(change: &EntryChange) -> bool {
    change.actor == Actor::Staff || change.member.is_some()
}

/// Whether the row of a deed may be gone: it has had its term.
pub fn may_be_gone(deed: &Deed, now: DateTime<Utc>) -> bool {
    is_of_a_citizen(deed) && deed.at + RECORDS_KEPT <= now
}

/// Whether the row of a deed may have lost its words: they have had their term, or the cabinet is deleted.
pub fn may_say_less(deed: &Deed, deleted: bool, now: DateTime<Utc>) -> bool {
    is_of_a_citizen(deed) && deed.what != CABINET_DELETED && (deleted || deed.at + SAID_KEPT <= now)
}

/// The citizen in whose partition the row of a deed stands.
pub fn citizen_of(deed: &Deed) -> Option<domain::CitizenId> {
    let (pk, sk) = deed.fact.split_once('/')?;
    Key { pk: pk.to_owned(), sk: sk.to_owned() }.citizen()
}

fn is_of_a_citizen(deed: &Deed) -> bool {
    citizen_of(deed).is_some()
}

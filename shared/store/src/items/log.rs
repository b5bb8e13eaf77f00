//! Rows of histories: changes that no longer ride on their item, and being passed over.

use super::change::ChangeWire;
use super::entry::EntryChangeWire;
use super::{read, write};
use crate::{Item, Key, StoreError, keys};
use domain::appointment::Change;
use domain::waitlist::EntryChange;
use domain::{AppointmentId, CitizenId, OfferId, ServiceId};

pub fn appointment_row(
    citizen: CitizenId,
    id: AppointmentId,
    change: &Change,
) -> Result<(Key, Item), StoreError> {
    let key = keys::appointment_log(citizen, id, change.version);
    let item = write(&key, &ChangeWire::from(change))?;
    Ok((key, item))
}

pub fn appointment_change(item: &Item) -> Result<Change, StoreError> {
    Change::try_from(&read::<ChangeWire>(item)?)
}

pub fn entry_row(
    citizen: CitizenId,
    service: &ServiceId,
    change: &EntryChange,
) -> Result<(Key, Item), StoreError> {
    let key = keys::place_log(citizen, service, change.operation);
    let item = write(&key, &EntryChangeWire::from(change))?;
    Ok((key, item))
}

pub fn passed_row(
    citizen: CitizenId,
    service: &ServiceId,
    offer: OfferId,
    change: &EntryChange,
) -> Result<(Key, Item), StoreError> {
    let key = keys::passed_log(citizen, service, offer);
    let item = write(&key, &EntryChangeWire::from(change))?;
    Ok((key, item))
}

pub fn entry_change(item: &Item) -> Result<EntryChange, StoreError> {
    EntryChange::try_from(&read::<EntryChangeWire>(item)?)
}

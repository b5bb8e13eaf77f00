//! Appointments: put once, changed on condition of their version, listed by citizen.

use super::Listed;
use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::{appointment, log, number, text};
use crate::{Item, Store, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::active::Held;
use domain::appointment::{Appointment, Change, Phase};
use domain::limits::CHANGES_KEPT;
use domain::{AppointmentId, CitizenId};
use planted::{Bug, planted};

const CHANGED: [&str; 10] =
    ["at", "q", "sp", "ph", "mk", "v", "ch", keys::DUE_SK, keys::DAY_PK, keys::DAY_SK];

impl Store {
    pub fn put_appointment(
        &self,
        commit: &mut Commit,
        appointment: &Appointment,
        sealed: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let (_, item) = appointment::to_item(appointment, sealed)?;
        commit.put_new(self, Guard::Appointment, item);
        Ok(())
    }

    /// Writes what changed of an appointment that was read at `version`. More changes than ride on the item
    /// spill the oldest to rows of their own in the same transaction.
    pub fn keep_appointment(
        &self,
        commit: &mut Commit,
        after: Appointment,
        version: u64,
    ) -> Result<(), StoreError> {
        self.keep(commit, after, version, &CHANGED, None)
    }

    /// The same, with what was filled in for it written anew.
    pub fn keep_corrected(
        &self,
        commit: &mut Commit,
        after: Appointment,
        sealed: Option<Vec<u8>>,
        version: u64,
    ) -> Result<(), StoreError> {
        self.keep(commit, after, version, &["app", "sg", "v", "ch", "cor"], sealed)
    }

    fn keep(
        &self,
        commit: &mut Commit,
        mut after: Appointment,
        version: u64,
        changed: &[&str],
        sealed: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        while after.changes.len() > CHANGES_KEPT {
            let (_, row) = log::appointment_row(after.citizen, after.id, &after.changes.remove(0))?;
            commit.put(self, Guard::Row, row, Expression::new());
        }
        let (key, item) = appointment::to_item(&after, sealed)?;
        let mut when = Expression::new();
        when.equals("v", number(version));
        let known: Vec<&str> = changed.iter().copied().chain(appointment::VISIT).collect();
        let what = when.set_known(&item, &known);
        commit.update(self, Guard::Appointment, &key, what, when);
        Ok(())
    }

    /// Moves an appointment of which only its holder's guard was read: the guard knows place, number and
    /// version, and nothing changes a planned appointment without it. The code was not read, so it is given anew;
    /// what else `after` says of the application is left as it stands.
    pub fn move_held(
        &self,
        commit: &mut Commit,
        held: &Held,
        after: &Appointment,
        change: &Change,
    ) -> Result<(), StoreError> {
        let key = keys::appointment(after.citizen, held.id);
        let mut when = Expression::new();
        when.equals("v", number(held.version));
        when.equals("ph", text(Phase::Planned.name()));
        let mut item: Item = appointment::indexed(after.citizen, held.id, &after.seat, &held.number);
        item.insert("at".into(), appointment::seat_value(&after.seat)?);
        item.insert("q".into(), text(&after.queue_number));
        item.insert("code".into(), text(&after.code));
        item.insert("mk".into(), text(after.mark.name()));
        item.insert("v".into(), number(after.version));
        // Whoever was asked for at the former window is not at this one.
        let known = ["at", "q", "sp", "code", "mk", "v", keys::DUE_SK, keys::DAY_PK, keys::DAY_SK];
        let set = when.set_known(&item, &known);
        let changes = when.name("ch");
        let one = when.value(AttributeValue::L(vec![appointment::change_value(change)?]));
        let text = set.replacen("SET ", &format!("SET {changes} = list_append({changes}, {one}), "), 1);
        commit.update(self, Guard::Appointment, &key, text, when);
        Ok(())
    }

    /// Writes what changed of one appointment by itself. False when it is not as it was read.
    pub async fn keep_appointment_alone(&self, after: Appointment, version: u64) -> Result<bool, StoreError> {
        let mut commit = Commit::new();
        let spills = after.changes.len() > CHANGES_KEPT;
        if spills {
            self.keep_appointment(&mut commit, after, version)?;
            return match self.commit(commit).await {
                crate::Committed::Done => Ok(true),
                crate::Committed::Refused(_) => Ok(false),
                crate::Committed::Conflict => Err(StoreError::Unavailable("conflict".into())),
                crate::Committed::Unknown(error) => Err(error),
            };
        }
        let (key, item) = appointment::to_item(&after, None)?;
        let mut when = Expression::new();
        if !(after.phase == Phase::NoShow && planted(Bug::BlindNoShow)) {
            when.equals("v", number(version));
        }
        let known: Vec<&str> = ["ph", "mk", "v", "ch"].into_iter().chain(appointment::VISIT).collect();
        let what = when.set_known(&item, &known);
        self.update_alone(&key, what, when).await
    }

    /// Has the clock find a start once more, at this time, if the appointment is as it was read.
    pub async fn look_again(&self, read: &Appointment, due: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        when.equals("v", number(read.version));
        let (due_at, at) = (when.name(keys::DUE_SK), when.value(text(keys::due_at(due))));
        self.update_alone(&keys::appointment(read.citizen, read.id), format!("SET {due_at} = {at}"), when)
            .await
    }

    pub async fn appointment(
        &self,
        citizen: CitizenId,
        id: AppointmentId,
        vault: Option<&Vault>,
    ) -> Result<Option<Appointment>, StoreError> {
        let item = self.get(&keys::appointment(citizen, id)).await?;
        item.map(|item| appointment::from_item(&item, vault)).transpose()
    }

    /// A citizen's appointments, newest first; `after` is the last one already shown.
    pub async fn appointments(
        &self,
        citizen: CitizenId,
        after: Option<AppointmentId>,
        limit: i32,
    ) -> Result<Listed<Appointment>, StoreError> {
        let (pk, after) = (keys::citizen_pk(citizen), after.map(|id| id.to_string()));
        let read = |item: &Item| appointment::from_item(item, None);
        self.listed(pk, keys::APPOINTMENT, after.as_deref(), limit, Reading::Decide, read).await
    }
}

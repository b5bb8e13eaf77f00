//! An office's day, by start. The index only points; what it points at is read again before anything is decided.

use super::batch::KEYS_MAX;
use crate::items::{appointment, text};
use crate::{Key, Store, StoreError, keys};
use chrono::NaiveDate;
use domain::appointment::Appointment;
use domain::number::Number;
use domain::{AppointmentId, CitizenId, OfficeId};
use futures::future::try_join_all;

/// Rows read at most: 12 windows of a day in visits of 5 minutes are 1,728.
const ROWS_MAX: i32 = 1_000;
const PAGES_MAX: u32 = 4;

impl Store {
    /// The keys of an office's date, by start, each with the number of its appointment.
    async fn day(&self, office: &OfficeId, on: NaiveDate) -> Result<Vec<(Key, String)>, StoreError> {
        let mut rows = Vec::new();
        let mut start = None;
        for _ in 0..PAGES_MAX {
            let answer = self
                .db
                .query()
                .table_name(&self.table)
                .index_name(keys::DAY_INDEX)
                .key_condition_expression("#yp = :day")
                .expression_attribute_names("#yp", keys::DAY_PK)
                .expression_attribute_values(":day", text(keys::day(office, on)))
                .limit(ROWS_MAX)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(StoreError::unavailable)?;
            for item in answer.items.unwrap_or_default() {
                let sort = item.get(keys::DAY_SK).and_then(|sort| sort.as_s().ok());
                let number = sort.and_then(|sort| sort.rsplit('#').next()).map(str::to_owned);
                rows.extend(Key::of(&item).zip(number));
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(rows)
    }

    /// Whose appointment has this number on an office's date.
    pub async fn by_number(
        &self,
        office: &OfficeId,
        on: NaiveDate,
        wanted: &Number,
    ) -> Result<Option<(CitizenId, AppointmentId)>, StoreError> {
        let rows = self.day(office, on).await?;
        Ok(rows.into_iter().find(|(_, number)| number == wanted.as_str()).and_then(|(key, _)| {
            let id = key.sk.strip_prefix(keys::APPOINTMENT)?.parse().ok()?;
            Some((key.citizen()?, id))
        }))
    }

    /// The appointments of an office's date as they stand, by start. What was moved away is not among them, and what
    /// was put in this second may not be yet.
    pub async fn agenda(&self, office: &OfficeId, on: NaiveDate) -> Result<Vec<Appointment>, StoreError> {
        let keys: Vec<Key> = self.day(office, on).await?.into_iter().map(|(key, _)| key).collect();
        let read = try_join_all(keys.chunks(KEYS_MAX).map(|some| self.read(some))).await?;
        let items = keys.iter().filter_map(|key| read.iter().find_map(|batch| batch.item(key)));
        let mut found = Vec::new();
        for item in items {
            let appointment = appointment::from_item(item, None)?;
            if appointment.seat.office == *office && appointment.seat.on == on {
                found.push(appointment);
            }
        }
        found.sort_by(|a, b| (a.seat.starts_at, &a.seat.window).cmp(&(b.seat.starts_at, &b.seat.window)));
        Ok(found)
    }
}

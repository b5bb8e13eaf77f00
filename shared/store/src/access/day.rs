//! An office's day, by start: for finding an appointment by its number. The index only points; what it points
//! at is read again before anything is decided.

use crate::items::text;
use crate::{Key, Store, StoreError, keys};
use chrono::NaiveDate;
use domain::number::Number;
use domain::{AppointmentId, CitizenId, OfficeId};

/// Rows read at most: 12 windows of a day in visits of 5 minutes are 1,728.
const ROWS_MAX: i32 = 1_000;
const PAGES_MAX: u32 = 4;

impl Store {
    /// Whose appointment has this number on an office's date.
    pub async fn by_number(
        &self,
        office: &OfficeId,
        on: NaiveDate,
        wanted: &Number,
    ) -> Result<Option<(CitizenId, AppointmentId)>, StoreError> {
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
                if sort.and_then(|sort| sort.rsplit('#').next()) == Some(wanted.as_str()) {
                    return Ok(Key::of(&item).and_then(|key| {
                        let id = key.sk.strip_prefix(keys::APPOINTMENT)?.parse().ok()?;
                        Some((key.citizen()?, id))
                    }));
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(None)
    }
}

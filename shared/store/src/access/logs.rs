//! Histories: rows that spilled from appointments and places in line, and being passed over.

use crate::items::log;
use crate::{Item, Store, StoreError, keys};
use domain::appointment::Change;
use domain::waitlist::EntryChange;
use domain::{AppointmentId, CitizenId, OfferId, ServiceId};

/// Rows of one history read at a time, and how often: a history is shown up to two thousand rows.
const ROWS_MAX: i32 = 200;
const READS_MAX: usize = 10;

impl Store {
    pub async fn appointment_log(
        &self,
        citizen: CitizenId,
        id: AppointmentId,
    ) -> Result<Vec<Change>, StoreError> {
        self.log(citizen, &id.to_string()).await?.iter().map(log::appointment_change).collect()
    }

    pub async fn entry_log(
        &self,
        citizen: CitizenId,
        service: &ServiceId,
    ) -> Result<Vec<EntryChange>, StoreError> {
        self.log(citizen, service.as_str()).await?.iter().map(log::entry_change).collect()
    }

    async fn log(&self, citizen: CitizenId, subject: &str) -> Result<Vec<Item>, StoreError> {
        let mut rows = Vec::new();
        let mut start = None;
        for _ in 0..READS_MAX {
            let answer = self
                .beginning(keys::citizen_pk(citizen), keys::log_prefix(subject))
                .consistent_read(true)
                .limit(ROWS_MAX)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(StoreError::unavailable)?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(rows)
    }

    /// Records that somebody was passed over for an offer; the same fact twice is one row.
    pub async fn put_passed(
        &self,
        citizen: CitizenId,
        service: &ServiceId,
        offer: OfferId,
        change: &EntryChange,
    ) -> Result<(), StoreError> {
        let (_, item) = log::passed_row(citizen, service, offer, change)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }
}

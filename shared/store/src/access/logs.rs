//! Histories: rows that spilled from appointments and places in line, and being passed over.

use crate::items::{log, text};
use crate::{Item, Store, StoreError, keys};
use domain::appointment::Change;
use domain::waitlist::EntryChange;
use domain::{CitizenId, OfferId, Ticket, Ulid};

/// Rows of one history read at a time.
const ROWS_MAX: i32 = 200;

impl Store {
    pub async fn appointment_log(
        &self,
        citizen: CitizenId,
        subject: Ulid,
    ) -> Result<Vec<Change>, StoreError> {
        self.log(citizen, subject).await?.iter().map(log::appointment_change).collect()
    }

    pub async fn entry_log(
        &self,
        citizen: CitizenId,
        ticket: Ticket,
    ) -> Result<Vec<EntryChange>, StoreError> {
        self.log(citizen, ticket.0).await?.iter().map(log::entry_change).collect()
    }

    async fn log(&self, citizen: CitizenId, subject: Ulid) -> Result<Vec<Item>, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :sk)")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(keys::citizen_pk(citizen)))
            .expression_attribute_values(":sk", text(keys::log_prefix(subject)))
            .consistent_read(true)
            .limit(ROWS_MAX)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(answer.items.unwrap_or_default())
    }

    /// Records that somebody was passed over for an offer; the same fact twice is one row.
    pub async fn put_passed(
        &self,
        citizen: CitizenId,
        ticket: Ticket,
        offer: OfferId,
        change: &EntryChange,
    ) -> Result<(), StoreError> {
        let (_, item) = log::passed_row(citizen, ticket, offer, change)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }
}

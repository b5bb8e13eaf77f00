//! What is due: found in shards by second, and how far the clock has come.

use crate::commit::Expression;
use crate::items::{number, text};
use crate::keys::Due;
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    pub key: Key,
    pub due_at: DateTime<Utc>,
}

/// Items of one shard handled in one tick.
pub const DUE_MAX: i32 = 100;
/// Cabinets handled each time they are looked for.
pub const KEEP_MAX: i32 = 400;

impl Store {
    /// Due in one shard between two instants, both included, oldest first. Work is asked for without a lower
    /// bound (`from` none), so that what was missed is found.
    pub async fn due(
        &self,
        due: Due,
        shard: u8,
        from: Option<DateTime<Utc>>,
        to: DateTime<Utc>,
    ) -> Result<Vec<DueItem>, StoreError> {
        self.due_in(due.partition(shard), from, to, DUE_MAX).await
    }

    /// Cabinets in which something may have had its term, the oldest first (PRV-3).
    pub async fn due_cabinets(&self, to: DateTime<Utc>) -> Result<Vec<DueItem>, StoreError> {
        self.due_in(Due::Keep.partition(0), None, to, KEEP_MAX).await
    }

    async fn due_in(
        &self,
        partition: String,
        from: Option<DateTime<Utc>>,
        to: DateTime<Utc>,
        most: i32,
    ) -> Result<Vec<DueItem>, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .index_name(keys::DUE_INDEX)
            .key_condition_expression("#dp = :dp AND #ds BETWEEN :from AND :to")
            .expression_attribute_names("#dp", keys::DUE_PK)
            .expression_attribute_names("#ds", keys::DUE_SK)
            .expression_attribute_values(":dp", text(partition))
            .expression_attribute_values(":from", text(from.map(keys::due_at).unwrap_or_else(|| "0".into())))
            .expression_attribute_values(":to", text(keys::due_at(to)))
            .limit(most)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(answer.items.unwrap_or_default().iter().filter_map(read).collect())
    }

    /// Puts off what is due and has a version; the write's stream record carries the work. False when it is no longer
    /// due as it was.
    pub async fn nudge(&self, item: &DueItem, due: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        when.equals(keys::DUE_SK, text(keys::due_at(item.due_at)));
        let (sort, version) = (when.name(keys::DUE_SK), when.name("v"));
        let (due, one) = (when.value(text(keys::due_at(due))), when.value(number(1)));
        self.update_alone(&item.key, format!("SET {sort} = {due} ADD {version} {one}"), when).await
    }

    /// How far reminders and no-shows were looked for. None before the first tick.
    pub async fn watermark(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let item = self.get(&keys::watermark()).await?;
        let at = item.as_ref().and_then(|item| item.get("at")?.as_n().ok()?.parse().ok());
        Ok(at.and_then(|at| DateTime::from_timestamp(at, 0)))
    }

    /// Moves the watermark on; it never goes back, however late or doubled a tick is.
    pub async fn keep_watermark(&self, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::watermark().item()))
            .update_expression("SET #at = :at")
            .condition_expression("attribute_not_exists(#at) OR #at < :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", number(at.timestamp()));
        super::done_unless_refused(update.send().await)
    }
}

fn read(item: &Item) -> Option<DueItem> {
    let due_at = keys::read_due(item.get(keys::DUE_SK)?.as_s().ok()?)?;
    Some(DueItem { key: Key::of(item)?, due_at })
}

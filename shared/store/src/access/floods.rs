//! Codes are counted in each bucket before they are sent; the sum of what is let through never passes what a bucket holds.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{at, ms, number};
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::limits::CODE_RESEND_AFTER;

/// Something that is counted, and how often it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    pub key: Key,
    pub most: u32,
    /// From when on it is abnormal.
    pub free: u32,
    /// When it begins anew.
    pub until: DateTime<Utc>,
}

/// Leftovers go some days after they count no more; nothing is decided from that.
const KEPT_S: i64 = 3 * 24 * 3600;

impl Store {
    /// Counts one more, by itself: a bucket is shared by many, who would be in each other's way in a transaction. False, and
    /// nothing counted, when it is full.
    pub async fn count_in(&self, counter: &Counter) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (count, most) = (when.name("n"), when.value(number(counter.most)));
        when.and(format!("(attribute_not_exists({count}) OR {count} < {most})"));
        let one = when.value(number(1));
        let (ttl, ttl_at) = (when.name(keys::TTL), when.value(number(counter.until.timestamp() + KEPT_S)));
        let what = format!("SET {ttl} = {ttl_at} ADD {count} {one}");
        self.update_alone(&counter.key, what, when).await
    }

    /// Spends what is good once. False when it was spent before.
    pub async fn spend(&self, hash: &str, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = Expression::absent();
        let (ttl, ttl_at) = (when.name(keys::TTL), when.value(number(until.timestamp() + KEPT_S)));
        self.update_alone(&keys::spent(hash), format!("SET {ttl} = {ttl_at}"), when).await
    }

    /// Notes that a code goes there. Refused ([`Guard::Pause`]) within a minute of the last one.
    pub fn pause_codes(&self, commit: &mut Commit, key: &Key, now: DateTime<Utc>) {
        let mut when = Expression::new();
        let (sent, before) = (when.name("sa"), when.value(number(ms(now - CODE_RESEND_AFTER))));
        when.and(format!("(attribute_not_exists({sent}) OR {sent} <= {before})"));
        let now_ms = when.value(number(ms(now)));
        let (ttl, ttl_at) = (when.name(keys::TTL), when.value(number(now.timestamp() + KEPT_S)));
        commit.update(self, Guard::Pause, key, format!("SET {sent} = {now_ms}, {ttl} = {ttl_at}"), when);
    }
}

/// How often something was counted, as it was read.
pub fn counted(item: Option<&Item>) -> u32 {
    item.and_then(|item| item.get("n")?.as_n().ok()?.parse().ok()).unwrap_or(0)
}

/// When the last code went there, as it was read.
pub fn sent_at(item: Option<&Item>) -> Option<DateTime<Utc>> {
    item.and_then(|item| item.get("sa")?.as_n().ok()?.parse().ok()).and_then(|sent| at(sent).ok())
}

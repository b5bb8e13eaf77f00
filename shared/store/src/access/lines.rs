//! The heads of the lines: who may be next for a start (WTL-7).

use crate::access::pages::Reading;
use crate::items::entry::{Pointer, pointer};
use crate::items::{number, text};
use crate::{Key, Store, StoreError, keys};
use aws_sdk_dynamodb::types::Select;
use chrono::{DateTime, TimeDelta, Utc};
use domain::limits::HEADS_READ;
use domain::waitlist::Bucket;
use domain::{OfferId, OfficeId, ServiceId};
use futures::future::try_join_all;
use planted::{Bug, planted};

/// How long it is remembered that somebody's waiting was ended: what is told of it goes back 28 days.
const SERVED_KEPT: TimeDelta = TimeDelta::days(35);
/// Of these at most so many are counted.
const SERVED_COUNTED: i32 = 1_000;

/// A row at the head of a line.
#[derive(Debug, Clone)]
pub struct Head {
    pub key: Key,
    pub pointer: Pointer,
}

impl Store {
    /// The least rows of several lines of a service, merged by (class, ticket): eight queries in parallel,
    /// however long the lines. `after` goes on behind a row of that order.
    pub async fn heads(
        &self,
        service: &ServiceId,
        buckets: &[Bucket],
        after: Option<&str>,
    ) -> Result<Heads, StoreError> {
        let asked = buckets.iter().map(|bucket| self.head(service, bucket, after));
        let found = try_join_all(asked).await?;
        // Beyond the last row of a line that was not read to its end, another line's rows may be out of turn.
        let horizon = found
            .iter()
            .filter(|(_, more)| *more)
            .filter_map(|(heads, _)| heads.last())
            .map(|h| h.key.sk.clone())
            .min();
        let mut heads: Vec<Head> = found.into_iter().flat_map(|(heads, _)| heads).collect();
        heads.sort_by(|a, b| a.key.sk.cmp(&b.key.sk));
        if planted(Bug::ByTheClock) {
            let hour = |head: &Head| head.pointer.ticket.0.timestamp_ms() / 3_600_000;
            heads.sort_by_key(|head| (head.key.sk.chars().next(), hour(head), head.pointer.citizen));
        }
        if let Some(horizon) = &horizon {
            heads.retain(|head| head.key.sk <= *horizon);
        }
        Ok(Heads { heads, more_after: horizon })
    }

    /// The first rows of a line, for whoever only wants to know how many there are; and whether there are more.
    pub async fn line(
        &self,
        service: &ServiceId,
        bucket: &Bucket,
        most: i32,
    ) -> Result<(Vec<Head>, bool), StoreError> {
        self.rows(service, bucket, None, most, Reading::Look).await
    }

    async fn head(
        &self,
        service: &ServiceId,
        bucket: &Bucket,
        after: Option<&str>,
    ) -> Result<(Vec<Head>, bool), StoreError> {
        self.rows(service, bucket, after, HEADS_READ, Reading::Decide).await
    }

    async fn rows(
        &self,
        service: &ServiceId,
        bucket: &Bucket,
        after: Option<&str>,
        most: i32,
        reading: Reading,
    ) -> Result<(Vec<Head>, bool), StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk > :after")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(keys::line(service, bucket)))
            .expression_attribute_values(":after", text(after.unwrap_or("0")))
            .consistent_read(reading == Reading::Decide)
            .limit(most)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let more = answer.last_evaluated_key.is_some();
        let items = answer.items.unwrap_or_default();
        let heads = items.iter().filter_map(|item| {
            let key = Key::of(item)?;
            Some(pointer(item).map(|pointer| Head { key, pointer }))
        });
        Ok((heads.collect::<Result<_, _>>()?, more))
    }

    /// How many stand before a row in its line, counted up to a bound: flat, however long the line. The second
    /// value says whether there are more.
    pub async fn ahead(&self, row: &Key, most: i32) -> Result<(u32, bool), StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk < :own")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(&row.pk))
            .expression_attribute_values(":own", text(&row.sk))
            .select(Select::Count)
            .limit(most)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok((u32::try_from(answer.count).unwrap_or(0), answer.last_evaluated_key.is_some()))
    }

    /// Remembers for some weeks that an offer ended somebody's waiting; the same one twice is one row.
    pub async fn put_served(
        &self,
        office: &OfficeId,
        service: &ServiceId,
        offer: OfferId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut item = keys::office_served(office, service, at, offer).item();
        item.insert(keys::TTL.to_owned(), number((at + SERVED_KEPT).timestamp()));
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// How many got a time at an office by waiting for a service, between two instants; counted up to a bound.
    pub async fn served(
        &self,
        office: &OfficeId,
        service: &ServiceId,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<u32, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :since AND :until")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(keys::office_pk(office)))
            .expression_attribute_values(":since", text(keys::office_served_from(service, since)))
            .expression_attribute_values(":until", text(keys::office_served_from(service, until)))
            .select(Select::Count)
            .limit(SERVED_COUNTED)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(u32::try_from(answer.count).unwrap_or(0))
    }

    /// Takes a row away whose entry no longer stands there; a row put anew meanwhile has a later epoch and stays.
    pub async fn drop_row(&self, key: &Key, epoch: u64) -> Result<(), StoreError> {
        let delete = self
            .db
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .condition_expression("#ep <= :ep")
            .expression_attribute_names("#ep", "ep")
            .expression_attribute_values(":ep", number(epoch));
        super::done_unless_refused(delete.send().await).map(|_| ())
    }
}

/// The merged heads, and behind which row to go on, if there are more.
#[derive(Debug)]
pub struct Heads {
    pub heads: Vec<Head>,
    pub more_after: Option<String>,
}

//! How the table is reached: one file an access pattern, its condition beside the call.

pub mod active;
pub mod appointments;
pub mod audit;
pub mod batch;
pub mod call_notes;
pub mod challenges;
pub mod checks;
pub mod citizens;
pub mod codes;
pub mod day;
pub mod desks;
pub mod devices;
pub mod due;
pub mod entries;
pub mod export;
pub mod factors;
pub mod floods;
pub mod folders;
pub mod identifications;
pub mod identities;
pub mod invitations;
pub mod keeping;
pub mod keyring;
pub mod lines;
pub mod logs;
pub mod notes;
pub mod offers;
pub mod offices;
pub mod pages;
pub mod passkeys;
pub mod profiles;
pub mod proofs;
pub mod queues;
pub mod readings;
pub mod references;
pub mod registrations;
pub mod registries;
pub mod representations;
pub mod sessions;
pub mod signing;
pub mod staff;
pub mod unlocks;

use crate::commit::Expression;
use crate::items::text;
use crate::{Item, Key, Store, StoreError, keys};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use pages::Reading;

/// One page of a list and where the next begins.
#[derive(Debug)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Rows as they are, and where to go on.
#[derive(Debug)]
pub struct Scanned {
    pub items: Vec<Item>,
    pub next: Option<Key>,
}

impl Store {
    /// A query of the rows of a partition whose sort keys begin so.
    pub(crate) fn beginning(&self, partition: String, sort: impl Into<String>) -> QueryFluentBuilder {
        self.db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :sk)")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":sk", text(sort))
    }

    /// A page of the rows of a partition whose sort keys begin so, the last first, behind the rest of the key `after`.
    pub(crate) async fn listed<T>(
        &self,
        partition: String,
        prefix: &str,
        after: Option<&str>,
        limit: i32,
        reading: Reading,
        read: impl Fn(&Item) -> Result<T, StoreError>,
    ) -> Result<Listed<T>, StoreError> {
        let start = after.map(|after| Key { pk: partition.clone(), sk: format!("{prefix}{after}") }.item());
        let answer = self
            .beginning(partition, prefix)
            .consistent_read(reading == Reading::Decide)
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let last = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let next = last.and_then(|key| key.sk.strip_prefix(prefix).map(str::to_owned));
        let items = answer.items.unwrap_or_default();
        Ok(Listed { items: items.iter().map(read).collect::<Result<_, _>>()?, next })
    }

    /// One conditional update by itself. False when its condition failed.
    pub(crate) async fn update_alone(
        &self,
        key: &Key,
        what: String,
        when: Expression,
    ) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .update_expression(what)
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        done_unless_refused(update.send().await)
    }
}

/// Of a single conditional write: whether it was done; false when its condition failed.
pub(crate) fn done_unless_refused<T, E, R>(answer: Result<T, SdkError<E, R>>) -> Result<bool, StoreError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(StoreError::unavailable(error)),
    }
}

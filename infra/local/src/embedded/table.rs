//! The embedded table on disk: opening it, reading its stream, trimming what was read, and sweeping what has expired.

use crate::clock::{RunnerClock, lock};
use crate::state::{State, connect};
use crate::template::{REGION, TableDefinition, stream_arn};
use dynoxide::{Database, DynoxideError};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};

/// Added to the emulator's own numbers to make the public ones of 21 digits.
const SEQUENCE_BASE: u128 = 100_000_000_000_000_000_000;
/// Stream records dropped in one go; others wait for the file meanwhile.
const TRIM_BATCH: u32 = 500;
/// Expired items swept in one go.
const SWEEP_BATCH: u32 = 500;

/// Why the table could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the table was made from another definition; give an empty --data, or put the template back")]
    Redefined,
    #[error("the embedded table failed: {0}")]
    Emulator(#[from] DynoxideError),
    #[error("the table's file failed")]
    File(#[from] rusqlite::Error),
    #[error("the table's definition or a record is not what was expected")]
    Shape(#[from] serde_json::Error),
    #[error("the record of what happens cannot be written")]
    Record(#[source] std::io::Error),
}

/// The one table, its stream included.
pub struct Table {
    database: Database,
    /// A second door to the same file, for what the emulator does not do itself.
    side: Mutex<Connection>,
    definition: TableDefinition,
    clock: Arc<RunnerClock>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("name", &self.definition.name).finish_non_exhaustive()
    }
}

impl Table {
    pub(crate) fn open(
        state: &State,
        definition: &TableDefinition,
        clock: Arc<RunnerClock>,
    ) -> Result<Self, TableError> {
        let path = state.directory().join("table.sqlite");
        let database = Database::new(&path.to_string_lossy())?;
        let definition_text = definition.create.to_string();
        if database.get_table_metadata(&definition.name)?.is_none() {
            database.create_table(serde_json::from_value(definition.create.clone())?)?;
            state.keep_fact("table definition", &definition_text)?;
        } else if state.fact("table definition")?.is_some_and(|kept| kept != definition_text) {
            return Err(TableError::Redefined);
        }
        let side = connect(&path)?;
        // Without it every write looks through all records that the stream ever had.
        side.execute_batch(
            "CREATE INDEX IF NOT EXISTS stream_by_sequence
                 ON _stream_records (table_name, CAST(sequence_number AS INTEGER));",
        )?;
        Ok(Self { database, side: Mutex::new(side), definition: definition.clone(), clock })
    }

    /// The emulator itself, for checkers that look behind the functions. It blocks.
    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// The item with this key, typed attribute values throughout; for checkers and for the meter.
    pub fn item(&self, key: &Map<String, Value>) -> Result<Option<Map<String, Value>>, TableError> {
        let request = json!({ "TableName": self.definition.name, "Key": key, "ConsistentRead": true });
        let answer = serde_json::to_value(self.database.get_item(serde_json::from_value(request)?)?)?;
        Ok(answer["Item"].as_object().cloned())
    }

    pub(super) fn key_names(&self) -> Vec<&str> {
        std::iter::once(self.definition.partition_key.as_str())
            .chain(self.definition.sort_key.as_deref())
            .collect()
    }

    /// The stored item that a write of this form aims at.
    pub(super) fn aimed_at(&self, write: &Value) -> Option<Map<String, Value>> {
        let holder = if write["Item"].is_object() { &write["Item"] } else { &write["Key"] };
        let key = self.key_names().into_iter().map(|name| (name.to_owned(), holder[name].clone())).collect();
        self.item(&key).ok().flatten()
    }

    /// Up to `limit` stream records behind the public sequence number `after`, oldest first, as the event has them.
    ///
    /// # Errors
    /// The emulator's own.
    pub fn stream_after(&self, after: Option<&str>, limit: usize) -> Result<Vec<Value>, TableError> {
        let name = &self.definition.name;
        let mut position = json!({
            "StreamArn": dynoxide::streams::stream_arn(name, "local"),
            "ShardId": dynoxide::streams::shard_id(name),
            "ShardIteratorType": "TRIM_HORIZON",
        });
        if let Some(after) = after {
            position["ShardIteratorType"] = json!("AFTER_SEQUENCE_NUMBER");
            position["SequenceNumber"] = json!(after);
        }
        let iterator = self.database.get_shard_iterator(typed(position)?)?.shard_iterator;
        let answer =
            self.database.get_records(typed(json!({ "ShardIterator": iterator, "Limit": limit }))?)?;
        let mut records = Vec::with_capacity(answer.records.len());
        for record in answer.records {
            let mut record = serde_json::to_value(record)?;
            record["eventSourceARN"] = json!(stream_arn(name));
            record["awsRegion"] = json!(REGION);
            // The emulator stamps the machine's time; here time is the runner's.
            record["dynamodb"]["ApproximateCreationDateTime"] = json!(self.clock.now().timestamp());
            records.push(record);
        }
        Ok(records)
    }

    /// How many stream records lie behind `after`.
    pub(crate) fn stream_lag(&self, after: Option<&str>) -> Result<u64, TableError> {
        let after = after.and_then(stored_sequence).unwrap_or(0);
        Ok(lock(&self.side).query_row(
            "SELECT COUNT(*) FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) > ?2",
            (&self.definition.name, after),
            |row| row.get(0),
        )?)
    }

    /// Drops stream records before `read`, the last one that was served; that one stays, since the emulator counts on
    /// from the newest it finds. Returns how many went.
    pub(crate) fn trim_stream(&self, read: &str) -> Result<usize, TableError> {
        let Some(read) = stored_sequence(read) else { return Ok(0) };
        let mut trimmed = 0;
        loop {
            let gone = lock(&self.side).execute(
                "DELETE FROM _stream_records WHERE id IN (
                     SELECT id FROM _stream_records
                     WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) < ?2 LIMIT ?3)",
                (&self.definition.name, read, TRIM_BATCH),
            )?;
            trimmed += gone;
            if gone == 0 {
                return Ok(trimmed);
            }
        }
    }

    /// Deletes the items whose time to live has passed by the runner's clock; returns how many went.
    ///
    /// Their stream records carry no mark of the service: nobody may rest anything on it.
    pub(crate) fn sweep_expired(&self) -> Result<usize, TableError> {
        let Some(ttl) = &self.definition.ttl else { return Ok(0) };
        let now = self.clock.now().timestamp();
        let sql = format!(
            "SELECT item_json FROM \"{}\" WHERE CAST(json_extract(item_json, ?1) AS INTEGER) <= ?2 LIMIT ?3",
            self.definition.name.replace('"', "\"\"")
        );
        let mut swept = 0;
        loop {
            let expired: Vec<String> = {
                let side = lock(&self.side);
                let mut statement = side.prepare_cached(&sql)?;
                let rows = statement.query_map((format!("$.{ttl}.N"), now, SWEEP_BATCH), |row| row.get(0))?;
                rows.collect::<Result<_, _>>()?
            };
            let found = expired.len();
            for item in expired {
                swept += usize::from(self.delete_expired(&serde_json::from_str(&item)?, ttl, now)?);
            }
            if found < SWEEP_BATCH as usize {
                return Ok(swept);
            }
        }
    }

    fn delete_expired(&self, item: &Value, ttl: &str, now: i64) -> Result<bool, TableError> {
        let key: Map<String, Value> =
            self.key_names().into_iter().map(|name| (name.to_owned(), item[name].clone())).collect();
        let request = json!({
            "TableName": self.definition.name,
            "Key": key,
            "ConditionExpression": "#ttl <= :now",
            "ExpressionAttributeNames": { "#ttl": ttl },
            "ExpressionAttributeValues": { ":now": { "N": now.to_string() } },
        });
        match self.database.delete_item(typed(request)?) {
            Ok(_) => Ok(true),
            // Written anew since it was found.
            Err(DynoxideError::ConditionalCheckFailedException(..)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn typed<T: DeserializeOwned>(request: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(request)
}

/// The emulator's own number behind a public one.
fn stored_sequence(public: &str) -> Option<i64> {
    i64::try_from(public.parse::<u128>().ok()?.checked_sub(SEQUENCE_BASE)?).ok()
}

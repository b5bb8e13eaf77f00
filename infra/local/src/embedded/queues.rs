//! The queues: delay, visibility, receive counts and dead letters, kept on disk and timed by the runner's clock.

use crate::clock::RunnerClock;
use crate::state::{State, micros};
use crate::template::Queue;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most messages of one batch, sent or received.
pub const BATCH_MAX: usize = 10;
/// The largest body of a message, and the largest sum of bodies of a batch, in bytes.
pub const BODY_MAX_BYTES: usize = 256 * 1024;
/// The longest delay, in seconds.
pub const DELAY_MAX_S: i64 = 900;

/// A message on its way into a queue.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    pub body: String,
    /// Message attributes as the wire has them; an object or null.
    pub attributes: Value,
    /// `None` takes the queue's own delay.
    pub delay_s: Option<i64>,
}

/// A message as received: still in the queue, unseen by others until its visibility ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub id: i64,
    pub message_id: String,
    pub body: String,
    pub attributes: Value,
    pub sent_at_us: i64,
    pub first_received_at_us: i64,
    /// This receive included.
    pub receives: u32,
}

/// What a queue holds now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Depth {
    pub visible: u64,
    /// Received and neither deleted nor due again.
    pub in_flight: u64,
    /// Not yet due for the first time.
    pub delayed: u64,
}

impl Depth {
    pub fn total(self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }
}

/// Why a queue refused a request.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error("The specified queue does not exist.")]
    NoSuchQueue,
    #[error("{0}")]
    Invalid(String),
    #[error("the queues' database failed")]
    Database(#[from] rusqlite::Error),
}

/// What one receive brought.
#[derive(Debug, Default)]
pub struct Received {
    pub messages: Vec<Message>,
    /// How many messages had been received too often and went to the dead letters instead.
    pub buried: usize,
}

/// All queues of the template.
#[derive(Debug, Clone)]
pub struct Queues {
    state: Arc<State>,
    clock: Arc<RunnerClock>,
    defined: Arc<BTreeMap<String, Queue>>,
}

impl Queues {
    pub(crate) fn new(state: Arc<State>, clock: Arc<RunnerClock>, defined: BTreeMap<String, Queue>) -> Self {
        Self { state, clock, defined: Arc::new(defined) }
    }

    /// The logical names of the queues.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.defined.keys().map(String::as_str)
    }

    /// Puts messages into `queue` in one commit; returns their ids in order. On disk when this returns.
    ///
    /// # Errors
    /// An unknown queue, more than [`BATCH_MAX`] messages, empty or too large bodies, a delay outside 0..=[`DELAY_MAX_S`].
    pub fn send(&self, queue: &str, batch: &[Outgoing]) -> Result<Vec<String>, QueueError> {
        let defined = self.defined.get(queue).ok_or(QueueError::NoSuchQueue)?;
        check_batch(batch)?;
        let now = self.clock.now();
        let mut database = self.state.database();
        let transaction = database.transaction()?;
        let mut ids = Vec::with_capacity(batch.len());
        for message in batch {
            let id = ulid::Ulid::from_bytes(first_16(self.clock.seed())).to_string();
            let due = now + TimeDelta::seconds(message.delay_s.unwrap_or(defined.delay_s));
            transaction.execute(
                "INSERT INTO messages (queue, message_id, body, attributes, sent_at, visible_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![queue, id, message.body, message.attributes.to_string(), micros(now), micros(due)],
            )?;
            ids.push(id);
        }
        transaction.commit()?;
        Ok(ids)
    }

    /// Takes up to `limit` due messages, oldest due first, and hides them for the queue's visibility time.
    ///
    /// Messages already received as often as the redrive policy allows go to the dead letters instead.
    pub fn receive(&self, queue: &str, limit: usize) -> Result<Received, QueueError> {
        let defined = self.defined.get(queue).ok_or(QueueError::NoSuchQueue)?;
        let now = self.clock.now();
        let hidden_until = micros(now + TimeDelta::seconds(defined.visibility_s));
        let mut database = self.state.database();
        let transaction = database.transaction()?;
        let mut received = Received::default();
        if let Some(redrive) = &defined.redrive {
            received.buried = transaction.execute(
                "UPDATE messages SET queue = ?1, visible_at = ?2, receives = 0, first_received_at = NULL
                 WHERE queue = ?3 AND visible_at <= ?2 AND receives >= ?4",
                params![redrive.queue, micros(now), queue, redrive.receives_max],
            )?;
        }
        {
            let mut statement = transaction.prepare_cached(
                "UPDATE messages SET visible_at = ?1, receives = receives + 1,
                     first_received_at = COALESCE(first_received_at, ?2)
                 WHERE id IN (SELECT id FROM messages WHERE queue = ?3 AND visible_at <= ?2
                              ORDER BY visible_at, id LIMIT ?4)
                 RETURNING id, message_id, body, attributes, sent_at, first_received_at, receives",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![hidden_until, micros(now), queue, limit], |row| {
                let attributes: String = row.get(3)?;
                Ok(Message {
                    id: row.get(0)?,
                    message_id: row.get(1)?,
                    body: row.get(2)?,
                    attributes: serde_json::from_str(&attributes).unwrap_or_default(),
                    sent_at_us: row.get(4)?,
                    first_received_at_us: row.get(5)?,
                    receives: row.get(6)?,
                })
            })?;
            received.messages = rows.collect::<Result<_, _>>()?;
        }
        transaction.commit()?;
        received.messages.sort_by_key(|message| message.id);
        Ok(received)
    }

    /// Deletes what was served.
    pub fn delete(&self, ids: &[i64]) -> Result<(), QueueError> {
        let mut database = self.state.database();
        let transaction = database.transaction()?;
        for id in ids {
            transaction.execute("DELETE FROM messages WHERE id = ?1", [id])?;
        }
        Ok(transaction.commit()?)
    }

    /// Puts the dead letters of `queue` back, to be delivered anew; returns how many.
    pub fn redrive(&self, queue: &str) -> Result<usize, QueueError> {
        let defined = self.defined.get(queue).ok_or(QueueError::NoSuchQueue)?;
        let Some(redrive) = &defined.redrive else { return Ok(0) };
        Ok(self.state.database().execute(
            "UPDATE messages SET queue = ?1, visible_at = ?2, receives = 0, first_received_at = NULL WHERE queue = ?3",
            params![queue, micros(self.clock.now()), redrive.queue],
        )?)
    }

    /// What `queue` holds at this instant.
    pub fn depth(&self, queue: &str) -> Result<Depth, QueueError> {
        if !self.defined.contains_key(queue) {
            return Err(QueueError::NoSuchQueue);
        }
        Ok(self.state.database().query_row(
            "SELECT COUNT(*) FILTER (WHERE visible_at <= ?2),
                    COUNT(*) FILTER (WHERE visible_at > ?2 AND receives > 0),
                    COUNT(*) FILTER (WHERE visible_at > ?2 AND receives = 0)
             FROM messages WHERE queue = ?1",
            params![queue, micros(self.clock.now())],
            |row| Ok(Depth { visible: row.get(0)?, in_flight: row.get(1)?, delayed: row.get(2)? }),
        )?)
    }

    /// The bodies in `queue`, oldest due first, whether visible or not; at most `limit`.
    pub fn peek(&self, queue: &str, limit: u32) -> Result<Vec<String>, QueueError> {
        let database = self.state.database();
        let mut statement = database
            .prepare_cached("SELECT body FROM messages WHERE queue = ?1 ORDER BY visible_at, id LIMIT ?2")?;
        let rows = statement.query_map(params![queue, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Messages in all queues that are nobody's dead letters, and in those that are.
    pub fn totals(&self) -> Result<(u64, u64), QueueError> {
        let (mut waiting, mut dead) = (0, 0);
        for (name, queue) in self.defined.iter() {
            let depth = self.depth(name)?.total();
            if queue.holds_dead_letters { dead += depth } else { waiting += depth }
        }
        Ok((waiting, dead))
    }

    /// When the next message of `queue` becomes visible; `None` when it is empty.
    pub(crate) fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>, QueueError> {
        let due: Option<i64> = self.state.database().query_row(
            "SELECT MIN(visible_at) FROM messages WHERE queue = ?1",
            [queue],
            |row| row.get(0),
        )?;
        Ok(due.map(crate::state::instant))
    }
}

fn check_batch(batch: &[Outgoing]) -> Result<(), QueueError> {
    if batch.is_empty() || batch.len() > BATCH_MAX {
        return Err(QueueError::Invalid(format!(
            "A batch holds 1 to {BATCH_MAX} messages, not {}.",
            batch.len()
        )));
    }
    let bytes: usize = batch.iter().map(|message| message.body.len()).sum();
    if bytes > BODY_MAX_BYTES {
        return Err(QueueError::Invalid(format!(
            "Messages must be shorter than {BODY_MAX_BYTES} bytes, not {bytes}."
        )));
    }
    for message in batch {
        if message.body.is_empty() {
            return Err(QueueError::Invalid("The request must contain the parameter MessageBody.".into()));
        }
        if message.delay_s.is_some_and(|delay| !(0..=DELAY_MAX_S).contains(&delay)) {
            return Err(QueueError::Invalid(format!("DelaySeconds must be between 0 and {DELAY_MAX_S}.")));
        }
    }
    Ok(())
}

fn first_16(bytes: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    half
}

//! The object store: buckets of the template, kept on disk, with the forms and links by which browsers reach them.
//!
//! It goes by the runner's clock, as forms and links do: by the machine's they would be over before they began.

mod form;
mod link;
mod wire;

pub(super) use wire::recognise;

use super::Answer;
use super::queues::{Outgoing, QueueError, Queues};
use crate::clock::RunnerClock;
use crate::state::{State, micros};
use crate::template::{Bucket, REGION};
use chrono::{SecondsFormat, TimeDelta};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use form::Posted;
pub(crate) use link::Link;

/// The secret of every function here: what is signed with it opens nothing but this store.
pub(crate) const SECRET: &str = "local";
/// The largest object taken, in bytes.
pub(crate) const OBJECT_MAX_BYTES: usize = 16 * 1024 * 1024;

/// All buckets of the template.
#[derive(Debug, Clone)]
pub struct Objects {
    state: Arc<State>,
    clock: Arc<RunnerClock>,
    queues: Queues,
    buckets: Arc<BTreeMap<String, Bucket>>,
}

/// An object as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    #[error("the store's database failed")]
    Database(#[from] rusqlite::Error),
    #[error("nobody could be told of an object")]
    Queue(#[from] QueueError),
}

impl Objects {
    pub(crate) fn new(
        state: Arc<State>,
        clock: Arc<RunnerClock>,
        queues: Queues,
        buckets: BTreeMap<String, Bucket>,
    ) -> Self {
        Self { state, clock, queues, buckets: Arc::new(buckets) }
    }

    /// Names of the buckets and what the template says of them.
    pub fn buckets(&self) -> &BTreeMap<String, Bucket> {
        &self.buckets
    }

    /// Keys of a bucket, in order.
    ///
    /// # Errors
    /// The database's own.
    pub fn keys(&self, bucket: &str) -> rusqlite::Result<Vec<String>> {
        let database = self.state.database();
        let mut asked = database.prepare("SELECT key FROM objects WHERE bucket = ?1 ORDER BY key")?;
        let keys = asked.query_map([bucket], |row| row.get(0))?;
        keys.collect()
    }

    /// An object; none if there is none.
    ///
    /// # Errors
    /// The database's own.
    pub fn get(&self, bucket: &str, key: &str) -> rusqlite::Result<Option<Object>> {
        let found = self.state.database().query_row(
            "SELECT type, body FROM objects WHERE bucket = ?1 AND key = ?2",
            [bucket, key],
            |row| Ok(Object { content_type: row.get(0)?, bytes: row.get(1)? }),
        );
        found.optional()
    }

    /// Puts an object in place of any other, and tells the queue that hears of such: on disk when this returns. `event` is
    /// the way it came: `Post`, `Put`.
    fn put(&self, bucket: &str, key: &str, object: &Object, event: &str) -> Result<(), ObjectError> {
        self.state.database().execute(
            "INSERT INTO objects VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (bucket, key) DO UPDATE SET type = excluded.type, body = excluded.body, stored_at = excluded.stored_at",
            params![bucket, key, object.content_type, object.bytes, micros(self.clock.now())],
        )?;
        let told = self.buckets.get(bucket).map_or(&[][..], |bucket| &bucket.tells);
        for (wanted, queue) in told {
            if wanted == &format!("s3:ObjectCreated:{event}") || wanted == "s3:ObjectCreated:*" {
                let message = self.event(bucket, key, object, event);
                self.queues.send(queue, &[Outgoing { body: message.to_string(), ..Outgoing::default() }])?;
            }
        }
        Ok(())
    }

    fn delete(&self, bucket: &str, key: &str) -> Result<(), ObjectError> {
        let gone = "DELETE FROM objects WHERE bucket = ?1 AND key = ?2";
        self.state.database().execute(gone, [bucket, key])?;
        Ok(())
    }

    /// Lets go of what has become too old for its bucket.
    pub(crate) fn sweep(&self) -> rusqlite::Result<()> {
        for (bucket, rules) in self.buckets.iter() {
            if let Some(days) = rules.expires_days {
                let before = micros(self.clock.now() - TimeDelta::days(days));
                let old = "DELETE FROM objects WHERE bucket = ?1 AND stored_at < ?2";
                self.state.database().execute(old, params![bucket, before])?;
            }
        }
        Ok(())
    }

    /// What the store tells of a new object. Parts of keys stand in it as in a form's body.
    fn event(&self, bucket: &str, key: &str, object: &Object, event: &str) -> Value {
        let parts: Vec<String> =
            key.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect()).collect();
        let written = parts.join("/");
        json!({ "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": REGION,
            "eventTime": self.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true),
            "eventName": format!("ObjectCreated:{event}"),
            "userIdentity": { "principalId": "AWS:local" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": { "x-amz-request-id": "local" },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "local",
                "bucket": {
                    "name": bucket,
                    "ownerIdentity": { "principalId": "local" },
                    "arn": format!("arn:aws:s3:::{bucket}"),
                },
                "object": { "key": written, "size": object.bytes.len(), "eTag": "local", "sequencer": "0" },
            },
        }] })
    }
}

/// A refusal as the store writes it.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Answer { status, content_type: "application/xml", body: body.into_bytes(), query_error: None }
}

fn failed(error: &ObjectError) -> Answer {
    refusal(500, "InternalError", &error.to_string())
}

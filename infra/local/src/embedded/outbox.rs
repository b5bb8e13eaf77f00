//! The recorder of what was «sent»: every mail and every SMS, whole, in order.

use crate::clock::RunnerClock;
use crate::state::{State, instant, micros};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The most entries one listing returns.
pub const LIST_MAX: u32 = 1_000;

/// What kind of message it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    Mail,
    Sms,
}

/// One message as its receiver would have got it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    pub channel: Channel,
    /// Addresses or phone numbers: to, cc and bcc together.
    pub to: Vec<String>,
    pub from: Option<String>,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
    /// The whole request as the service received it: attachments, raw MIME, tags, headers, configuration set.
    pub request: Value,
}

/// A letter with its place in the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// Grows by one with each letter; also the cursor of [`Outbox::list`].
    pub number: i64,
    pub sent_at: DateTime<Utc>,
    #[serde(flatten)]
    pub letter: Letter,
}

/// All letters ever sent from this data directory.
#[derive(Debug, Clone)]
pub struct Outbox {
    state: Arc<State>,
    pub(super) clock: Arc<RunnerClock>,
}

impl Outbox {
    pub(crate) fn new(state: Arc<State>, clock: Arc<RunnerClock>) -> Self {
        Self { state, clock }
    }

    /// Keeps a letter and returns its number. It is on disk when this returns.
    pub(crate) fn keep(&self, letter: &Letter) -> rusqlite::Result<i64> {
        let kind = match letter.channel {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
        };
        let body = serde_json::to_string(letter).map_err(json)?;
        let database = self.state.database();
        database.execute(
            "INSERT INTO outbox (kind, sent_at, body) VALUES (?1, ?2, ?3)",
            (kind, micros(self.clock.now()), body),
        )?;
        Ok(database.last_insert_rowid())
    }

    /// Letters numbered above `after`, oldest first, at most `limit` and at most [`LIST_MAX`].
    pub fn list(&self, after: i64, limit: u32) -> rusqlite::Result<Vec<Sent>> {
        let database = self.state.database();
        let mut statement = database.prepare_cached(
            "SELECT number, sent_at, body FROM outbox WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        let rows = statement.query_map((after, limit.min(LIST_MAX)), |row| {
            let body: String = row.get(2)?;
            let letter = serde_json::from_str(&body).map_err(json)?;
            Ok(Sent { number: row.get(0)?, sent_at: instant(row.get(1)?), letter })
        })?;
        rows.collect()
    }

    /// The number of the newest letter; 0 while there is none.
    pub fn last_number(&self) -> rusqlite::Result<i64> {
        self.state.database().query_row("SELECT COALESCE(MAX(number), 0) FROM outbox", [], |row| row.get(0))
    }
}

fn json(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

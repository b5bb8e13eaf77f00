//! The data directory: its lock, the runner's own database, and the few facts kept there between starts.

use crate::clock::{TimeMode, lock};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

/// How long one connection waits for another on the same file.
const BUSY: Duration = Duration::from_secs(10);

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("another process already runs on {}; stop it or give another --data", .0.display())]
    Taken(PathBuf),
    #[error("{}: {source}", path.display())]
    Files { path: PathBuf, source: std::io::Error },
    #[error("the runner's database failed")]
    Database(#[from] rusqlite::Error),
}

/// The runner's database and the lock that keeps a second process off the directory.
#[derive(Debug)]
pub struct State {
    directory: PathBuf,
    database: Mutex<Connection>,
    _lock: File,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
        attributes TEXT NOT NULL, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
        receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER);
    CREATE INDEX IF NOT EXISTS messages_by_time ON messages (queue, visible_at, id);
    CREATE TABLE IF NOT EXISTS objects (
        bucket TEXT NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL, stored_at INTEGER NOT NULL,
        PRIMARY KEY (bucket, key));
    CREATE TABLE IF NOT EXISTS outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, sent_at INTEGER NOT NULL, body TEXT NOT NULL);
";

impl State {
    /// Opens `directory`, creating it when absent.
    ///
    /// # Errors
    /// [`StateError::Taken`] while another process holds it; the file system's and the database's own errors.
    pub fn open(directory: &Path) -> Result<Self, StateError> {
        let files = |path: &Path| {
            let path = path.to_owned();
            move |source| StateError::Files { path, source }
        };
        std::fs::create_dir_all(directory).map_err(files(directory))?;
        let lock_path = directory.join("lock");
        let lock = File::create(&lock_path).map_err(files(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::Taken(directory.to_owned())),
            Err(TryLockError::Error(source)) => return Err(files(&lock_path)(source)),
        }
        let database = connect(&directory.join("runner.sqlite"))?;
        database.execute_batch(SCHEMA)?;
        Ok(Self { directory: directory.to_owned(), database: Mutex::new(database), _lock: lock })
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn database(&self) -> MutexGuard<'_, Connection> {
        lock(&self.database)
    }

    pub(crate) fn fact(&self, name: &str) -> rusqlite::Result<Option<String>> {
        self.database()
            .query_row("SELECT value FROM facts WHERE name = ?1", [name], |row| row.get(0))
            .optional()
    }

    pub(crate) fn keep_fact(&self, name: &str, value: &str) -> rusqlite::Result<()> {
        self.database()
            .execute(
                "INSERT INTO facts VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![name, value],
            )
            .map(drop)
    }

    /// The asked mode of time, moved on to where an earlier run on this directory had come.
    pub(crate) fn resume_time(&self, asked: TimeMode) -> rusqlite::Result<TimeMode> {
        Ok(match asked {
            TimeMode::Real { offset } => {
                let kept = self.fact("clock offset, us")?.and_then(|text| text.parse().ok());
                TimeMode::Real { offset: kept.map_or(offset, |us| offset.max(TimeDelta::microseconds(us))) }
            }
            TimeMode::Frozen { at } => {
                let kept = self.fact("clock frozen, us")?.and_then(|text| text.parse().ok());
                TimeMode::Frozen {
                    at: kept.and_then(DateTime::from_timestamp_micros).map_or(at, |kept| at.max(kept)),
                }
            }
        })
    }

    pub(crate) fn keep_time(&self, mode: TimeMode) -> rusqlite::Result<()> {
        match mode {
            TimeMode::Real { offset } => {
                self.keep_fact("clock offset, us", &offset.num_microseconds().unwrap_or(i64::MAX).to_string())
            }
            TimeMode::Frozen { at } => self.keep_fact("clock frozen, us", &at.timestamp_micros().to_string()),
        }
    }
}

/// Opens a database as everything here does: write-ahead log, every commit forced to disk.
pub(crate) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(path)?;
    database.busy_timeout(BUSY)?;
    database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    Ok(database)
}

/// Microseconds since 1970, as instants are kept in the runner's database.
pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(crate) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}

//! A row of a queue that staff decide: whose it is, who has it for themselves, and nothing that it says (OFC-6).

use super::{at, id, ms, number, read, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::queue::{Queue, Taken, Wait};
use domain::{CitizenId, Ulid};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub queue: Queue,
    pub since: DateTime<Utc>,
    /// By this it is in order; as a rule [`Row::since`].
    pub at: DateTime<Utc>,
    /// Of what waits; of a policy whose it is.
    pub id: Ulid,
    /// In whose partition it stands; of nobody (nil) as long as it is not known whose it is.
    pub citizen: CitizenId,
    /// Of an application: who asks.
    pub by: Option<CitizenId>,
    pub taken: Option<Taken>,
    /// When it goes by itself, where what waits does.
    pub until: Option<DateTime<Utc>>,
}

/// In whose partition nothing stands.
pub const NOBODY: CitizenId = CitizenId(Ulid::nil());

/// A row as it was found, and where: rows of an earlier layout stand elsewhere.
#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    til: Option<i64>,
    /// What whoever took it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    see: Option<u64>,
    /// Beneficiary and representative of an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ben: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rep: Option<String>,
    /// What the key says, for the version before, which does not read it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rg: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<String>,
}

impl Row {
    /// Something that nobody has taken, in order by its age.
    pub fn new(queue: Queue, since: DateTime<Utc>, id: Ulid, citizen: CitizenId) -> Self {
        Self { queue, since, at: since, id, citizen, by: None, taken: None, until: None }
    }

    pub fn key(&self) -> Key {
        keys::queued(&self.queue, self.at, self.id)
    }

    /// Where it stands, and where it may from before there was one layout of all queues.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![self.key()];
        if matches!(self.queue, Queue::Checks(_) | Queue::Unlocks(_)) {
            keys.push(keys::queued_by_age(&self.queue, self.id));
        }
        keys
    }

    /// How long it waits, if it may for so long.
    pub fn wait(&self, within: chrono::TimeDelta) -> Wait {
        Wait { since: self.since, deadline: self.since + within }
    }
}

pub fn from_item(item: &Item) -> Result<Row, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let (queue, of) = keys::read_queued(&key).ok_or_else(unknown("queue"))?;
    let wire: Wire = read(item)?;
    let taken = match (wire.m, wire.til) {
        (Some(member), Some(until)) => {
            Some(Taken { by: id(&member, "member")?, until: at(until)?, seen: wire.see })
        }
        (None, None) => None,
        _ => return Err(unknown("taking")()),
    };
    // An identifier begins with its time.
    let begun = i64::try_from(of.timestamp_ms()).unwrap_or_default();
    let since = at(wire.at.unwrap_or(begun))?;
    let by_key = key.sk.split_once('#').and_then(|(at, _)| at.parse().ok());
    let whose = wire.ben.or(wire.cit);
    Ok(Row {
        queue,
        since,
        at: by_key.map_or(Ok(since), at)?,
        id: of,
        citizen: whose.map_or(Ok(NOBODY), |whose| id(&whose, "citizen"))?,
        by: wire.rep.map(|by| id(&by, "representative")).transpose()?,
        taken,
        until: None,
    })
}

pub fn to_item(row: &Row) -> Result<Item, StoreError> {
    let region = match &row.queue {
        Queue::Policies(region) | Queue::Grants(region) => Some(region.to_string()),
        Queue::Checks(_) | Queue::Unlocks(_) => None,
    };
    let whose = (row.citizen != NOBODY).then(|| row.citizen.to_string());
    let (cit, ben, g) = match row.by {
        None => (whose, None, None),
        Some(_) => (None, whose, Some(row.id.to_string())),
    };
    let wire = Wire {
        cit,
        at: Some(ms(row.since)),
        m: row.taken.map(|taken| taken.by.to_string()),
        til: row.taken.map(|taken| ms(taken.until)),
        see: row.taken.and_then(|taken| taken.seen),
        ben,
        rep: row.by.map(|by| by.to_string()),
        rg: region,
        g,
    };
    let mut item = write(&row.key(), &wire)?;
    if let Some(until) = row.until {
        item.insert(keys::TTL.to_owned(), number(until.timestamp()));
    }
    Ok(item)
}

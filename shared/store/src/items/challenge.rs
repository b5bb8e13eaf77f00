//! A challenge to show who one is: of each kind there is one at a time, and the newer ends the one before.

use super::{at, id, ms, named, number, read, text, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::identity::Means;
use domain::{ChallengeId, CitizenId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub id: ChallengeId,
    pub citizen: CitizenId,
    pub means: Means,
    /// Of another device: the hash of the secret that it shows.
    pub secret: Option<String>,
    /// Of another device: the hash of the session that asked.
    pub session: Option<String>,
    /// Of a signature: what is to be signed, to the letter.
    pub text: Option<String>,
    /// Answers that were looked at.
    pub tries: u32,
    /// When it was answered rightly.
    pub done_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    h: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ss: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tx: Option<String>,
    tr: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vf: Option<i64>,
    ex: i64,
    ttl: i64,
}

/// Leftovers go a day after they expired; nothing is decided from that.
const KEPT_S: i64 = 24 * 3600;

pub fn from_item(item: &Item) -> Result<Challenge, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let means = key.sk.strip_prefix(keys::CHALLENGE).unwrap_or_default();
    Ok(Challenge {
        id: id(&wire.id, "challenge")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        means: named(&Means::ALL, Means::name, means, "means")?,
        secret: wire.h,
        session: wire.ss,
        text: wire.tx,
        tries: wire.tr,
        done_at: wire.vf.map(at).transpose()?,
        expires_at: at(wire.ex)?,
    })
}

pub fn to_item(challenge: &Challenge) -> Result<(Key, Item), StoreError> {
    let key = keys::challenge(challenge.citizen, challenge.means);
    let wire = Wire {
        id: challenge.id.to_string(),
        h: challenge.secret.clone(),
        ss: challenge.session.clone(),
        tx: challenge.text.clone(),
        tr: challenge.tries,
        vf: challenge.done_at.map(ms),
        ex: ms(challenge.expires_at),
        ttl: challenge.expires_at.timestamp() + KEPT_S,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// By what a write knows that it is still this one and open.
pub(crate) fn as_open(when: &mut crate::commit::Expression, challenge: ChallengeId) {
    when.equals("id", text(challenge.to_string()));
    when.as_read("vf", None);
}

pub(crate) fn done(at: DateTime<Utc>) -> aws_sdk_dynamodb::types::AttributeValue {
    number(ms(at))
}

//! A text that is to be signed: kept to the letter until it is used or its time is over (BKG-8).

use super::appointment::ApplicationWire;
use super::{at, id, ms, number, read, text, unknown, write};
use crate::commit::Expression;
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::appointment::Application;
use domain::signing::Subject;
use domain::{AgencyId, ChallengeId, CitizenId};
use serde::{Deserialize, Serialize};

/// What is asked to be signed, by whom, and for what it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    pub id: ChallengeId,
    /// Whose application it is.
    pub citizen: CitizenId,
    /// Who is to sign: they, or whoever acts for them.
    pub signer: CitizenId,
    pub subject: Subject,
    /// At which agency it is handed in.
    pub agency: AgencyId,
    /// What was filled in when the text was asked for.
    pub application: Application,
    /// The bytes that are signed are these characters in UTF-8.
    pub text: String,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    id: String,
    ag: String,
    rv: String,
    #[serde(with = "serde_bytes")]
    sl: Vec<u8>,
    at: i64,
    ex: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    us: Option<i64>,
    ttl: i64,
}

/// The attribute to which the seal is bound, and what is in it.
const SEALED: &str = "sl";

#[derive(Debug, Serialize, Deserialize)]
struct SealedWire {
    tx: String,
    ap: ApplicationWire,
}

/// Leftovers go a day after they expired; nothing is decided from that.
const KEPT_S: i64 = 24 * 3600;

fn key_of(asked: &ToSign) -> Key {
    keys::to_sign(asked.citizen, asked.signer, &asked.subject)
}

fn subject(words: &str) -> Option<Subject> {
    let (kind, of) = words.split_once('#')?;
    match kind {
        "service" => of.parse().ok().map(Subject::Booking),
        "offer" => of.parse().ok().map(Subject::Offer),
        "appointment" => of.parse().ok().map(Subject::Correction),
        _ => None,
    }
}

/// Reads one.
///
/// # Errors
/// [`StoreError::Corrupt`]; [`StoreError::Sealed`].
pub fn from_item(item: &Item, vault: &Vault) -> Result<ToSign, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let clear = vault.open(&key.to_string(), SEALED, &wire.sl)?;
    let sealed: SealedWire = serde_json::from_str(&clear).map_err(|_| unknown("text to sign")())?;
    let words = key.sk.strip_prefix(keys::TO_SIGN).ok_or_else(unknown("key"))?;
    let (signer, about) = words.split_once('#').ok_or_else(unknown("subject"))?;
    Ok(ToSign {
        id: id(&wire.id, "challenge")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        signer: id(signer, "signer")?,
        subject: subject(about).ok_or_else(unknown("subject"))?,
        agency: id(&wire.ag, "agency")?,
        application: Application { rules_version: wire.rv, ..sealed.ap.into() },
        text: sealed.tx,
        asked_at: at(wire.at)?,
        expires_at: at(wire.ex)?,
        used_at: wire.us.map(at).transpose()?,
    })
}

pub(crate) fn to_item(asked: &ToSign, vault: &Vault, nonce: [u8; 12]) -> Result<Item, StoreError> {
    let key = key_of(asked);
    let sealed = SealedWire { tx: asked.text.clone(), ap: (&asked.application).into() };
    let clear = serde_json::to_string(&sealed).map_err(|_| unknown("text to sign")())?;
    let wire = Wire {
        id: asked.id.to_string(),
        ag: asked.agency.to_string(),
        rv: asked.application.rules_version.clone(),
        sl: vault.seal(&key.to_string(), SEALED, &clear, nonce)?,
        at: ms(asked.asked_at),
        ex: ms(asked.expires_at),
        us: asked.used_at.map(ms),
        ttl: asked.expires_at.timestamp() + KEPT_S,
    };
    write(&key, &wire)
}

/// When one stops being good, without keys.
pub fn expires_at(item: &Item) -> Result<DateTime<Utc>, StoreError> {
    at(read::<Wire>(item)?.ex)
}

/// Marks one as used, on condition that it is the one that was read and was not used.
pub(crate) fn using(asked: &ToSign, now: DateTime<Utc>) -> (Key, String, Expression) {
    let mut when = Expression::new();
    when.equals("id", text(asked.id.to_string()));
    when.as_read("us", None);
    let (used, now) = (when.name("us"), when.value(number(ms(now))));
    (key_of(asked), format!("SET {used} = {now}"), when)
}

//! Chains of what was done and read (PRV-4): each entry carries the hash of the one before it and of itself, so that none
//! can be changed, taken out, put in or moved without every later hash telling.

use super::{at, corrupt, id, ms, read, unknown, write};
use crate::{Item, Key, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{OfficeId, StaffId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The chain of what is no single office's: roles in regions and everywhere, the files by which all offices go, places in
/// line, which may be for several offices.
const HOUSE: &str = "*";

/// SHA-256.
pub type Hash = [u8; 32];

/// Which chain: each has its own count and its own hashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    Office(OfficeId),
    House,
}

impl core::fmt::Display for Chain {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Chain::Office(office) => write!(f, "{office}"),
            Chain::House => f.write_str(HOUSE),
        }
    }
}

impl core::str::FromStr for Chain {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text == HOUSE { Ok(Chain::House) } else { id(text, "chain").map(Chain::Office) }
    }
}

/// Of what an entry has the digest. Which it is stands in its hash, so that nobody has an entry pass for an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Of the row as it was: when its words have gone, of the facts beside them nothing can be told.
    Whole,
    /// Of the row's facts and a digest of its words, which stays when they go: so the facts can be told for ever.
    FactsAndWords,
}

impl Form {
    /// The name in the hash: a new form is a new name.
    fn name(self) -> &'static str {
        match self {
            Form::Whole => "okno-audit-1",
            Form::FactsAndWords => "okno-audit-2",
        }
    }

    /// As an entry has it; none is the first.
    fn number(self) -> Option<u8> {
        (self == Form::FactsAndWords).then_some(2)
    }

    fn read(number: Option<u8>) -> Result<Self, StoreError> {
        match number {
            None => Ok(Form::Whole),
            Some(2) => Ok(Form::FactsAndWords),
            Some(_) => Err(unknown("form")()),
        }
    }
}

/// What a row says, as entries of each form have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub digest: Hash,
    /// As entries of the first form have it: of words that have gone this is all that is left.
    pub whole: Hash,
    /// Whether words that it had have had their term.
    pub less: bool,
}

impl Said {
    /// What has no words says the same in every form.
    pub(crate) fn facts<T: Serialize>(wire: &T) -> Result<Self, StoreError> {
        let digest = digest(wire)?;
        Ok(Self { digest, whole: digest, less: false })
    }
}

/// The digest that stays of words when they go. They are sealed, so it tells nobody what they were.
pub(crate) fn words(sealed: &[u8]) -> String {
    hex(&Sha256::digest(sealed).into())
}

/// Something that was done or read, as a row of the table tells it. Nothing in it is personal: identifiers only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub chain: Chain,
    pub at: DateTime<Utc>,
    /// None for what no member did: a citizen, the clock, or a command that made the first administrator.
    pub by: Option<StaffId>,
    pub what: String,
    /// About what: identifiers.
    pub of: String,
    /// The key of the row that tells it.
    pub fact: String,
    pub form: Form,
    /// Of what the row says, in this form.
    pub digest: Hash,
}

/// A deed in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1.
    pub seq: u64,
    pub deed: Deed,
    /// Of the hash before and this entry.
    pub hash: Hash,
}

/// How far a chain has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Head = Head { seq: 0, hash: [0; 32] };

    /// The entry that follows.
    pub fn next(&self, deed: Deed) -> Entry {
        let seq = self.seq + 1;
        Entry { seq, hash: chained(&self.hash, seq, &deed), deed }
    }

    pub fn after(entry: &Entry) -> Self {
        Self { seq: entry.seq, hash: entry.hash }
    }
}

fn chained(before: &Hash, seq: u64, deed: &Deed) -> Hash {
    let by = deed.by.map(|member| member.to_string());
    let form = serde_json::json!([
        deed.form.name(),
        deed.chain.to_string(),
        seq,
        ms(deed.at),
        by,
        deed.what,
        deed.of,
        deed.fact,
        hex(&deed.digest)
    ]);
    Sha256::new().chain_update(before).chain_update(form.to_string()).finalize().into()
}

/// The digest of what a row says, as this version writes it.
pub(crate) fn digest<T: Serialize>(wire: &T) -> Result<Hash, StoreError> {
    let form = serde_json::to_vec(wire).map_err(|error| corrupt(&Item::new(), error))?;
    Ok(Sha256::digest(form).into())
}

pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads [`hex`] back.
pub fn unhex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    let whole = text.len() == 64 && text.is_ascii();
    for (at, byte) in hash.iter_mut().enumerate().filter(|_| whole) {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    whole.then_some(hash)
}

#[derive(Debug, Serialize, Deserialize)]
struct EntryWire {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    r#do: String,
    of: String,
    fc: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    f: Option<u8>,
    dg: String,
    h: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct HeadWire {
    n: u64,
    h: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FactWire {
    n: u64,
}

/// What a row of a chain's partition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    Entry(Entry),
    Head(Head),
    /// The fact and the place that its entry has.
    Fact(String, u64),
}

fn hash(text: &str) -> Result<Hash, StoreError> {
    unhex(text).ok_or_else(unknown("hash"))
}

/// Reads a row of a chain's partition.
pub fn from_item(item: &Item) -> Result<(Chain, Row), StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let chain: Chain = keys::read_audit(&key).ok_or_else(unknown("chain"))?.parse()?;
    if key.sk == keys::AUDIT_HEAD {
        return Ok((chain, Row::Head(head_from_item(Some(item))?)));
    }
    if let Some(fact) = key.sk.strip_prefix(keys::AUDIT_FACT) {
        return Ok((chain, Row::Fact(fact.to_owned(), read::<FactWire>(item)?.n)));
    }
    let seq = key.sk.strip_prefix(keys::AUDIT_ENTRY).and_then(|seq| seq.parse().ok());
    let wire: EntryWire = read(item)?;
    let deed = Deed {
        chain: chain.clone(),
        at: at(wire.at)?,
        by: wire.by.as_deref().map(|by| id(by, "member")).transpose()?,
        what: wire.r#do,
        of: wire.of,
        fact: wire.fc,
        form: Form::read(wire.f)?,
        digest: hash(&wire.dg)?,
    };
    Ok((chain, Row::Entry(Entry { seq: seq.ok_or_else(unknown("entry"))?, deed, hash: hash(&wire.h)? })))
}

pub fn entry_to_item(entry: &Entry) -> Result<(Key, Item), StoreError> {
    let deed = &entry.deed;
    let key = keys::audit_entry(&deed.chain.to_string(), entry.seq);
    let wire = EntryWire {
        at: ms(deed.at),
        by: deed.by.map(|by| by.to_string()),
        r#do: deed.what.clone(),
        of: deed.of.clone(),
        fc: deed.fact.clone(),
        f: deed.form.number(),
        dg: hex(&deed.digest),
        h: hex(&entry.hash),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// Of a chain without a head nothing was written yet.
pub fn head_from_item(item: Option<&Item>) -> Result<Head, StoreError> {
    let Some(item) = item else { return Ok(Head::START) };
    let wire: HeadWire = read(item)?;
    Ok(Head { seq: wire.n, hash: hash(&wire.h)? })
}

pub fn head_to_item(chain: &Chain, head: &Head) -> Result<(Key, Item), StoreError> {
    let key = keys::audit_head(&chain.to_string());
    let item = write(&key, &HeadWire { n: head.seq, h: hex(&head.hash) })?;
    Ok((key, item))
}

pub fn fact_to_item(entry: &Entry) -> Result<(Key, Item), StoreError> {
    let key = keys::audit_fact(&entry.deed.chain.to_string(), &entry.deed.fact);
    let item = write(&key, &FactWire { n: entry.seq })?;
    Ok((key, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_and_nothing_else_does() {
        let hash: Hash = core::array::from_fn(|n| n as u8 * 7);
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        for wrong in ["", "00", &"g".repeat(64), &"я".repeat(32), &"0".repeat(65)] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}

//! Verifies the chains of what was done and read (PRV-4): each by itself, against the rows that it tells of, and against what
//! was written down of it before.
//!
//! Whoever can write the whole table can also write a whole chain anew. What they cannot change is a checkpoint kept elsewhere:
//! where each chain stood. With one, nothing that it covers can be rewritten or cut off unseen.

mod broken;

pub use broken::Break;

use crate::system::System;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use store::audit::{Belongs, CABINET_DELETED, Told};
use store::items::audit::{self, Chain, Deed, Entry, Form, Hash, Head, Row, hex, unhex};
use store::keeping::{citizen_of, may_be_gone, may_say_less};
use store::{Key, Store, StoreError, keys};

/// Unread records of the stream that are looked at: rows whose entries are yet to be written.
const PENDING_MAX: usize = 10_000;

/// Why chains could not be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Table(#[from] StoreError),
    #[error("the stream cannot be read: {0}")]
    Stream(String),
    #[error("line {0} of the checkpoint is not «chain, count, hash»")]
    Checkpoint(usize),
    #[error("there is no chain of {0}, and nothing that belongs on it")]
    NoSuchChain(Chain),
}

/// What was found of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub chain: Chain,
    pub entries: u64,
    pub hash: Hash,
    pub found: Option<Break>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            None => write!(f, "{}: {} entries, whole", self.chain, self.entries),
            Some(found) => write!(f, "{}: BROKEN: {found}", self.chain),
        }
    }
}

/// What was found of all chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub verdicts: Vec<Verdict>,
    /// Rows whose entries are yet to be written: the stream was not read to its end.
    pub pending: usize,
}

impl Report {
    pub fn is_whole(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.found.is_none())
    }

    /// Where each chain stands, to be kept elsewhere.
    pub fn checkpoint(&self) -> String {
        let line =
            |verdict: &Verdict| format!("{} {} {}\n", verdict.chain, verdict.entries, hex(&verdict.hash));
        self.verdicts.iter().map(line).collect()
    }
}

/// Where chains stood: lines of chain, count and hash.
pub type Checkpoint = BTreeMap<Chain, Head>;

/// Reads what [`Report::checkpoint`] wrote.
///
/// # Errors
/// [`AuditError::Checkpoint`] with the line's number.
pub fn read_checkpoint(text: &str) -> Result<Checkpoint, AuditError> {
    let read = |line: &str| {
        let mut parts = line.split_whitespace();
        let chain = parts.next()?.parse().ok()?;
        let head = Head { seq: parts.next()?.parse().ok()?, hash: unhex(parts.next()?)? };
        parts.next().is_none().then_some((chain, head))
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| read(line).ok_or(AuditError::Checkpoint(at + 1))).collect()
}

/// What the table has of one chain.
#[derive(Debug, Default)]
struct Found {
    entries: BTreeMap<u64, Entry>,
    head: Option<Head>,
    register: HashMap<String, u64>,
    /// What rows tell that belongs here.
    told: BTreeMap<String, Told>,
    /// A row beside those of which entries can tell.
    strange: Option<Break>,
    unreadable: Option<Break>,
}

/// Verifies all chains, or one. Reads the whole table and keeps in memory what identifies each deed.
///
/// # Errors
/// [`AuditError`].
pub async fn verify(system: &System, only: Option<&Chain>, since: &Checkpoint) -> Result<Report, AuditError> {
    let pending = unread(system).await?;
    let mut chains = BTreeMap::<Chain, Found>::new();
    let mut said = HashMap::new();
    let mut lost = None;
    let store = behind(system);
    let mut after = None;
    loop {
        let page = store.every_row(after.as_ref()).await?;
        for item in &page.items {
            let Some(key) = Key::of(item) else { continue };
            if let Some(name) = keys::read_audit(&key) {
                let Ok(chain) = name.parse::<Chain>() else { continue };
                let found = chains.entry(chain).or_default();
                match audit::from_item(item) {
                    Ok((_, row)) => found.take(row),
                    Err(error) => found.unreadable = Some(unreadable(&key, &error)),
                }
                continue;
            }
            match store::audit::told(item) {
                Ok(all) => {
                    for told in all {
                        take(&mut chains, &mut said, &key, told);
                    }
                }
                // A row that cannot be read tells of no chain.
                Err(error) => lost = lost.or_else(|| Some(unreadable(&key, &error))),
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let term = Term { now: system.now(), deleted: deleted(chains.get(&Chain::House)) };
    for chain in since.keys() {
        chains.entry(chain.clone()).or_default();
    }
    if let Some(only) = only {
        chains.retain(|chain, _| chain == only);
        if chains.is_empty() {
            return Err(AuditError::NoSuchChain(only.clone()));
        }
    }
    let verdict = |(chain, mut found): (Chain, Found)| {
        found.unreadable = found.unreadable.or_else(|| lost.clone());
        let last = found.entries.last_key_value().map_or(Head::START, |(_, entry)| Head::after(entry));
        let head = found.head.unwrap_or(last);
        Verdict {
            entries: head.seq,
            hash: head.hash,
            found: found.first_break(since.get(&chain), &pending, &term),
            chain,
        }
    };
    Ok(Report { verdicts: chains.into_iter().map(verdict).collect(), pending: pending.len() })
}

/// Holds what a row tells against what other rows do. The same told alike is no harm: a change goes from its item to a row of
/// its own, and whoever shows a history shows it once.
fn take(
    chains: &mut BTreeMap<Chain, Found>,
    said: &mut HashMap<String, (Chain, Hash)>,
    key: &Key,
    told: Told,
) {
    let (chain, fact) = (told.deed.chain.clone(), told.deed.fact.clone());
    let mut strange = |chain: &Chain, what| {
        chains.entry(chain.clone()).or_default().strange.get_or_insert(what);
    };
    if told.astray {
        strange(&chain, Break::Astray { key: key.to_string() });
    }
    // A change of roles has an entry on each chain that it concerns.
    if citizen_of(&told.deed).is_some() {
        let now = (chain.clone(), told.deed.digest);
        if let Some((other, _)) = said.insert(fact.clone(), now).filter(|was| was.1 != told.deed.digest) {
            for chain in [&other, &chain] {
                strange(chain, Break::ToldTwice { fact: fact.clone() });
            }
        }
    }
    if told.belongs != Belongs::Never {
        chains.entry(chain).or_default().told.insert(fact, told);
    }
}

fn unreadable(key: &Key, error: &StoreError) -> Break {
    Break::Unreadable { key: key.to_string(), why: error.to_string() }
}

impl Found {
    fn take(&mut self, row: Row) {
        match row {
            Row::Entry(entry) => drop(self.entries.insert(entry.seq, entry)),
            Row::Head(head) => self.head = Some(head),
            Row::Fact(fact, seq) => drop(self.register.insert(fact, seq)),
        }
    }

    fn first_break(&self, since: Option<&Head>, pending: &BTreeSet<String>, term: &Term) -> Option<Break> {
        let broken = self.unreadable.clone();
        broken
            .or_else(|| self.chained().or_else(|| self.cut(since)).or_else(|| self.about_rows(pending, term)))
    }

    /// Each entry follows the one before, and the head is the last.
    fn chained(&self) -> Option<Break> {
        let mut head = Head::START;
        for (seq, entry) in &self.entries {
            if *seq != head.seq + 1 {
                return Some(Break::Missing { seq: head.seq + 1 });
            }
            let next = head.next(entry.deed.clone());
            if next.hash != entry.hash {
                return Some(Break::Altered { seq: *seq });
            }
            if self.register.get(&entry.deed.fact) != Some(seq) {
                return Some(Break::Register { fact: entry.deed.fact.clone() });
            }
            head = Head::after(&next);
        }
        let said = self.head.unwrap_or(Head::START);
        if said.seq != head.seq {
            return Some(Break::Length { head: said.seq, entries: head.seq });
        }
        if said.hash != head.hash {
            return Some(Break::HeadHash);
        }
        // As many as entries, each of which was found in it.
        let known = |seq: &u64| self.entries.contains_key(seq);
        let stray = self.register.iter().find(|(fact, seq)| {
            !known(seq) || self.entries.get(seq).is_some_and(|entry| entry.deed.fact != **fact)
        });
        stray.map(|(fact, _)| Break::Register { fact: fact.clone() })
    }

    /// What stood at the checkpoint stands still.
    fn cut(&self, since: Option<&Head>) -> Option<Break> {
        let since = since.filter(|since| since.seq > 0)?;
        let same = self.entries.get(&since.seq).is_some_and(|entry| entry.hash == since.hash);
        let now = self.entries.len() as u64;
        (!same).then_some(Break::BeforeCheckpoint { seq: since.seq, now })
    }

    /// Rows say what their entries say, or no more than they may still, and none is without.
    fn about_rows(&self, pending: &BTreeSet<String>, term: &Term) -> Option<Break> {
        if self.strange.is_some() {
            return self.strange.clone();
        }
        for (seq, entry) in &self.entries {
            let (seq, fact) = (*seq, entry.deed.fact.clone());
            match self.told.get(&fact) {
                None if !may_be_gone(&entry.deed, term.now) => return Some(Break::RowGone { seq, fact }),
                Some(told) if !term.allows(entry, told) => return Some(Break::RowAltered { seq, fact }),
                _ => {}
            }
        }
        let second = self.entries.values().filter(|entry| entry.deed.form == Form::FactsAndWords);
        let second = second.map(|entry| entry.deed.at).min();
        let has_one = |told: &Told| match told.belongs {
            Belongs::Always => true,
            Belongs::SinceTheSecondForm => second.is_some_and(|since| told.deed.at >= since),
            Belongs::Never => false,
        };
        let without = self.told.iter().find(|(fact, told)| {
            has_one(told) && !self.register.contains_key(*fact) && !pending.contains(*fact)
        });
        without.map(|(fact, _)| Break::NoEntry { fact: fact.clone() })
    }
}

/// What is right to be gone by now.
struct Term {
    now: DateTime<Utc>,
    /// Whose cabinets were closed to be deleted, as the chain of the house says, or will once it has heard of it.
    deleted: BTreeSet<CitizenId>,
}

fn deleted(house: Option<&Found>) -> BTreeSet<CitizenId> {
    let Some(house) = house else { return BTreeSet::new() };
    let deeds = house.entries.values().map(|entry| &entry.deed);
    let deeds = deeds.chain(house.told.values().map(|told| &told.deed));
    deeds.filter(|deed| deed.what == CABINET_DELETED).filter_map(|deed| deed.of.parse().ok()).collect()
}

impl Term {
    /// Whether a row says what its entry says; of words that have had their term a digest is what is left.
    fn allows(&self, Entry { deed, .. }: &Entry, told: &Told) -> bool {
        let digest = match deed.form {
            Form::Whole => told.said.whole,
            Form::FactsAndWords => told.said.digest,
        };
        let same = Deed { form: deed.form, digest, ..told.deed.clone() } == *deed;
        let deleted = citizen_of(deed).is_some_and(|citizen| self.deleted.contains(&citizen));
        same && (!told.said.less || may_say_less(deed, deleted, self.now))
    }
}

/// The facts of records that the changefeed has yet to read.
async fn unread(system: &System) -> Result<BTreeSet<String>, AuditError> {
    let records = system.unread(PENDING_MAX).await.map_err(AuditError::Stream)?;
    let mut facts = BTreeSet::new();
    for record in records {
        let record = serde_json::from_value(record).map_err(|error| AuditError::Stream(error.to_string()))?;
        facts.extend(store::change::deeds(&record)?.into_iter().map(|deed| deed.fact));
    }
    Ok(facts)
}

/// The table with all rights: no function may read all of it.
fn behind(system: &System) -> Store {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(crate::template::REGION))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(system.http_client())
        .build();
    Store::new(aws_sdk_dynamodb::Client::from_conf(config), system.table().name().to_owned())
}

//! Chains of what staff did and read (PRV-4): appended once for each fact, under the head that was read; looked through whole.

use super::Scanned;
use crate::commit::{Commit, Committed, Expression, Guard};
use crate::items::audit::{self, Chain, Deed, Head, hex};
use crate::items::{number, text};
use crate::tries::Tries;
use crate::{Key, Store, StoreError, keys};
use domain::Moment;
use std::collections::HashSet;

/// Deeds appended in one write: each is two rows, and one more is the head.
pub const APPENDED_MAX: usize = 12;
/// Rows of the table looked at in one go.
const SCANNED_MAX: i32 = 500;

impl Store {
    /// Appends deeds of one chain, in their order, each once: what has an entry already is passed over. Answers how many
    /// are new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also when others append to the chain all the time; then some of the deeds may have their
    /// entries. [`StoreError::Corrupt`] for a head that cannot be read.
    pub async fn append_deeds(
        &self,
        chain: &Chain,
        deeds: &[Deed],
        moment: &Moment,
    ) -> Result<usize, StoreError> {
        let mut added = 0;
        for some in deeds.chunks(APPENDED_MAX) {
            added += self.append_some(chain, some, moment).await?;
        }
        Ok(added)
    }

    async fn append_some(&self, chain: &Chain, deeds: &[Deed], moment: &Moment) -> Result<usize, StoreError> {
        let name = chain.to_string();
        let head_key = keys::audit_head(&name);
        let mut wanted: Vec<Key> = deeds.iter().map(|deed| keys::audit_fact(&name, &deed.fact)).collect();
        wanted.sort();
        wanted.dedup();
        wanted.push(head_key.clone());
        let mut tries = Tries::new(moment);
        loop {
            let found = self.read(&wanted).await?;
            let was = audit::head_from_item(found.item(&head_key))?;
            let (mut head, mut new) = (was, HashSet::new());
            let mut commit = Commit::new();
            for deed in deeds {
                let known = found.item(&keys::audit_fact(&name, &deed.fact)).is_some();
                if known || !new.insert(deed.fact.as_str()) {
                    continue;
                }
                let entry = head.next(deed.clone());
                commit.put_new(self, Guard::Chain, audit::entry_to_item(&entry)?.1);
                commit.put_new(self, Guard::Chain, audit::fact_to_item(&entry)?.1);
                head = Head::after(&entry);
            }
            if commit.is_empty() {
                return Ok(0);
            }
            commit.put(self, Guard::Chain, audit::head_to_item(chain, &head)?.1, as_it_was(&was));
            match self.commit(commit).await {
                Committed::Done => return Ok(new.len()),
                // The chain went on, perhaps by our own earlier try: reading again tells.
                Committed::Refused(_) if tries.reread() => {}
                Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
                Committed::Unknown(error) => return Err(error),
                Committed::Refused(_) | Committed::Conflict => {
                    return Err(StoreError::Unavailable("the chain goes on without end".into()));
                }
            }
        }
    }

    /// All rows of the table, some at a time and in no order. For whoever verifies; no function may do this.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn every_row(&self, after: Option<&Key>) -> Result<Scanned, StoreError> {
        let scan = self.db.scan().table_name(&self.table).consistent_read(true).limit(SCANNED_MAX);
        let answer = scan.set_exclusive_start_key(after.map(Key::item)).send().await;
        let answer = answer.map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of);
        Ok(Scanned { items: answer.items.unwrap_or_default(), next })
    }
}

/// Nobody appended since the head was read.
fn as_it_was(head: &Head) -> Expression {
    if head.seq == 0 {
        return Expression::absent();
    }
    let mut when = Expression::new();
    when.equals("n", number(head.seq));
    when.equals("h", text(hex(&head.hash)));
    when
}

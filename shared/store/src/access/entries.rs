//! Places in line: written whole on condition of their version; their rows put beside them.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{entry, log, number, text};
use crate::{Store, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::limits::CHANGES_KEPT;
use domain::waitlist::{Bucket, Entry, EntryChange, EntryState};
use domain::{CitizenId, ServiceId};

const KNOWN: [&str; 17] =
    ["tk", "cls", "of", "ds_", "wd", "pt", "st", "ep", "rf", "off", "dc", "sl", "oo", "v", "ch", "jn", "z"];

impl Store {
    /// Writes an entry that was read at `version`, or a new one; with rows, those too.
    pub fn keep_entry(
        &self,
        commit: &mut Commit,
        mut after: Entry,
        version: Option<u64>,
        rows: &[Bucket],
    ) -> Result<(), StoreError> {
        while after.changes.len() > CHANGES_KEPT {
            let (_, row) = log::entry_row(after.citizen, after.ticket, &after.changes.remove(0))?;
            commit.put(self, Guard::Row, row, Expression::new());
        }
        let (key, item) = entry::to_item(&after)?;
        let mut when = Expression::new();
        match version {
            Some(version) => when.equals("v", number(version)),
            None => when = Expression::absent(),
        }
        let what = when.set_known(&item, &KNOWN);
        commit.update(self, Guard::Entry, &key, what, when);
        for (_, row) in entry::rows(&after, rows)? {
            commit.put(self, Guard::Row, row, Expression::new());
        }
        Ok(())
    }

    /// Ends the waiting of somebody who booked without an offer, without having read the entry.
    pub fn serve_entry(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        service: &ServiceId,
        change: &EntryChange,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        let pk = when.name(keys::PK);
        when.and(format!("attribute_exists({pk})"));
        let (state, served) = (when.name("st"), when.value(text(EntryState::Served.name())));
        let changes = when.name("ch");
        let one_change = when.value(AttributeValue::L(vec![entry::change_value(change)?]));
        let (version, epoch, one) = (when.name("v"), when.name("ep"), when.value(number(1)));
        let what = format!(
            "SET {state} = {served}, {changes} = list_append({changes}, {one_change}) ADD {version} {one}, {epoch} {one}"
        );
        commit.update(self, Guard::Entry, &keys::entry(citizen, service), what, when);
        Ok(())
    }

    pub async fn entry(&self, citizen: CitizenId, service: &ServiceId) -> Result<Option<Entry>, StoreError> {
        let item = self.get(&keys::entry(citizen, service)).await?;
        item.map(|item| entry::from_item(&item)).transpose()
    }

    /// All places of a citizen: at most as many as services one can wait for, and those that are over.
    pub async fn entries(&self, citizen: CitizenId) -> Result<Vec<Entry>, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :sk)")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(keys::citizen_pk(citizen)))
            .expression_attribute_values(":sk", text(keys::ENTRY))
            .consistent_read(true)
            .limit(100)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        answer.items.unwrap_or_default().iter().map(entry::from_item).collect()
    }
}

//! Video checks: one a citizen at a time, and an office's queue of those that are open.

use crate::commit::{Commit, Expression, Guard};
use crate::items::check;
use crate::items::text;
use crate::{Key, Store, StoreError, keys};
use domain::check::Check;
use domain::{CheckId, CitizenId, OfficeId};

impl Store {
    /// Puts a check in place of the one that was read, with its row in the queue as long as it is open. Refused
    /// ([`Guard::Row`]) when that one was changed meanwhile.
    pub fn put_check(
        &self,
        commit: &mut Commit,
        before: Option<&Check>,
        after: &Check,
    ) -> Result<(), StoreError> {
        let (_, item) = check::to_item(after)?;
        let mut when = Expression::new();
        match before {
            Some(before) => when.equals("v", check::version(before)),
            None => when = Expression::absent(),
        }
        commit.put(self, Guard::Row, item, when);
        let row = keys::queued_check(&after.office, after.id);
        let was_open = before.is_some_and(|before| before.id == after.id && before.state.is_open());
        match (was_open, after.state.is_open()) {
            (false, true) => {
                let mut item = row.item();
                item.insert("cit".into(), text(after.citizen.to_string()));
                commit.put_new(self, Guard::Row, item);
            }
            (true, false) => commit.delete(self, Guard::Row, &row, Expression::new()),
            _ => {}
        }
        Ok(())
    }

    /// Whose checks wait at an office, the oldest first, and the cursor of the next page; `after` is that of the one before.
    pub async fn queued_checks(
        &self,
        office: &OfficeId,
        after: Option<CheckId>,
        limit: i32,
    ) -> Result<(Vec<CitizenId>, Option<CheckId>), StoreError> {
        let start = after.map(|after| keys::queued_check(office, after).item());
        let answer = self
            .beginning(keys::checks(office), "")
            .consistent_read(true)
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let next = next.and_then(|key| key.sk.parse().ok());
        let rows = answer.items.unwrap_or_default();
        Ok((rows.iter().filter_map(check::queued).collect(), next))
    }
}

impl super::batch::Batch {
    /// A citizen's last check.
    pub fn check(&self, citizen: CitizenId) -> Result<Option<Check>, StoreError> {
        self.item(&keys::check(citizen)).map(check::from_item).transpose()
    }
}

//! Video checks: one a citizen at a time, in the office's queue while it is open.

use crate::commit::{Commit, Expression, Guard};
use crate::items::check;
use crate::{Store, StoreError, keys};
use domain::CitizenId;
use domain::check::Check;

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
        let was = before.and_then(check::queued);
        self.keep_queued(commit, was.as_ref(), check::queued(after).as_ref(), None)
    }
}

impl super::batch::Batch {
    /// A citizen's last check.
    pub fn check(&self, citizen: CitizenId) -> Result<Option<Check>, StoreError> {
        self.item(&keys::check(citizen)).map(check::from_item).transpose()
    }
}

//! The guard of a person: every write on condition of the version that was read.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{active, number};
use crate::{Store, StoreError};
use domain::CitizenId;
use domain::active::Active;
use planted::{Bug, planted};

const KNOWN: [&str; 8] = ["v", "ap", "of", "wt", "cd", "cn", "dn", "rf"];

impl Store {
    /// Writes the guard. Refused ([`Guard::Active`]) when anything about the person changed since it was read.
    pub fn keep_active(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        after: &Active,
    ) -> Result<(), StoreError> {
        let (key, item) = active::to_item(citizen, after)?;
        let mut when = as_read(after);
        let what = when.set_known(&item, &KNOWN);
        commit.update(self, Guard::Active, &key, what, when);
        Ok(())
    }

    /// Writes what was refused, and moves the guard on, so that no attempt under way can commit any more: every
    /// attempt is conditioned on the version. False when anything about the person changed since it was read.
    pub async fn close(&self, citizen: CitizenId, after: &Active) -> Result<bool, StoreError> {
        let (key, item) = active::to_item(citizen, after)?;
        let mut when = as_read(after);
        let what = when.set_known(&item, &["v", "rf"]);
        self.update_alone(&key, what, when).await
    }
}

fn as_read(active: &Active) -> Expression {
    let mut when = Expression::new();
    match active.version {
        _ if planted(Bug::NoVersion) => {}
        Some(version) => when.equals("v", number(version)),
        None => when = Expression::absent(),
    }
    when
}

//! The guard of a person: every write on condition of the version that was read.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{active, number};
use crate::{Store, StoreError, keys};
use domain::CitizenId;
use domain::active::Active;
use planted::{Bug, planted};

const KNOWN: [&str; 11] = ["v", "ap", "of", "wt", "cd", "cn", "dn", "rf", "blk", keys::DUE_PK, keys::DUE_SK];

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

    /// Somebody has looked after a person as their guard was read. Nothing is written when it has changed since: the
    /// clock has them looked after again.
    pub async fn looked_after(&self, citizen: CitizenId, read: &Active) -> Result<bool, StoreError> {
        let mut when = as_read(read);
        let gone = [when.name(keys::DUE_PK), when.name(keys::DUE_SK)];
        self.update_alone(&keys::active(citizen), format!("REMOVE {}", gone.join(", ")), when).await
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

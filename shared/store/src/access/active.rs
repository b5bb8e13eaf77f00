//! The guard of a person: every write on condition of the version that was read.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{active, number};
use crate::{Store, StoreError, keys};
use domain::CitizenId;
use domain::active::Active;
use planted::{Bug, planted};

const KNOWN: [&str; 6] = ["v", "ap", "of", "wt", "cd", "dn"];

impl Store {
    /// Writes the guard. Refused ([`Guard::Active`]) when anything about the person changed since it was read.
    pub fn keep_active(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        after: &Active,
    ) -> Result<(), StoreError> {
        let (key, item) = active::to_item(citizen, after)?;
        let mut when = Expression::new();
        match after.version {
            _ if planted(Bug::NoVersion) => {}
            Some(version) => when.equals("v", number(version)),
            None => when = Expression::absent(),
        }
        let what = when.set_known(&item, &KNOWN);
        commit.update(self, Guard::Active, &key, what, when);
        Ok(())
    }

    /// Moves the guard's version on, so that an attempt whose fate is unknown can no longer commit: every
    /// attempt is conditioned on the version. Without this a definite refusal could be followed by a late success.
    pub async fn fence(&self, citizen: CitizenId) -> Result<(), StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::active(citizen).item()))
            .update_expression("ADD #v :one")
            .expression_attribute_names("#v", "v")
            .expression_attribute_values(":one", number(1));
        update.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }
}

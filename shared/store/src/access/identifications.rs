//! Who was identified by whom: every write on condition of the version that was read.

use crate::commit::Expression;
use crate::items::{identification, number};
use crate::{Store, StoreError};
use chrono::{DateTime, Utc};
use domain::staff::Identification;
use domain::{CitizenId, StaffId};

impl Store {
    /// Writes what a member knows of who a citizen is. False when it changed since it was read.
    pub async fn keep_identification(
        &self,
        member: StaffId,
        citizen: CitizenId,
        after: &Identification,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (key, item) = identification::to_item(member, citizen, after, now)?;
        let mut when = Expression::new();
        match after.version {
            Some(version) => when.equals("v", number(version)),
            None => when = Expression::absent(),
        }
        let what = when.set_known(&item, &identification::CHANGED);
        self.update_alone(&key, what, when).await
    }
}

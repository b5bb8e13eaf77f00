//! The files by which every office goes, each change of them on condition of the one before, and its way to the offices.

use super::offices::at_version;
use crate::commit::{Commit, Expression, Guard};
use crate::items::reference::{self, ReferenceChange, ReferenceFile, STEP};
use crate::items::{number, office};
use crate::{Store, StoreError, keys};
use domain::catalogue::Reference;
use futures::future::try_join_all;

impl Store {
    /// One of the files; none as long as it is as it was delivered.
    pub async fn reference_file(&self, reference: Reference) -> Result<Option<ReferenceFile>, StoreError> {
        let item = self.get(&keys::reference_file(reference)).await?;
        item.as_ref().map(reference::file_from_item).transpose()
    }

    /// Those of the files that were changed: one by one, for not every function may query.
    pub async fn reference_files(&self) -> Result<Vec<ReferenceFile>, StoreError> {
        let all = Reference::ALL.into_iter().map(|reference| self.reference_file(reference));
        Ok(try_join_all(all).await?.into_iter().flatten().collect())
    }

    /// How often any of them was changed.
    pub async fn references_now(&self) -> Result<u64, StoreError> {
        office::now_from_item(self.get(&keys::references_now()).await?.as_ref())
    }

    /// Changes one of the files, and has the change make its way to the offices. Refused ([`Guard::Office`]) when any was
    /// changed meanwhile, ([`Guard::Row`]) when the change before is still on its way.
    pub fn change_reference(&self, commit: &mut Commit, change: &ReferenceChange) -> Result<(), StoreError> {
        let before = change.number - 1;
        let mut when = at_version(before);
        let (name, value) = (when.name("n"), when.value(number(change.number)));
        let what = format!("SET {name} = {value}");
        commit.update(self, Guard::Office, &keys::references_now(), what, when);
        let file =
            ReferenceFile { number: change.number, reference: change.reference, text: change.after.clone() };
        let (_, item) = reference::file_to_item(&file)?;
        commit.put(self, Guard::Office, item, Expression::new());
        let (_, item) = reference::change_to_item(change)?;
        commit.put_new(self, Guard::Office, item);
        if before > 0 {
            let mut arrived = Expression::new();
            let due = arrived.name(reference::DUE);
            arrived.and(format!("attribute_not_exists({due})"));
            commit.check(self, Guard::Row, &keys::reference_change(before), arrived);
        }
        self.set_known(commit, office::REFERENCES_CHANGED, change.number);
        Ok(())
    }

    pub async fn reference_change(&self, number: u64) -> Result<Option<ReferenceChange>, StoreError> {
        let item = self.get(&keys::reference_change(number)).await?;
        item.as_ref().map(reference::change_from_item).transpose()
    }

    /// Changes of the files, the latest first, behind `before` if it is given.
    pub async fn reference_changes(
        &self,
        before: Option<u64>,
        limit: i32,
    ) -> Result<Vec<ReferenceChange>, StoreError> {
        let items = self.changes(keys::reference_change, before, limit).await?;
        items.iter().map(reference::change_from_item).collect()
    }

    /// Keeps how far a change has come on its way. False when another was faster.
    pub async fn keep_rollout(&self, change: &ReferenceChange) -> Result<bool, StoreError> {
        let (key, item) = reference::change_to_item(change)?;
        let mut when = Expression::new();
        when.equals("v", number(change.rollout.version - 1));
        let what = when.set_known(&item, &STEP);
        self.update_alone(&key, what, when).await
    }
}

//! The windows of an office's date: what goes on at each, and for the board.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{desk, number};
use crate::{Store, StoreError, keys};
use chrono::NaiveDate;
use domain::page::PageKey;
use domain::visit::Desk;
use domain::{OfficeId, WindowId};

impl Store {
    pub async fn desk(&self, page: &PageKey) -> Result<Desk, StoreError> {
        desk::from_item(self.get(&keys::desk(page)).await?.as_ref())
    }

    /// Writes what goes on at a window. Refused ([`Guard::Desk`]) when it changed since it was read.
    pub fn keep_desk(&self, commit: &mut Commit, page: &PageKey, after: &Desk) -> Result<(), StoreError> {
        let (key, item) = desk::to_item(page, after)?;
        let mut when = Expression::new();
        match after.version {
            Some(version) => when.equals("v", number(version)),
            None => when = Expression::absent(),
        }
        let what = when.set_known(&item, &desk::CHANGED);
        commit.update(self, Guard::Desk, &key, what, when);
        Ok(())
    }

    /// Every window of an office's date at which anything went on.
    pub async fn desks(&self, office: &OfficeId, on: NaiveDate) -> Result<Vec<(WindowId, Desk)>, StoreError> {
        let answer = self
            .beginning(keys::desks(office), keys::desks_on(on))
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let mut found = Vec::new();
        for item in answer.items.unwrap_or_default() {
            if let Some(window) = keys::read_desk(&item) {
                found.push((window, desk::from_item(Some(&item))?));
            }
        }
        Ok(found)
    }
}

//! Notes on calls.

use super::Listed;
use super::pages::Reading;
use crate::commit::{Commit, Guard};
use crate::items::call_note::{self, CallNote};
use crate::{Store, StoreError, keys};
use domain::CitizenId;

impl Store {
    pub fn put_call_note(&self, commit: &mut Commit, note: &CallNote) -> Result<(), StoreError> {
        let (_, item) = call_note::to_item(note)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// What was written down about a citizen's calls, the latest first; `after` is the cursor of the page before.
    pub async fn call_notes(
        &self,
        citizen: CitizenId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<CallNote>, StoreError> {
        let pk = keys::citizen_pk(citizen);
        self.listed(pk, keys::CALL_NOTE, after, limit, Reading::Decide, call_note::from_item).await
    }
}

//! Sessions: put at sign-in, deleted at sign-out; logins lead to their citizen.

use crate::commit::{Commit, Guard};
use crate::items::citizen;
use crate::items::session::{self, Session};
use crate::{Store, StoreError, keys};
use domain::CitizenId;

impl Store {
    pub fn put_session(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        hash: &str,
        session: &Session,
    ) -> Result<(), StoreError> {
        let (_, item) = session::to_item(citizen, hash, session)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// Puts a session by itself.
    pub async fn open_session(
        &self,
        citizen: CitizenId,
        hash: &str,
        session: &Session,
    ) -> Result<(), StoreError> {
        let (_, item) = session::to_item(citizen, hash, session)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    pub async fn end_session(&self, citizen: CitizenId, hash: &str) -> Result<(), StoreError> {
        let key = keys::session(citizen, hash);
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        delete.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Whose login this is.
    pub async fn login(&self, hash: &str) -> Result<Option<CitizenId>, StoreError> {
        let item = self.get(&keys::login(hash)).await?;
        item.map(|item| citizen::login_from_item(&item)).transpose()
    }
}

//! Sessions: put at sign-in, deleted at sign-out; logins lead to their citizen.

use crate::commit::{Commit, Guard};
use crate::items::citizen;
use crate::items::session::{self, Session};
use crate::{Item, Key, Store, StoreError, keys};
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

    /// A citizen's sessions, at most `limit`, each with its secret's hash: those that are over may be among them.
    pub async fn sessions(
        &self,
        citizen: CitizenId,
        limit: i32,
    ) -> Result<Vec<(String, Session)>, StoreError> {
        let asked =
            self.beginning(keys::citizen_pk(citizen), keys::SESSION).consistent_read(true).limit(limit);
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        let read = |item: &Item| -> Option<Result<(String, Session), StoreError>> {
            let hash = Key::of(item)?.sk.strip_prefix(keys::SESSION)?.to_owned();
            Some(session::from_item(item).map(|session| (hash, session)))
        };
        answer.items.unwrap_or_default().iter().filter_map(read).collect()
    }

    /// Whose login this is.
    pub async fn login(&self, hash: &str) -> Result<Option<CitizenId>, StoreError> {
        let item = self.get(&keys::login(hash)).await?;
        item.map(|item| citizen::login_from_item(&item)).transpose()
    }
}

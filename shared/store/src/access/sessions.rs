//! Sessions: put at sign-in, deleted at sign-out; logins lead to their citizen.

use super::pages::Reading;
use crate::commit::{Commit, Guard};
use crate::items::citizen;
use crate::items::session::{self, Session};
use crate::{Item, Key, Store, StoreError, keys};
use domain::CitizenId;

/// Sessions read at a time, and how often: those of a month, however many were opened.
const ROWS_MAX: i32 = 500;
const READS_MAX: usize = 10;
/// Sessions ended at the same time.
const ENDED_AT_ONCE: usize = 10;

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

    pub async fn end_session(&self, citizen: CitizenId, hash: &str) -> Result<(), StoreError> {
        let key = keys::session(citizen, hash);
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        delete.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// A citizen's sessions, each with its secret's hash: those that are over may be among them.
    pub async fn sessions(&self, citizen: CitizenId) -> Result<Vec<(String, Session)>, StoreError> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        for _ in 0..READS_MAX {
            let read = |item: &Item| {
                let hash =
                    Key::of(item).and_then(|key| key.sk.strip_prefix(keys::SESSION).map(str::to_owned));
                session::from_item(item).map(|session| (hash.unwrap_or_default(), session))
            };
            let pk = keys::citizen_pk(citizen);
            let page =
                self.listed(pk, keys::SESSION, after.as_deref(), ROWS_MAX, Reading::Decide, read).await?;
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Ends sessions one by one: each is over for itself, however far it came.
    pub async fn end_each(&self, citizen: CitizenId, hashes: &[String]) -> Result<(), StoreError> {
        for some in hashes.chunks(ENDED_AT_ONCE) {
            let ending = some.iter().map(|hash| self.end_session(citizen, hash));
            futures::future::try_join_all(ending).await?;
        }
        Ok(())
    }

    /// Whose login this is.
    pub async fn login(&self, hash: &str) -> Result<Option<CitizenId>, StoreError> {
        let item = self.get(&keys::login(hash)).await?;
        item.map(|item| citizen::login_from_item(&item)).transpose()
    }
}

//! Unlocks: one a citizen at a time, an office's queue of those to be decided, and what a cabinet is once it is unlocked.

use crate::commit::{Commit, Expression, Guard};
use crate::items::asked_unlock;
use crate::items::citizen::{login_from_item, login_to_item};
use crate::items::factor;
use crate::items::unlock;
use crate::items::{number, text};
use crate::{Item, Store, StoreError, keys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::unlock::{AskedUnlock, Unlock};
use domain::{CitizenId, UnlockId};

/// A cabinet that is unlocked.
pub struct Unlocked<'a> {
    /// The record as it was read.
    pub record: &'a Item,
    pub epoch: u64,
    /// The new phone, sealed for the record, and the hash under which it leads there.
    pub sealed: Vec<u8>,
    pub login: &'a str,
    /// The hashes of what led there until now.
    pub former: &'a [String],
    /// Of the new password.
    pub password: &'a str,
}

impl Store {
    /// Puts an unlock in place of the one that was read, with its row in the queue as long as it is to be decided, and the row
    /// by which its phone finds it. Refused ([`Guard::Row`]) when that one was changed meanwhile.
    pub fn put_unlock(
        &self,
        commit: &mut Commit,
        before: Option<&Unlock>,
        after: &Unlock,
    ) -> Result<(), StoreError> {
        let (_, item) = unlock::to_item(after)?;
        let mut when = Expression::new();
        match before {
            Some(before) => when.equals("v", unlock::version(before)),
            None => when = Expression::absent(),
        }
        commit.put(self, Guard::Row, item, when);
        let was = before.and_then(unlock::queued);
        self.keep_queued(commit, was.as_ref(), unlock::queued(after).as_ref(), None)
    }

    /// Has a phone find the cabinet that it is to open, as long as it can: a hint, for the unlock itself says which phone. Refused
    /// ([`Guard::Row`]) when it finds another than it did when it was read: of two unlocks at once one gets the phone.
    pub fn point_phone(
        &self,
        commit: &mut Commit,
        hash: &str,
        before: Option<CitizenId>,
        (citizen, until): (CitizenId, DateTime<Utc>),
    ) -> Result<(), StoreError> {
        let (_, mut item) = login_to_item(hash, citizen)?;
        item.extend(keys::unlock_phone(hash).item());
        item.insert(keys::TTL.to_owned(), number(until.timestamp()));
        let mut when = Expression::new();
        match before {
            Some(before) => when.equals("cit", text(before.to_string())),
            None => when = Expression::absent(),
        }
        commit.put(self, Guard::Row, item, when);
        Ok(())
    }

    pub async fn pointed_by(&self, hash: &str) -> Result<Option<CitizenId>, StoreError> {
        let item = self.get(&keys::unlock_phone(hash)).await?;
        item.map(|item| login_from_item(&item)).transpose()
    }

    /// Gives a cabinet a new phone and password, and takes away every other way in: the address is not confirmed any more, the
    /// second factor is off, all sessions are over. Refused ([`Guard::Login`]) when somebody has the phone, ([`Guard::Citizen`])
    /// when the record changed. Passkeys and devices of epochs before the one that begins count no more
    /// ([`domain::citizen::Citizen::counts`]).
    pub fn unlock(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        with: &Unlocked<'_>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        for read in ["tel", "em", "emc", "ep"] {
            when.as_read(read, with.record.get(read));
        }
        let (phone, sealed) =
            (when.name("tel"), when.value(AttributeValue::B(Blob::new(with.sealed.clone()))));
        let (epoch, next) = (when.name("ep"), when.value(number(with.epoch + 1)));
        let confirmed = when.name("emc");
        let unlocked = when.name("ue");
        let what =
            format!("SET {phone} = {sealed}, {epoch} = {next}, {unlocked} = {next} REMOVE {confirmed}");
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
        // The same phone as before is no other's.
        if !with.former.iter().any(|former| former == with.login) {
            let (_, login) = login_to_item(with.login, citizen)?;
            commit.put_new(self, Guard::Login, login);
        }
        for former in with.former.iter().filter(|former| *former != with.login) {
            let mut own = Expression::new();
            let (owner, citizen) = (own.name("cit"), own.value(text(citizen.to_string())));
            own.and(format!("(attribute_not_exists({owner}) OR {owner} = {citizen})"));
            commit.delete(self, Guard::Login, &keys::login(former), own);
        }
        let mut auth = Expression::new();
        let (password, hash) = (auth.name("pw"), auth.value(text(with.password)));
        auth.and(format!("attribute_exists({password})"));
        let (wrong, zero) = (auth.name("pwr"), auth.value(number(0)));
        let gone = factor::ALL.map(|name| auth.name(name)).join(", ");
        let what = format!("SET {password} = {hash}, {wrong} = {zero} REMOVE {gone}");
        commit.update(self, Guard::Citizen, &keys::auth(citizen), what, auth);
        Ok(())
    }

    /// Forgets devices of a cabinet, one by one.
    pub async fn forget_devices(
        &self,
        citizen: CitizenId,
        hashes: impl Iterator<Item = String>,
    ) -> Result<(), StoreError> {
        for hash in hashes {
            let key = keys::device(citizen, &hash);
            let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
            delete.send().await.map_err(StoreError::unavailable)?;
        }
        Ok(())
    }
}

impl Store {
    /// Puts one that was asked for from afar, with its row in the queue as long as nobody decided. Refused ([`Guard::Row`]) when the
    /// one that was read was changed meanwhile; a new one, when it is there.
    pub fn put_asked_unlock(
        &self,
        commit: &mut Commit,
        before: Option<&AskedUnlock>,
        after: &AskedUnlock,
    ) -> Result<(), StoreError> {
        let (_, item) = asked_unlock::to_item(after)?;
        match before {
            Some(before) => {
                let mut when = Expression::new();
                when.equals("v", asked_unlock::version(before));
                commit.put(self, Guard::Row, item, when);
            }
            None => commit.put_new(self, Guard::Row, item),
        }
        let was = before.and_then(asked_unlock::queued);
        self.keep_queued(commit, was.as_ref(), asked_unlock::queued(after).as_ref(), None)
    }
}

impl super::batch::Batch {
    /// One that was asked for from afar.
    pub fn asked_unlock(&self, id: UnlockId) -> Result<Option<AskedUnlock>, StoreError> {
        self.item(&keys::asked_unlock(id)).map(asked_unlock::from_item).transpose()
    }

    /// A citizen's last unlock.
    pub fn unlock(&self, citizen: CitizenId) -> Result<Option<Unlock>, StoreError> {
        self.item(&keys::unlock(citizen)).map(unlock::from_item).transpose()
    }
}

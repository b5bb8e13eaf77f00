//! Devices: put with the session that makes them known, told from others at sign-in, taken away by their owner.

use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::device::{self, Device};
use crate::items::{ms, number};
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;

/// Devices read at a time: more than anybody has, since each cost a code.
const ROWS_MAX: i32 = 500;

impl Store {
    pub fn put_device(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        hash: &str,
        device: &Device,
    ) -> Result<(), StoreError> {
        let (_, item) = device::to_item(citizen, hash, device)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// Notes that a device was used, so that it is known for longer. One that was taken away meanwhile stays away.
    pub async fn device_used(
        &self,
        citizen: CitizenId,
        hash: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        let used = when.name("us");
        when.and(format!("attribute_exists({used})"));
        let (now, ttl) = (when.value(number(ms(at))), when.name(keys::TTL));
        let ttl_at = when.value(number(device::ttl(at)));
        let what = format!("SET {used} = {now}, {ttl} = {ttl_at}");
        self.update_alone(&keys::device(citizen, hash), what, when).await?;
        Ok(())
    }

    pub async fn forget_device(&self, citizen: CitizenId, hash: &str) -> Result<(), StoreError> {
        let key = keys::device(citizen, hash);
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        delete.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// A citizen's devices, each with its secret's hash: those that are known no more may be among them.
    pub async fn devices(&self, citizen: CitizenId) -> Result<Vec<(String, Device)>, StoreError> {
        let read = |item: &Item| {
            let hash = Key::of(item).and_then(|key| key.sk.strip_prefix(keys::DEVICE).map(str::to_owned));
            device::from_item(item).map(|device| (hash.unwrap_or_default(), device))
        };
        let pk = keys::citizen_pk(citizen);
        Ok(self.listed(pk, keys::DEVICE, None, ROWS_MAX, Reading::Decide, read).await?.items)
    }
}

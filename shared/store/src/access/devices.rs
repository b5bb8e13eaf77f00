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

    /// Takes a device away. Refused ([`Guard::Row`]) when it is away already.
    pub fn forget_device(&self, commit: &mut Commit, citizen: CitizenId, hash: &str) {
        commit.delete(self, Guard::Row, &keys::device(citizen, hash), there());
    }

    /// Holds a write to a device that is still known ([`Guard::Row`]): no session is left on one that is taken away meanwhile.
    /// Notes that it was used, if that is to be noted, so that it is known for longer.
    pub fn on_device(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        hash: &str,
        used_at: Option<DateTime<Utc>>,
    ) {
        let (key, mut when) = (keys::device(citizen, hash), there());
        let Some(at) = used_at else { return commit.check(self, Guard::Row, &key, when) };
        let (used, now) = (when.name("us"), when.value(number(ms(at))));
        let (ttl, ttl_at) = (when.name(keys::TTL), when.value(number(device::ttl(at))));
        commit.update(self, Guard::Row, &key, format!("SET {used} = {now}, {ttl} = {ttl_at}"), when);
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

fn there() -> Expression {
    let mut when = Expression::new();
    let since = when.name("cr");
    when.and(format!("attribute_exists({since})"));
    when
}

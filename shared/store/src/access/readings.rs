//! Who read what of a citizen: put before it is shown, listed for the citizen.

use super::done_unless_refused;
use crate::access::appointments::Listed;
use crate::items::access::{self, Reading};
use crate::{Key, Store, StoreError, keys};
use domain::CitizenId;

impl Store {
    /// Writes a reading down, once an hour for a member and a subject.
    pub async fn put_reading(&self, reading: &Reading) -> Result<(), StoreError> {
        let (_, item) = access::to_item(reading)?;
        let put = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", keys::PK);
        done_unless_refused(put.send().await).map(|_| ())
    }

    /// Who read a citizen's data, the latest first; `after` is the cursor of the page before.
    pub async fn readings(
        &self,
        citizen: CitizenId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<Reading>, StoreError> {
        let start = after.map(|after| {
            let key = Key { pk: keys::citizen_pk(citizen), sk: format!("{}{after}", keys::ACCESS) };
            key.item()
        });
        let answer = self
            .beginning(keys::citizen_pk(citizen), keys::ACCESS)
            .consistent_read(true)
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let last = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let next = last.and_then(|key| key.sk.strip_prefix(keys::ACCESS).map(str::to_owned));
        let items = answer.items.unwrap_or_default();
        let items = items.iter().map(access::from_item).collect::<Result<_, _>>()?;
        Ok(Listed { items, next })
    }
}

//! All rows of a person, for whoever is to have all that is kept of them (PRV-3).

use super::Scanned;
use crate::items::text;
use crate::{Key, Store, StoreError, keys};
use domain::CitizenId;

/// Rows read in one go; the table itself ends a page at a megabyte.
const ROWS_MAX: i32 = 500;

impl Store {
    /// Rows of a person's partition in the order of their keys, behind the rest of the key `after`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn citizen_rows(&self, citizen: CitizenId, after: Option<&str>) -> Result<Scanned, StoreError> {
        let pk = keys::citizen_pk(citizen);
        let start = after.map(|after| Key { pk: pk.clone(), sk: after.to_owned() }.item());
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":pk", text(pk))
            .consistent_read(true)
            .limit(ROWS_MAX)
            .set_exclusive_start_key(start);
        let answer = query.send().await.map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of);
        Ok(Scanned { items: answer.items.unwrap_or_default(), next })
    }
}

//! Wrapped data keys: made once a purpose, unwrapped only by the key service.

use crate::items::text;
use crate::{Item, Store, StoreError, keys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

impl Store {
    /// The wrapped keys of purposes; none where none was made yet.
    pub async fn wrapped_keys(&self, purposes: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let wanted: Vec<_> = purposes.iter().map(|purpose| keys::wrapped_key(purpose)).collect();
        let batch = self.read(&wanted).await?;
        Ok(wanted.iter().map(|key| wrapped(batch.item(key)?)).collect())
    }

    /// Keeps a newly made key unless somebody kept one first; then theirs holds.
    pub async fn keep_wrapped_key(&self, purpose: &str, wrapped: Vec<u8>) -> Result<bool, StoreError> {
        let mut item = keys::wrapped_key(purpose).item();
        item.insert("k".into(), AttributeValue::B(Blob::new(wrapped)));
        item.insert("purpose".into(), text(purpose));
        let put = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", keys::PK);
        super::done_unless_refused(put.send().await)
    }
}

fn wrapped(item: &Item) -> Option<Vec<u8>> {
    item.get("k")?.as_b().ok().map(|blob| blob.as_ref().to_vec())
}

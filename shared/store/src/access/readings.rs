//! Who read what of a citizen: put before it is shown, listed for the citizen.

use super::Listed;
use super::done_unless_refused;
use super::pages::Reading as Consistency;
use crate::items::access::{self, Counted, Reading};
use crate::{Store, StoreError, keys};
use domain::{CitizenId, Ulid};

impl Store {
    /// Writes a reading down, once an hour for a member and a subject.
    pub async fn put_reading(&self, reading: &Reading) -> Result<(), StoreError> {
        self.write_reading(reading, Counted::ByTheHour).await
    }

    /// Writes down that a file was opened, each time: `opening` is this time's own, by which it is written once however often
    /// it is tried.
    pub async fn put_opening(&self, reading: &Reading, opening: Ulid) -> Result<(), StoreError> {
        self.write_reading(reading, Counted::Each(opening)).await
    }

    async fn write_reading(&self, reading: &Reading, counted: Counted) -> Result<(), StoreError> {
        let (_, item) = access::to_item(reading, counted)?;
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
        let pk = keys::citizen_pk(citizen);
        self.listed(pk, keys::ACCESS, after, limit, Consistency::Decide, access::from_item).await
    }
}

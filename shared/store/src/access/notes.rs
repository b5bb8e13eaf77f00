//! Notices: put once a fact; claimed before a reminder is sent; listed as an inbox.

use super::Listed;
use super::pages::Reading;
use crate::items::note::{self, Note, NoteState};
use crate::items::text;
use crate::{Store, StoreError, keys};
use domain::CitizenId;

impl Store {
    /// Puts a notice unless its fact has one. False when it had.
    pub async fn put_note(&self, note: &Note) -> Result<bool, StoreError> {
        let (_, item) = note::to_item(note)?;
        let put = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", keys::PK);
        super::done_unless_refused(put.send().await)
    }

    /// Writes a notice over what it was. False when it is no longer in the state it was read in.
    pub async fn keep_note(&self, note: &Note, was: Option<NoteState>) -> Result<bool, StoreError> {
        let (_, item) = note::to_item(note)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        let put = match was {
            None => put
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", keys::PK),
            Some(was) => put
                .condition_expression("#st = :was")
                .expression_attribute_names("#st", "st")
                .expression_attribute_values(":was", text(was.name())),
        };
        super::done_unless_refused(put.send().await)
    }

    /// Takes the due time off a notice that is due: its stream record carries the sending.
    pub async fn nudge_note(&self, key: &crate::Key, due_sort: &str) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .update_expression("REMOVE #dp, #ds, #du")
            .condition_expression("#ds = :was")
            .expression_attribute_names("#dp", keys::DUE_PK)
            .expression_attribute_names("#ds", keys::DUE_SK)
            .expression_attribute_names("#du", "du")
            .expression_attribute_values(":was", text(due_sort));
        super::done_unless_refused(update.send().await)
    }

    /// An inbox, newest first; `after` is the last notice already shown.
    pub async fn inbox(
        &self,
        citizen: CitizenId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<Note>, StoreError> {
        let pk = keys::citizen_pk(citizen);
        self.listed(pk, keys::NOTE, after, limit, Reading::Look, note::from_item).await
    }
}

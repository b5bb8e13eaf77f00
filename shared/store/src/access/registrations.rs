//! Registrations: begun, and ended with a cabinet.

use crate::access::done_unless_refused;
use crate::commit::{Commit, Expression, Guard};
use crate::items::registration::{self, Registration};
use crate::items::{number, text};
use crate::{Store, StoreError, keys};
use domain::limits::COMPLETE_TRIES;
use domain::{CitizenId, RegistrationId};

impl Store {
    pub fn put_registration(
        &self,
        commit: &mut Commit,
        registration: &Registration,
    ) -> Result<(), StoreError> {
        let (_, item) = registration::to_item(registration)?;
        commit.put_new(self, Guard::Registration, item);
        Ok(())
    }

    /// Counts that the end of a registration was asked for again. False when it was too often.
    pub async fn count_again(&self, id: RegistrationId) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::registration(id).item()))
            .update_expression("ADD #ag :one")
            .condition_expression("attribute_exists(#cit) AND (attribute_not_exists(#ag) OR #ag < :most)")
            .expression_attribute_names("#ag", "ag")
            .expression_attribute_names("#cit", "cit")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(COMPLETE_TRIES));
        done_unless_refused(update.send().await)
    }

    /// Ends a verified registration with its cabinet. Refused ([`Guard::Registration`]) when it has one.
    pub fn end_registration(&self, commit: &mut Commit, id: RegistrationId, citizen: CitizenId) {
        let mut when = Expression::new();
        let (verified, ended) = (when.name("vf"), when.name("cit"));
        when.and(format!("attribute_exists({verified}) AND attribute_not_exists({ended})"));
        let citizen = when.value(text(citizen.to_string()));
        commit.update(
            self,
            Guard::Registration,
            &keys::registration(id),
            format!("SET {ended} = {citizen}"),
            when,
        );
    }
}

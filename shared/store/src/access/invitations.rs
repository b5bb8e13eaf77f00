//! Invitations: put once, ended by the member whom they make.

use crate::commit::{Commit, Expression, Guard};
use crate::items::invitation::{self, Invitation};
use crate::items::staff::Identity;
use crate::items::{ms, number, text};
use crate::{Store, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::{InvitationId, Moment, StaffId};

impl Store {
    pub fn put_invitation(
        &self,
        commit: &mut Commit,
        invitation: &Invitation,
        who: &Identity,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, item) = invitation::to_item(invitation, who, vault, moment)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// Ends an invitation with its member. Refused ([`Guard::Invitation`]) when it has one.
    pub fn end_invitation(&self, commit: &mut Commit, id: InvitationId, member: StaffId) {
        let mut when = Expression::new();
        let (pk, ended) = (when.name(keys::PK), when.name("st"));
        when.and(format!("attribute_exists({pk}) AND attribute_not_exists({ended})"));
        let member = when.value(text(member.to_string()));
        commit.update(
            self,
            Guard::Invitation,
            &keys::invitation(id),
            format!("SET {ended} = {member}"),
            when,
        );
    }

    /// Says that there is no administrator yet, and when one was asked for. Refused ([`Guard::Administrators`]) when
    /// there is one.
    pub fn ask_first_administrator(&self, commit: &mut Commit, at: DateTime<Utc>) {
        let mut when = Expression::new();
        let members = when.name("ids");
        when.and(format!("attribute_not_exists({members})"));
        let (asked, at) = (when.name("asked"), when.value(number(ms(at))));
        commit.update(
            self,
            Guard::Administrators,
            &keys::administrators(),
            format!("SET {asked} = {at}"),
            when,
        );
    }
}

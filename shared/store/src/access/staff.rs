//! Those who work here: made once, changed under their version, with a row of history in the same write.

use crate::commit::{Commit, Expression, Guard};
use crate::items::staff::{self, Identity, StaffAuth, StaffChange};
use crate::items::{number, session, text, value};
use crate::{Item, Key, Store, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::staff::Member;
use domain::{Moment, StaffId};

/// How the set of unrestricted administrators changes with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrestricted {
    /// The very first: there was none.
    First,
    Joins,
    /// Another one must be left.
    Leaves,
    AsBefore,
}

/// A page of the list, and behind whom to go on.
#[derive(Debug)]
pub struct Members {
    /// The items: their personal fields open with a vault.
    pub items: Vec<Item>,
    pub after: Option<String>,
}

impl Store {
    /// A new member with what they sign in with. Refused ([`Guard::Login`]) when somebody has the login.
    #[allow(clippy::too_many_arguments, reason = "one new member, whole")]
    pub fn put_member(
        &self,
        commit: &mut Commit,
        member: &Member,
        who: &Identity,
        auth: &StaffAuth,
        login_hash: &str,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, item) = staff::to_item(member, who, vault, moment)?;
        let (_, auth) = staff::auth_to_item(member.id, auth)?;
        let (_, login) = staff::login_to_item(login_hash, member.id)?;
        commit.put_new(self, Guard::Login, login);
        commit.put_new(self, Guard::Member, item);
        commit.put_new(self, Guard::Member, auth);
        Ok(())
    }

    /// What a member may do, whether they are blocked, and which sessions live. Refused ([`Guard::Member`]) when they
    /// were changed meanwhile.
    pub fn change_member(
        &self,
        commit: &mut Commit,
        before: &Member,
        after: &Member,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        when.equals("v", number(before.version));
        let mut set = Vec::new();
        for (name, new) in [
            ("gr", value(&staff::grants_to_wire(&after.grants))?),
            ("blk", AttributeValue::Bool(after.blocked)),
            ("ep", number(after.epoch)),
        ] {
            let (name, new) = (when.name(name), when.value(new));
            set.push(format!("{name} = {new}"));
        }
        let (version, next) = (when.name("v"), when.value(number(after.version)));
        set.push(format!("{version} = {next}"));
        let what = format!("SET {}", set.join(", "));
        commit.update(self, Guard::Member, &keys::member(before.id), what, when);
        Ok(())
    }

    /// Another password in place of the one that was read. Refused ([`Guard::Member`]) when it was changed meanwhile.
    pub fn put_staff_password(&self, commit: &mut Commit, member: StaffId, before: &str, hash: &str) {
        let mut when = Expression::new();
        when.equals("pw", text(before));
        let what = format!("SET {} = {}", when.name("pw"), when.value(text(hash)));
        commit.update(self, Guard::Member, &keys::staff_auth(member), what, when);
    }

    /// Whoever does it may do so still: they are as they were read. Refused ([`Guard::Actor`]) otherwise.
    pub fn still(&self, commit: &mut Commit, actor: &Member) {
        let mut when = Expression::new();
        when.equals("v", number(actor.version));
        commit.check(self, Guard::Actor, &keys::member(actor.id), when);
    }

    pub fn put_staff_change(
        &self,
        commit: &mut Commit,
        member: StaffId,
        change: &StaffChange,
    ) -> Result<(), StoreError> {
        let (_, item) = staff::change_to_item(member, change)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// Keeps the set of those who can do everything everywhere. Refused ([`Guard::Administrators`]) when there is one
    /// already who should be the first, or none would be left.
    pub fn count_administrator(&self, commit: &mut Commit, member: StaffId, how: Unrestricted) {
        let mut when = Expression::new();
        let members = when.name("ids");
        let one = when.value(AttributeValue::Ss(vec![member.to_string()]));
        let what = match how {
            Unrestricted::AsBefore => return,
            Unrestricted::First => {
                when.and(format!("attribute_not_exists({members})"));
                format!("ADD {members} {one}")
            }
            Unrestricted::Joins => format!("ADD {members} {one}"),
            Unrestricted::Leaves => {
                let least = when.value(number(1));
                when.and(format!("size({members}) > {least}"));
                format!("DELETE {members} {one}")
            }
        };
        commit.update(self, Guard::Administrators, &keys::administrators(), what, when);
    }

    /// Those who work here, in the order in which they came.
    pub async fn members(&self, after: Option<&str>, most: i32) -> Result<Members, StoreError> {
        let start = after.map(|after| {
            let key = Key { pk: keys::STAFF.to_owned(), sk: after.to_owned() };
            key.item()
        });
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":pk", text(keys::STAFF))
            .consistent_read(true)
            .limit(most)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let after = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        Ok(Members { items: answer.items.unwrap_or_default(), after })
    }

    /// The last changes about a member, the latest first.
    pub async fn staff_log(&self, member: StaffId, most: i32) -> Result<Vec<StaffChange>, StoreError> {
        let answer = self
            .beginning(keys::staff_pk(member), keys::STAFF_LOG)
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        answer.items.unwrap_or_default().iter().map(staff::change_from_item).collect()
    }

    /// Whose login this is, of those who work here.
    pub async fn staff_login(&self, hash: &str) -> Result<Option<StaffId>, StoreError> {
        let item = self.get(&keys::login(hash)).await?;
        item.map(|item| staff::login_from_item(&item)).transpose()
    }

    pub fn put_staff_session(
        &self,
        commit: &mut Commit,
        member: StaffId,
        hash: &str,
        session: &session::Session,
    ) -> Result<(), StoreError> {
        let (_, item) = session::staff_to_item(member, hash, session)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    pub async fn end_staff_session(&self, member: StaffId, hash: &str) -> Result<(), StoreError> {
        let key = keys::staff_session(member, hash);
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        delete.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }
}

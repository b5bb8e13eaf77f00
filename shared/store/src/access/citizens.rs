//! A person's record, password and logins: made together, once.

use crate::commit::{Commit, Expression, Guard};
use crate::items::citizen::{self, BLOCK, BLOCK_WORDS, auth_to_item, block_value, login_to_item};
use crate::items::keeping::CLOSED;
use crate::items::{ms, number, text};
use crate::{Item, Key, Store, StoreError, Vault, keys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::citizen::{Blocked, Citizen, Person};
use domain::{CitizenId, Moment};

impl Store {
    /// A new cabinet under its phone's and, later, its e-mail's login. Refused ([`Guard::Login`]) when
    /// somebody has one of them.
    pub fn put_citizen(
        &self,
        commit: &mut Commit,
        citizen: &Citizen,
        person: &Person,
        password_hash: &str,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, me) = citizen::to_item(citizen, person, vault, moment)?;
        let (_, auth) = auth_to_item(citizen.id, password_hash)?;
        let (_, login) = login_to_item(&vault.lookup("phone", &person.phone), citizen.id)?;
        commit.put_new(self, Guard::Login, login);
        commit.put_new(self, Guard::Citizen, me);
        commit.put_new(self, Guard::Citizen, auth);
        Ok(())
    }

    /// Has a citizen be found by what they are called: a row for each way in which they may say it.
    pub fn put_names(&self, commit: &mut Commit, citizen: CitizenId, hashes: &[String]) {
        for hash in hashes {
            commit.put(self, Guard::Row, keys::name(hash, citizen).item(), Expression::new());
        }
    }

    /// Those who are called so, at most `limit`.
    pub async fn named(&self, hash: &str, limit: i32) -> Result<Vec<CitizenId>, StoreError> {
        let asked = self.beginning(keys::name_pk(hash), keys::CITIZEN_OF_NAME).limit(limit);
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        let id = |item: &Item| Key::of(item)?.sk.strip_prefix(keys::CITIZEN_OF_NAME)?.parse().ok();
        Ok(answer.items.unwrap_or_default().iter().filter_map(id).collect())
    }

    /// Holds a write to a login that still leads to the citizen ([`Guard::Login`]).
    pub fn by_login(&self, commit: &mut Commit, hash: &str, citizen: CitizenId) {
        let mut when = Expression::new();
        when.equals("cit", text(citizen.to_string()));
        commit.check(self, Guard::Login, &keys::login(hash), when);
    }

    /// Confirms the address that the record has now and makes it a login: an unconfirmed address is not one,
    /// or anybody could keep its owner out. Refused ([`Guard::Login`]) when somebody else confirmed it first, ([`Guard::Citizen`])
    /// when it is another meanwhile, or the cabinet was unlocked since it was read.
    pub fn confirm_email(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        record: &Item,
        login_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (_, login) = login_to_item(login_hash, citizen)?;
        commit.put_new(self, Guard::Login, login);
        let mut when = Expression::new();
        for read in ["em", "ue"] {
            when.as_read(read, record.get(read));
        }
        let (name, value) = (when.name("emc"), when.value(number(ms(at))));
        commit.update(self, Guard::Citizen, &keys::me(citizen), format!("SET {name} = {value}"), when);
        Ok(())
    }

    /// Closes a cabinet to booking with what is said of it, sealed, or opens it again. Refused ([`Guard::Citizen`]) when somebody did
    /// either meanwhile, or the cabinet was deleted.
    pub fn block(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        record: &Item,
        with: Option<(&Blocked, Vec<u8>)>,
    ) {
        let mut when = Expression::new();
        when.as_read(BLOCK, record.get(BLOCK));
        when.as_read(CLOSED, None);
        let there = when.name(keys::PK);
        when.and(format!("attribute_exists({there})"));
        let (block, words) = (when.name(BLOCK), when.name(BLOCK_WORDS));
        let what = match with {
            Some((blocked, said)) => {
                let said = when.value(AttributeValue::B(Blob::new(said)));
                format!("SET {block} = {}, {words} = {said}", when.value(block_value(blocked)))
            }
            None => format!("REMOVE {block}, {words}"),
        };
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
    }

    /// Says that the link to the address is to be sent again: the write's stream record carries it.
    pub async fn ask_email_link(
        &self,
        citizen: CitizenId,
        at: DateTime<Utc>,
        not_since: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::me(citizen).item()))
            .update_expression("SET #els = :at")
            .condition_expression("attribute_exists(#pk) AND attribute_not_exists(#emc) AND (attribute_not_exists(#els) OR #els <= :since)")
            .expression_attribute_names("#els", "els")
            .expression_attribute_names("#emc", "emc")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":at", number(ms(at)))
            .expression_attribute_values(":since", number(ms(not_since)));
        super::done_unless_refused(update.send().await)
    }
}

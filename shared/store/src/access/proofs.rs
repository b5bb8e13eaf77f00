//! Proofs of having a phone or an address, and what they do to a cabinet.

use super::Listed;
use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::account::{self, Happened};
use crate::items::citizen::login_to_item;
use crate::items::proof::{self, Proof};
use crate::items::{ms, number, text};
use crate::{Item, Store, StoreError, keys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::CitizenId;

impl Store {
    pub fn put_proof(&self, commit: &mut Commit, proof: &Proof) -> Result<(), StoreError> {
        let (_, item) = proof::to_item(proof)?;
        commit.put_new(self, Guard::Registration, item);
        Ok(())
    }

    /// Uses a proof up, for whomever it names. Refused ([`Guard::Registration`]) when it was used before, or another round began.
    pub fn use_proof(&self, commit: &mut Commit, proof: &Proof, at: DateTime<Utc>) {
        let mut when = Expression::new();
        when.equals("rd", number(proof.round));
        let done = when.name("vf");
        when.and(format!("attribute_not_exists({done})"));
        let at = when.value(number(ms(at)));
        let mut what = format!("SET {done} = {at}");
        if let Some(citizen) = proof.citizen {
            let (whose, citizen) = (when.name("cit"), when.value(text(citizen.to_string())));
            what = format!("{what}, {whose} = {citizen}");
        }
        commit.update(self, Guard::Registration, &keys::proof(proof.id), what, when);
    }

    /// Gives a cabinet another password, in place of the one that was compared with or of whichever it is.
    pub fn put_password(&self, commit: &mut Commit, citizen: CitizenId, before: Option<&str>, hash: &str) {
        let mut when = Expression::new();
        match before {
            Some(before) => when.equals("pw", text(before)),
            None => {
                let kept = when.name("pw");
                when.and(format!("attribute_exists({kept})"));
            }
        }
        let (password, hash) = (when.name("pw"), when.value(text(hash)));
        let (wrong, none) = (when.name("pwr"), when.value(number(0)));
        let what = format!("SET {password} = {hash}, {wrong} = {none}");
        commit.update(self, Guard::Citizen, &keys::auth(citizen), what, when);
    }

    /// Holds a write to the epoch in which it was decided ([`Guard::Citizen`]).
    pub fn in_epoch(&self, commit: &mut Commit, citizen: CitizenId, epoch: u64) {
        let mut when = Expression::new();
        when.equals("ep", number(epoch));
        commit.check(self, Guard::Citizen, &keys::me(citizen), when);
    }

    /// Ends every session of a cabinet by beginning another epoch. Refused ([`Guard::Citizen`]) when one began meanwhile.
    pub fn end_sessions(&self, commit: &mut Commit, citizen: CitizenId, epoch: u64) {
        let mut when = Expression::new();
        when.equals("ep", number(epoch));
        let (name, next) = (when.name("ep"), when.value(number(epoch + 1)));
        commit.update(self, Guard::Citizen, &keys::me(citizen), format!("SET {name} = {next}"), when);
    }

    /// Gives a cabinet another sealed phone (`tel`) or address (`em`), with the login that leads to it, in place of the one
    /// that was read. Refused ([`Guard::Login`]) when somebody else has it, ([`Guard::Citizen`]) when another was faster.
    pub fn change_contact(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        attribute: &str,
        change: &ContactChange<'_>,
    ) -> Result<(), StoreError> {
        let (_, login) = login_to_item(change.login, citizen)?;
        commit.put_new(self, Guard::Login, login);
        let mut when = Expression::new();
        // As it was read: the phone or address, whether the address is confirmed, and the session that asks.
        for read in [attribute, "emc", "ep"] {
            when.as_read(read, change.record.get(read));
        }
        let (name, sealed) =
            (when.name(attribute), when.value(AttributeValue::B(Blob::new(change.sealed.clone()))));
        let mut what = format!("SET {name} = {sealed}");
        if let Some(at) = change.confirmed_at {
            let (confirmed, at) = (when.name("emc"), when.value(number(ms(at))));
            what.push_str(&format!(", {confirmed} = {at}"));
        }
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
        if let Some(former) = change.former_login {
            // An address that was never confirmed led nowhere, or to somebody else's cabinet: theirs stays.
            let mut theirs = Expression::new();
            let (owner, citizen) = (theirs.name("cit"), theirs.value(text(citizen.to_string())));
            theirs.and(format!("(attribute_not_exists({owner}) OR {owner} = {citizen})"));
            commit.delete(self, Guard::Login, &keys::login(former), theirs);
        }
        Ok(())
    }

    pub fn put_happened(&self, commit: &mut Commit, happened: &Happened) -> Result<(), StoreError> {
        let (_, item) = account::to_item(happened)?;
        commit.put_new(self, Guard::Row, item);
        Ok(())
    }

    /// What happened to a cabinet, the latest first; `after` is the cursor of the page before.
    pub async fn happened(
        &self,
        citizen: CitizenId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<Happened>, StoreError> {
        let pk = keys::citizen_pk(citizen);
        self.listed(pk, keys::ACCOUNT_EVENT, after, limit, Reading::Decide, account::from_item).await
    }

    /// Counts a wrong password of whoever is signed in, before it is said. False when another was counted meanwhile.
    pub async fn count_wrong_password(
        &self,
        citizen: CitizenId,
        before: u32,
        now: u32,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (wrong, was) = (when.name("pwr"), when.value(number(before)));
        match before {
            0 => when.and(format!("(attribute_not_exists({wrong}) OR {wrong} = {was})")),
            _ => when.and(format!("{wrong} = {was}")),
        }
        let (now, last, at) = (when.value(number(now)), when.name("pwa"), when.value(number(ms(at))));
        self.update_alone(&keys::auth(citizen), format!("SET {wrong} = {now}, {last} = {at}"), when).await
    }
}

/// Another phone or address of a cabinet.
pub struct ContactChange<'a> {
    /// The record as it was read.
    pub record: &'a Item,
    pub sealed: Vec<u8>,
    /// The hash under which it leads to the cabinet.
    pub login: &'a str,
    /// The hash of the one before, if it led there.
    pub former_login: Option<&'a str>,
    /// Of an address: when it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

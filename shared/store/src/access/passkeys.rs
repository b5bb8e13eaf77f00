//! Passkeys: put with the row that says whose they are, told of when they count backwards; challenges are used once.

use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::citizen::{login_from_item, login_to_item};
use crate::items::passkey::{self, Ceremony, Passkey};
use crate::items::{ms, number, text};
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, TimeDelta, Utc};
use domain::limits::PASSKEYS_MAX;
use domain::{ChallengeId, CitizenId};

/// How many passkeys a cabinet has stands beside its password: two that are added at once are counted one after the other.
const COUNT: &str = "pkn";
/// Passkeys read at a time: all that one may have.
const ROWS_MAX: i32 = 50;
/// Once in so long it is told that a passkey counted backwards.
const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::days(1);

impl Store {
    /// Puts a passkey. Refused ([`Guard::Login`]) when its id is known already, whosever it is, ([`Guard::Limit`]) beyond ten.
    pub fn put_passkey(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        hash: &str,
        passkey: &Passkey,
    ) -> Result<(), StoreError> {
        let (_, item) = passkey::to_item(citizen, hash, passkey)?;
        commit.put_new(self, Guard::Row, item);
        let (_, mut owner) = login_to_item(hash, citizen)?;
        owner.extend(keys::passkey_owner(hash).item());
        commit.put_new(self, Guard::Login, owner);
        let mut when = Expression::new();
        let (count, most, one) = (when.name(COUNT), when.value(number(PASSKEYS_MAX)), when.value(number(1)));
        when.and(format!("(attribute_not_exists({count}) OR {count} < {most})"));
        commit.update(self, Guard::Limit, &keys::auth(citizen), format!("ADD {count} {one}"), when);
        Ok(())
    }

    /// Takes a passkey away. Refused ([`Guard::Row`]) when it is away already.
    pub fn drop_passkey(&self, commit: &mut Commit, citizen: CitizenId, hash: &str) {
        let mut there = Expression::new();
        let made = there.name("mk");
        there.and(format!("attribute_exists({made})"));
        commit.delete(self, Guard::Row, &keys::passkey(citizen, hash), there);
        let mut own = Expression::new();
        own.equals("cit", text(citizen.to_string()));
        commit.delete(self, Guard::Row, &keys::passkey_owner(hash), own);
        let mut when = Expression::new();
        let (count, less) = (when.name(COUNT), when.value(number(-1)));
        commit.update(self, Guard::Citizen, &keys::auth(citizen), format!("ADD {count} {less}"), when);
    }

    /// A citizen's passkeys, each with its id's hash.
    pub async fn passkeys(&self, citizen: CitizenId) -> Result<Vec<(String, Passkey)>, StoreError> {
        let read = |item: &Item| {
            let hash = Key::of(item).and_then(|key| key.sk.strip_prefix(keys::PASSKEY).map(str::to_owned));
            passkey::from_item(item).map(|passkey| (hash.unwrap_or_default(), passkey))
        };
        let pk = keys::citizen_pk(citizen);
        Ok(self.listed(pk, keys::PASSKEY, None, ROWS_MAX, Reading::Decide, read).await?.items)
    }

    /// Notes that a passkey was used, and how far it has counted. Refused ([`Guard::Row`]) when it is away, or was used meanwhile.
    pub fn use_passkey(
        &self,
        commit: &mut Commit,
        (citizen, hash): (CitizenId, &str),
        before: &Passkey,
        counter: u32,
        at: DateTime<Utc>,
    ) {
        let mut when = Expression::new();
        when.equals("n", number(before.counter));
        let (count, counter) = (when.name("n"), when.value(number(counter)));
        let (used, at) = (when.name("us"), when.value(number(ms(at))));
        let what = format!("SET {count} = {counter}, {used} = {at}");
        commit.update(self, Guard::Row, &keys::passkey(citizen, hash), what, when);
    }

    /// Notes that a passkey counted backwards. Refused ([`Guard::Row`]) within a day of the last time, and when it is away.
    pub fn note_copied(&self, commit: &mut Commit, (citizen, hash): (CitizenId, &str), at: DateTime<Utc>) {
        let mut when = Expression::new();
        let (made, noted) = (when.name("mk"), when.name("cp"));
        let (now, before) = (when.value(number(ms(at))), when.value(number(ms(at - TOLD_AGAIN_AFTER))));
        when.and(format!("attribute_exists({made})"));
        when.and(format!("(attribute_not_exists({noted}) OR {noted} <= {before})"));
        commit.update(self, Guard::Row, &keys::passkey(citizen, hash), format!("SET {noted} = {now}"), when);
    }

    pub async fn begin_ceremony(&self, ceremony: &Ceremony) -> Result<(), StoreError> {
        let (_, item) = passkey::ceremony_to_item(ceremony)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Uses a challenge up before its answer is looked at. False when it was used before.
    pub async fn use_ceremony(&self, id: ChallengeId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (challenge, done) = (when.name("ch"), when.name("vf"));
        when.and(format!("attribute_exists({challenge}) AND attribute_not_exists({done})"));
        let at = when.value(number(ms(at)));
        self.update_alone(&keys::ceremony(id), format!("SET {done} = {at}"), when).await
    }
}

impl super::batch::Batch {
    pub fn passkey(&self, citizen: CitizenId, hash: &str) -> Result<Option<Passkey>, StoreError> {
        self.item(&keys::passkey(citizen, hash)).map(passkey::from_item).transpose()
    }

    /// Whose passkey it is.
    pub fn passkey_owner(&self, hash: &str) -> Result<Option<CitizenId>, StoreError> {
        self.item(&keys::passkey_owner(hash)).map(login_from_item).transpose()
    }

    pub fn ceremony(&self, id: ChallengeId) -> Result<Option<Ceremony>, StoreError> {
        self.item(&keys::ceremony(id)).map(passkey::ceremony_from_item).transpose()
    }
}

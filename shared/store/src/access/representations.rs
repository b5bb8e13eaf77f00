//! Who acts for whom: written between two people on condition of what was read, found from both, decided from a queue.

use super::Listed;
use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::representation::{self, GrantRow, REPRESENTATIVES};
use crate::items::{citizen, ms, number, text};
use crate::{Item, Key, Store, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::citizen::{Citizen, Person};
use domain::representation::Representation;
use domain::{CitizenId, GrantId, Moment, RegionId, StaffId};
use planted::{Bug, planted};

/// People who may act for one citizen at a time, over all that was ever asked.
pub const BETWEEN_MAX: i32 = 50;

impl Store {
    /// Puts what is between two people in place of what was read. Refused ([`Guard::Grant`]) when it was changed meanwhile.
    pub fn put_representation(&self, commit: &mut Commit, after: &Representation) -> Result<(), StoreError> {
        let (_, item) = representation::to_item(after)?;
        commit.put(self, Guard::Grant, item, as_read(after));
        Ok(())
    }

    /// Writes nothing, and holds the whole to what one person may do for another being as it was read ([`Guard::Grant`]).
    pub fn by_representation(&self, commit: &mut Commit, read: &Representation) {
        let key = keys::representation(read.beneficiary, read.representative);
        commit.check(self, Guard::Grant, &key, as_read(read));
    }

    /// An application that is new: found by its representative, and by staff of a region.
    pub fn put_application(&self, commit: &mut Commit, row: &GrantRow) -> Result<(), StoreError> {
        let pointer = representation::pointer_to_item(row.representative, row.grant, row.beneficiary)?;
        commit.put_new(self, Guard::Row, pointer);
        commit.put_new(self, Guard::Row, representation::row_to_item(row)?);
        Ok(())
    }

    /// Takes an application out of the queue; `decided_by` must have it for themselves still ([`Guard::Row`]).
    pub fn drop_application(&self, commit: &mut Commit, row: &GrantRow, decided_by: Option<StaffId>) {
        let mut when = Expression::new();
        if let Some(member) = decided_by.filter(|_| !planted(Bug::DecidedTwice)) {
            when.equals("m", text(member.to_string()));
        }
        commit.delete(self, Guard::Row, &keys::grant_row(&row.region, row.asked_at, row.grant), when);
    }

    /// Somebody without a cabinet of their own, for whom others act. Refused ([`Guard::Citizen`]) when they are there.
    pub fn put_dependent(
        &self,
        commit: &mut Commit,
        dependent: &Citizen,
        person: &Person,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, me) = citizen::to_item(dependent, person, vault, moment)?;
        commit.put_new(self, Guard::Citizen, me);
        Ok(())
    }

    /// Names in a record who may act for its citizen. Refused ([`Guard::Citizen`]) when others were named meanwhile.
    pub fn name_representatives(
        &self,
        commit: &mut Commit,
        record: &Item,
        citizen: CitizenId,
        who: &[CitizenId],
    ) {
        let mut when = Expression::new();
        when.as_read(REPRESENTATIVES, record.get(REPRESENTATIVES));
        let there = when.name(keys::PK);
        when.and(format!("attribute_exists({there})"));
        let name = when.name(REPRESENTATIVES);
        let what = if who.is_empty() {
            format!("REMOVE {name}")
        } else {
            format!("SET {name} = {}", when.value(representation::representatives_value(who)))
        };
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
    }

    /// What a citizen has asked for, the latest first: grants, and for whom; `after` is the cursor of the page before.
    pub async fn acting(
        &self,
        representative: CitizenId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<(GrantId, CitizenId)>, StoreError> {
        let pk = keys::citizen_pk(representative);
        self.listed(pk, keys::ACTING, after, limit, Reading::Decide, representation::pointer_from_item).await
    }

    /// Everything that others may do for a citizen, or asked for, at most [`BETWEEN_MAX`] people.
    pub async fn representations(&self, beneficiary: CitizenId) -> Result<Vec<Representation>, StoreError> {
        let pk = keys::citizen_pk(beneficiary);
        let read = representation::from_item;
        let found = self.listed(pk, keys::REPRESENTATION, None, BETWEEN_MAX, Reading::Decide, read);
        Ok(found.await?.items)
    }

    /// A region's queue, the oldest first; `after` is the cursor of the page before.
    pub async fn applications(
        &self,
        region: &RegionId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<GrantRow>, StoreError> {
        let pk = keys::grants(region);
        let start = after.map(|after| Key { pk: pk.clone(), sk: after.to_owned() }.item());
        let asked = self.beginning(pk, "").set_exclusive_start_key(start).limit(limit);
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let items = answer.items.unwrap_or_default();
        Ok(Listed { items: items.iter().map(representation::row_from_item).collect::<Result<_, _>>()?, next })
    }

    /// Takes an application for oneself until an instant. False when somebody else has it, or it is decided.
    pub async fn take_application(
        &self,
        row: &GrantRow,
        member: StaffId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (since, taken, over) = (when.name("at"), when.name("m"), when.name("til"));
        let (me, now) = (when.value(text(member.to_string())), when.value(number(ms(now))));
        when.and(format!("attribute_exists({since})"));
        when.and(format!("(attribute_not_exists({taken}) OR {taken} = {me} OR {over} <= {now})"));
        let until = when.value(number(ms(until)));
        let key = keys::grant_row(&row.region, row.asked_at, row.grant);
        self.update_alone(&key, format!("SET {taken} = {me}, {over} = {until}"), when).await
    }
}

fn as_read(read: &Representation) -> Expression {
    match read.version {
        None => Expression::absent(),
        Some(version) => {
            let mut when = Expression::new();
            when.equals("v", representation::version(version));
            when
        }
    }
}

impl super::batch::Batch {
    /// What one person may do for another; nobody may anything who never asked.
    pub fn representation(
        &self,
        beneficiary: CitizenId,
        representative: CitizenId,
    ) -> Result<Representation, StoreError> {
        let found = self.item(&keys::representation(beneficiary, representative));
        let none = || Representation::new(beneficiary, representative);
        Ok(found.map(representation::from_item).transpose()?.unwrap_or_else(none))
    }

    /// For whom a grant is that somebody has asked for.
    pub fn acting(&self, representative: CitizenId, grant: GrantId) -> Result<Option<CitizenId>, StoreError> {
        let found = self.item(&keys::acting(representative, grant));
        Ok(found.map(representation::pointer_from_item).transpose()?.map(|(_, beneficiary)| beneficiary))
    }

    /// The row of an application in its queue.
    pub fn application(&self, key: &Key) -> Result<Option<GrantRow>, StoreError> {
        self.item(key).map(representation::row_from_item).transpose()
    }
}

//! Who acts for whom: written between two people on condition of what was read, found from both.

use super::Listed;
use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::citizen;
use crate::items::keeping::{CLOSED, GONE};
use crate::items::representation::{self, ASKED, REPRESENTATIVES};
use crate::{Item, Store, StoreError, Vault, keys};
use domain::citizen::{Citizen, Person};
use domain::representation::Representation;
use domain::{CitizenId, GrantId, Moment, StaffId};

/// People who may act for one citizen, or asked to, that are read at a time.
const PAGE: i32 = 50;

impl Store {
    /// Puts what is between two people in place of what was read, with the rows in the queue of what waits. Refused
    /// ([`Guard::Grant`]) when it was changed meanwhile, ([`Guard::Row`]) when a member decides who no longer has it for themselves.
    pub fn put_representation(
        &self,
        commit: &mut Commit,
        before: &Representation,
        after: &Representation,
        decided_by: Option<StaffId>,
    ) -> Result<(), StoreError> {
        let (_, item) = representation::to_item(after)?;
        commit.put(self, Guard::Grant, item, as_read(after));
        for grant in &after.grants {
            let was = before.grant(grant.id).and_then(|grant| representation::queued(before, grant));
            let is = representation::queued(after, grant);
            self.keep_queued(commit, was.as_ref(), is.as_ref(), decided_by)?;
        }
        Ok(())
    }

    /// Takes away what is between two people, as it was read, with its rows in the queue. Refused ([`Guard::Grant`]) when it was
    /// changed meanwhile.
    pub fn drop_representation(
        &self,
        commit: &mut Commit,
        before: &Representation,
    ) -> Result<(), StoreError> {
        let key = keys::representation(before.beneficiary, before.representative);
        commit.delete(self, Guard::Grant, &key, as_read(before));
        for row in before.grants.iter().filter_map(|grant| representation::queued(before, grant)) {
            self.keep_queued(commit, Some(&row), None, None)?;
        }
        Ok(())
    }

    /// Writes nothing, and holds the whole to what one person may do for another being as it was read ([`Guard::Grant`]).
    pub fn by_representation(&self, commit: &mut Commit, read: &Representation) {
        let key = keys::representation(read.beneficiary, read.representative);
        commit.check(self, Guard::Grant, &key, as_read(read));
    }

    /// Where the representative finds an application that is new.
    pub fn point_to(
        &self,
        commit: &mut Commit,
        between: &Representation,
        grant: GrantId,
    ) -> Result<(), StoreError> {
        let pointer = representation::pointer_to_item(between.representative, grant, between.beneficiary)?;
        commit.put_new(self, Guard::Row, pointer);
        Ok(())
    }

    /// Somebody without a cabinet of their own, for whom others act; also in place of what is left of them. Refused
    /// ([`Guard::Citizen`]) when they are there, or on their way out.
    pub fn put_dependent(
        &self,
        commit: &mut Commit,
        dependent: &Citizen,
        person: &Person,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, me) = citizen::to_item(dependent, person, vault, moment)?;
        let mut when = Expression::new();
        let (there, gone) = (when.name(keys::PK), when.name(GONE));
        when.and(format!("(attribute_not_exists({there}) OR attribute_exists({gone}))"));
        commit.put(self, Guard::Citizen, me, when);
        Ok(())
    }

    /// Counts an application beside those that wait, in its representative's record. Refused ([`Guard::Citizen`]) when another was
    /// asked meanwhile: of two at once one is decided anew.
    pub fn count_asked(
        &self,
        commit: &mut Commit,
        record: &Item,
        citizen: CitizenId,
        asked: &[(GrantId, CitizenId)],
    ) {
        let mut when = Expression::new();
        when.as_read(ASKED, record.get(ASKED));
        let there = when.name(keys::PK);
        when.and(format!("attribute_exists({there})"));
        let what = format!("SET {} = {}", when.name(ASKED), when.value(representation::asked_value(asked)));
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
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
        when.as_read(CLOSED, None);
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

    /// Everything that others may do for a citizen, or asked for: all of it, however many they are, for whoever ends one of them or
    /// looks for somebody who could.
    pub async fn representations(&self, beneficiary: CitizenId) -> Result<Vec<Representation>, StoreError> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let pk = keys::citizen_pk(beneficiary);
            let (from, read) = (after.as_deref(), representation::from_item);
            let found = self.listed(pk, keys::REPRESENTATION, from, PAGE, Reading::Decide, read).await?;
            all.extend(found.items);
            after = found.next;
            if after.is_none() {
                return Ok(all);
            }
        }
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
}

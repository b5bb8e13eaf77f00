//! That somebody is who they say: written with the claim to their SNILS, and ended with it (ACC-9).

use crate::commit::{Commit, Expression, Guard};
use crate::items::citizen::{login_from_item, login_to_item};
use crate::items::{ms, number, text, value};
use crate::{Item, Store, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::CitizenId;
use domain::identity::Confirmed;

/// Where the record has it.
pub const CONFIRMED: &str = "idc";
/// What of the record is as it was read when somebody is confirmed.
pub(crate) const COMPARED: [&str; 6] = ["sn", "gn", "pn", "tel", "ep", "blk"];

pub(crate) fn confirmed_wire(confirmed: Confirmed) -> Result<AttributeValue, StoreError> {
    value(&(confirmed.by.name(), ms(confirmed.at)))
}

/// What is confirmed, as it was read.
pub struct Claim<'a> {
    pub record: &'a Item,
    /// Of the profile: in it stand birth date and SNILS.
    pub profile_version: u64,
    /// The keyed hash of the SNILS, where there is one.
    pub snils: Option<&'a str>,
}

impl Store {
    /// Whose a SNILS is, among those who showed who they are.
    pub async fn snils_holder(&self, snils: &str) -> Result<Option<CitizenId>, StoreError> {
        self.get(&keys::snils(snils)).await?.as_ref().map(login_from_item).transpose()
    }

    /// Confirms somebody as they were read. Refused ([`Guard::Snils`]) when the number is another's, ([`Guard::Citizen`],
    /// [`Guard::Row`]) when record or profile were changed meanwhile.
    pub fn confirm(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        claim: &Claim<'_>,
        confirmed: Confirmed,
    ) -> Result<(), StoreError> {
        let mut when = as_compared(claim.record);
        let wire = confirmed_wire(confirmed)?;
        let (name, wire) = (when.name(CONFIRMED), when.value(wire));
        commit.update(self, Guard::Citizen, &keys::me(citizen), format!("SET {name} = {wire}"), when);
        self.hold_profile(commit, citizen, claim.profile_version);
        claim.snils.map_or(Ok(()), |snils| self.claim_snils(commit, citizen, snils))
    }

    /// Writes nothing, and holds the whole to somebody being as they were read: refused as [`Store::confirm`].
    pub fn hold_compared(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        record: &Item,
        profile_version: u64,
    ) {
        commit.check(self, Guard::Citizen, &keys::me(citizen), as_compared(record));
        self.hold_profile(commit, citizen, profile_version);
    }

    fn hold_profile(&self, commit: &mut Commit, citizen: CitizenId, version: u64) {
        let mut as_read = Expression::new();
        as_read.equals("v", number(version));
        commit.check(self, Guard::Row, &keys::profile(citizen), as_read);
    }

    /// Claims a SNILS for one cabinet alone. Refused ([`Guard::Snils`]) when the number is another's.
    pub fn claim_snils(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        snils: &str,
    ) -> Result<(), StoreError> {
        let (key, mut item) = (keys::snils(snils), login_to_item(snils, citizen)?.1);
        item.extend(key.item());
        let mut free = Expression::new();
        let (owner, own) = (free.name("cit"), free.value(text(citizen.to_string())));
        free.and(format!("(attribute_not_exists({owner}) OR {owner} = {own})"));
        commit.put(self, Guard::Snils, item, free);
        Ok(())
    }

    /// Gives up the claim to a SNILS, where it is this citizen's.
    pub fn give_up_snils(&self, commit: &mut Commit, citizen: CitizenId, snils: &str) {
        let mut own = Expression::new();
        let (owner, citizen) = (own.name("cit"), own.value(text(citizen.to_string())));
        own.and(format!("(attribute_not_exists({owner}) OR {owner} = {citizen})"));
        commit.delete(self, Guard::Snils, &keys::snils(snils), own);
    }
}

fn as_compared(record: &Item) -> Expression {
    let mut when = Expression::new();
    for read in COMPARED.into_iter().chain([CONFIRMED]) {
        when.as_read(read, record.get(read));
    }
    when
}

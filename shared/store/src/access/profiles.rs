//! A profile, and what the record says of it: changed together.

use crate::access::identities::{COMPARED, CONFIRMED, confirmed_wire};
use crate::commit::{Commit, Expression, Guard};
use crate::items::citizen::SealedPart;
use crate::items::profile::{self, Kept};
use crate::items::{number, value};
use crate::{Item, Store, StoreError, Vault, keys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::citizen::{Missing, Reach};
use domain::identity::Confirmed;
use domain::profile::Profile;
use domain::{CitizenId, Moment, StaffId};

/// What changes in a citizen's record; what is none stays as it is.
#[derive(Default)]
pub struct RecordChange<'a> {
    /// The parts of the name, sealed; none takes the part away.
    pub name: Vec<SealedPart>,
    pub met: Vec<Missing>,
    pub language: Option<String>,
    pub reach: Option<Reach>,
    /// Whether it is confirmed who they are, as it was read.
    pub confirmed: Option<AttributeValue>,
    pub identity: Identity<'a>,
}

/// What becomes of it that somebody showed who they are.
#[derive(Default, Clone, Copy)]
pub enum Identity<'a> {
    #[default]
    AsRead,
    Ended,
    /// It is confirmed anew of the record as it was read.
    Confirmed(Confirmed, &'a Item),
}

impl Store {
    /// Puts a profile in place of the one that was read. Refused ([`Guard::Row`]) when it was changed meanwhile.
    pub fn put_profile(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        before: &Kept,
        profile: &Profile,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let after = before.changed(profile, moment.now);
        self.put_asked(commit, citizen, (before, &after), None, vault, moment)
    }

    /// The same, with how far the insurers were asked. What staff are to decide about stands in their queue, and nothing
    /// else does. Refused ([`Guard::Row`]) too when a member decides who no longer has it for themselves.
    pub fn put_asked(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        (before, after): (&Kept, &Kept),
        decided_by: Option<StaffId>,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let (_, item) = profile::to_item(citizen, after, vault, moment)?;
        let (was, is) = (before.queued(citizen), after.queued(citizen));
        self.keep_queued(commit, was.as_ref(), is.as_ref(), decided_by)?;
        let when = match before.version {
            None => Expression::absent(),
            Some(version) => {
                let mut when = Expression::new();
                when.equals("v", number(version));
                when
            }
        };
        commit.put(self, Guard::Row, item, when);
        Ok(())
    }

    /// Changes the record of whoever has a session of `epoch`. Refused ([`Guard::Citizen`]) when that one is over.
    pub fn change_record(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        epoch: u64,
        change: &RecordChange<'_>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        when.equals("ep", number(epoch));
        // Whoever is confirmed meanwhile is so with what they said before.
        when.as_read(CONFIRMED, change.confirmed.as_ref());
        let mut sets: Vec<(&str, AttributeValue)> = Vec::new();
        let mut removes: Vec<&str> = Vec::new();
        for (attribute, sealed) in &change.name {
            match sealed {
                Some(sealed) => sets.push((attribute, AttributeValue::B(Blob::new(sealed.clone())))),
                None => removes.push(attribute),
            }
        }
        match change.identity {
            Identity::AsRead => {}
            Identity::Ended => removes.push(CONFIRMED),
            Identity::Confirmed(confirmed, record) => {
                for read in COMPARED {
                    when.as_read(read, record.get(read));
                }
                sets.push((CONFIRMED, confirmed_wire(confirmed)?));
            }
        }
        sets.push(("met", value(&change.met.iter().map(|met| met.name()).collect::<Vec<_>>())?));
        if let Some(language) = &change.language {
            sets.push(("lang", AttributeValue::S(language.clone())));
        }
        if let Some(reach) = change.reach {
            sets.push(("rch", AttributeValue::S(reach.name().to_owned())));
        }
        let set: Vec<String> = sets
            .into_iter()
            .map(|(attribute, value)| format!("{} = {}", when.name(attribute), when.value(value)))
            .collect();
        let mut what = format!("SET {}", set.join(", "));
        if !removes.is_empty() {
            let names: Vec<String> = removes.into_iter().map(|attribute| when.name(attribute)).collect();
            what.push_str(&format!(" REMOVE {}", names.join(", ")));
        }
        commit.update(self, Guard::Citizen, &keys::me(citizen), what, when);
        Ok(())
    }

    /// Has a citizen no longer be found by what they were called.
    pub fn drop_names(&self, commit: &mut Commit, citizen: CitizenId, hashes: &[String]) {
        for hash in hashes {
            commit.delete(self, Guard::Row, &keys::name(hash, citizen), Expression::new());
        }
    }
}

impl super::batch::Batch {
    /// A profile that nobody wrote to is empty.
    pub fn profile(&self, citizen: CitizenId, vault: &Vault) -> Result<Kept, StoreError> {
        let item: Option<&Item> = self.item(&keys::profile(citizen));
        profile::from_item(item, vault)
    }
}

//! Several items in one round trip, read consistently.

use crate::items::proof::Proof;
use crate::items::{
    active, appointment, citizen, entry, identification, invitation, keeping, note, offer, office, page,
    proof, registration, session, staff,
};
use crate::tries::TRIES_MAX;
use crate::{Item, Key, Store, StoreError, keys};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::active::Active;
use domain::appointment::Appointment;
use domain::citizen::Citizen;
use domain::page::{Page, PageKey};
use domain::staff::{Identification, Member};
use domain::waitlist::{Entry, Offer};
use domain::{
    AppointmentId, CitizenId, InvitationId, OfferId, OfficeId, ProofId, RegistrationId, ServiceId, StaffId,
};
use planted::{Bug, planted};
use std::collections::HashMap;

/// Keys in one request.
pub const KEYS_MAX: usize = 100;

/// What a batch read found.
#[derive(Debug, Default)]
pub struct Batch {
    items: HashMap<Key, Item>,
}

impl Store {
    /// Reads up to [`KEYS_MAX`] items at once. What the table leaves unprocessed is asked for again, a
    /// bounded number of times.
    pub async fn read(&self, keys: &[Key]) -> Result<Batch, StoreError> {
        let mut batch = Batch::default();
        if keys.is_empty() {
            return Ok(batch);
        }
        let wanted = keys.iter().take(KEYS_MAX).map(Key::item).collect();
        let mut asked = KeysAndAttributes::builder()
            .set_keys(Some(wanted))
            .consistent_read(true)
            .build()
            .map_err(StoreError::unavailable)?;
        for _ in 0..TRIES_MAX {
            let answer = self.db.batch_get_item().request_items(&self.table, asked).send().await;
            let answer = answer.map_err(StoreError::unavailable)?;
            for item in answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default() {
                batch.items.extend(Key::of(&item).map(|key| (key, item)));
            }
            match answer.unprocessed_keys.and_then(|mut rest| rest.remove(&self.table)) {
                Some(rest) if !rest.keys().is_empty() => asked = rest,
                _ => return Ok(batch),
            }
        }
        Err(StoreError::Unavailable("keys left unprocessed".into()))
    }

    /// Reads one item.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let answer =
            self.db.get_item().table_name(&self.table).set_key(Some(key.item())).consistent_read(true);
        Ok(answer.send().await.map_err(StoreError::unavailable)?.item)
    }
}

impl Batch {
    pub fn item(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// A citizen with a cabinet: one that was closed to be deleted is nobody's any more (PRV-3).
    pub fn citizen(&self, id: CitizenId) -> Result<Option<Citizen>, StoreError> {
        let as_if = |item: &&Item| planted(Bug::ClosedIsOpen) && !keeping::is_gone(item);
        let open = self.item(&keys::me(id)).filter(|item| !keeping::is_closed(item) || as_if(item));
        open.map(citizen::from_item).transpose()
    }

    /// The same also while the cabinet is closed and its owner has yet to hear of that.
    pub fn told_citizen(&self, id: CitizenId) -> Result<Option<Citizen>, StoreError> {
        let there = self.item(&keys::me(id)).filter(|item| !keeping::is_gone(item));
        there.map(citizen::from_item).transpose()
    }

    pub fn session(&self, id: CitizenId, hash: &str) -> Result<Option<session::Session>, StoreError> {
        self.item(&keys::session(id, hash)).map(session::from_item).transpose()
    }

    pub fn active(&self, id: CitizenId) -> Result<Active, StoreError> {
        active::from_item(self.item(&keys::active(id)))
    }

    pub fn appointment(
        &self,
        citizen: CitizenId,
        id: AppointmentId,
    ) -> Result<Option<Appointment>, StoreError> {
        self.item(&keys::appointment(citizen, id)).map(|item| appointment::from_item(item, None)).transpose()
    }

    pub fn offer(&self, citizen: CitizenId, id: OfferId) -> Result<Option<Offer>, StoreError> {
        self.item(&keys::offer(citizen, id)).map(offer::from_item).transpose()
    }

    pub fn entry(&self, citizen: CitizenId, service: &ServiceId) -> Result<Option<Entry>, StoreError> {
        self.item(&keys::entry(citizen, service)).map(entry::from_item).transpose()
    }

    pub fn note(&self, citizen: CitizenId, id: &str) -> Result<Option<note::Note>, StoreError> {
        self.item(&keys::note(citizen, id)).map(note::from_item).transpose()
    }

    /// A page nobody wrote to is empty.
    pub fn page(&self, key: &PageKey) -> Result<Page, StoreError> {
        let found = self.item(&keys::page(key)).map(page::from_item).transpose()?;
        Ok(found.map(|(_, page)| page).unwrap_or_default())
    }

    /// How often an office's file was changed.
    pub fn office_now(&self, id: &OfficeId) -> Result<u64, StoreError> {
        office::now_from_item(self.item(&keys::office_now(id)))
    }

    pub fn registration(&self, id: RegistrationId) -> Result<Option<registration::Registration>, StoreError> {
        self.item(&keys::registration(id)).map(registration::from_item).transpose()
    }

    pub fn proof(&self, id: ProofId) -> Result<Option<Proof>, StoreError> {
        self.item(&keys::proof(id)).map(proof::from_item).transpose()
    }

    pub fn member(&self, id: StaffId) -> Result<Option<Member>, StoreError> {
        self.item(&keys::member(id)).map(staff::from_item).transpose()
    }

    pub fn staff_session(&self, id: StaffId, hash: &str) -> Result<Option<session::Session>, StoreError> {
        self.item(&keys::staff_session(id, hash)).map(session::from_item).transpose()
    }

    pub fn staff_auth(&self, id: StaffId) -> Result<Option<staff::StaffAuth>, StoreError> {
        self.item(&keys::staff_auth(id)).map(staff::auth_from_item).transpose()
    }

    pub fn identification(&self, member: StaffId, citizen: CitizenId) -> Result<Identification, StoreError> {
        identification::from_item(self.item(&keys::identification(member, citizen)))
    }

    pub fn invitation(&self, id: InvitationId) -> Result<Option<invitation::Invitation>, StoreError> {
        self.item(&keys::invitation(id)).map(invitation::from_item).transpose()
    }
}

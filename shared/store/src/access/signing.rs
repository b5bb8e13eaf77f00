//! Texts that are to be signed: begun, used once; and signatures, put once with what they were for.

use super::batch::Batch;
use crate::commit::{Commit, Guard};
use crate::items::signed::{self, SignedApplication};
use crate::items::to_sign::{self, ToSign};
use crate::{Store, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::signing::Subject;

impl Store {
    /// Begins one, in place of the one before.
    pub async fn begin_signing(
        &self,
        asked: &ToSign,
        vault: &Vault,
        nonce: [u8; 12],
    ) -> Result<(), StoreError> {
        let item = to_sign::to_item(asked, vault, nonce)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Uses a text up, and puts the signature of it. Refused ([`Guard::Row`]) when it was used before, or another was begun.
    pub fn put_signed(
        &self,
        commit: &mut Commit,
        (asked, signed): (&ToSign, &SignedApplication),
        vault: &Vault,
        nonce: [u8; 12],
    ) -> Result<(), StoreError> {
        let (key, what, when) = to_sign::using(asked, signed.verified_at);
        commit.update(self, Guard::Row, &key, what, when);
        commit.put_new(self, Guard::Row, signed::to_item(signed, vault, nonce)?);
        Ok(())
    }

    /// The signature with which a version of an appointment was made.
    pub async fn signed(
        &self,
        appointment: &domain::appointment::Appointment,
        vault: &Vault,
    ) -> Result<Option<SignedApplication>, StoreError> {
        let Some(version) = appointment.application.signed.as_ref().map(|signed| signed.version) else {
            return Ok(None);
        };
        let key = keys::signed(appointment.citizen, appointment.id, version);
        self.get(&key).await?.map(|item| signed::from_item(&item, vault)).transpose()
    }

    /// Whether a signature is still needed: its appointment is there and keeps what was said for it. Term: that of the words.
    pub async fn outlives(
        &self,
        citizen: CitizenId,
        appointment: domain::AppointmentId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let found = self.read(&[keys::appointment(citizen, appointment)]).await?;
        let found = found.appointment(citizen, appointment)?;
        Ok(found.is_some_and(|found| crate::keeping::said_until(&found) > now))
    }
}

impl Batch {
    pub fn to_sign(
        &self,
        (citizen, signer): (CitizenId, CitizenId),
        subject: &Subject,
        vault: &Vault,
    ) -> Result<Option<ToSign>, StoreError> {
        let item = self.item(&keys::to_sign(citizen, signer, subject));
        item.map(|item| to_sign::from_item(item, vault)).transpose()
    }
}

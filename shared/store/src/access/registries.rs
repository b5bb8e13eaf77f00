//! Answers of registries, kept for a day; appointments about whose holders they are still to be asked.

use crate::commit::{Commit, Expression, Guard};
use crate::items::number;
use crate::items::registry::{self, Said, ToAsk};
use crate::{Store, StoreError, Vault, keys};
use domain::registry::Asking;
use domain::{AppointmentId, CitizenId, Moment};

/// Of an answer; nothing else is sealed in its owner's name.
const NONCE: u32 = 60;

impl Store {
    /// What was said to the same question within the last day.
    pub async fn registry_answer(
        &self,
        hash: &str,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<Option<Said>, StoreError> {
        let item = self.get(&keys::registry_answer(hash)).await?;
        let said = item.map(|item| registry::from_item(hash, &item, vault, moment.now)).transpose()?;
        Ok(said.flatten())
    }

    /// Keeps a clear answer; of two to one question the last.
    pub async fn keep_registry_answer(
        &self,
        hash: &str,
        said: &Said,
        vault: &Vault,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let Some(item) = registry::to_item(hash, said, vault, moment.nonce(NONCE), moment.now)? else {
            return Ok(());
        };
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Has a registry be asked about the holder of an appointment.
    pub fn ask_about(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        appointment: AppointmentId,
        moment: &Moment,
    ) -> Result<(), StoreError> {
        let asking = Some(Asking::new(moment.now));
        let (_, item) = registry::to_ask_to_item(&ToAsk { citizen, appointment, version: 1, asking })?;
        // An appointment that is moved by an offer may have been asked about before: it is once more.
        commit.put(self, Guard::Row, item, Expression::new());
        Ok(())
    }

    /// Writes how far asking has come, in place of what was read.
    pub fn keep_to_ask(
        &self,
        commit: &mut Commit,
        before: &ToAsk,
        asking: Option<Asking>,
    ) -> Result<(), StoreError> {
        let after = ToAsk { version: before.version + 1, asking, ..*before };
        let (_, item) = registry::to_ask_to_item(&after)?;
        let mut when = Expression::new();
        when.equals("v", number(before.version));
        commit.put(self, Guard::Row, item, when);
        Ok(())
    }
}

impl super::batch::Batch {
    pub fn to_ask(
        &self,
        citizen: CitizenId,
        appointment: AppointmentId,
    ) -> Result<Option<ToAsk>, StoreError> {
        self.item(&keys::eligibility(citizen, appointment)).map(registry::to_ask_from_item).transpose()
    }
}

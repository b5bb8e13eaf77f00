//! Challenges to show who one is: begun, counted, used up once.

use crate::commit::{Commit, Expression, Guard};
use crate::items::challenge::{self, Challenge};
use crate::items::number;
use crate::{Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::identity::Means;

impl Store {
    /// Begins one, in place of the one before.
    pub async fn begin_challenge(&self, challenge: &Challenge) -> Result<(), StoreError> {
        let (_, item) = challenge::to_item(challenge)?;
        let put = self.db.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Counts an answer before it is looked at. False when another challenge was begun, this one was answered, or all tries
    /// are used up.
    pub async fn count_answer(&self, challenge: &Challenge, most: u32) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        challenge::as_open(&mut when, challenge.id);
        let (tries, most, one) = (when.name("tr"), when.value(number(most)), when.value(number(1)));
        when.and(format!("{tries} < {most}"));
        let key = keys::challenge(challenge.citizen, challenge.means);
        self.update_alone(&key, format!("ADD {tries} {one}"), when).await
    }

    /// Uses one up. Refused ([`Guard::Registration`]) when it was used before, or another was begun.
    pub fn use_challenge(&self, commit: &mut Commit, challenge: &Challenge, at: DateTime<Utc>) {
        let mut when = Expression::new();
        challenge::as_open(&mut when, challenge.id);
        let (done, at) = (when.name("vf"), when.value(challenge::done(at)));
        let key = keys::challenge(challenge.citizen, challenge.means);
        commit.update(self, Guard::Registration, &key, format!("SET {done} = {at}"), when);
    }
}

impl super::batch::Batch {
    pub fn challenge(&self, citizen: CitizenId, means: Means) -> Result<Option<Challenge>, StoreError> {
        self.item(&keys::challenge(citizen, means)).map(challenge::from_item).transpose()
    }
}

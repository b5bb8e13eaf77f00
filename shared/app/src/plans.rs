//! The catalogue as it stands: the files as delivered, with the offices that were changed since, each read once.
//!
//! A use case works on one snapshot. What it reads tells which version of an office counts; if that is newer than the
//! snapshot's, it goes on with a newer one. Whoever decides by an old one is held up by the page (`Store::take`).

use crate::{App, Refusal};
use chrono::TimeDelta;
use domain::OfficeId;
use domain::catalogue::Catalogue;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::access::pages::Reading;
use store::catalogue::file;
use store::{StoreError, keys};

/// How long a process takes what it knows of all offices for the newest: what lists them may be kept as long.
const LOOKS_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The newest catalogue that this process knows; none before any office was changed.
#[derive(Clone, Default)]
pub struct Plans {
    newest: Arc<Mutex<Option<Arc<Catalogue>>>>,
    /// When this process last asked which offices were changed, in seconds; 0 is never.
    looked_at: Arc<AtomicI64>,
}

impl Plans {
    fn newest(&self) -> Option<Arc<Catalogue>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Two offices may come at once: each is put into what the other left.
    fn put(&self, app: &App, office: domain::catalogue::Office) -> Arc<Catalogue> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let before = newest.as_ref().unwrap_or(&app.catalogue);
        let older = before.offices.get(&office.id).is_none_or(|known| known.version < office.version);
        if !older {
            return before.clone();
        }
        let mut catalogue = Catalogue::clone(before);
        catalogue.offices.insert(office.id.clone(), office);
        newest.insert(Arc::new(catalogue)).clone()
    }
}

fn knows(catalogue: &Catalogue, office: &OfficeId, version: u64) -> bool {
    catalogue.offices.get(office).is_none_or(|known| known.version >= version)
}

impl App {
    /// The same on a catalogue that has the office in this version or a newer one.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when its file cannot be had, or is not one that this version reads.
    pub async fn at(&self, office: &OfficeId, version: u64) -> Result<App, Refusal> {
        if knows(&self.catalogue, office, version) {
            return Ok(self.clone());
        }
        let newest = self.plans.newest().filter(|newest| knows(newest, office, version));
        let catalogue = match newest {
            Some(newest) => newest,
            None => {
                let gone = || StoreError::Corrupt {
                    key: keys::office_file(office).to_string(),
                    what: "a version that is not there".to_owned(),
                };
                let kept = self.store.office_file(office).await?.ok_or_else(gone)?;
                let read = file::stored(&kept.text, &self.catalogue, office, kept.number);
                let read = read.map_err(|errors| StoreError::Corrupt {
                    key: keys::office_file(office).to_string(),
                    what: errors.to_string(),
                })?;
                self.plans.put(self, read)
            }
        };
        Ok(App { catalogue, ..self.clone() })
    }

    /// The same on the newest catalogue that this process knows.
    pub fn known(&self) -> App {
        let catalogue = self.plans.newest().unwrap_or_else(|| self.catalogue.clone());
        App { catalogue, ..self.clone() }
    }

    /// The same on a catalogue that has every office as it stood a minute ago or later: for whoever looks for one. What
    /// cannot be had now is shown as it was known: finding an office does not hang on the table.
    pub async fn everywhere(&self) -> App {
        let (now, looked_at) = (self.clock.now(), &self.plans.looked_at);
        let mut app = self.known();
        if now.timestamp() - looked_at.load(Ordering::Relaxed) < LOOKS_EVERY.num_seconds() {
            return app;
        }
        let changed = match self.store.offices_changed().await {
            Ok(changed) => changed,
            Err(error) => {
                tracing::warn!(%error, "offices are shown as they were known");
                return app;
            }
        };
        for (office, version) in changed {
            match app.at(&office, version).await {
                Ok(newer) => app = newer,
                Err(error) => tracing::warn!(%office, %error, "an office is shown as it was known"),
            }
        }
        looked_at.store(now.timestamp(), Ordering::Relaxed);
        app
    }

    /// The same on a catalogue that has the office as it stands now.
    ///
    /// # Errors
    /// As [`App::at`].
    pub async fn current(&self, office: &OfficeId, reading: Reading) -> Result<App, Refusal> {
        if !self.catalogue.offices.contains_key(office) {
            return Ok(self.clone());
        }
        self.at(office, self.store.office_now(office, reading).await?).await
    }
}

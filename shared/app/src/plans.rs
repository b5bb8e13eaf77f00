//! The catalogue as it stands: the files as delivered, with what was changed since, each read once.
//!
//! A use case works on one snapshot. What it reads tells which version of an office counts; if that is newer than the
//! snapshot's, it goes on with a newer one. Whoever decides by an old one is held up by the page (`Store::take`).

use crate::{App, Refusal};
use chrono::TimeDelta;
use domain::catalogue::{Catalogue, Office, Reference};
use domain::{OfficeId, ServiceId};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::access::pages::Reading;
use store::catalogue::{file, reference};
use store::items::reference::ReferenceFile;
use store::{StoreError, keys};

/// How long a process takes what it knows of all offices for the newest: what lists them may be kept as long.
const LOOKS_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The newest catalogue that this process knows; none before anything was changed.
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

    /// The references as they are kept, put into what this process knows.
    fn put_references(&self, app: &App, files: &[ReferenceFile]) -> Result<Arc<Catalogue>, StoreError> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let before = newest.as_ref().unwrap_or(&app.catalogue);
        let number = files.iter().map(|file| file.number).max().unwrap_or_default();
        if before.references >= number {
            return Ok(before.clone());
        }
        let mut catalogue = Catalogue::clone(before);
        for reference in Reference::ALL {
            let Some(kept) = files.iter().find(|file| file.reference == reference) else { continue };
            let key = keys::reference_file(reference);
            catalogue = reference::stored(&kept.text, &catalogue, reference)
                .map_err(|errors| corrupt(&key, errors))?;
        }
        catalogue.references = number;
        Ok(newest.insert(Arc::new(catalogue)).clone())
    }

    /// Two offices may come at once: each is put into what the other left.
    fn put(&self, app: &App, office: Office) -> Arc<Catalogue> {
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

/// A stored file that this version does not read.
fn corrupt(key: &keys::Key, what: impl ToString) -> StoreError {
    StoreError::Corrupt { key: key.to_string(), what: what.to_string() }
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
                let key = keys::office_file(office);
                let kept = self.store.office_file(office).await?;
                let kept = kept.ok_or_else(|| corrupt(&key, "a version that is not there"))?;
                let app = self.referring(kept.references).await?;
                let known = app.catalogue.offices.get(office);
                let read = match (&kept.text, known) {
                    (None, Some(known)) => Office { version: kept.number, ..known.clone() },
                    (text, _) => {
                        let text = text.as_deref().unwrap_or_default();
                        let read = file::stored(text, &app.catalogue, office, kept.number);
                        read.map_err(|errors| corrupt(&key, errors))?
                    }
                };
                self.plans.put(&app, read)
            }
        };
        Ok(App { catalogue, ..self.clone() })
    }

    /// The same on a catalogue of references as they stand after so many changes, or more.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when they cannot be had, or are not such as this version reads.
    pub async fn referring(&self, number: u64) -> Result<App, Refusal> {
        if self.catalogue.references >= number {
            return Ok(self.clone());
        }
        let newest = self.plans.newest().filter(|newest| newest.references >= number);
        let catalogue = match newest {
            Some(newest) => newest,
            None => self.plans.put_references(self, &self.store.reference_files().await?)?,
        };
        Ok(App { catalogue, ..self.clone() })
    }

    /// The same on a catalogue that has the services, if this process can know of them: one may have been added a moment
    /// ago.
    pub async fn knowing<'a>(&self, services: impl Iterator<Item = &'a ServiceId> + Clone) -> App {
        let lacks = |app: &App| services.clone().any(|id| !app.catalogue.services.contains_key(id));
        if !lacks(self) {
            return self.clone();
        }
        let known = self.known();
        if lacks(&known) { self.everywhere().await } else { known }
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
        let (changed, references) = match self.store.offices_changed().await {
            Ok(changed) => changed,
            Err(error) => {
                tracing::warn!(%error, "offices are shown as they were known");
                return app;
            }
        };
        match app.referring(references).await {
            Ok(newer) => app = newer,
            Err(error) => tracing::warn!(%error, "services are shown as they were known"),
        }
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

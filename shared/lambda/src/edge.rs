//! All that a function has: its use cases' [`App`], the outside, its keys.

use crate::{Settings, client};
use app::documents::Kept;
use app::find::Finder;
use app::why::Why;
use app::{App, Plans};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector};
use chrono::TimeDelta;
use domain::catalogue::Catalogue;
use domain::{Clock, OfficeId, ServiceId};
use outbound::{Outbound, OutboundError};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use store::access::pages::Reading;
use store::vault::ClearKey;
use store::{Store, StoreError, Vault};
use tokio::sync::Mutex;

/// How long an unwrapped key is used before the key service is asked again.
const KEYS_KEPT: Duration = Duration::from_secs(300);

/// Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    app: App,
    inner: Arc<Inner>,
}

/// What stands in the catalogue's files, made ready for use. Cheap to clone.
#[derive(Clone)]
pub struct Known {
    catalogue: Arc<Catalogue>,
    finder: Arc<Finder>,
}

impl Known {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// When its files have mistakes; each is named.
    pub fn load(settings: &Settings) -> Result<Self, crate::Error> {
        let catalogue = Arc::new(store::catalogue::load(&settings.catalogue_dir)?);
        let finder = Arc::new(Finder::new(&catalogue));
        Ok(Self { catalogue, finder })
    }
}

struct Inner {
    /// With the number of the references of which it was made.
    finder: std::sync::Mutex<(u64, Arc<Finder>)>,
    settings: Settings,
    outbound: Outbound,
    keys: Mutex<HashMap<&'static str, (Instant, ClearKey)>>,
}

/// What a data key is for: each function may use only those that its rights name.
const PERSONAL: &str = "personal";
const LOOKUP: &str = "lookup";
const CODES: &str = "codes";
const LINKS: &str = "links";

/// A key cannot be had now.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    #[error("the table has no keys to give")]
    Table(#[from] StoreError),
    #[error("the key service does not unwrap")]
    Service(#[from] OutboundError),
}

impl From<NoKey> for app::Refusal {
    fn from(error: NoKey) -> Self {
        app::Refusal::Unavailable(StoreError::Unavailable(Box::new(error)))
    }
}

impl Edge {
    /// Makes everything from settings, an HTTP client for AWS, one for the rest, and the door for time and chance.
    ///
    /// # Errors
    /// When the catalogue's files have mistakes; each is named.
    pub fn new(
        settings: Settings,
        http: SharedHttpClient,
        web: SharedHttpConnector,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, crate::Error> {
        let known = Known::load(&settings)?;
        Ok(Self::with(settings, known, http, web, clock))
    }

    /// The same with a catalogue that is loaded already: for several functions in one process.
    pub fn with(
        settings: Settings,
        known: Known,
        http: SharedHttpClient,
        web: SharedHttpConnector,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let db = client::table(&settings, &http);
        let outbound = client::outbound(&settings, &http, web);
        let Known { catalogue, finder } = known;
        let app =
            App { store: Store::new(db, settings.table.clone()), catalogue, clock, plans: Plans::default() };
        let finder = std::sync::Mutex::new((app.catalogue.references, finder));
        Self { app, inner: Arc::new(Inner { finder, settings, outbound, keys: Mutex::default() }) }
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// The same with an office as it stands now.
    ///
    /// # Errors
    /// As [`App::at`].
    pub async fn at(&self, office: &OfficeId) -> Result<Self, app::Refusal> {
        let app = self.app.current(office, Reading::Look).await?;
        Ok(Self { app, inner: self.inner.clone() })
    }

    /// The same with an office as it stands now, or as it was known if that cannot be had: for what is shown of something
    /// else.
    pub async fn near(&self, office: &OfficeId) -> Self {
        self.at(office).await.unwrap_or_else(|error| {
            tracing::warn!(%office, %error, "an office is shown as it was known");
            self.clone()
        })
    }

    /// The same with all offices as they stood a moment ago, for whoever looks for one.
    pub async fn everywhere(&self) -> Self {
        Self { app: self.app.everywhere().await, inner: self.inner.clone() }
    }

    /// The same knowing of services, if it can: one may have been added a moment ago.
    pub async fn knowing<'a>(&self, services: impl Iterator<Item = &'a ServiceId> + Clone) -> Self {
        Self { app: self.app.knowing(services).await, inner: self.inner.clone() }
    }

    /// The same knowing of the service that a request names.
    pub async fn asked_for(&self, service: Option<&str>) -> Self {
        let service = service.and_then(|given| given.parse().ok());
        self.knowing(service.iter()).await
    }

    /// Finds in the services as they stand in the catalogue at hand.
    pub fn finder(&self) -> Arc<Finder> {
        let references = self.app.catalogue.references;
        let mut known = self.inner.finder.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != references {
            *known = (references, Arc::new(Finder::new(&self.app.catalogue)));
        }
        known.1.clone()
    }

    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub fn outbound(&self) -> &Outbound {
        &self.inner.outbound
    }

    /// An address under which a kept file can be had for a moment.
    ///
    /// # Errors
    /// [`app::Refusal::Unavailable`] when there is nothing to sign with.
    pub async fn document_link(&self, kept: &Kept, good_for: TimeDelta) -> Result<String, app::Refusal> {
        let now = self.app.clock.now();
        let link = self.inner.outbound.document_link(&kept.key, kept.name.as_str(), now, good_for).await;
        link.map_err(|error| NoKey::from(error).into())
    }

    /// Seals, opens and finds personal fields.
    ///
    /// # Errors
    /// When the key service is down and no key is kept: then nothing personal can be done, and nothing is ever
    /// done in clear.
    pub async fn vault(&self) -> Result<Vault, NoKey> {
        let [personal, lookup] = self.keys([PERSONAL, LOOKUP]).await?;
        Ok(Vault::new(personal, lookup))
    }

    /// A reason with what seals it: keys are asked for only if one is given.
    ///
    /// # Errors
    /// As [`Edge::vault`].
    pub async fn why(&self, said: Option<String>) -> Result<Option<Why>, NoKey> {
        let Some(said) = said else { return Ok(None) };
        Ok(Some(Why { vault: self.vault().await?, said }))
    }

    /// The key from which one-time codes are derived.
    pub async fn codes(&self) -> Result<ClearKey, NoKey> {
        self.keys([CODES]).await.map(|[key]| key)
    }

    /// The key from which links in messages are derived.
    pub async fn links(&self) -> Result<ClearKey, NoKey> {
        self.keys([LINKS]).await.map(|[key]| key)
    }

    async fn keys<const N: usize>(&self, purposes: [&'static str; N]) -> Result<[ClearKey; N], NoKey> {
        let mut kept = self.inner.keys.lock().await;
        let fresh = |purpose: &str| kept.get(purpose).is_some_and(|(since, _)| since.elapsed() < KEYS_KEPT);
        let wanting: Vec<&'static str> = purposes.into_iter().filter(|purpose| !fresh(purpose)).collect();
        if !wanting.is_empty() {
            for (purpose, key) in wanting.iter().zip(self.unwrap(&wanting).await?) {
                kept.insert(purpose, (Instant::now(), key));
            }
        }
        Ok(purposes.map(|purpose| kept.get(purpose).map(|(_, key)| key.clone()).unwrap_or_default()))
    }

    /// Unwraps keys; a purpose that has none yet gets one, and if two functions make it at once, the first holds.
    async fn unwrap(&self, purposes: &[&'static str]) -> Result<Vec<ClearKey>, NoKey> {
        let (app, Inner { outbound, settings, .. }) = (&self.app, &*self.inner);
        let master = &settings.kms_key_id;
        let mut wrapped = app.store.wrapped_keys(purposes).await?;
        if wrapped.iter().any(Option::is_none) {
            for (purpose, _) in purposes.iter().zip(&wrapped).filter(|(_, key)| key.is_none()) {
                let made = outbound.new_wrapped_key(master, purpose).await?;
                app.store.keep_wrapped_key(purpose, made).await?;
            }
            wrapped = app.store.wrapped_keys(purposes).await?;
        }
        let mut clear = Vec::new();
        for (purpose, wrapped) in purposes.iter().zip(wrapped) {
            let key = outbound.unwrap_key(master, purpose, wrapped.unwrap_or_default()).await?;
            clear.push(ClearKey::from(key));
        }
        Ok(clear)
    }
}

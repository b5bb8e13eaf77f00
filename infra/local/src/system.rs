//! The system: everything the template names, in one process, with hands on its clock, its faults and its deliveries.

use crate::clock::RunnerClock;
use crate::deliveries::Deliveries;
use crate::embedded::Answer;
use crate::embedded::client::{Client, Services, clients};
use crate::embedded::esia::Esia;
use crate::embedded::faults::{Faults, Service};
use crate::embedded::keys::Keys;
use crate::embedded::ledger::Ledger;
use crate::embedded::meter::Meter;
use crate::embedded::objects::{self, Objects};
use crate::embedded::outbox::Outbox;
use crate::embedded::queues::Queues;
use crate::embedded::registries::Registries;
use crate::embedded::table::{Table, TableError};
use crate::environments::{environments, signer};
use crate::feed::queue::QueueFeed;
use crate::feed::stream::StreamFeed;
use crate::feed::{FeedError, House, blocking};
use crate::functions::{FunctionError, Functions, Outside, wire};
use crate::http::Door;
use crate::invocation::Invocations;
use crate::record::Tape;
use crate::state::{State, StateError};
use crate::template::{REGION, Template, TemplateError};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex};

pub use crate::options::Options;
pub use crate::settled::Settled;

/// The most turns of all feeds in one [`System::settle`].
const TURNS_MAX: usize = 100_000;

/// Why a system does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("the runner's database failed")]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("the master key cannot be read or made")]
    MasterKey(#[source] std::io::Error),
    #[error("the functions cannot start: {0}")]
    Functions(#[source] FunctionError),
    #[error("Resources.{function}: nothing here answers the {event} events of package {package}")]
    NoSuchFunction { function: String, package: String, event: &'static str },
    #[error("Resources: {0} functions read the table's stream; the runner serves one")]
    StreamReaders(usize),
}

/// What a [`System::tick`] ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ticked {
    pub ran: usize,
    pub failures: Vec<String>,
}

/// The whole system. Clones share it; the data directory is free again when the last one is dropped.
#[derive(Debug, Clone)]
pub struct System(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub house: House,
    pub outside: Outside,
    pub template: Template,
    pub functions: Functions,
    pub door: Door,
    pub streams: Vec<StreamFeed>,
    pub queues: Vec<QueueFeed>,
}

impl System {
    /// Opens the system with the functions of this workspace.
    ///
    /// # Errors
    /// When the template is refused, the data directory is in use or unreadable, or a function cannot start.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        Self::open_with(options, wire).await
    }

    /// The description of the API of the functions of this workspace.
    ///
    /// # Errors
    /// As [`System::open`].
    pub async fn describe(options: Options) -> Result<String, OpenError> {
        let mut text = String::new();
        Self::open_with(options, |outside| {
            text = crate::describe::openapi(outside)?;
            wire(outside)
        })
        .await?;
        Ok(text)
    }

    /// Opens the system with functions of one's own.
    ///
    /// # Errors
    /// As [`System::open`].
    pub async fn open_with(
        options: Options,
        wire: impl FnOnce(&Outside) -> Result<Functions, FunctionError>,
    ) -> Result<Self, OpenError> {
        let template = Template::read(&options.template)?;
        let state = Arc::new(State::open(&options.data)?);
        let time = state.resume_time(options.time)?;
        state.keep_time(time)?;
        let clock = Arc::new(RunnerClock::new(time, options.seed));
        let table = Arc::new(Table::open(&state, &template.table, Arc::clone(&clock))?);
        let queues = Queues::new(Arc::clone(&state), Arc::clone(&clock), template.queues.clone());
        let objects =
            Objects::new(Arc::clone(&state), Arc::clone(&clock), queues.clone(), template.buckets.clone());
        let outbox = Outbox::new(Arc::clone(&state), Arc::clone(&clock));
        let keys =
            Keys::open(&options.data, &template.keys, Arc::clone(&clock)).map_err(OpenError::MasterKey)?;
        let mut services = Services::new(table, queues, objects, outbox, keys);
        services.gate = options.gate.clone();
        if let Some(path) = &options.record {
            let tape = Tape::open(path, &services, Arc::clone(&clock))?;
            services.witness = Some(Mutex::new(Box::new(tape)));
        }
        let services = Arc::new(services);
        let outside = Outside {
            clients: clients(&services, &template),
            clock: clock.clone(),
            environments: environments(&template, &options),
        };
        let functions = wire(&outside).map_err(OpenError::Functions)?;
        functions.answer(&template)?;
        let invocations = Invocations::default();
        let door = Door::new(&template, &functions, &invocations);
        let house = House { state, clock, services, deliveries: Deliveries::default(), invocations };
        let mut streams = Vec::new();
        let mut queue_feeds = Vec::new();
        for function in &template.functions {
            for source in &function.streams {
                streams.push(StreamFeed::open(function, source, &house)?);
            }
            queue_feeds.extend(function.queues.iter().map(|source| QueueFeed::new(function, source)));
        }
        if streams.len() > 1 {
            return Err(OpenError::StreamReaders(streams.len()));
        }
        Ok(Self(Arc::new(Inner { house, outside, template, functions, door, streams, queues: queue_feeds })))
    }

    /// What a package lives on, for commands that do what no request may: with the package's rights and no others.
    ///
    /// # Errors
    /// When settings or the catalogue are not complete.
    pub fn edge(&self, package: &str) -> Result<lambda::Edge, FunctionError> {
        self.0.outside.edge(package, &mut None)
    }

    /// The present instant of the runner's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.house.clock.now()
    }

    pub fn template(&self) -> &Template {
        &self.0.template
    }

    pub fn esia(&self) -> &Esia {
        &self.0.house.services.esia
    }

    pub fn outbox(&self) -> &Outbox {
        &self.0.house.services.outbox
    }

    pub fn registries(&self) -> &Registries {
        &self.0.house.services.registries
    }

    pub fn queues(&self) -> &Queues {
        &self.0.house.services.queues
    }

    pub fn objects(&self) -> &Objects {
        &self.0.house.services.objects
    }

    pub(crate) fn services(&self) -> Arc<Services> {
        Arc::clone(&self.0.house.services)
    }

    /// Refuses what a key of a function signed, if its role does not allow it.
    pub(crate) fn admit(
        &self,
        signer: &str,
        service: Service,
        operation: &str,
        request: &serde_json::Value,
    ) -> Result<(), Answer> {
        let client = self::signer(signer).and_then(|package| self.0.outside.clients.get(package));
        let unknown = || objects::refusal(403, "InvalidAccessKeyId", "Nobody has this key.");
        client.ok_or_else(unknown)?.admit(service, operation, request)
    }

    pub fn faults(&self) -> &Faults {
        &self.0.house.services.faults
    }

    pub fn meter(&self) -> &Meter {
        &self.0.house.services.meter
    }

    pub fn ledger(&self) -> &Ledger {
        &self.0.house.services.ledger
    }

    pub fn table(&self) -> &Table {
        &self.0.house.services.table
    }

    pub fn deliveries(&self) -> &Deliveries {
        &self.0.house.deliveries
    }

    /// Writes something down in the record, where one is kept.
    pub(crate) fn note(&self, what: checker::history::What) {
        if let Some(witness) = &self.0.house.services.witness {
            crate::clock::lock(witness).note(what);
        }
    }

    /// What the functions live on, for tests that speak to the outside directly.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(Client::new(&self.0.house.services, None))
    }

    /// Lets requests that met [`crate::embedded::faults::Fault::Late`] take effect; returns how many succeeded.
    pub async fn deliver_late(&self) -> usize {
        self.0.house.services.deliver_late().await
    }

    /// Delivers records and messages until nothing is deliverable at this instant.
    pub async fn settle(&self) -> Settled {
        let mut settled = Settled::default();
        for _ in 0..TURNS_MAX {
            settled.waits_until = None;
            let mut again = false;
            for feed in &self.0.streams {
                let turn = feed.pump(&self.0.house, &self.0.functions).await;
                settled.records += turn.as_ref().map_or(0, |turn| turn.delivered);
                again |= settled.add(turn);
            }
            for feed in &self.0.queues {
                let turn = feed.pump(&self.0.house, &self.0.functions).await;
                settled.messages += turn.as_ref().map_or(0, |turn| turn.delivered);
                again |= settled.add(turn);
            }
            if !again {
                return settled;
            }
        }
        settled.endless = true;
        settled
    }

    /// Runs each schedule once, at this instant.
    pub async fn tick(&self) -> Ticked {
        let mut ticked = Ticked::default();
        for function in &self.0.template.functions {
            for schedule in &function.schedules {
                ticked.ran += 1;
                if let Err(failure) = self.run_schedule(function, &schedule.name).await {
                    tracing::warn!(%failure, "a schedule failed");
                    ticked.failures.push(failure);
                }
            }
        }
        ticked
    }

    pub(crate) async fn run_schedule(
        &self,
        function: &crate::template::Function,
        name: &str,
    ) -> Result<(), String> {
        let Some(handle) = self.0.functions.schedules.get(&function.package) else {
            return Err(format!("{}: nobody serves the schedule", function.package));
        };
        let event = serde_json::json!({
            "version": "0",
            "id": ulid::Ulid::from_parts(self.now().timestamp_millis().unsigned_abs(), 0).to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": crate::template::ACCOUNT,
            "time": self.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "region": REGION,
            "resources": [crate::template::arn("events", &format!("rule/{name}"))],
            "detail": {},
        });
        crate::feed::call(&self.0.house, &function.package, function.timeout, handle(event))
            .await
            .map_err(|failure| format!("{}: {failure}", function.package))
    }

    /// Moves the clock on to `to`, running schedules and deliveries on the way: every minute within two hours, every
    /// ten minutes within two days, every hour beyond. A time that has passed changes nothing.
    ///
    /// Returns the failures met on the way, at most a hundred of them.
    pub async fn advance_to(&self, to: DateTime<Utc>) -> Vec<String> {
        let step = match to - self.now() {
            span if span <= TimeDelta::hours(2) => TimeDelta::minutes(1),
            span if span <= TimeDelta::days(2) => TimeDelta::minutes(10),
            _ => TimeDelta::hours(1),
        };
        self.advance_in(step, to).await
    }

    /// The same with the schedule run once each `step`.
    pub async fn advance_in(&self, step: TimeDelta, to: DateTime<Utc>) -> Vec<String> {
        let mut failures = Vec::new();
        let mut swept_at = self.now();
        while self.now() < to {
            let time = self.0.house.clock.move_to((self.now() + step).min(to));
            let state = Arc::clone(&self.0.house.state);
            if let Err(error) = blocking(move || state.keep_time(time)).await {
                failures.push(error.to_string());
            }
            failures.extend(self.tick().await.failures);
            failures.extend(self.settle().await.failures);
            if self.now() - swept_at >= TimeDelta::hours(1) {
                swept_at = self.now();
                failures.extend(self.sweep().await.err());
            }
            failures.truncate(100);
        }
        failures
    }

    /// Deletes items whose time to live has passed, and objects that are too old; the real services take up to two days over
    /// it. Answers how many items.
    ///
    /// # Errors
    /// What the table said.
    pub async fn sweep(&self) -> Result<usize, String> {
        let services = self.services();
        let swept = blocking(move || {
            services.objects.sweep()?;
            Ok::<_, FeedError>(services.table.sweep_expired()?)
        });
        swept.await.map_err(|error| error.to_string())
    }

    /// Up to `most` stream records not yet served, oldest first.
    ///
    /// # Errors
    /// What the table said.
    pub async fn unread(&self, most: usize) -> Result<Vec<serde_json::Value>, String> {
        let Some(feed) = self.0.streams.first() else { return Ok(Vec::new()) };
        let (table, after) = (Arc::clone(&self.0.house.services.table), feed.checkpoint().await);
        blocking(move || table.stream_after(after.as_deref(), most)).await.map_err(|error| error.to_string())
    }

    /// Stream records not yet served.
    ///
    /// # Errors
    /// What the table said.
    pub async fn stream_lag(&self) -> Result<u64, String> {
        let Some(feed) = self.0.streams.first() else { return Ok(0) };
        let (table, after) = (Arc::clone(&self.0.house.services.table), feed.checkpoint().await);
        blocking(move || table.stream_lag(after.as_deref())).await.map_err(|error| error.to_string())
    }
}

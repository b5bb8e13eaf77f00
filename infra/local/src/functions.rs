//! Which code answers which package of the template: the one table between the runner and the functions.

use crate::embedded::client::Client;
use crate::system::OpenError;
use crate::template::Template;
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::streams::DynamoDbEventResponse;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector};
use domain::Clock;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lambda::{Edge, Known, Settings};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// An error of a function, as the platform would log it.
pub type FunctionError = Box<dyn std::error::Error + Send + Sync>;

type Handler<E, R> = Arc<dyn Fn(E) -> BoxFuture<'static, Result<R, FunctionError>> + Send + Sync>;

/// What a function is given to live on.
#[derive(Clone)]
pub struct Outside {
    /// Serves the table, queues, mail, SMS and keys to the SDKs, by the package on whose behalf.
    pub clients: BTreeMap<String, Client>,
    pub clock: Arc<dyn Clock>,
    /// The environment of each package, resolved from the template.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").field("packages", &self.clients.keys()).finish_non_exhaustive()
    }
}

impl Outside {
    /// A setting of a package as its process would find it.
    pub fn setting(&self, package: &str, name: &str) -> Option<String> {
        self.environments.get(package)?.get(name).cloned()
    }

    /// What a package's process lives on: its own environment, its own rights; one catalogue for all.
    pub(crate) fn edge(&self, package: &str, known: &mut Option<Known>) -> Result<Edge, FunctionError> {
        let settings = Settings::read(&|name| self.setting(package, name))?;
        let client = self.clients.get(package).ok_or("the template has no such function")?;
        let known = match known {
            Some(known) => known.clone(),
            None => known.insert(Known::load(&settings)?).clone(),
        };
        let web = SharedHttpConnector::new(client.clone());
        Edge::with(settings, known, SharedHttpClient::new(client.clone()), web, self.clock.clone())
    }
}

/// The functions by package.
#[derive(Default, Clone)]
pub struct Functions {
    pub(crate) http: BTreeMap<String, axum::Router>,
    pub(crate) streams: BTreeMap<String, Handler<StreamEvent, DynamoDbEventResponse>>,
    pub(crate) queues: BTreeMap<String, Handler<SqsEvent, SqsBatchResponse>>,
    pub(crate) schedules: BTreeMap<String, Handler<Value, ()>>,
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Functions").field("http", &self.http.keys()).finish_non_exhaustive()
    }
}

impl Functions {
    /// `package` answers HTTP with `router`, whose paths are whole: `/v1/...`.
    #[must_use]
    pub fn http(mut self, package: &str, router: axum::Router) -> Self {
        self.http.insert(package.to_owned(), router);
        self
    }

    /// `package` hears of changes in the table.
    #[must_use]
    pub fn stream<F>(
        mut self,
        package: &str,
        handle: impl Fn(StreamEvent) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<DynamoDbEventResponse, FunctionError>> + Send + 'static,
    {
        self.streams.insert(package.to_owned(), Arc::new(move |event| handle(event).boxed()));
        self
    }

    /// `package` is given the messages of its queues.
    #[must_use]
    pub fn queue<F>(mut self, package: &str, handle: impl Fn(SqsEvent) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<SqsBatchResponse, FunctionError>> + Send + 'static,
    {
        self.queues.insert(package.to_owned(), Arc::new(move |event| handle(event).boxed()));
        self
    }

    /// `package` is called by its schedules.
    #[must_use]
    pub fn schedule<F>(mut self, package: &str, handle: impl Fn(Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), FunctionError>> + Send + 'static,
    {
        self.schedules.insert(package.to_owned(), Arc::new(move |event| handle(event).boxed()));
        self
    }
}

impl Functions {
    /// Whether somebody answers every event of the template.
    pub(crate) fn answer(&self, template: &Template) -> Result<(), OpenError> {
        for function in &template.functions {
            let wanted = [
                ("HttpApi", function.routes.is_empty() || self.http.contains_key(&function.package)),
                ("DynamoDB", function.streams.is_empty() || self.streams.contains_key(&function.package)),
                ("SQS", function.queues.is_empty() || self.queues.contains_key(&function.package)),
                ("Schedule", function.schedules.is_empty() || self.schedules.contains_key(&function.package)),
            ];
            if let Some((event, _)) = wanted.into_iter().find(|(_, answered)| !answered) {
                let (function, package) = (function.name.clone(), function.package.clone());
                return Err(OpenError::NoSuchFunction { function, package, event });
            }
        }
        Ok(())
    }
}

/// The functions of this workspace, living on `outside`: each by itself, as in a process of its own.
///
/// # Errors
/// When settings or the catalogue are not complete.
pub fn wire(outside: &Outside) -> Result<Functions, FunctionError> {
    let mut known = None;
    let mut edge = |package: &str| outside.edge(package, &mut known);
    let mut functions = Functions::default();
    for (package, router) in http() {
        let router = router(edge(package)?).split_for_parts().0;
        functions = functions.http(package, lambda::http::served(router));
    }
    let (changefeed, worker) = (edge("changefeed")?, edge("waitlist-worker")?);
    let (notifier, clock, scanner) = (edge("notifier")?, edge("clock")?, edge("scanner")?);
    let (registries, retention) = (edge("registries")?, edge("retention")?);
    Ok(functions
        .stream("changefeed", move |event| {
            let edge = changefeed.clone();
            async move { changefeed::handle(&edge, event).await }
        })
        .queue("waitlist-worker", move |event| {
            let edge = worker.clone();
            async move { waitlist_worker::handle(&edge, event).await }
        })
        .queue("notifier", move |event| {
            let edge = notifier.clone();
            async move { notifier::handle(&edge, event).await }
        })
        .queue("scanner", move |event| {
            let edge = scanner.clone();
            async move { scanner::handle(&edge, event).await }
        })
        .queue("registries", move |event| {
            let edge = registries.clone();
            async move { registries::handle(&edge, event).await }
        })
        .queue("retention", move |event| {
            let edge = retention.clone();
            async move { retention::handle(&edge, event).await }
        })
        .schedule("clock", move |event| {
            let edge = clock.clone();
            async move { clock::handle(&edge, event).await }
        }))
}

type RouterOf = fn(Edge) -> OpenApiRouter;

/// The packages that answer HTTP.
pub fn http() -> [(&'static str, RouterOf); 17] {
    [
        ("registration", registration::router),
        ("sessions", sessions::router),
        ("profile", profile::router),
        ("catalogue", catalogue::router),
        ("availability", availability::router),
        ("booking", booking::router),
        ("rescheduling", rescheduling::router),
        ("cancellation", cancellation::router),
        ("waitlist", waitlist::router),
        ("visits", visits::router),
        ("reception", reception::router),
        ("operator", operator::router),
        ("identity", identity::router),
        ("representatives", representatives::router),
        ("offices", offices::router),
        ("staff", staff::router),
        ("documents", documents::router),
    ]
}

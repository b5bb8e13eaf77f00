//! Which code answers which package of the template: the one table between the runner and the functions.

use crate::clock::RunnerClock;
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::streams::DynamoDbEventResponse;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An error of a function, as the platform would log it.
pub type FunctionError = Box<dyn std::error::Error + Send + Sync>;

type Handler<E, R> = Arc<dyn Fn(E) -> BoxFuture<'static, Result<R, FunctionError>> + Send + Sync>;

/// What a function is given to live on.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Serves the table, queues, mail, SMS and keys to the SDKs.
    pub http: SharedHttpClient,
    pub clock: Arc<RunnerClock>,
    /// The environment of each package, resolved from the template.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
}

impl Outside {
    /// A setting of a package as its process would find it.
    pub fn setting(&self, package: &str, name: &str) -> Option<String> {
        self.environments.get(package)?.get(name).cloned()
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

/// The functions of this workspace, living on `outside`.
///
/// # Errors
/// When a function's settings are not complete.
pub fn wire(_outside: &Outside) -> Result<Functions, FunctionError> {
    Ok(Functions::default())
}

//! How events reach the functions: the stream and the queues, by the rules that the template gives them.

pub(crate) mod queue;
pub(crate) mod stream;

use crate::clock::RunnerClock;
use crate::deliveries::Deliveries;
use crate::embedded::client::Services;
use crate::embedded::queues::QueueError;
use crate::embedded::table::TableError;
use crate::functions::FunctionError;
use crate::invocation::Invocations;
use crate::state::State;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};

/// What the feeds work with.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub state: Arc<State>,
    pub clock: Arc<RunnerClock>,
    pub services: Arc<Services>,
    pub deliveries: Deliveries,
    pub invocations: Invocations,
}

/// What one turn of a feed did.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// Records or messages given to the function, or lost on purpose.
    pub delivered: usize,
    /// Records given up, or messages that went to the dead letters.
    pub given_up: usize,
    /// What the function said when it failed.
    pub failure: Option<String>,
    /// There is something, to be tried at this time.
    pub waits_until: Option<DateTime<Utc>>,
    /// Another turn may find something at once.
    pub again: bool,
}

/// Why a feed itself failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error("the runner's database failed")]
    State(#[from] rusqlite::Error),
    #[error("an event could not be built")]
    Event(#[from] serde_json::Error),
    #[error("a storage thread died")]
    Thread(#[from] tokio::task::JoinError),
}

/// Runs what blocks on a thread that may; on a runtime of one thread, where nobody else would get on meanwhile anyhow, at
/// once.
pub(crate) async fn blocking<T: Send + 'static, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, FeedError>
where
    E: Into<FeedError> + Send + 'static,
{
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return work().map_err(Into::into);
    }
    tokio::task::spawn_blocking(work).await?.map_err(Into::into)
}

/// Calls a function; a panic, a kill or running over its time is its failure.
pub(crate) async fn call<R: Send + 'static>(
    house: &House,
    package: &str,
    timeout: Duration,
    call: impl Future<Output = Result<R, FunctionError>> + Send + 'static,
) -> Result<R, String> {
    match house.invocations.run(package, timeout, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.to_string()),
        Err(ended) => Err(ended.to_string()),
    }
}

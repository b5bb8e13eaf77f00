//! Calls of functions under way: each within its time, each with its own error of the clock, each killable on the spot.

use crate::clock::lock;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::{AbortHandle, JoinError};

tokio::task_local! {
    static CURRENT: Arc<Invocation>;
}

/// One call of a function.
#[derive(Debug)]
pub struct Invocation {
    /// Grows by one with each call.
    pub id: u64,
    pub package: String,
    /// By how much the clock of the machine that it runs on is off.
    pub clock_error: TimeDelta,
}

impl Invocation {
    /// The call as part of which this code runs, if any.
    pub fn current() -> Option<Arc<Invocation>> {
        CURRENT.try_with(Arc::clone).ok()
    }
}

/// Why a call came to no answer.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    #[error("ran over its {} s", .0.as_secs())]
    RanOver(Duration),
    /// It panicked or was killed.
    #[error(transparent)]
    Died(#[from] JoinError),
}

/// All calls under way.
#[derive(Debug, Clone, Default)]
pub struct Invocations(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    made: u64,
    clock_error: TimeDelta,
    running: BTreeMap<u64, (Arc<Invocation>, AbortHandle)>,
}

impl Invocations {
    /// Runs a call to its end, whether or not the caller waits for it.
    ///
    /// # Errors
    /// When it runs over its time, panics or is killed.
    pub async fn run<R: Send + 'static>(
        &self,
        package: &str,
        timeout: Duration,
        work: impl Future<Output = R> + Send + 'static,
    ) -> Result<R, Ended> {
        let running = {
            let mut inner = lock(&self.0);
            inner.made += 1;
            let id = inner.made;
            let invocation =
                Arc::new(Invocation { id, package: package.to_owned(), clock_error: inner.clock_error });
            let over = Over(self.clone(), id);
            let scoped = CURRENT.scope(Arc::clone(&invocation), async move {
                let _over = over;
                tokio::time::timeout(timeout, work).await
            });
            let running = tokio::spawn(scoped);
            inner.running.insert(id, (invocation, running.abort_handle()));
            running
        };
        running.await?.map_err(|_| Ended::RanOver(timeout))
    }

    /// The error of the clock of calls that begin from now on.
    pub fn set_clock_error(&self, clock_error: TimeDelta) {
        lock(&self.0).clock_error = clock_error;
    }

    /// Calls under way, oldest first.
    pub fn running(&self) -> Vec<Arc<Invocation>> {
        lock(&self.0).running.values().map(|(invocation, _)| Arc::clone(invocation)).collect()
    }

    /// Ends a call on the spot, wherever it is; what it has sent out may still take effect.
    pub fn kill(&self, id: u64) {
        if let Some((_, handle)) = lock(&self.0).running.get(&id) {
            handle.abort();
        }
    }
}

/// Takes a call off the list when it is over, however it ended.
#[derive(Debug)]
struct Over(Invocations, u64);

impl Drop for Over {
    fn drop(&mut self) {
        lock(&self.0.0).running.remove(&self.1);
    }
}

//! The gate of a simulation: each request to the outside waits here until somebody says how it fares.

use super::Answer;
use super::call::Call;
use super::faults::touched;
use crate::clock::lock;
use crate::invocation::Invocation;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What a request is told in the end.
pub(crate) type Told = Result<Answer, ConnectorError>;

/// Requests on their way.
#[derive(Debug, Default)]
pub struct Gate(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    arrived: u64,
    waiting: BTreeMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    call: Call,
    asked: Asked,
    /// None once its sender heard that no answer came in time: it may still take effect.
    answer: Option<oneshot::Sender<Told>>,
}

/// A request that waits at the gate.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Grows by one with each request.
    pub id: u64,
    /// `TransactWriteItems`, `SendEmail`…
    pub operation: Arc<str>,
    /// The items that it writes, each as one text; empty for readings and for other services than the table.
    pub writes: Arc<[String]>,
    /// As part of which call of a function.
    pub invocation: Option<Arc<Invocation>>,
    /// When it arrived.
    pub at: Instant,
    /// Whether its sender has stopped waiting, or is dead.
    pub orphan: Orphan,
}

/// Whether somebody still waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphan {
    No,
    Yes,
}

impl Gate {
    /// Lets a request wait until it is told.
    pub(crate) async fn pass(&self, call: Call, key_names: &[&str]) -> Told {
        let told = {
            let (answer, told) = oneshot::channel();
            let mut inner = lock(&self.0);
            inner.arrived += 1;
            let id = inner.arrived;
            let request = serde_json::from_slice(&call.body).unwrap_or_default();
            let asked = Asked {
                id,
                operation: call.operation.as_str().into(),
                writes: touched(&call.operation, &request, key_names).into(),
                invocation: Invocation::current(),
                at: Instant::now(),
                orphan: Orphan::No,
            };
            inner.waiting.insert(id, Waiting { call, asked, answer: Some(answer) });
            told
        };
        told.await.unwrap_or_else(|_| Err(ConnectorError::io("the connection broke".into())))
    }

    /// How many requests ever arrived: grows as long as anything goes on.
    pub fn arrived(&self) -> u64 {
        lock(&self.0).arrived
    }

    /// Everything that waits, oldest first.
    pub fn waiting(&self) -> Vec<Asked> {
        let inner = lock(&self.0);
        let asked = |waiting: &Waiting| {
            let dead = waiting.answer.as_ref().is_none_or(oneshot::Sender::is_closed);
            Asked { orphan: if dead { Orphan::Yes } else { Orphan::No }, ..waiting.asked.clone() }
        };
        inner.waiting.values().map(asked).collect()
    }

    /// Takes a request off the gate, for good.
    pub(super) fn take(&self, id: u64) -> Option<(Call, Option<oneshot::Sender<Told>>)> {
        lock(&self.0).waiting.remove(&id).map(|waiting| (waiting.call, waiting.answer))
    }

    /// Tells a request's sender that no answer came; the request itself goes on waiting.
    pub fn let_down(&self, id: u64) {
        let answer = lock(&self.0).waiting.get_mut(&id).and_then(|waiting| waiting.answer.take());
        if let Some(answer) = answer {
            let _ = answer.send(Err(ConnectorError::timeout("no answer in time".into())));
        }
    }
}

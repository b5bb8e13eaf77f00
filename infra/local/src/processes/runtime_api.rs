//! The Lambda Runtime API (2018-06-01) for one process: the next event, its answer or error.

use crate::clock::lock;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};
use ulid::Ulid;

/// The largest answer that a function may give, in bytes (as on AWS).
const ANSWER_MAX: usize = 6 * 1024 * 1024;
/// Written into each event as its deadline: whoever calls watches the time themselves.
const DEADLINE_MS: i64 = 30_000;

/// Where an answer goes, or what the function said when it failed.
pub type Reply = oneshot::Sender<Result<Vec<u8>, String>>;

/// An event and where its answer goes.
#[derive(Debug)]
pub struct Job {
    pub event: String,
    pub reply: Reply,
}

/// Where a package's events wait for a process.
pub type Jobs = mpsc::Sender<Job>;

/// The API as one process sees it.
#[derive(Debug, Clone)]
pub struct Api(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    jobs: Arc<tokio::sync::Mutex<mpsc::Receiver<Job>>>,
    /// The call under way: a process has one at a time.
    current: Mutex<Option<(String, Reply)>>,
    calls: Mutex<u64>,
}

impl Api {
    pub fn new(jobs: Arc<tokio::sync::Mutex<mpsc::Receiver<Job>>>) -> Self {
        Self(Arc::new(Inner { jobs, current: Mutex::new(None), calls: Mutex::new(0) }))
    }

    /// The process is gone, and its call with it.
    pub fn died(&self) {
        drop(lock(&self.0.current).take());
    }

    fn end(&self, id: &str, with: Result<Vec<u8>, String>) -> StatusCode {
        let mut current = lock(&self.0.current);
        match current.take_if(|(under_way, _)| under_way == id) {
            Some((_, reply)) => {
                // Whoever asked may be gone: then nobody needs it.
                let _ = reply.send(with);
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

/// Serves a process until the runner ends.
pub async fn serve(listener: std::net::TcpListener, api: Api) {
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(axum::extract::DefaultBodyLimit::max(ANSWER_MAX))
        .with_state(api);
    super::outside::listen(listener, router).await;
}

async fn next(State(api): State<Api>) -> Response {
    // A call that nobody waits for any more is not begun.
    let job = loop {
        match api.0.jobs.lock().await.recv().await {
            Some(job) if job.reply.is_closed() => {}
            Some(job) => break job,
            None => return status(StatusCode::GONE),
        }
    };
    let id = {
        let mut calls = lock(&api.0.calls);
        *calls += 1;
        Ulid::from_parts(0, u128::from(*calls)).to_string()
    };
    let now = crate::clock::RunnerClock::machine().timestamp_millis();
    *lock(&api.0.current) = Some((id.clone(), job.reply));
    let response = Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", (now + DEADLINE_MS).to_string())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:local:000000000000:function:local")
        .header("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000")
        .body(Body::from(job.event));
    response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn response(State(api): State<Api>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    api.end(&id, Ok(body.to_vec()))
}

async fn error(State(api): State<Api>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    api.end(&id, Err(String::from_utf8_lossy(&body).into_owned()))
}

async fn init_error(body: Bytes) -> StatusCode {
    tracing::error!(error = %String::from_utf8_lossy(&body), "a process could not begin");
    StatusCode::ACCEPTED
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

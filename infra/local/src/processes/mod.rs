//! The functions as processes of their own: each package's binary under a Lambda Runtime API, the outside over TCP.
//!
//! What the runner does in one process stays as it is; only behind the door and the feeds there are processes now, which
//! can die like those on AWS.

mod event;
pub mod fire;
mod outside;
mod runtime_api;

use crate::clock::lock;
use crate::embedded::client::Client;
use crate::functions::{FunctionError, Functions, Outside};
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::{Request, StatusCode};
use runtime_api::{Job, Jobs};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinSet;

/// Processes of each package: so many of its calls run at a time.
const INSTANCES: usize = 2;
/// Calls of a package that wait for a process.
const WAITING_MAX: usize = 64;
/// What starts and dies at once is not started again at once.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// All processes; they end when this is dropped.
#[derive(Debug)]
pub struct Processes {
    instances: Vec<Arc<Instance>>,
    _tasks: JoinSet<()>,
}

/// One process after another in one place.
#[derive(Debug)]
pub(crate) struct Instance {
    pub package: String,
    kill: Notify,
    deaths: Mutex<u64>,
}

/// Starts the functions' processes and answers calls by them.
///
/// # Errors
/// When a binary is not there, or no socket is to be had.
pub fn wire(outside: &Outside, binaries: &Path) -> Result<(Functions, Processes), FunctionError> {
    let mut tasks = JoinSet::new();
    let mut instances = Vec::new();
    let mut callers = BTreeMap::new();
    for (package, client) in &outside.clients {
        let binary = binaries.join(package);
        if !binary.is_file() {
            let built = "build the functions first: cargo build --profile proof --bins";
            return Err(format!("{} is not there; {built}", binary.display()).into());
        }
        let environment = environment(outside, package, client, &mut tasks)?;
        let (caller, jobs) = mpsc::channel(WAITING_MAX);
        let jobs = Arc::new(tokio::sync::Mutex::new(jobs));
        for _ in 0..INSTANCES {
            let instance =
                Arc::new(Instance { package: package.clone(), kill: Notify::new(), deaths: Mutex::new(0) });
            instances.push(Arc::clone(&instance));
            let (listener, address) = bind()?;
            let api = runtime_api::Api::new(Arc::clone(&jobs));
            tasks.spawn(runtime_api::serve(listener, api.clone()));
            let mut environment = environment.clone();
            environment.insert("AWS_LAMBDA_RUNTIME_API".to_owned(), address);
            tasks.spawn(live(instance, binary.clone(), environment, api));
        }
        callers.insert(package.clone(), caller);
    }
    Ok((functions(callers), Processes { instances, _tasks: tasks }))
}

impl Processes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.instances.len()
    }

    pub fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    /// Kills one on the spot (SIGKILL); another takes its place. Returns its package.
    pub fn kill(&self, at: usize) -> Option<&str> {
        let instance = self.instances.get(at)?;
        instance.kill.notify_one();
        Some(&instance.package)
    }

    /// How often processes have died, by package.
    pub fn deaths(&self) -> BTreeMap<String, u64> {
        let mut deaths = BTreeMap::new();
        for instance in &self.instances {
            *deaths.entry(instance.package.clone()).or_default() += *lock(&instance.deaths);
        }
        deaths
    }
}

/// The environment of a package's processes, the outside at an address of its own: so each is held to its own rights.
fn environment(
    outside: &Outside,
    package: &str,
    client: &Client,
    tasks: &mut JoinSet<()>,
) -> Result<BTreeMap<String, String>, FunctionError> {
    let (listener, address) = bind()?;
    tasks.spawn(outside::serve(listener, client.clone()));
    let mut all = outside.environments.get(package).cloned().unwrap_or_default();
    for service in ["DYNAMODB", "SQS", "SESV2", "SNS", "KMS", "S3"] {
        all.insert(format!("AWS_ENDPOINT_URL_{service}"), format!("http://{address}"));
    }
    all.entry("REGISTRIES_URL".to_owned()).and_modify(|url| *url = format!("http://{address}"));
    for (name, value) in [
        ("AWS_LAMBDA_FUNCTION_NAME", package),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "local"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("RUST_LOG", "off"),
    ] {
        all.insert(name.to_owned(), value.to_owned());
    }
    Ok(all)
}

fn bind() -> std::io::Result<(std::net::TcpListener, String)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?.to_string();
    Ok((listener, address))
}

/// Keeps a process alive in its place: whenever it dies, its call has failed and another one starts.
async fn live(
    instance: Arc<Instance>,
    binary: PathBuf,
    environment: BTreeMap<String, String>,
    api: runtime_api::Api,
) {
    let mut again = tokio::time::interval(AGAIN_AFTER);
    loop {
        again.tick().await;
        let mut command = Command::new(&binary);
        command.env_clear().envs(&environment);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = match command.kill_on_drop(true).spawn() {
            Ok(child) => child,
            Err(error) => {
                tracing::error!(package = instance.package, %error, "a process does not start");
                continue;
            }
        };
        tokio::select! {
            ended = child.wait() => {
                tracing::warn!(package = instance.package, ?ended, "a process ended by itself");
            }
            () = instance.kill.notified() => {
                // Gone already is as good.
                let _ = child.kill().await;
            }
        }
        *lock(&instance.deaths) += 1;
        api.died();
    }
}

/// The packages as the runner calls them: whatever the template has for one goes to its process that is free, and what
/// it cannot read is that process's to refuse.
fn functions(callers: BTreeMap<String, mpsc::Sender<Job>>) -> Functions {
    let mut functions = Functions::default();
    for (package, jobs) in callers {
        let (http, stream, queue, schedule) = (jobs.clone(), jobs.clone(), jobs.clone(), jobs);
        functions = functions
            .http(
                &package,
                axum::Router::new().fallback(move |request: Request<Body>| answer(http.clone(), request)),
            )
            .stream(&package, move |event| ask(stream.clone(), event))
            .queue(&package, move |event| ask(queue.clone(), event))
            .schedule(&package, move |event| ask(schedule.clone(), event));
    }
    functions
}

async fn ask<E: Serialize, R: DeserializeOwned>(jobs: Jobs, event: E) -> Result<R, FunctionError> {
    let answer = call(jobs, serde_json::to_string(&event)?).await?;
    Ok(serde_json::from_slice(&answer)?)
}

/// Gives an event to a process and waits for its answer.
async fn call(jobs: Jobs, event: String) -> Result<Vec<u8>, FunctionError> {
    let (reply, answer) = oneshot::channel();
    jobs.send(Job { event, reply }).await.map_err(|_| "the package has no processes")?;
    match answer.await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err("its process died".into()),
    }
}

async fn answer(jobs: Jobs, request: Request<Body>) -> Response {
    let failed = |status: StatusCode| crate::http::problem(status);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, crate::http::BODY_MAX_BYTES).await else {
        return failed(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let event = event::of_request(&parts, &body);
    match call(jobs, event).await {
        Ok(answer) => event::to_response(&answer).unwrap_or_else(|| failed(StatusCode::BAD_GATEWAY)),
        Err(error) => {
            tracing::warn!(%error, "a call failed");
            failed(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

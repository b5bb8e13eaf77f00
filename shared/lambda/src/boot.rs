//! Starting a function: logs, settings, clients; then the runtime's loop.

use crate::clock::SystemClock;
use crate::{Edge, Error, Settings, client};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

fn edge() -> Result<Edge, Error> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .with_current_span(false)
        .init();
    let settings = Settings::from_environment()?;
    let http = client::https(&settings)?;
    let web = client::web(&settings)?;
    Edge::new(settings, http, web, Arc::new(SystemClock))
}

/// Serves HTTP API events with a function's router.
///
/// # Errors
/// When the function cannot start; the runtime then says why and tries anew.
pub async fn http(router: fn(Edge) -> utoipa_axum::router::OpenApiRouter) -> Result<(), Error> {
    let (router, _) = router(edge()?).split_for_parts();
    lambda_http::run(crate::http::served(router)).await
}

/// Serves events of a queue, a stream or a schedule.
///
/// # Errors
/// As [`http`].
pub async fn events<E, R, F, Fut>(handle: F) -> Result<(), Error>
where
    E: DeserializeOwned,
    R: Serialize,
    F: Fn(Edge, E) -> Fut,
    Fut: Future<Output = Result<R, Error>>,
{
    let edge = edge()?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<E>| Box::pin(handle(edge.clone(), event.payload))))
        .await
}

//! The door: the template's routes, each request carried to its function, and nothing else let in.

use crate::functions::Functions;
use crate::invocation::{Ended, Invocations};
use crate::template::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::{HeaderValue, Request, StatusCode, header};
use lambda::http::Source;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// The largest body let in, in bytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// The header in which this runner, and no deployed function, is told the network address of who asks.
pub const FROM_ADDRESS: &str = "local-address";

/// Calls of the API under way at a time: what a machine of few processors does sooner one after another than all at
/// once, when they would only meet in the table. On AWS the account's concurrency is the bound.
const CALLS_MAX: usize = 8;
/// How long a call waits for its turn before it is asked to come again.
const ROOM_WAIT: Duration = Duration::from_secs(10);

/// The public routes and the functions behind them.
#[derive(Debug)]
pub(crate) struct Door {
    entries: Vec<Entry>,
    invocations: Invocations,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Entry {
    package: String,
    method: String,
    /// `None` stands for a segment that varies.
    segments: Vec<Option<String>>,
    router: Router,
    timeout: Duration,
}

impl Door {
    pub fn new(template: &Template, functions: &Functions, invocations: &Invocations) -> Self {
        let mut entries = Vec::new();
        for function in &template.functions {
            let Some(router) = functions.http.get(&function.package) else { continue };
            entries.extend(function.routes.iter().map(|route| Entry {
                package: function.package.clone(),
                method: route.method.clone(),
                segments: route.path.split('/').map(segment).collect(),
                router: router.clone(),
                timeout: function.timeout,
            }));
        }
        // Fixed segments before those that vary: `/v1/sessions/current` is not somebody's id.
        entries.sort_by_key(|entry| entry.segments.iter().map(Option::is_none).collect::<Vec<_>>());
        Self { entries, invocations: invocations.clone(), room: Arc::new(Semaphore::new(CALLS_MAX)) }
    }

    /// Whether calls wait for their turn.
    pub fn is_crowded(&self) -> bool {
        self.room.available_permits() == 0
    }

    /// Carries a request to its function. The function runs to its end even when the caller has gone, as it does on AWS.
    pub async fn serve(&self, request: Request<Body>) -> Response {
        let Some(entry) =
            self.entries.iter().find(|entry| entry.matches(request.method().as_str(), request.uri().path()))
        else {
            return problem(StatusCode::NOT_FOUND);
        };
        let (mut parts, body) = request.into_parts();
        // What an outer router left behind would be taken for the function's own path parameters.
        parts.extensions.clear();
        // On one machine everybody is the same neighbour; tests say who they are.
        let from = parts.headers.get(FROM_ADDRESS).and_then(|value| value.to_str().ok()?.parse().ok());
        parts.extensions.extend(
            from.map(|address| {
                let mut seen = http::Extensions::new();
                seen.insert(Source(address));
                seen
            })
            .unwrap_or_default(),
        );
        let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
            return problem(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let room = tokio::time::timeout(ROOM_WAIT, Arc::clone(&self.room).acquire_owned()).await;
        let Ok(Ok(room)) = room else {
            let mut response = problem(StatusCode::SERVICE_UNAVAILABLE);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            return response;
        };
        let call = entry.router.clone().oneshot(Request::from_parts(parts, Body::from(body)));
        let call = async move {
            let _room = room;
            call.await
        };
        match self.invocations.run(&entry.package, entry.timeout, call).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(Ended::RanOver(_)) => problem(StatusCode::SERVICE_UNAVAILABLE),
            Err(Ended::Died(error)) => {
                tracing::error!(%error, "a function failed");
                problem(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

impl Entry {
    fn matches(&self, method: &str, path: &str) -> bool {
        let mut given = path.split('/');
        self.method == method
            && self.segments.iter().all(|expected| match (expected, given.next()) {
                (Some(expected), Some(given)) => expected == given,
                (None, Some(given)) => !given.is_empty(),
                (_, None) => false,
            })
            && given.next().is_none()
    }
}

fn segment(text: &str) -> Option<String> {
    (!text.starts_with('{')).then(|| text.to_owned())
}

/// A bare problem document (RFC 9457); the functions write their own, with more in them.
pub(crate) fn problem(status: StatusCode) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body = serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16() });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

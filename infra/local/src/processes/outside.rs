//! The embedded outside on a socket: what an SDK in another process asks is answered as in this one, and where no
//! answer is to come, the connection breaks.

use crate::embedded::client::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::Request;

/// The largest request that an SDK makes here, in bytes.
const REQUEST_MAX: usize = 16 * 1024 * 1024;

/// Serves one package's processes until the runner ends.
pub async fn serve(listener: std::net::TcpListener, client: Client) {
    let router = Router::new().fallback(move |request: Request<Body>| {
        let client = client.clone();
        async move { answer(&client, request).await.unwrap_or_else(broken) }
    });
    listen(listener, router).await;
}

/// Serves a router on a bound socket.
pub async fn listen(listener: std::net::TcpListener, router: Router) {
    let served = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => axum::serve(listener, router).await,
        Err(error) => Err(error),
    };
    if let Err(error) = served {
        tracing::error!(%error, "a socket of the runner failed");
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn answer(client: &Client, request: Request<Body>) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, REQUEST_MAX).await?;
    let request = HttpRequest::try_from(Request::from_parts(parts, SdkBody::from(body.to_vec())))?;
    // What has reached the table takes effect, whether or not the one who asked is still there.
    let client = client.clone();
    let answer = tokio::spawn(async move { client.serve(request).await }).await??;
    let (parts, body) = answer.try_into_http1x()?.into_parts();
    Ok(Response::from_parts(parts, Body::from(body.bytes().unwrap_or_default().to_vec())))
}

/// An answer that never comes: its body breaks off, and the connection with it.
fn broken(error: Failure) -> Response {
    let cut: Result<Vec<u8>, std::io::Error> = Err(std::io::Error::other(error.to_string()));
    Response::new(Body::from_stream(futures::stream::iter([cut])))
}

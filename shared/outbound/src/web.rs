//! The one door to other systems that speak HTTP: a request goes out, an answer comes back, nothing is followed or tried again.

use crate::OutboundError;
use futures::future::BoxFuture;
use http::{Request, Response};
use std::fmt;
use std::sync::Arc;

/// What is sent, and what comes back.
pub type Answer = Result<Response<Vec<u8>>, OutboundError>;

type Fetch = dyn Fn(Request<Vec<u8>>) -> BoxFuture<'static, Answer> + Send + Sync;

/// Whoever sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Fetch>);

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

impl Web {
    pub fn new(
        fetch: impl Fn(Request<Vec<u8>>) -> BoxFuture<'static, Answer> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(fetch))
    }

    /// # Errors
    /// [`OutboundError::Unavailable`] when no answer comes in time.
    pub async fn fetch(&self, request: Request<Vec<u8>>) -> Answer {
        (self.0)(request).await
    }
}

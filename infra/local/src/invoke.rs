//! One call of a function as the Lambda runtime makes it: the event's JSON in, the answer's JSON out.

use crate::functions::{FunctionError, Functions};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;

/// Why a function gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    #[error("no function is built from the package {0}")]
    NoSuchFunction(String),
    #[error("the event is not of the form that the function takes")]
    Event(#[source] serde_json::Error),
    #[error("the function failed: {0}")]
    Failed(#[source] FunctionError),
    #[error("the answer cannot be written")]
    Answer(#[source] serde_json::Error),
}

impl Functions {
    /// Calls the function of `package` with an event as AWS delivers it, through the same types and, for HTTP, the
    /// same adapter as `lambda::boot` does.
    ///
    /// # Errors
    /// When there is no such function, the event is not of its kind, or the function itself fails.
    pub async fn invoke(&self, package: &str, event: &str) -> Result<Value, InvokeError> {
        if let Some(router) = self.http.get(package) {
            let request: LambdaRequest = read(event)?;
            let call = LambdaEvent::new(request, Context::default());
            return match Adapter::from(router.clone()).oneshot(call).await {
                Ok(answer) => write(&answer),
                Err(never) => match never {},
            };
        }
        if let Some(handle) = self.streams.get(package) {
            return write(&handle(read(event)?).await.map_err(InvokeError::Failed)?);
        }
        if let Some(handle) = self.queues.get(package) {
            return write(&handle(read(event)?).await.map_err(InvokeError::Failed)?);
        }
        match self.schedules.get(package) {
            Some(handle) => write(&handle(read(event)?).await.map_err(InvokeError::Failed)?),
            None => Err(InvokeError::NoSuchFunction(package.to_owned())),
        }
    }
}

fn read<T: DeserializeOwned>(event: &str) -> Result<T, InvokeError> {
    serde_json::from_str(event).map_err(InvokeError::Event)
}

fn write<T: Serialize>(answer: &T) -> Result<Value, InvokeError> {
    serde_json::to_value(answer).map_err(InvokeError::Answer)
}

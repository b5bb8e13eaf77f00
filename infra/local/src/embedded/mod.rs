//! Everything outside the functions, in this process: table, queues, mail, SMS, files and keys behind one HTTP client.

pub(crate) mod call;
mod caller;
pub mod client;
mod dynamo;
pub mod esia;
pub mod faults;
pub mod gate;
pub(crate) mod keys;
pub mod ledger;
mod letters;
pub mod meter;
pub mod objects;
pub mod outbox;
mod queue_wire;
pub mod queues;
mod refusals;
pub mod registries;
mod size;
pub mod table;
mod uses;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

/// What a service answers: a status and a body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    /// The error's older name, which clients of the queues go by.
    pub query_error: Option<&'static str>,
}

impl Answer {
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self {
            status,
            content_type: "application/x-amz-json-1.0",
            body: body.to_string().into_bytes(),
            query_error: None,
        }
    }

    /// A refusal as the JSON protocols of AWS write it.
    pub fn refusal(status: u16, kind: &str, message: impl Into<String>) -> Self {
        Self::json(status, &serde_json::json!({ "__type": kind, "message": message.into() }))
    }

    /// As it goes over the wire.
    pub fn response(self) -> Result<HttpResponse, ConnectorError> {
        let status =
            StatusCode::try_from(self.status).map_err(|error| ConnectorError::other(error.into(), None))?;
        let kind = self.headers_kind();
        let mut response = HttpResponse::new(status, SdkBody::from(self.body));
        response.headers_mut().insert("content-type", self.content_type);
        if let Some(query_error) = self.query_error {
            response.headers_mut().insert("x-amzn-query-error", query_error);
        }
        if let Some(kind) = kind {
            response.headers_mut().insert("x-amzn-errortype", kind);
        }
        Ok(response)
    }

    /// The error's name for services that say it in a header (REST protocols do).
    fn headers_kind(&self) -> Option<String> {
        if self.is_success() || self.content_type == "text/xml" {
            return None;
        }
        let said: Value = serde_json::from_slice(&self.body).ok()?;
        said["__type"].as_str().map(str::to_owned)
    }

    pub fn is_success(&self) -> bool {
        self.status < 300
    }
}

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
mod size;
pub mod table;
mod uses;

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

    pub fn is_success(&self) -> bool {
        self.status < 300
    }
}

//! Asking the system as a visitor does: a request over its HTTP surface, without a socket, and what came back.

use crate::system::System;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        }
    }

    pub fn patch(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, body) }
    }

    /// A form with a file in its last field, as a browser posts it; `url` may be of another host, which is this system too.
    pub fn form(url: &str, fields: &[(String, String)], file: &[u8]) -> Self {
        const BOUNDARY: &str = "----7MA4YWxkTrZu0gW";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"file\"";
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Self { body, ..Self::get(local(url)) }.with_method(Method::POST).with_header("content-type", kind)
    }

    /// Follows a signed address.
    pub fn link(url: &str) -> Self {
        let host = url.split('/').nth(2).unwrap_or_default().to_owned();
        Self::get(local(url)).with_header("host", host)
    }

    fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// As whoever holds this session's token.
    #[must_use]
    pub fn with_session(self, token: &str) -> Self {
        self.with_header("authorization", format!("Bearer {token}"))
    }

    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The path and query of an address.
fn local(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.find('/').map_or("/", |at| &behind[at..])
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when it is not JSON.
    pub body: Value,
    pub raw: String,
}

impl Answer {
    /// The text of a member (RFC 6901); empty when there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The members of a list; none when there is no list.
    pub fn list(&self, pointer: &str) -> &[Value] {
        self.body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The code of a problem document; empty when it is none.
    pub fn problem(&self) -> &str {
        self.text("/type").strip_prefix("urn:okno:problem:").unwrap_or_default()
    }
}

impl System {
    /// Asks. What cannot be sent, for a malformed path or header, is answered 400 without reaching a function.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let mut request = Request::builder().method(ask.method).uri(ask.path);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let (status, headers, bytes) = match request.body(ask.body) {
            Ok(request) => {
                let (parts, body) = self.call(request).await.into_parts();
                (parts.status, parts.headers, body)
            }
            Err(error) => (StatusCode::BAD_REQUEST, HeaderMap::new(), error.to_string().into_bytes()),
        };
        let raw = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&raw).unwrap_or(Value::Null);
        Answer { status: status.as_u16(), headers, body, raw }
    }
}

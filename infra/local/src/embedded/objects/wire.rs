//! What the SDK asks of the object store.

use super::{OBJECT_MAX_BYTES, Object, Objects, failed, refusal};
use crate::embedded::Answer;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The operation and what it is about, if a request is for the object store. Buckets stand in the path.
pub(in crate::embedded) fn recognise(request: &HttpRequest) -> Option<(&'static str, Value)> {
    let signed = request.headers().get("authorization")?;
    if !signed.contains("/s3/aws4_request") {
        return None;
    }
    let uri: http::Uri = request.uri().parse().ok()?;
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let prefix = query.into_owned().find(|(name, _)| name == "prefix").map(|(_, prefix)| prefix);
    let operation = match request.method() {
        "GET" if key.is_empty() => "ListObjectsV2",
        "GET" => "GetObject",
        "PUT" => "PutObject",
        "DELETE" => "DeleteObject",
        _ => return None,
    };
    let key = percent_decode_str(key).decode_utf8().ok()?;
    let kind = request.headers().get("content-type").unwrap_or("application/octet-stream");
    Some((operation, json!({ "Bucket": bucket, "Key": key, "Prefix": prefix, "ContentType": kind })))
}

impl Objects {
    pub(in crate::embedded) fn serve(&self, operation: &str, request: &Value, body: &[u8]) -> Answer {
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let (bucket, key) = (text("Bucket"), text("Key"));
        if !self.buckets().contains_key(bucket) {
            return refusal(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        match operation {
            "GetObject" => match self.get(bucket, key) {
                Ok(Some(object)) => plain(200, object.bytes),
                Ok(None) => refusal(404, "NoSuchKey", "The specified key does not exist."),
                Err(error) => failed(&error.into()),
            },
            "ListObjectsV2" => match self.keys(bucket) {
                Ok(mut keys) => {
                    keys.retain(|key| key.starts_with(text("Prefix")));
                    listed(&keys)
                }
                Err(error) => failed(&error.into()),
            },
            "PutObject" if body.len() > OBJECT_MAX_BYTES => refusal(
                400,
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed object size.",
            ),
            "PutObject" => {
                let object = Object { content_type: text("ContentType").to_owned(), bytes: body.to_vec() };
                self.put(bucket, key, &object, "Put")
                    .map_or_else(|error| failed(&error), |()| plain(200, Vec::new()))
            }
            "DeleteObject" => {
                self.delete(bucket, key).map_or_else(|error| failed(&error), |()| plain(204, Vec::new()))
            }
            _ => refusal(501, "NotImplemented", operation),
        }
    }
}

fn listed(keys: &[String]) -> Answer {
    let contents: String = keys.iter().map(|key| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    let count = keys.len();
    let body = format!(
        "<ListBucketResult><KeyCount>{count}</KeyCount><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    );
    Answer { content_type: "application/xml", ..plain(200, body.into_bytes()) }
}

fn plain(status: u16, body: Vec<u8>) -> Answer {
    Answer { status, content_type: "application/octet-stream", body, query_error: None }
}

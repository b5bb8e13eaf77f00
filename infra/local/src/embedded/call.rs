//! A request to the outside as the service that it is for understands it.

use super::faults::Service;
use super::objects;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

/// One request, recognised.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The package on whose behalf.
    pub by: String,
    pub service: Service,
    pub operation: String,
    pub body: Vec<u8>,
    /// The body, where it is JSON.
    pub request: Value,
}

/// Which service and operation a request is for: by target, path, or the form's only user.
pub(super) fn recognise(request: &HttpRequest) -> Option<Call> {
    let body = request.body().bytes()?.to_vec();
    if let Some(target) = request.headers().get("x-amz-target") {
        let (service, operation) = target.rsplit_once('.')?;
        let service = match service {
            "DynamoDB_20120810" => Service::Table,
            "AmazonSQS" => Service::Queues,
            "TrentService" => Service::Keys,
            _ => return None,
        };
        return Some(Call::new(service, operation, body));
    }
    if let Some((operation, asked)) = objects::recognise(request) {
        return Some(Call { request: asked, ..Call::new(Service::Files, operation, body) });
    }
    if request.uri().split('?').next().is_some_and(|uri| uri.ends_with("/v2/email/outbound-emails")) {
        return Some(Call::new(Service::Mail, "SendEmail", body));
    }
    let form = request
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    form.then(|| Call::new(Service::Sms, "Publish", body))
}

impl Call {
    fn new(service: Service, operation: &str, body: Vec<u8>) -> Self {
        let request = serde_json::from_slice(&body).unwrap_or_default();
        Self { by: "nobody".to_owned(), service, operation: operation.to_owned(), body, request }
    }
}

//! The outside as one HTTP client: the SDKs of all five services speak to it as they would to AWS.

use super::caller::Caller;
use super::faults::{Fault, Faults, Flight, Service, touched};
use super::gate::{Gate, Told};
use super::keys::Keys;
use super::ledger::Ledger;
use super::meter::{Consumed, Meter};
use super::outbox::Outbox;
use super::queues::Queues;
use super::table::Table;
use super::{Answer, dynamo, letters, queue_wire};
use crate::clock::lock;
use crate::template::{Function, Template};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};
use tokio::sync::watch;

/// Turns of the runtime for which an answer is held back while trips are counted.
const TOGETHER: usize = 64;

/// Everything the client serves from.
#[derive(Debug)]
pub(crate) struct Services {
    pub table: Arc<Table>,
    pub queues: Queues,
    pub outbox: Outbox,
    pub keys: Keys,
    pub faults: Faults,
    pub meter: Meter,
    pub ledger: Ledger,
    /// Changes when a table write or a sent message may have left something to deliver.
    pub news: watch::Sender<u64>,
    late: Mutex<Vec<Call>>,
    /// Where requests wait for their fate, in a simulation.
    pub gate: Option<Arc<Gate>>,
}

/// One request, recognised.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub service: Service,
    pub operation: String,
    pub body: Vec<u8>,
    /// The body, where it is JSON.
    pub request: Value,
}

/// How a request fared at the gate.
#[derive(Debug)]
pub(crate) enum Passed {
    /// The service did it, whatever its sender heard.
    Done(Call),
    /// The service refused it or never saw it: nothing was written.
    Refused,
}

impl Services {
    pub fn new(table: Arc<Table>, queues: Queues, outbox: Outbox, keys: Keys) -> Self {
        let (faults, meter, ledger) = (Faults::default(), Meter::default(), Ledger::default());
        let (news, late) = (watch::Sender::new(0), Mutex::new(Vec::new()));
        Self { table, queues, outbox, keys, faults, meter, ledger, news, late, gate: None }
    }

    /// Serves a request that waits at the gate, on this thread, and answers it, unless a fault stands in the way.
    /// `twist` changes the answer on its way. Says whether the service did what was asked.
    pub fn let_pass(
        &self,
        gate: &Gate,
        id: u64,
        fault: Option<Fault>,
        twist: impl FnOnce(&Call, &mut Answer),
    ) -> Option<Passed> {
        let (call, sender) = gate.take(id)?;
        let done = match fault {
            None | Some(Fault::AnswerLost | Fault::Late) if self.faults.is_down(call.service) => {
                Err(unavailable(call.service))
            }
            None | Some(Fault::AnswerLost | Fault::Late) => Ok(self.dispatch(&call)),
            Some(Fault::Refused) => Err(unavailable(call.service)),
            Some(Fault::Throttled) => Err(throttled(call.service)),
            Some(Fault::Conflict) => Err(conflict(&call, None)),
        };
        let effective = done.as_ref().is_ok_and(Answer::is_success);
        let told: Told = match (done, fault) {
            (Ok(_), Some(Fault::AnswerLost | Fault::Late)) => {
                Err(ConnectorError::io("the connection broke before the answer".into()))
            }
            (Ok(mut answer), _) => {
                twist(&call, &mut answer);
                Ok(answer)
            }
            (Err(answer), _) => Ok(answer),
        };
        if let Some(sender) = sender {
            // Nobody may be there to hear it.
            let _ = sender.send(told);
        }
        Some(if effective { Passed::Done(call) } else { Passed::Refused })
    }

    /// Lets requests that met [`Fault::Late`] take effect now; returns how many succeeded.
    pub async fn deliver_late(self: &Arc<Self>) -> usize {
        let calls = std::mem::take(&mut *lock(&self.late));
        let mut succeeded = 0;
        for call in calls {
            succeeded += usize::from(self.perform(call).await.is_ok_and(|answer| answer.is_success()));
        }
        succeeded
    }

    async fn serve(self: Arc<Self>, call: Call) -> Result<Answer, ConnectorError> {
        if let Some(gate) = &self.gate {
            return gate.pass(call, &self.table.key_names()).await;
        }
        if self.faults.is_down(call.service) {
            return Ok(unavailable(call.service));
        }
        let fault = self.faults.draw(&call.operation);
        let trip = (call.service == Service::Table).then(|| self.meter.depart(&call.operation));
        if trip.is_some() && self.meter.is_running() {
            // Requests that are sent together set out together, however fast the first is answered.
            tokio::task::yield_now().await;
        }
        let answer = match fault {
            None => self.perform(call).await,
            Some(Fault::Refused) => Ok(unavailable(call.service)),
            Some(Fault::Throttled) => Ok(throttled(call.service)),
            Some(Fault::Conflict) => Ok(conflict(&call, None)),
            Some(Fault::AnswerLost) => {
                self.perform(call).await?;
                Err(ConnectorError::io("the connection broke before the answer".into()))
            }
            Some(Fault::Late) => {
                lock(&self.late).push(call);
                Err(ConnectorError::timeout("no answer in time".into()))
            }
        };
        if trip.is_some() && self.meter.is_running() {
            // Here an answer can overtake requests that set out together with its own; on a wire it cannot, and
            // they would be counted as waits of their own.
            for _ in 0..TOGETHER {
                tokio::task::yield_now().await;
            }
        }
        drop(trip);
        answer
    }

    /// Does what is asked. Storage blocks, so it runs on a thread that may.
    async fn perform(self: &Arc<Self>, call: Call) -> Result<Answer, ConnectorError> {
        let flight = match self.take_off(&call) {
            Ok(flight) => flight,
            Err(answer) => return Ok(answer),
        };
        if let Some(flight) = &flight {
            #[expect(
                clippy::disallowed_methods,
                reason = "a write in flight takes its time, as asked of the faults"
            )]
            tokio::time::sleep(flight.time).await;
        }
        let services = Arc::clone(self);
        let answer = tokio::task::spawn_blocking(move || services.dispatch(&call)).await;
        drop(flight);
        answer.map_err(|error| ConnectorError::other(error.into(), None))
    }

    fn take_off(&self, call: &Call) -> Result<Option<Flight>, Answer> {
        if call.service != Service::Table {
            return Ok(None);
        }
        let keys = touched(&call.operation, &call.request, &self.table.key_names());
        if keys.is_empty() {
            return Ok(None);
        }
        self.faults.take_off(&keys).map_err(|met| conflict(call, Some(&met)))
    }

    fn dispatch(&self, call: &Call) -> Answer {
        let operation = call.operation.as_str();
        let answer = match call.service {
            Service::Table if self.meter.is_running() => self.metered(call),
            Service::Table => dynamo::dispatch(self.table.database(), operation, &call.body),
            Service::Queues => queue_wire::serve(&self.queues, operation, &call.body),
            Service::Mail => letters::mail(&self.outbox, &call.body),
            Service::Sms => letters::sms(&self.outbox, &call.body),
            Service::Keys => self.keys.serve(operation, &call.body),
        };
        let reads = matches!(operation, "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems");
        if answer.is_success() && matches!(call.service, Service::Table | Service::Queues) && !reads {
            self.news.send_modify(|count| *count += 1);
        }
        answer
    }

    /// Serves a table request and adds what it consumed to the meter.
    fn metered(&self, call: &Call) -> Answer {
        let (operation, mut request) = (call.operation.as_str(), call.request.clone());
        if !request.is_object() {
            return dynamo::dispatch(self.table.database(), operation, &call.body);
        }
        if request["ReturnConsumedCapacity"].is_null() {
            request["ReturnConsumedCapacity"] = json!("INDEXES");
        }
        let answer = dynamo::dispatch(self.table.database(), operation, request.to_string().as_bytes());
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let refused = said["__type"].as_str().unwrap_or_default();
        if answer.is_success() {
            self.meter.add(Consumed::stated(operation, &said));
        } else if refused.ends_with("#ConditionalCheckFailedException")
            || refused.ends_with("#TransactionCanceledException")
        {
            self.meter.add(Consumed::refused(operation, &request, &|write| self.table.aimed_at(write)));
        }
        answer
    }
}

/// Which service and operation a request is for: by target, path, or the form's only user.
fn recognise(request: &HttpRequest) -> Option<Call> {
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
        Self { service, operation: operation.to_owned(), body, request }
    }
}

fn unavailable(service: Service) -> Answer {
    match service {
        Service::Table => Answer::refusal(
            500,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
            "Internal server error",
        ),
        Service::Sms => letters::xml_refusal("InternalFailure", "The service is not available."),
        _ => Answer::refusal(503, "ServiceUnavailable", "The service is not available."),
    }
}

fn throttled(service: Service) -> Answer {
    match service {
        Service::Table => Answer::refusal(
            400,
            "com.amazon.coral.availability#ThrottlingException",
            "Rate of requests exceeds the allowed throughput.",
        ),
        Service::Mail => Answer::refusal(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        Service::Sms => letters::xml_refusal("Throttled", "Rate exceeded"),
        _ => Answer::refusal(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// The table's refusal when another write is at work on an item; without marks the first item is said to be met.
fn conflict(call: &Call, met: Option<&[bool]>) -> Answer {
    let prefix = "com.amazonaws.dynamodb.v20120810#";
    let message = "Transaction is ongoing for the item";
    if !call.operation.starts_with("Transact") {
        return Answer::refusal(400, &format!("{prefix}TransactionConflictException"), message);
    }
    let items = call.request["TransactItems"].as_array().map_or(1, Vec::len);
    let reasons: Vec<Value> = (0..items)
        .map(|at| match met.map_or(at == 0, |met| met.get(at).copied().unwrap_or(false)) {
            true => json!({ "Code": "TransactionConflict", "Message": message }),
            false => json!({ "Code": "None" }),
        })
        .collect();
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    Answer::json(
        400,
        &json!({
            "__type": format!("{prefix}TransactionCanceledException"),
            "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", ")),
            "CancellationReasons": reasons,
        }),
    )
}

/// The client handed to the SDKs; without a caller it may do everything. It does not keep the system open: a forgotten
/// client must not hold the directory.
pub(crate) fn http_client(services: &Arc<Services>, caller: Option<Caller>) -> SharedHttpClient {
    SharedHttpClient::new(InProcess { services: Arc::downgrade(services), caller: caller.map(Arc::new) })
}

/// Each package's client: what its role does not allow, it is refused.
pub(crate) fn clients(services: &Arc<Services>, template: &Template) -> BTreeMap<String, SharedHttpClient> {
    let client =
        |function: &Function| (function.package.clone(), http_client(services, Some(Caller::of(function))));
    template.functions.iter().map(client).collect()
}

#[derive(Debug, Clone)]
struct InProcess {
    services: Weak<Services>,
    caller: Option<Arc<Caller>>,
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (services, caller) = (self.services.upgrade(), self.caller.clone());
        HttpConnectorFuture::new(async move {
            let Some(services) = services else {
                return Err(ConnectorError::io("the system is closed".into()));
            };
            let Some(call) = recognise(&request) else {
                let what = format!("{} {} is not served here", request.method(), request.uri());
                return Err(ConnectorError::user(what.into()));
            };
            let admitted = caller.map_or(Ok(()), |caller| {
                caller.admit(call.service, &call.operation, &call.request, &services.ledger)
            });
            let answer = match admitted {
                Ok(()) => services.serve(call).await?,
                Err(denied) => denied,
            };
            let status = StatusCode::try_from(answer.status)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            let kind = answer.headers_kind();
            let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
            response.headers_mut().insert("content-type", answer.content_type);
            if let Some(query_error) = answer.query_error {
                response.headers_mut().insert("x-amzn-query-error", query_error);
            }
            if let Some(kind) = kind {
                response.headers_mut().insert("x-amzn-errortype", kind);
            }
            Ok(response)
        })
    }
}

impl Answer {
    /// The error's name for services that say it in a header (REST protocols do).
    fn headers_kind(&self) -> Option<String> {
        if self.is_success() || self.content_type == "text/xml" {
            return None;
        }
        let said: Value = serde_json::from_slice(&self.body).ok()?;
        said["__type"].as_str().map(str::to_owned)
    }
}

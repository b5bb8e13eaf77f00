//! The outside as one HTTP client: the SDKs of all five services speak to it as they would to AWS.

use super::call::{Call, recognise};
use super::caller::Caller;
use super::esia::{self, Esia};
use super::faults::{Fault, Faults, Flight, Service, touched};
use super::gate::{Gate, Told};
use super::keys::Keys;
use super::ledger::Ledger;
use super::meter::{Consumed, Meter};
use super::objects::Objects;
use super::outbox::Outbox;
use super::queues::Queues;
use super::refusals::{conflict, throttled, unavailable};
use super::registries::{self, Registries};
use super::table::Table;
use super::{Answer, dynamo, letters, queue_wire};
use crate::clock::lock;
use crate::template::{Function, Template};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use checker::history::What;
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
    pub objects: Objects,
    pub outbox: Outbox,
    pub keys: Keys,
    pub registries: Registries,
    pub faults: Faults,
    pub meter: Meter,
    pub ledger: Ledger,
    pub esia: Esia,
    /// Changes when a table write or a sent message may have left something to deliver.
    pub news: watch::Sender<u64>,
    late: Mutex<Vec<Call>>,
    /// Where requests wait for their fate, in a simulation.
    pub gate: Option<Arc<Gate>>,
    /// Who writes down what is done, where somebody does: then it is done one after another.
    pub witness: Option<Mutex<Box<dyn Witness>>>,
}

/// Somebody who sees all that the services do, in its order.
pub(crate) trait Witness: std::fmt::Debug + Send {
    /// `call` was done just now.
    fn saw(&mut self, services: &Services, call: &Call);
    /// Something else happened.
    fn note(&mut self, what: What);
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
    pub fn new(table: Arc<Table>, queues: Queues, objects: Objects, outbox: Outbox, keys: Keys) -> Self {
        let (faults, meter, ledger) = (Faults::default(), Meter::default(), Ledger::default());
        let esia = Esia::new(Arc::clone(&outbox.clock));
        let (news, late) = (watch::Sender::new(0), Mutex::new(Vec::new()));
        Self {
            table,
            queues,
            objects,
            outbox,
            keys,
            registries: Registries::default(),
            faults,
            meter,
            ledger,
            esia,
            news,
            late,
            gate: None,
            witness: None,
        }
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
        if let (Some(fault), Some(witness)) = (fault, &self.witness) {
            let (kind, target) = (fault.name().to_owned(), call.operation.clone());
            lock(witness).note(What::Fault { kind, target });
        }
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
        let mut witness = self.witness.as_ref().map(lock);
        let answer = match call.service {
            Service::Table if self.meter.is_running() => self.metered(call),
            Service::Table => dynamo::dispatch(self.table.database(), operation, &call.body),
            Service::Queues => queue_wire::serve(&self.queues, operation, &call.body),
            Service::Mail => letters::mail(&self.outbox, &call.body),
            Service::Sms => letters::sms(&self.outbox, &call.body),
            Service::Keys => self.keys.serve(operation, &call.body),
            Service::Files => self.objects.serve(operation, &call.request, &call.body),
        };
        let reads = matches!(
            operation,
            "GetItem"
                | "BatchGetItem"
                | "Query"
                | "Scan"
                | "TransactGetItems"
                | "GetObject"
                | "ListObjectsV2"
        );
        if answer.is_success()
            && matches!(call.service, Service::Table | Service::Queues | Service::Files)
            && !reads
        {
            self.news.send_modify(|count| *count += 1);
        }
        if answer.is_success()
            && let Some(witness) = &mut witness
        {
            witness.saw(self, call);
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

/// The outside for one caller, to whom what its role does not allow is refused; without a caller it may do everything.
/// It does not keep the system open: a forgotten client must not hold the directory.
#[derive(Debug, Clone)]
pub struct Client {
    services: Weak<Services>,
    caller: Option<Arc<Caller>>,
}

impl Client {
    pub(crate) fn new(services: &Arc<Services>, caller: Option<Caller>) -> Self {
        Self { services: Arc::downgrade(services), caller: caller.map(Arc::new) }
    }

    /// Refuses a request that was signed in this caller's name, if the caller may not make it.
    pub(crate) fn admit(&self, service: Service, operation: &str, request: &Value) -> Result<(), Answer> {
        let Some(services) = self.services.upgrade() else { return Ok(()) };
        let Some(caller) = &self.caller else { return Ok(()) };
        caller.admit(service, operation, request, &services.ledger, services.objects.buckets())
    }

    /// What the services answer to a request as an SDK signs and sends it.
    ///
    /// # Errors
    /// When no answer comes, or nobody serves such a request.
    pub async fn serve(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Some(services) = self.services.upgrade() else {
            return Err(ConnectorError::io("the system is closed".into()));
        };
        if let Some(path) = request.uri().strip_prefix(esia::ISSUER) {
            let answer = services.esia.serve(path, request.body().bytes().unwrap_or_default());
            let answer = answer.ok_or_else(|| ConnectorError::timeout("no answer in time".into()))?;
            return answer.response();
        }
        if let Some(path) = registries::path_of(&request) {
            let token = request.headers().get("authorization");
            let body = request.body().bytes().unwrap_or_default();
            let answer = services.registries.serve(path, token, body);
            return answer.ok_or_else(|| ConnectorError::timeout("no answer in time".into()))?.response();
        }
        let Some(mut call) = recognise(&request) else {
            let what = format!("{} {} is not served here", request.method(), request.uri());
            return Err(ConnectorError::user(what.into()));
        };
        let mut admitted = Ok(());
        if let Some(caller) = &self.caller {
            caller.package().clone_into(&mut call.by);
            let buckets = services.objects.buckets();
            admitted = caller.admit(call.service, &call.operation, &call.request, &services.ledger, buckets);
        }
        let asked = (call.operation == "GetObject").then(|| call.request.clone());
        let mut answer = match admitted {
            Ok(()) => services.serve(call).await?,
            Err(denied) => denied,
        };
        // Whether an object is not there is told to those only who may list what is.
        if let Some(asked) = asked.filter(|_| answer.status == 404) {
            answer = self.admit(Service::Files, "ListObjectsV2", &asked).err().unwrap_or(answer);
        }
        answer.response()
    }
}

/// Each package's client.
pub(crate) fn clients(services: &Arc<Services>, template: &Template) -> BTreeMap<String, Client> {
    let client =
        |function: &Function| (function.package.clone(), Client::new(services, Some(Caller::of(function))));
    template.functions.iter().map(client).collect()
}

impl HttpClient for Client {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Client {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.clone();
        HttpConnectorFuture::new(async move { client.serve(request).await })
    }
}

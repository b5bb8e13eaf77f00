//! Bad luck on demand: refusals, lost answers, conflicts, throttling, late commits and services that are down.

use crate::clock::lock;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The service fails before it does anything.
    Refused,
    /// The service does it, and the answer is lost on the way.
    AnswerLost,
    /// Another transaction is at work on an item.
    Conflict,
    /// Too many requests.
    Throttled,
    /// The caller hears nothing in time; the request is kept and takes effect when late requests are delivered.
    Late,
}

impl Fault {
    /// As the simulation names it.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Refused => "refused",
            Fault::AnswerLost => "answer-lost",
            Fault::Conflict => "conflict",
            Fault::Throttled => "throttled",
            Fault::Late => "late",
        }
    }
}

/// A service that can be switched off as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    Table,
    Queues,
    Mail,
    Sms,
    Keys,
    Files,
}

/// The faults in force; none at first. Operations have their wire names: `TransactWriteItems`, `SendEmail`, `Decrypt`.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    next: BTreeMap<String, VecDeque<Fault>>,
    chances: Vec<Chance>,
    down: BTreeSet<Service>,
    flight_time: Option<Duration>,
    in_flight: BTreeSet<String>,
    struck: BTreeMap<(String, Fault), u64>,
}

#[derive(Debug)]
struct Chance {
    operation: String,
    fault: Fault,
    per_mille: u16,
    seed: u64,
    drawn: u64,
}

impl Faults {
    /// The next `times` calls of `operation` meet `fault`, behind those already ordered.
    pub fn next(&self, operation: &str, fault: Fault, times: usize) {
        let mut inner = lock(&self.0);
        inner.next.entry(operation.to_owned()).or_default().extend(std::iter::repeat_n(fault, times));
    }

    /// From now on each call of `operation` meets `fault` with `per_mille` chances in a thousand, drawn from `seed`.
    pub fn chance(&self, operation: &str, fault: Fault, per_mille: u16, seed: u64) {
        lock(&self.0).chances.push(Chance {
            operation: operation.to_owned(),
            fault,
            per_mille,
            seed,
            drawn: 0,
        });
    }

    /// From now on a write stays in flight this long before it commits, and a transaction that meets it on an item
    /// is refused with `TransactionConflict`, as the real table does. `None` ends it.
    pub fn set_flight_time(&self, flight_time: Option<Duration>) {
        lock(&self.0).flight_time = flight_time;
    }

    /// Every call of the service fails until [`Faults::up`].
    pub fn down(&self, service: Service) {
        lock(&self.0).down.insert(service);
    }

    pub fn up(&self, service: Service) {
        lock(&self.0).down.remove(&service);
    }

    /// Ends all faults. Late requests stay late.
    pub fn clear(&self) {
        let mut inner = lock(&self.0);
        inner.next.clear();
        inner.chances.clear();
        inner.down.clear();
        inner.flight_time = None;
    }

    /// How often a fault has struck an operation.
    pub fn struck(&self, operation: &str, fault: Fault) -> u64 {
        lock(&self.0).struck.get(&(operation.to_owned(), fault)).copied().unwrap_or(0)
    }

    pub(super) fn is_down(&self, service: Service) -> bool {
        lock(&self.0).down.contains(&service)
    }

    /// The fault that this call meets.
    pub(super) fn draw(&self, operation: &str) -> Option<Fault> {
        let mut inner = lock(&self.0);
        let ordered = inner.next.get_mut(operation).and_then(VecDeque::pop_front);
        let fault = ordered.or_else(|| inner.chances.iter_mut().find_map(|chance| chance.draw(operation)))?;
        *inner.struck.entry((operation.to_owned(), fault)).or_default() += 1;
        Some(fault)
    }

    /// Takes the items of a write into flight. `Ok(None)` when flights are not simulated.
    ///
    /// # Errors
    /// Which of `keys` are in flight already, one mark for each of `keys`.
    pub(super) fn take_off(&self, keys: &[String]) -> Result<Option<Flight>, Vec<bool>> {
        let mut inner = lock(&self.0);
        let Some(time) = inner.flight_time else { return Ok(None) };
        let met: Vec<bool> = keys.iter().map(|key| inner.in_flight.contains(key)).collect();
        if met.contains(&true) {
            return Err(met);
        }
        inner.in_flight.extend(keys.iter().cloned());
        Ok(Some(Flight { time, keys: keys.to_vec(), faults: self.clone() }))
    }
}

impl Chance {
    fn draw(&mut self, operation: &str) -> Option<Fault> {
        if self.operation != operation {
            return None;
        }
        self.drawn += 1;
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(self.drawn.to_be_bytes())
            .finalize();
        let roll = u16::from_be_bytes([digest[0], digest[1]]) % 1_000;
        (roll < self.per_mille).then_some(self.fault)
    }
}

/// Items in flight; they land when this is dropped.
#[derive(Debug)]
pub(super) struct Flight {
    pub time: Duration,
    keys: Vec<String>,
    faults: Faults,
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut inner = lock(&self.faults.0);
        for key in &self.keys {
            inner.in_flight.remove(key);
        }
    }
}

/// The items that a write touches, each as one text, in the order of the request; empty for reads.
pub(super) fn touched(operation: &str, request: &Value, key_names: &[&str]) -> Vec<String> {
    match operation {
        "PutItem" => vec![key_text(&request["TableName"], &request["Item"], key_names)],
        "UpdateItem" | "DeleteItem" => vec![key_text(&request["TableName"], &request["Key"], key_names)],
        "TransactWriteItems" => actions(request)
            .map(|(_, action)| {
                let holder = if action["Item"].is_object() { &action["Item"] } else { &action["Key"] };
                key_text(&action["TableName"], holder, key_names)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The actions of a transaction with their names.
pub(super) fn actions(request: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let items = request["TransactItems"].as_array().map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_object()?.iter().next().map(|(name, action)| (name.as_str(), action)))
}

fn key_text(table: &Value, holder: &Value, key_names: &[&str]) -> String {
    let parts: Vec<String> = key_names.iter().map(|name| holder[name].to_string()).collect();
    format!("{table} {}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordered_faults_come_first_and_end() {
        let faults = Faults::default();
        faults.next("PutItem", Fault::Throttled, 2);
        let drawn: Vec<_> = (0..3).map(|_| faults.draw("PutItem")).collect();
        assert_eq!(drawn, [Some(Fault::Throttled), Some(Fault::Throttled), None]);
        assert_eq!(faults.struck("PutItem", Fault::Throttled), 2);
    }

    #[test]
    fn chance_is_near_its_rate_and_repeats_with_its_seed() {
        let strikes = |seed| {
            let faults = Faults::default();
            faults.chance("PutItem", Fault::Conflict, 250, seed);
            (0..2_000).map(|_| faults.draw("PutItem").is_some()).collect::<Vec<_>>()
        };
        let first = strikes(1);
        let count = first.iter().filter(|struck| **struck).count();
        assert!((400..600).contains(&count), "{count}");
        assert_eq!(first, strikes(1));
        assert_ne!(first, strikes(2));
    }

    #[test]
    fn items_in_flight_refuse_a_second_write_until_they_land() {
        let faults = Faults::default();
        faults.set_flight_time(Some(Duration::ZERO));
        let (a, b) = (vec!["a".to_owned(), "b".to_owned()], vec!["c".to_owned(), "b".to_owned()]);
        let flight = faults.take_off(&a).expect("a free sky");
        assert_eq!(faults.take_off(&b).expect_err("b is in flight"), [false, true]);
        drop(flight);
        assert!(faults.take_off(&b).is_ok());
    }
}

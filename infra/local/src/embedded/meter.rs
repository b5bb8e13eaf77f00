//! The meter: what an operation asks of the table, in requests, round trips, and read and write units.

use super::faults::actions;
use super::size::{item_bytes, transaction_write_units, write_units};
use crate::clock::lock;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What was asked of the table, indexes included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub requests: u32,
    /// Waits: requests sent in parallel count once.
    pub round_trips: u32,
    pub read_units: f64,
    pub write_units: f64,
}

/// Counts between [`Meter::start`] and [`Meter::take`], for everyone who uses the table meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    running: bool,
    in_flight: u32,
    counts: Counts,
    operations: BTreeMap<String, u32>,
}

impl Meter {
    /// Begins to count, from nothing.
    pub fn start(&self) {
        let mut inner = lock(&self.0);
        inner.running = true;
        inner.counts = Counts::default();
        inner.operations.clear();
    }

    /// Ends counting and returns what was counted.
    pub fn take(&self) -> Counts {
        let mut inner = lock(&self.0);
        inner.running = false;
        std::mem::take(&mut inner.counts)
    }

    /// Requests by operation since the last start: `TransactWriteItems` → 1.
    pub fn operations(&self) -> BTreeMap<String, u32> {
        lock(&self.0).operations.clone()
    }

    pub(super) fn is_running(&self) -> bool {
        lock(&self.0).running
    }

    /// A request sets out; it has arrived when the trip is dropped.
    pub(super) fn depart(&self, operation: &str) -> Trip {
        let mut inner = lock(&self.0);
        if inner.running {
            inner.counts.requests += 1;
            inner.counts.round_trips += u32::from(inner.in_flight == 0);
            *inner.operations.entry(operation.to_owned()).or_default() += 1;
        }
        inner.in_flight += 1;
        Trip(self.clone())
    }

    pub(super) fn add(&self, consumed: Consumed) {
        let mut inner = lock(&self.0);
        if inner.running {
            inner.counts.read_units += consumed.read_units;
            inner.counts.write_units += consumed.write_units;
        }
    }
}

/// A request on its way.
#[derive(Debug)]
pub(super) struct Trip(Meter);

impl Drop for Trip {
    fn drop(&mut self) {
        lock(&self.0.0).in_flight -= 1;
    }
}

/// What one request consumed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Consumed {
    pub read_units: f64,
    pub write_units: f64,
}

impl Consumed {
    /// By the figures of a success, given as one object or as a list of one a table.
    pub fn stated(operation: &str, answer: &Value) -> Self {
        let stated = &answer["ConsumedCapacity"];
        let all = stated.as_array().map_or_else(|| std::slice::from_ref(stated), Vec::as_slice);
        let units = all.iter().filter_map(|one| one["CapacityUnits"].as_f64()).sum();
        match operation {
            "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems" => {
                Self { read_units: units, write_units: 0.0 }
            }
            _ => Self { read_units: 0.0, write_units: units },
        }
    }

    /// By our own calculator, for a refused write: indexes are not touched then. `stored` finds an item as it is.
    pub fn refused(
        operation: &str,
        request: &Value,
        stored: &dyn Fn(&Value) -> Option<Map<String, Value>>,
    ) -> Self {
        let write_units = match operation {
            "PutItem" | "UpdateItem" | "DeleteItem" => {
                write_units(stored(request).map_or(0, |item| item_bytes(&item)))
            }
            "TransactWriteItems" => actions(request)
                .map(|(_, action)| {
                    let old = stored(action).map_or(0, |item| item_bytes(&item));
                    transaction_write_units(old.max(written_bytes(action)))
                })
                .sum(),
            _ => 0.0,
        };
        Self { read_units: 0.0, write_units }
    }
}

/// What an action would write: a put its item; an update at least its key and the values it gives.
pub(super) fn written_bytes(action: &Value) -> usize {
    let bytes = |field: &str| action[field].as_object().map_or(0, item_bytes);
    if action["Item"].is_object() { bytes("Item") } else { bytes("Key") + bytes("ExpressionAttributeValues") }
}

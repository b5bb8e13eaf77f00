//! Behind the scene: deliveries, one function at a time, and the clock.

use super::ledger::Operation;
use super::stage::Stage;
use crate::embedded::meter::Counts;
use chrono::{DateTime, TimeDelta, Utc};

/// The function that serves freed slots.
const WORKER: &str = "waitlist-worker";
/// Rounds of deliveries after one act; each function has its turn in each.
const ROUNDS_MAX: usize = 20;

impl Stage<'_> {
    /// Delivers everything that waits, one function at a time so that the meter tells them apart. Returns what the
    /// one that serves freed slots asked for.
    pub async fn deliver(&mut self) -> Counts {
        let packages = self.delivered_to();
        let mut worker = Counts::default();
        for _ in 0..ROUNDS_MAX {
            let mut delivered = 0;
            for package in &packages {
                self.hold_all_but(Some(package));
                self.system.meter().start();
                let settled = self.system.settle().await;
                let counts = self.system.meter().take();
                if package == WORKER {
                    worker.requests += counts.requests;
                    worker.round_trips += counts.round_trips;
                    worker.read_units += counts.read_units;
                    worker.write_units += counts.write_units;
                }
                delivered += settled.records + settled.messages;
                for failure in settled.failures {
                    self.page.different(format!("a delivery failed: {failure}"));
                }
                self.must("deliveries given up", settled.given_up, 0);
            }
            if delivered == 0 {
                self.system.deliveries().clear();
                return worker;
            }
        }
        self.system.deliveries().clear();
        self.page.different(format!("deliveries go on after {ROUNDS_MAX} rounds"));
        worker
    }

    /// Time goes on; what falls due on the way happens on the way.
    pub async fn until(&mut self, when: DateTime<Utc>) {
        self.deliver().await;
        for failure in self.system.advance_to(when).await {
            self.page.different(format!("on the way to {when}: {failure}"));
        }
    }

    /// Time goes on to an instant, and the tick of the clock that comes then is counted: less what a tick asks for
    /// when nothing is due, and less its own watermark.
    pub async fn until_counted(&mut self, when: DateTime<Utc>, operation: Operation) {
        self.until(when - TimeDelta::minutes(1)).await;
        self.system.meter().start();
        self.system.tick().await;
        let idle = self.system.meter().take();
        self.hold_all_but(None);
        self.system.meter().start();
        let failures = self.system.advance_to(when).await;
        let counts = self.system.meter().take();
        // Neither a lapse nor a reminder updates single items: what is updated is the watermark.
        let watermarks = self.system.meter().operations().get("UpdateItem").copied().unwrap_or(0);
        self.system.deliveries().clear();
        self.must("failures of the clock", failures.len(), 0);
        self.enter(
            operation,
            Counts {
                requests: counts.requests.saturating_sub(idle.requests + watermarks),
                round_trips: counts.round_trips.saturating_sub(idle.round_trips + watermarks),
                read_units: counts.read_units - idle.read_units,
                write_units: counts.write_units - f64::from(watermarks) - idle.write_units,
            },
        );
        self.deliver().await;
    }

    /// Time goes on to an instant by one tick of the clock, and everything is delivered; returns what the function
    /// that serves freed slots asked for.
    pub async fn tick_to(&mut self, when: DateTime<Utc>) -> Counts {
        self.hold_all_but(None);
        let failures = self.system.advance_to(when).await;
        self.system.deliveries().clear();
        self.must("failures of the clock", failures.len(), 0);
        self.deliver().await
    }

    /// The functions that the stream and the queues feed.
    fn delivered_to(&self) -> Vec<String> {
        let functions = &self.system.template().functions;
        let fed =
            functions.iter().filter(|function| !function.streams.is_empty() || !function.queues.is_empty());
        fed.map(|function| function.package.clone()).collect()
    }

    fn hold_all_but(&self, one: Option<&str>) {
        for package in self.delivered_to() {
            match one == Some(package.as_str()) {
                true => self.system.deliveries().release(&package),
                false => self.system.deliveries().hold(&package),
            }
        }
    }
}

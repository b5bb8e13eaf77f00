//! The end of a run: nothing goes wrong any more, and everything must come right by itself.

use super::driver::Driver;
use super::steps::POISON;
use super::{Failure, Length};
use crate::embedded::registries::Mood;
use checker::history::What;
use chrono::TimeDelta;

/// The most turns of the scheduler in one minute of the calm.
const TURNS_A_MINUTE: usize = 20_000;

impl Driver<'_> {
    /// Nothing goes wrong any more; everything must come right by itself.
    pub async fn calm(&mut self, length: Length) -> Result<(), Failure> {
        self.swarm.calm();
        self.down.clear();
        self.system.faults().clear();
        self.system.registries().set(Mood::Well);
        self.system.deliveries().clear();
        self.system.0.house.invocations.set_clock_error(TimeDelta::zero());
        self.recorder.note(self.system.now(), What::Calm);
        for minute in 0..length.calm_min {
            if minute == length.calm_min / 2 {
                // As an operator would, when all is well again: it must do no harm and leave nothing dead.
                for feed in &self.system.0.queues {
                    self.system.queues().redrive(feed.queue_name())?;
                }
            }
            self.tick();
            for _ in 0..TURNS_A_MINUTE {
                self.still().await;
                let waiting = self.gate.waiting();
                if let Some(asked) = waiting.first() {
                    self.pass(asked, None, None)?;
                    continue;
                }
                if !self.deliverable().await? {
                    break;
                }
                self.stream();
                self.queues();
            }
            self.advance(TimeDelta::minutes(1)).await;
        }
        Ok(())
    }

    /// Whether anything waits to be delivered now or is being delivered.
    async fn deliverable(&self) -> Result<bool, Failure> {
        if !self.pumps.is_empty() || self.system.stream_lag().await? > 0 {
            return Ok(true);
        }
        let mut visible = 0;
        for feed in &self.system.0.queues {
            visible += self.system.queues().depth(feed.queue_name())?.visible;
        }
        Ok(visible > 0)
    }

    /// Writes down what stands under the keys of those whose cabinets were deleted, and what lies in storage.
    pub fn left_behind(&mut self) -> Result<(), Failure> {
        for citizen in self.recorder.leaving.closed() {
            let rows = super::scene::rows(&self.system, &format!("{}{citizen}", store::keys::CITIZEN))?;
            self.recorder.note(self.system.now(), What::Found { citizen, rows });
        }
        let lying = super::uploads::lying(&self.system)?;
        self.recorder.note(self.system.now(), lying);
        Ok(())
    }

    /// What has not been dealt with, poison aside.
    pub async fn left_over(&self) -> Result<Vec<String>, Failure> {
        let mut left = Vec::new();
        let lag = self.system.stream_lag().await?;
        if lag > 0 {
            left.push(format!("{lag} stream records"));
        }
        let names: Vec<String> = self.system.queues().names().map(str::to_owned).collect();
        for name in names {
            let bodies = self.system.queues().peek(&name, 50)?;
            left.extend(
                bodies.into_iter().filter(|body| body != POISON).map(|body| format!("{name}: {body}")),
            );
        }
        left.extend(self.gate.waiting().iter().map(|asked| format!("at the gate: {}", asked.operation)));
        Ok(left)
    }
}

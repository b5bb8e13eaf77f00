//! The steps that the scheduler draws from, and the calm at the end.

use super::driver::{CLIENTS_MAX, Driver};
use super::lag::lag_behind;
use super::recorder::LAG_MAX;
use super::starts::{about_a_start, about_an_end};
use super::swarm::Kind;
use super::{Failure, Length};
use crate::embedded::client::Passed;
use crate::embedded::faults::{Fault, Service};
use crate::embedded::gate::{Asked, Orphan};
use crate::embedded::queues::Outgoing;
use crate::embedded::registries::Mood;
use checker::history::What;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

/// Deliveries of one queue at a time.
const WORKERS_MAX: usize = 2;
/// A message that is none.
pub const POISON: &str = "{\"v\":1,\"kind\":\"poison\"}";
/// How long services stay down, in scheduler's steps.
const DOWN_STEPS: (u64, u64) = (20, 200);
/// How often, when nothing happens, it is the eve of something that is due.
const LEAPS_PER_MILLE: u64 = 150;
/// A request that was longer on its way never comes into effect.
pub const FLIGHT_MAX: Duration = Duration::from_secs(30);

/// How registries misbehave.
const MOODS: [Mood; 5] = [Mood::Slow, Mood::Failing, Mood::Contradictory, Mood::Garbled, Mood::Unclear];

/// The service that a kind of fault switches off; registries are none of ours.
fn service_of(kind: Kind) -> Option<Service> {
    match kind {
        Kind::MailDown => Some(Service::Mail),
        Kind::SmsDown => Some(Service::Sms),
        Kind::QueuesDown => Some(Service::Queues),
        Kind::KeysDown => Some(Service::Keys),
        _ => None,
    }
}

impl Driver<'_> {
    /// One step of the run.
    pub async fn step(&mut self, length: Length) -> Result<(), Failure> {
        self.swarm.turn(&mut self.dice);
        self.misfortune().await?;
        let waiting = self.gate.waiting();
        let some = |yes: bool, weight| if yes { weight } else { 0 };
        let may_ask = self.operations < length.operations && self.under_way.len() < CLIENTS_MAX;
        let weights = [
            some(!waiting.is_empty(), 60),
            some(may_ask, 10),
            some(self.pumping("changefeed") == 0, 8),
            some(self.pumping("waitlist-worker") < WORKERS_MAX, 8),
            some(self.pumping("notifier") < WORKERS_MAX, 6),
            some(self.system.now() >= self.next_tick_at, 10),
            some(waiting.len() < 2, 6),
            some(self.pumping("registries") == 0, 2),
            some(self.pumping("retention") == 0, 2),
            some(self.pumping("scanner") < WORKERS_MAX, 2),
        ];
        match self.dice.weighed(&weights) {
            Some(0) => self.let_one_pass(&waiting)?,
            Some(1) => {
                self.clock_error();
                self.ask()?;
            }
            Some(2) => self.stream(),
            Some(3) => self.queue("waitlist-worker"),
            Some(4) => self.queue("notifier"),
            Some(5) => self.tick(),
            Some(7) => self.queue("registries"),
            Some(8) => self.queue("retention"),
            Some(9) => self.queue("scanner"),
            _ => self.wait().await,
        }
        if let Some(posted) = self.uploads.post(&mut self.dice, &self.system).await {
            self.recorder.note(self.system.now(), posted);
        }
        let ms = i64::try_from(self.dice.below(12))?;
        self.advance(TimeDelta::milliseconds(ms)).await;
        self.still().await;
        Ok(())
    }

    /// Lets a request pass, well or badly.
    fn let_one_pass(&mut self, waiting: &[Asked]) -> Result<(), Failure> {
        let Some(asked) = self.dice.pick(waiting).cloned() else { return Ok(()) };
        let now = self.system.now();
        let target = format!("{} {}", asked.operation, asked.id);
        if asked.orphan == Orphan::Yes && self.dice.strikes(300) {
            // Its sender is gone, and so it was lost on the way.
            return self.pass(&asked, Some(Fault::Refused), None);
        }
        if asked.orphan == Orphan::No && self.swarm.strikes(Kind::Late, &mut self.dice) {
            self.recorder.fault(now, Kind::Late, &target);
            self.gate.let_down(asked.id);
            return Ok(());
        }
        let fault = self.fault_of(&asked, waiting);
        if let Some((kind, _)) = fault {
            self.recorder.fault(now, kind, &target);
        }
        let lag = self.lag(&asked);
        if lag.is_some() {
            self.recorder.fault(now, Kind::IndexLag, &target);
        }
        self.pass(&asked, fault.map(|(_, fault)| fault), lag)
    }

    pub(super) fn pass(
        &mut self,
        asked: &Asked,
        fault: Option<Fault>,
        lag: Option<TimeDelta>,
    ) -> Result<(), Failure> {
        let now = self.system.now();
        let too_late = asked.orphan == Orphan::Yes && asked.at.elapsed() > FLIGHT_MAX;
        let fault = if too_late { Some(Fault::Refused) } else { fault };
        let indexed = &self.recorder.indexed;
        let passed = self.system.0.house.services.let_pass(&self.gate, asked.id, fault, |call, answer| {
            if let Some(lag) = lag {
                lag_behind(call, answer, indexed, now - lag);
            }
        });
        let Some(Passed::Done(call)) = passed else { return Ok(()) };
        let by = asked.invocation.as_ref().map_or("nobody", |call| call.package.as_str()).to_owned();
        match call.service {
            Service::Table => self.recorder.commits(&self.system, &by)?,
            Service::Mail | Service::Sms => self.recorder.letters(&self.system)?,
            Service::Queues | Service::Keys | Service::Files => {}
        }
        Ok(())
    }

    fn fault_of(&mut self, asked: &Asked, waiting: &[Asked]) -> Option<(Kind, Fault)> {
        let met = waiting
            .iter()
            .any(|other| other.id != asked.id && other.writes.iter().any(|key| asked.writes.contains(key)));
        let kinds = [
            (Kind::Throttled, Fault::Throttled),
            (Kind::Refused, Fault::Refused),
            (Kind::AnswerLost, Fault::AnswerLost),
        ];
        if !asked.writes.is_empty() {
            // Two writes on their way to one item meet more often than not where faults are on at all.
            let conflict = self.swarm.strikes(Kind::Conflict, &mut self.dice);
            if conflict && (met || self.dice.strikes(200)) {
                return Some((Kind::Conflict, Fault::Conflict));
            }
        }
        kinds.into_iter().find(|(kind, _)| self.swarm.strikes(*kind, &mut self.dice))
    }

    fn lag(&mut self, asked: &Asked) -> Option<TimeDelta> {
        let strikes = &*asked.operation == "Query" && self.swarm.strikes(Kind::IndexLag, &mut self.dice);
        strikes.then(|| {
            let ms = self.dice.between(1, u64::try_from(LAG_MAX.num_milliseconds()).unwrap_or(1));
            TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(1))
        })
    }

    fn clock_error(&mut self) {
        let error = if self.swarm.strikes(Kind::ClockError, &mut self.dice) {
            let ms = i64::try_from(self.dice.below(4_000)).unwrap_or(0) - 2_000;
            self.recorder.fault(self.system.now(), Kind::ClockError, &format!("{ms} ms"));
            TimeDelta::milliseconds(ms)
        } else {
            TimeDelta::zero()
        };
        self.system.0.house.invocations.set_clock_error(error);
    }

    pub(super) fn stream(&mut self) {
        self.clock_error();
        self.twist("changefeed");
        self.pump("changefeed", |system| async move {
            for feed in &system.0.streams {
                let _ = feed.pump(&system.0.house, &system.0.functions).await;
            }
        });
    }

    /// Every queue that the template has.
    pub(super) fn queues(&mut self) {
        let feeds = self.system.0.queues.iter();
        let packages: BTreeSet<String> = feeds.map(|feed| feed.package.clone()).collect();
        packages.iter().for_each(|package| self.queue(package));
    }

    fn queue(&mut self, package: &str) {
        self.clock_error();
        self.twist(package);
        let served = package.to_owned();
        self.pump(package, move |system| async move {
            let package = served;
            for feed in system.0.queues.iter().filter(|feed| feed.package == package) {
                let _ = feed.deliver_batch(&system.0.house, &system.0.functions).await;
            }
        });
    }

    /// What goes wrong with the next delivery to a function.
    fn twist(&mut self, package: &str) {
        let now = self.system.now();
        let deliveries = self.system.deliveries().clone();
        deliveries.clear();
        if self.swarm.strikes(Kind::DuplicateDelivery, &mut self.dice) {
            self.recorder.fault(now, Kind::DuplicateDelivery, package);
            match self.dice.strikes(500) {
                true => deliveries.duplicate_next(package, 1),
                false => deliveries.double_next(package),
            }
        }
        if self.swarm.strikes(Kind::ReorderedDelivery, &mut self.dice) {
            self.recorder.fault(now, Kind::ReorderedDelivery, package);
            deliveries.reorder(package);
        }
        if package == "waitlist-worker" && self.swarm.strikes(Kind::LostRecord, &mut self.dice) {
            self.recorder.fault(now, Kind::LostRecord, package);
            deliveries.drop_next(package, 1);
        }
    }

    pub(super) fn tick(&mut self) {
        let now = self.system.now();
        self.next_tick_at = now + TimeDelta::minutes(1);
        if self.swarm.strikes(Kind::MissedTick, &mut self.dice) {
            self.recorder.fault(now, Kind::MissedTick, "clock");
            self.missed_a_tick = true;
            return;
        }
        if std::mem::take(&mut self.missed_a_tick) {
            // What this one does comes late by the one before.
            self.recorder.lasts(Kind::MissedTick);
        }
        let doubled = self.swarm.strikes(Kind::DoubledTick, &mut self.dice);
        if doubled {
            self.recorder.fault(now, Kind::DoubledTick, "clock");
        }
        for _ in 0..if doubled { 2 } else { 1 } {
            self.clock_error();
            self.recorder.note(now, What::Tick);
            self.pump("clock", |system| async move {
                system.tick().await;
            });
        }
    }

    /// Nothing much happens: seconds, minutes, now and then hours.
    async fn wait(&mut self) {
        let now = self.system.now();
        if self.clients.iter().any(|client| client.is_at_an_office(now)) && self.dice.strikes(850) {
            let seconds = self.dice.between(1, 150);
            return self.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap_or(1))).await;
        }
        // Not while something is on its way: nothing real is under way for half a day.
        if self.dice.strikes(LEAPS_PER_MILLE)
            && self.gate.waiting().is_empty()
            && self.system.stream_lag().await.is_ok_and(|lag| lag == 0)
        {
            let mut ends = self.recorder.offers.ends();
            // The next day at the latest: nobody sleeps for weeks.
            let soon = |end: &DateTime<Utc>| (now..now + TimeDelta::hours(36)).contains(end);
            ends.extend(self.recorder.papers.ends().into_iter().filter(soon));
            let then = match self.dice.pick(&ends) {
                Some(end) if self.dice.strikes(700) => about_an_end(&mut self.dice, *end),
                _ => about_a_start(&mut self.dice, now),
            };
            if then > now {
                return self.advance(then - now).await;
            }
        }
        let seconds = match self.dice.below(100) {
            0..=54 => self.dice.between(1, 20),
            55..=79 => self.dice.between(20, 300),
            80..=94 => self.dice.between(300, 3_600),
            _ => self.dice.between(3_600, 8 * 3_600),
        };
        self.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap_or(1))).await;
    }

    /// What goes wrong besides single requests and deliveries.
    async fn misfortune(&mut self) -> Result<(), Failure> {
        let now = self.system.now();
        self.come_up();
        for kind in [Kind::MailDown, Kind::SmsDown, Kind::KeysDown, Kind::QueuesDown, Kind::RegistriesDown] {
            if !self.down.contains_key(&kind) && self.swarm.strikes(kind, &mut self.dice) {
                self.recorder.fault(now, kind, "provider");
                let steps = self.dice.between(DOWN_STEPS.0, DOWN_STEPS.1);
                self.down.insert(kind, u32::try_from(steps)?);
                self.bring_down(kind);
            }
        }
        if !self.under_way.is_empty() && self.swarm.strikes(Kind::GaveUp, &mut self.dice) {
            let at = usize::try_from(self.dice.below(self.under_way.len() as u64))?;
            let under_way = self.under_way.remove(at);
            under_way.task.abort();
            self.recorder.fault(now, Kind::GaveUp, &format!("operation {}", under_way.op));
            let outcome = checker::history::Outcome::Unknown;
            self.recorder.note(now, What::Return { op: under_way.op, outcome });
        }
        if self.swarm.strikes(Kind::Crash, &mut self.dice) {
            let running = self.system.0.house.invocations.running();
            if let Some(call) = self.dice.pick(&running).cloned() {
                self.recorder.fault(now, Kind::Crash, &call.package);
                self.recorder.note(now, What::Crash { function: call.package.clone() });
                self.system.0.house.invocations.kill(call.id);
                self.still().await;
            }
        }
        if self.swarm.strikes(Kind::Stall, &mut self.dice) {
            self.recorder.fault(now, Kind::Stall, "everything");
            let seconds = self.dice.between(1, 120);
            self.advance(TimeDelta::seconds(i64::try_from(seconds)?)).await;
            self.still().await;
        }
        let now = self.system.now();
        if self.swarm.strikes(Kind::LateSweep, &mut self.dice) {
            self.recorder.fault(now, Kind::LateSweep, "table");
            self.system.sweep().await?;
            self.recorder.commits(&self.system, "ttl")?;
        }
        if self.swarm.strikes(Kind::Poison, &mut self.dice) {
            let names: Vec<String> =
                self.system.0.queues.iter().map(|feed| feed.queue_name().to_owned()).collect();
            if let Some(queue) = self.dice.pick(&names).cloned() {
                self.recorder.fault(now, Kind::Poison, &queue);
                let poison = Outgoing { body: POISON.to_owned(), ..Outgoing::default() };
                self.system.queues().send(&queue, &[poison])?;
            }
        }
        if self.swarm.strikes(Kind::Restart, &mut self.dice) {
            self.recorder.fault(now, Kind::Restart, "everything");
            self.recorder.note(now, What::Crash { function: "everything".to_owned() });
            self.restart().await?;
            self.recorder.note(now, What::Restart);
        }
        Ok(())
    }

    /// Switches a service off, or has registries misbehave in some way.
    pub(super) fn bring_down(&mut self, kind: Kind) {
        match service_of(kind) {
            Some(service) => self.system.faults().down(service),
            None => {
                let mood = self.dice.pick(&MOODS).copied().unwrap_or_default();
                self.system.registries().set(mood);
            }
        }
    }

    /// Services that were down for long enough come back.
    fn come_up(&mut self) {
        for kind in self.down.keys() {
            self.recorder.lasts(*kind);
        }
        for steps in self.down.values_mut() {
            *steps = steps.saturating_sub(1);
        }
        let back: Vec<Kind> =
            self.down.iter().filter(|(_, steps)| **steps == 0).map(|(kind, _)| *kind).collect();
        for kind in back {
            self.down.remove(&kind);
            match service_of(kind) {
                Some(service) => self.system.faults().up(service),
                None => self.system.registries().set(Mood::Well),
            }
        }
    }
}

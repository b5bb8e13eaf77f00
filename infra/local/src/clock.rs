//! The runner's clock and its source of chance: real time with an offset, or frozen time that moves by hand.

use crate::invocation::Invocation;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a system measures time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeMode {
    /// The machine's clock moved forward by `offset`. The offset kept in the data directory wins when it is larger.
    Real { offset: TimeDelta },
    /// Time stands at this instant until it is moved. An instant kept in the data directory wins when it is later.
    Frozen { at: DateTime<Utc> },
}

/// Time and chance for everything in the process: the functions, the queues, the recorders.
///
/// It never goes back, also not over a restart: what was due would be due a second time.
#[derive(Debug)]
pub struct RunnerClock {
    mode: Mutex<TimeMode>,
    chance: Mutex<Option<Chance>>,
}

#[derive(Debug)]
struct Chance {
    root: [u8; 32],
    drawn: u64,
}

impl RunnerClock {
    pub(crate) fn new(mode: TimeMode, seed: Option<[u8; 32]>) -> Self {
        Self { mode: Mutex::new(mode), chance: Mutex::new(seed.map(|root| Chance { root, drawn: 0 })) }
    }

    /// The machine's own time: for what goes on outside any system.
    pub(crate) fn machine() -> DateTime<Utc> {
        machine_now()
    }

    /// The present instant, to the microsecond.
    pub fn now(&self) -> DateTime<Utc> {
        match *lock(&self.mode) {
            TimeMode::Real { offset } => machine_now() + offset,
            TimeMode::Frozen { at } => at,
        }
    }

    /// 32 bytes of chance: drawn from the seed in order when there is one, else from the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give; nothing can be kept secret then.
    pub fn seed(&self) -> [u8; 32] {
        if let Some(chance) = lock(&self.chance).as_mut() {
            chance.drawn += 1;
            return Sha256::new()
                .chain_update(chance.root)
                .chain_update(chance.drawn.to_be_bytes())
                .finalize()
                .into();
        }
        let mut seed = [0; 32];
        #[expect(clippy::disallowed_methods, reason = "the runner's clock is the local door of chance")]
        #[expect(clippy::expect_used, reason = "without randomness no secret may be made")]
        getrandom::fill(&mut seed).expect("the operating system gives randomness");
        seed
    }

    /// Moves on to `to`; a time that has passed already changes nothing. Returns the mode to be kept on disk.
    pub(crate) fn move_to(&self, to: DateTime<Utc>) -> TimeMode {
        let mut mode = lock(&self.mode);
        match &mut *mode {
            TimeMode::Real { offset } => *offset = (*offset).max(to - machine_now()),
            TimeMode::Frozen { at } => *at = (*at).max(to),
        }
        *mode
    }
}

fn machine_now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the runner's clock is the local door of time")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A lock whose holder panicked still guards sound data here: every critical section is a single assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl domain::Clock for RunnerClock {
    fn now(&self) -> DateTime<Utc> {
        let error = Invocation::current().map_or(TimeDelta::zero(), |invocation| invocation.clock_error);
        RunnerClock::now(self) + error
    }

    fn seed(&self) -> [u8; 32] {
        RunnerClock::seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_time_moves_forward_only() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let clock = RunnerClock::new(TimeMode::Frozen { at: start }, Some([7; 32]));
        assert_eq!(clock.now(), start);
        clock.move_to(start + TimeDelta::hours(1));
        clock.move_to(start);
        assert_eq!(clock.now(), start + TimeDelta::hours(1));
    }

    #[test]
    fn the_same_seed_draws_the_same_chance() {
        let draw = || {
            let clock = RunnerClock::new(TimeMode::Real { offset: TimeDelta::zero() }, Some([1; 32]));
            [clock.seed(), clock.seed()]
        };
        assert_eq!(draw(), draw());
        assert_ne!(draw()[0], draw()[1]);
    }
}

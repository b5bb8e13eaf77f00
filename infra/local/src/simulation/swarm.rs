//! What goes wrong in a run: each seed switches some kinds of fault on, each with a rate of its own.

use super::dice::Dice;
use std::collections::BTreeMap;

/// Every kind of fault (see the table of faults in README).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A write meets another one on an item.
    Conflict,
    Throttled,
    /// The service fails before it does anything.
    Refused,
    /// Done, and the answer is lost.
    AnswerLost,
    /// No answer in time; the request takes effect later, or never.
    Late,
    /// An index shows the state of up to 30 s ago.
    IndexLag,
    /// A function is killed on the spot.
    Crash,
    /// Everything is killed and started again on what is on disk.
    Restart,
    /// A batch is delivered twice at the same time.
    DuplicateDelivery,
    /// A batch comes backwards; a stream keeps the order of each item.
    ReorderedDelivery,
    /// A record about freed cells is lost for good.
    LostRecord,
    /// The schedule's minute is skipped.
    MissedTick,
    /// The schedule's minute comes twice at the same time.
    DoubledTick,
    /// A function's clock is off by up to two seconds.
    ClockError,
    MailDown,
    SmsDown,
    KeysDown,
    QueuesDown,
    /// Registries are slow, fail, say two things at once or nothing that makes sense.
    RegistriesDown,
    /// A client stops waiting for an answer.
    GaveUp,
    /// Requests stand still for seconds or minutes.
    Stall,
    /// Expired items are swept at any time.
    LateSweep,
    /// A message that nobody can read.
    Poison,
}

impl Kind {
    pub const ALL: [Kind; 23] = [
        Kind::Conflict,
        Kind::Throttled,
        Kind::Refused,
        Kind::AnswerLost,
        Kind::Late,
        Kind::IndexLag,
        Kind::Crash,
        Kind::Restart,
        Kind::DuplicateDelivery,
        Kind::ReorderedDelivery,
        Kind::LostRecord,
        Kind::MissedTick,
        Kind::DoubledTick,
        Kind::ClockError,
        Kind::MailDown,
        Kind::SmsDown,
        Kind::KeysDown,
        Kind::QueuesDown,
        Kind::RegistriesDown,
        Kind::GaveUp,
        Kind::Stall,
        Kind::LateSweep,
        Kind::Poison,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Conflict => "conflict",
            Kind::Throttled => "throttled",
            Kind::Refused => "refused",
            Kind::AnswerLost => "answer-lost",
            Kind::Late => "late",
            Kind::IndexLag => "index-lag",
            Kind::Crash => "crash",
            Kind::Restart => "restart",
            Kind::DuplicateDelivery => "duplicate-delivery",
            Kind::ReorderedDelivery => "reordered-delivery",
            Kind::LostRecord => "lost-record",
            Kind::MissedTick => "missed-tick",
            Kind::DoubledTick => "doubled-tick",
            Kind::ClockError => "clock-error",
            Kind::MailDown => "mail-down",
            Kind::SmsDown => "sms-down",
            Kind::KeysDown => "keys-down",
            Kind::QueuesDown => "queues-down",
            Kind::RegistriesDown => "registries-down",
            Kind::GaveUp => "gave-up",
            Kind::Stall => "stall",
            Kind::LateSweep => "late-sweep",
            Kind::Poison => "poison",
        }
    }

    /// The highest rate in a thousand chances: faults of single requests may be frequent, a restart not.
    fn rate_max(self) -> u64 {
        match self {
            Kind::Conflict | Kind::ClockError | Kind::IndexLag => 300,
            Kind::DuplicateDelivery | Kind::ReorderedDelivery => 300,
            Kind::DoubledTick => 900,
            Kind::MissedTick => 500,
            Kind::LostRecord => 50,
            Kind::Throttled | Kind::Refused | Kind::AnswerLost | Kind::Late => 25,
            Kind::Crash | Kind::GaveUp => 8,
            Kind::Stall => 4,
            Kind::MailDown | Kind::SmsDown | Kind::KeysDown | Kind::QueuesDown => 2,
            Kind::RegistriesDown => 8,
            Kind::LateSweep | Kind::Poison => 2,
            Kind::Restart => 3,
        }
    }
}

/// The faults of one run.
#[derive(Debug)]
pub struct Swarm {
    rates: BTreeMap<Kind, u64>,
    /// Whether a burst is on: everything is five times as frequent for a while.
    burst: Burst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Burst {
    Off,
    On,
}

impl Swarm {
    /// About half of all kinds, each with a rate between a twentieth and the whole of its highest. One seed in ten
    /// has none at all.
    pub fn draw(dice: &mut Dice) -> Self {
        let mut rates = BTreeMap::new();
        if !dice.strikes(100) {
            for kind in Kind::ALL {
                let rate = (kind.rate_max() * dice.between(50, 1_000) / 1_000).max(1);
                if dice.strikes(500) {
                    rates.insert(kind, rate);
                }
            }
        }
        Self { rates, burst: Burst::Off }
    }

    /// From now on nothing goes wrong.
    pub fn calm(&mut self) {
        self.rates.clear();
        self.burst = Burst::Off;
    }

    /// Begins or ends a burst, now and then.
    pub fn turn(&mut self, dice: &mut Dice) {
        let per_mille = if self.burst == Burst::On { 100 } else { 5 };
        if dice.strikes(per_mille) {
            self.burst = if self.burst == Burst::On { Burst::Off } else { Burst::On };
        }
    }

    /// Whether a fault of the kind strikes now.
    pub fn strikes(&self, kind: Kind, dice: &mut Dice) -> bool {
        let Some(rate) = self.rates.get(&kind) else { return false };
        let rate = if self.burst == Burst::On { (rate * 5).min(700) } else { *rate };
        dice.strikes(rate)
    }
}

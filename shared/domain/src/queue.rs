//! What staff decide, in queues: what waits in them, where, for how long, and who has it for themselves (OFC-6).

use crate::{OfficeId, RegionId, StaffId};
use chrono::{DateTime, TimeDelta, Utc};

/// How long whoever took something that waits has it for themselves.
pub const TAKEN_FOR: TimeDelta = TimeDelta::minutes(30);

/// A queue, in the place whose staff serve it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Video checks, at the office that was asked for one.
    Checks(OfficeId),
    /// Cabinets that are to be unlocked.
    Unlocks(OfficeId),
    /// Policies of which insurers said nothing clear, where their holders are registered.
    Policies(RegionId),
    /// Applications to act for others, where whoever asks is registered.
    Grants(RegionId),
}

/// How long something waits: of nobody does it say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub since: DateTime<Utc>,
    /// By when it is to be decided.
    pub deadline: DateTime<Utc>,
}

impl Wait {
    /// Whole minutes.
    pub fn age_min(&self, now: DateTime<Utc>) -> i64 {
        (now - self.since).num_minutes()
    }

    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        now > self.deadline
    }
}

/// By whom something was taken, and until when they have it for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub by: StaffId,
    pub until: DateTime<Utc>,
    /// A keyed number of what they were shown to compare, where it may be another before they decide.
    pub seen: Option<u64>,
}

impl Taken {
    /// Taken now, by somebody: until [`TAKEN_FOR`] is over.
    pub fn now(by: StaffId, now: DateTime<Utc>) -> Self {
        Self { by, until: now + TAKEN_FOR, seen: None }
    }

    /// Who has it now.
    pub fn holds(&self, now: DateTime<Utc>) -> Option<StaffId> {
        (now < self.until).then_some(self.by)
    }
}

//! A cabinet whose owner has lost phone, address and second factor: opened at an office, decided by somebody else, and open to a new
//! phone a day after the old contacts were told (ACC-6, OFC-6).

use crate::staff::IdentifiedBy;
use crate::{CitizenId, OfficeId, StaffId, UnlockId};
use chrono::{DateTime, TimeDelta, Utc};

/// By when it is to be decided.
pub const UNLOCK_DECIDED_WITHIN: TimeDelta = TimeDelta::hours(24);
/// How long the owner can stop it, from the decision on.
pub const UNLOCK_WAITS: TimeDelta = TimeDelta::hours(24);
/// How long the new phone is good for from then on.
pub const UNLOCK_OPEN_FOR: TimeDelta = TimeDelta::days(7);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnlockState {
    /// Somebody else is to decide.
    Waiting,
    Refused,
    /// The old contacts are told; the owner may stop it.
    Approved,
    Stopped,
    /// The cabinet has the new phone.
    Done,
}

impl UnlockState {
    pub const ALL: [UnlockState; 5] = [
        UnlockState::Waiting,
        UnlockState::Refused,
        UnlockState::Approved,
        UnlockState::Stopped,
        UnlockState::Done,
    ];

    pub fn name(self) -> &'static str {
        match self {
            UnlockState::Waiting => "waiting",
            UnlockState::Refused => "refused",
            UnlockState::Approved => "approved",
            UnlockState::Stopped => "stopped",
            UnlockState::Done => "done",
        }
    }
}

/// A citizen's last unlock; the phone and the reasons are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlock {
    pub id: UnlockId,
    pub citizen: CitizenId,
    pub office: OfficeId,
    pub state: UnlockState,
    pub asked_at: DateTime<Utc>,
    pub opened_by: StaffId,
    /// How whoever opened it knew who stood there.
    pub identified: IdentifiedBy,
    pub decided: Option<(StaffId, DateTime<Utc>)>,
    pub phone: Vec<u8>,
    /// Why it was opened, and why it was decided so.
    pub why: Vec<u8>,
    pub reason: Option<Vec<u8>>,
    pub version: u64,
}

impl Unlock {
    /// By when somebody else is to decide.
    pub fn deadline(&self) -> DateTime<Utc> {
        self.asked_at + UNLOCK_DECIDED_WITHIN
    }

    /// From when on the new phone opens the cabinet, and until when; none while nobody has agreed.
    pub fn opens(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (_, at) = self.decided.filter(|_| self.state == UnlockState::Approved)?;
        Some((at + UNLOCK_WAITS, at + UNLOCK_WAITS + UNLOCK_OPEN_FOR))
    }

    /// Whether another may be opened: what waits too long for its phone is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            UnlockState::Waiting => false,
            UnlockState::Approved => self.opens().is_none_or(|(_, until)| now >= until),
            UnlockState::Refused | UnlockState::Stopped | UnlockState::Done => true,
        }
    }
}

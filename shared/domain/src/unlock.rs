//! A cabinet whose owner has lost phone, address and second factor: opened at an office, decided by somebody else, and open to a new
//! phone a day after the old contacts were told (ACC-6, OFC-6).

use crate::citizen::Name;
use crate::profile::{Inn, Snils};
use crate::staff::IdentifiedBy;
use crate::{CitizenId, OfficeId, StaffId, UnlockId};
use chrono::{DateTime, TimeDelta, Utc};

/// By when it is to be decided.
pub const UNLOCK_DECIDED_WITHIN: TimeDelta = TimeDelta::hours(24);
/// How long the owner can stop it, from the decision on.
pub const UNLOCK_WAITS: TimeDelta = TimeDelta::hours(24);
/// How long one that was asked for from afar waits for somebody to see the person, and any for somebody to decide: who it was is seen
/// anew after that.
pub const ASKED_OPEN_FOR: TimeDelta = TimeDelta::days(7);
/// How long what was said is kept after it was asked: whatever became of it, it is over by then.
pub const ASKED_KEPT: TimeDelta = TimeDelta::days(8);
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

    /// Whether another may be opened: what waits too long for somebody to decide, or for its phone, is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            UnlockState::Waiting => now >= self.asked_at + ASKED_OPEN_FOR,
            UnlockState::Approved => self.opens().is_none_or(|(_, until)| now >= until),
            UnlockState::Refused | UnlockState::Stopped | UnlockState::Done => true,
        }
    }
}

/// How a request stands that was made from afar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AskedState {
    /// Nobody has seen the person yet.
    Asked,
    /// Somebody has: there is an unlock from then on.
    Seen,
    Refused,
}

impl AskedState {
    pub const ALL: [AskedState; 3] = [AskedState::Asked, AskedState::Seen, AskedState::Refused];

    pub fn name(self) -> &'static str {
        match self {
            AskedState::Asked => "asked",
            AskedState::Seen => "seen",
            AskedState::Refused => "refused",
        }
    }
}

/// Somebody who cannot come wants a cabinet opened to another phone. Whose it is nobody knows before a member looks: what is kept
/// of it is the same whether there is such a cabinet or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedUnlock {
    pub id: UnlockId,
    pub office: OfficeId,
    pub asked_at: DateTime<Utc>,
    pub state: AskedState,
    /// Written down on a call: by whom, and of whom, whom they identified by what was said or read back.
    pub called: Option<(StaffId, CitizenId)>,
    pub decided: Option<(StaffId, DateTime<Utc>)>,
    /// [`AskedSaid`], sealed.
    pub said: Vec<u8>,
    pub reason: Option<Vec<u8>>,
    pub version: u64,
}

impl AskedUnlock {
    pub fn deadline(&self) -> DateTime<Utc> {
        self.asked_at + UNLOCK_DECIDED_WITHIN
    }

    /// Whether somebody is to see the person still.
    pub fn waits(&self, now: DateTime<Utc>) -> bool {
        self.state == AskedState::Asked && now < self.asked_at + ASKED_OPEN_FOR
    }
}

/// The number by which somebody says who they are, besides their name (ACC-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonNumber {
    Snils(Snils),
    Inn(Inn),
}

impl PersonNumber {
    /// Its digits: the two differ in how many they have.
    pub fn as_str(&self) -> &str {
        match self {
            PersonNumber::Snils(snils) => snils.as_str(),
            PersonNumber::Inn(inn) => inn.as_str(),
        }
    }
}

/// What is said by whoever asks.
#[derive(Clone, PartialEq, Eq)]
pub struct AskedSaid {
    /// What one signs in with, who one is; none where a member knows whom it is about.
    pub who: Option<(String, Name, PersonNumber)>,
    /// The new one; E.164.
    pub phone: String,
    pub why: String,
}

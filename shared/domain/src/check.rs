//! A video check: an operator sees a person and their paper, and says whether it is they (ACC-9, OFC-6).

use crate::catalogue::{Office, WorkingCalendar};
use crate::schedule::open_intervals;
use crate::{CheckId, CitizenId, OfficeId, StaffId};
use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// How soon a check can be asked for, and how far ahead.
pub const CHECK_LEAD: TimeDelta = TimeDelta::minutes(15);
pub const CHECK_AHEAD: TimeDelta = TimeDelta::days(14);
/// Bytes of a link to a room.
pub const ROOM_MAX: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckState {
    Waiting,
    /// By one operator, who is the only one to decide.
    Taken,
    Confirmed,
    Refused,
    /// By the citizen.
    Withdrawn,
}

impl CheckState {
    pub const ALL: [CheckState; 5] = [
        CheckState::Waiting,
        CheckState::Taken,
        CheckState::Confirmed,
        CheckState::Refused,
        CheckState::Withdrawn,
    ];

    pub fn name(self) -> &'static str {
        match self {
            CheckState::Waiting => "waiting",
            CheckState::Taken => "taken",
            CheckState::Confirmed => "confirmed",
            CheckState::Refused => "refused",
            CheckState::Withdrawn => "withdrawn",
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, CheckState::Waiting | CheckState::Taken)
    }
}

/// A citizen's last check; the room's link and the reason are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub id: CheckId,
    pub citizen: CitizenId,
    pub office: OfficeId,
    /// For when it was asked: until then it is to be taken.
    pub wished_at: DateTime<Utc>,
    pub asked_at: DateTime<Utc>,
    pub state: CheckState,
    pub member: Option<StaffId>,
    pub room: Option<Vec<u8>>,
    pub reason: Option<Vec<u8>>,
    pub version: u64,
}

/// Why a check cannot be wished for then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotThen {
    TooSoon,
    TooFar,
    /// Nobody works at the office at that time.
    Shut,
}

/// Whether somebody is there to take a check at a time.
///
/// # Errors
/// [`NotThen`].
pub fn wishable(
    calendar: &WorkingCalendar,
    office: &Office,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), NotThen> {
    if at < now + CHECK_LEAD {
        return Err(NotThen::TooSoon);
    }
    if at > now + CHECK_AHEAD {
        return Err(NotThen::TooFar);
    }
    let local = at.with_timezone(&office.zone);
    let cell = u16::try_from((local.hour() * 60 + local.minute()) / 5).unwrap_or(0);
    let open = office.windows.iter().any(|window| {
        open_intervals(calendar, office, window, local.date_naive())
            .iter()
            .any(|range| range.from() <= cell && cell < range.to())
    });
    if open { Ok(()) } else { Err(NotThen::Shut) }
}

/// Whether a text is the address of a room: by https, with a host, and nothing that cannot be in one.
pub fn is_room(given: &str) -> bool {
    let host = given.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    given.len() <= ROOM_MAX
        && given.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'))
        && host.is_some_and(|host| host.contains('.') && !host.contains('@'))
}

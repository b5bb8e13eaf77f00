//! One person's place in line for one service, and whether a slot may go to it.

use super::{Wish, offer_until};
use crate::active::{Active, CannotHold};
use crate::appointment::{Actor, Seat};
use crate::limits::{CUT_OFF, DECLINED_KEPT, OFFERS_A_DAY};
use crate::{AppointmentId, CitizenId, OfferId, OfficeId, OperationId, ServiceId, StaffId, Ticket};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// The priority class: set by rule from the citizen's record, never self-declared (WTL-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Class {
    Urgent,
    /// The office gave up their appointment: they are offered others before anybody else hears of them (OFC-5).
    Displaced,
    Privileged,
    #[default]
    Ordinary,
}

impl Class {
    pub const ALL: [Class; 4] = [Class::Urgent, Class::Displaced, Class::Privileged, Class::Ordinary];

    pub fn name(self) -> &'static str {
        match self {
            Class::Urgent => "urgent",
            Class::Displaced => "displaced",
            Class::Privileged => "privileged",
            Class::Ordinary => "ordinary",
        }
    }

    /// Its digit in keys: sorts before the ticket, the least first.
    pub fn digit(self) -> char {
        match self {
            Class::Urgent => '1',
            Class::Displaced => '2',
            Class::Privileged => '3',
            Class::Ordinary => '5',
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryState {
    Waiting,
    Paused,
    Left,
    Served,
}

impl EntryState {
    pub const ALL: [EntryState; 4] =
        [EntryState::Waiting, EntryState::Paused, EntryState::Left, EntryState::Served];

    pub fn name(self) -> &'static str {
        match self {
            EntryState::Waiting => "waiting",
            EntryState::Paused => "paused",
            EntryState::Left => "left",
            EntryState::Served => "served",
        }
    }
}

/// What happened to a place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryAction {
    Joined,
    Paused,
    Resumed,
    Left,
    Offered,
    Accepted,
    Declined,
    Lapsed,
    /// The second silence in a row pauses the entry.
    PausedBySilence,
    /// Booked without an offer.
    Booked,
    PassedOver,
}

impl EntryAction {
    pub const ALL: [EntryAction; 11] = [
        EntryAction::Joined,
        EntryAction::Paused,
        EntryAction::Resumed,
        EntryAction::Left,
        EntryAction::Offered,
        EntryAction::Accepted,
        EntryAction::Declined,
        EntryAction::Lapsed,
        EntryAction::PausedBySilence,
        EntryAction::Booked,
        EntryAction::PassedOver,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EntryAction::Joined => "joined",
            EntryAction::Paused => "paused",
            EntryAction::Resumed => "resumed",
            EntryAction::Left => "left",
            EntryAction::Offered => "offered",
            EntryAction::Accepted => "accepted",
            EntryAction::Declined => "declined",
            EntryAction::Lapsed => "lapsed",
            EntryAction::PausedBySilence => "paused-by-silence",
            EntryAction::Booked => "booked",
            EntryAction::PassedOver => "passed-over",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChange {
    pub version: u64,
    pub actor: Actor,
    /// Who of the staff, if one did it.
    pub member: Option<StaffId>,
    /// Who did it for the citizen (ACC-10).
    pub representative: Option<CitizenId>,
    pub action: EntryAction,
    pub at: DateTime<Utc>,
    pub operation: OperationId,
    /// The offer it is about, with its start.
    pub offer: Option<(OfferId, DateTime<Utc>)>,
    /// Why one was passed over.
    pub why: Option<PassedOver>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub citizen: CitizenId,
    pub service: ServiceId,
    pub ticket: Ticket,
    pub class: Class,
    pub wish: Wish,
    pub state: EntryState,
    /// Rows of an older epoch are void.
    pub epoch: u64,
    /// The day from which the rows were reckoned; the same wish on another day may need others.
    pub rows_from: NaiveDate,
    /// The open offer.
    pub offer: Option<OfferId>,
    /// Starts that were declined or let lapse, the latest last.
    pub declined: Vec<(OfficeId, DateTime<Utc>)>,
    /// Offers left unanswered in a row.
    pub silences: u8,
    /// Offers made on the latest day on which any was.
    pub offers_on: Option<(NaiveDate, u8)>,
    pub version: u64,
    pub changes: Vec<EntryChange>,
    pub joined_at: DateTime<Utc>,
}

/// Why a slot did not go to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassedOver {
    NotWaiting,
    /// Their cabinet is closed to booking.
    Blocked,
    HasOpenOffer,
    DailyCap,
    OutsideWish,
    DeclinedBefore,
    CoolingDown,
    AlreadyBooked,
    Overlaps,
    TooMany,
    TooClose,
}

impl PassedOver {
    pub const ALL: [PassedOver; 11] = [
        PassedOver::NotWaiting,
        PassedOver::Blocked,
        PassedOver::HasOpenOffer,
        PassedOver::DailyCap,
        PassedOver::OutsideWish,
        PassedOver::DeclinedBefore,
        PassedOver::CoolingDown,
        PassedOver::AlreadyBooked,
        PassedOver::Overlaps,
        PassedOver::TooMany,
        PassedOver::TooClose,
    ];

    pub fn name(self) -> &'static str {
        match self {
            PassedOver::NotWaiting => "not-waiting",
            PassedOver::Blocked => "blocked",
            PassedOver::HasOpenOffer => "has-open-offer",
            PassedOver::DailyCap => "daily-cap",
            PassedOver::OutsideWish => "outside-wish",
            PassedOver::DeclinedBefore => "declined-before",
            PassedOver::CoolingDown => "cooling-down",
            PassedOver::AlreadyBooked => "already-booked",
            PassedOver::Overlaps => "overlaps",
            PassedOver::TooMany => "too-many",
            PassedOver::TooClose => "too-close",
        }
    }
}

/// A slot may go to this person until then; accepting gives up the appointment named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eligible {
    pub until: DateTime<Utc>,
    pub instead_of: Option<AppointmentId>,
}

impl Entry {
    /// Whether a freed seat may be offered to this entry now. Somebody who holds a later appointment
    /// for the service waits for an earlier one («раньше»).
    pub fn eligible(
        &self,
        active: &Active,
        seat: &Seat,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Eligible, PassedOver> {
        if self.state != EntryState::Waiting || active.ticket(&self.service) != Some(self.ticket) {
            return Err(PassedOver::NotWaiting);
        }
        if active.blocked {
            return Err(PassedOver::Blocked);
        }
        if self.offer.is_some() || active.offer.is_some() {
            return Err(PassedOver::HasOpenOffer);
        }
        let local = seat.starts_at.with_timezone(&zone).naive_local();
        if !self.wish.suits(&seat.office, local) {
            return Err(PassedOver::OutsideWish);
        }
        let today = now.with_timezone(&zone).date_naive();
        if self.offers_on.is_some_and(|(on, count)| on == today && count >= OFFERS_A_DAY) {
            return Err(PassedOver::DailyCap);
        }
        if self.declined.iter().any(|(office, start)| *office == seat.office && *start == seat.starts_at) {
            return Err(PassedOver::DeclinedBefore);
        }
        let held = active.held(&self.service, now);
        if let Some(held) = held {
            if seat.starts_at >= held.seat.starts_at {
                return Err(PassedOver::AlreadyBooked);
            }
            if now + CUT_OFF >= held.seat.starts_at {
                return Err(PassedOver::TooClose);
            }
        }
        let instead_of = held.map(|held| held.id);
        active.may_hold(&self.service, seat, instead_of, now).map_err(|cannot| match cannot {
            CannotHold::AlreadyBooked { .. } => PassedOver::AlreadyBooked,
            CannotHold::Overlapping { .. } | CannotHold::OverlapsOffer { .. } => PassedOver::Overlaps,
            CannotHold::TooMany => PassedOver::TooMany,
            CannotHold::CoolingDown { .. } => PassedOver::CoolingDown,
        })?;
        let until = offer_until(zone, now, seat.starts_at, held.map(|held| held.seat.starts_at));
        until.map(|until| Eligible { until, instead_of }).ok_or(PassedOver::TooClose)
    }

    /// One offer more on a day of the office.
    pub fn count_offer(&mut self, on: NaiveDate) {
        self.offers_on = match self.offers_on {
            Some((day, count)) if day == on => Some((day, count.saturating_add(1))),
            _ => Some((on, 1)),
        };
    }

    /// This start is not offered again.
    pub fn decline(&mut self, office: &OfficeId, starts_at: DateTime<Utc>) {
        self.declined.push((office.clone(), starts_at));
        let spare = self.declined.len().saturating_sub(DECLINED_KEPT);
        self.declined.drain(..spare);
    }
}

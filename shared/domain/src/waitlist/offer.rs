//! A freed slot held for one person (WTL-2, WTL-3).

use super::PassedOver;
use crate::appointment::Seat;
use crate::{CitizenId, OfferId, ServiceId, Ticket};
use chrono::{DateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferState {
    Open,
    Accepted,
    Declined,
    Lapsed,
}

impl OfferState {
    pub const ALL: [OfferState; 4] =
        [OfferState::Open, OfferState::Accepted, OfferState::Declined, OfferState::Lapsed];

    pub fn name(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Accepted => "accepted",
            OfferState::Declined => "declined",
            OfferState::Lapsed => "lapsed",
        }
    }
}

/// Somebody who stood before the one to whom the offer went, and why it was not them (WTL-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    pub citizen: CitizenId,
    /// The service they wait for, which may be another one of the window.
    pub service: ServiceId,
    pub ticket: Ticket,
    pub why: PassedOver,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: OfferId,
    pub citizen: CitizenId,
    /// The service that the person waits for.
    pub service: ServiceId,
    pub ticket: Ticket,
    pub seat: Seat,
    pub made_at: DateTime<Utc>,
    /// The first moment at which it can no longer be accepted.
    pub until: DateTime<Utc>,
    pub state: OfferState,
    /// The service that was given up: kept for the mark, should the cells be freed again.
    pub given_up: ServiceId,
    pub passed: Vec<Passed>,
    /// How many offers in a row the person had left unanswered when this one was made: another silence and the
    /// entry is paused.
    pub silences: u8,
    /// The version of the entry that this offer made; nothing but its end makes the next one.
    pub entry_version: u64,
    pub version: u64,
}

impl Offer {
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == OfferState::Open && now < self.until
    }
}

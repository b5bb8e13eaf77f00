//! An application that is signed electronically: what for, for how long a text can be signed, and what is known of who signed
//! (BKG-8).

use crate::{AppointmentId, OfferId, ServiceId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::fmt;

/// How long a text may take to be signed and sent with what it is for.
pub const TEXT_VALID: TimeDelta = TimeDelta::minutes(30);

/// Ranges of dates that one may name as preferred.
pub const PREFERRED_MAX: usize = 3;

/// What a text is signed for. It is good for nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Booking the service, at any time and office of the agency that the text names.
    Booking(ServiceId),
    /// Accepting the offer.
    Offer(OfferId),
    /// Correcting what was filled in for the appointment.
    Correction(AppointmentId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Booking(service) => write!(f, "service#{service}"),
            Subject::Offer(offer) => write!(f, "offer#{offer}"),
            Subject::Correction(appointment) => write!(f, "appointment#{appointment}"),
        }
    }
}

/// That an application is signed electronically.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// When the signature was verified.
    pub at: DateTime<Utc>,
    /// The version of the appointment that was made with it.
    pub version: u64,
    /// Who signed, by the name in their profile; none as long as the application is sealed.
    pub by: Option<String>,
}

/// What the certificate of whoever signed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Names by RFC 4514, cut after 2,000 characters.
    pub subject: String,
    pub issuer: String,
    /// Hexadecimal, with colons.
    pub serial: String,
    pub valid_from: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
}

/// Dates between which somebody would like to come, both included: of the office's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferred {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// What is wrong with a range of preferred dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPreferred {
    FromAfterTo,
    /// It begins before today.
    Past,
    /// Beyond the last date that can be booked.
    TooFar,
}

impl Preferred {
    /// Whether it can be preferred today, by the office's calendar; `last_on` is the last date that can be booked.
    ///
    /// # Errors
    /// [`NotPreferred`].
    pub fn check(&self, today: NaiveDate, last_on: NaiveDate) -> Result<(), NotPreferred> {
        match self {
            Self { from, to } if from > to => Err(NotPreferred::FromAfterTo),
            Self { from, .. } if *from < today => Err(NotPreferred::Past),
            Self { to, .. } if *to > last_on => Err(NotPreferred::TooFar),
            _ => Ok(()),
        }
    }
}

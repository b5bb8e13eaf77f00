//! What one beneficiary holds at the moment: the guard of every rule about a person (BKG-2, BKG-5).
//!
//! Every write about a person is conditioned on its version, so two of them never both win.

use crate::appointment::Seat;
use crate::cells::spans_overlap;
use crate::limits::{
    APPOINTMENTS_MAX, CANCELLED_FREELY, CANCELLED_KEPT, CANCELLED_WITHIN, COOL_DOWNS_KEPT, OPERATIONS_KEPT,
    PAUSED_FOR, RECONCILE_AFTER, REFUSALS_KEPT,
};
use crate::number::Number;
use crate::{AppointmentId, OfferId, OfficeId, ServiceId, Ticket, Ulid};
use chrono::{DateTime, Utc};

/// An appointment as its holder's guard knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub service: ServiceId,
    pub id: AppointmentId,
    pub seat: Seat,
    /// The appointment's number, for its row of the office's day.
    pub number: Number,
    /// The version of the appointment that this is.
    pub version: u64,
}

/// The one open offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOffer {
    pub id: OfferId,
    pub service: ServiceId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// A start that was given up and cannot be retaken for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoolDown {
    pub office: OfficeId,
    pub starts_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// A finished operation, for answering its retry (BKG-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Hash of the client's idempotency key.
    pub key: [u8; 16],
    /// Hash of what was asked.
    pub body: [u8; 8],
    pub result: Ulid,
}

/// An operation that was refused for good: no other try of it may do it any more (BKG-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Hash of the client's idempotency key.
    pub key: [u8; 16],
    /// Hash of what was asked.
    pub body: [u8; 8],
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Active {
    /// None as long as nothing was ever written.
    pub version: Option<u64>,
    pub appointments: Vec<Held>,
    pub offer: Option<OpenOffer>,
    pub waiting: Vec<(ServiceId, Ticket)>,
    pub cool_downs: Vec<CoolDown>,
    /// What the person cancelled themselves in the last days, oldest first.
    pub cancelled: Vec<(ServiceId, DateTime<Utc>)>,
    pub done: Vec<Done>,
    pub refused: Vec<Refused>,
    /// Whether the cabinet is closed to booking: what is freed goes to those behind ([`crate::citizen::Citizen::blocked`] says why).
    pub blocked: bool,
    /// When the clock has somebody looked after who waits and can take more than before; none once that was done.
    pub due_at: Option<DateTime<Utc>>,
}

/// What is known of an operation from its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Never,
    Same { result: Ulid },
    Refused,
    OtherBody,
}

/// Why a person cannot hold a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotHold {
    AlreadyBooked {
        appointment: AppointmentId,
    },
    Overlapping {
        appointment: AppointmentId,
    },
    /// The open offer for another service stands at that time.
    OverlapsOffer {
        offer: OfferId,
    },
    TooMany,
    CoolingDown {
        until: DateTime<Utc>,
    },
}

impl Active {
    /// Appointments that have not ended.
    pub fn current(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Held> {
        self.appointments.iter().filter(move |held| held.seat.ends_at > now)
    }

    pub fn held(&self, service: &ServiceId, now: DateTime<Utc>) -> Option<&Held> {
        self.current(now).find(|held| held.service == *service)
    }

    /// The person can take more than before: what lies freed or free goes down their lines once more.
    pub fn can_take_more(&mut self, now: DateTime<Utc>) {
        self.due_at = Some(now + RECONCILE_AFTER);
    }

    /// When the clock has the person looked after, if they wait for anything and may be offered it.
    pub fn looked_after_at(&self) -> Option<DateTime<Utc>> {
        self.due_at.filter(|_| self.offer.is_none() && !self.waiting.is_empty() && !self.blocked)
    }

    /// The cabinet is closed to booking, or open again: then what was freed meanwhile may be for them.
    pub fn block(&mut self, blocked: bool, now: DateTime<Utc>) {
        self.blocked = blocked;
        if !blocked {
            self.can_take_more(now);
        }
    }

    /// Waits for a service from now on.
    pub fn wait(&mut self, service: ServiceId, ticket: Ticket, now: DateTime<Utc>) {
        self.waiting.push((service, ticket));
        self.can_take_more(now);
    }

    /// The open offer has ended, whichever way.
    pub fn end_offer(&mut self, now: DateTime<Utc>) {
        if self.offer.take().is_some() {
            self.can_take_more(now);
        }
    }

    /// Whether the person may hold this seat for this service, besides what they hold; `instead_of`
    /// is given up for it.
    pub fn may_hold(
        &self,
        service: &ServiceId,
        seat: &Seat,
        instead_of: Option<AppointmentId>,
        now: DateTime<Utc>,
    ) -> Result<(), CannotHold> {
        let others: Vec<&Held> = self.current(now).filter(|held| Some(held.id) != instead_of).collect();
        if let Some(held) = others.iter().find(|held| held.service == *service) {
            return Err(CannotHold::AlreadyBooked { appointment: held.id });
        }
        if let Some(held) = others.iter().find(|held| spans_overlap(held.seat.span(), seat.span())) {
            return Err(CannotHold::Overlapping { appointment: held.id });
        }
        let offer = self.offer.as_ref().filter(|offer| offer.service != *service);
        if let Some(offer) = offer.filter(|o| spans_overlap((o.starts_at, o.ends_at), seat.span())) {
            return Err(CannotHold::OverlapsOffer { offer: offer.id });
        }
        if others.len() >= APPOINTMENTS_MAX {
            return Err(CannotHold::TooMany);
        }
        match self.cooling_down(&seat.office, seat.starts_at, now) {
            Some(until) => Err(CannotHold::CoolingDown { until }),
            None => Ok(()),
        }
    }

    /// Until when a service is paused for whoever cancelled it too often (BKG-7): they neither book it nor join its line.
    /// Whoever moves takes nothing from anybody, and whoever waits already has not chosen what they are offered.
    pub fn paused(&self, service: &ServiceId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of_service = |(cancelled, _): &&(ServiceId, DateTime<Utc>)| cancelled == service;
        let times: Vec<DateTime<Utc>> = self.cancelled.iter().filter(of_service).map(|(_, at)| *at).collect();
        // Each cancellation that was one too many pauses from then on.
        let too_many = times.windows(CANCELLED_FREELY + 1).filter_map(|some| {
            let (first, last) = (some.first()?, some.last()?);
            (*last - *first <= CANCELLED_WITHIN).then_some(*last + PAUSED_FOR)
        });
        too_many.max().filter(|until| *until > now)
    }

    /// Until when a start that the person gave up cannot be retaken by them.
    pub fn cooling_down(
        &self,
        office: &OfficeId,
        starts_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let found = self.cool_downs.iter().find(|c| c.office == *office && c.starts_at == starts_at);
        found.map(|cool_down| cool_down.until).filter(|until| *until > now)
    }

    pub fn seen(&self, key: &[u8; 16], body: &[u8; 8]) -> Seen {
        if let Some(done) = self.done.iter().find(|done| done.key == *key) {
            return if done.body == *body { Seen::Same { result: done.result } } else { Seen::OtherBody };
        }
        match self.refused.iter().find(|refused| refused.key == *key) {
            None => Seen::Never,
            Some(refused) if refused.body == *body => Seen::Refused,
            Some(_) => Seen::OtherBody,
        }
    }

    /// The same with what is over left out: called before every write, so that it stays small.
    pub fn tidied(&self, now: DateTime<Utc>) -> Active {
        let mut tidy = self.clone();
        tidy.appointments.retain(|held| held.seat.ends_at > now);
        tidy.cool_downs.retain(|cool_down| cool_down.until > now);
        tidy.cancelled.retain(|(_, at)| now - *at < CANCELLED_WITHIN + PAUSED_FOR);
        tidy
    }

    /// Holds an appointment, in place of what it was before.
    pub fn hold(&mut self, held: Held, now: DateTime<Utc>) {
        self.give_up(held.id, now);
        self.appointments.push(held);
    }

    pub fn give_up(&mut self, id: AppointmentId, now: DateTime<Utc>) {
        let before = self.appointments.len();
        self.appointments.retain(|held| held.id != id);
        if self.appointments.len() < before {
            self.can_take_more(now);
        }
    }

    pub fn remember(&mut self, done: Done) {
        self.done.push(done);
        let spare = self.done.len().saturating_sub(OPERATIONS_KEPT);
        self.done.drain(..spare);
    }

    pub fn refuse(&mut self, refused: Refused) {
        self.refused.push(refused);
        let spare = self.refused.len().saturating_sub(REFUSALS_KEPT);
        self.refused.drain(..spare);
    }

    /// Counts an appointment that the person cancelled themselves.
    pub fn count_cancelled(&mut self, service: ServiceId, at: DateTime<Utc>) {
        self.cancelled.push((service, at));
        let spare = self.cancelled.len().saturating_sub(CANCELLED_KEPT);
        self.cancelled.drain(..spare);
    }

    pub fn cool_down(&mut self, cool_down: CoolDown) {
        self.cool_downs.push(cool_down);
        let spare = self.cool_downs.len().saturating_sub(COOL_DOWNS_KEPT);
        self.cool_downs.drain(..spare);
    }

    pub fn ticket(&self, service: &ServiceId) -> Option<Ticket> {
        self.waiting.iter().find(|(waiting, _)| waiting == service).map(|(_, ticket)| *ticket)
    }
}

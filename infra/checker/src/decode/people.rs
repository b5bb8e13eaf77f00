//! ACTIVE: what one person holds, waits for and is offered.

use super::attributes::{Attributes, list, map, number, text};
use super::items::{Seat, seat};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub id: String,
    pub service: String,
    pub seat: Seat,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOffer {
    pub id: String,
    pub service: String,
    pub starts_at_ms: i64,
    pub ends_at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoolDown {
    pub office: String,
    pub starts_at_s: i64,
    pub until_ms: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Active {
    pub version: u64,
    pub held: Vec<Held>,
    pub offer: Option<OpenOffer>,
    /// Service and ticket.
    pub waiting: Vec<(String, String)>,
    pub cool_downs: Vec<CoolDown>,
    /// Services whose appointments they cancelled themselves, one for each time.
    pub cancelled: Vec<String>,
    /// Whether the cabinet is closed to booking.
    pub blocked: bool,
    /// Hashes of the idempotency keys of the last operations, as base64 without padding.
    pub done: Vec<String>,
}

impl Active {
    pub fn waits(&self, service: &str, ticket: &str) -> bool {
        self.waiting.iter().any(|(at, with)| at == service && with == ticket)
    }
}

pub fn active(at: Attributes<'_>) -> Option<Active> {
    let held = |value| {
        let at = map(value)?;
        Some(Held {
            id: at.text("i")?,
            service: at.text("s")?,
            seat: seat(at.map("at")?)?,
            version: at.number("v")?,
        })
    };
    let waiting = |value| {
        let [service, ticket] = list(value)? else { return None };
        Some((text(service)?.to_owned(), text(ticket)?.to_owned()))
    };
    let cool_down = |value| {
        let [office, starts_at_ms, until] = list(value)? else { return None };
        Some(CoolDown {
            office: text(office)?.to_owned(),
            starts_at_s: number::<i64>(starts_at_ms)? / 1000,
            until_ms: number(until)?,
        })
    };
    let offer = |at: Attributes<'_>| {
        Some(OpenOffer {
            id: at.text("i")?,
            service: at.text("s")?,
            starts_at_ms: at.number("f")?,
            ends_at_ms: at.number("t")?,
        })
    };
    Some(Active {
        version: at.number("v")?,
        held: at.list("ap")?.iter().map(held).collect::<Option<_>>()?,
        offer: match at.map("of") {
            Some(standing) => Some(offer(standing)?),
            None => None,
        },
        waiting: at.list("wt")?.iter().map(waiting).collect::<Option<_>>()?,
        cool_downs: at.list("cd")?.iter().map(cool_down).collect::<Option<_>>()?,
        cancelled: at
            .list("cn")?
            .iter()
            .map(|one| text(list(one)?.first()?).map(str::to_owned))
            .collect::<Option<_>>()?,
        blocked: at.flag("blk"),
        done: at.list("dn")?.iter().map(|value| map(value)?.bytes("k")).collect::<Option<_>>()?,
    })
}

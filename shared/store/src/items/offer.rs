//! A freed slot held for one person: due when it lapses.

use super::{SeatWire, at, id, ms, named, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, keys};
use domain::appointment::Seat;
use domain::waitlist::{Offer, OfferState, Passed, PassedOver};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    svc: String,
    tk: String,
    at: SeatWire,
    md: i64,
    un: i64,
    st: String,
    gu: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ps: Vec<(String, String, String, String)>,
    sl: u8,
    ev: u64,
    v: u64,
}

pub fn from_item(item: &Item) -> Result<Offer, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let passed = |(citizen, service, ticket, why): &(String, String, String, String)| {
        Ok(Passed {
            citizen: id(citizen, "citizen")?,
            service: id(service, "service")?,
            ticket: id(ticket, "ticket")?,
            why: named(&PassedOver::ALL, PassedOver::name, why, "why")?,
        })
    };
    Ok(Offer {
        id: id(key.sk.strip_prefix(keys::OFFER).unwrap_or_default(), "offer")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        service: id(&wire.svc, "service")?,
        ticket: id(&wire.tk, "ticket")?,
        seat: Seat::try_from(&wire.at)?,
        made_at: at(wire.md)?,
        until: at(wire.un)?,
        state: named(&OfferState::ALL, OfferState::name, &wire.st, "state")?,
        given_up: id(&wire.gu, "service")?,
        passed: wire.ps.iter().map(passed).collect::<Result<_, StoreError>>()?,
        silences: wire.sl,
        entry_version: wire.ev,
        version: wire.v,
    })
}

/// Writes an offer; an open one is due at its end.
pub fn to_item(offer: &Offer) -> Result<(Key, Item), StoreError> {
    let key = keys::offer(offer.citizen, offer.id);
    let wire = Wire {
        svc: offer.service.to_string(),
        tk: offer.ticket.to_string(),
        at: (&offer.seat).into(),
        md: ms(offer.made_at),
        un: ms(offer.until),
        st: offer.state.name().to_owned(),
        gu: offer.given_up.to_string(),
        ps: offer
            .passed
            .iter()
            .map(|p| {
                let why = p.why.name().to_owned();
                (p.citizen.to_string(), p.service.to_string(), p.ticket.to_string(), why)
            })
            .collect(),
        sl: offer.silences,
        ev: offer.entry_version,
        v: offer.version,
    };
    let mut item = write(&key, &wire)?;
    if offer.state == OfferState::Open {
        set_due(&mut item, &key, keys::Due::Work, offer.until);
    }
    Ok((key, item))
}

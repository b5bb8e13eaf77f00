//! What one beneficiary holds: written whole, on condition of its version.

use super::{SeatWire, at, due_of, id, is_false, ms, read, set_due, unknown, write};
use crate::{Item, Key, StoreError, keys};
use domain::CitizenId;
use domain::active::{Active, CoolDown, Done, Held, OpenOffer, Refused};
use domain::appointment::Seat;
use domain::number::Number;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
struct Wire {
    v: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ap: Vec<HeldWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<OfferWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wt: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cd: Vec<(String, i64, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cn: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dn: Vec<DoneWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rf: Vec<RefusedWire>,
    /// Whether the cabinet is closed to booking.
    #[serde(default, skip_serializing_if = "is_false")]
    blk: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct HeldWire {
    s: String,
    i: String,
    at: SeatWire,
    n: String,
    v: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct OfferWire {
    i: String,
    s: String,
    f: i64,
    t: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct DoneWire {
    #[serde(with = "serde_bytes")]
    k: Vec<u8>,
    #[serde(with = "serde_bytes")]
    b: Vec<u8>,
    r: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct RefusedWire {
    #[serde(with = "serde_bytes")]
    k: Vec<u8>,
    #[serde(with = "serde_bytes")]
    b: Vec<u8>,
}

/// Reads the guard; one that was never written holds nothing.
pub fn from_item(item: Option<&Item>) -> Result<Active, StoreError> {
    let Some(item) = item else { return Ok(Active::default()) };
    let wire: Wire = read(item)?;
    let mut active = Active { version: Some(wire.v), ..Active::default() };
    for held in &wire.ap {
        active.appointments.push(Held {
            service: id(&held.s, "service")?,
            id: id(&held.i, "appointment")?,
            seat: Seat::try_from(&held.at)?,
            number: Number::parse(&held.n).ok_or_else(unknown("number"))?,
            version: held.v,
        });
    }
    if let Some(offer) = &wire.of {
        active.offer = Some(OpenOffer {
            id: id(&offer.i, "offer")?,
            service: id(&offer.s, "service")?,
            starts_at: at(offer.f)?,
            ends_at: at(offer.t)?,
        });
    }
    for (service, ticket) in &wire.wt {
        active.waiting.push((id(service, "service")?, id(ticket, "ticket")?));
    }
    for (office, starts, until) in &wire.cd {
        active.cool_downs.push(CoolDown {
            office: id(office, "office")?,
            starts_at: at(*starts)?,
            until: at(*until)?,
        });
    }
    for (service, when) in &wire.cn {
        active.cancelled.push((id(service, "service")?, at(*when)?));
    }
    for done in &wire.dn {
        active.done.push(Done {
            key: bytes(&done.k, "key")?,
            body: bytes(&done.b, "body")?,
            result: id(&done.r, "result")?,
        });
    }
    for refused in &wire.rf {
        active.refused.push(Refused { key: bytes(&refused.k, "key")?, body: bytes(&refused.b, "body")? });
    }
    active.blocked = wire.blk;
    active.due_at = due_of(item);
    Ok(active)
}

fn bytes<const N: usize>(of: &[u8], what: &'static str) -> Result<[u8; N], StoreError> {
    of.try_into().map_err(|_| unknown(what)())
}

/// Writes the guard with the version that follows the one it was read with.
pub fn to_item(citizen: CitizenId, active: &Active) -> Result<(Key, Item), StoreError> {
    let wire = Wire {
        v: active.version.unwrap_or(0) + 1,
        ap: active.appointments.iter().map(held_wire).collect(),
        of: active.offer.as_ref().map(|offer| OfferWire {
            i: offer.id.to_string(),
            s: offer.service.to_string(),
            f: ms(offer.starts_at),
            t: ms(offer.ends_at),
        }),
        wt: active
            .waiting
            .iter()
            .map(|(service, ticket)| (service.to_string(), ticket.to_string()))
            .collect(),
        cd: active.cool_downs.iter().map(|c| (c.office.to_string(), ms(c.starts_at), ms(c.until))).collect(),
        cn: active.cancelled.iter().map(|(service, at)| (service.to_string(), ms(*at))).collect(),
        dn: active
            .done
            .iter()
            .map(|done| DoneWire { k: done.key.to_vec(), b: done.body.to_vec(), r: done.result.to_string() })
            .collect(),
        rf: active
            .refused
            .iter()
            .map(|refused| RefusedWire { k: refused.key.to_vec(), b: refused.body.to_vec() })
            .collect(),
        blk: active.blocked,
    };
    let key = keys::active(citizen);
    let mut item = write(&key, &wire)?;
    if let Some(when) = active.looked_after_at() {
        set_due(&mut item, &key, keys::Due::Work, when);
    }
    Ok((key, item))
}

fn held_wire(held: &Held) -> HeldWire {
    HeldWire {
        s: held.service.to_string(),
        i: held.id.to_string(),
        at: (&held.seat).into(),
        n: held.number.as_str().to_owned(),
        v: held.version,
    }
}

//! A place in line: the truth, to which the rows of the lines only point.

use super::{at, id, ms, named, read, unknown, value, write};
use crate::{Item, Key, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{NaiveDate, Weekday};
use domain::appointment::Actor;
use domain::waitlist::{Bucket, Class, Entry, EntryAction, EntryChange, EntryState, Part, PassedOver, Wish};
use domain::{CitizenId, Ticket};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    tk: String,
    cls: String,
    of: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ds_: Option<(NaiveDate, NaiveDate)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wd: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pt: Vec<String>,
    st: String,
    ep: u64,
    rf: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    off: Option<String>,
    #[serde(default)]
    dc: Vec<(String, i64)>,
    sl: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oo: Option<(NaiveDate, u8)>,
    v: u64,
    ch: Vec<EntryChangeWire>,
    jn: i64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EntryChangeWire {
    pub v: u64,
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rp: Option<String>,
    r#do: String,
    at: i64,
    op: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<(String, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl From<&EntryChange> for EntryChangeWire {
    fn from(change: &EntryChange) -> Self {
        Self {
            v: change.version,
            by: change.actor.name().to_owned(),
            m: change.member.map(|member| member.to_string()),
            rp: change.representative.map(|who| who.to_string()),
            r#do: change.action.name().to_owned(),
            at: ms(change.at),
            op: change.operation.to_string(),
            of: change.offer.map(|(offer, starts)| (offer.to_string(), ms(starts))),
            why: change.why.map(|why| why.name().to_owned()),
        }
    }
}

impl TryFrom<&EntryChangeWire> for EntryChange {
    type Error = StoreError;
    fn try_from(wire: &EntryChangeWire) -> Result<Self, StoreError> {
        let offer = wire.of.as_ref().map(|(offer, starts)| Ok((id(offer, "offer")?, at(*starts)?)));
        let why = wire.why.as_ref().map(|why| named(&PassedOver::ALL, PassedOver::name, why, "why"));
        Ok(Self {
            version: wire.v,
            actor: named(&Actor::ALL, Actor::name, &wire.by, "actor")?,
            member: wire.m.as_deref().map(|member| id(member, "member")).transpose()?,
            representative: wire.rp.as_deref().map(|who| id(who, "representative")).transpose()?,
            action: named(&EntryAction::ALL, EntryAction::name, &wire.r#do, "action")?,
            at: at(wire.at)?,
            operation: id(&wire.op, "operation")?,
            offer: offer.transpose()?,
            why: why.transpose()?,
        })
    }
}

pub fn from_item(item: &Item) -> Result<Entry, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let weekday = |n: &u8| Weekday::try_from(*n).map_err(|_| unknown("weekday")());
    let declined = |(office, starts): &(String, i64)| Ok((id(office, "office")?, at(*starts)?));
    Ok(Entry {
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        service: id(key.sk.strip_prefix(keys::ENTRY).unwrap_or_default(), "service")?,
        ticket: id(&wire.tk, "ticket")?,
        class: named(&Class::ALL, Class::name, &wire.cls, "class")?,
        wish: Wish {
            offices: wire.of.iter().map(|office| id(office, "office")).collect::<Result<_, _>>()?,
            dates: wire.ds_,
            weekdays: wire.wd.iter().map(weekday).collect::<Result<_, _>>()?,
            parts: wire
                .pt
                .iter()
                .map(|p| named(&Part::ALL, Part::name, p, "part"))
                .collect::<Result<_, _>>()?,
        },
        state: named(&EntryState::ALL, EntryState::name, &wire.st, "state")?,
        epoch: wire.ep,
        rows_from: wire.rf,
        offer: wire.off.as_ref().map(|offer| id(offer, "offer")).transpose()?,
        declined: wire.dc.iter().map(declined).collect::<Result<_, StoreError>>()?,
        silences: wire.sl,
        offers_on: wire.oo,
        version: wire.v,
        changes: changes(&wire)?,
        joined_at: at(wire.jn)?,
    })
}

/// Each version has one change. One written without having read the entry does not know its own: its place tells.
fn changes(wire: &Wire) -> Result<Vec<EntryChange>, StoreError> {
    let mut changes: Vec<EntryChange> =
        wire.ch.iter().map(EntryChange::try_from).collect::<Result<_, _>>()?;
    for (change, version) in changes.iter_mut().rev().zip((1..=wire.v).rev()) {
        if change.version == 0 {
            change.version = version;
        }
    }
    Ok(changes)
}

pub fn to_item(entry: &Entry) -> Result<(Key, Item), StoreError> {
    let key = keys::entry(entry.citizen, &entry.service);
    let wire = Wire {
        tk: entry.ticket.to_string(),
        cls: entry.class.name().to_owned(),
        of: entry.wish.offices.iter().map(ToString::to_string).collect(),
        ds_: entry.wish.dates,
        wd: entry.wish.weekdays.iter().map(|day| day.num_days_from_monday() as u8).collect(),
        pt: entry.wish.parts.iter().map(|part| part.name().to_owned()).collect(),
        st: entry.state.name().to_owned(),
        ep: entry.epoch,
        rf: entry.rows_from,
        off: entry.offer.map(|offer| offer.to_string()),
        dc: entry.declined.iter().map(|(office, starts)| (office.to_string(), ms(*starts))).collect(),
        sl: entry.silences,
        oo: entry.offers_on,
        v: entry.version,
        ch: entry.changes.iter().map(EntryChangeWire::from).collect(),
        jn: ms(entry.joined_at),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// One more declined start, as a list for appending.
pub(crate) fn declined_value(
    office: &domain::OfficeId,
    starts_at: chrono::DateTime<chrono::Utc>,
) -> Result<AttributeValue, StoreError> {
    value(&vec![(office.to_string(), ms(starts_at))])
}

pub(crate) fn change_value(change: &EntryChange) -> Result<AttributeValue, StoreError> {
    value(&EntryChangeWire::from(change))
}

/// A row of a line: points at its entry, void unless the epochs agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub cit: String,
    pub ep: u64,
}

/// Whom a row points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    pub citizen: CitizenId,
    pub class: Class,
    pub ticket: Ticket,
    pub epoch: u64,
}

pub fn rows(entry: &Entry, buckets: &[Bucket]) -> Result<Vec<(Key, Item)>, StoreError> {
    let row = Row { cit: entry.citizen.to_string(), ep: entry.epoch };
    buckets
        .iter()
        .map(|bucket| {
            let key = keys::line_row(&entry.service, bucket, entry.class, entry.ticket);
            let item = write(&key, &row)?;
            Ok((key, item))
        })
        .collect()
}

pub fn pointer(item: &Item) -> Result<Pointer, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let row: Row = read(item)?;
    let (digit, ticket) = key.sk.split_once('#').ok_or_else(unknown("row"))?;
    let class = Class::ALL.into_iter().find(|class| digit.starts_with(class.digit()));
    Ok(Pointer {
        citizen: id(&row.cit, "citizen")?,
        class: class.ok_or_else(unknown("class"))?,
        ticket: id(ticket, "ticket")?,
        epoch: row.ep,
    })
}

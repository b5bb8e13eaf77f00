//! The rules by themselves: every bound from both sides.

mod asking;
mod cells;
mod chance;
mod documents;
mod figures;
mod fit;
mod floods;
mod holding;
mod life;
mod names;
mod pages;
mod places;
mod profiles;
mod representations;
mod schedule;
mod slots;
mod staff;
mod visits;

use crate::appointment::{Application, Appointment, Mark, Phase, Seat};
use crate::catalogue::{
    Bilingual, Catalogue, FilesBy, Office, RequestKind, Service, Way, WeekPlan, Window, WindowService,
    WorkingCalendar,
};
use crate::cells::{CellRange, instant};
use crate::number::Number;
use crate::profile::Demand;
use crate::visit::Visit;
use crate::{Moment, Ulid};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A date of December 2026, whose first is a Tuesday.
fn december(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

fn range(from: u16, to: u16) -> CellRange {
    CellRange::new(from, to).unwrap()
}

/// Hours of the clock as cells.
fn hours(from: u16, to: u16) -> CellRange {
    range(from * 12, to * 12)
}

fn id<T: From<Ulid>>(n: u128) -> T {
    T::from(Ulid::from(n))
}

macro_rules! from_ulid {
    ($($name:ident)*) => {$(
        impl From<Ulid> for crate::$name {
            fn from(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }
    )*};
}
from_ulid! { CitizenId AppointmentId OfferId Ticket OperationId StaffId }

fn said(text: &str) -> Bilingual {
    Bilingual { ru: text.to_owned(), en: text.to_owned() }
}

fn number() -> Number {
    Number::draw(&Moment::new(DateTime::UNIX_EPOCH, [1; 32]))
}

/// A seat in Moscow for half an hour.
fn seat(office: &str, on: NaiveDate, from: u16) -> Seat {
    let zone = chrono_tz::Europe::Moscow;
    Seat {
        office: office.parse().unwrap(),
        window: "a".parse().unwrap(),
        on,
        cells: range(from, from + 6),
        starts_at: instant(zone, on, from),
        ends_at: instant(zone, on, from + 6),
    }
}

fn service(id: &str, duration_min: u16, buffer_min: u16) -> Service {
    Service {
        id: id.parse().unwrap(),
        category: "family".parse().unwrap(),
        name: said(id),
        summary: said(id),
        synonyms: Vec::new(),
        kind: RequestKind::Consultation,
        way: Way::InPerson,
        duration_min,
        buffer_min,
        term_days: 5,
        lead_min: 120,
        horizon_days: 30,
        bookable: true,
        policy: Demand::Asked,
        eligibility: crate::profile::Demand::NotAsked,
        signature: crate::profile::Demand::NotAsked,
        documents: Vec::new(),
        files_by: FilesBy::default(),
        fields: Vec::new(),
    }
}

/// Every weekday the same hours, without end.
fn always(day: Vec<CellRange>) -> WeekPlan {
    WeekPlan { valid_from: None, valid_to: None, days: core::array::from_fn(|_| day.clone()) }
}

fn window(id: &str, plans: Vec<WeekPlan>, services: &[&str]) -> Window {
    let offered =
        |service: &&str| WindowService { service: service.parse().unwrap(), weekdays: None, dates: None };
    Window {
        id: id.parse().unwrap(),
        letter: id.to_uppercase(),
        plans,
        changes: BTreeMap::new(),
        services: services.iter().map(offered).collect(),
        posts: Vec::new(),
        kept: Vec::new(),
    }
}

fn office(zone: Tz, windows: Vec<Window>) -> Office {
    Office {
        id: "one".parse().unwrap(),
        agency: "agency".parse().unwrap(),
        region: "RU-MOW".parse().unwrap(),
        name: said("One"),
        address: said("Street"),
        route: said("Walk"),
        parking: None,
        walk_in: false,
        accessible: true,
        phone: "+74950000000".to_owned(),
        video_room: None,
        zone,
        latitude: 55.75,
        longitude: 37.61,
        no_show: true,
        windows,
        specialists: Vec::new(),
        closures: Vec::new(),
        announcements: Vec::new(),
        version: 0,
    }
}

fn catalogue(office: Office, services: Vec<Service>, calendar: WorkingCalendar) -> Catalogue {
    Catalogue {
        regions: BTreeMap::new(),
        towns: BTreeMap::new(),
        agencies: BTreeMap::new(),
        offices: BTreeMap::from([(office.id.clone(), office)]),
        categories: BTreeMap::new(),
        services: services.into_iter().map(|service| (service.id.clone(), service)).collect(),
        calendar,
        references: 0,
    }
}

fn appointment(phase: Phase) -> Appointment {
    Appointment {
        id: id(1),
        citizen: id(2),
        service: "talk".parse().unwrap(),
        seat: seat("one", december(3), 120),
        specialist: None,
        number: number(),
        queue_number: "A-1".to_owned(),
        code: "000000".to_owned(),
        phase,
        mark: Mark::Confirmed,
        version: 1,
        changes: Vec::new(),
        application: Application::default(),
        corrected: 0,
        visit: Visit::default(),
    }
}

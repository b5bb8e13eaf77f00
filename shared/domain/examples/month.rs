//! The month calendar of a large office, so often as asked: ten windows, each day half booked, six services of different
//! length. What one of them costs is counted in instructions (`infra/ci/instructions`).

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::availability::{Asking, free_slots};
use domain::catalogue::{
    Bilingual, Catalogue, Dates, Kept, Office, RequestKind, Service, Share, Way, WeekPlan, Window,
    WindowService, WorkingCalendar,
};
use domain::cells::CellRange;
use domain::page::CellSet;
use domain::profile::Demand;
use domain::{OfficeId, ServiceId, WindowId};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;
use std::str::FromStr;

/// Minutes of a visit and after it.
const SERVICES: [(&str, u16, u16); 6] =
    [("s15", 15, 0), ("s20", 20, 5), ("s30", 30, 0), ("s45", 45, 5), ("s60", 60, 0), ("s90", 90, 10)];
const WINDOWS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

fn id<I: FromStr>(text: &str) -> Result<I, Box<dyn Error>>
where
    I::Err: Debug,
{
    text.parse().map_err(|error| format!("{text}: {error:?}").into())
}

fn said(text: &str) -> Bilingual {
    Bilingual { ru: text.to_owned(), en: text.to_owned() }
}

fn hours(from: u16, to: u16) -> Option<CellRange> {
    CellRange::new(from * 12, to * 12)
}

fn service((name, duration_min, buffer_min): (&str, u16, u16)) -> Result<Service, Box<dyn Error>> {
    Ok(Service {
        id: id(name)?,
        category: id("other")?,
        name: said(name),
        summary: said(name),
        synonyms: Vec::new(),
        kind: RequestKind::Consultation,
        way: Way::InPerson,
        duration_min,
        buffer_min,
        term_days: 1,
        lead_min: 120,
        horizon_days: 30,
        bookable: true,
        policy: Demand::Asked,
        eligibility: domain::profile::Demand::NotAsked,
        signature: domain::profile::Demand::NotAsked,
        documents: Vec::new(),
        files_by: domain::catalogue::FilesBy::default(),
        fields: Vec::new(),
    })
}

fn window(name: &str) -> Result<Window, Box<dyn Error>> {
    let open: Vec<CellRange> = [hours(9, 13), hours(14, 18)].into_iter().flatten().collect();
    let services = SERVICES
        .iter()
        .map(|(service, ..)| Ok(WindowService { service: id(service)?, weekdays: None, dates: None }));
    Ok(Window {
        id: id(name)?,
        letter: name.to_uppercase(),
        plans: vec![WeekPlan {
            valid_from: None,
            valid_to: None,
            days: core::array::from_fn(|_| open.clone()),
        }],
        changes: BTreeMap::new(),
        services: services.collect::<Result<_, Box<dyn Error>>>()?,
        posts: Vec::new(),
        kept: vec![Kept {
            share: Share::Operators,
            hours: hours(9, 10).into_iter().collect(),
            dates: Dates::default(),
            release: TimeDelta::hours(24),
        }],
    })
}

fn town() -> Result<(Catalogue, Office), Box<dyn Error>> {
    let office = Office {
        id: id("large")?,
        agency: id("agency")?,
        region: id("RU-MOW")?,
        name: said("large"),
        address: said("here"),
        route: said("here"),
        parking: None,
        walk_in: false,
        accessible: true,
        phone: "+74951234567".to_owned(),
        video_room: None,
        zone: chrono_tz::Europe::Moscow,
        latitude: 55.75,
        longitude: 37.6,
        no_show: true,
        windows: WINDOWS.iter().map(|name| window(name)).collect::<Result<_, _>>()?,
        specialists: Vec::new(),
        closures: Vec::new(),
        announcements: Vec::new(),
        version: 0,
    };
    let mut services: BTreeMap<ServiceId, Service> = BTreeMap::new();
    for one in SERVICES {
        let one = service(one)?;
        services.insert(one.id.clone(), one);
    }
    let catalogue = Catalogue {
        regions: BTreeMap::new(),
        towns: BTreeMap::new(),
        agencies: BTreeMap::new(),
        offices: BTreeMap::<OfficeId, Office>::new(),
        categories: BTreeMap::new(),
        services,
        calendar: WorkingCalendar::default(),
        references: 0,
    };
    Ok((catalogue, office))
}

fn main() -> Result<(), Box<dyn Error>> {
    let times: usize = std::env::args().nth(1).as_deref().unwrap_or("1").parse()?;
    let (catalogue, office) = town()?;
    let now: DateTime<Utc> = id("2026-12-01T06:00:00Z")?;
    let first: NaiveDate = id("2026-12-01")?;
    // Every other half hour of each window is taken, one window's the other way round from the next one's.
    let taken: BTreeMap<WindowId, CellSet> = office
        .windows
        .iter()
        .enumerate()
        .map(|(n, window)| {
            let booked = (108..216).filter(|cell| (usize::from(cell / 6) + n).is_multiple_of(2)).collect();
            (window.id.clone(), booked)
        })
        .collect();
    let mut free = 0;
    for _ in 0..times {
        for service in catalogue.services.values() {
            for day in 0..31 {
                let Some(on) = first.checked_add_days(Days::new(day)) else { continue };
                let taken = |window: &WindowId| taken.get(window).copied().unwrap_or_default();
                let found = free_slots(&catalogue, &office, service, on, &Asking::anybody(now), taken);
                free += found.map_or(0, |slots| slots.len());
            }
        }
    }
    println!("{free} free starts in {} calendars", times * catalogue.services.len());
    Ok(())
}

//! Instead of a slot that is gone: the nearest in the same office, and in neighbouring ones (AVL-5, CHG-4).

use crate::App;
use crate::refusal::Alternative;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::availability::{Slot, free_slots, serves};
use domain::catalogue::{Catalogue, Office, Service};
use domain::page::{PageKey, Pages};
use futures::future::join_all;
use std::collections::BTreeMap;
use store::access::pages::Reading;

/// Slots named in all, and of each office.
const NAMED_MAX: usize = 6;
const NAMED_EACH: usize = 3;
/// Neighbouring offices looked at.
const NEIGHBOURS: usize = 2;
/// Days looked at around the wanted one.
const DAYS_AROUND: u64 = 7;

/// The free slots nearest to a wanted start: in the office first, then in the nearest others of the region. Read
/// as a look: what is named may be gone when it is booked. An empty answer when nothing is free or the table
/// does not answer: a refusal is not held up for it.
pub async fn nearest(
    app: &App,
    office: &Office,
    service: &Service,
    wanted: DateTime<Utc>,
) -> Vec<Alternative> {
    let mut offices = vec![office];
    offices.extend(neighbours(&app.catalogue, office, service, NEIGHBOURS));
    let on = wanted.with_timezone(&office.zone).date_naive();
    let looked = offices.iter().map(|near| at_office(app, near, service, wanted, on));
    let mut found = Vec::new();
    for near in join_all(looked).await {
        found.extend(near);
    }
    found.truncate(NAMED_MAX);
    found
}

/// The nearest other offices of the region that receive for the service.
pub fn neighbours<'a>(
    catalogue: &'a Catalogue,
    office: &Office,
    service: &Service,
    most: usize,
) -> Vec<&'a Office> {
    let mut others: Vec<&Office> = catalogue
        .offices
        .values()
        .filter(|other| other.id != office.id && other.region == office.region && serves(other, &service.id))
        .collect();
    let distance = |other: &Office| {
        // Enough for telling near from far inside one region: degrees, longitudes narrowed by the latitude.
        let narrowed = office.latitude.to_radians().cos();
        let (dy, dx) = (other.latitude - office.latitude, (other.longitude - office.longitude) * narrowed);
        dy * dy + dx * dx
    };
    others.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    others.truncate(most);
    others
}

async fn at_office(
    app: &App,
    office: &Office,
    service: &Service,
    wanted: DateTime<Utc>,
    on: NaiveDate,
) -> Vec<Alternative> {
    let now = app.clock.now();
    // One query: the month of the wanted day. Days of the next month are not looked at then.
    let pages = app.store.pages(&office.id, on, None, Reading::Look);
    let (pages, app) = futures::join!(pages, app.current(&office.id, Reading::Look));
    let (Ok(pages), Ok(app)) = (pages, app) else { return Vec::new() };
    let Ok(office) = app.office(&office.id) else { return Vec::new() };
    // One for each start, whichever windows have it.
    let mut slots = BTreeMap::new();
    for ahead in 0..=DAYS_AROUND {
        let days = [on.checked_add_days(Days::new(ahead)), on.checked_sub_days(Days::new(ahead))];
        for day in days.into_iter().flatten() {
            let same_month = store::keys::pages(&office.id, day) == store::keys::pages(&office.id, on);
            if same_month {
                let free = free_on(&app, office, service, day, now, &pages);
                slots.extend(free.into_iter().map(|slot| (slot.starts_at, slot)));
            }
        }
        if slots.len() >= NAMED_EACH {
            break;
        }
    }
    let mut slots: Vec<Slot> = slots.into_values().collect();
    slots.sort_by_key(|slot| (slot.starts_at - wanted).abs());
    slots.truncate(NAMED_EACH);
    slots.into_iter().map(|slot| Alternative { office: office.id.clone(), slot }).collect()
}

fn free_on(
    app: &App,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    now: DateTime<Utc>,
    pages: &Pages,
) -> Vec<Slot> {
    let taken = |window: &domain::WindowId| {
        let key = PageKey { office: office.id.clone(), window: window.clone(), on };
        pages.get(&key).map(|page| page.taken).unwrap_or_default()
    };
    free_slots(&app.catalogue, office, service, on, now, None, taken).unwrap_or_default()
}

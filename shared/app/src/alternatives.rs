//! Instead of a slot that is gone: the nearest in the same office, and in neighbouring ones (AVL-5, CHG-4).

use crate::App;
use crate::calendar::View;
use crate::refusal::Alternative;
use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use domain::OfficeId;
use domain::active::Active;
use domain::availability::{Asking, Slot, serves};
use domain::catalogue::{Catalogue, Office, Service};
use domain::page::Pages;
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

/// The free slots nearest to a wanted start that somebody could take: in the office first, then in the nearest others of
/// the region; with the specialist who was asked for, as long as there are any. Read as a look: what is named may be gone
/// when it is booked. An empty answer when nothing is free or the table does not answer: a refusal is not held up for it.
pub async fn nearest(
    app: &App,
    office: &Office,
    service: &Service,
    wanted: DateTime<Utc>,
    asking: &Asking<'_>,
    active: &Active,
) -> Vec<Alternative> {
    let read = pages(app, office, service, wanted).await;
    pick(&read, service, wanted, asking, active)
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

/// An office as it stands, and what was read of it.
struct Near {
    app: App,
    office: OfficeId,
    on: NaiveDate,
    pages: Pages,
}

/// The office and its neighbours, the days around the wanted one of each.
async fn pages(app: &App, office: &Office, service: &Service, wanted: DateTime<Utc>) -> Vec<Near> {
    let on = wanted.with_timezone(&office.zone).date_naive();
    let between = around_in_month(on);
    let mut offices = vec![office];
    offices.extend(neighbours(&app.catalogue, office, service, NEIGHBOURS));
    let read = offices.into_iter().map(|near| async move {
        let pages = app.store.pages_within(&near.id, on, Some(between), Reading::Look);
        let (pages, app) = futures::join!(pages, app.current(&near.id, Reading::Look));
        let (Ok(pages), Ok(app)) = (pages, app) else { return None };
        Some(Near { app, office: near.id.clone(), on, pages: pages.into_iter().collect() })
    });
    join_all(read).await.into_iter().flatten().collect()
}

fn pick(
    read: &[Near],
    service: &Service,
    wanted: DateTime<Utc>,
    asking: &Asking<'_>,
    active: &Active,
) -> Vec<Alternative> {
    let mut found = Vec::new();
    for Near { app, office, on, pages } in read {
        let Ok(office) = app.office(office) else { continue };
        let view = |asking| View { app, office, service, pages, active, asking };
        let mut slots = around(&view(*asking), *on);
        if slots.is_empty() && asking.with.is_some() {
            slots = around(&view(Asking { with: None, ..*asking }), *on);
        }
        slots.sort_by_key(|slot| (slot.starts_at - wanted).abs());
        slots.truncate(NAMED_EACH);
        found.extend(slots.into_iter().map(|slot| Alternative { office: office.id.clone(), slot }));
    }
    found.truncate(NAMED_MAX);
    found
}

/// The first and the last day looked at around one: those of another month are not.
fn around_in_month(on: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = on.with_day(1).unwrap_or(on);
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(on);
    let from = on.checked_sub_days(Days::new(DAYS_AROUND)).map_or(first, |from| from.max(first));
    let to = on.checked_add_days(Days::new(DAYS_AROUND)).map_or(last, |to| to.min(last));
    (from, to)
}

/// Free starts of the days around a date, until there are enough.
fn around(view: &View<'_>, on: NaiveDate) -> Vec<Slot> {
    let mut slots = BTreeMap::new();
    let (from, to) = around_in_month(on);
    for ahead in 0..=DAYS_AROUND {
        let days = [on.checked_add_days(Days::new(ahead)), on.checked_sub_days(Days::new(ahead))];
        for day in days.into_iter().flatten() {
            if (from..=to).contains(&day) {
                let free = view.slots(day).unwrap_or_default();
                slots.extend(free.into_iter().map(|slot| (slot.starts_at, slot)));
            }
        }
        if slots.len() >= NAMED_EACH {
            break;
        }
    }
    slots.into_values().collect()
}

//! Where demand is unmet: who waits for what in a week, beside what is planned and free (WTL-8).

use super::allowed;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use domain::availability::{Asking, free_slots, planned_slots};
use domain::catalogue::{Office, Service, Share};
use domain::page::{self, Pages};
use domain::staff::Right;
use domain::waitlist::Bucket;
use domain::{OfficeId, ServiceId, Ticket, WindowId};
use futures::future::try_join_all;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::{BTreeMap, BTreeSet};
use store::access::pages::Reading;

/// People counted in one line; above it there are «more than so many».
pub const COUNTED_MAX: i32 = 200;
/// Lines read at the same time: a service has 64 for a week.
const AT_ONCE: usize = 32;

/// A service's week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    pub service: ServiceId,
    /// People who would come on some day of the week.
    pub waiting: usize,
    /// Whether a line is longer than was counted.
    pub more: bool,
    /// Since when the one who has waited longest waits.
    pub since: Option<DateTime<Utc>>,
    pub days: Vec<DayDemand>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayDemand {
    pub on: NaiveDate,
    /// People who would come on this day.
    pub waiting: usize,
    /// Starts that can be booked as far as the plan goes, and those of them that are free: whoever they are kept for.
    pub planned: usize,
    pub free: usize,
}

/// The Monday of a date's week.
pub fn monday(on: NaiveDate) -> NaiveDate {
    on.checked_sub_days(Days::new(u64::from(on.weekday().num_days_from_monday()))).unwrap_or(on)
}

/// What is waited for in the week of a date, for some of an office's services.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::Unavailable`].
pub async fn demand(
    app: &App,
    bearer: &StaffBearer,
    id: &OfficeId,
    services: &[ServiceId],
    week: NaiveDate,
) -> Result<Vec<Demand>, Refusal> {
    let (member, app) = futures::join!(signed_in(app, bearer), app.current(id, Reading::Look));
    let (member, app) = (member?, app?);
    allowed(&app, &member, Right::SeeOffice, id)?;
    let office = app.office(id)?;
    let first = monday(week);
    let days: Vec<NaiveDate> = first.iter_days().take(7).collect();
    let mut months: Vec<NaiveDate> = days.iter().filter_map(|on| on.with_day(1)).collect();
    months.dedup();
    let read = months.iter().map(|month| app.store.pages(id, *month, None, Reading::Look));
    let pages: Pages = try_join_all(read).await?.into_iter().flatten().collect();
    let mut found = Vec::new();
    for service in services.iter().filter_map(|service| app.catalogue.services.get(service)) {
        let mut demand = waiting(&app, office, service, &days).await?;
        for day in &mut demand.days {
            (day.planned, day.free) = starts(&app, office, service, day.on, &pages);
        }
        found.push(demand);
    }
    Ok(found)
}

/// Who waits, by the lines' rows: one person may stand in several of them, and is counted once.
async fn waiting(
    app: &App,
    office: &Office,
    service: &Service,
    days: &[NaiveDate],
) -> Result<Demand, Refusal> {
    let week = days.first().copied().unwrap_or_default();
    let lines = stream::iter(Bucket::of_week(&office.id, week)).map(|bucket| async move {
        let rows = app.store.line(&service.id, &bucket, COUNTED_MAX).await?;
        Ok::<_, Refusal>((bucket.when.day(), rows))
    });
    let lines: Vec<_> = lines.buffer_unordered(AT_ONCE).try_collect().await?;
    let mut all: BTreeSet<Ticket> = BTreeSet::new();
    let mut by_day: BTreeMap<Option<u32>, BTreeSet<Ticket>> = BTreeMap::new();
    let mut more = false;
    for (day, (rows, longer)) in lines {
        more |= longer;
        let tickets = rows.iter().map(|row| row.pointer.ticket);
        all.extend(tickets.clone());
        by_day.entry(day.map(|day: Weekday| day.number_from_monday())).or_default().extend(tickets);
    }
    let on_day = |on: NaiveDate| {
        let theirs = [None, Some(on.weekday().number_from_monday())];
        let people: BTreeSet<&Ticket> = theirs.iter().filter_map(|day| by_day.get(day)).flatten().collect();
        DayDemand { on, waiting: people.len(), planned: 0, free: 0 }
    };
    let since = all.iter().map(|ticket| ticket.0.timestamp_ms()).min();
    Ok(Demand {
        service: service.id.clone(),
        waiting: all.len(),
        more,
        since: since.and_then(|ms| DateTime::from_timestamp_millis(i64::try_from(ms).ok()?)),
        days: days.iter().map(|on| on_day(*on)).collect(),
    })
}

fn starts(app: &App, office: &Office, service: &Service, on: NaiveDate, pages: &Pages) -> (usize, usize) {
    let asking = Asking { share: Share::Emergencies, ..Asking::anybody(app.clock.now()) };
    let taken = |window: &WindowId| page::taken(pages, &office.id, window, on);
    let planned = planned_slots(&app.catalogue, office, service, on, &asking);
    let free = free_slots(&app.catalogue, office, service, on, &asking, taken);
    (planned.map_or(0, |slots| slots.len()), free.map_or(0, |slots| slots.len()))
}

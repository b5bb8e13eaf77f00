//! What is free: the days of an office for a service, and the slots of a day (AVL-1, AVL-5, AVL-7).

use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use domain::active::Active;
use domain::availability::{LookFor, NothingFree, Slot, free_slots, horizon};
use domain::catalogue::{Office, Service};
use domain::page::{CellSet, PageKey, Pages};
use domain::{OfficeId, ServiceId, WindowId};
use futures::future::try_join_all;
use store::access::pages::Reading;
use store::keys;

/// One day of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub on: NaiveDate,
    /// How many starts are free, or why none is.
    pub free: Result<usize, NothingFree>,
}

/// Which days of a calendar are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    /// Any day of the month; without one, from today to the horizon.
    pub month: Option<NaiveDate>,
    /// Of these, from this date and to that one, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The days of a month for a service, with the free starts of each that this person can book now.
///
/// # Errors
/// Unknown office or service; a token that is no longer a session.
pub async fn month(
    app: &App,
    bearer: Option<&Bearer>,
    office: &OfficeId,
    service: &ServiceId,
    asked: &Dates,
    look: &LookFor,
) -> Result<Vec<Day>, Refusal> {
    let (office, service) = (app.office(office)?, app.service(service)?);
    let now = app.clock.now();
    let horizon = horizon(office, service, now);
    let mut dates: Vec<NaiveDate> = match asked.month {
        Some(month) => days_of(month),
        None => horizon.first_on.iter_days().take_while(|on| *on <= horizon.last_on).collect(),
    };
    dates.retain(|on| asked.from.is_none_or(|from| from <= *on) && asked.to.is_none_or(|to| *on <= to));
    let mut months: Vec<NaiveDate> = dates.iter().filter_map(|on| on.with_day(1)).collect();
    months.dedup();
    // Months that the horizon does not reach have nothing to read.
    months.retain(|month| *month <= horizon.last_on && end_of(*month) >= horizon.first_on);
    let (app, active, pages) = read(app, bearer, office, &months, None).await?;
    let office = app.office(&office.id)?;
    Ok(dates
        .into_iter()
        .map(|on| Day {
            on,
            free: slots_for(&app, office, service, on, now, look, &pages, &active)
                .and_then(|slots| look.among(office, slots))
                .map(|slots| slots.len()),
        })
        .collect())
}

/// The free starts of a day that this person can book now, one a start whatever the number of windows.
///
/// # Errors
/// As [`month`].
pub async fn day(
    app: &App,
    bearer: Option<&Bearer>,
    office: &OfficeId,
    service: &ServiceId,
    on: NaiveDate,
    look: &LookFor,
) -> Result<Result<Vec<Slot>, NothingFree>, Refusal> {
    let (office, service) = (app.office(office)?, app.service(service)?);
    let now = app.clock.now();
    let (app, active, pages) = read(app, bearer, office, &[on], Some(on)).await?;
    let office = app.office(&office.id)?;
    let found = slots_for(&app, office, service, on, now, look, &pages, &active);
    Ok(found.and_then(|slots| look.among(office, slots)))
}

/// Pages and, for a session, what its citizen holds: all in one round trip. The office as it stands comes with them.
async fn read(
    app: &App,
    bearer: Option<&Bearer>,
    office: &Office,
    months: &[NaiveDate],
    only: Option<NaiveDate>,
) -> Result<(App, Active, Pages), Refusal> {
    let pages =
        try_join_all(months.iter().map(|month| app.store.pages(&office.id, *month, only, Reading::Look)));
    let person = async {
        let Some(bearer) = bearer else { return Ok(Active::default()) };
        let [session, me] = bearer.keys();
        let batch = app.store.read(&[session, me, keys::active(bearer.citizen)]).await?;
        bearer.check(&batch, app.clock.now())?;
        Ok::<_, Refusal>(batch.active(bearer.citizen)?)
    };
    let (pages, active, current) = futures::join!(pages, person, app.current(&office.id, Reading::Look));
    Ok((current?, active?, pages?.into_iter().flatten().collect()))
}

/// What this person can book by themselves on a date: nothing of a service that is paused for them (BKG-7).
#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn slots_for(
    app: &App,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    now: DateTime<Utc>,
    look: &LookFor,
    pages: &Pages,
    active: &Active,
) -> Result<Vec<Slot>, NothingFree> {
    let slots = slots_on(app, office, service, on, now, look, pages, active)?;
    if active.paused(&service.id, now).is_some() { Err(NothingFree::OwnLimit) } else { Ok(slots) }
}

/// The free starts of a date, less those that the person could not take. Of what is looked for, who receives is minded
/// here, for one start may be had at several windows.
#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
pub(crate) fn slots_on(
    app: &App,
    office: &Office,
    service: &Service,
    on: NaiveDate,
    now: DateTime<Utc>,
    look: &LookFor,
    pages: &Pages,
    active: &Active,
) -> Result<Vec<Slot>, NothingFree> {
    let taken = |window: &WindowId| -> CellSet {
        let key = PageKey { office: office.id.clone(), window: window.clone(), on };
        pages.get(&key).map(|page| page.taken).unwrap_or_default()
    };
    let mut slots = free_slots(&app.catalogue, office, service, on, now, look.specialist.as_ref(), taken)?;
    slots.dedup_by_key(|slot| slot.starts_at);
    slots.retain(|slot| {
        let span = (slot.starts_at, slot.ends_at);
        let busy = active.current(now).any(|held| domain::cells::spans_overlap(held.seat.span(), span));
        !busy && active.cooling_down(&office.id, slot.starts_at, now).is_none()
    });
    if slots.is_empty() { Err(NothingFree::AllTaken) } else { Ok(slots) }
}

fn days_of(month: NaiveDate) -> Vec<NaiveDate> {
    let Some(first) = month.with_day(1) else { return Vec::new() };
    first.iter_days().take_while(|on| on.month() == first.month()).collect()
}

fn end_of(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month)
}

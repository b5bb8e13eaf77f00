//! Going through the days that a change touches: one date a step, each step its own message, so that nothing hangs on one
//! request or one process. Where the office receives less, everybody who no longer fits is seen to (OFC-5); where it
//! receives more, those who wait are offered it (WTL-8).

use super::change::PATIENCE;
use super::displace;
use super::touched::{is_touched, touching};
use crate::waitlist::wants::serve_released;
use crate::{App, Refusal};
use chrono::{NaiveDate, TimeDelta};
use domain::OfficeId;
use domain::catalogue::{Office, Reference, WorkingCalendar};
use domain::page::PageKey;
use domain::schedule::{Plan, narrowed, unkept};
use domain::sweep::{Sweep, TouchedBy};
use futures::future::try_join_all;
use store::catalogue::{CatalogueErrors, file, reference};
use store::items::office::{self, Changed, OfficeChange};
use store::{StoreError, Vault, keys};

/// Dates that a sweep goes through at most: no horizon goes further.
const DATES_MAX: i64 = 366;

/// What a step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    pub moved: u32,
    pub given_up: u32,
    /// Whether there is nothing left of the whole.
    pub done: bool,
}

/// Whoever decides by an older file about one of these pages decides anew.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub(super) async fn bar(app: &App, pages: &[PageKey], plan: u64) -> Result<(), Refusal> {
    try_join_all(pages.iter().map(|page| app.store.bar_page(page, plan))).await?;
    Ok(())
}

/// Takes the next step of a change's sweep: the first date that has anything to do. The step after it follows from what
/// this one writes.
///
/// # Errors
/// [`Refusal::Unavailable`] and [`Refusal::Busy`]: the message comes back, or the clock finds the change.
pub async fn step(app: &App, vault: &Vault, id: &OfficeId, number: u64) -> Result<Swept, Refusal> {
    let Some(mut change) = app.store.office_change(id, number).await? else { return Ok(Swept::default()) };
    let now = app.clock.now();
    if change.sweep.is_done() || (change.sweep.rests() && change.sweep.due_at.is_some_and(|due| due > now)) {
        return Ok(Swept { done: change.sweep.is_done(), ..Swept::default() });
    }
    let app = &app.current(id, store::access::pages::Reading::Decide).await?;
    let from = change.sweep.next_on.unwrap_or(change.sweep.from);
    let (mut less, mut more) = touched_days(app, id, &change).await?;
    let narrows = !less.is_empty();
    less.retain(|page| page.on >= from);
    more.retain(|page| page.on >= from);
    // All at once, before anything is looked for: from here on nobody books by the old file.
    if change.sweep.round == 0 && from == change.sweep.from {
        for some in less.chunks(100) {
            bar(app, some, number).await?;
        }
    }
    let on = less.iter().chain(&more).map(|page| page.on).min();
    let mut swept = Swept::default();
    if let Some(on) = on.filter(|on| less.iter().any(|page| page.on == *on)) {
        let reason = office::open_why(vault, &keys::office_pk(id), number, &change.reason)?;
        swept = date(app, vault, id, &change, &reason, on).await?;
    }
    // Whoever was displaced stands in line before what is new goes down it: in the second round, if anybody may have been.
    let turn = if narrows { 1 } else { 0 };
    for page in more.iter().filter(|page| Some(page.on) == on && change.sweep.round == turn) {
        // Taken away again meanwhile, or contended: the line hears of the rest when anything is freed.
        if let Err(error) = serve_released(app, page, None).await {
            tracing::warn!(%error, "what was opened was not offered");
        }
    }
    // Dates on which nothing is less need no step of their own.
    let last = on.unwrap_or(change.sweep.to);
    change.sweep = change.sweep.after(last, swept.moved, swept.given_up, now, PATIENCE);
    swept.done = change.sweep.is_done();
    app.store.keep_sweep(id, &change).await?;
    Ok(swept)
}

/// The windows' days on which the change left less, and those on which it brought more.
async fn touched_days(
    app: &App,
    id: &OfficeId,
    change: &OfficeChange,
) -> Result<(Vec<PageKey>, Vec<PageKey>), Refusal> {
    let (before, after);
    let calendar = &app.catalogue.calendar;
    match &change.what {
        Changed::File { before: was, after: is } => {
            let read = |text: &str| {
                file::stored(text, &app.catalogue, id, change.number)
                    .map_err(|errors| corrupt(&keys::office_change(id, change.number), &errors))
            };
            (before, after) = (read(was)?, read(is)?);
            Ok(days(app, change, Plan { calendar, office: &before }, Plan { calendar, office: &after }))
        }
        Changed::References(number) => {
            let Some(what) = app.store.reference_change(*number).await? else {
                return Ok(Default::default());
            };
            if what.reference != Reference::Holidays {
                return Ok(Default::default());
            }
            let read = |text: &str| {
                reference::calendar(text).map_err(|errors| corrupt(&keys::reference_change(*number), &errors))
            };
            // What was changed in the office's own file meanwhile has a sweep of its own.
            let (office, was, is) = (app.office(id)?, read(&what.before)?, read(&what.after)?);
            let (mut less, more) =
                days(app, change, Plan { calendar: &was, office }, Plan { calendar: &is, office });
            // Of a day that the office shut itself the two look alike, and its own sweep, in which the day is a holiday
            // before and after, sees nothing either: whoever is expected there is looked at by this one.
            less.extend(differing(&was, &is, office, &change.sweep));
            less.sort();
            less.dedup();
            Ok((less, more))
        }
    }
}

/// The windows' days of a sweep that two calendars do not say alike.
fn differing(was: &WorkingCalendar, is: &WorkingCalendar, office: &Office, sweep: &Sweep) -> Vec<PageKey> {
    let dates = was.days.keys().chain(is.days.keys());
    let differ = dates.filter(|on| was.days.get(on) != is.days.get(on));
    let swept = differ.filter(|on| sweep.from <= **on && **on <= sweep.to);
    let page = |on: NaiveDate| {
        let windows = office.windows.iter().map(|window| window.id.clone());
        windows.map(move |window| PageKey { office: office.id.clone(), window, on })
    };
    swept.flat_map(|on| page(*on)).collect()
}

fn corrupt(key: &keys::Key, errors: &CatalogueErrors) -> Refusal {
    Refusal::Unavailable(StoreError::Corrupt { key: key.to_string(), what: errors.to_string() })
}

fn days(app: &App, change: &OfficeChange, before: Plan<'_>, after: Plan<'_>) -> (Vec<PageKey>, Vec<PageKey>) {
    let from = change.sweep.from;
    let to = change.sweep.to.min(from + TimeDelta::days(DATES_MAX));
    let mut more = narrowed(after, before, from, to);
    for page in unkept(before, after, (from, to), app.clock.now()) {
        if !more.contains(&page) {
            more.push(page);
        }
    }
    (touching((before, after), from, to), more)
}

/// One date: everybody who no longer fits the file as it stands now, whichever change it was that left less.
async fn date(
    app: &App,
    vault: &Vault,
    id: &OfficeId,
    change: &OfficeChange,
    reason: &str,
    on: NaiveDate,
) -> Result<Swept, Refusal> {
    let plan = Plan { calendar: &app.catalogue.calendar, office: app.office(id)? };
    let mut swept = Swept::default();
    for visit in app.store.agenda(id, on).await? {
        if !is_touched(plan, &visit, change.at) {
            continue;
        }
        match displace::displace(app, vault, change, reason, &visit).await? {
            Some(TouchedBy::Moved) => swept.moved += 1,
            Some(TouchedBy::GivenUp) => swept.given_up += 1,
            None => {}
        }
    }
    Ok(swept)
}

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
use domain::page::PageKey;
use domain::schedule::{narrowed, unkept};
use domain::sweep::TouchedBy;
use futures::future::try_join_all;
use store::Vault;
use store::catalogue::file;
use store::items::office::{self, OfficeChange};

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
    let (mut less, mut more) = touched_days(app, id, &change)?;
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
        let reason = office::open_why(vault, id, number, &change.reason)?;
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
fn touched_days(
    app: &App,
    id: &OfficeId,
    change: &OfficeChange,
) -> Result<(Vec<PageKey>, Vec<PageKey>), Refusal> {
    let read = |text: &str| {
        file::stored(text, &app.catalogue, id, change.number).map_err(|errors| {
            Refusal::Unavailable(store::StoreError::Corrupt {
                key: store::keys::office_change(id, change.number).to_string(),
                what: errors.to_string(),
            })
        })
    };
    let (before, after) = (read(&change.before)?, read(&change.after)?);
    let from = change.sweep.from;
    let to = change.sweep.to.min(from + TimeDelta::days(DATES_MAX));
    let calendar = &app.catalogue.calendar;
    let mut more = narrowed(calendar, &after, &before, from, to);
    for page in unkept(calendar, &before, &after, (from, to), app.clock.now()) {
        if !more.contains(&page) {
            more.push(page);
        }
    }
    Ok((touching(app, &before, &after, from, to), more))
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
    let office = app.office(id)?;
    let mut swept = Swept::default();
    for visit in app.store.agenda(id, on).await? {
        if !is_touched(app, office, &visit, change.at) {
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

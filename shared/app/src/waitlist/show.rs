//! One's places in line and what happened to them (WTL-1, WTL-5, PRV-1).

use crate::{App, Caller, Refusal};
use chrono::TimeDelta;
use domain::waitlist::outlook::{LOOKS_BACK, days_until};
use domain::waitlist::{Entry, EntryChange, EntryState};
use domain::{OfficeId, ServiceId};
use futures::future::try_join_all;
use store::keys;

/// How far people ahead are counted: flat, however long the line.
const AHEAD_MAX: i32 = 50;

/// A place in line, and how many stand before it.
#[derive(Debug, Clone)]
pub struct Place {
    pub entry: Entry,
    /// People ahead in the entry's first line, counted up to a bound.
    pub ahead: Option<Ahead>,
    /// What is likely, while one waits.
    pub outlook: Option<Outlook>,
}

/// What has become of others who waited, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// People who got a time by waiting for the service at these offices in the last [`LOOKS_BACK`].
    pub served: u32,
    /// Days until one's turn, if that goes on; none when too few were served, or too many stand ahead to be counted.
    pub days: Option<u32>,
}

/// How many got a time by waiting for a service at some offices lately.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub(crate) async fn served(app: &App, offices: &[OfficeId], service: &ServiceId) -> Result<u32, Refusal> {
    let now = app.clock.now();
    // Whoever was offered something in this very second, too.
    let soon = now + TimeDelta::seconds(1);
    let each = offices.iter().map(|office| app.store.served(office, service, (now - LOOKS_BACK, soon)));
    Ok(try_join_all(each).await?.into_iter().sum())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    pub people: u32,
    /// Whether there are more than were counted.
    pub more: bool,
}

/// All one's places that are not over, and those lately over.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Entry>, Refusal> {
    let keys = caller.with([]);
    let (batch, entries) = futures::join!(app.store.read(&keys), app.store.entries(caller.citizen()));
    let (batch, mut entries, now) = (batch?, entries?, app.clock.now());
    caller.check(&batch, now)?;
    entries.retain(|entry| caller.sees(&batch, &entry.service, now).is_ok());
    Ok(entries)
}

/// One place, with those ahead.
///
/// # Errors
/// [`Refusal::NotFound`] when one never waited for the service.
pub async fn one(app: &App, caller: &Caller, service: &ServiceId) -> Result<Place, Refusal> {
    let entry = entry(app, caller, service).await?;
    let bucket = entry.wish.buckets(entry.rows_from).ok().and_then(|buckets| buckets.into_iter().next());
    let (EntryState::Waiting, Some(bucket)) = (entry.state, bucket) else {
        return Ok(Place { entry, ahead: None, outlook: None });
    };
    let row = keys::line_row(service, &bucket, entry.class, entry.ticket);
    let (counted, served) =
        futures::join!(app.store.ahead(&row, AHEAD_MAX), served(app, &entry.wish.offices, service));
    let ((people, more), served) = (counted?, served?);
    let days = if more { None } else { days_until(served, people) };
    Ok(Place { entry, ahead: Some(Ahead { people, more }), outlook: Some(Outlook { served, days }) })
}

/// Everything that happened since one first joined the line of a service, oldest first: offers, answers, and being
/// passed over with the reason. Whoever left and joined anew finds the former place's history too.
///
/// # Errors
/// As [`one`].
pub async fn history(app: &App, caller: &Caller, service: &ServiceId) -> Result<Vec<EntryChange>, Refusal> {
    let entry = entry(app, caller, service).await?;
    let mut changes = app.store.entry_log(caller.citizen(), service).await?;
    changes.extend(entry.changes);
    // Changes beside the entry's own have no version; being passed over follows from what happened at that instant.
    changes.sort_by_key(|change| (change.at, change.version == 0, change.version));
    changes.dedup_by_key(|change| (change.operation, change.action));
    Ok(changes)
}

async fn entry(app: &App, caller: &Caller, service: &ServiceId) -> Result<Entry, Refusal> {
    let batch = app.store.read(&caller.with([keys::entry(caller.citizen(), service)])).await?;
    let now = app.clock.now();
    caller.check(&batch, now)?;
    caller.sees(&batch, service, now)?;
    batch.entry(caller.citizen(), service)?.ok_or(Refusal::NotFound)
}

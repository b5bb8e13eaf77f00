//! Somebody who waits can take more than before: they joined or resumed, gave something up, or an offer ended. What
//! lies freed or free and suits them goes down the line once more, so that nothing stands empty while they wait.

use super::free;
use super::search::{Free, Place};
use super::serve::{serve_free, serve_office};
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::active::Active;
use domain::appointment::Seat;
use domain::availability::Asking;
use domain::catalogue::{Office, Service};
use domain::cells::CellRange;
use domain::page::{CellSet, PageKey, Pages};
use domain::waitlist::{Entry, EntryState};
use domain::{CitizenId, OfficeId};
use store::access::pages::Reading;
use store::keys;

/// Free starts tried for one person in one go; who else stands before them may take each.
const STARTS_MAX: u32 = 8;

/// Looks after a person who waits and can take more than before, unless somebody has already.
///
/// # Errors
/// As [`super::serve::serve_page`].
pub async fn serve_person(app: &App, citizen: CitizenId) -> Result<u32, Refusal> {
    let active = app.store.read(&[keys::active(citizen)]).await?.active(citizen)?;
    if active.due_at.is_none() {
        return Ok(0);
    }
    let mut offered = 0;
    for (waits_for, _) in &active.waiting {
        let Some(service) = app.catalogue.services.get(waits_for) else { continue };
        let batch = app.store.read(&[keys::entry(citizen, waits_for)]).await?;
        let Some(entry) = batch.entry(citizen, waits_for)? else { continue };
        if entry.state != EntryState::Waiting {
            continue;
        }
        let offices: Vec<&Office> =
            entry.wish.offices.iter().filter_map(|id| app.catalogue.offices.get(id)).collect();
        for office in &offices {
            offered += serve_office(app, &office.id).await?.offered;
        }
        offered += from_free(app, &offices, service, citizen).await?;
    }
    app.store.looked_after(citizen, &active).await?;
    Ok(offered)
}

/// Offers starts that are free on a page: all of them, or those that cells given to the public make together with
/// cells beside them that were free already. Within those cells alone the lines were asked before.
///
/// # Errors
/// As [`super::serve::serve_page`].
pub async fn serve_released(app: &App, key: &PageKey, cells: Option<CellRange>) -> Result<u32, Refusal> {
    let app = app.current(&key.office, Reading::Decide).await?;
    let place = Place::of(&app, key)?;
    let made = |seat: &Seat| {
        cells.is_none_or(|cells| seat.cells.overlaps(cells) && !CellSet::from(cells).covers(seat.cells))
    };
    let mut offered = 0;
    while offered < STARTS_MAX {
        let lines = |now| {
            let of =
                |service| place.by_line(service, now, made).into_iter().map(move |seats| (service, seats));
            place.received().flat_map(of).collect()
        };
        match serve_free(&place, lines).await? {
            Free::Offered => offered += 1,
            Free::Nobody(page) if page.look => {
                app.store.looked_at(key, &page).await?;
                break;
            }
            Free::Nobody(_) => break,
        }
    }
    Ok(offered)
}

/// In which order starts are tried; two offices may have one at the same instant.
type Start = (DateTime<Utc>, OfficeId);

fn start(seat: &Seat) -> Start {
    (seat.starts_at, seat.office.clone())
}

/// Free starts that the person could take, the earliest first, until they have an offer.
async fn from_free(
    app: &App,
    offices: &[&Office],
    service: &Service,
    citizen: CitizenId,
) -> Result<u32, Refusal> {
    let mut offered = 0;
    let mut after: Option<Start> = None;
    for _ in 0..STARTS_MAX {
        let now = app.clock.now();
        let wanted = [keys::active(citizen), keys::entry(citizen, &service.id)];
        let (batch, pages) =
            futures::join!(app.store.read(&wanted), free::pages(app, offices, service, now, Reading::Decide));
        let (batch, (app, pages)) = (batch?, pages?);
        let offices: Vec<&Office> =
            offices.iter().filter_map(|office| app.catalogue.offices.get(&office.id)).collect();
        let active = batch.active(citizen)?;
        let Some(entry) = batch.entry(citizen, &service.id)? else { break };
        let Some(seat) = next(&app, &offices, service, &entry, &active, &pages, after.as_ref(), now) else {
            break;
        };
        after = Some(start(&seat));
        let key = seat.page();
        let place = Place::of(&app, &key)?;
        let served = serve_free(&place, |_| vec![(service, vec![seat.clone()])]).await?;
        offered += u32::from(matches!(served, Free::Offered));
    }
    Ok(offered)
}

#[allow(clippy::too_many_arguments, reason = "one pure look at what was read")]
fn next(
    app: &App,
    offices: &[&Office],
    service: &Service,
    entry: &Entry,
    active: &Active,
    pages: &Pages,
    after: Option<&Start>,
    now: DateTime<Utc>,
) -> Option<Seat> {
    let suiting = free::suiting(app, offices, service, &entry.wish, pages, active, Asking::anybody(now));
    suiting
        .map(|(office, slot)| (office.zone, crate::seat::seat(office, slot)))
        .filter(|(_, seat)| after.is_none_or(|after| start(seat) > *after))
        .filter(|(zone, seat)| entry.eligible(active, seat, *zone, now).is_ok())
        .map(|(_, seat)| seat)
        .min_by_key(start)
}

//! Free starts that suit a wish: what is named to whoever joins, and what is offered to whoever waits already.

use crate::calendar::View;
use crate::{App, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use domain::active::Active;
use domain::availability::{Asking, Slot, grid, horizon};
use domain::catalogue::{Office, Service};
use domain::limits::WISH_DAYS_MAX;
use domain::page::Pages;
use domain::waitlist::Wish;
use futures::future::try_join_all;
use store::access::pages::Reading;
use store::keys;

/// The offices as they stand, and their pages up to the horizon, all in parallel.
pub(crate) async fn pages(
    app: &App,
    offices: &[&Office],
    service: &Service,
    now: DateTime<Utc>,
    reading: Reading,
) -> Result<(App, Pages), Refusal> {
    let asked = offices.iter().flat_map(|office| {
        let horizon = horizon(office, service, now);
        let mut months = vec![horizon.first_on];
        if keys::pages(&office.id, horizon.last_on) != keys::pages(&office.id, horizon.first_on) {
            months.push(horizon.last_on);
        }
        months.into_iter().map(move |month| app.store.pages(&office.id, month, None, reading))
    });
    let versions = try_join_all(offices.iter().map(|office| app.store.office_now(&office.id, reading)));
    let (pages, versions) = futures::join!(try_join_all(asked), versions);
    let mut app = app.clone();
    for (office, version) in offices.iter().zip(versions?) {
        app = app.at(&office.id, version).await?;
    }
    Ok((app, pages?.into_iter().flatten().collect()))
}

/// Starts that suit the wish and that the person could book right now, by office and date.
pub(super) fn suiting<'a>(
    app: &'a App,
    offices: &'a [&'a Office],
    service: &'a Service,
    wish: &'a Wish,
    pages: &'a Pages,
    active: &'a Active,
    asking: Asking<'a>,
) -> impl Iterator<Item = (&'a Office, Slot)> {
    offices.iter().flat_map(move |office| {
        let horizon = horizon(office, service, asking.now);
        let view = View { app, office, service, pages, active, asking };
        let dates = horizon.first_on.iter_days().take_while(move |on| *on <= horizon.last_on);
        let slots = dates.flat_map(move |on| view.slots(on).unwrap_or_default());
        slots
            .filter(|slot| wish.suits(&office.id, slot.starts_at.with_timezone(&office.zone).naive_local()))
            .map(|slot| (*office, slot))
    })
}

/// Whether any window's plan has a start to come that suits the wish, whoever has it now.
pub(super) fn ever(
    app: &App,
    offices: &[&Office],
    service: &Service,
    wish: &Wish,
    now: DateTime<Utc>,
) -> bool {
    offices.iter().any(|office| {
        let today = now.with_timezone(&office.zone).date_naive();
        let (first, last) = wish.dates.unwrap_or((today, today + TimeDelta::days(WISH_DAYS_MAX)));
        let mut dates = first.max(today).iter_days().take_while(|on| *on <= last);
        let suits = |slot: &Slot| {
            slot.starts_at > now
                && wish.suits(&office.id, slot.starts_at.with_timezone(&office.zone).naive_local())
        };
        dates.any(|on| {
            let mut windows = office.windows.iter();
            windows.any(|window| grid(&app.catalogue, office, window, service, on).iter().any(suits))
        })
    })
}

//! The nearest free time across offices: for whoever does not mind where, and for an operator on the phone (OFC-10).

use crate::calendar::{Looking, View};
use crate::refusal::Alternative;
use crate::waitlist::free;
use crate::{App, Refusal};
use domain::availability::{horizon, serves};
use domain::catalogue::Office;
use domain::{RegionId, ServiceId};
use store::access::pages::Reading;

/// Offices looked at in one go: each costs the reading of a month or two.
pub const OFFICES_MAX: usize = 12;

/// The first free start of each office of a region that gives a service, the earliest first. Whoever asks signed in is
/// shown what they can book themselves.
///
/// # Errors
/// [`Refusal::UnknownService`]; a token that is no longer a session.
pub async fn nearest(
    app: &App,
    looking: &Looking<'_>,
    service: &ServiceId,
    region: &RegionId,
) -> Result<Vec<Alternative>, Refusal> {
    let service = app.service(service)?;
    let now = app.clock.now();
    let known = app.everywhere().await;
    let here = |office: &&Office| office.region == *region && serves(office, &service.id);
    let offices: Vec<&Office> = known.catalogue.offices.values().filter(here).take(OFFICES_MAX).collect();
    let person = looking.person(app, &offices);
    let (person, read) = futures::join!(person, free::pages(app, &offices, service, now, Reading::Look));
    let (person, (app, pages)) = (person?, read?);
    let mut found = Vec::new();
    for office in offices.iter().filter_map(|office| app.catalogue.offices.get(&office.id)) {
        let horizon = horizon(office, service, now);
        let dates = horizon.first_on.iter_days().take_while(|on| *on <= horizon.last_on);
        let asking = looking.asking(&person, office, now);
        let view = View { app: &app, office, service, pages: &pages, active: &person.active, asking };
        let free = |on| looking.look.among(office, view.bookable(on).ok()?).ok();
        let first = dates.filter_map(free).find_map(|slots| slots.into_iter().next());
        found.extend(first.map(|slot| Alternative { office: office.id.clone(), slot }));
    }
    found.sort_by(|a, b| (a.slot.starts_at, &a.office).cmp(&(b.slot.starts_at, &b.office)));
    Ok(found)
}

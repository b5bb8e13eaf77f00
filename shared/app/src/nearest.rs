//! The nearest free time across offices: for whoever does not mind where, and for an operator on the phone (OFC-10).

use crate::refusal::Alternative;
use crate::waitlist::free;
use crate::{App, Bearer, Refusal, calendar};
use domain::active::Active;
use domain::availability::{LookFor, horizon, serves};
use domain::catalogue::Office;
use domain::{RegionId, ServiceId};
use store::access::pages::Reading;
use store::keys;

/// Offices looked at in one go: each costs the reading of a month or two.
pub const OFFICES_MAX: usize = 12;

/// The first free start of each office of a region that gives a service, the earliest first. Whoever asks signed in is
/// shown what they can book themselves.
///
/// # Errors
/// [`Refusal::UnknownService`]; a token that is no longer a session.
pub async fn nearest(
    app: &App,
    bearer: Option<&Bearer>,
    service: &ServiceId,
    region: &RegionId,
    look: &LookFor,
) -> Result<Vec<Alternative>, Refusal> {
    let service = app.service(service)?;
    let now = app.clock.now();
    let known = app.everywhere().await;
    let here = |office: &&Office| office.region == *region && serves(office, &service.id);
    let offices: Vec<&Office> = known.catalogue.offices.values().filter(here).take(OFFICES_MAX).collect();
    let person = async {
        let Some(bearer) = bearer else { return Ok(Active::default()) };
        let [session, me] = bearer.keys();
        let batch = app.store.read(&[session, me, keys::active(bearer.citizen)]).await?;
        bearer.check(&batch, now)?;
        Ok::<_, Refusal>(batch.active(bearer.citizen)?)
    };
    let (active, read) = futures::join!(person, free::pages(app, &offices, service, now, Reading::Look));
    let (active, (app, pages)) = (active?, read?);
    let mut found = Vec::new();
    for office in offices.iter().filter_map(|office| app.catalogue.offices.get(&office.id)) {
        let horizon = horizon(office, service, now);
        let dates = horizon.first_on.iter_days().take_while(|on| *on <= horizon.last_on);
        let first = dates
            .filter_map(|on| {
                let slots = calendar::slots_on(&app, office, service, on, now, look, &pages, &active).ok()?;
                look.among(office, slots).ok()
            })
            .find_map(|slots| slots.into_iter().next());
        found.extend(first.map(|slot| Alternative { office: office.id.clone(), slot }));
    }
    found.sort_by(|a, b| (a.slot.starts_at, &a.office).cmp(&(b.slot.starts_at, &b.office)));
    Ok(found)
}

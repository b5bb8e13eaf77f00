//! What is free: the days of an office for a service, and the slots of a day (AVL-1, AVL-5, AVL-7).

use crate::caller::Urgent;
use crate::refusal::Alternative;
use crate::waitlist::show::served;
use crate::{App, Caller, Refusal, alternatives, seat};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use domain::active::{Active, CannotHold, Held};
use domain::availability::{Asking, LookFor, NothingFree, Slot, free_slots, horizon};
use domain::catalogue::{Office, Service, Share};
use domain::cells::instant;
use domain::limits::APPOINTMENTS_MAX;
use domain::page::{self, Pages};
use domain::{OfficeId, ServiceId, WindowId};
use futures::future::try_join_all;
use store::access::pages::Reading;
use store::keys;

/// Noon, in cells: the start around which alternatives to a whole day are looked for.
const NOON: u16 = 144;

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

/// Who looks, if it is known, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    pub caller: Option<&'a Caller>,
    pub urgent: Urgent,
    pub look: &'a LookFor,
}

/// What was read of the one for whom it is.
#[derive(Debug, Default)]
pub(crate) struct Person {
    pub active: Active,
    /// The offices at which whoever looks has more than the public.
    at_home: Vec<OfficeId>,
}

impl Looking<'_> {
    pub(crate) fn asking(&self, person: &Person, office: &Office, now: DateTime<Utc>) -> Asking<'_> {
        let at_home = self.caller.filter(|_| person.at_home.contains(&office.id));
        let share = at_home.map_or(Share::Public, |caller| caller.share(self.urgent));
        Asking { now, share, with: self.look.specialist.as_ref() }
    }

    /// What the one for whom it is holds, and in which of these offices whoever looks works.
    ///
    /// # Errors
    /// A token that is no longer a session.
    pub(crate) async fn person(&self, app: &App, offices: &[&Office]) -> Result<Person, Refusal> {
        let Some(caller) = self.caller else { return Ok(Person::default()) };
        let batch = app.store.read(&caller.with([keys::active(caller.citizen())])).await?;
        caller.check(&batch, app.clock.now())?;
        let at_home = offices.iter().map(|office| &office.id);
        let at_home = at_home.filter(|office| caller.at(app, &batch, office).is_ok()).cloned().collect();
        Ok(Person { active: batch.active(caller.citizen())?, at_home })
    }
}

/// The days of a month for a service, with the free starts of each that this person can book now.
///
/// # Errors
/// Unknown office or service; a token that is no longer a session.
pub async fn month(
    app: &App,
    looking: &Looking<'_>,
    office: &OfficeId,
    service: &ServiceId,
    asked: &Dates,
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
    let (app, person, pages) = read(app, looking, office, &months, None).await?;
    let office = app.office(&office.id)?;
    seat::known(office, looking.look.specialist.as_ref())?;
    let asking = looking.asking(&person, office, now);
    let view = View { app: &app, office, service, pages: &pages, active: &person.active, asking };
    let free = |on| view.bookable(on).and_then(|slots| looking.look.among(office, slots));
    Ok(dates.into_iter().map(|on| Day { on, free: free(on).map(|slots| slots.len()) }).collect())
}

/// A day of an office for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The free starts, one a start whatever the number of windows; or why there are none.
    pub slots: Result<Vec<Slot>, NothingFree>,
    /// If there are none: the nearest, here and at neighbouring offices.
    pub alternatives: Vec<Alternative>,
    /// If one can wait for some: how many got a time by waiting there lately.
    pub served: Option<u32>,
}

/// The free starts of a day that this person can book now.
///
/// # Errors
/// As [`month`].
pub async fn day(
    app: &App,
    looking: &Looking<'_>,
    office: &OfficeId,
    service: &ServiceId,
    on: NaiveDate,
) -> Result<Found, Refusal> {
    let (office, service) = (app.office(office)?, app.service(service)?);
    let now = app.clock.now();
    let (app, person, pages) = read(app, looking, office, &[on], Some(on)).await?;
    let office = app.office(&office.id)?;
    seat::known(office, looking.look.specialist.as_ref())?;
    let asking = looking.asking(&person, office, now);
    let view = View { app: &app, office, service, pages: &pages, active: &person.active, asking };
    let slots = view.bookable(on).and_then(|slots| looking.look.among(office, slots));
    let noon = instant(office.zone, on, NOON);
    let near = async {
        match slots {
            Ok(_) | Err(NothingFree::OwnLimit | NothingFree::TooMany) => Vec::new(),
            Err(_) => alternatives::nearest(&app, office, service, noon, &asking, &person.active).await,
        }
    };
    let waited = async {
        let here = std::slice::from_ref(&office.id);
        match slots {
            // Only told: a day is shown without it as well.
            Err(NothingFree::AllTaken | NothingFree::Kept) => served(&app, here, &service.id).await.ok(),
            _ => None,
        }
    };
    let (alternatives, served) = futures::join!(near, waited);
    Ok(Found { slots, alternatives, served })
}

/// Pages and, for whoever is known, what they hold: all in one round trip. The office as it stands comes with them.
async fn read(
    app: &App,
    looking: &Looking<'_>,
    office: &Office,
    months: &[NaiveDate],
    only: Option<NaiveDate>,
) -> Result<(App, Person, Pages), Refusal> {
    let pages =
        try_join_all(months.iter().map(|month| app.store.pages(&office.id, *month, only, Reading::Look)));
    let at = [office];
    let person = looking.person(app, &at);
    let (pages, person, current) = futures::join!(pages, person, app.current(&office.id, Reading::Look));
    Ok((current?, person?, pages?.into_iter().flatten().collect()))
}

/// What is looked at for somebody: an office and a service as they stand, the pages and the person's guard as they were read.
pub(crate) struct View<'a> {
    pub app: &'a App,
    pub office: &'a Office,
    pub service: &'a Service,
    pub pages: &'a Pages,
    pub active: &'a Active,
    pub asking: Asking<'a>,
}

impl View<'_> {
    /// The free starts of a date, one a start whatever the number of windows, less those that the person could neither book
    /// nor move to.
    pub fn slots(&self, on: NaiveDate) -> Result<Vec<Slot>, NothingFree> {
        let (office, now) = (self.office, self.asking.now);
        let taken = |window: &WindowId| page::taken(self.pages, &office.id, window, on);
        let mut slots = free_slots(&self.app.catalogue, office, self.service, on, &self.asking, taken)?;
        slots.dedup_by_key(|slot| slot.starts_at);
        let own = self.active.held(&self.service.id, now);
        slots.retain(|slot| {
            let is_there =
                |held: &Held| held.seat.office == office.id && held.seat.starts_at == slot.starts_at;
            let seat = seat::seat(office, slot.clone());
            let may = self.active.may_hold(&self.service.id, &seat, own.map(|held| held.id), now);
            // A limit in number makes no start unfree: whoever waits at it may be under it tomorrow.
            !own.is_some_and(is_there) && matches!(may, Ok(()) | Err(CannotHold::TooMany))
        });
        if slots.is_empty() { Err(NothingFree::AllTaken) } else { Ok(slots) }
    }

    /// What this person can take by themselves on a date: nothing of a service that is paused for them, or beyond the number
    /// of appointments that one has (BKG-2, BKG-7).
    pub fn bookable(&self, on: NaiveDate) -> Result<Vec<Slot>, NothingFree> {
        let slots = self.slots(on)?;
        let (service, now) = (&self.service.id, self.asking.now);
        if self.active.held(service, now).is_some() {
            // Whoever moves takes nothing from anybody.
            return Ok(slots);
        }
        if self.asking.share == Share::Public && self.active.paused(service, now).is_some() {
            Err(NothingFree::OwnLimit)
        } else if self.active.current(now).count() >= APPOINTMENTS_MAX {
            Err(NothingFree::TooMany)
        } else {
            Ok(slots)
        }
    }
}

fn days_of(month: NaiveDate) -> Vec<NaiveDate> {
    let Some(first) = month.with_day(1) else { return Vec::new() };
    first.iter_days().take_while(|on| on.month() == first.month()).collect()
}

fn end_of(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month)
}

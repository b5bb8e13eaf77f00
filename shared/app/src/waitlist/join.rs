//! Joining the line of a service (WTL-1): the entry, its rows and the person's guard in one write.

use super::{change, free};
use crate::attempt::{Operation, Step, settle};
use crate::refusal::{Alternative, WrongField};
use crate::registries::eligibility::Entitled;
use crate::{App, Caller, Refusal, documents};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::active::Active;
use domain::appointment::By;
use domain::availability::serves;
use domain::catalogue::Office;
use domain::citizen::Citizen;
use domain::document::Folder;
use domain::limits::{CUT_OFF, ENTRIES_MAX, WISH_DAYS_MAX, WISH_OFFICES_MAX};
use domain::moment::Draw;
use domain::profile::Demand;
use domain::waitlist::{Class, Entry, EntryAction, EntryState, Wish};
use domain::{CitizenId, Moment, ServiceId, Ticket};
use store::access::pages::Reading;
use store::{Commit, keys};

/// Free slots named instead of a place in line.
const NAMED_MAX: usize = 6;

/// What is asked for.
#[derive(Clone)]
pub struct Joining {
    pub service: ServiceId,
    pub wish: Wish,
    /// What a registry said today of whoever is to be received.
    pub entitled: Entitled,
}

/// Joins. While holding a later appointment for the service one waits for an earlier start.
///
/// # Errors
/// [`Refusal::SlotsAreFree`] with the slots, when some suit already; [`Refusal::NothingToWaitFor`] when no window ever
/// receives as is wished; [`Refusal::WishTooWide`] when the wish takes
/// more than twenty rows; [`Refusal::HeldTooSoon`] when the appointment held starts within 24 hours; what [`Entitled`] refuses.
pub async fn join(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    asked: &Joining,
) -> Result<Entry, Refusal> {
    check(app, asked)?;
    settle(app, caller.citizen(), |moment| step(app, caller, operation, asked, moment)).await
}

fn check(app: &App, asked: &Joining) -> Result<(), Refusal> {
    app.service(&asked.service)?;
    let mut wrong = Vec::new();
    let wish = &asked.wish;
    if wish.offices.is_empty() {
        wrong.push(WrongField::new("offices", "too-few").with("min", 1));
    }
    if wish.offices.len() > WISH_OFFICES_MAX {
        wrong.push(WrongField::new("offices", "too-many").with("max", WISH_OFFICES_MAX));
    }
    for (i, id) in wish.offices.iter().enumerate() {
        if !app.catalogue.offices.contains_key(id) || wish.offices[..i].contains(id) {
            wrong.push(WrongField::new(format!("offices[{i}]"), "unknown-office"));
        }
    }
    if let Some((first, last)) = wish.dates {
        if first > last {
            wrong.push(WrongField::new("from", "from-after-to"));
        } else if (last - first).num_days() > WISH_DAYS_MAX {
            wrong.push(
                WrongField::new("to", "out-of-range")
                    .with("min", first)
                    .with("max", first + chrono::TimeDelta::days(WISH_DAYS_MAX)),
            );
        }
        if last < app.clock.now().date_naive() {
            wrong.push(WrongField::new("to", "past"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Fields(wrong)) }
}

async fn step(
    app: &App,
    caller: &Caller,
    operation: &Operation,
    asked: &Joining,
    moment: Moment,
) -> Result<Step<Entry>, Refusal> {
    let service = app.service(&asked.service)?;
    let offices: Vec<&Office> =
        asked.wish.offices.iter().map(|id| app.office(id)).collect::<Result<_, _>>()?;
    let own = keys::entry(caller.citizen(), &asked.service);
    let folder = documents::key(caller, service);
    let wanted = caller.with([keys::active(caller.citizen()), own].into_iter().chain(folder));
    let (batch, pages) = futures::join!(
        app.store.read(&wanted),
        free::pages(app, &offices, service, moment.now, Reading::Look)
    );
    let (batch, (current, pages)) = (batch?, pages?);
    let offices: Vec<&Office> =
        asked.wish.offices.iter().map(|id| current.office(id)).collect::<Result<_, _>>()?;
    let strange = offices.iter().enumerate().filter(|(_, office)| !serves(office, &service.id));
    let strange: Vec<WrongField> =
        strange.map(|(i, _)| WrongField::new(format!("offices[{i}]"), "unknown-office")).collect();
    if !strange.is_empty() {
        return Err(Refusal::Fields(strange));
    }
    let citizen = caller.check(&batch, moment.now)?;
    caller.covers(&batch, &asked.service, moment.now)?;
    let active = batch.active(citizen.id)?;
    let former = batch.entry(citizen.id, &asked.service)?;
    if operation.seen(&active)?.is_some() {
        return former.map(Step::Done).ok_or(Refusal::NotFound);
    }
    let asking = caller.asking(None, None, moment.now);
    let tidied = active.tidied(moment.now);
    let free = |held_at: Option<DateTime<Utc>>| {
        free::suiting(&current, &offices, service, &asked.wish, &pages, &tidied, asking)
            .filter(|(_, slot)| held_at.is_none_or(|held| slot.starts_at < held))
            .map(|(office, slot)| Alternative { office: office.id.clone(), slot })
            .take(NAMED_MAX)
            .collect()
    };
    let ever = || free::ever(&current, &offices, service, &asked.wish, moment.now);
    let zone = offices.first().map_or(chrono_tz::UTC, |office| office.zone);
    for office in &offices {
        caller.at(app, &batch, &office.id)?;
    }
    let folder = batch.folder(citizen.id, &asked.service)?;
    let who = (&citizen, &folder);
    let decided = decide(app, caller, who, &active, former, (free, ever), zone, operation, asked, &moment);
    let decided = decided.and_then(|decided| caller.stays(&batch).map(|()| decided));
    Step::of(caller.bound(app, &batch, decided), active, Some(operation))
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn decide(
    app: &App,
    caller: &Caller,
    (citizen, folder): (&Citizen, &Folder),
    active: &Active,
    former: Option<Entry>,
    (free, ever): (impl Fn(Option<DateTime<Utc>>) -> Vec<Alternative>, impl Fn() -> bool),
    zone: Tz,
    operation: &Operation,
    asked: &Joining,
    moment: &Moment,
) -> Result<(Commit, Entry), Refusal> {
    let service = app.service(&asked.service)?;
    let offices = asked.wish.offices.iter().filter_map(|id| app.office(id).ok());
    let policy = offices.map(|office| app.catalogue.policy(office, service)).fold(Demand::Asked, Demand::and);
    caller.ready(citizen, policy, None)?;
    // Nobody is asked for a place in line; but whoever heard a no today is not let past it by waiting.
    if let Some(office) = asked.wish.offices.first() {
        asked.entitled.mark(service, office, (caller, citizen), None)?;
    }
    documents::complete(caller, folder, service, moment.now.with_timezone(&zone).date_naive(), None)?;
    let by = caller.by();
    let mut after = active.tidied(moment.now);
    if after.ticket(&asked.service).is_some() {
        return Err(Refusal::AlreadyWaiting);
    }
    if by.is_own()
        && let (Some(until), Some(office)) =
            (after.paused(&asked.service, moment.now), asked.wish.offices.first())
    {
        return Err(Refusal::ServicePaused { until, office: office.clone() });
    }
    if after.waiting.len() >= ENTRIES_MAX {
        return Err(Refusal::TooManyEntries);
    }
    let held_at = after.held(&asked.service, moment.now).map(|held| held.seat.starts_at);
    if held_at.is_some_and(|start| moment.now + CUT_OFF >= start) {
        return Err(Refusal::HeldTooSoon);
    }
    let free = free(held_at);
    if !free.is_empty() {
        return Err(Refusal::SlotsAreFree { alternatives: free });
    }
    if !ever() {
        return Err(Refusal::NothingToWaitFor);
    }
    let mut commit = Commit::new();
    let who = (citizen.id, citizen.class);
    let entry =
        enter(app, &mut commit, who, by, former, &asked.service, &asked.wish, zone, &mut after, moment)?;
    after.remember(operation.done(entry.ticket.0));
    app.store.keep_active(&mut commit, citizen.id, &after)?;
    Ok((commit, entry))
}

/// Puts somebody into the line of a service, whom nothing forbids it: their place, its rows, and their guard, which is left
/// to be written.
///
/// # Errors
/// [`Refusal::WishTooWide`].
#[allow(clippy::too_many_arguments, reason = "who, for what, where, by whom and when")]
pub(crate) fn enter(
    app: &App,
    commit: &mut Commit,
    (citizen, class): (CitizenId, Class),
    by: By,
    former: Option<Entry>,
    service: &ServiceId,
    wish: &Wish,
    zone: Tz,
    active: &mut Active,
    moment: &Moment,
) -> Result<Entry, Refusal> {
    let today = moment.now.with_timezone(&zone).date_naive();
    let rows = wish.buckets(today).map_err(|wide| Refusal::WishTooWide { rows: wide.rows })?;
    let ticket = Ticket(moment.ulid(Draw::Ticket));
    // Whoever waited before goes on with that entry, under a new ticket: its history stays, its versions never
    // come again, and leaving does not bring more offers a day.
    let version = former.as_ref().map(|former| former.version);
    let next = version.unwrap_or(0) + 1;
    let mut changes = former.as_ref().map(|former| former.changes.clone()).unwrap_or_default();
    changes.push(change(EntryAction::Joined, by, next, None, moment));
    let entry = Entry {
        citizen,
        service: service.clone(),
        ticket,
        class,
        wish: wish.clone(),
        state: EntryState::Waiting,
        epoch: former.as_ref().map_or(0, |former| former.epoch) + 1,
        rows_from: today,
        offer: None,
        declined: Vec::new(),
        silences: 0,
        offers_on: former.and_then(|former| former.offers_on),
        version: next,
        changes,
        joined_at: moment.now,
    };
    active.wait(service.clone(), ticket, moment.now);
    app.store.keep_entry(commit, entry.clone(), version, &rows)?;
    Ok(entry)
}

//! The clock's minute: what is due is committed; the stream carries the rest.
//!
//! Work is found without a lower bound and starts of appointments behind a watermark, so that a tick missed,
//! late or doubled changes nothing but the hour. Cost follows what is due, not what there is.

use crate::representatives::due;
use crate::waitlist::lapse;
use crate::{App, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use domain::appointment::{Action, By, Phase};
use domain::limits::{LATE_LOOK_AGAIN, NO_SHOW_AFTER, RECONCILE_AFTER};
use domain::notice::NoticeKind;
use domain::page::PageKey;
use domain::schedule::{holds, is_released};
use domain::{AppointmentId, CitizenId};
use futures::future::{join_all, try_join_all};
use planted::{Bug, planted};
use store::StoreError;
use store::access::due::{DUE_MAX, DueItem};
use store::access::pages::Reading;
use store::items::note::{Note, NoteState, NoticeId};
use store::keys::{self, Due, SHARDS};

/// An index may lag so far behind the table.
const INDEX_LAG: TimeDelta = TimeDelta::seconds(30);
/// How far back a tick looks that finds no watermark: the first one may have been killed before it left any.
const FIRST_LOOK: TimeDelta = TimeDelta::hours(24);
/// An idle watermark is written this seldom.
const WATERMARK_EVERY: TimeDelta = TimeDelta::minutes(15);
/// Cabinets are looked for this seldom: terms are of days and years.
const CABINETS_EVERY: TimeDelta = TimeDelta::minutes(15);

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    pub pages: u32,
    /// Changes of offices whose sweep goes on.
    pub sweeps: u32,
    /// Who waits and is to be looked after.
    pub people: u32,
    pub offers: u32,
    pub notes: u32,
    /// Folders to which something was to come.
    pub folders: u32,
    /// What registries are to be asked once more.
    pub inquiries: u32,
    /// Cabinets in which something may have had its term.
    pub cabinets: u32,
    /// Rights to act for somebody that end, or end soon.
    pub grants: u32,
    pub reminders: u32,
    pub no_shows: u32,
    /// Windows' days of which something was kept and is everybody's now.
    pub opened: u32,
    /// Items that failed; the next tick finds them again.
    pub failed: u32,
}

/// What happens to an appointment at a fixed distance from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AtStart {
    ReminderDay,
    ReminderHour,
    NoShow,
}

impl AtStart {
    const ALL: [AtStart; 3] = [AtStart::ReminderDay, AtStart::ReminderHour, AtStart::NoShow];

    /// How long before the start; negative is after.
    fn before(self) -> TimeDelta {
        match self {
            AtStart::ReminderDay => TimeDelta::hours(24),
            AtStart::ReminderHour => TimeDelta::hours(1),
            AtStart::NoShow => -NO_SHOW_AFTER,
        }
    }
}

/// Does everything that is due.
///
/// # Errors
/// [`Refusal::Unavailable`] when the table cannot be read; single items that fail are counted and found again.
pub async fn tick(app: &App) -> Result<Ticked, Refusal> {
    let now = app.clock.now();
    let mut ticked = Ticked::default();
    let work = try_join_all((0..SHARDS).map(|shard| app.store.due(Due::Work, shard, None, now)));
    let (watermark, work, known) = futures::join!(app.store.watermark(), work, app.everywhere());
    let watermark = watermark?;
    let since = watermark.unwrap_or(now - FIRST_LOOK);
    let cabinets = async {
        match begins_between(CABINETS_EVERY, since + INDEX_LAG, now) {
            true => app.store.due_cabinets(now).await,
            false => Ok(Vec::new()),
        }
    };
    let ranges = AtStart::ALL.iter().flat_map(|at| (0..SHARDS).map(move |shard| (*at, shard)));
    let starts = try_join_all(ranges.map(|(at, shard)| async move {
        let found = app.store.due(Due::Start, shard, Some(since + at.before()), now + at.before()).await?;
        Ok::<_, StoreError>((at, found))
    }));
    let (starts, cabinets) = futures::join!(starts, cabinets);
    let (starts, cabinets) = (starts?, cabinets?);

    for item in work?.into_iter().flatten().chain(cabinets) {
        if let Err(error) = work_item(app, &item, now, &mut ticked).await {
            ticked.failed += 1;
            tracing::warn!(key = item.key.sk, %error, "due work failed and stays due");
        }
    }
    // A query that came back full may have left more: the watermark goes no further than what was seen.
    let mut reached = now - INDEX_LAG;
    let opening = open_kept(&known, since, now).await;
    let mut found = !opening.is_empty();
    for opened in opening {
        match opened {
            Ok(()) => ticked.opened += 1,
            Err(error) => {
                ticked.failed += 1;
                reached = reached.min(since);
                tracing::warn!(%error, "what was kept is opened to the line at the next tick");
            }
        }
    }
    for (at, items) in starts {
        if items.len() == DUE_MAX as usize
            && let Some(last) = items.last()
        {
            reached = reached.min(last.due_at - at.before() - TimeDelta::seconds(1));
        }
        for item in items {
            found = true;
            if let Err(error) = start_item(app, at, &item, &mut ticked).await {
                ticked.failed += 1;
                reached = reached.min(item.due_at - at.before() - TimeDelta::seconds(1));
                tracing::warn!(key = item.key.sk, %error, "a due start failed and is found again");
            }
        }
    }
    let old = watermark.is_none_or(|watermark| now - watermark >= WATERMARK_EVERY);
    if (found || old) && watermark.is_none_or(|watermark| reached > watermark) {
        app.store.keep_watermark(reached).await?;
    }
    Ok(ticked)
}

/// Whether a stretch of such length begins after one instant and by another.
fn begins_between(stretch: TimeDelta, after: DateTime<Utc>, by: DateTime<Utc>) -> bool {
    let n = |at: DateTime<Utc>| at.timestamp().div_euclid(stretch.num_seconds());
    n(after) < n(by)
}

/// Work that is done once: freed cells to look at, people to look after, offers to lapse, notices to send.
async fn work_item(
    app: &App,
    item: &DueItem,
    now: DateTime<Utc>,
    ticked: &mut Ticked,
) -> Result<(), Refusal> {
    let put_off = now + RECONCILE_AFTER;
    if item.key.sk == keys::ME {
        ticked.cabinets += u32::from(app.store.nudge(item, put_off).await?);
        return Ok(());
    }
    if keys::read_page(&item.key).is_some() {
        if planted(Bug::NoReconciler) {
            return Ok(());
        }
        ticked.pages += u32::from(app.store.nudge(item, put_off).await?);
        return Ok(());
    }
    if keys::read_office_change(&item.key).is_some() || keys::read_reference_change(&item.key).is_some() {
        ticked.sweeps += u32::from(app.store.nudge(item, put_off).await?);
        return Ok(());
    }
    let Some(citizen) = item.key.citizen() else { return Ok(()) };
    if let Some(offer) = item.key.sk.strip_prefix(keys::OFFER).and_then(|id| id.parse().ok()) {
        ticked.offers += u32::from(lapse::lapse(app, citizen, offer).await?);
    } else if item.key.sk == keys::ACTIVE {
        ticked.people += u32::from(app.store.nudge(item, put_off).await?);
    } else if keys::read_folder(&item.key).is_some() {
        ticked.folders += u32::from(app.store.nudge(item, put_off).await?);
    } else if item.key.sk == keys::PROFILE || keys::read_eligibility(&item.key).is_some() {
        ticked.inquiries += u32::from(app.store.nudge(item, put_off).await?);
    } else if let Some((beneficiary, representative)) = keys::read_representation(&item.key) {
        ticked.grants += u32::from(due::look(app, beneficiary, representative).await?);
    } else if item.key.sk.starts_with(keys::NOTE) {
        ticked.notes += u32::from(app.store.nudge_note(&item.key, &keys::due_at(item.due_at)).await?);
    }
    Ok(())
}

/// What was kept for some until a time after one instant and by another is everybody's now: those who wait hear of it first
/// (AVL-6).
async fn open_kept(app: &App, after: DateTime<Utc>, by: DateTime<Utc>) -> Vec<Result<(), StoreError>> {
    let calendar = &app.catalogue.calendar;
    let windows = app.catalogue.offices.values().flat_map(|office| {
        let keeping = office.windows.iter().filter(|window| !window.kept.is_empty());
        keeping.map(move |window| (office, window))
    });
    let pages = windows.flat_map(|(office, window)| {
        let longest = window.kept.iter().map(|kept| kept.release).max().unwrap_or_default();
        let local = |at: DateTime<Utc>| at.with_timezone(&office.zone).date_naive();
        let last = local(by + longest);
        let dates = local(after).iter_days().take_while(move |on| *on <= last);
        dates.filter(move |on| is_released(calendar, office, window, *on, after, by)).map(|on| PageKey {
            office: office.id.clone(),
            window: window.id.clone(),
            on,
        })
    });
    let due = by + RECONCILE_AFTER;
    join_all(pages.map(|page| async move { app.store.open_page(&page, due).await })).await
}

async fn start_item(app: &App, at: AtStart, item: &DueItem, ticked: &mut Ticked) -> Result<(), Refusal> {
    let id = item.key.sk.strip_prefix(keys::APPOINTMENT).and_then(|id| id.parse().ok());
    let (Some(citizen), Some(id)) = (item.key.citizen(), id) else { return Ok(()) };
    match at {
        AtStart::ReminderDay => remind(app, NoticeKind::ReminderDay, citizen, id, item, at, ticked).await,
        AtStart::ReminderHour => remind(app, NoticeKind::ReminderHour, citizen, id, item, at, ticked).await,
        AtStart::NoShow => no_show(app, citizen, id, ticked).await,
    }
}

/// Plans a reminder: one row, put once a start. The notifier looks whether it is still true.
async fn remind(
    app: &App,
    kind: NoticeKind,
    citizen: CitizenId,
    id: AppointmentId,
    item: &DueItem,
    at: AtStart,
    ticked: &mut Ticked,
) -> Result<(), Refusal> {
    let start = u64::try_from(item.due_at.timestamp()).unwrap_or(0);
    let notice = NoticeId { at: item.due_at - at.before(), kind, subject: id.0, version: start };
    let note = Note {
        citizen,
        id: notice,
        state: NoteState::Planned,
        due_at: None,
        sent: Vec::new(),
        about: None,
        of: None,
    };
    ticked.reminders += u32::from(app.store.put_note(&note).await?);
    Ok(())
}

/// Makes absence a no-show, unless the office has switched that off; while the window runs late, nobody is (VIS-2).
async fn no_show(
    app: &App,
    citizen: CitizenId,
    id: AppointmentId,
    ticked: &mut Ticked,
) -> Result<(), Refusal> {
    let Some(before) = app.store.appointment(citizen, id, None).await? else { return Ok(()) };
    let moment = app.clock.moment();
    if !before.is_no_show(moment.now) {
        return Ok(());
    }
    let current = app.current(&before.seat.office, Reading::Look).await?;
    let Some(office) = current.catalogue.offices.get(&before.seat.office) else { return Ok(()) };
    // Whoever came to a shut door was not absent: the office gives the visit up, and says so.
    let open = holds(&current.catalogue.calendar, office, &before.service, &before.seat);
    if !office.no_show || !open {
        return Ok(());
    }
    if app.store.desk(&before.seat.page()).await?.runs_late(before.seat.starts_at) {
        app.store.look_again(&before, moment.now + LATE_LOOK_AGAIN - NO_SHOW_AFTER).await?;
        return Ok(());
    }
    let mut after = before.clone();
    after.version += 1;
    after.phase = Phase::NoShow;
    after.record(Action::NoShow, By::SYSTEM, None, &moment);
    ticked.no_shows += u32::from(app.store.keep_appointment_alone(after, before.version).await?);
    Ok(())
}

//! Whom a change would touch, told before it is made (OFC-5).

use crate::{App, Refusal};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::appointment::{Appointment, Phase};
use domain::catalogue::Office;
use domain::limits::{HORIZON_DAYS_MAX, NO_SHOW_AFTER};
use domain::page::PageKey;
use domain::schedule::{Plan, keeps, narrowed, replaced};
use domain::sweep::CALL_WITHIN;
use futures::StreamExt as _;
use futures::stream;
use std::collections::BTreeSet;

/// Dates read at the same time.
const AT_ONCE: usize = 8;

/// What a change comes to for those who have appointments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touches {
    /// Appointments that no longer fit.
    pub appointments: u32,
    /// Of them those of people who are there already.
    pub arrived: u32,
    /// Of them those who start so soon that their holders are to be called.
    pub to_call: u32,
}

/// The last date on which anything of an office may have been booked: whatever the services' horizons are now, they may have
/// been longer.
pub(super) fn last_on(office: &Office, now: DateTime<Utc>) -> NaiveDate {
    let today = now.with_timezone(&office.zone).date_naive();
    // Of the day before too, as long as its calendar has not rolled on.
    today + TimeDelta::days(i64::from(HORIZON_DAYS_MAX) + 1)
}

/// The windows' days on which the office would receive less than it does, or somebody else would.
pub(crate) fn less((before, after): (Plan<'_>, Plan<'_>), now: DateTime<Utc>) -> Vec<PageKey> {
    let office = before.office;
    let today = now.with_timezone(&office.zone).date_naive();
    touching((before, after), today, last_on(office, now))
}

/// The same between two dates, both included.
pub(super) fn touching(
    (before, after): (Plan<'_>, Plan<'_>),
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<PageKey> {
    let mut pages = narrowed(before, after, from, to);
    pages.extend(replaced(before, after, from, to));
    pages.sort();
    pages.dedup();
    pages
}

/// Whether an appointment is to be kept and no longer fits: it is planned, and when the change was made was still to come,
/// or had begun so lately that its holder may stand before a shut door without being absent.
pub(super) fn is_touched(after: Plan<'_>, visit: &Appointment, changed_at: DateTime<Utc>) -> bool {
    visit.phase == Phase::Planned
        && visit.seat.starts_at > changed_at - NO_SHOW_AFTER
        && !keeps(after.calendar, after.office, visit)
}

/// Looks at every appointment of the days on which the office would receive less.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub(crate) async fn touches(
    app: &App,
    after: Plan<'_>,
    less: &[PageKey],
    now: DateTime<Utc>,
) -> Result<Touches, Refusal> {
    let dates: BTreeSet<NaiveDate> = less.iter().map(|page| page.on).collect();
    let days = stream::iter(dates).map(|on| app.store.agenda(&after.office.id, on)).buffered(AT_ONCE);
    let mut days = std::pin::pin!(days);
    let mut touches = Touches::default();
    while let Some(day) = days.next().await {
        for visit in day?.iter().filter(|visit| is_touched(after, visit, now)) {
            touches.appointments += 1;
            touches.arrived += u32::from(visit.visit.checked_in_at.is_some());
            touches.to_call += u32::from(visit.seat.starts_at - now <= CALL_WITHIN);
        }
    }
    Ok(touches)
}

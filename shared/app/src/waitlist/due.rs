//! What remains to be done about a page's freed cells after its marks changed, and when.

use chrono::{DateTime, TimeDelta, Utc};
use domain::limits::RECONCILE_AFTER;
use domain::page::{CellSet, FreedMark, MarkChange, Page};

/// Whether the page may hold freed cells that nobody has looked at in this go. Without, it is not read again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Done,
    Waits,
}

/// What remains to be looked at after marks changed: freed cells under other marks that are not put off, cells cut off
/// from this one, and cells that no mark speaks of.
pub(super) fn rest_after(page: &Page, marks: &MarkChange, now: DateTime<Utc>) -> Rest {
    if !marks.remains {
        return Rest::Done;
    }
    let looked_at = |mark: &FreedMark| mark.cursor.is_some() || mark.release_at.is_some_and(|at| at > now);
    let untouched = page.marks.iter().filter(|(at, _)| !marks.before.contains_key(at)).map(|(_, mark)| mark);
    let marked: CellSet = page.marks.values().flat_map(|mark| mark.cells.iter()).collect();
    let stray = !page.freed.minus(&marked).is_empty();
    let all_looked_at = untouched.chain(marks.after.values()).all(looked_at);
    if all_looked_at && !stray { Rest::Done } else { Rest::Waits }
}

/// When the clock must look at a page again, after its marks changed: none when nothing freed remains and what is free
/// was looked at.
pub(super) fn due_after(page: &Page, marks: &MarkChange, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !marks.remains {
        return page.look.then(|| look_after(page, now));
    }
    let untouched = page.marks.iter().filter(|(at, _)| !marks.before.contains_key(at)).map(|(_, mark)| mark);
    let next = untouched.chain(marks.after.values()).filter_map(|mark| mark.release_at).min();
    Some(next.unwrap_or(now + RECONCILE_AFTER).min(now + RECONCILE_AFTER.max(TimeDelta::minutes(10))))
}

/// When the clock must have somebody look at what is free on a page: at the time that stands there already, if it is
/// to come, for the index takes a unit for each that is moved.
pub(super) fn look_after(page: &Page, now: DateTime<Utc>) -> DateTime<Utc> {
    page.due_at.filter(|due| *due > now).unwrap_or(now + RECONCILE_AFTER)
}

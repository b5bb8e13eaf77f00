//! Closing an office, or some of its windows, on some days or for some hours: its file gets the closures (OFC-5).

use super::change::{Asked, Outcome, change};
use super::look::Standing;
use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::{App, Refusal, seat};
use chrono::NaiveDate;
use domain::catalogue::{Office, Window};
use domain::cells::CellRange;
use domain::schedule::{open_intervals, specialist};
use domain::{OfficeId, SpecialistId, WindowId};
use std::path::Path;
use store::Vault;
use store::catalogue::file::{Shutting, with_closures};

/// Dates closed in one go.
pub const DATES_MAX: i64 = 62;

/// What is closed.
pub struct Closing {
    pub from: NaiveDate,
    /// Included.
    pub to: NaiveDate,
    /// None means the whole day.
    pub hours: Option<CellRange>,
    /// None means all.
    pub windows: Option<Vec<WindowId>>,
    /// On each date the windows at which this specialist receives then, and no others (AVL-8).
    pub specialist: Option<SpecialistId>,
    /// Shown on the office's page; staff's own reason goes to those who are touched.
    pub ru: String,
    pub en: String,
}

/// Closes.
///
/// # Errors
/// As [`super::change::replace`].
pub async fn close(
    app: &App,
    vault: &Vault,
    dir: &Path,
    bearer: &StaffBearer,
    id: &OfficeId,
    closing: &Closing,
    asked: &Asked,
) -> Result<Outcome, Refusal> {
    let make = |standing: &Standing, office: &Office| {
        let today = app.clock.now().with_timezone(&office.zone).date_naive();
        let mut wrong = Vec::new();
        if closing.from < today {
            wrong.push(WrongField::new("from", "past"));
        }
        if closing.to < closing.from {
            wrong.push(WrongField::new("to", "from-after-to"));
        } else if (closing.to - closing.from).num_days() >= DATES_MAX {
            let last = closing.from + chrono::TimeDelta::days(DATES_MAX - 1);
            wrong.push(WrongField::new("to", "out-of-range").with("min", closing.from).with("max", last));
        }
        for (n, window) in closing.windows.iter().flatten().enumerate() {
            if !office.windows.iter().any(|known| known.id == *window) {
                wrong.push(WrongField::new(format!("windows[{n}]"), "unknown-window"));
            }
        }
        if let Err(Refusal::Fields(unknown)) = seat::known(office, closing.specialist.as_ref()) {
            wrong.extend(unknown);
        }
        if !wrong.is_empty() {
            return Err(Refusal::Fields(wrong));
        }
        let dates = closing.from.iter_days().take_while(|on| *on <= closing.to);
        let more: Vec<Shutting> = dates.filter_map(|on| shutting(app, office, closing, on)).collect();
        if more.is_empty() {
            return Err(Refusal::Fields(vec![WrongField::new("specialistId", "receives-nowhere")]));
        }
        Ok(with_closures(&standing.text, &more)?)
    };
    change(app, vault, dir, bearer, id, asked, &make).await
}

/// What is shut on a date; none when it is about somebody who does not receive then.
fn shutting(app: &App, office: &Office, closing: &Closing, on: NaiveDate) -> Option<Shutting> {
    let windows = match &closing.specialist {
        None => closing.windows.clone(),
        Some(id) => {
            let calendar = &app.catalogue.calendar;
            // Asked for once more, what is shut already is shut the same.
            let open = Office { closures: Vec::new(), ..office.clone() };
            let theirs = |window: &&Window| {
                specialist(calendar, office, &window.id, on).is_some_and(|at| at.id == *id)
                    && !open_intervals(calendar, &open, window, on).is_empty()
            };
            let windows: Vec<WindowId> = office.windows.iter().filter(theirs).map(|w| w.id.clone()).collect();
            if windows.is_empty() {
                return None;
            }
            Some(windows)
        }
    };
    Some(Shutting {
        on: on.to_string(),
        hours: closing.hours.map(|hours| format!("{}-{}", clock(hours.from()), clock(hours.to()))),
        windows: windows.map(|some| some.iter().map(ToString::to_string).collect()),
        ru: closing.ru.clone(),
        en: closing.en.clone(),
    })
}

/// A cell's time as files write it; the day's end is `24:00`.
fn clock(cell: u16) -> String {
    let minutes = cell * domain::cells::CELL_MIN;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

//! Closing an office, or some of its windows, on some days or for some hours: its file gets the closures (OFC-5).

use super::change::{Asked, Outcome, change};
use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::{App, Refusal};
use chrono::NaiveDate;
use domain::cells::CellRange;
use domain::{OfficeId, WindowId};
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
    let make = |standing: &store::items::office::OfficeFile, office: &domain::catalogue::Office| {
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
        if !wrong.is_empty() {
            return Err(Refusal::Fields(wrong));
        }
        let dates = closing.from.iter_days().take_while(|on| *on <= closing.to);
        let more: Vec<Shutting> = dates.map(|on| shutting(closing, on)).collect();
        Ok(with_closures(&standing.text, &more)?)
    };
    change(app, vault, dir, bearer, id, asked, &make).await
}

fn shutting(closing: &Closing, on: NaiveDate) -> Shutting {
    Shutting {
        on: on.to_string(),
        hours: closing.hours.map(|hours| format!("{}-{}", clock(hours.from()), clock(hours.to()))),
        windows: closing.windows.as_ref().map(|some| some.iter().map(ToString::to_string).collect()),
        ru: closing.ru.clone(),
        en: closing.en.clone(),
    }
}

/// A cell's time as files write it; the day's end is `24:00`.
fn clock(cell: u16) -> String {
    let minutes = cell * domain::cells::CELL_MIN;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

//! `holidays.toml`: public holidays, moved working days and short days of the country.

use super::problem::Problem;
use super::report::{At, Report};
use super::wire::DayKind;
use super::{read, wire};
use chrono::NaiveDate;
use domain::catalogue::SpecialDay;
use std::collections::BTreeMap;

/// Days in the file: some thirty years.
const DAYS_MAX: usize = 1_000;

pub(super) fn convert(
    report: &mut Report,
    file: &str,
    wire: wire::Holidays,
) -> BTreeMap<NaiveDate, SpecialDay> {
    let root = At::File(file);
    read::list(report, &root.key("days"), wire.days.len(), DAYS_MAX);
    let mut days = BTreeMap::new();
    for day in wire.days {
        let at = root.entry("days", &day.on);
        let on = read::date(report, &at.key("on"), &day.on);
        let kind = kind(report, &at, &day);
        let (Some(on), Some(kind)) = (on, kind) else { continue };
        if days.insert(on, kind).is_some() {
            report.add(&at, Problem::Duplicate { given: day.on.clone() });
        }
    }
    days
}

fn kind(report: &mut Report, at: &At<'_>, day: &wire::Day) -> Option<SpecialDay> {
    match (day.is, &day.like) {
        (DayKind::Holiday, None) => Some(SpecialDay::Holiday),
        (DayKind::Short, None) => Some(SpecialDay::Short),
        (DayKind::Working, Some(like)) => {
            read::weekday(report, &at.key("as"), like).map(SpecialDay::WorkingAs)
        }
        (DayKind::Working, None) => {
            report.add(at, Problem::WorkingAsWhat);
            None
        }
        (DayKind::Holiday | DayKind::Short, Some(_)) => {
            report.add(&at.key("as"), Problem::AsOfOther);
            None
        }
    }
}

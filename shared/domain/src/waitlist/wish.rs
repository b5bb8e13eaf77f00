//! What somebody waits for, as exact buckets of lines (WTL-1, WTL-7).
//!
//! A line is kept per office, service, `when` and `week`, and holds only people whom every slot of that
//! bucket suits. So the head of a bucket is the next person, however long the line: a coarse bucket with
//! a filter would keep those whom it cannot serve.

use crate::OfficeId;
use crate::limits::ROWS_MAX;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};
use std::collections::BTreeSet;

/// A part of the day by the start's local hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Before 12:00.
    Morning,
    /// From 12:00 to 17:00.
    Day,
    /// From 17:00.
    Evening,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Morning, Part::Day, Part::Evening];

    pub fn of_hour(hour: u32) -> Part {
        match hour {
            0..=11 => Part::Morning,
            12..=16 => Part::Day,
            _ => Part::Evening,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Part::Morning => "morning",
            Part::Day => "day",
            Part::Evening => "evening",
        }
    }

    fn letter(self) -> &'static str {
        &self.name()[..1]
    }
}

/// One to three offices, dates, weekdays, parts of day; an empty list means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    pub offices: Vec<OfficeId>,
    /// First and last date, both included.
    pub dates: Option<(NaiveDate, NaiveDate)>,
    pub weekdays: Vec<Weekday>,
    pub parts: Vec<Part>,
}

/// Which starts a bucket's people can all take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    Any,
    Part(Part),
    Day(Weekday),
    Both(Weekday, Part),
}

impl When {
    /// The only day on which these people come; none: on any.
    pub fn day(self) -> Option<Weekday> {
        match self {
            When::Any | When::Part(_) => None,
            When::Day(day) | When::Both(day, _) => Some(day),
        }
    }

    /// Its code in keys: `any`, `m`, `3`, `3m`.
    pub fn code(self) -> String {
        match self {
            When::Any => "any".to_owned(),
            When::Part(part) => part.letter().to_owned(),
            When::Day(day) => day.number_from_monday().to_string(),
            When::Both(day, part) => format!("{}{}", day.number_from_monday(), part.letter()),
        }
    }
}

/// A line: those whom every start of this office, time and week suits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bucket {
    pub office: OfficeId,
    pub when: When,
    /// The Monday of the ISO week; none means any week.
    pub week: Option<NaiveDate>,
}

impl Bucket {
    /// Its code in keys: `any#any`, `3m#49`. Two years' same weeks never meet: a wish spans 60 days.
    pub fn code(&self) -> String {
        let week = self.week.map_or_else(|| "any".to_owned(), |monday| monday.iso_week().week().to_string());
        format!("{}#{week}", self.when.code())
    }

    /// All buckets in which somebody may wait for a start of a week, which begins on this Monday.
    pub fn of_week(office: &OfficeId, monday: NaiveDate) -> Vec<Bucket> {
        let days = (0..7).filter_map(weekday);
        let both = days.clone().flat_map(|day| Part::ALL.map(|part| When::Both(day, part)));
        let whens = std::iter::once(When::Any).chain(Part::ALL.map(When::Part)).chain(days.map(When::Day));
        let weeks = [None, Some(monday)];
        whens
            .chain(both)
            .flat_map(|when| weeks.map(|week| Bucket { office: office.clone(), when, week }))
            .collect()
    }

    /// The eight buckets in which somebody may wait for a start.
    pub fn of_start(office: &OfficeId, local: NaiveDateTime) -> Vec<Bucket> {
        let (day, part) = (local.weekday(), Part::of_hour(local.hour()));
        let whens = [When::Any, When::Part(part), When::Day(day), When::Both(day, part)];
        let weeks = [None, Some(monday(local.date()))];
        weeks
            .iter()
            .flat_map(|week| whens.map(|when| Bucket { office: office.clone(), when, week: *week }))
            .collect()
    }
}

/// The wish needs more rows than one transaction may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooWide {
    pub rows: usize,
}

fn monday(on: NaiveDate) -> NaiveDate {
    on - Days::new(u64::from(on.weekday().num_days_from_monday()))
}

impl Wish {
    /// The lines to stand in, exactly covering the wish from `today` on.
    pub fn buckets(&self, today: NaiveDate) -> Result<Vec<Bucket>, TooWide> {
        let mut slots: Vec<(When, Option<NaiveDate>)> = Vec::new();
        match self.dates {
            None => slots.extend(self.whens(None).into_iter().map(|when| (when, None))),
            Some((first, last)) => {
                for (week, days) in weeks(first.max(today), last, today) {
                    slots.extend(self.whens(days).into_iter().map(|when| (when, Some(week))));
                }
            }
        }
        let rows = slots.len() * self.offices.len();
        if rows > ROWS_MAX {
            return Err(TooWide { rows });
        }
        Ok(self
            .offices
            .iter()
            .flat_map(|office| {
                slots.iter().map(|(when, week)| Bucket { office: office.clone(), when: *when, week: *week })
            })
            .collect())
    }

    /// The times of a week that suit, given which of its days are within the dates (none: all).
    fn whens(&self, days: Option<BTreeSet<u32>>) -> Vec<When> {
        let wished: BTreeSet<u32> = self.weekdays.iter().map(|day| day.num_days_from_monday()).collect();
        let all_days = wished.is_empty() || wished.len() == 7;
        let parts: BTreeSet<Part> = self.parts.iter().copied().collect();
        let all_parts = parts.is_empty() || parts.len() == Part::ALL.len();
        let chosen: Option<BTreeSet<u32>> = match (days, all_days) {
            (None, true) => None,
            (None, false) => Some(wished),
            (Some(days), true) => Some(days),
            (Some(days), false) => Some(days.intersection(&wished).copied().collect()),
        };
        match (chosen, all_parts) {
            (None, true) => vec![When::Any],
            (None, false) => parts.into_iter().map(When::Part).collect(),
            (Some(days), true) => days.into_iter().filter_map(weekday).map(When::Day).collect(),
            (Some(days), false) => days
                .into_iter()
                .filter_map(weekday)
                .flat_map(|day| parts.iter().map(move |part| When::Both(day, *part)))
                .collect(),
        }
    }

    /// Whether a start suits: the rule that the buckets must repeat exactly.
    pub fn suits(&self, office: &OfficeId, local: NaiveDateTime) -> bool {
        let on = local.date();
        self.offices.contains(office)
            && self.dates.is_none_or(|(first, last)| first <= on && on <= last)
            && (self.weekdays.is_empty() || self.weekdays.contains(&on.weekday()))
            && (self.parts.is_empty() || self.parts.contains(&Part::of_hour(local.hour())))
    }
}

fn weekday(number: u32) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(number).ok()?).ok()
}

/// Each week of the dates by its Monday, with its days if they are not all of those still to come.
fn weeks(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Vec<(NaiveDate, Option<BTreeSet<u32>>)> {
    let mut found = Vec::new();
    let mut week = monday(first);
    while week <= last {
        let coming: BTreeSet<u32> = (0..7).filter(|day| week + Days::new(u64::from(*day)) >= today).collect();
        let wished: BTreeSet<u32> = coming
            .iter()
            .copied()
            .filter(|day| (first..=last).contains(&(week + Days::new(u64::from(*day)))))
            .collect();
        let all = wished == coming;
        found.push((week, (!all).then_some(wished)));
        week = week + Days::new(7);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn office(n: u8) -> OfficeId {
        format!("o{n}").parse().unwrap()
    }

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 1).unwrap() + chrono::TimeDelta::days(n)
    }

    prop_compose! {
        fn wishes()(
            offices in 1u8..=3,
            dates in proptest::option::of((-3i64..20, 0i64..40)),
            weekdays in proptest::collection::btree_set(0u8..7, 0..=7),
            parts in proptest::collection::btree_set(0usize..3, 0..=3),
        ) -> Wish {
            Wish {
                offices: (0..offices).map(office).collect(),
                dates: dates.map(|(from, length)| (day(from), day(from + length))),
                weekdays: weekdays.into_iter().map(|d| Weekday::try_from(d).unwrap()).collect(),
                parts: parts.into_iter().map(|p| Part::ALL[p]).collect(),
            }
        }
    }

    proptest! {
        #[test]
        fn a_start_finds_its_people_in_its_eight_lines_and_nobody_else(
            wish in wishes(), at in 0i64..60, hour in 7u32..20, which in 0u8..4,
        ) {
            let today = day(0);
            let Ok(buckets) = wish.buckets(today) else { return Ok(()) };
            let local = day(at).and_hms_opt(hour, 0, 0).unwrap();
            let lines = Bucket::of_start(&office(which), local);
            let met = buckets.iter().filter(|bucket| lines.contains(bucket)).count();
            prop_assert_eq!(met > 0, wish.suits(&office(which), local));
            prop_assert!(met <= 1, "one stands in a start's lines once");
        }

        #[test]
        fn a_wish_takes_at_most_twenty_rows(wish in wishes()) {
            match wish.buckets(day(0)) {
                Ok(buckets) => prop_assert!(buckets.len() <= ROWS_MAX),
                Err(TooWide { rows }) => prop_assert!(rows > ROWS_MAX),
            }
        }
    }
}

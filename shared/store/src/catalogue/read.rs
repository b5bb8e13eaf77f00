//! Files and their smallest values: texts, ids, dates, hours, zones, phones.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, wire};
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use domain::RegionId;
use domain::catalogue::{Announcement, Bilingual, Region};
use domain::cells::{CELL_MIN, CellRange};
use domain::check::{ROOM_MAX, is_room};
use domain::profile::Demand;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// Bytes of one file.
const FILE_MAX: u64 = 1024 * 1024;
/// Files in `offices/`.
const OFFICES_MAX: usize = 5_000;
/// Characters of a text.
const TEXT_MAX: usize = 600;
/// Announcements of an office or a region.
const ANNOUNCEMENTS_MAX: usize = 50;
/// Intervals of one day.
const INTERVALS_MAX: usize = 12;

/// Whether a policy is asked for.
pub(super) fn demand(asked: bool) -> Demand {
    if asked { Demand::Asked } else { Demand::NotAsked }
}

/// The file's name and content; none, and a mistake told, when it is missing or of another shape.
pub(super) fn file<T: DeserializeOwned>(report: &mut Report, dir: &Path, name: &str) -> Option<(String, T)> {
    match content(&dir.join(name)) {
        Ok(text) => Some((name.to_owned(), shaped(report, name, &text)?)),
        Err(problem) => {
            report.add(&At::File(name), problem);
            None
        }
    }
}

/// What a file says; none, and a mistake told, when it is of another shape.
pub(super) fn shaped<T: DeserializeOwned>(report: &mut Report, name: &str, text: &str) -> Option<T> {
    let read = toml::from_str(text);
    if let Err(error) = &read {
        report.add(&At::File(name), Problem::Shape(error.to_string().trim_end().to_owned()));
    }
    read.ok()
}

fn content(path: &Path) -> Result<String, Problem> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(FILE_MAX + 1).read_to_string(&mut text))
        .map_err(|error| Problem::Unreadable(error.to_string()))?;
    if text.len() as u64 > FILE_MAX { Err(Problem::TooLarge { max: FILE_MAX }) } else { Ok(text) }
}

/// `offices/*.toml` in the order of names; anything else there is left alone.
pub(super) fn office_files(report: &mut Report, dir: &Path) -> Vec<String> {
    let listed = std::fs::read_dir(dir.join("offices")).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name().into_string())).collect::<std::io::Result<Vec<_>>>()
    });
    let mut names: Vec<String> = match listed {
        Ok(names) => names.into_iter().flatten().filter(|name| name.ends_with(".toml")).collect(),
        Err(error) => {
            report.add(&At::File("offices"), Problem::Unreadable(error.to_string()));
            return Vec::new();
        }
    };
    list(report, &At::File("offices"), names.len(), OFFICES_MAX);
    names.truncate(OFFICES_MAX);
    names.sort_unstable();
    names.iter().map(|name| format!("offices/{name}")).collect()
}

/// Tells when a list is longer than it may be.
pub(super) fn list(report: &mut Report, at: &At<'_>, given: usize, max: usize) {
    if given > max {
        report.add(at, Problem::TooMany { given, max });
    }
}

pub(super) fn text(report: &mut Report, at: &At<'_>, wire: wire::Text) -> Bilingual {
    Bilingual { ru: line(report, &at.key("ru"), wire.ru), en: line(report, &at.key("en"), wire.en) }
}

/// One text in one language, as it is; a mistake is told.
pub(super) fn line(report: &mut Report, at: &At<'_>, given: String) -> String {
    if given.trim().is_empty() {
        report.add(at, Problem::Empty);
    } else if given.len() > TEXT_MAX {
        // Bytes are a cheap upper bound of characters.
        let characters = given.chars().count();
        if characters > TEXT_MAX {
            report.add(at, Problem::TooLong { given: characters, max: TEXT_MAX });
        }
    }
    given
}

/// An id of at most `max` bytes.
pub(super) fn id<I: FromStr>(report: &mut Report, at: &At<'_>, given: &str, max: usize) -> Option<I> {
    let parsed = if given.len() <= max { given.parse().ok() } else { None };
    if parsed.is_none() {
        report.add(at, Problem::Id { given: given.to_owned(), max });
    }
    parsed
}

/// A region of `regions.toml`; `regions` is none when that file could not be read.
pub(super) fn region(
    report: &mut Report,
    at: &At<'_>,
    given: &str,
    regions: Option<&Declared<RegionId, Region>>,
) -> Option<RegionId> {
    let region: Option<RegionId> = given.parse().ok();
    let known = region.as_ref().is_some_and(|region| regions.is_none_or(|all| all.contains_key(region)));
    if !known {
        report.add(at, Problem::Unknown { given: given.to_owned(), file: "regions.toml" });
    }
    region
}

pub(super) fn zone(report: &mut Report, at: &At<'_>, given: &str) -> Option<Tz> {
    let zone = given.parse().ok();
    if zone.is_none() {
        report.add(at, Problem::Zone { given: given.to_owned() });
    }
    zone
}

/// An address by https.
pub(super) fn address(report: &mut Report, at: &At<'_>, given: String) -> String {
    if !is_room(&given) {
        report.add(at, Problem::Address { given: given.clone(), max: ROOM_MAX });
    }
    given
}

/// As E.164, checked for form only.
pub(super) fn phone(report: &mut Report, at: &At<'_>, given: String) -> String {
    let digits = given.strip_prefix('+').unwrap_or_default();
    let fits = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        report.add(at, Problem::Phone { given: given.clone() });
    }
    given
}

/// A whole number within bounds, both included; a mistake is told.
pub(super) fn number<N: TryFrom<i64> + Into<i64>>(
    report: &mut Report,
    at: &At<'_>,
    given: i64,
    min: N,
    max: N,
) -> Option<N> {
    let (min, max) = (min.into(), max.into());
    let fits = (min..=max).contains(&given);
    if !fits {
        let bounds = (min.to_string(), max.to_string());
        report.add(at, Problem::OutOfBounds { given: given.to_string(), min: bounds.0, max: bounds.1 });
    }
    N::try_from(given).ok().filter(|_| fits)
}

/// Minutes within bounds and on the grid.
pub(super) fn minutes(report: &mut Report, at: &At<'_>, given: i64, min: u16, max: u16) -> Option<u16> {
    if given % i64::from(CELL_MIN) != 0 {
        report.add(at, Problem::NotMultiple { given });
        return None;
    }
    number(report, at, given, min, max)
}

/// Degrees within ± `max`.
pub(super) fn degrees(report: &mut Report, at: &At<'_>, given: f64, max: f64) -> f64 {
    if !(-max..=max).contains(&given) {
        let bounds = ((-max).to_string(), max.to_string());
        report.add(at, Problem::OutOfBounds { given: given.to_string(), min: bounds.0, max: bounds.1 });
    }
    given
}

pub(super) fn date(report: &mut Report, at: &At<'_>, given: &str) -> Option<NaiveDate> {
    // NaiveDate also reads `2026-1-5` and years of other lengths.
    let date = if given.len() == 10 { given.parse().ok() } else { None };
    if date.is_none() {
        report.add(at, Problem::Date { given: given.to_owned() });
    }
    date
}

pub(super) fn weekday(report: &mut Report, at: &At<'_>, given: &str) -> Option<Weekday> {
    let weekday = match given {
        "mon" => Weekday::Mon,
        "tue" => Weekday::Tue,
        "wed" => Weekday::Wed,
        "thu" => Weekday::Thu,
        "fri" => Weekday::Fri,
        "sat" => Weekday::Sat,
        "sun" => Weekday::Sun,
        _ => {
            report.add(at, Problem::Weekday { given: given.to_owned() });
            return None;
        }
    };
    Some(weekday)
}

/// A day's working intervals, in order and apart.
pub(super) fn day_hours(report: &mut Report, at: &At<'_>, given: &[String]) -> Vec<CellRange> {
    list(report, at, given.len(), INTERVALS_MAX);
    let mut ranges: Vec<CellRange> = Vec::with_capacity(given.len());
    for (index, text) in given.iter().enumerate() {
        let Some(range) = hours(report, &at.item(index), text) else { continue };
        if ranges.last().is_some_and(|before| range.from() <= before.to()) {
            report.add(&at.item(index), Problem::Overlap { given: text.clone() });
        } else {
            ranges.push(range);
        }
    }
    ranges
}

/// What visitors are to know between two dates.
pub(super) fn announcements(
    report: &mut Report,
    at: &At<'_>,
    given: Vec<wire::Announcement>,
) -> Vec<Announcement> {
    let at = at.key("announcements");
    list(report, &at, given.len(), ANNOUNCEMENTS_MAX);
    let mut found = Vec::with_capacity(given.len());
    for (index, one) in given.into_iter().enumerate() {
        let at = at.item(index);
        let from = date(report, &at.key("from"), &one.from);
        let to = one.to.map_or(from, |to| date(report, &at.key("to"), &to));
        let text = text(report, &at.key("text"), one.text);
        let Some((from, to)) = from.zip(to) else { continue };
        if to < from {
            report.add(&at, Problem::FromAfterTo);
        }
        found.push(Announcement { from, to, text });
    }
    found
}

/// `09:00-13:00`.
pub(super) fn hours(report: &mut Report, at: &At<'_>, given: &str) -> Option<CellRange> {
    let range = range(given);
    if let Err(problem) = &range {
        report.add(at, problem.clone());
    }
    range.ok()
}

pub(super) fn range(given: &str) -> Result<CellRange, Problem> {
    let ends = given.split_once('-').and_then(|(from, to)| Some((minute_of(from)?, minute_of(to)?)));
    let (from, to) = ends.ok_or_else(|| Problem::Hours { given: given.to_owned() })?;
    if from % CELL_MIN != 0 || to % CELL_MIN != 0 {
        return Err(Problem::OffGrid { given: given.to_owned() });
    }
    CellRange::new(from / CELL_MIN, to / CELL_MIN)
        .ok_or_else(|| Problem::Reversed { given: given.to_owned() })
}

/// Minutes since midnight of `00:00` to `24:00`.
fn minute_of(text: &str) -> Option<u16> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return None };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| u16::from(tens - b'0') * 10 + u16::from(ones - b'0');
    let (hour, minute) = (two(h1, h2), two(m1, m2));
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

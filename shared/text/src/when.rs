//! Instants in words: the day and the time of the place, and always the name of its time (AVL-7).

use crate::book::{File, say};
use crate::{Args, Lang, label};
use chrono::{DateTime, Datelike, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// «вторник, 1 декабря 2026 г., 09:30 (московское время, UTC+3)».
pub fn when(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let args = Args::new()
        .with("date", date(lang, at, zone))
        .with("time", time(lang, at, zone))
        .with("zone", zone_name(lang, at, zone));
    say(lang, File::Labels, "format-when", None, &args).unwrap_or_else(|| at.to_rfc3339())
}

/// «вторник, 1 декабря 2026 г.».
pub fn date(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let args = Args::new()
        .with("weekday", label(lang, &format!("weekday-{}", local.weekday().number_from_monday())))
        .with("day", local.day())
        .with("month", label(lang, &format!("month-{}", local.month())))
        .with("year", local.year());
    say(lang, File::Labels, "format-date", None, &args).unwrap_or_else(|| local.date_naive().to_string())
}

/// «09:30», on the clock of the zone.
pub fn time(_lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// For SMS: «01.12 в 09:30 (UTC+3)»; the year is left out, nothing is that far ahead.
pub(crate) fn when_short(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let args = Args::new().with("moment", moment_short(lang, at, zone)).with("offset", offset_name(at, zone));
    say(lang, File::Labels, "format-when-short", None, &args).unwrap_or_else(|| at.to_rfc3339())
}

/// For SMS that have named the zone already: «01.12 в 09:30».
pub(crate) fn moment_short(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let args = Args::new()
        .with("day", format!("{:02}", local.day()))
        .with("month", label(lang, &format!("month-short-{}", local.month())))
        .with("time", time(lang, at, zone));
    say(lang, File::Labels, "format-moment-short", None, &args).unwrap_or_else(|| at.to_rfc3339())
}

/// «московское время, UTC+3», or the offset alone where the clock has no common name.
fn zone_name(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    let offset = offset_name(at, zone);
    match zone_key(zone) {
        Some(key) => format!("{}, {offset}", label(lang, key)),
        None => offset,
    }
}

/// The eleven clocks of Russia. Cities that merely share an offset with one of them call it otherwise.
fn zone_key(zone: Tz) -> Option<&'static str> {
    Some(match zone {
        Tz::Europe__Kaliningrad => "zone-kaliningrad",
        Tz::Europe__Moscow | Tz::Europe__Simferopol | Tz::Europe__Kirov | Tz::Europe__Volgograd => {
            "zone-moscow"
        }
        Tz::Europe__Samara => "zone-samara",
        Tz::Asia__Yekaterinburg => "zone-yekaterinburg",
        Tz::Asia__Omsk => "zone-omsk",
        Tz::Asia__Krasnoyarsk => "zone-krasnoyarsk",
        Tz::Asia__Irkutsk => "zone-irkutsk",
        Tz::Asia__Yakutsk => "zone-yakutsk",
        Tz::Asia__Vladivostok => "zone-vladivostok",
        Tz::Asia__Magadan => "zone-magadan",
        Tz::Asia__Kamchatka => "zone-kamchatka",
        _ => return None,
    })
}

fn offset_name(at: DateTime<Utc>, zone: Tz) -> String {
    let seconds = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    if minutes == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{minutes:02}") }
}

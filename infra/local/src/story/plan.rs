//! Where and when the story happens: a service, offices of the catalogue, and days of December 2026.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use domain::waitlist::{Part, Wish};
use serde_json::{Value, json};

pub const SERVICE: &str = "large-family";
pub const TAGANKA: &str = "msk-taganka";
/// On Fridays one slot begins here from 17:00 on, and only one.
pub const ARBAT: &str = "msk-arbat";
pub const ANADYR: &str = "anadyr";
pub const MOSCOW: Tz = Tz::Europe__Moscow;

/// An instant of December 2026 by the clock of Moscow.
pub fn december(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = NaiveDate::from_ymd_opt(2026, 12, day).and_then(|on| on.and_hms_opt(hour, minute, 0));
    let found = local.and_then(|local| MOSCOW.from_local_datetime(&local).single());
    found.map_or(DateTime::UNIX_EPOCH, |at| at.to_utc())
}

/// Tuesday morning.
pub fn begins() -> DateTime<Utc> {
    december(1, 10, 0)
}

/// What Anna books first, at Taganka.
pub fn thursday() -> DateTime<Utc> {
    december(3, 10, 0)
}

/// The evening slot at Arbat for which people wait.
pub fn friday() -> DateTime<Utc> {
    december(4, 17, 0)
}

/// What Boris moves to and Vera would rather have.
pub fn next_friday() -> DateTime<Utc> {
    december(11, 17, 0)
}

/// What Vera gives up for it and Emma gets.
pub fn late_friday() -> DateTime<Utc> {
    december(25, 17, 0)
}

/// An instant as the API writes it for an office in Moscow.
pub fn wire(at: DateTime<Utc>) -> String {
    at.with_timezone(&MOSCOW).to_rfc3339_opts(SecondsFormat::Secs, false)
}

pub fn booking(office: &str, at: DateTime<Utc>) -> Value {
    json!({
        "officeId": office, "serviceId": SERVICE, "startsAt": wire(at), "fields": { "children": "3" },
        "rulesVersion": app::book::RULES_VERSION,
    })
}

/// An evening at Arbat, as the line knows it and as the API is asked for it.
pub fn evening_wish(on: DateTime<Utc>) -> (Wish, Value) {
    let date = on.with_timezone(&MOSCOW).date_naive();
    let wish = Wish {
        offices: ARBAT.parse().into_iter().collect(),
        dates: Some((date, date)),
        weekdays: Vec::new(),
        parts: vec![Part::Evening],
    };
    let body = json!({
        "serviceId": SERVICE, "offices": [ARBAT], "from": date.to_string(), "to": date.to_string(),
        "parts": [Part::Evening.name()],
    });
    (wish, body)
}

//! Quiet hours: how long an offer that is made now would be held, if it may be made at all (WTL-3).

use crate::history::Limits;
use crate::plan::Zone;
use chrono::{Days, NaiveDate, NaiveTime};

/// Days looked ahead: an offer's two hours are used up long before.
const DAYS_MAX: u64 = 7;

/// Whether an offer made now for a start leaves enough time awake to answer it: a quarter of the time left, at most
/// two hours, counted from 08 to 21; all of it three hours before the start, and a day before the start of a later
/// appointment that would be given up.
pub fn leaves_time(
    limits: &Limits,
    zone: Zone,
    now_us: i64,
    starts_at_s: i64,
    held_starts_at_s: Option<i64>,
) -> bool {
    let us = |s: i64| s * 1_000_000;
    let longest = ((us(starts_at_s) - now_us) / 4).min(us(limits.offer_longest_s));
    let latest = us(starts_at_s - limits.offer_before_start_s);
    let latest = held_starts_at_s.map_or(latest, |held| latest.min(us(held - limits.cut_off_s)));
    let today = zone.local(now_us).date();
    let mut left = longest;
    for ahead in 0..DAYS_MAX {
        let Some(on) = today.checked_add_days(Days::new(ahead)) else { break };
        let from = hour_us(zone, on, limits.awake_from_hour).max(now_us);
        let to = hour_us(zone, on, limits.awake_to_hour).min(latest);
        left -= (to - from).clamp(0, left.max(0));
    }
    longest - left >= us(limits.offer_shortest_s)
}

fn hour_us(zone: Zone, on: NaiveDate, hour: u32) -> i64 {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
    zone.instant_us(on.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn leaves(now: &str, start: &str, held: Option<&str>) -> bool {
        let s = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp();
        let zone = Zone::Named(chrono_tz::Europe::Moscow);
        leaves_time(&Limits::default(), zone, s(now) * 1_000_000, s(start), held.map(s))
    }

    #[test]
    fn by_day_there_is_time() {
        assert!(leaves("2026-12-01T10:00:00+03:00", "2026-12-03T10:00:00+03:00", None));
        assert!(leaves("2026-12-01T10:00:00+03:00", "2026-12-01T14:00:00+03:00", None));
    }

    #[test]
    fn just_before_the_latest_moment_there_is_none() {
        assert!(!leaves("2026-12-01T10:00:00+03:00", "2026-12-01T13:10:00+03:00", None));
        assert!(leaves("2026-12-01T10:00:00+03:00", "2026-12-01T13:15:00+03:00", None));
    }

    #[test]
    fn at_night_the_morning_counts() {
        assert!(leaves("2026-12-01T23:00:00+03:00", "2026-12-04T10:00:00+03:00", None));
        assert!(!leaves("2026-12-01T22:00:00+03:00", "2026-12-02T09:00:00+03:00", None));
        assert!(leaves("2026-12-01T20:30:00+03:00", "2026-12-02T11:30:00+03:00", None));
    }

    #[test]
    fn a_later_appointment_is_not_given_up_within_a_day_of_it() {
        let held = "2026-12-02T11:00:00+03:00";
        assert!(leaves("2026-12-01T10:00:00+03:00", "2026-12-02T09:00:00+03:00", Some(held)));
        assert!(!leaves("2026-12-01T10:50:00+03:00", "2026-12-02T09:00:00+03:00", Some(held)));
    }
}

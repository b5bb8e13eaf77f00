//! Quiet hours: when people may be written to, and how an offer's clock stops at night (WTL-3).

use crate::limits::{
    AWAKE_FROM_HOUR, AWAKE_TO_HOUR, CUT_OFF, OFFER_BEFORE_START, OFFER_LONGEST, OFFER_SHORTEST,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// The instant at which an hour of a date begins in a zone.
fn hour(zone: Tz, on: NaiveDate, hour: u32) -> DateTime<Utc> {
    let local = on.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN));
    let found = zone.from_local_datetime(&local).earliest();
    found.map_or_else(|| zone.from_utc_datetime(&local).to_utc(), |at| at.to_utc())
}

/// In quiet hours: when the morning begins. None when people may be written to now.
pub fn asleep_until(zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let local = at.with_timezone(&zone).naive_local();
    match local.hour() {
        h if h < AWAKE_FROM_HOUR => Some(hour(zone, local.date(), AWAKE_FROM_HOUR)),
        h if h >= AWAKE_TO_HOUR => Some(hour(zone, local.date() + Days::new(1), AWAKE_FROM_HOUR)),
        _ => None,
    }
}

/// The allowed time between two instants: what is left of it outside quiet hours.
pub fn allowed_between(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
    let mut at = from;
    let mut sum = TimeDelta::zero();
    while at < to {
        match asleep_until(zone, at) {
            Some(morning) => at = morning,
            None => {
                let evening = hour(zone, at.with_timezone(&zone).date_naive(), AWAKE_TO_HOUR);
                let end = evening.min(to);
                sum += end - at;
                at = end;
            }
        }
    }
    sum
}

/// Until when an offer made now for a start is held: a quarter of the time left, at most two hours, of
/// allowed time; never beyond three hours before the start or, for somebody who holds a later
/// appointment, a day before that one. None when less than fifteen allowed minutes are left: then the
/// slot goes to the public.
pub fn offer_until(
    zone: Tz,
    now: DateTime<Utc>,
    starts_at: DateTime<Utc>,
    held_starts_at: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    let budget = ((starts_at - now) / 4).min(OFFER_LONGEST);
    let mut cap = starts_at - OFFER_BEFORE_START;
    if let Some(held) = held_starts_at {
        cap = cap.min(held - CUT_OFF);
    }
    let mut at = now;
    let mut left = budget;
    let mut allowed = TimeDelta::zero();
    let mut until = now;
    while at < cap && left > TimeDelta::zero() {
        match asleep_until(zone, at) {
            Some(morning) => at = morning,
            None => {
                let evening = hour(zone, at.with_timezone(&zone).date_naive(), AWAKE_TO_HOUR);
                let end = evening.min(cap).min(at + left);
                allowed += end - at;
                left -= end - at;
                at = end;
                until = end;
            }
        }
    }
    (allowed >= OFFER_SHORTEST).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Moscow;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn until(now: &str, start: &str, held: Option<&str>) -> Option<String> {
        offer_until(Moscow, at(now), at(start), held.map(at))
            .map(|until| until.with_timezone(&Moscow).format("%m-%d %H:%M").to_string())
    }

    #[test]
    fn an_offer_lasts_two_hours_by_day() {
        assert_eq!(
            until("2026-12-01T10:00:00+03:00", "2026-12-03T10:00:00+03:00", None).as_deref(),
            Some("12-01 12:00")
        );
    }

    #[test]
    fn an_offer_for_a_near_start_lasts_a_quarter_of_the_time_left() {
        assert_eq!(
            until("2026-12-01T10:00:00+03:00", "2026-12-01T14:00:00+03:00", None).as_deref(),
            Some("12-01 11:00")
        );
        assert_eq!(
            until("2026-12-01T10:00:00+03:00", "2026-12-01T16:00:00+03:00", None).as_deref(),
            Some("12-01 11:30"),
            "long before the three hours"
        );
    }

    #[test]
    fn the_clock_stops_at_night() {
        assert_eq!(
            until("2026-12-01T20:30:00+03:00", "2026-12-04T10:00:00+03:00", None).as_deref(),
            Some("12-02 09:30")
        );
        assert_eq!(
            until("2026-12-01T23:00:00+03:00", "2026-12-04T10:00:00+03:00", None).as_deref(),
            Some("12-02 10:00")
        );
    }

    #[test]
    fn it_ends_three_hours_before_the_start_and_a_day_before_the_held_one() {
        assert_eq!(
            until("2026-12-01T20:30:00+03:00", "2026-12-02T11:30:00+03:00", None).as_deref(),
            Some("12-02 08:30")
        );
        assert_eq!(
            until(
                "2026-12-01T10:00:00+03:00",
                "2026-12-02T09:00:00+03:00",
                Some("2026-12-02T11:00:00+03:00")
            )
            .as_deref(),
            Some("12-01 11:00")
        );
    }

    #[test]
    fn too_little_time_is_no_offer() {
        assert_eq!(until("2026-12-01T10:00:00+03:00", "2026-12-01T13:10:00+03:00", None), None);
        assert_eq!(until("2026-12-01T22:00:00+03:00", "2026-12-02T09:00:00+03:00", None), None);
    }

    proptest! {
        #[test]
        fn an_offer_never_ends_at_night_nor_later_than_it_may(now in 0i64..10_000, ahead in 0i64..10_000) {
            let now = at("2026-12-01T00:00:00Z") + TimeDelta::minutes(now);
            let start = now + TimeDelta::minutes(ahead);
            if let Some(until) = offer_until(Moscow, now, start, None) {
                prop_assert!(until <= start - OFFER_BEFORE_START);
                let allowed = allowed_between(Moscow, now, until);
                prop_assert!(allowed >= OFFER_SHORTEST && allowed <= OFFER_LONGEST);
                prop_assert!(asleep_until(Moscow, until - TimeDelta::seconds(1)).is_none());
            }
        }
    }
}

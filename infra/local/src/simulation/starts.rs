//! When something starts in the offices of the simulation, which are small and the same every day.

use super::dice::Dice;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

/// Moscow all the year round.
pub const OFFSET: TimeDelta = TimeDelta::hours(3);
/// Minutes of the day, in Moscow, at which something starts.
const STARTS: [u32; 4] = [10 * 60, 10 * 60 + 30, 12 * 60, 12 * 60 + 15];

/// An instant about a start of today or tomorrow: when people come, are missed, and for tomorrow's can change no more.
pub fn about_a_start(dice: &mut Dice, now: DateTime<Utc>) -> DateTime<Utc> {
    let minute = dice.pick(&STARTS).copied().unwrap_or_default();
    let on = today(now).checked_add_days(Days::new(dice.below(2))).unwrap_or_default();
    let local = on.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minute.into());
    // Often to when coming late and not coming meet.
    let seconds = match dice.strikes(300) {
        true => domain::limits::NO_SHOW_AFTER.num_seconds() - 5 + i64::try_from(dice.below(10)).unwrap_or(0),
        false => i64::try_from(dice.below(55 * 60)).unwrap_or(0) - 40 * 60,
    };
    local.and_utc() - OFFSET + TimeDelta::seconds(seconds)
}

/// An instant at which answering an offer and its lapse meet, mostly; often later than any clock's error.
pub fn about_an_end(dice: &mut Dice, until: DateTime<Utc>) -> DateTime<Utc> {
    let ms = i64::try_from(dice.below(20_000)).unwrap_or(0);
    until + TimeDelta::milliseconds(ms - 5_000)
}

/// A start that the schedule has, of the next days.
pub fn start(dice: &mut Dice, now: DateTime<Utc>) -> (&'static str, &'static str, DateTime<Utc>) {
    let service = service(dice);
    let (office, minutes) = match (service, dice.below(3)) {
        ("paper", _) => ("two", 12 * 60 + 15 * dice.below(2)),
        (_, 0) => ("two", 12 * 60),
        _ => ("one", 10 * 60 + 30 * dice.below(2)),
    };
    let ahead = dice.below(4);
    let on = today(now).checked_add_days(Days::new(ahead)).unwrap_or_default();
    let local = on.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::try_from(minutes).unwrap_or(0));
    (office, service, local.and_utc() - OFFSET)
}

/// Somebody who may be asked for by name, where anybody is known by name.
pub fn whom(dice: &mut Dice, office: &str) -> Option<&'static str> {
    (office == "two" && dice.strikes(400)).then(|| if dice.strikes(500) { "anna" } else { "boris" })
}

/// The window of office two at which somebody receives on a date: on Thursdays they change places.
pub fn window_of(specialist: &str, on: NaiveDate) -> &'static str {
    if (specialist == "anna") == (on.weekday() == Weekday::Thu) { "b" } else { "a" }
}

pub fn today(now: DateTime<Utc>) -> NaiveDate {
    (now + OFFSET).date_naive()
}

pub fn service(dice: &mut Dice) -> &'static str {
    if dice.strikes(300) { "paper" } else { "talk" }
}

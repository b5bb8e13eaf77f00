//! Who may be offered a freed slot (C5, C7): waiting, no open offer, under the daily cap, the wish suits, the start
//! was not declined, no cool-down, no overlap, the deadline rules met.

use crate::decode::{Active, Entry};
use crate::plan::Plan;
use crate::quiet::leaves_time;
use chrono::{Datelike, NaiveDateTime, Timelike};

/// A slot that somebody may want.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Want {
    pub office: String,
    pub starts_at_s: i64,
    pub ends_at_s: i64,
}

/// Why a slot is not for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    NotWaiting,
    /// Their cabinet is closed to booking.
    Blocked,
    HasOpenOffer,
    OutsideWish,
    DailyCap,
    DeclinedBefore,
    /// What is held for the service is no later.
    HasEarlier,
    /// What is held for the service starts too soon to be given up.
    HeldTooSoon,
    Overlaps,
    TooMany,
    CoolingDown,
    /// Too little time awake is left for an answer.
    TooClose,
}

/// Whether a slot may be offered to a place in line at an instant.
pub fn eligible(
    plan: &Plan,
    entry: &Entry,
    active: Option<&Active>,
    want: &Want,
    at_us: i64,
) -> Result<(), WhyNot> {
    let limits = &plan.limits;
    let Some(office) = plan.offices.get(&want.office) else { return Err(WhyNot::OutsideWish) };
    let Some(active) = active.filter(|active| active.waits(&entry.service, &entry.ticket)) else {
        return Err(WhyNot::NotWaiting);
    };
    if !entry.is_waiting() {
        return Err(WhyNot::NotWaiting);
    }
    if active.blocked {
        return Err(WhyNot::Blocked);
    }
    if entry.offer.is_some() || active.offer.is_some() {
        return Err(WhyNot::HasOpenOffer);
    }
    if !suits(entry, &want.office, office.zone.local(want.starts_at_s * 1_000_000)) {
        return Err(WhyNot::OutsideWish);
    }
    let today = office.zone.local(at_us).date();
    if entry.offers_on.is_some_and(|(on, count)| on == today && count >= limits.offers_a_day) {
        return Err(WhyNot::DailyCap);
    }
    let start = (want.office.clone(), want.starts_at_s);
    if entry.declined.contains(&start) {
        return Err(WhyNot::DeclinedBefore);
    }
    let current: Vec<_> = active.held.iter().filter(|held| held.seat.ends_at_s * 1_000_000 > at_us).collect();
    let held = current.iter().find(|held| held.service == entry.service);
    let held_starts_at_s = held.map(|held| held.seat.starts_at_s);
    if let Some(held) = held_starts_at_s {
        if want.starts_at_s >= held {
            return Err(WhyNot::HasEarlier);
        }
        if at_us + limits.cut_off_s * 1_000_000 >= held * 1_000_000 {
            return Err(WhyNot::HeldTooSoon);
        }
    }
    let others = || current.iter().filter(|other| held.is_none_or(|held| held.id != other.id));
    if others().any(|other| other.seat.overlaps((want.starts_at_s, want.ends_at_s))) {
        return Err(WhyNot::Overlaps);
    }
    if others().count() >= limits.appointments_max {
        return Err(WhyNot::TooMany);
    }
    let cools = active.cool_downs.iter().any(|cool_down| {
        (&cool_down.office, cool_down.starts_at_s) == (&want.office, want.starts_at_s)
            && cool_down.until_ms * 1000 > at_us
    });
    if cools {
        return Err(WhyNot::CoolingDown);
    }
    if leaves_time(limits, office.zone, at_us, want.starts_at_s, held_starts_at_s) {
        Ok(())
    } else {
        Err(WhyNot::TooClose)
    }
}

/// Whether a start suits a wish.
pub fn suits(entry: &Entry, office: &str, local: NaiveDateTime) -> bool {
    let part = match local.hour() {
        0..=11 => "morning",
        12..=16 => "day",
        _ => "evening",
    };
    let (on, wish) = (local.date(), &entry.wish);
    wish.offices.iter().any(|wished| wished == office)
        && entry.dates.is_none_or(|(first, last)| (first..=last).contains(&on))
        && (wish.weekdays.is_empty() || wish.weekdays.contains(&(on.weekday().number_from_monday() as u8)))
        && (wish.parts.is_empty() || wish.parts.iter().any(|wished| wished == part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{CoolDown, Held, OpenOffer, Seat};
    use crate::history::{Limits, Office, Wish, World};

    /// Thursday 3 December 2026, 00:00 at +03:00, in seconds.
    const DAY_S: i64 = 1_796_245_200;
    /// Two days before, at ten.
    const NOW_US: i64 = (DAY_S - 2 * 86_400 + 36_000) * 1_000_000;

    fn want(hour: i64) -> Want {
        let starts_at_s = DAY_S + hour * 3600;
        Want { office: "one".into(), starts_at_s, ends_at_s: starts_at_s + 1800 }
    }

    fn held(service: &str, hour: i64) -> Held {
        let Want { office, starts_at_s, ends_at_s } = want(hour);
        let on = "2026-12-03".parse().unwrap();
        let seat = Seat { office, window: "a".into(), on, from: 0, to: 6, starts_at_s, ends_at_s };
        Held { id: format!("{service}-{hour}"), service: service.into(), seat, version: 1 }
    }

    /// Anna waits for a talk on any day, and nothing stands in her way but what is changed.
    fn judge(at_us: i64, change: impl FnOnce(&mut Entry, &mut Active)) -> Result<(), WhyNot> {
        let office = Office { id: "one".into(), zone: "+03:00".into(), no_show: true, windows: Vec::new() };
        let (plan, _) =
            Plan::of(&World { offices: vec![office], services: Vec::new(), limits: Limits::default() });
        let mut entry = Entry {
            citizen: "anna".into(),
            service: "talk".into(),
            ticket: "T1".into(),
            class: "ordinary".into(),
            wish: Wish { offices: vec!["one".into()], ..Wish::default() },
            dates: None,
            state: "waiting".into(),
            offer: None,
            declined: Vec::new(),
            offers_on: None,
            version: 1,
            changes: Vec::new(),
        };
        let mut active = Active { waiting: vec![("talk".into(), "T1".into())], ..Active::default() };
        change(&mut entry, &mut active);
        eligible(&plan, &entry, Some(&active), &want(10), at_us)
    }

    fn now(change: impl FnOnce(&mut Entry, &mut Active)) -> Result<(), WhyNot> {
        judge(NOW_US, change)
    }

    #[test]
    fn whoever_waits_and_holds_nothing_is_eligible() {
        assert_eq!(now(|_, _| {}), Ok(()));
    }

    #[test]
    fn who_does_not_wait_or_has_an_offer_is_not() {
        assert_eq!(now(|entry, _| entry.state = "paused".into()), Err(WhyNot::NotWaiting));
        assert_eq!(now(|_, active| active.waiting.clear()), Err(WhyNot::NotWaiting));
        assert_eq!(now(|_, active| active.blocked = true), Err(WhyNot::Blocked));
        assert_eq!(now(|_, active| active.waiting[0].1 = "T0".into()), Err(WhyNot::NotWaiting));
        assert_eq!(now(|entry, _| entry.offer = Some("offer".into())), Err(WhyNot::HasOpenOffer));
        let offer = OpenOffer { id: "o".into(), service: "paper".into(), starts_at_ms: 0, ends_at_ms: 0 };
        assert_eq!(now(|_, active| active.offer = Some(offer)), Err(WhyNot::HasOpenOffer));
    }

    #[test]
    fn the_wish_says_where_when_and_at_what_time() {
        let on = |day: &str| day.parse().unwrap();
        let dates =
            |first, last| move |entry: &mut Entry, _: &mut Active| entry.dates = Some((on(first), on(last)));
        assert_eq!(now(dates("2026-12-03", "2026-12-03")), Ok(()));
        assert_eq!(now(dates("2026-12-04", "2026-12-09")), Err(WhyNot::OutsideWish));
        assert_eq!(now(|entry, _| entry.wish.weekdays = vec![4]), Ok(()));
        assert_eq!(now(|entry, _| entry.wish.weekdays = vec![3, 5]), Err(WhyNot::OutsideWish));
        assert_eq!(now(|entry, _| entry.wish.parts = vec!["morning".into()]), Ok(()));
        assert_eq!(now(|entry, _| entry.wish.parts = vec!["day".into()]), Err(WhyNot::OutsideWish));
        assert_eq!(now(|entry, _| entry.wish.offices = vec!["two".into()]), Err(WhyNot::OutsideWish));
    }

    #[test]
    fn three_offers_a_day_are_enough_and_what_was_declined_stays_declined() {
        let offers = |on: &str, count| {
            let on = on.parse().unwrap();
            now(|entry, _| entry.offers_on = Some((on, count)))
        };
        assert_eq!(offers("2026-12-01", 2), Ok(()));
        assert_eq!(offers("2026-12-01", 3), Err(WhyNot::DailyCap));
        assert_eq!(offers("2026-11-30", 3), Ok(()));
        let declined =
            |hour| now(move |entry, _| entry.declined.push(("one".into(), want(hour).starts_at_s)));
        assert_eq!(declined(11), Ok(()));
        assert_eq!(declined(10), Err(WhyNot::DeclinedBefore));
    }

    #[test]
    fn what_is_held_may_be_later_and_must_not_overlap() {
        let holds = |service: &str, hour| {
            let held = held(service, hour);
            now(|_, active| active.held.push(held))
        };
        assert_eq!(holds("talk", 11), Ok(()));
        assert_eq!(holds("talk", 10), Err(WhyNot::HasEarlier));
        assert_eq!(holds("talk", 9), Err(WhyNot::HasEarlier));
        assert_eq!(holds("paper", 11), Ok(()));
        assert_eq!(holds("paper", 10), Err(WhyNot::Overlaps));
        let five = |active: &mut Active| active.held = (12..17).map(|hour| held("paper", hour)).collect();
        assert_eq!(now(|_, active| five(active)), Err(WhyNot::TooMany));
        // The later one is given up for it, and does not count.
        let swap = |_: &mut Entry, active: &mut Active| {
            five(active);
            active.held[4] = held("talk", 17);
        };
        assert_eq!(now(swap), Ok(()));
    }

    #[test]
    fn the_held_one_is_not_given_up_within_a_day_of_its_start() {
        let a_day_before_us = (DAY_S - 86_400 + 11 * 3600) * 1_000_000;
        let later = |at_us| judge(at_us, |_, active| active.held.push(held("talk", 11)));
        assert_eq!(later(a_day_before_us), Err(WhyNot::HeldTooSoon));
        assert_eq!(later(a_day_before_us - 600_000_000), Err(WhyNot::TooClose), "no time is left to answer");
        assert_eq!(later(a_day_before_us - 3_600_000_000), Ok(()));
    }

    #[test]
    fn a_start_given_up_is_not_retaken_for_a_while_and_a_near_one_is_for_nobody() {
        let cools = |hour, until_us: i64| {
            let cool_down = CoolDown {
                office: "one".into(),
                starts_at_s: want(hour).starts_at_s,
                until_ms: until_us / 1000,
            };
            now(|_, active| active.cool_downs.push(cool_down))
        };
        assert_eq!(cools(10, NOW_US + 60_000_000), Err(WhyNot::CoolingDown));
        assert_eq!(cools(10, NOW_US), Ok(()));
        assert_eq!(cools(11, NOW_US + 60_000_000), Ok(()));
        let three_hours_before_us = (DAY_S + 7 * 3600) * 1_000_000;
        assert_eq!(judge(three_hours_before_us, |_, _| {}), Err(WhyNot::TooClose));
    }
}

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

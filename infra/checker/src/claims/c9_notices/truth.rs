//! Whether a notice tells what was so.

use super::is_reminder;
use crate::decode::{Appointment, Offer};
use crate::history::About;
use crate::tape::{Tape, Track, Version};

/// Why a notice that was sent then was not true; none if it was, or if it is about no fact that is judged.
pub fn untrue(tape: &Tape<'_>, about: &About, citizen: &str, step: u64, at_us: i64) -> Option<String> {
    let settled_us = at_us - tape.plan.limits.contradiction_after_s * 1_000_000;
    if about.kind.starts_with("offer-") {
        let Some(track) = tape.offers.get(&about.subject) else {
            return Some("no such offer was ever committed".to_owned());
        };
        let of = track.last().map(|offer| (offer.citizen.as_str(), offer.service.as_str()));
        return owner(tape, of, citizen, (step, at_us))
            .or_else(|| offer_untrue(track, about, step, settled_us));
    }
    if !is_reminder(about) && !KINDS.contains(&about.kind.as_str()) {
        return None;
    }
    let Some(track) = tape.appointments.get(&about.subject) else {
        return Some("no such appointment was ever committed".to_owned());
    };
    let of = track.last().map(|item| (item.citizen.as_str(), item.service.as_str()));
    owner(tape, of, citizen, (step, at_us)).or_else(|| {
        if is_reminder(about) {
            reminder_untrue(track, about, step, settled_us)
        } else {
            change_untrue(track, about, step, settled_us)
        }
    })
}

const KINDS: [&str; 7] =
    ["booked", "moved", "cancelled", "displaced", "no-show", "no-show-undone", "visit-closed"];

/// The kind of notice that a change of an appointment demands.
pub fn kind_of(did: &str, version: u64) -> Option<&'static str> {
    match did {
        "booked" => Some("booked"),
        "accepted" if version == 1 => Some("booked"),
        "accepted" | "moved" => Some("moved"),
        "cancelled" => Some("cancelled"),
        "displaced" => Some("displaced"),
        "no-show" => Some("no-show"),
        "no-show-undone" => Some("no-show-undone"),
        "closed" => Some("visit-closed"),
        _ => None,
    }
}

/// What the version's own change did.
pub fn did(item: &Appointment) -> Option<&str> {
    let own = item.changes.iter().find(|change| change.version == item.version);
    own.map(|change| change.did.as_str())
}

/// Whose it is hears of it, and whoever could act for them in it when it was looked at: that is no longer ago than a call of a
/// function lasts.
fn owner(tape: &Tape<'_>, of: Option<(&str, &str)>, told: &str, (step, at_us): (u64, i64)) -> Option<String> {
    let (of, service) = of.filter(|(of, _)| *of != told)?;
    let since_us = at_us - tape.plan.limits.invocation_us - tape.epsilon_us();
    let right = tape.rights.get(&(of.to_owned(), told.to_owned()));
    let since = right.and_then(|right| right.before_us(since_us)).map_or(0, |version| version.step);
    (!tape.could_act((of, told), Some(service), (since, since_us), step))
        .then(|| format!("it is {of}'s, for whom they could not act"))
}

fn change_untrue(
    track: &Track<String, Appointment>,
    about: &About,
    step: u64,
    settled_us: i64,
) -> Option<String> {
    let before = |version: &&Version<Appointment>| version.step < step;
    let made = track.versions.iter().filter(before).filter_map(|version| version.item.as_ref());
    let made = made.into_iter().find(|item| item.version == about.version);
    let kind = made.and_then(did).and_then(|did| kind_of(did, about.version));
    if kind != Some(about.kind.as_str()) {
        return Some(format!("no such version was committed before (it is {kind:?})"));
    }
    if !matches!(about.kind.as_str(), "booked" | "moved") {
        return None;
    }
    superseded(track, about.version, settled_us)
        .map(|(version, by)| format!("version {version} had been {by} more than a minute before"))
}

/// Whether a booking or move was no longer news before an instant: which version made it so, and how. Each later change
/// tells of itself, and whoever has come needs no confirmation. A correction of what was filled in, or more that is known of the
/// holder, leaves it as it was told.
pub fn superseded(track: &Track<String, Appointment>, version: u64, before_us: i64) -> Option<(u64, String)> {
    let later = track.versions.iter().filter(|later| later.at_us < before_us);
    let later = later.filter_map(|later| later.item.as_ref()).filter(|item| item.version > version);
    let mut done = later.filter_map(|item| Some((item.version, did(item)?.to_owned())));
    done.find(|(_, did)| {
        !matches!(did.as_str(), "corrected" | "eligibility-confirmed" | "eligibility-doubted")
    })
}

fn reminder_untrue(
    track: &Track<String, Appointment>,
    about: &About,
    step: u64,
    settled_us: i64,
) -> Option<String> {
    let fits = |item: &Appointment| item.is_planned() && starts(item, about.version);
    let before = |version: &&Version<Appointment>| version.step < step;
    let ever = track.versions.iter().filter(before).filter_map(|version| version.item.as_ref());
    if !ever.into_iter().any(fits) {
        return Some("it was never planned for that start".to_owned());
    }
    let settled = track.before_us(settled_us).and_then(|version| version.item.as_ref());
    let settled = settled.filter(|item| !fits(item));
    // It may be so again since: then it is true.
    let now = track.at(step).is_some_and(fits);
    settled.filter(|_| !now).map(|item| {
        let (phase, version) = (&item.phase, item.version);
        format!("it had been {phase} at {} (version {version}) more than a minute before", item.seat)
    })
}

pub fn starts(item: &Appointment, start: u64) -> bool {
    u64::try_from(item.seat.starts_at_s) == Ok(start)
}

fn offer_untrue(track: &Track<String, Offer>, about: &About, step: u64, settled_us: i64) -> Option<String> {
    let stood = track.at(step);
    match about.kind.as_str() {
        "offer-made" | "offer-nudge" => {
            let made = track.versions.first().filter(|made| made.step < step);
            if made.and_then(|made| made.item.as_ref()).is_none_or(|made| made.version != about.version) {
                return Some("no such offer was committed before".to_owned());
            }
            let settled = track.before_us(settled_us).and_then(|version| version.item.as_ref());
            let ended = settled.filter(|offer| !offer.is_open());
            ended.map(|offer| format!("it had been {} more than a minute before", offer.state))
        }
        "offer-lapsed" | "offer-lapsed-paused" => {
            let lapsed = stood.is_some_and(|offer| offer.state == "lapsed" && offer.version == about.version);
            (!lapsed).then(|| format!("it is {:?}", stood.map(|offer| offer.state.as_str())))
        }
        _ => None,
    }
}

//! What a commit did, by its items; and whether an operation asked for that.

use super::Deed;
use crate::decode::Change;
use crate::history::Action;
use crate::tape::{Commit, Operation, Tape, Touch};

/// What may be done in a client's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// `who` was asked for, by what it keeps.
    Booked {
        appointment: String,
        service: String,
        office: String,
        starts_at_s: i64,
        who: Option<String>,
    },
    Moved {
        appointment: String,
        office: String,
        starts_at_s: i64,
        who: Option<String>,
    },
    Cancelled {
        appointment: String,
    },
    /// What was filled in for it.
    Corrected {
        appointment: String,
    },
    /// Taken from its window by the office: moved to another at the same time, or given up.
    Displaced {
        appointment: String,
    },
    CheckedIn {
        appointment: String,
    },
    Joined {
        service: String,
    },
    Paused {
        service: String,
    },
    Resumed {
        service: String,
    },
    Left {
        service: String,
    },
    Accepted {
        offer: String,
    },
    Declined {
        offer: String,
    },
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verb::Booked { appointment, service, office, starts_at_s, .. } => {
                write!(f, "booked {appointment} for {service} at {office} {starts_at_s}")
            }
            Verb::Moved { appointment, office, starts_at_s, .. } => {
                write!(f, "moved {appointment} to {office} {starts_at_s}")
            }
            Verb::Cancelled { appointment } => write!(f, "cancelled {appointment}"),
            Verb::Corrected { appointment } => write!(f, "corrected {appointment}"),
            Verb::Displaced { appointment } => write!(f, "displaced {appointment}"),
            Verb::CheckedIn { appointment } => write!(f, "checked in {appointment}"),
            Verb::Joined { service } => write!(f, "joined the line of {service}"),
            Verb::Paused { service } => write!(f, "paused in the line of {service}"),
            Verb::Resumed { service } => write!(f, "resumed in the line of {service}"),
            Verb::Left { service } => write!(f, "left the line of {service}"),
            Verb::Accepted { offer } => write!(f, "accepted offer {offer}"),
            Verb::Declined { offer } => write!(f, "declined offer {offer}"),
        }
    }
}

/// All deeds, in commit order. What the system did is nobody's deed here. What staff did may have been asked for like what
/// citizens did themselves, and then it is held to the same.
pub fn read(tape: &Tape<'_>) -> Vec<Deed> {
    let deeds = tape.commits.iter().enumerate().filter_map(|(at, commit)| {
        let (citizen, verb, by_staff) = verb(tape, commit)?;
        let keys = keys(tape, commit);
        Some(Deed { commit: at, step: commit.step, citizen, verb, by_staff, keys, author: None })
    });
    deeds.collect()
}

/// An offer's end tells most, then an appointment's change, then that of a place in line; but leaving is leaving, also
/// when it ends an offer.
fn verb(tape: &Tape<'_>, commit: &Commit<'_>) -> Option<(String, Verb, bool)> {
    let offer = commit.touches.iter().find_map(|touch| offer_verb(tape, touch));
    let appointment = || commit.touches.iter().find_map(|touch| appointment_verb(tape, commit, touch));
    let entry = || commit.touches.iter().find_map(|touch| entry_verb(tape, touch));
    let left = entry().filter(|(_, verb, _)| matches!(verb, Verb::Left { .. }));
    let of_offer = |(citizen, verb): (String, Verb)| {
        let by_staff = appointment().or_else(entry).is_some_and(|(_, _, by_staff)| by_staff);
        (citizen, verb, by_staff)
    };
    left.or(offer.map(of_offer)).or_else(appointment).or_else(entry)
}

fn offer_verb(tape: &Tape<'_>, touch: &Touch) -> Option<(String, Verb)> {
    let Touch::Offer(track, version) = *touch else { return None };
    let track = &tape.offers.tracks[track];
    let (before, after) = (track.before(version)?, track.versions[version].item.as_ref()?);
    let verb = match after.state.as_str() {
        _ if !before.is_open() => return None,
        "accepted" => Verb::Accepted { offer: after.id.clone() },
        "declined" => Verb::Declined { offer: after.id.clone() },
        _ => return None,
    };
    Some((after.citizen.clone(), verb))
}

fn appointment_verb(tape: &Tape<'_>, commit: &Commit<'_>, touch: &Touch) -> Option<(String, Verb, bool)> {
    let Touch::Appointment(track, version) = *touch else { return None };
    let track = &tape.appointments.tracks[track];
    let after = track.versions[version].item.as_ref()?;
    let change = by_client(track.before(version).map(|before| before.version), &after.changes)?;
    let (appointment, office) = (after.id.clone(), after.seat.office.clone());
    let starts_at_s = after.seat.starts_at_s;
    let who = after.chosen.clone();
    // Nobody asks for the start that they have, unless for another specialist; and then the request has a key.
    let same_start = track
        .before(version)
        .is_some_and(|before| before.seat.starts_at_s == starts_at_s && before.seat.office == office);
    let verb = match change.did.as_str() {
        "moved" if same_start && change.by == "staff" && keys(tape, commit).is_empty() => {
            Verb::Displaced { appointment }
        }
        "displaced" => Verb::Displaced { appointment },
        "booked" => Verb::Booked { appointment, service: after.service.clone(), office, starts_at_s, who },
        "moved" => Verb::Moved { appointment, office, starts_at_s, who },
        "cancelled" => Verb::Cancelled { appointment },
        "corrected" => Verb::Corrected { appointment },
        "checked-in" => Verb::CheckedIn { appointment },
        // Without its offer ending: that of no offer.
        "accepted" => Verb::Accepted { offer: String::new() },
        _ => return None,
    };
    Some((after.citizen.clone(), verb, change.by == "staff"))
}

fn entry_verb(tape: &Tape<'_>, touch: &Touch) -> Option<(String, Verb, bool)> {
    let Touch::Entry(track, version) = *touch else { return None };
    let track = &tape.entries.tracks[track];
    let after = track.versions[version].item.as_ref()?;
    let before = track.before(version).filter(|before| before.ticket == after.ticket);
    let change = by_client(before.map(|before| before.version), &after.changes)?;
    let service = after.service.clone();
    let verb = match change.did.as_str() {
        "joined" => Verb::Joined { service },
        "paused" => Verb::Paused { service },
        "resumed" => Verb::Resumed { service },
        "left" => Verb::Left { service },
        _ => return None,
    };
    Some((after.citizen.clone(), verb, change.by == "staff"))
}

/// The newest change that a client made, of those that are new.
fn by_client(before: Option<u64>, changes: &[Change]) -> Option<&Change> {
    let new = changes.iter().rev().filter(|change| change.version > before.unwrap_or(0));
    new.into_iter().find(|change| matches!(change.by.as_str(), "citizen" | "representative" | "staff"))
}

/// The keys that ACTIVE remembers since this commit.
fn keys(tape: &Tape<'_>, commit: &Commit<'_>) -> Vec<String> {
    let Some(Touch::Active(track, version)) =
        commit.touches.iter().find(|touch| matches!(touch, Touch::Active(..)))
    else {
        return Vec::new();
    };
    let track = &tape.actives.tracks[*track];
    let before = track.before(*version);
    let known = |key: &String| before.is_some_and(|before| before.done.contains(key));
    let after = track.versions[*version].item.as_ref();
    after.map_or_else(Vec::new, |after| after.done.iter().filter(|key| !known(key)).cloned().collect())
}

/// Whether an operation asked for a deed before it was done, as far as facts and keys tell. `own` are all
/// operations of the deed's citizen.
pub fn fits(asked: &Operation<'_>, deed: &Deed, tape: &Tape<'_>, own: &[usize]) -> bool {
    if asked.called > deed.step || !asks(asked.action, &deed.verb) {
        return false;
    }
    match &asked.key_hash {
        // Declining and checking in leave no key.
        _ if deed.keys.is_empty() => true,
        Some(hash) => deed.keys.contains(hash),
        // Without a key it is known by one that no other operation sent.
        None => {
            let mut sent = own.iter().filter_map(|other| tape.operations[*other].key_hash.as_ref());
            !sent.any(|hash| deed.keys.contains(hash))
        }
    }
}

fn asks(action: &Action, verb: &Verb) -> bool {
    match (action, verb) {
        (
            Action::Book { office, service, starts_at_s, with },
            Verb::Booked { service: s, office: o, starts_at_s: at, who, .. },
        ) => office == o && service == s && starts_at_s == at && with == who,
        (
            Action::Reschedule { appointment, office, starts_at_s, with },
            Verb::Moved { appointment: a, office: o, starts_at_s: at, who },
        ) => appointment == a && office == o && starts_at_s == at && with == who,
        (Action::Cancel { appointment }, Verb::Cancelled { appointment: a })
        | (Action::Correct { appointment }, Verb::Corrected { appointment: a }) => appointment == a,
        (Action::CheckIn { appointment }, Verb::CheckedIn { appointment: a }) => appointment == a,
        (Action::Join { service, .. }, Verb::Joined { service: s })
        | (Action::Pause { service }, Verb::Paused { service: s })
        | (Action::Resume { service }, Verb::Resumed { service: s })
        | (Action::Leave { service }, Verb::Left { service: s }) => service == s,
        (Action::Accept { offer }, Verb::Accepted { offer: o }) => offer == o || o.is_empty(),
        (Action::Decline { offer }, Verb::Declined { offer: o }) => offer == o,
        _ => false,
    }
}

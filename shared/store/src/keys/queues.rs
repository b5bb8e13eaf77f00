//! What waits for staff to decide: a partition each queue of a place, what is due first in front.

use super::Key;
use chrono::{DateTime, Utc};
use domain::Ulid;
use domain::queue::Queue;

const CHECKS: &str = "CHECKS#";
const UNLOCKS: &str = "UNLOCKS#";
const POLICIES: &str = "POLICIES#";
const GRANTS: &str = "GRANTS#";

pub fn queue(queue: &Queue) -> String {
    match queue {
        Queue::Checks(office) => format!("{CHECKS}{office}"),
        Queue::Unlocks(office) => format!("{UNLOCKS}{office}"),
        Queue::Policies(region) => format!("{POLICIES}{region}"),
        Queue::Grants(region) => format!("{GRANTS}{region}"),
    }
}

/// Where something stands in its queue. `at` is when it is due; where everything has as long, since when it waits, for the order is
/// the same. `id` tells it from others of the same moment.
pub fn queued(of: &Queue, at: DateTime<Utc>, id: Ulid) -> Key {
    Key::new(queue(of), format!("{:013}#{id}", at.timestamp_millis()))
}

/// Where checks and unlocks stood before there was one layout of all: by age alone.
pub fn queued_by_age(of: &Queue, id: Ulid) -> Key {
    Key::new(queue(of), id.to_string())
}

/// Whether something can be the rest of a queued row's key: of the present layout or of the one before.
pub fn is_queued(rest: &str) -> bool {
    read_rest(rest).is_some()
}

fn read_rest(rest: &str) -> Option<Ulid> {
    let id = match rest.split_once('#') {
        Some((at, id)) => (at.len() == 13 && at.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)?,
        None => rest,
    };
    Ulid::from_string(id).ok()
}

/// Reads back in which queue a row stands, and by which id.
pub fn read_queued(key: &Key) -> Option<(Queue, Ulid)> {
    let (kind, place) = key.pk.split_once('#')?;
    let queue = match kind {
        "CHECKS" => Queue::Checks(place.parse().ok()?),
        "UNLOCKS" => Queue::Unlocks(place.parse().ok()?),
        "POLICIES" => Queue::Policies(place.parse().ok()?),
        "GRANTS" => Queue::Grants(place.parse().ok()?),
        _ => return None,
    };
    Some((queue, read_rest(&key.sk)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queued_rows_key_reads_back_whichever_layout_it_has() {
        let (office, region) = ("anadyr".parse().unwrap(), "RU-CHU".parse().unwrap());
        let (at, id) = (DateTime::UNIX_EPOCH, Ulid::from_parts(7, 8));
        for of in [Queue::Checks(office), Queue::Policies(region)] {
            for key in [queued(&of, at, id), queued_by_age(&of, id)] {
                assert!(is_queued(&key.sk), "{key}");
                assert_eq!(read_queued(&key), Some((of.clone(), id)), "{key}");
            }
        }
        for wrong in ["", "x", "12#", "0000000000000#x", "0000000000000x01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
            assert!(!is_queued(wrong), "{wrong}");
        }
    }
}

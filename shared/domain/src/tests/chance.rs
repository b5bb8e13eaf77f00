//! Draws from chance: named, repeatable, never shared by two purposes.

use super::at;
use crate::Clock;
use crate::Moment;
use crate::moment::Draw;
use crate::number::{Number, queue_number, visit_code};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Moscow;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn moment(seed: u8) -> Moment {
    Moment::new(at("2026-12-01T10:00:00.123Z"), [seed; 32])
}

struct Standing;

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        at("2026-12-01T10:00:00.123Z")
    }
    fn seed(&self) -> [u8; 32] {
        [7; 32]
    }
}

#[test]
fn a_clock_gives_its_time_and_its_chance() {
    let (given, same) = (Standing.moment(), moment(7));
    assert_eq!((given.now, given.bytes::<16>(Draw::Session)), (same.now, same.bytes(Draw::Session)));
}

/// Every purpose there is.
const ALL: [Draw; 18] = {
    use Draw::*;
    [
        Operation,
        Citizen,
        Appointment,
        Number,
        Code,
        Ticket,
        Offer,
        Registration,
        Nonce,
        Session,
        Salt,
        Release,
        CoolDown,
        Jitter,
        Staff,
        Invitation,
        Recovery,
        Field,
    ]
};

#[test]
fn every_purpose_has_a_value_of_its_own_and_the_same_again() {
    let drawn: BTreeSet<[u8; 16]> = ALL.iter().map(|draw| moment(1).bytes(*draw)).collect();
    assert_eq!(drawn.len(), ALL.len());
    assert_eq!(moment(1).bytes::<16>(Draw::Ticket), moment(1).bytes::<16>(Draw::Ticket));
    assert_ne!(moment(1).bytes::<16>(Draw::Ticket), moment(2).bytes::<16>(Draw::Ticket));
}

#[test]
fn each_field_of_an_item_is_sealed_under_another_nonce() {
    let nonces: BTreeSet<[u8; 12]> = (0..100).map(|index| moment(1).nonce(index)).collect();
    assert_eq!(nonces.len(), 100);
    let others = ALL.iter().filter(|draw| **draw != Draw::Field).map(|draw| moment(1).bytes::<12>(*draw));
    assert!(
        others.into_iter().all(|other| !nonces.contains(&other)),
        "and nothing else is drawn from its stream"
    );
    assert_eq!(
        moment(1).nonce(0),
        moment(1).bytes::<12>(Draw::Field),
        "the first field's is the stream's own"
    );
    // What is sealed again by a later version must not meet a nonce that was used.
    assert_eq!(moment(1).nonce(7), moment(1).nonce(7));
}

#[test]
fn trying_again_keeps_the_chance_and_the_next_of_a_batch_has_another() {
    let later = at("2026-12-01T10:00:09Z");
    let again = moment(1).at(later);
    assert_eq!((again.now, again.bytes::<16>(Draw::Offer)), (later, moment(1).bytes(Draw::Offer)));
    let each: BTreeSet<[u8; 16]> = (0..50).map(|n| moment(1).nth(n).bytes(Draw::Offer)).collect();
    assert_eq!(each.len(), 50);
    assert!(!each.contains(&moment(1).bytes(Draw::Offer)));
    assert_eq!(moment(1).nth(3).now, moment(1).now);
}

#[test]
fn an_identifier_sorts_by_time_and_the_rest_is_chance() {
    let ulid = moment(1).ulid(Draw::Offer);
    assert_eq!(ulid.timestamp_ms(), 1_796_119_200_123);
    assert_ne!(ulid.random(), 0);
    assert_ne!(ulid.random(), moment(2).ulid(Draw::Offer).random());
    assert!(moment(9).at(at("2026-12-01T10:00:00.124Z")).ulid(Draw::Offer) > ulid);
    // All eighty bits are chance: some seed sets each of them, and none sets another.
    let seen = (0..200u8).fold(0u128, |seen, seed| seen | moment(seed).ulid(Draw::Offer).random());
    assert_eq!(seen, (1 << 80) - 1);
}

proptest! {
    #[test]
    fn a_number_is_below_its_bound(seed: [u8; 32], bound in 0u64..1000) {
        let drawn = Moment::new(DateTime::UNIX_EPOCH, seed).below(Draw::Release, bound);
        prop_assert!(drawn < bound || (drawn, bound) == (0, 0));
    }

    #[test]
    fn a_visits_code_is_six_digits(seed: [u8; 32]) {
        let code = visit_code(&Moment::new(DateTime::UNIX_EPOCH, seed));
        prop_assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
    }
}

#[test]
fn every_number_below_the_bound_comes_up() {
    let drawn: BTreeSet<u64> = (0..200u8).map(|seed| moment(seed).below(Draw::Release, 7)).collect();
    assert_eq!(drawn, (0..7).collect());
    let codes: BTreeSet<String> = (0..50u8).map(|seed| visit_code(&moment(seed))).collect();
    assert!(codes.len() > 45, "{codes:?}");
}

#[test]
fn every_letter_of_a_number_comes_up() {
    let letters: BTreeSet<char> = (0..250u8)
        // The check character comes of the others.
        .flat_map(|seed| Number::draw(&moment(seed)).as_str()[..8].chars().collect::<Vec<_>>())
        .collect();
    assert_eq!(letters.iter().collect::<String>(), "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
}

#[test]
fn a_queue_number_is_the_windows_letter_and_the_starts_place_in_the_day() {
    let day = vec![super::hours(9, 13), super::hours(14, 18)];
    let windows = vec![
        super::window("a", vec![super::always(vec![super::hours(8, 12)])], &["talk"]),
        super::window("b", vec![super::always(day)], &["talk"]),
    ];
    let town = super::catalogue(super::office(Moscow, windows), Vec::new(), Default::default());
    let office = town.offices.values().next().unwrap();
    let of =
        |window: &str, cell| queue_number(&town, office, &window.parse().unwrap(), super::december(3), cell);
    assert_eq!([of("b", 108), of("b", 114), of("b", 168)], ["B-1", "B-7", "B-61"]);
    assert_eq!(of("a", 96), "A-1");
    assert_eq!(of("z", 96), "96", "a window that is gone has no letter");
}

//! What citizens say of themselves: numbers with their check digits, papers of an age, what is still missing.

use crate::catalogue::{Region, Service, WorkingCalendar};
use crate::citizen::Missing;
use crate::profile::{
    Address, BirthFault, Checked, Demand, Inn, Insurance, NumberFault, Paper, PaperFault, PaperKind, Policy,
    PolicyFault, PolicyKind, Profile, Snils, born,
};
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn passport(issued_on: &str) -> Paper {
    Paper {
        kind: PaperKind::Passport,
        series: Some("4508".to_owned()),
        number: "123456".to_owned(),
        issued_on: day(issued_on),
        issued_by: "ОВД".to_owned(),
    }
}

fn insurance(kind: PolicyKind, number: &str, issued_on: &str) -> Insurance {
    Insurance { kind, number: number.to_owned(), issued_on: day(issued_on) }
}

#[test]
fn a_snils_is_read_however_it_is_spaced() {
    for given in ["112-233-445 95", "11223344595", " 112 233 445 – 95 "] {
        let read = Snils::parse(given).unwrap();
        assert_eq!((read.as_str(), read.to_string().as_str()), ("11223344595", "112-233-445 95"), "{given}");
    }
    // Sums of 100, 101 and beyond: all are written with two digits.
    for given in ["087-654-303 00", "001-001-998 00", "001-001-997 12"] {
        assert!(Snils::parse(given).is_ok(), "{given}");
    }
    for (given, fault) in [
        ("112-233-445 96", NumberFault::Check),
        ("112-233-454 95", NumberFault::Check),
        ("112-233-445 9", NumberFault::Length),
        ("112-233-445 951", NumberFault::Length),
        ("", NumberFault::Length),
        ("112-233-445 9x", NumberFault::NotDigits),
        ("١١٢٢٣٣٤٤٥٩٥", NumberFault::NotDigits),
        ("000-000-000 00", NumberFault::Check),
    ] {
        assert_eq!(Snils::parse(given), Err(fault), "{given}");
    }
}

#[test]
fn an_inn_has_two_check_digits() {
    for given in ["500100732259", "5001 0073 2259", "772807592831"] {
        // The second is checked by the first's rule; which of them fits is told by the property below.
        let _ = Inn::parse(given);
    }
    assert_eq!(Inn::parse("500100732259").unwrap().as_str(), "500100732259");
    for (given, fault) in [
        ("500100732258", NumberFault::Check),
        ("500100732269", NumberFault::Check),
        ("000000000000", NumberFault::Check),
        ("7707083893", NumberFault::Length),
        ("50010073225O", NumberFault::NotDigits),
    ] {
        assert_eq!(Inn::parse(given), Err(fault), "{given}");
    }
}

/// The check digits by the text of the rule, digit by digit.
fn with_check(body: &str) -> String {
    let digit = |text: &str, weights: &[u32]| {
        let sum: u32 = text.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
        sum % 11 % 10
    };
    let first = format!("{body}{}", digit(body, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]));
    let second = digit(&first, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    format!("{first}{second}")
}

proptest! {
    #[test]
    fn one_wrong_digit_of_a_snils_is_noticed(body in 1_001_999_u32..=999_999_999, at in 0..9_usize, by in 1..10_u8) {
        let digits = format!("{body:09}");
        let sum: u32 = digits.chars().zip((1..=9).rev()).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
        let check = match sum % 101 { 100 => 0, rest => rest };
        let whole = format!("{digits}{check:02}");
        prop_assert!(Snils::parse(&whole).is_ok(), "{whole}");
        let mut slipped = whole.clone().into_bytes();
        slipped[at] = b'0' + (slipped[at] - b'0' + by) % 10;
        let slipped = String::from_utf8(slipped).unwrap();
        // 100 and 101 are written alike as 0, so one slip in a hundred may hide there; below the unchecked bound all do.
        let hidden = check == 0 || Snils::parse(&slipped).is_ok_and(|_| slipped[..9].parse::<u32>().unwrap() <= 1_001_998);
        prop_assert!(hidden || Snils::parse(&slipped) == Err(NumberFault::Check), "{whole} as {slipped}");
    }

    #[test]
    fn whatever_has_its_check_digits_is_an_inn(body in "[0-9]{2}[0-9]{8}") {
        let whole = with_check(&body);
        prop_assert_eq!(Inn::parse(&whole).is_ok(), !body.starts_with("00"), "{}", whole);
    }

    #[test]
    fn no_text_makes_the_numbers_fall_over(text in r"\PC{0,40}") {
        let _ = (Snils::parse(&text), Inn::parse(&text));
    }
}

#[test]
fn a_cabinet_is_had_from_fourteen_to_a_hundred_and_twenty() {
    let today = day("2026-12-01");
    assert_eq!(born(day("2012-12-01"), today), Ok(day("2012-12-01")));
    assert_eq!(born(day("2012-12-02"), today), Err(BirthFault::TooYoung));
    assert_eq!(born(day("2026-12-02"), today), Err(BirthFault::Future));
    assert_eq!(born(day("1906-12-01"), today), Ok(day("1906-12-01")));
    assert_eq!(born(day("1906-11-30"), today), Err(BirthFault::TooOld));
    // Whoever was born on 29 February is fourteen on the 28th.
    assert!(born(day("2012-02-29"), day("2026-02-28")).is_ok());
}

#[test]
fn a_passport_is_of_its_owners_age() {
    let (birth, today) = (Some(day("1985-03-08")), day("2026-12-01"));
    let faults = |issued_on: &str| passport(issued_on).faults(birth, today);
    assert_eq!(faults("2005-03-08"), []);
    // At 41 one has that of twenty.
    assert_eq!(faults("2005-03-07"), [PaperFault::Expired]);
    assert_eq!(faults("1999-03-07"), [PaperFault::IssuedTooEarly]);
    assert_eq!(faults("2026-12-02"), [PaperFault::IssuedInFuture]);
    // Ninety days after 45 it is renewed: 8 March 2030 and 6 June.
    assert_eq!(passport("2005-03-08").faults(birth, day("2030-06-06")), []);
    assert_eq!(passport("2005-03-08").faults(birth, day("2030-06-07")), [PaperFault::Expired]);
    assert_eq!(passport("2030-03-08").faults(birth, day("2060-01-01")), []);
    // Nothing is said of its age where that is not known.
    assert_eq!(passport("1990-01-01").faults(None, today), []);
}

#[test]
fn papers_have_the_numbers_of_their_kind() {
    let today = day("2026-12-01");
    let with = |kind, series: Option<&str>, number: &str| {
        let paper = Paper {
            kind,
            series: series.map(str::to_owned),
            number: number.to_owned(),
            ..passport("2020-01-01")
        };
        paper.faults(None, today)
    };
    assert_eq!(with(PaperKind::Passport, None, "12345"), [PaperFault::Series, PaperFault::Number]);
    assert_eq!(with(PaperKind::Passport, Some("450"), "123456"), [PaperFault::Series]);
    assert_eq!(with(PaperKind::Passport, Some("45O8"), "12345б"), [PaperFault::Series, PaperFault::Number]);
    assert_eq!(with(PaperKind::ForeignPassport, None, "AB-1234567"), []);
    assert_eq!(with(PaperKind::ForeignPassport, Some("AB"), "1234567"), [PaperFault::Series]);
    assert_eq!(with(PaperKind::ResidencePermit, None, ""), [PaperFault::Number]);
    assert_eq!(with(PaperKind::ResidencePermit, None, &"1".repeat(31)), [PaperFault::Number]);
    assert_eq!(with(PaperKind::RefugeeCard, None, &"1".repeat(30)), []);
}

#[test]
fn policies_have_the_numbers_of_their_kind() {
    let (birth, today) = (Some(day("1985-03-08")), day("2026-12-01"));
    let faults =
        |kind, number: &str, issued_on: &str| insurance(kind, number, issued_on).faults(birth, today);
    use PolicyKind::{Compulsory, Voluntary};
    assert_eq!(faults(Compulsory, "7700001234567890", "2012-06-01"), []);
    assert_eq!(faults(Compulsory, "770000123456789", "2012-06-01"), [PolicyFault::Number]);
    assert_eq!(faults(Compulsory, "77000012345678900", "2012-06-01"), [PolicyFault::Number]);
    assert_eq!(faults(Voluntary, "ДМС-12/345", "2026-12-01"), []);
    assert_eq!(faults(Voluntary, "12", "2026-12-02"), [PolicyFault::Number, PolicyFault::IssuedInFuture]);
    assert_eq!(faults(Voluntary, "1234", "1985-03-07"), [PolicyFault::IssuedTooEarly]);
}

#[test]
fn what_a_profile_meets_follows_from_what_is_in_it() {
    let whole = Profile {
        birth_on: Some(day("1985-03-08")),
        paper: Some(passport("2005-04-02")),
        snils: Snils::parse("112-233-445 95").ok(),
        inn: None,
        address: Some(Address {
            region: "RU-MOW".parse().unwrap(), town: None, text: "Москва".to_owned()
        }),
        work: None,
        policy: Some(Policy::Insured(
            insurance(PolicyKind::Compulsory, "7700001234567890", "2012-06-01"),
            Checked::Pending,
        )),
    };
    let all = [Missing::BirthDate, Missing::Paper, Missing::Snils, Missing::Address, Missing::Policy];
    assert_eq!(whole.meets(), all);
    assert_eq!(Profile::default().meets(), []);
    let without = |change: fn(&mut Profile)| {
        let mut profile = whole.clone();
        change(&mut profile);
        let meets = profile.meets();
        all.into_iter().filter(|condition| !meets.contains(condition)).collect::<Vec<_>>()
    };
    assert_eq!(without(|profile| profile.birth_on = None), [Missing::BirthDate]);
    assert_eq!(without(|profile| profile.paper = None), [Missing::Paper]);
    assert_eq!(without(|profile| profile.snils = None), [Missing::Snils]);
    assert_eq!(without(|profile| profile.address = None), [Missing::Address]);
    assert_eq!(without(|profile| profile.policy = None), [Missing::Policy]);
    // Who is not a citizen need not have a SNILS.
    assert_eq!(
        without(|profile| {
            profile.snils = None;
            profile.paper =
                profile.paper.take().map(|paper| Paper { kind: PaperKind::ForeignPassport, ..paper });
        }),
        []
    );
    let checked = |checked| {
        let mut profile = whole.clone();
        let Some(Policy::Insured(_, before)) = &mut profile.policy else { unreachable!() };
        *before = checked;
        profile.meets().contains(&Missing::Policy)
    };
    assert_eq!(Checked::ALL.map(checked), [true, true, false, true]);
    let mut none = whole.clone();
    none.policy = Some(Policy::None { reason: "Потерян".to_owned() });
    assert!(none.meets().contains(&Missing::Policy));
}

#[test]
fn one_that_does_not_ask_for_a_policy_is_enough() {
    use Demand::{Asked, NotAsked};
    assert_eq!([Asked.and(Asked), Asked.and(NotAsked), NotAsked.and(Asked)], [Asked, NotAsked, NotAsked]);
}

#[test]
fn a_policy_is_asked_for_where_neither_the_region_nor_the_service_does_without() {
    use Demand::{Asked, NotAsked};
    // The region of the office, none where it says nothing; the service; whether somebody without a policy lacks one.
    let cases = [
        (None, Asked, Asked),
        (None, NotAsked, NotAsked),
        (Some(Asked), Asked, Asked),
        (Some(Asked), NotAsked, NotAsked),
        (Some(NotAsked), Asked, NotAsked),
        (Some(NotAsked), NotAsked, NotAsked),
    ];
    for (region, of_service, expected) in cases {
        let service = Service { policy: of_service, ..super::service("talk", 30, 0) };
        let office = super::office(chrono_tz::Europe::Moscow, Vec::new());
        let mut all = super::catalogue(office.clone(), vec![service.clone()], WorkingCalendar::default());
        if let Some(policy) = region {
            let id = office.region.clone();
            let (name, zone, announcements) = (super::said("x"), office.zone, Vec::new());
            all.regions.insert(id.clone(), Region { id, name, zone, policy, announcements });
        }
        assert_eq!(all.policy(&office, &service), expected, "{region:?} {of_service:?}");
    }
}

#[test]
fn of_either_kind_a_policy_counts_until_insurers_say_no_and_needs_no_scan() {
    for kind in PolicyKind::ALL {
        for checked in Checked::ALL {
            let insured = insurance(kind, "7700001234567890", "2012-06-01");
            let profile = Profile { policy: Some(Policy::Insured(insured, checked)), ..Profile::default() };
            let met = profile.meets().contains(&Missing::Policy);
            assert_eq!(met, checked != Checked::Refused, "{kind:?} {checked:?}");
        }
    }
}

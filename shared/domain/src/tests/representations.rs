//! Rights to act for somebody: when they hold, when somebody looks at them, and what a certificate is called.

use crate::representation::*;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn grant(n: u128, state: GrantState, ends_at: DateTime<Utc>, scope: Scope) -> Grant {
    Grant {
        id: crate::GrantId(crate::Ulid::from(n)),
        kind: GrantKind::Attorney,
        scope,
        region: "RU-MOW".parse().unwrap(),
        asked_at: at(0),
        ends_at,
        state,
        said: Vec::new(),
        decided: None,
        reason: None,
        ended: None,
        stopped: None,
        warned: false,
    }
}

fn between(grants: Vec<Grant>) -> Representation {
    Representation { grants, ..Representation::new(super::id(1), super::id(2)) }
}

proptest! {
    #[test]
    fn a_right_holds_in_force_until_its_instant_and_never_after(now in -1_000_000..1_000_000i64, which in 0..4usize) {
        let state = GrantState::ALL[which];
        let one = grant(1, state, at(0), Scope::Everything);
        prop_assert_eq!(one.holds(at(now)), state == GrantState::InForce && now < 0);
        prop_assert_eq!(one.state_at(at(now)).is_over(), state.is_over() || now >= 0);
        // Whatever may be done somebody looks at again before it is over.
        if one.holds(at(now)) {
            prop_assert!(between(vec![one]).due_at().is_some());
        }
    }

    #[test]
    fn between_two_people_no_more_is_kept_than_fits_and_nothing_that_counts_is_lost(states in prop::collection::vec(0..4usize, 0..12)) {
        let mut all = between(Vec::new());
        let mut alive = 0;
        for (n, state) in states.into_iter().enumerate() {
            let state = GrantState::ALL[state];
            let added = all.add(grant(n as u128, state, at(9), Scope::Everything));
            prop_assert_eq!(added.is_err(), alive == GRANTS_KEPT);
            alive += usize::from(added.is_ok() && !state.is_over());
            prop_assert!(all.grants.len() <= GRANTS_KEPT);
            prop_assert_eq!(all.grants.iter().filter(|one| !one.state.is_over()).count(), alive);
        }
    }
}

#[test]
fn a_right_for_some_services_is_none_for_others() {
    let (talk, paper) = ("talk".parse().unwrap(), "paper".parse().unwrap());
    let all = between(vec![
        grant(1, GrantState::InForce, at(-1), Scope::Everything),
        grant(2, GrantState::Waiting, at(9), Scope::Everything),
        grant(3, GrantState::InForce, at(9), Scope::Services(vec!["talk".parse().unwrap()])),
    ]);
    assert_eq!(all.by(&talk, at(0)).map(|one| one.id), Some(crate::GrantId(crate::Ulid::from(3))));
    assert_eq!(all.by(&paper, at(0)), None);
    assert!(all.holds(at(8)) && !all.holds(at(9)));
}

#[test]
fn both_hear_a_week_before_and_that_it_is_over_at_ten_in_the_morning() {
    let mut one = grant(1, GrantState::InForce, at(0), Scope::Everything);
    assert_eq!(one.due_at(), Some(at(0) - TimeDelta::days(7) + TimeDelta::hours(10)));
    one.warned = true;
    assert_eq!(one.due_at(), Some(at(0) + TimeDelta::hours(10)));
    assert!(one.end(EndedBy::Term, at(1)) && !one.end(EndedBy::Beneficiary, at(2)));
    assert_eq!((one.due_at(), one.ended), (None, Some((EndedBy::Term, at(1)))));
}

#[test]
fn a_child_is_one_until_the_eighteenth_birthday() {
    let on = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert!(!is_of_age(on("2008-12-02"), on("2026-12-01")));
    assert!(is_of_age(on("2008-12-01"), on("2026-12-01")));
    // Born on 29 February, in a year that has none.
    assert!(!is_of_age(on("2008-02-29"), on("2026-02-27")) && is_of_age(on("2008-02-29"), on("2026-02-28")));
    assert_eq!(attorney_until(on("2026-03-01"), 1), Some(on("2027-02-28")));
}

#[test]
fn a_certificate_is_read_however_it_is_typed() {
    let mu = "\u{41c}\u{42e}";
    for series in [format!("II-{mu}"), format!(" ii - {mu}").to_lowercase(), format!("II\u{2013}{mu}")] {
        let read = certificate(&series, "123 456");
        assert_eq!(read, Ok((format!("II-{mu}"), "123456".to_owned())), "{series}");
    }
    // X and C as they are typed without changing the layout.
    assert_eq!(
        certificate(&format!("\u{425}\u{421}-{mu}"), "000001").map(|read| read.0),
        Ok(format!("XC-{mu}"))
    );
    for bad in
        ["", "II", "2-AB", "II-AB", &format!("A-{mu}"), &format!("II-{mu}{mu}"), &format!("IIIIIIII-{mu}")]
    {
        assert_eq!(certificate(bad, "123456"), Err(CertificateFault::Series), "{bad}");
    }
    for bad in ["", "12345", "1234567", "12345x"] {
        assert_eq!(certificate(&format!("II-{mu}"), bad), Err(CertificateFault::Number), "{bad}");
    }
}

#[test]
fn it_is_over_since_the_last_end_and_not_while_anything_may_come() {
    let ended = |n, after: i64| {
        let mut one = grant(n, GrantState::InForce, at(1_000), Scope::Everything);
        assert!(one.end(EndedBy::Staff, at(after)));
        one
    };
    let term = grant(3, GrantState::InForce, at(50), Scope::Everything);
    let waiting = grant(4, GrantState::Waiting, at(1_000), Scope::Everything);
    assert_eq!(between(Vec::new()).over_since(at(100)), None);
    assert_eq!(between(vec![ended(1, 10), ended(2, 70)]).over_since(at(100)), Some(at(70)));
    assert_eq!(between(vec![ended(1, 10), term.clone()]).over_since(at(100)), Some(at(50)));
    assert_eq!(between(vec![ended(1, 10), term]).over_since(at(49)), None);
    assert_eq!(between(vec![ended(1, 10), waiting]).over_since(at(100)), None);
}

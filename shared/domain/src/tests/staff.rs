//! Who may do what where (OFC-8), and to whom.

use super::{at, catalogue, id, office, window};
use crate::catalogue::{Catalogue, WorkingCalendar};
use crate::staff::{Grant, Member, NotYours, Place, Right, Role, StaffAction, unrestricted};
use chrono_tz::Europe::Moscow;

/// «one» and «two» in one region, «far» in another.
fn town() -> Catalogue {
    let mut town =
        catalogue(office(Moscow, vec![window("a", Vec::new(), &[])]), Vec::new(), WorkingCalendar::default());
    for (name, region) in [("two", "RU-MOW"), ("far", "RU-KAM")] {
        let mut other = office(Moscow, Vec::new());
        other.id = name.parse().unwrap();
        other.region = region.parse().unwrap();
        town.offices.insert(other.id.clone(), other);
    }
    town
}

fn place(name: &str) -> Place {
    match name {
        "everywhere" => Place::Everywhere,
        region if region.starts_with("RU-") => Place::Region(region.parse().unwrap()),
        office => Place::Office(office.parse().unwrap()),
    }
}

const PLACES: [&str; 6] = ["everywhere", "RU-MOW", "RU-KAM", "one", "two", "far"];

fn grant(role: Role, name: &str) -> Grant {
    Grant { role, place: place(name) }
}

fn member(n: u128, grants: Vec<Grant>) -> Member {
    let (language, created_at) = ("ru".to_owned(), at("2026-12-01T10:00:00Z"));
    Member { id: id(n), language, grants, blocked: false, epoch: 1, version: 1, created_at }
}

#[test]
fn a_place_covers_what_lies_within_it() {
    let town = town();
    let covered = |name: &str| -> String {
        let within = PLACES.iter().filter(|other| place(name).covers(&place(other), &town));
        within.copied().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(covered("everywhere"), PLACES.join(" "));
    assert_eq!(
        (covered("RU-MOW"), covered("RU-KAM")),
        ("RU-MOW one two".to_owned(), "RU-KAM far".to_owned())
    );
    assert_eq!((covered("one"), covered("far")), ("one".to_owned(), "far".to_owned()));
    let gone = place("gone");
    assert!(gone.covers(&gone, &town) && Place::Everywhere.covers(&gone, &town));
    assert!(!place("RU-MOW").covers(&gone, &town));
}

#[test]
fn a_right_is_of_a_role_and_holds_where_the_role_does() {
    let town = town();
    for right in Right::ALL {
        for role in Role::ALL {
            let holder = member(1, vec![grant(role, "RU-MOW")]);
            assert_eq!(holder.may_any(right), right.is_of(role), "{right:?} {role:?}");
            for name in PLACES {
                let expected = right.is_of(role) && ["RU-MOW", "one", "two"].contains(&name);
                assert_eq!(holder.may(right, &place(name), &town), expected, "{right:?} {role:?} {name}");
            }
            let blocked = Member { blocked: true, ..holder };
            assert!(!blocked.may(right, &place("one"), &town) && !blocked.may_any(right));
        }
    }
    let rights = [
        "see-staff",
        "manage-staff",
        "see-day",
        "open-visit",
        "desk",
        "receive",
        "act-for",
        "block-cabinets",
        "see-office",
        "manage-office",
        "manage-references",
    ];
    assert_eq!(Right::ALL.map(Right::name), rights);
    assert_eq!(Role::ALL.map(Role::name), ["operator", "specialist", "manager", "administrator"]);
    let actions = StaffAction::ALL.map(StaffAction::name);
    assert_eq!(
        actions,
        ["enrolled", "grants-changed", "blocked", "unblocked", "password-changed", "sessions-ended"]
    );
}

#[test]
fn only_administrators_make_managers_and_administrators() {
    let town = town();
    for own in Role::ALL {
        for given in Role::ALL {
            let expected = match own {
                Role::Administrator => true,
                Role::Manager => matches!(given, Role::Operator | Role::Specialist),
                _ => false,
            };
            let giver = member(1, vec![grant(own, "one")]);
            assert_eq!(giver.may_give(&grant(given, "one"), &town), expected, "{own:?} {given:?}");
            assert!(!giver.may_give(&grant(given, "two"), &town), "{own:?} {given:?}");
            assert!(!Member { blocked: true, ..giver }.may_give(&grant(given, "one"), &town));
        }
    }
}

#[test]
fn whoever_changes_somebody_could_give_all_that_they_have() {
    let town = town();
    let boss = member(1, vec![grant(Role::Manager, "one")]);
    let change = |other: &Member| boss.may_change(other, &town);
    assert_eq!(
        change(&member(2, vec![grant(Role::Operator, "one"), grant(Role::Specialist, "one")])),
        Ok(())
    );
    assert_eq!(change(&member(2, vec![grant(Role::Manager, "one")])), Err(NotYours::Beyond));
    let more = member(2, vec![grant(Role::Operator, "one"), grant(Role::Operator, "two")]);
    assert_eq!(change(&more), Err(NotYours::Beyond));
    assert_eq!(change(&boss), Err(NotYours::Oneself));
    assert_eq!(change(&member(2, Vec::new())), Ok(()), "nobody's is anybody's who manages staff");
    let desk = member(3, vec![grant(Role::Operator, "one")]);
    assert_eq!(desk.may_change(&member(2, Vec::new()), &town), Err(NotYours::Beyond));
}

#[test]
fn one_sees_oneself_and_those_who_work_where_one_may_see_it() {
    let town = town();
    let boss = member(1, vec![grant(Role::Manager, "one")]);
    let desk = member(2, vec![grant(Role::Operator, "two"), grant(Role::Operator, "one")]);
    assert!(boss.sees(&desk, &town) && !desk.sees(&boss, &town) && desk.sees(&desk, &town));
    assert!(!boss.sees(&member(3, vec![grant(Role::Operator, "two")]), &town));
    assert!(!boss.sees(&member(3, Vec::new()), &town));
    let chief = member(4, vec![grant(Role::Administrator, "everywhere")]);
    assert!(chief.sees(&member(3, Vec::new()), &town) && chief.sees(&boss, &town));
}

#[test]
fn unrestricted_is_an_administrator_everywhere() {
    assert!(unrestricted(&[grant(Role::Operator, "one"), grant(Role::Administrator, "everywhere")]));
    assert!(!unrestricted(&[grant(Role::Administrator, "RU-MOW"), grant(Role::Manager, "everywhere")]));
    let chief = member(1, vec![grant(Role::Administrator, "everywhere")]);
    assert!(chief.is_unrestricted() && !Member { blocked: true, ..chief }.is_unrestricted());
}

//! What days came to (OFC-7): held against days that one can reckon by hand.

use super::{always, appointment, at, december, hours, office, range, window};
use crate::appointment::{Action, Appointment, By, Phase};
use crate::catalogue::WorkingCalendar;
use crate::figures::{Figures, percentile};
use crate::moment::Moment;
use crate::visit::{Visit, VisitResult};
use chrono::DateTime;
use chrono_tz::Europe::Moscow;

/// A visit of half an hour at the window «a», on cells from `from`.
fn visit(phase: Phase, from: u16) -> Appointment {
    let mut visit = appointment(phase);
    visit.seat = super::seat("one", december(3), from);
    visit
}

fn did(mut visit: Appointment, action: Action) -> Appointment {
    visit.record(action, By::CITIZEN, None, &Moment::new(DateTime::UNIX_EPOCH, [1; 32]));
    visit
}

fn received(
    from: u16,
    arrived: Option<&str>,
    at_window: &str,
    over: &str,
    result: VisitResult,
) -> Appointment {
    let here = Visit {
        checked_in_at: arrived.map(at),
        called_at: None,
        received_at: Some(at(at_window)),
        closed: Some((at(over), result)),
    };
    Appointment { visit: here, ..visit(Phase::Completed, from) }
}

#[test]
fn a_day_is_counted_as_one_would_by_hand() {
    let house = office(
        Moscow,
        vec![
            window("a", vec![always(vec![hours(9, 12)])], &["talk"]),
            window("b", vec![always(vec![hours(9, 10)])], &["talk"]),
        ],
    );
    let visits = [
        // At ten, early, received on time; at half past, late by five and received at once; before its time.
        received(
            120,
            Some("2026-12-03T06:50:00Z"),
            "2026-12-03T07:04:00Z",
            "2026-12-03T07:20:00Z",
            VisitResult::Served,
        ),
        did(
            received(
                126,
                Some("2026-12-03T07:35:00Z"),
                "2026-12-03T07:35:00Z",
                "2026-12-03T07:45:00Z",
                VisitResult::Left,
            ),
            Action::Accepted,
        ),
        received(132, None, "2026-12-03T07:50:00Z", "2026-12-03T07:52:00Z", VisitResult::Served),
        visit(Phase::NoShow, 138),
        visit(Phase::Planned, 108),
        // Given up: one whose time was used, one whose was not, one by the office.
        did(visit(Phase::Cancelled, 126), Action::Cancelled),
        did(visit(Phase::Cancelled, 114), Action::Cancelled),
        did(visit(Phase::Cancelled, 114), Action::Displaced),
    ];
    let mut figures = Figures::default();
    figures.add(&WorkingCalendar::default(), &house, december(3), &visits);
    figures.add(&WorkingCalendar::default(), &house, december(4), &[]);
    let day = &figures.days[&december(3)];
    assert_eq!((day.open_min, day.taken_min), (240, 150));
    assert_eq!(day.use_of_time(), Some(0.625));
    assert_eq!((day.visits, day.by_offer, day.open_visits, day.no_shows), (5, 1, 1, 1));
    assert_eq!((day.cancelled, day.displaced, day.reused), (2, 1, 1));
    assert_eq!(day.results[&VisitResult::Served], 2);
    assert_eq!((&day.waited_min[..], &day.lasted_min[..]), (&[4, 0, 0][..], &[16, 10, 2][..]));
    assert_eq!(figures.days[&december(4)].use_of_time(), Some(0.0));
    let (a, b) = (&figures.windows[&"a".parse().unwrap()], &figures.windows[&"b".parse().unwrap()]);
    assert_eq!((a.open_min, a.visits, b.open_min, b.visits), (360, 5, 120, 0));
    let talk = &figures.services[&"talk".parse().unwrap()];
    assert_eq!((talk.visits, talk.use_of_time()), (5, None));
    assert_eq!((figures.total.open_min, figures.total.visits), (480, 5));
}

#[test]
fn time_given_up_is_reused_by_whoever_has_any_of_it_at_that_window() {
    let other = |window: &str, from: u16| {
        let mut other = visit(Phase::Planned, from);
        other.seat.window = window.parse().unwrap();
        other.seat.cells = range(from, from + 3);
        other
    };
    let given_up = did(visit(Phase::Cancelled, 120), Action::Cancelled);
    let reused = |other: Appointment| {
        let mut figures = Figures::default();
        let house = office(Moscow, vec![window("a", vec![always(vec![hours(9, 12)])], &["talk"])]);
        figures.add(&WorkingCalendar::default(), &house, december(3), &[given_up.clone(), other]);
        figures.total.reused
    };
    assert_eq!((reused(other("a", 123)), reused(other("a", 126)), reused(other("b", 123))), (1, 0, 0));
    assert_eq!(reused(Appointment { phase: Phase::Cancelled, ..other("a", 123) }), 0);
}

#[test]
fn a_percentile_is_a_value_that_there_is() {
    assert_eq!(percentile(&[], 50), None);
    assert_eq!((percentile(&[7], 50), percentile(&[7], 90)), (Some(7), Some(7)));
    assert_eq!((percentile(&[4, 1, 3, 2], 50), percentile(&[4, 1, 3, 2], 51)), (Some(2), Some(3)));
    let ten: Vec<u32> = (1..=10).collect();
    assert_eq!(
        (percentile(&ten, 90), percentile(&ten, 91), percentile(&ten, 100)),
        (Some(9), Some(10), Some(10))
    );
}

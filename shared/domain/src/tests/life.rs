//! An appointment's life (BKG-9): until when it can be changed, when one may check in, when absence is a no-show.

use super::{appointment, december, id, seat};
use crate::appointment::{Appointment, NoCheckIn, NotNow, Phase, change_deadline};
use crate::visit::Visit;
use crate::waitlist::{Offer, OfferState};
use chrono::{DateTime, TimeDelta, Utc};

const TICK: TimeDelta = TimeDelta::milliseconds(1);

fn start() -> DateTime<Utc> {
    appointment(Phase::Planned).seat.starts_at
}

#[test]
fn a_seat_has_its_page_and_its_span() {
    let seat = seat("one", december(3), 120);
    let page = seat.page();
    assert_eq!((page.office.as_str(), page.window.as_str(), page.on), ("one", "a", december(3)));
    assert_eq!(seat.span(), (seat.starts_at, seat.ends_at));
}

#[test]
fn one_changes_it_oneself_until_a_day_before() {
    let (planned, deadline) = (appointment(Phase::Planned), start() - TimeDelta::hours(24));
    assert_eq!(change_deadline(start()), deadline);
    assert_eq!(planned.changeable(deadline), Ok(()));
    let late = Err(NotNow::TooLate { deadline });
    assert_eq!(planned.changeable(deadline + TICK), late);
    assert_eq!(planned.changeable(planned.seat.ends_at - TICK), late);
    assert_eq!(planned.changeable(planned.seat.ends_at), Err(NotNow::NotPlanned));
    for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Planned) {
        assert_eq!(appointment(phase).changeable(deadline), Err(NotNow::NotPlanned), "{phase:?}");
    }
}

#[test]
fn staff_change_it_until_five_minutes_before() {
    let (planned, deadline) = (appointment(Phase::Planned), start() - TimeDelta::minutes(5));
    assert_eq!(planned.changeable_by_staff(deadline), Ok(()));
    let late = Err(NotNow::TooLate { deadline });
    assert_eq!(planned.changeable_by_staff(deadline + TICK), late);
    assert_eq!(planned.changeable_by_staff(planned.seat.ends_at - TICK), late);
    assert_eq!(planned.changeable_by_staff(planned.seat.ends_at), Err(NotNow::NotPlanned));
    for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Planned) {
        assert_eq!(appointment(phase).changeable_by_staff(deadline), Err(NotNow::NotPlanned), "{phase:?}");
    }
}

#[test]
fn one_checks_in_from_an_hour_before_to_ten_minutes_after() {
    let planned = appointment(Phase::Planned);
    let (from, to) = (start() - TimeDelta::hours(1), start() + TimeDelta::minutes(10));
    assert_eq!(planned.check_in(from - TICK), Err(NoCheckIn::TooEarly { from }));
    assert_eq!((planned.check_in(from), planned.check_in(to)), (Ok(()), Ok(())));
    assert_eq!(planned.check_in(to + TICK), Err(NoCheckIn::TooLate));
    for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Planned) {
        assert_eq!(appointment(phase).check_in(start()), Err(NoCheckIn::NotPlanned), "{phase:?}");
    }
}

#[test]
fn whoever_is_not_there_ten_minutes_after_the_start_did_not_come() {
    let due = start() + TimeDelta::minutes(10);
    let planned = appointment(Phase::Planned);
    assert!(!planned.is_no_show(due - TICK) && planned.is_no_show(due));
    let here = Appointment { visit: Visit { checked_in_at: Some(start()), ..Visit::default() }, ..planned };
    assert!(!here.is_no_show(due));
    assert!(!appointment(Phase::Cancelled).is_no_show(due));
}

#[test]
fn an_offer_is_open_until_its_end() {
    let until = start();
    let offer = |state| Offer {
        id: id(1),
        citizen: id(2),
        service: "talk".parse().unwrap(),
        ticket: id(3),
        seat: seat("one", december(4), 120),
        made_at: until - TimeDelta::hours(2),
        until,
        state,
        given_up: "talk".parse().unwrap(),
        passed: Vec::new(),
        silences: 0,
        entry_version: 2,
        version: 1,
    };
    assert!(offer(OfferState::Open).is_open(until - TICK) && !offer(OfferState::Open).is_open(until));
    for state in [OfferState::Accepted, OfferState::Declined, OfferState::Lapsed] {
        assert!(!offer(state).is_open(until - TICK), "{state:?}");
    }
}

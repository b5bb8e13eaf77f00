//! A visit at the office (VIS-1 to VIS-5): which step follows which, and what goes on at the window.

use super::{appointment, at, december, id};
use crate::Moment;
use crate::appointment::{Action, Appointment, By, Phase};
use crate::visit::{Call, Desk, NoStep, Step, Visit, VisitResult};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

fn today() -> NaiveDate {
    december(3)
}

fn here(phase: Phase) -> Appointment {
    let checked_in_at = Some(at("2026-12-03T09:50:00+03:00"));
    Appointment { visit: Visit { checked_in_at, ..Visit::default() }, ..appointment(phase) }
}

fn noon() -> DateTime<Utc> {
    at("2026-12-03T12:00:00+03:00")
}

fn may(visit: &Appointment, step: Step) -> Result<(), NoStep> {
    visit.may(step, noon(), today())
}

const CLOSE: Step = Step::Close(VisitResult::Served);
const LEFT: Step = Step::Close(VisitResult::Left);

#[test]
fn one_is_checked_in_at_the_counter_on_the_day_and_once() {
    let planned = appointment(Phase::Planned);
    assert_eq!(may(&planned, Step::CheckIn), Ok(()));
    assert_eq!(planned.may(Step::CheckIn, noon(), december(2)), Err(NoStep::NotToday));
    for phase in [Phase::Planned, Phase::InReception, Phase::Completed] {
        assert_eq!(may(&here(phase), Step::CheckIn), Err(NoStep::Done), "{phase:?}");
    }
    for phase in [Phase::Cancelled, Phase::NoShow, Phase::InReception] {
        assert_eq!(may(&appointment(phase), Step::CheckIn), Err(NoStep::NotPlanned), "{phase:?}");
    }
    assert_eq!(planned.stepped(Step::CheckIn, noon()).visit.checked_in_at, Some(noon()));
}

#[test]
fn whoever_is_there_is_called_and_received_and_may_leave() {
    for step in [Step::Call, Step::Receive] {
        assert_eq!(may(&appointment(Phase::Planned), step), Err(NoStep::NotHere));
        assert_eq!(may(&here(Phase::Planned), step), Ok(()));
        for phase in [Phase::Completed, Phase::Cancelled, Phase::NoShow] {
            assert_eq!(may(&here(phase), step), Err(NoStep::NotPlanned), "{phase:?}");
        }
    }
    assert_eq!(may(&here(Phase::InReception), Step::Receive), Err(NoStep::Done));
    assert_eq!(may(&here(Phase::InReception), Step::Call), Err(NoStep::NotPlanned));
    assert_eq!(may(&here(Phase::Planned), LEFT), Ok(()));
    assert_eq!(may(&appointment(Phase::Planned), LEFT), Err(NoStep::NotReceived));
    assert_eq!(may(&here(Phase::Planned), CLOSE), Err(NoStep::NotReceived));
    assert_eq!(may(&here(Phase::InReception), CLOSE), Ok(()));
    let received = here(Phase::Planned).stepped(Step::Receive, noon());
    assert_eq!((received.phase, received.visit.received_at), (Phase::InReception, Some(noon())));
    let closed = received.stepped(CLOSE, noon());
    assert_eq!((closed.phase, closed.visit.closed), (Phase::Completed, Some((noon(), VisitResult::Served))));
    assert_eq!((may(&closed, CLOSE), may(&closed, LEFT)), (Err(NoStep::Done), Err(NoStep::NotPlanned)));
    let needs = VisitResult::ALL.map(VisitResult::needs_note);
    assert_eq!(needs, [false, true, true, true, false]);
}

#[test]
fn absence_is_undone_for_a_week_and_then_the_visitor_is_there() {
    let absent = appointment(Phase::NoShow);
    let last = absent.seat.starts_at + TimeDelta::days(7);
    assert_eq!(absent.may(Step::UndoNoShow, last, december(10)), Ok(()));
    let late = last + TimeDelta::milliseconds(1);
    assert_eq!(absent.may(Step::UndoNoShow, late, december(10)), Err(NoStep::TooLate));
    assert_eq!(may(&appointment(Phase::Planned), Step::UndoNoShow), Err(NoStep::NotPlanned));
    let mut undone = absent.stepped(Step::UndoNoShow, noon());
    undone.record(Action::NoShowUndone, By::staff(id(9)), None, &Moment::new(noon(), [1; 32]));
    assert_eq!((undone.phase, undone.visit.checked_in_at), (Phase::Planned, Some(noon())));
    assert_eq!(may(&undone, Step::UndoNoShow), Err(NoStep::Done));
    assert_eq!(may(&undone, Step::Receive), Ok(()));
}

#[test]
fn a_desk_knows_whom_it_called_and_receives() {
    let visit = here(Phase::Planned);
    let start = visit.seat.starts_at;
    let called = Desk::default().after(Step::Call, &visit, noon());
    let call = Call { queue_number: visit.queue_number.clone(), at: noon() };
    assert_eq!((called.called.clone(), called.receiving), (Some(call), None));
    assert!(!called.runs_late(start + TimeDelta::hours(1)), "nobody is received yet");
    let busy = called.after(Step::Receive, &visit, noon());
    assert!(busy.is_busy_for(id(77)) && !busy.is_busy_for(visit.id));
    assert!(busy.runs_late(start + TimeDelta::seconds(1)), "a later start waits");
    assert!(!busy.runs_late(start) && !busy.runs_late(start - TimeDelta::hours(1)));
    let other = Appointment { id: id(77), queue_number: "A-2".to_owned(), ..here(Phase::Planned) };
    assert_eq!(busy.after(LEFT, &other, noon()), busy, "somebody else went");
    assert_eq!(busy.after(Step::CheckIn, &other, noon()), busy);
    let free = busy.after(CLOSE, &visit, noon());
    assert_eq!((free.called, free.receiving), (None, None));
}

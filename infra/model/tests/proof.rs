//! The proof itself: the design holds in full, and each of its conditions is there for a reason.

use model::{Budget, Claim, End, Explored, Guard, Model, Scope, Without, without};

/// Explores a world of the design as it is. The number of states is the one that the documents name: it changes
/// only when the model does.
fn holds(scope: Scope, states: usize) {
    let explored = Model::new(scope).explore(Budget::default());
    if let End::Broken(counterexample) = &explored.end {
        panic!("{counterexample}");
    }
    assert!(explored.holds(), "{}", explored.end);
    assert_eq!(explored.states, states);
}

#[test]
fn two_slots_three_people_and_two_workers_keep_every_claim() {
    holds(Scope::WHOLE, 8_288_389);
}

#[test]
fn readings_torn_between_item_and_guard_keep_every_claim() {
    holds(Scope::TORN, 1_272_741);
}

#[test]
fn looks_at_one_row_at_a_time_keep_every_claim() {
    holds(Scope::SHORT_LOOKS, 191_248);
}

#[test]
fn what_matters_does_happen() {
    assert_eq!(Model::new(Scope::WHOLE).unreached(Budget::default()), []);
}

/// Someone who waits for an earlier time and cancels the appointment becomes a plain waiter beside free slots.
#[test]
fn a_slot_may_be_free_beside_somebody_who_waits() {
    match Model::limits(Scope::WHOLE).explore(Budget::default()).end {
        End::Broken(found) => assert_eq!(found.claim, Claim::NotFreeBesideWaiter),
        end => panic!("the design now promises more than it says: {end}"),
    }
}

#[test]
fn a_spent_budget_is_said_and_proves_nothing() {
    let Explored { end, .. } = Model::new(Scope::WHOLE).explore(Budget { threads: 1, steps_max: 10_000 });
    assert!(matches!(end, End::GivenUp), "{end}");
}

#[test]
fn a_counterexample_is_told_step_by_step() {
    let Without::Needed(found) = without(Guard::PageCellsNotTaken, Budget::default()) else { panic!("none") };
    let told = found.to_string();
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [
            "does not hold: C1 one owner a slot",
            "   1 Anna's booking of the early slot: all is read, the write is under way",
            "   2 Boris's booking of the early slot: all is read, the write is under way",
            "   3 Boris's booking of the early slot commits",
            "   4 Anna's booking of the early slot commits",
            "   = the early slot: taken, appointment of Anna, appointment of Boris",
            "   = the late slot: free",
            "   = Anna: was told «yours» of the early slot",
            "   = Boris: was told «yours» of the early slot",
        ]
    );
}

/// One test a guard, and the list of all that have one.
macro_rules! guards {
    ($($test:ident: $guard:ident,)*) => {
        $(
            #[test]
            fn $test() {
                match without(Guard::$guard, Budget::default()) {
                    Without::Needed(_) | Without::Spare => {}
                    Without::Otherwise(explored) => panic!("{}: {}", Guard::$guard, explored.end),
                }
            }
        )*

        #[test]
        fn each_guard_has_its_test() {
            let mut tested = vec![$(Guard::$guard),*];
            tested.sort();
            assert_eq!(tested, Guard::ALL);
            assert!(Guard::ALL.iter().all(|guard| Guard::named(guard.name()) == Some(*guard)));
        }
    };
}

guards! {
    without_the_look_at_taken_cells_a_slot_has_two_owners: PageCellsNotTaken,
    that_freed_cells_were_held_is_proved_twice: PageCellsHeld,
    if_freed_cells_were_free_the_public_would_overtake_the_line: FreedStaysTaken,
    freed_cells_are_proved_by_their_set_or_by_their_mark: FreedContains,
    without_the_freed_cells_as_read_the_clock_forgets_a_slot: FreedAsRead,
    a_mark_is_proved_by_itself_or_by_the_freed_cells: MarkAsRead,
    without_the_guards_version_a_person_has_two_holds: GuardVersion,
    without_the_entrys_version_an_offer_stands_with_somebody_who_paused: EntryVersion,
    without_the_appointments_version_an_offered_slot_is_freed: AppointmentVersion,
    that_an_offer_is_open_is_proved_by_itself_or_by_the_entry: OfferOpen,
    that_an_offer_is_this_one_is_proved_by_the_entry_or_by_itself: OfferIdAtLapse,
    without_the_deadline_an_ended_offer_is_accepted: DeadlineAtAccept,
    without_the_deadline_an_offer_lapses_early: DeadlineAtLapse,
    unless_the_entry_waits_an_offer_goes_to_somebody_who_paused: EntryIsWaiting,
    unless_no_offer_stands_a_person_has_two: NoOfferStands,
    out_of_order_a_later_ticket_overtakes: TicketOrder,
    without_its_row_an_entry_is_overtaken: RowWithEntry,
    without_the_epoch_a_late_record_takes_a_row_that_counts: RowEpoch,
    a_cursor_at_the_next_one_skips_it: CursorAtLastSeen,
    in_two_writes_a_slot_is_taken_by_nobody: OneTransaction,
    an_answer_before_the_commit_promises_what_another_gets: AnswerAfterCommit,
    without_reading_back_ones_own_success_is_refused: OwnRetryReadBack,
    without_a_fence_a_refused_booking_comes_true: FenceBeforeRefusal,
    without_the_clock_a_freed_slot_stays_freed: Reconciler,
}

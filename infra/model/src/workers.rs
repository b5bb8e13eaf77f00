//! The waitlist worker: whom it finds for a freed slot, on which conditions it writes, what that does.

use crate::actions::Action;
use crate::claims::Claim;
use crate::few::Few;
use crate::guards::Guard;
use crate::model::Model;
use crate::scope::Reads;
use crate::state::{At, Does, Line, Mark, Read, Stale, State, Task, Who};

/// Ticks of the clock in which a calm world must have handed on everything: for each slot an offer that lapses,
/// a look for each person, a putting off and a release, and one more each.
const TICKS_MAX: u32 = 24;

impl Model {
    /// What a worker may find when it looks at a slot with a mark.
    pub(crate) fn looks(&self, state: &State, at: At, actions: &mut Vec<Action>) {
        if !self.has(Guard::TicketOrder) {
            let any = self.heads(state, 0).filter(|who| self.suits(state, *who, at));
            actions.extend(any.map(|who| Action::Look(at, Does::Offer(who))));
        }
        for who in self.heads(state, state.slot(at).behind).take(usize::from(self.scope.looks)) {
            if self.scope.reads == Reads::Torn && self.entry_suits(state, who, at) {
                actions.push(Action::LookAtEntry(at, who));
            }
            if self.suits(state, who, at) {
                break;
            }
        }
        actions.push(Action::Look(at, self.finds(state, at)));
    }

    /// What a worker finds that goes down the line.
    fn finds(&self, state: &State, at: At) -> Does {
        let slot = state.slot(at);
        let looks = usize::from(self.scope.looks);
        let mut heads = self.heads(state, slot.behind);
        if let Some(who) = heads.by_ref().take(looks).find(|who| self.suits(state, *who, at)) {
            return Does::Offer(who);
        }
        match (heads.next(), slot.mark) {
            (Some(next), _) if self.has(Guard::CursorAtLastSeen) => Does::GoOn(next),
            (Some(next), _) => Does::GoOn(next + 1),
            (None, Mark::PutOff) => Does::Release,
            (None, _) => Does::PutOff,
        }
    }

    /// The rows of the line behind a cursor, by ticket.
    fn heads(&self, state: &State, behind: u8) -> impl Iterator<Item = Who> {
        let state = *state;
        (behind..self.scope.people).filter(move |who| state.person(*who).row)
    }

    fn suits(&self, state: &State, who: Who, at: At) -> bool {
        self.entry_suits(state, who, at) && self.guard_suits(state, who, at)
    }

    /// What the entry says.
    fn entry_suits(&self, state: &State, who: Who, at: At) -> bool {
        let person = state.person(who);
        let waits = person.line == Line::Waiting || !self.has(Guard::EntryIsWaiting);
        let no_offer = person.on_entry.is_none() || !self.has(Guard::NoOfferStands);
        waits && no_offer && !person.declined.has(at)
    }

    /// What the guard says.
    pub(crate) fn guard_suits(&self, state: &State, who: Who, at: At) -> bool {
        let no_offer = state.person(who).on_guard.is_none() || !self.has(Guard::NoOfferStands);
        no_offer && state.held(who).is_none_or(|held| at < held)
    }

    /// The task with all that its conditions and the claims will ask about.
    pub(crate) fn task(&self, state: &State, at: At, does: Does, read: Read) -> Task {
        let slot = state.slot(at);
        let eligible = state.all_eligible(at);
        let since = if slot.behind == 0 { eligible } else { slot.walking };
        let ahead = match does {
            Does::Offer(who) => since.below(who),
            Does::GoOn(_) | Does::Release => since,
            Does::PutOff => Few::NONE,
        };
        Task { at, does, read, stale: Stale::default(), freed: state.freed(), ahead }
    }

    /// Whether what has changed since the look makes the write fail for ever.
    pub(crate) fn is_futile(&self, task: &Task) -> bool {
        let offer = matches!(task.does, Does::Offer(_));
        let guard = offer && task.stale.guard && self.has(Guard::GuardVersion);
        let entry = offer && task.stale.item && self.has(Guard::EntryVersion);
        guard || entry || task.stale.mark && self.has(Guard::MarkAsRead)
    }

    /// The conditions on the freed cells; those on versions and the mark are in [`Model::is_futile`].
    pub(crate) fn may_serve(&self, state: &State, task: &Task) -> bool {
        let as_read = !self.has(Guard::FreedAsRead) || state.freed() == task.freed;
        let contains = match task.does {
            Does::Offer(_) | Does::Release => !self.has(Guard::FreedContains) || state.slot(task.at).freed,
            Does::PutOff | Does::GoOn(_) => true,
        };
        as_read && contains
    }

    /// Does what a worker's write does.
    pub(crate) fn serve(&self, state: &mut State, task: &Task) {
        let at = task.at;
        let remains = !task.freed.without(at).is_empty();
        match task.does {
            Does::Offer(who) => {
                self.overtakes(state, task.ahead);
                state.mark_becomes(at, Mark::None);
                state.slot_mut(at).freed = false;
                state.slot_mut(at).offers.insert(who);
                state.slot_mut(at).expired.remove(who);
                state.due = remains;
                let person = state.person_mut(who);
                (person.on_entry, person.on_guard) = (Some(at), Some(at));
                state.entry_changes(who);
                state.guard_moves(who);
            }
            Does::Release => {
                self.overtakes(state, task.ahead);
                state.mark_becomes(at, Mark::None);
                state.slot_mut(at).freed = false;
                state.slot_mut(at).taken = false;
                state.due = remains;
            }
            Does::PutOff => {
                state.mark_becomes(at, Mark::PutOff);
                state.due = true;
            }
            Does::GoOn(behind) => {
                let mark = state.slot(at).mark;
                state.mark_becomes(at, mark);
                state.slot_mut(at).behind = behind;
                state.slot_mut(at).walking = task.ahead;
                state.due = true;
            }
        }
    }

    fn overtakes(&self, state: &mut State, ahead: Few) {
        if !ahead.is_empty() {
            state.broken.insert(Claim::FairOrder as u8);
        }
    }

    /// How the world ends up when faults stop, every message is lost, whoever was at work is dead and the clients
    /// are silent: the clock alone goes on. None when a freed slot is left over, goes to the public over somebody
    /// eligible, or the work never ends.
    pub(crate) fn calm(&self, state: &State) -> Option<State> {
        let mut calm = *state;
        calm.workers = Default::default();
        calm.writes = Default::default();
        if self.has(Guard::Reconciler) {
            for _ in 0..TICKS_MAX {
                if !self.tick(&mut calm) {
                    break;
                }
            }
        }
        let idle = !calm.due || !self.has(Guard::Reconciler);
        (idle && calm.freed().is_empty() && calm.broken == state.broken).then_some(calm)
    }

    /// One tick: an ended offer lapses, or a due page is looked at. False when there is nothing to do.
    fn tick(&self, state: &mut State) -> bool {
        for at in 0..self.scope.slots {
            if let Some(who) = state.slot(at).expired.first() {
                *state = self.lapsed(state, who, at);
                return true;
            }
        }
        let marked = (0..self.scope.slots).find(|at| state.slot(*at).mark != Mark::None);
        let Some(at) = marked.filter(|_| state.due) else { return false };
        let task = self.task(state, at, self.finds(state, at), Read::All);
        if self.may_serve(state, &task) {
            self.serve(state, &task);
        }
        true
    }
}

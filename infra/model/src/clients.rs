//! Clients and the clock: when a reading lets them write, on which conditions a write passes, what it does.

use crate::claims::Claim;
use crate::few::Few;
use crate::guards::Guard;
use crate::model::Model;
use crate::state::{At, Does, Line, Mark, Read, Stale, State, What, Who, Write};

impl What {
    /// Whether it reads an item beside the guard and does not ask the guard about it: only then can a reading
    /// that is torn between the two go wrong.
    pub(crate) fn reads_item(self) -> bool {
        matches!(
            self,
            What::Cancel(_) | What::Move(_) | What::Pause | What::Resume | What::Leave | What::Lapse(_)
        )
    }

    /// Whether doing it again would be refused if one did not know of one's own success.
    pub(crate) fn is_refused_afterwards(self) -> bool {
        matches!(self, What::Book(_) | What::Cancel(_) | What::Move(_) | What::Join | What::Accept(_))
    }

    /// The guards on the item that it is about.
    fn item_guards(self) -> &'static [Guard] {
        match self {
            What::Cancel(_) | What::Move(_) => &[Guard::AppointmentVersion],
            What::Pause | What::Resume | What::Leave => &[Guard::EntryVersion],
            What::Accept(_) | What::Decline(_) | What::Lapse(_) => &[Guard::OfferOpen, Guard::OfferIdAtLapse],
            What::Book(_) | What::Record(_) | What::Join => &[],
        }
    }
}

impl Model {
    /// What the pages, the appointment, the entry and the offer say.
    pub(crate) fn items_allow(&self, state: &State, who: Who, what: What) -> bool {
        let person = state.person(who);
        match what {
            What::Book(at) => !state.slot(at).taken,
            What::Record(_) => true,
            What::Cancel(at) => state.slot(at).appointments.has(who),
            What::Move(from) => {
                let to = 1 - from;
                state.slot(from).appointments.has(who) && to < self.scope.slots && !state.slot(to).taken
            }
            What::Join => {
                let suits = |at: At| state.held(who).is_none_or(|held| at < held);
                person.line == Line::Out
                    && !(0..self.scope.slots).any(|at| !state.slot(at).taken && suits(at))
            }
            What::Pause => person.line == Line::Waiting && person.on_entry.is_none(),
            What::Resume => person.line == Line::Paused && person.on_entry.is_none(),
            What::Leave => person.line != Line::Out && person.on_entry.is_none(),
            What::Accept(at) => {
                let in_time = !state.slot(at).expired.has(who) || !self.has(Guard::DeadlineAtAccept);
                state.slot(at).offers.has(who) && in_time
            }
            What::Decline(at) => state.slot(at).offers.has(who) && !state.slot(at).expired.has(who),
            What::Lapse(at) => {
                let in_time = state.slot(at).expired.has(who) || !self.has(Guard::DeadlineAtLapse);
                state.slot(at).offers.has(who) && in_time
            }
        }
    }

    /// What the guard says.
    pub(crate) fn guard_allows(&self, state: &State, who: Who, what: What) -> bool {
        let person = state.person(who);
        match what {
            What::Book(_) => state.held(who).is_none() && person.on_guard.is_none(),
            What::Accept(at) | What::Decline(at) => person.on_guard == Some(at),
            _ => true,
        }
    }

    /// Decided on the wrong side of a deadline.
    pub(crate) fn is_untimely(&self, state: &State, who: Who, what: What) -> bool {
        match what {
            What::Accept(at) => state.slot(at).expired.has(who),
            What::Lapse(at) => !state.slot(at).expired.has(who),
            _ => false,
        }
    }

    /// Whether what has changed since the reading makes the write fail for ever.
    pub(crate) fn is_hopeless(&self, write: &Write) -> bool {
        let item = write.stale.item && write.what.item_guards().iter().any(|guard| self.has(*guard));
        item || write.stale.guard && self.has(Guard::GuardVersion)
    }

    /// The conditions on the page; those on versions are in [`Model::is_hopeless`].
    pub(crate) fn passes(&self, state: &State, write: &Write) -> bool {
        let free = |at: At| !state.slot(at).taken || !self.has(Guard::PageCellsNotTaken);
        let held = |at: At| !self.has(Guard::PageCellsHeld) || state.slot(at).taken && !state.slot(at).freed;
        match write.what {
            What::Book(at) => free(at),
            What::Cancel(at) | What::Decline(at) | What::Lapse(at) => held(at),
            What::Move(from) => free(1 - from) && (!self.has(Guard::PageCellsHeld) || state.slot(from).taken),
            What::Accept(_) => state.held(write.who).is_none_or(held),
            What::Record(_) | What::Join | What::Pause | What::Resume | What::Leave => true,
        }
    }

    /// Does what a write does.
    pub(crate) fn commit(&self, state: &mut State, write: &Write) {
        if write.refused {
            state.broken.insert(Claim::NoGhosts as u8);
        }
        if write.untimely {
            state.broken.insert(Claim::Deadlines as u8);
        }
        let who = write.who;
        match write.what {
            What::Book(at) if !self.has(Guard::OneTransaction) => {
                state.slot_mut(at).taken = true;
                state.send(Write { what: What::Record(at), ..*write });
                return;
            }
            What::Book(at) | What::Record(at) => {
                state.slot_mut(at).taken = true;
                state.slot_mut(at).appointments.insert(who);
                state.person_mut(who).promised.insert(at);
                self.out_of_line(state, who);
            }
            What::Cancel(at) => {
                self.appointment_goes(state, who, at);
                self.free(state, at);
            }
            What::Move(from) => {
                self.appointment_goes(state, who, from);
                self.free(state, from);
                let to = state.slot_mut(1 - from);
                to.taken = true;
                to.appointments.insert(who);
                state.person_mut(who).promised.insert(1 - from);
            }
            What::Join | What::Resume => {
                let kept = if write.what == What::Join { Few::NONE } else { state.person(who).declined };
                let person = state.person_mut(who);
                person.line = Line::Waiting;
                person.declined = kept;
                person.row = self.has(Guard::RowWithEntry);
                person.resumed = write.what == What::Resume && !self.has(Guard::RowEpoch);
                state.entry_changes(who);
            }
            What::Pause => {
                state.person_mut(who).line = Line::Paused;
                self.row_is_void(state, who);
                state.entry_changes(who);
            }
            What::Leave => self.out_of_line(state, who),
            What::Accept(at) => {
                if let Some(held) = state.held(who) {
                    self.appointment_goes(state, who, held);
                    self.free(state, held);
                }
                self.offer_ends(state, who, at);
                state.slot_mut(at).appointments.insert(who);
                state.person_mut(who).promised.insert(at);
                self.out_of_line(state, who);
            }
            What::Decline(at) | What::Lapse(at) => {
                self.offer_ends(state, who, at);
                self.free(state, at);
                state.person_mut(who).declined.insert(at);
                state.entry_changes(who);
            }
        }
        state.guard_moves(who);
    }

    /// What the clock's lapse of an ended offer leads to.
    pub(crate) fn lapsed(&self, state: &State, who: Who, at: At) -> State {
        let mut after = *state;
        let what = What::Lapse(at);
        let write =
            Write { who, what, read: Read::All, stale: Stale::default(), untimely: false, refused: false };
        self.commit(&mut after, &write);
        after
    }

    fn appointment_goes(&self, state: &mut State, who: Who, at: At) {
        state.slot_mut(at).appointments.remove(who);
        state.person_mut(who).promised.remove(at);
        for write in state.writes.iter_mut().flatten().filter(|write| write.who == who) {
            write.stale.item |= write.what == What::Cancel(at) || write.what == What::Move(at);
        }
    }

    fn offer_ends(&self, state: &mut State, who: Who, at: At) {
        state.slot_mut(at).offers.remove(who);
        state.slot_mut(at).expired.remove(who);
        let person = state.person_mut(who);
        (person.on_entry, person.on_guard) = (None, None);
        for write in state.writes.iter_mut().flatten().filter(|write| write.who == who) {
            write.stale.item |= matches!(write.what,
                What::Accept(of) | What::Decline(of) | What::Lapse(of) if of == at);
        }
    }

    /// The place in line is over, and its ticket with it.
    fn out_of_line(&self, state: &mut State, who: Who) {
        let person = state.person_mut(who);
        if person.line == Line::Out {
            return;
        }
        (person.line, person.declined, person.resumed) = (Line::Out, Few::NONE, false);
        self.row_is_void(state, who);
        state.entry_changes(who);
        // A cursor is a ticket: it stays where it is when somebody before it goes.
        for slot in &mut state.slots {
            slot.behind -= u8::from(slot.behind > who);
        }
        for task in state.workers.iter_mut().flatten() {
            if let Does::GoOn(behind) = &mut task.does {
                *behind -= u8::from(*behind > who);
            }
        }
        // The guard no longer names the ticket of the entry that was read.
        for task in &mut state.workers {
            *task = task.filter(|task| task.does != Does::Offer(who) || task.read == Read::All);
        }
    }

    /// A void row is never believed, so it makes no difference how long it lies about; unless nobody looks.
    fn row_is_void(&self, state: &mut State, who: Who) {
        if self.has(Guard::EntryIsWaiting) {
            state.person_mut(who).row = false;
        }
    }

    /// Gives a slot up: to those who wait.
    fn free(&self, state: &mut State, at: At) {
        if !self.has(Guard::FreedStaysTaken) {
            if !state.all_eligible(at).is_empty() {
                state.broken.insert(Claim::FairOrder as u8);
            }
            state.slot_mut(at).taken = false;
            return;
        }
        state.slot_mut(at).freed = true;
        state.due = true;
        state.mark_becomes(at, Mark::New);
    }
}

impl State {
    /// The guard is written: whoever has read it before has an old version.
    pub(crate) fn guard_moves(&mut self, who: Who) {
        for write in self.writes.iter_mut().flatten() {
            write.stale.guard |= write.who == who && write.read == Read::All;
        }
        for task in self.workers.iter_mut().flatten() {
            task.stale.guard |= task.does == Does::Offer(who) && task.read == Read::All;
        }
    }

    pub(crate) fn entry_changes(&mut self, who: Who) {
        for write in self.writes.iter_mut().flatten().filter(|write| write.who == who) {
            write.stale.item |= matches!(write.what, What::Pause | What::Resume | What::Leave);
        }
        for task in self.workers.iter_mut().flatten() {
            task.stale.item |= task.does == Does::Offer(who);
        }
    }

    /// The mark is written anew, and no walk of before goes on.
    pub(crate) fn mark_becomes(&mut self, at: At, mark: Mark) {
        let slot = self.slot_mut(at);
        (slot.mark, slot.behind, slot.walking) = (mark, 0, Few::NONE);
        for task in self.workers.iter_mut().flatten() {
            task.stale.mark |= task.at == at;
        }
    }
}

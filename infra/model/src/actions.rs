//! What can happen next, and to what state it leads.

use crate::claims::Claim;
use crate::guards::Guard;
use crate::model::Model;
use crate::scope::Reads;
use crate::state::{At, Does, Line, Mark, Read, Stale, State, Task, What, Who, Write};

/// One step. Writes and workers are named by their place in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads everything, finds nothing in the way and sends the write.
    Send(Who, What),
    /// Reads the items only.
    Begin(Who, What),
    /// Reads the guard as well and sends the write.
    GoOn(usize),
    /// The write arrives, its conditions hold, and the client is told.
    Commit(usize),
    /// The write arrives, its conditions hold; the answer is lost, and the retry is refused.
    CommitUnheard(usize),
    /// The client hears nothing, reads again and is refused, while the write is still under way.
    Refuse(usize),
    /// The deadline of an offer passes.
    Expire(At, Who),
    /// A worker reads the page, the line, and everything about those in it as far as it needs.
    Look(At, Does),
    /// A worker reads the page, the line and an entry, not yet its person's guard.
    LookAtEntry(At, Who),
    /// The worker reads the guard as well.
    LookAtGuard(usize),
    /// The worker's write arrives and its conditions hold.
    Serve(usize),
    /// A row comes by a message of its own.
    RowComes(Who),
    /// A late record of the stream takes a row away.
    RowGoes(Who),
}

impl Model {
    pub(crate) fn possible(&self, state: &State, actions: &mut Vec<Action>) {
        self.clients(state, actions);
        self.workers(state, actions);
        for at in 0..self.scope.slots {
            let slot = state.slot(at);
            actions.extend(
                slot.offers.iter().filter(|who| !slot.expired.has(*who)).map(|who| Action::Expire(at, who)),
            );
        }
        for who in 0..self.scope.people {
            let person = state.person(who);
            if person.line == Line::Waiting && !person.row && !self.has(Guard::RowWithEntry) {
                actions.push(Action::RowComes(who));
            }
            if person.resumed && person.row {
                actions.push(Action::RowGoes(who));
            }
        }
    }

    fn clients(&self, state: &State, actions: &mut Vec<Action>) {
        let under_way = state.writes.iter().flatten().count();
        if under_way < usize::from(self.scope.writes) {
            for who in 0..self.scope.people {
                for what in self.operations() {
                    if self.items_allow(state, who, what) {
                        if self.guard_allows(state, who, what) {
                            actions.push(Action::Send(who, what));
                        }
                        if self.scope.reads == Reads::Torn && what.reads_item() {
                            actions.push(Action::Begin(who, what));
                        }
                    }
                }
            }
        }
        for (i, write) in state.writes.iter().enumerate() {
            let Some(write) = write else { continue };
            if write.read == Read::Items {
                if self.guard_allows(state, write.who, write.what) {
                    actions.push(Action::GoOn(i));
                }
                continue;
            }
            if self.passes(state, write) {
                actions.push(Action::Commit(i));
                if !self.has(Guard::OwnRetryReadBack) && write.what.is_refused_afterwards() {
                    actions.push(Action::CommitUnheard(i));
                }
            }
            let says_no = !self.items_allow(state, write.who, write.what)
                || !self.guard_allows(state, write.who, write.what);
            if says_no && !write.refused && !matches!(write.what, What::Lapse(_) | What::Record(_)) {
                actions.push(Action::Refuse(i));
            }
        }
    }

    fn operations(&self) -> impl Iterator<Item = What> {
        let about: [fn(At) -> What; 6] =
            [What::Book, What::Cancel, What::Move, What::Accept, What::Decline, What::Lapse];
        let slots = (0..self.scope.slots).flat_map(move |at| about.map(|what| what(at)));
        slots.chain([What::Join, What::Pause, What::Resume, What::Leave])
    }

    fn workers(&self, state: &State, actions: &mut Vec<Action>) {
        let busy = state.workers.iter().flatten().count();
        if busy < usize::from(self.scope.workers) {
            for at in (0..self.scope.slots).filter(|at| state.slot(*at).mark != Mark::None) {
                self.looks(state, at, actions);
            }
        }
        for (i, task) in state.workers.iter().enumerate() {
            let Some(task) = task else { continue };
            match (task.read, task.does) {
                (Read::Items, Does::Offer(who)) if self.guard_suits(state, who, task.at) => {
                    actions.push(Action::LookAtGuard(i));
                }
                (Read::All, _) if self.may_serve(state, task) => actions.push(Action::Serve(i)),
                _ => {}
            }
        }
    }

    /// The state after a step.
    pub(crate) fn after(&self, before: &State, action: Action) -> State {
        let mut state = *before;
        match action {
            Action::Send(who, what) => {
                let untimely = self.is_untimely(&state, who, what);
                let read = Read::All;
                state.send(Write { who, what, read, stale: Stale::default(), untimely, refused: false });
                if let (What::Book(at), false) = (what, self.has(Guard::AnswerAfterCommit)) {
                    state.person_mut(who).promised.insert(at);
                }
            }
            Action::Begin(who, what) => {
                let untimely = self.is_untimely(&state, who, what);
                let read = Read::Items;
                state.send(Write { who, what, read, stale: Stale::default(), untimely, refused: false });
            }
            Action::GoOn(i) => {
                if let Some(write) = &mut state.writes[i] {
                    write.read = Read::All;
                }
            }
            Action::Commit(i) => {
                if let Some(write) = state.writes[i].take() {
                    self.commit(&mut state, &write);
                }
            }
            Action::CommitUnheard(i) => {
                if let Some(write) = state.writes[i].take() {
                    self.commit(&mut state, &write);
                    state.broken.insert(Claim::NoGhosts as u8);
                }
            }
            Action::Refuse(i) => {
                if let Some(write) = &mut state.writes[i] {
                    write.refused = true;
                    let who = write.who;
                    if self.has(Guard::FenceBeforeRefusal) {
                        state.guard_moves(who);
                    }
                }
            }
            Action::Expire(at, who) => state.slot_mut(at).expired.insert(who),
            Action::Look(at, does) => {
                let task = self.task(&state, at, does, Read::All);
                state.put(task);
            }
            Action::LookAtEntry(at, who) => {
                let task = self.task(&state, at, Does::Offer(who), Read::Items);
                state.put(task);
            }
            Action::LookAtGuard(i) => {
                if let Some(task) = &mut state.workers[i] {
                    task.read = Read::All;
                }
            }
            Action::Serve(i) => {
                if let Some(task) = state.workers[i].take() {
                    self.serve(&mut state, &task);
                }
            }
            Action::RowComes(who) => state.person_mut(who).row = true,
            Action::RowGoes(who) => state.person_mut(who).row = false,
        }
        self.forget_hopeless(&mut state);
        self.remember_eligible(&mut state);
        state.canonical(self.scope.people)
    }

    /// What can never commit any more is as good as forgotten: its conditions fail and nothing is written.
    fn forget_hopeless(&self, state: &mut State) {
        for write in &mut state.writes {
            *write = write.filter(|write| !self.is_hopeless(write));
        }
        for task in &mut state.workers {
            *task = task.filter(|task| !self.is_futile(task));
        }
    }

    /// Whom the claims still count as eligible ever since a worker's first read.
    fn remember_eligible(&self, state: &mut State) {
        for i in 0..state.workers.len() {
            if let Some(task) = state.workers[i].filter(|task| !task.ahead.is_empty()) {
                let still = task.ahead.and(state.all_eligible(task.at));
                state.workers[i] = Some(Task { ahead: still, ..task });
            }
        }
        for at in 0..self.scope.slots {
            if !state.slot(at).walking.is_empty() {
                let still = state.slot(at).walking.and(state.all_eligible(at));
                state.slot_mut(at).walking = still;
            }
        }
    }
}

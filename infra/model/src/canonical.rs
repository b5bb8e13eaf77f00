//! One form for states that differ only in names: people out of line, workers and writes are interchangeable.

use crate::few::Few;
use crate::state::{Does, Line, PEOPLE, Person, Slot, State, Task, WORKERS, WRITES, Who, Write};

/// Everything that a state says of one person, without the person's number.
type Said = (Person, [(bool, bool, bool, bool); 2], [Option<Write>; WRITES], [Option<Task>; WORKERS]);

impl State {
    /// People in line come first, by ticket; the others follow in an order that depends on what they do and not on
    /// who they are. The members beyond `people` are nobody.
    pub fn canonical(mut self, people: u8) -> State {
        let order = self.order(usize::from(people));
        if order != core::array::from_fn(|i| i) {
            self = self.renumbered(&order);
        }
        self.writes.sort_unstable();
        self.workers.sort_unstable();
        self
    }

    /// Who comes at which place. Joining is last among those in line, for everybody in line stands before the rest.
    fn order(&self, people: usize) -> [usize; PEOPLE] {
        let mut order: [usize; PEOPLE] = core::array::from_fn(|i| i);
        let present = &mut order[..people];
        // Stable: tickets keep their order.
        present.sort_by_key(|i| self.people[*i].line == Line::Out);
        let in_line = present.iter().filter(|i| self.people[**i].line != Line::Out).count();
        if people - in_line >= 2 {
            present[in_line..].sort_by_key(|i| self.said(*i as Who));
        }
        order
    }

    fn said(&self, who: Who) -> Said {
        let slots = self.slots.map(|slot: Slot| {
            (slot.appointments.has(who), slot.offers.has(who), slot.expired.has(who), slot.walking.has(who))
        });
        let mut writes = self.writes.map(|write| write.filter(|write| write.who == who));
        writes.iter_mut().flatten().for_each(|write| write.who = 0);
        writes.sort_unstable();
        let mut workers = self.workers.map(|task| {
            task.filter(|task| task.does == Does::Offer(who) || task.ahead.has(who)).map(|task| Task {
                does: if task.does == Does::Offer(who) { Does::Offer(0) } else { Does::Release },
                ahead: Few::NONE,
                ..task
            })
        });
        workers.sort_unstable();
        (*self.person(who), slots, writes, workers)
    }

    /// The same with `order[i]` called `i`.
    pub fn renumbered(&self, order: &[usize; PEOPLE]) -> State {
        let new_of = |old: Who| order.iter().position(|o| *o == usize::from(old)).unwrap_or(0) as Who;
        let few = |set: Few| -> Few { if set.is_empty() { set } else { set.iter().map(new_of).collect() } };
        let mut state = *self;
        state.people = core::array::from_fn(|i| self.people[order[i]]);
        state.names = core::array::from_fn(|i| self.names[order[i]]);
        for slot in &mut state.slots {
            slot.appointments = few(slot.appointments);
            slot.offers = few(slot.offers);
            slot.expired = few(slot.expired);
            slot.walking = few(slot.walking);
        }
        for write in state.writes.iter_mut().flatten() {
            write.who = new_of(write.who);
        }
        for task in state.workers.iter_mut().flatten() {
            task.ahead = few(task.ahead);
            if let Does::Offer(who) = task.does {
                task.does = Does::Offer(new_of(who));
            }
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::scope::Scope;
    use std::collections::HashSet;

    /// Every reachable state of a small world, found without the library.
    fn reachable(model: &Model) -> HashSet<State> {
        let mut seen = HashSet::from([State::default()]);
        let mut left = vec![State::default()];
        let mut actions = Vec::new();
        while let Some(state) = left.pop() {
            model.possible(&state, &mut actions);
            let next: Vec<State> = actions.drain(..).map(|action| model.after(&state, action)).collect();
            left.extend(next.into_iter().filter(|next| seen.insert(*next)));
        }
        seen
    }

    #[test]
    fn people_out_of_line_may_change_places() {
        let scope = Scope { slots: 1, workers: 1, ..Scope::WHOLE };
        let states = reachable(&Model::new(scope));
        let mut changed = 0;
        for state in &states {
            for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0]] {
                let moved = (0..PEOPLE).filter(|i| order[*i] != *i);
                if moved.into_iter().all(|i| state.people[i].line == Line::Out) {
                    let other = state.renumbered(&order);
                    changed += usize::from(other != *state);
                    assert_eq!(other.canonical(scope.people), *state, "{order:?}");
                }
            }
        }
        assert!(changed > 0, "nobody differed from anybody");
    }

    #[test]
    fn the_order_of_the_line_is_kept() {
        let mut state = State::default();
        state.people[0].line = Line::Waiting;
        state.people[0].declined = Few::of(1);
        state.people[2].line = Line::Paused;
        let canonical = state.canonical(PEOPLE as u8);
        assert_eq!(canonical.people.map(|person| person.line), [Line::Waiting, Line::Paused, Line::Out]);
    }
}

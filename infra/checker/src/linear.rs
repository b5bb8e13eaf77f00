//! Whether overlapping operations could have happened one at a time (Herlihy and Wing's linearizability, by the
//! search of Wing and Gong with Lowe's memory of what was tried).

use std::collections::HashSet;
use std::hash::Hash;

/// What was done between two points in time, both included; equal points do not overlap by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op<A> {
    pub call: u64,
    /// `u64::MAX` when nobody knows: it took effect at some time after its call.
    pub ret: u64,
    pub what: A,
}

/// What came of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<S> {
    /// There is an order; the state after it.
    Linearizable(S),
    /// There is none; the operations of the smallest part that has none, by index.
    Impossible(Vec<usize>),
    /// More operations overlap than are looked at, or more orders than are tried.
    TooWide,
}

/// Operations that may overlap one another in one part.
pub const PART_MAX: usize = 64;
/// Pairs of (operations done, state) that are tried for a part.
const TRIED_MAX: usize = 200_000;

/// Searches for an order. `ops` are sorted by call. `apply` answers the state after an operation, or none when it
/// cannot have happened in that state. The state after all operations must not depend on their order, as it is
/// with sets to which things are added and from which they are taken: so parts that do not overlap are searched one
/// after the other.
pub fn linearize<S: Clone + Eq + Hash, A>(
    start: S,
    ops: &[Op<A>],
    apply: impl Fn(&S, &A) -> Option<S>,
) -> Verdict<S> {
    let mut state = start;
    let mut from = 0;
    while from < ops.len() {
        let mut to = from + 1;
        let mut until = ops[from].ret;
        while to < ops.len() && ops[to].call <= until {
            until = until.max(ops[to].ret);
            to += 1;
        }
        if to - from > PART_MAX {
            return Verdict::TooWide;
        }
        let mut search = Search { ops: &ops[from..to], apply: &apply, tried: HashSet::new() };
        match search.go(0, &state) {
            Some(after) => state = after,
            None if search.tried.len() >= TRIED_MAX => return Verdict::TooWide,
            None => return Verdict::Impossible((from..to).collect()),
        }
        from = to;
    }
    Verdict::Linearizable(state)
}

struct Search<'a, S, A, F> {
    ops: &'a [Op<A>],
    apply: &'a F,
    /// Which operations were done, in which state: from there nothing was found.
    tried: HashSet<(u64, S)>,
}

impl<S: Clone + Eq + Hash, A, F: Fn(&S, &A) -> Option<S>> Search<'_, S, A, F> {
    fn go(&mut self, done: u64, state: &S) -> Option<S> {
        let left = || (0..self.ops.len()).filter(move |i| done >> i & 1 == 0);
        let Some(first_ret) = left().map(|i| self.ops[i].ret).min() else { return Some(state.clone()) };
        if self.tried.len() >= TRIED_MAX || !self.tried.insert((done, state.clone())) {
            return None;
        }
        // Next can only be what was called before anything that is left had returned.
        let next: Vec<usize> = left().filter(|i| self.ops[*i].call <= first_ret).collect();
        next.into_iter().find_map(|i| {
            let after = (self.apply)(state, &self.ops[i].what)?;
            self.go(done | 1 << i, &after)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Do {
        Take,
        Release,
        SeeTaken,
        SeeFree,
    }
    use Do::*;

    fn slot(taken: &bool, what: &Do) -> Option<bool> {
        match (what, taken) {
            (Take, false) | (SeeTaken, true) => Some(true),
            (Release, true) | (SeeFree, false) => Some(false),
            _ => None,
        }
    }

    fn verdict(ops: &[(u64, u64, Do)]) -> Verdict<bool> {
        let ops: Vec<Op<Do>> =
            ops.iter().map(|(call, ret, what)| Op { call: *call, ret: *ret, what: *what }).collect();
        linearize(false, &ops, slot)
    }

    #[test]
    fn one_of_two_wins_and_the_other_sees_it_taken() {
        assert_eq!(verdict(&[(1, 5, SeeTaken), (2, 6, Take)]), Verdict::Linearizable(true));
    }

    #[test]
    fn nobody_sees_it_taken_before_anybody_came() {
        assert_eq!(verdict(&[(1, 3, SeeTaken), (4, 6, Take)]), Verdict::Impossible(vec![0]));
    }

    #[test]
    fn it_is_not_taken_twice() {
        assert_eq!(verdict(&[(1, 8, Take), (2, 9, Take)]), Verdict::Impossible(vec![0, 1]));
        let released = [(1, 8, Take), (2, 9, Take), (3, 4, Release)];
        assert_eq!(verdict(&released), Verdict::Linearizable(true));
    }

    #[test]
    fn what_nobody_knows_may_have_happened_late() {
        let late = [(1, u64::MAX, Take), (2, 3, SeeFree), (4, 5, SeeTaken)];
        assert_eq!(verdict(&late), Verdict::Linearizable(true));
    }

    #[test]
    fn sixteen_at_once_that_are_not_linearizable_are_found_out_quickly() {
        // Eight take and eight release, in any order but together: an extra one sees what cannot be.
        let mut ops: Vec<(u64, u64, Do)> =
            (0..15).map(|i| (i, 100, if i % 2 == 0 { Take } else { Release })).collect();
        ops.push((15, 100, Take));
        assert!(matches!(verdict(&ops), Verdict::Impossible(part) if part.len() == 16));
        let counted: Vec<Op<u8>> = (0..16).map(|i| Op { call: i, ret: 100, what: i as u8 }).collect();
        // A state that remembers who came: two to the sixteenth of them, and none suits the last.
        let all = |seen: &u32, i: &u8| (*i < 15 || seen.count_ones() == 16).then(|| seen | 1 << i);
        assert!(matches!(linearize(0u32, &counted, all), Verdict::Impossible(_)));
    }

    #[test]
    fn parts_that_do_not_overlap_are_searched_one_after_the_other() {
        let mut ops = Vec::new();
        for i in 0..1_000 {
            ops.push((i * 10, i * 10 + 5, Take));
            ops.push((i * 10 + 6, i * 10 + 8, Release));
        }
        assert_eq!(verdict(&ops), Verdict::Linearizable(false));
    }
}

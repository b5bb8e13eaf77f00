//! Who did it: each commit that a client's operation must have made is attributed to one.
//!
//! A deed is read off the items (which change with which facts, which idempotency key became remembered). It may be
//! an operation's only if that asked for it, was called before, and was neither answered before nor refused; and not
//! if a later try of the same intention was refused definitely before the commit. Each intention has one deed at most.

mod read;

use crate::tape::{Operation, Tape};
use std::collections::HashMap;

pub use read::Verb;

/// What a commit did in a client's name.
#[derive(Debug)]
pub struct Deed {
    pub commit: usize,
    pub step: u64,
    pub citizen: String,
    pub verb: Verb,
    /// Whether somebody who works there did it: they need not be asked.
    pub by_staff: bool,
    /// Hashes of the keys that it made remembered.
    pub keys: Vec<String>,
    /// The operation whose deed it is.
    pub author: Option<usize>,
}

/// A deed that nobody may have done.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It was asked for, and refused.
    Ghost { deed: usize, operation: usize },
    /// A later try of the same intention was refused before.
    AfterRefusal { deed: usize, operation: usize, refused: usize },
    /// Its operation was answered OK before.
    AfterAnswer { deed: usize, operation: usize },
    /// Its operation had a deed already.
    Again { deed: usize, operation: usize, first: usize },
    /// Nobody asked for it.
    Unasked { deed: usize },
}

/// All deeds, in commit order, and what is wrong with them.
#[derive(Debug)]
pub struct Deeds {
    pub all: Vec<Deed>,
    pub troubles: Vec<Trouble>,
    /// For each operation, the first try of its intention.
    intentions: Vec<usize>,
    /// All tries of each intention.
    tries: HashMap<usize, Vec<usize>>,
    /// The deed of an intention.
    done: HashMap<usize, usize>,
    by_commit: HashMap<usize, usize>,
}

/// Refusals that tell nothing of what an earlier try with the same key may still do.
const SILENT: [&str; 11] = [
    "unauthorized",
    "not-represented",
    "identity-needed",
    "own-only",
    "not-identified",
    "idempotency-mismatch",
    "invalid-request",
    "malformed-json",
    "body-too-large",
    "method-not-allowed",
    "cursor-invalid",
];

impl Deeds {
    pub fn of(tape: &Tape<'_>) -> Self {
        let intentions = intentions(tape);
        let mut tries: HashMap<usize, Vec<usize>> = HashMap::new();
        for (operation, first) in intentions.iter().enumerate() {
            tries.entry(*first).or_default().push(operation);
        }
        let mut deeds = Self {
            all: read::read(tape),
            troubles: Vec::new(),
            intentions,
            tries,
            done: HashMap::new(),
            by_commit: HashMap::new(),
        };
        let mut by_client: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, operation) in tape.operations.iter().enumerate() {
            by_client.entry(operation.client).or_default().push(at);
        }
        for at in 0..deeds.all.len() {
            deeds.by_commit.insert(deeds.all[at].commit, at);
            let own = by_client.get(deeds.all[at].citizen.as_str()).map(Vec::as_slice).unwrap_or_default();
            let kiosk = by_client.get("").map(Vec::as_slice).unwrap_or_default();
            let fits =
                |operation: &&usize| read::fits(&tape.operations[**operation], &deeds.all[at], tape, own);
            let candidates: Vec<usize> = own.iter().chain(kiosk).filter(fits).copied().collect();
            deeds.attribute(tape, at, &candidates);
        }
        deeds
    }

    /// Of those that may have done it, the one that has to have done it soonest.
    fn attribute(&mut self, tape: &Tape<'_>, at: usize, candidates: &[usize]) {
        let step = self.all[at].step;
        let mut chosen: Option<(u64, usize)> = None;
        let mut trouble = Trouble::Unasked { deed: at };
        for operation in candidates.iter().copied() {
            let asked = &tape.operations[operation];
            let why_not = if asked.refused().is_some() {
                Some(Trouble::Ghost { deed: at, operation })
            } else if asked.ok().is_some_and(|(_, returned)| returned < step) {
                Some(Trouble::AfterAnswer { deed: at, operation })
            } else if let Some(refused) = self.refused_since(tape, operation, step) {
                Some(Trouble::AfterRefusal { deed: at, operation, refused })
            } else {
                let done = self.done.get(&self.intentions[operation]);
                done.filter(|first| {
                    asked.key.is_none() || remembered(tape, &self.all[**first], step.saturating_sub(1))
                })
                .map(|first| Trouble::Again { deed: at, operation, first: *first })
            };
            match why_not {
                None => {
                    let until = asked.ok().map_or(u64::MAX, |(_, returned)| returned);
                    if chosen.is_none_or(|(least, _)| until < least) {
                        chosen = Some((until, operation));
                    }
                }
                Some(why_not) => trouble = worse(trouble, why_not),
            }
        }
        match chosen {
            Some((_, operation)) => {
                self.all[at].author = Some(operation);
                self.done.insert(self.intentions[operation], at);
            }
            None if self.all[at].by_staff && matches!(trouble, Trouble::Unasked { .. }) => {}
            None => self.troubles.push(trouble),
        }
    }

    /// A try of the same intention, called later, that was refused definitely before a step.
    fn refused_since(&self, tape: &Tape<'_>, operation: usize, step: u64) -> Option<usize> {
        let called = tape.operations[operation].called;
        self.tries(operation).iter().copied().find(|other| {
            let other = &tape.operations[*other];
            let refused = other.refused().filter(|(code, returned)| speaks(other, code) && *returned < step);
            other.called > called && refused.is_some()
        })
    }

    /// All tries of an operation's intention, itself included.
    pub fn tries(&self, operation: usize) -> &[usize] {
        self.tries.get(&self.intentions[operation]).map(Vec::as_slice).unwrap_or_default()
    }

    /// What an operation's intention did, whichever of its tries.
    pub fn done_by(&self, operation: usize) -> Option<&Deed> {
        self.done.get(&self.intentions[operation]).map(|at| &self.all[*at])
    }

    pub fn of_commit(&self, commit: usize) -> Option<&Deed> {
        self.by_commit.get(&commit).map(|at| &self.all[*at])
    }
}

/// Whether a refusal speaks of the whole intention. Of whoever acts for another and is closed out themselves it does not: they act
/// for nobody any more, and hear nothing of what they asked for before.
pub fn speaks(operation: &Operation<'_>, code: &str) -> bool {
    let closed_out = code == "account-inactive" && operation.by.is_some();
    !closed_out && !SILENT.contains(&code)
}

/// Whether a deed's key was still remembered after a step. A deed that leaves no key counts as remembered: nothing
/// may do it twice.
pub fn remembered(tape: &Tape<'_>, deed: &Deed, step: u64) -> bool {
    let active = tape.actives.get(&deed.citizen).and_then(|track| track.at(step));
    deed.keys.iter().all(|key| active.is_some_and(|active| active.done.contains(key)))
}

/// The first try of each operation's intention: those of one client with one key that ask for the same.
fn intentions(tape: &Tape<'_>) -> Vec<usize> {
    let mut first: HashMap<_, Vec<usize>> = HashMap::new();
    let each = tape.operations.iter().enumerate();
    each.map(|(at, operation)| {
        let Some(key) = operation.key else { return at };
        let asked = first.entry((operation.client, key)).or_default();
        let same = asked.iter().find(|first| tape.operations[**first].action == operation.action);
        same.copied().unwrap_or_else(|| {
            asked.push(at);
            at
        })
    })
    .collect()
}

/// What tells most of a deed without an author.
fn worse(a: Trouble, b: Trouble) -> Trouble {
    let rank = |trouble: &Trouble| match trouble {
        Trouble::Unasked { .. } => 0,
        Trouble::AfterAnswer { .. } => 1,
        Trouble::Ghost { .. } => 2,
        Trouble::Again { .. } => 3,
        Trouble::AfterRefusal { .. } => 4,
    };
    if rank(&b) > rank(&a) { b } else { a }
}

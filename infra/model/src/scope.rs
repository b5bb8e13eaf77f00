//! How large a world is explored.

use crate::state::{PEOPLE, SLOTS, WORKERS, WRITES};
use core::fmt;

/// Whether the items of one reading are read at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    AtOnce,
    /// First what the write is about, later the guard: the order that could go wrong. In the other order whatever
    /// changes between makes the guard's version old.
    Torn,
}

/// Bounds of a world. Operations, messages and time are not bounded: the state needs no counter for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    pub slots: u8,
    pub people: u8,
    pub workers: u8,
    /// Writes of clients and of the clock under way at a time, besides the workers'.
    pub writes: u8,
    /// Rows that a worker looks at before it leaves a cursor (`CANDIDATES_MAX`).
    pub looks: u8,
    pub reads: Reads,
}

impl Scope {
    /// Two slots, three people, two workers, two writes.
    pub const WHOLE: Scope = Scope {
        slots: SLOTS as u8,
        people: PEOPLE as u8,
        workers: WORKERS as u8,
        writes: WRITES as u8,
        looks: 20,
        reads: Reads::AtOnce,
    };

    /// The same with two people, and readings that are torn.
    pub const TORN: Scope = Scope { people: 2, reads: Reads::Torn, ..Scope::WHOLE };

    /// One slot for three people, and workers that look at one row at a time.
    pub const SHORT_LOOKS: Scope = Scope { slots: 1, looks: 1, ..Scope::WHOLE };

    /// All that is explored in full.
    pub const ALL: [Scope; 3] = [Scope::WHOLE, Scope::TORN, Scope::SHORT_LOOKS];
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { slots, people, workers, writes, .. } = self;
        write!(f, "slots {slots}, people {people}, workers {workers}, writes {writes}")?;
        if self.looks < self.people {
            write!(f, ", looks {}", self.looks)?;
        }
        if self.reads == Reads::Torn { f.write_str(", torn reads") } else { Ok(()) }
    }
}

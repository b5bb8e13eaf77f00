//! The state: the items of the table, what is under way between a read and its write, and what the claims remember.

use crate::few::Few;
use core::hash::{Hash, Hasher};

/// Slots, people, workers and clients' writes at most; a [`crate::Scope`] may have fewer.
pub const SLOTS: usize = 2;
pub const PEOPLE: usize = 3;
pub const WORKERS: usize = 2;
pub const WRITES: usize = 2;

/// A slot: 0 is the earlier one. Both are cells of one page.
pub type At = u8;
/// A person; those in line come first, by ticket.
pub type Who = u8;

/// Why a cell stands freed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    #[default]
    None,
    /// Nobody has looked yet, or the look goes on.
    New,
    /// Nobody was found: looked at once more, and then to the public.
    PutOff,
}

/// A slot's cell on the page, and the appointments and open offers that name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    pub taken: bool,
    pub freed: bool,
    pub mark: Mark,
    /// How many at the head of the line the mark's cursor has passed.
    pub behind: u8,
    /// Claims: eligible ever since the walk that the cursor continues began.
    pub walking: Few,
    pub appointments: Few,
    pub offers: Few,
    /// Offers whose deadline has passed.
    pub expired: Few,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    #[default]
    Out,
    Waiting,
    Paused,
}

/// A person's entry and guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person {
    pub line: Line,
    /// A row of the line points at the entry.
    pub row: bool,
    /// Starts declined or let lapse.
    pub declined: Few,
    /// The open offer as the entry names it.
    pub on_entry: Option<At>,
    /// The open offer as the guard (ACTIVE) names it.
    pub on_guard: Option<At>,
    /// Claims: slots about which the person was told «yours» and which they have not given up.
    pub promised: Few,
    /// The entry was paused once: a record of its old rows may come again. Kept only while that matters.
    pub resumed: bool,
}

/// What a write is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    Book(At),
    /// The second half of a booking in two writes.
    Record(At),
    Cancel(At),
    /// From this slot to the other.
    Move(At),
    Join,
    Pause,
    Resume,
    Leave,
    Accept(At),
    Decline(At),
    /// The clock's.
    Lapse(At),
}

/// How far a reading has come: a batch of items is not read at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// The items, not yet the guard.
    Items,
    All,
}

/// What has changed in the table since it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stale {
    pub guard: bool,
    /// The appointment, entry or offer that the write is about.
    pub item: bool,
    pub mark: bool,
}

/// A client's or the clock's write that was sent and has not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Write {
    pub who: Who,
    pub what: What,
    pub read: Read,
    pub stale: Stale,
    /// Decided on the wrong side of a deadline.
    pub untimely: bool,
    /// The client was refused for good meanwhile.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Does {
    Offer(Who),
    /// Nobody now.
    PutOff,
    /// Looked at as many as one look may: the cursor goes behind so many.
    GoOn(u8),
    Release,
}

/// What a worker has decided and not yet written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Task {
    pub at: At,
    pub does: Does,
    pub read: Read,
    pub stale: Stale,
    /// The freed cells as they were read.
    pub freed: Few,
    /// Claims: before the chosen one in line, and eligible ever since the first read.
    pub ahead: Few,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    pub slots: [Slot; SLOTS],
    pub people: [Person; PEOPLE],
    pub workers: [Option<Task>; WORKERS],
    pub writes: [Option<Write>; WRITES],
    /// The page carries the time at which the clock looks at it.
    pub due: bool,
    /// Claims about steps that did not hold, by number.
    pub broken: Few,
    /// Who is who under the numbers; for telling only, no part of what the state is.
    pub names: [u8; PEOPLE],
}

impl State {
    pub fn freed(&self) -> Few {
        (0..SLOTS as u8).filter(|at| self.slots[usize::from(*at)].freed).collect()
    }

    pub fn slot(&self, at: At) -> &Slot {
        &self.slots[usize::from(at)]
    }

    pub fn slot_mut(&mut self, at: At) -> &mut Slot {
        &mut self.slots[usize::from(at)]
    }

    pub fn person(&self, who: Who) -> &Person {
        &self.people[usize::from(who)]
    }

    pub fn person_mut(&mut self, who: Who) -> &mut Person {
        &mut self.people[usize::from(who)]
    }

    /// The slot of one's appointment.
    pub fn held(&self, who: Who) -> Option<At> {
        (0..SLOTS as u8).find(|at| self.slot(*at).appointments.has(who))
    }

    /// Whether a freed slot may be offered to somebody: the claims' own definition.
    pub fn eligible(&self, who: Who, at: At) -> bool {
        let person = self.person(who);
        person.line == Line::Waiting
            && person.on_entry.is_none()
            && person.on_guard.is_none()
            && !person.declined.has(at)
            && self.held(who).is_none_or(|held| at < held)
    }

    pub fn all_eligible(&self, at: At) -> Few {
        (0..PEOPLE as u8).filter(|who| self.eligible(*who, at)).collect()
    }

    pub fn send(&mut self, write: Write) {
        if let Some(free) = self.writes.iter_mut().find(|write| write.is_none()) {
            *free = Some(write);
        }
    }

    pub fn put(&mut self, task: Task) {
        if let Some(free) = self.workers.iter_mut().find(|task| task.is_none()) {
            *free = Some(task);
        }
    }

    /// Whether a booking of this person is under way.
    pub fn is_booking(&self, who: Who, at: At) -> bool {
        let mine =
            |write: &Write| write.who == who && write.what == What::Book(at) && write.read == Read::All;
        self.writes.iter().flatten().any(mine)
    }
}

/// Everything but the names.
type Parts = ([Slot; SLOTS], [Person; PEOPLE], [Option<Task>; WORKERS], [Option<Write>; WRITES], bool, Few);

impl State {
    fn parts(&self) -> Parts {
        let State { slots, people, workers, writes, due, broken, names: _ } = *self;
        (slots, people, workers, writes, due, broken)
    }
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.parts().hash(hasher);
    }
}

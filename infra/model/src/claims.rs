//! What must hold, as statements about single states; what is about a step is remembered in the state.

use crate::few::Few;
use crate::model::Model;
use crate::state::{Line, State};
use core::fmt;
use stateright::Property;

/// A claim, numbered as in `tests/requirements.md` and the decision record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// `taken = freed ∪ cells(open offers, appointments)`, these are disjoint, and nobody holds two.
    OneOwner,
    /// Whoever was told «yours» has it until they give it up.
    KeptPromise,
    /// What was refused for good never happens.
    NoGhosts,
    /// From every state: when faults stop and the clients are silent, the clock alone brings every freed slot to
    /// somebody eligible or, if there is nobody, to the public.
    NothingLost,
    /// At most one open offer a person and a slot; an offer is open ⇔ its cell is held by it ⇔ it stands on the
    /// entry ⇔ it stands on the guard; and its person waits.
    OneHold,
    /// Nobody eligible from a worker's first read to its commit is overtaken: by a later ticket or by the public.
    FairOrder,
    /// An offer is accepted only before its end, and lapses only from then on.
    Deadlines,
    /// No slot is free to the public while somebody eligible waits for it. Not promised by the design: see
    /// [`Model::limits`].
    NotFreeBesideWaiter,
}

impl Claim {
    /// What the design promises.
    pub const ALL: [Claim; 7] = [
        Claim::OneOwner,
        Claim::KeptPromise,
        Claim::NoGhosts,
        Claim::NothingLost,
        Claim::OneHold,
        Claim::FairOrder,
        Claim::Deadlines,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Claim::OneOwner => "C1 one owner a slot",
            Claim::KeptPromise => "C2 no appointment is lost",
            Claim::NoGhosts => "C3 no effect after a refusal",
            Claim::NothingLost => "C5 no freed slot is lost",
            Claim::OneHold => "C6 one hold at a time",
            Claim::FairOrder => "C7 nobody is overtaken",
            Claim::Deadlines => "C8 deadlines of offers",
            Claim::NotFreeBesideWaiter => "C5 never free beside a waiter",
        }
    }

    pub(crate) fn property(self) -> Property<Model> {
        let holds: fn(&Model, &State) -> bool = match self {
            Claim::OneOwner => one_owner,
            Claim::KeptPromise => kept_promise,
            Claim::NoGhosts => |_, state| !state.broken.has(Claim::NoGhosts as u8),
            Claim::NothingLost => |model, state| model.calm(state).is_some(),
            Claim::OneHold => one_hold,
            Claim::FairOrder => |_, state| !state.broken.has(Claim::FairOrder as u8),
            Claim::Deadlines => |_, state| !state.broken.has(Claim::Deadlines as u8),
            Claim::NotFreeBesideWaiter => not_free_beside_waiter,
        };
        Property::always(self.name(), holds)
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

fn one_owner(model: &Model, state: &State) -> bool {
    let slots = || (0..model.scope.slots).map(|at| state.slot(at));
    let each = slots().all(|slot| {
        let owners = slot.appointments.len() + slot.offers.len() + u32::from(slot.freed);
        owners == u32::from(slot.taken)
    });
    let twice = |who: &u8| slots().filter(|slot| slot.appointments.has(*who)).count() > 1;
    each && !(0..model.scope.people).any(|who| twice(&who))
}

fn kept_promise(model: &Model, state: &State) -> bool {
    (0..model.scope.people).all(|who| {
        state.person(who).promised.iter().all(|at| {
            let slot = state.slot(at);
            let stands = slot.appointments.has(who) && slot.taken && !slot.freed;
            stands || !slot.taken && state.is_booking(who, at)
        })
    })
}

fn one_hold(model: &Model, state: &State) -> bool {
    let slots = || 0..model.scope.slots;
    let held = slots()
        .map(|at| state.slot(at))
        .all(|slot| slot.offers.len() <= 1 && (slot.offers.is_empty() || slot.taken && !slot.freed));
    held && (0..model.scope.people).all(|who| {
        let person = state.person(who);
        let open: Few = slots().filter(|at| state.slot(*at).offers.has(who)).collect();
        open.len() <= 1
            && open.first() == person.on_entry
            && open.first() == person.on_guard
            && (open.is_empty() || person.line == Line::Waiting)
    })
}

fn not_free_beside_waiter(model: &Model, state: &State) -> bool {
    (0..model.scope.slots).all(|at| state.slot(at).taken || state.all_eligible(at).is_empty())
}

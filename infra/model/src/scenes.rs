//! What the exploration must have come across, so that «nothing goes wrong» does not mean «nothing happens».

use crate::model::Model;
use crate::state::{Does, Line, State, What};
use stateright::Property;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    EverybodyInLine,
    BothSlotsOffered,
    /// Somebody who holds the late slot is offered the early one («раньше»).
    EarlierOffered,
    /// Two workers are about to offer one slot to different people.
    RivalWorkers,
    /// A booking is under way of a slot that somebody else has taken meanwhile.
    BookedAway,
    /// An accepting is under way while the offer's end has come.
    AcceptedAtTheEnd,
    /// A slot is about to be released while somebody eligible has come since.
    CameAtTheRelease,
    DeclinedEverything,
}

impl Scene {
    pub const ALL: [Scene; 8] = [
        Scene::EverybodyInLine,
        Scene::BothSlotsOffered,
        Scene::EarlierOffered,
        Scene::RivalWorkers,
        Scene::BookedAway,
        Scene::AcceptedAtTheEnd,
        Scene::CameAtTheRelease,
        Scene::DeclinedEverything,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Scene::EverybodyInLine => "everybody is in line",
            Scene::BothSlotsOffered => "both slots are offered",
            Scene::EarlierOffered => "an earlier slot is offered",
            Scene::RivalWorkers => "two workers choose differently",
            Scene::BookedAway => "a slot is booked away",
            Scene::AcceptedAtTheEnd => "accepted at the very end",
            Scene::CameAtTheRelease => "somebody comes at the release",
            Scene::DeclinedEverything => "somebody declined everything",
        }
    }

    pub(crate) fn property(self) -> Property<Model> {
        let shows: fn(&Model, &State) -> bool = match self {
            Scene::EverybodyInLine => {
                |model, state| (0..model.scope.people).all(|who| state.person(who).line != Line::Out)
            }
            Scene::BothSlotsOffered => |_, state| state.slots.iter().all(|slot| !slot.offers.is_empty()),
            Scene::EarlierOffered => {
                |_, state| !state.slots[0].offers.and(state.slots[1].appointments).is_empty()
            }
            Scene::RivalWorkers => rival_workers,
            Scene::BookedAway => booked_away,
            Scene::AcceptedAtTheEnd => accepted_at_the_end,
            Scene::CameAtTheRelease => came_at_the_release,
            Scene::DeclinedEverything => |model, state| {
                state.people.iter().any(|person| person.declined.len() == u32::from(model.scope.slots))
            },
        };
        Property::sometimes(self.name(), shows)
    }
}

fn rival_workers(_: &Model, state: &State) -> bool {
    let [Some(one), Some(other)] = state.workers else { return false };
    let offers = [one, other].iter().all(|task| matches!(task.does, Does::Offer(_)));
    offers && one.at == other.at && one.does != other.does
}

fn booked_away(_: &Model, state: &State) -> bool {
    let away = |what: What| matches!(what, What::Book(at) if state.slot(at).taken);
    state.writes.iter().flatten().any(|write| away(write.what))
}

fn accepted_at_the_end(_: &Model, state: &State) -> bool {
    let ended = |at, who| state.slot(at).expired.has(who);
    let mut writes = state.writes.iter().flatten();
    writes.any(|write| matches!(write.what, What::Accept(at) if ended(at, write.who)))
}

fn came_at_the_release(_: &Model, state: &State) -> bool {
    let mut releases = state.workers.iter().flatten().filter(|task| task.does == Does::Release);
    releases.any(|task| !state.all_eligible(task.at).is_empty())
}

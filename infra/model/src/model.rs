//! The model: a world of some size in which some guards may be switched off.

use crate::actions::Action;
use crate::claims::Claim;
use crate::guards::{Guard, Off};
use crate::scenes::Scene;
use crate::scope::Scope;
use crate::state::State;
use stateright::Property;

#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) scope: Scope,
    off: Off,
    pub(crate) claims: Vec<Claim>,
    pub(crate) scenes: Vec<Scene>,
}

impl Model {
    /// The design as it is.
    pub fn new(scope: Scope) -> Model {
        Model { scope, off: Off::default(), claims: Claim::ALL.to_vec(), scenes: Vec::new() }
    }

    /// The same without a guard.
    pub fn without(mut self, guard: Guard) -> Model {
        self.off.switch(guard);
        self
    }

    /// The design against a claim that it does not promise: what it may do and a reader might not expect.
    pub fn limits(scope: Scope) -> Model {
        Model { claims: vec![Claim::NotFreeBesideWaiter], ..Model::new(scope) }
    }

    pub fn scope(&self) -> Scope {
        self.scope
    }

    pub(crate) fn has(&self, guard: Guard) -> bool {
        !self.off.has(guard)
    }
}

impl stateright::Model for Model {
    type State = State;
    type Action = Action;

    /// Everything is free and nobody waits: all else is reached from here.
    fn init_states(&self) -> Vec<State> {
        vec![State { names: core::array::from_fn(|i| i as u8), ..State::default() }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.possible(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        Some(self.after(state, action))
    }

    fn properties(&self) -> Vec<Property<Model>> {
        let claims = self.claims.iter().map(|claim| claim.property());
        claims.chain(self.scenes.iter().map(|scene| scene.property())).collect()
    }
}

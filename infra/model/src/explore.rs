//! Exploring a model to its end, or to the first state in which a claim does not hold.

use crate::actions::Action;
use crate::claims::Claim;
use crate::model::Model;
use crate::scenes::Scene;
use crate::state::State;
use core::fmt;
use stateright::{Checker, HasDiscoveries, Model as _, Path};

/// How much may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Threads for exploring in full, at least 1; counterexamples are looked for with one, so that they are the
    /// shortest.
    pub threads: usize,
    /// Steps of one exploration at which it is given up; the largest world takes 38,320,574 and 1 GB.
    pub steps_max: usize,
}

/// Two threads, and twice the steps of the largest world.
impl Default for Budget {
    fn default() -> Budget {
        Budget { threads: 2, steps_max: 80_000_000 }
    }
}

/// What came of an exploration.
#[derive(Clone, Debug)]
pub struct Explored {
    /// Unique states, people's names left aside.
    pub states: usize,
    /// Steps taken: states generated, repeated ones included.
    pub steps: usize,
    pub end: End,
}

#[derive(Clone, Debug)]
pub enum End {
    /// Every reachable state was seen, and each claim holds in each.
    Holds,
    Broken(Counterexample),
    /// The budget was spent; nothing is known about the rest.
    GivenUp,
}

impl Explored {
    pub fn holds(&self) -> bool {
        matches!(self.end, End::Holds)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Holds => f.write_str("all holds"),
            End::Broken(found) => write!(f, "breaks {} in {} steps", found.claim, found.steps.len()),
            End::GivenUp => f.write_str("given up: the budget was spent"),
        }
    }
}

/// The shortest way to a state in which a claim does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    pub claim: Claim,
    /// The steps in words.
    pub steps: Vec<String>,
    /// How things stand after the last.
    pub situation: Vec<String>,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "does not hold: {}", self.claim)?;
        for (i, step) in self.steps.iter().enumerate() {
            writeln!(f, "{:4} {step}", i + 1)?;
        }
        for line in &self.situation {
            writeln!(f, "   = {line}")?;
        }
        if self.claim == Claim::NothingLost {
            writeln!(
                f,
                "   = every message is lost, nobody else acts, the clock goes on: this does not change"
            )?;
        }
        Ok(())
    }
}

impl Model {
    /// Explores every reachable state, or stops where a claim does not hold and looks for the shortest way there.
    pub fn explore(self, budget: Budget) -> Explored {
        let first = self.clone().run(budget, budget.threads);
        match first.end {
            End::Broken(Counterexample { claim, .. }) => self.explore_for(claim, budget),
            _ => first,
        }
    }

    /// Looks for the shortest way to break one claim.
    pub fn explore_for(mut self, claim: Claim, budget: Budget) -> Explored {
        self.claims = vec![claim];
        // One thread and one claim: the search then ends with the first state found, and that is the nearest.
        self.run(budget, 1)
    }

    /// Which scenes are never reached: a world in which nothing happens keeps every promise.
    pub fn unreached(mut self, budget: Budget) -> Vec<Scene> {
        (self.claims, self.scenes) = (Vec::new(), Scene::ALL.to_vec());
        let checker = self.checker().threads(1).target_state_count(budget.steps_max).spawn_bfs().join();
        let found = checker.discoveries();
        Scene::ALL.into_iter().filter(|scene| !found.contains_key(scene.name())).collect()
    }

    fn run(self, budget: Budget, threads: usize) -> Explored {
        let checker = self.checker().threads(threads).finish_when(HasDiscoveries::AnyFailures);
        let checker = checker.target_state_count(budget.steps_max).spawn_bfs().join();
        let mut found = checker.discoveries();
        let mut claims = checker.model().claims.iter();
        let broken = claims.find_map(|claim| Some((*claim, found.remove(claim.name())?)));
        let steps = checker.state_count();
        let end = match broken {
            Some((claim, path)) => End::Broken(counterexample(checker.model(), claim, path)),
            None if steps >= budget.steps_max => End::GivenUp,
            None => End::Holds,
        };
        Explored { states: checker.unique_state_count(), steps, end }
    }
}

fn counterexample(model: &Model, claim: Claim, path: Path<State, Action>) -> Counterexample {
    let situation = model.situation(path.last_state());
    let steps = path.into_vec().into_iter();
    let steps = steps.filter_map(|(state, action)| action.map(|action| model.told(&state, &action)));
    Counterexample { claim, steps: steps.collect(), situation }
}

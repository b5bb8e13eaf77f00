//! The whole proof, and its outcome as a table.

use crate::claims::Claim;
use crate::explore::{Budget, Counterexample, End, Explored};
use crate::guards::{Guard, Need};
use crate::model::Model;
use crate::scenes::Scene;
use crate::scope::Scope;
use core::fmt;
use core::time::Duration;

/// What came of switching a guard off.
#[derive(Clone, Debug)]
pub enum Without {
    /// As [`Guard::need`] says: without it, and without those that it stands in for, the claim breaks.
    Needed(Counterexample),
    /// As [`Guard::need`] says: nothing breaks.
    Spare,
    /// Not as it says.
    Otherwise(Explored),
}

/// Shows what a guard is there for.
pub fn without(guard: Guard, budget: Budget) -> Without {
    let model = Model::new(guard.scope()).without(guard);
    let (claim, others): (Claim, &[Guard]) = match guard.need() {
        Need::Alone(claim) => (claim, &[]),
        Need::Together(claim, others) => (claim, others),
        Need::Spare(_) => {
            let alone = model.explore(budget);
            return if alone.holds() { Without::Spare } else { Without::Otherwise(alone) };
        }
    };
    if !others.is_empty() {
        let alone = model.clone().explore(budget);
        if !alone.holds() {
            return Without::Otherwise(alone);
        }
    }
    let model = others.iter().fold(model, |model, other| model.without(*other));
    let explored = model.explore_for(claim, budget);
    match explored.end {
        End::Broken(counterexample) => Without::Needed(counterexample),
        _ => Without::Otherwise(explored),
    }
}

/// What was shown.
#[derive(Clone, Debug)]
pub struct Report {
    pub worlds: Vec<(Scope, Explored)>,
    pub guards: Vec<(Guard, Without)>,
    /// What the largest world never came across.
    pub unreached: Vec<Scene>,
    /// How what this model leaves to others breaks in it.
    pub limit: Explored,
    /// As the caller measured it; none of this reads a clock.
    pub took: Option<Duration>,
}

/// Explores each world of [`Scope::ALL`] in full, and then switches off each guard in turn.
pub fn prove(budget: Budget) -> Report {
    Report {
        worlds: Scope::ALL.map(|scope| (scope, Model::new(scope).explore(budget))).to_vec(),
        guards: Guard::ALL.map(|guard| (guard, without(guard, budget))).to_vec(),
        unreached: Model::new(Scope::WHOLE).unreached(budget),
        limit: Model::limits(Scope::WHOLE).explore(budget),
        took: None,
    }
}

impl Report {
    /// The same with the time that it took.
    pub fn took(self, took: Duration) -> Report {
        Report { took: Some(took), ..self }
    }

    /// Whether everything came out as the design says.
    pub fn holds(&self) -> bool {
        self.worlds.iter().all(|(_, explored)| explored.holds())
            && !self.guards.iter().any(|(_, without)| matches!(without, Without::Otherwise(_)))
            && self.unreached.is_empty()
    }

    /// All counterexamples, step by step.
    pub fn counterexamples(&self) -> impl Iterator<Item = (Guard, &Counterexample)> {
        self.guards.iter().filter_map(|(guard, without)| match without {
            Without::Needed(counterexample) => Some((*guard, counterexample)),
            _ => None,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:52} {:>9} {:>10}", "world", "states", "steps")?;
        for (scope, explored) in &self.worlds {
            let Explored { states, steps, end } = explored;
            writeln!(f, "{:52} {states:9} {steps:10}  {end}", scope.to_string())?;
        }
        writeln!(f, "\nclaims: {}", Claim::ALL.map(Claim::name).join("; "))?;
        writeln!(f, "\n{:22} {:30} {:>5}", "without", "breaks", "steps")?;
        for (guard, without) in &self.guards {
            match (without, guard.need()) {
                (Without::Needed(found), Need::Together(_, others)) => {
                    let others: Vec<&str> = others.iter().map(|other| other.name()).collect();
                    let (claim, steps) = (found.claim, found.steps.len());
                    writeln!(f, "{guard:22} {claim:30} {steps:5}  only without {} too", others.join(", "))?;
                }
                (Without::Needed(found), _) => {
                    writeln!(f, "{guard:22} {:30} {:5}", found.claim, found.steps.len())?;
                }
                (Without::Spare, Need::Spare(why)) => writeln!(f, "{guard:22} nothing: {why}")?,
                (Without::Spare, _) => writeln!(f, "{guard:22} nothing")?,
                (Without::Otherwise(explored), _) => {
                    writeln!(f, "{guard:22} NOT AS EXPECTED: {}", explored.end)?;
                }
            }
        }
        for scene in &self.unreached {
            writeln!(f, "\nnever reached: {}", scene.name())?;
        }
        writeln!(
            f,
            "\nnot of this model, but of the worker that looks after whoever waits: {}: {}",
            Claim::NotFreeBesideWaiter,
            self.limit.end
        )?;
        match self.took {
            Some(took) => writeln!(f, "{:.1} s", took.as_secs_f64()),
            None => Ok(()),
        }
    }
}

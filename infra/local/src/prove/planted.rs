//! Whether the proof would find what could be wrong: each planted mistake, and how many runs it takes to be found.

use super::{Stop, simulate};
use crate::simulation::{Failure, Length, Scene};
use checker::report::Claim;
use planted::{Bug, plant};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// A mistake must be found within so many runs.
pub const SEEDS_MAX: u64 = 2_000;

/// What came of a planted mistake.
#[derive(Debug)]
pub struct Hunt {
    pub bug: Bug,
    /// The first seed that shows it; none when no run did.
    pub found: Option<Found>,
    pub took: Duration,
}

#[derive(Debug)]
pub struct Found {
    pub seed: u64,
    /// The claims that do not hold; none when something was left over instead.
    pub claims: BTreeSet<Claim>,
    /// The first violation, or what was left over.
    pub said: String,
}

/// Makes a mistake in seed after seed, from 1 on, until a run shows it.
///
/// # Errors
/// When this build cannot make mistakes, or a run cannot be made.
pub fn hunt(scene: &Scene, bug: Bug, length: Length) -> Result<Hunt, Failure> {
    plant(Some(bug))?;
    let summary = simulate(scene, 1..1 + SEEDS_MAX, length, Stop::AtFirst);
    plant(None)?;
    let summary = summary?;
    let violated = summary.violations.iter().map(|(seed, _)| *seed);
    let seed = violated.chain(summary.left_over.iter().map(|(seed, _)| *seed)).min();
    let found = seed.map(|seed| {
        let own: Vec<_> = summary.violations.iter().filter(|(of, _)| *of == seed).collect();
        let left = summary.left_over.iter().filter(|(of, _)| *of == seed);
        let left = left.map(|(_, left)| format!("left over: {}", left.join("; ")));
        let said = own.iter().map(|(_, violation)| violation.text.clone()).chain(left);
        Found {
            seed,
            claims: own.iter().map(|(_, violation)| violation.claim).collect(),
            said: said.take(1).collect(),
        }
    });
    Ok(Hunt { bug, found, took: summary.took })
}

impl fmt::Display for Hunt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = self.took.as_secs_f64();
        match &self.found {
            None => write!(f, "{:<17} NOT FOUND in {SEEDS_MAX} seeds, {took:.0} s", self.bug),
            Some(found) => {
                let claims: Vec<&str> = found.claims.iter().map(|claim| claim.name()).collect();
                let claims = claims.join(" ");
                write!(
                    f,
                    "{:<17} seed {:>4} {claims:<10} {took:>4.0} s  {}",
                    self.bug, found.seed, found.said
                )
            }
        }
    }
}

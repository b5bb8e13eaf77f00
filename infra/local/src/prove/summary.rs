//! What many runs came to, as a table.

use crate::simulation::{Coverage, Kind, Run};
use checker::history::{Outcome, What};
use checker::report::Claim;
use checker::{Report, Violation};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// From so many runs on, every edge must have been taken near every kind of fault.
const COVERING: u64 = 300;
/// Violations kept in words.
const KEPT_MAX: usize = 20;

#[derive(Debug, Default)]
pub struct Summary {
    pub runs: u64,
    pub operations: u64,
    pub accepted: u64,
    pub refused: u64,
    /// Operations whose fate their client does not know.
    pub unknown: u64,
    pub commits: u64,
    pub struck: BTreeMap<Kind, u64>,
    pub coverage: Coverage,
    /// What was counted for each claim, and how often it was violated.
    pub evidence: BTreeMap<Claim, (BTreeMap<&'static str, u64>, u64)>,
    pub violations: Vec<(u64, Violation)>,
    /// Seeds at whose end something still waited.
    pub left_over: Vec<(u64, Vec<String>)>,
    pub took: Duration,
}

impl Summary {
    pub fn add(&mut self, run: &Run, report: &Report) {
        self.runs += 1;
        for event in &run.history.events {
            match &event.what {
                What::Call { .. } => self.operations += 1,
                What::Return { outcome: Outcome::Ok { .. }, .. } => self.accepted += 1,
                What::Return { outcome: Outcome::Refused { .. }, .. } => self.refused += 1,
                What::Return { outcome: Outcome::Unknown, .. } => self.unknown += 1,
                What::Commit { .. } => self.commits += 1,
                _ => {}
            }
        }
        for (kind, count) in &run.struck {
            *self.struck.entry(*kind).or_default() += count;
        }
        self.coverage.add(&run.coverage);
        for evidence in &report.evidence {
            let (counts, violations) = self.evidence.entry(evidence.claim).or_default();
            *violations += evidence.violations;
            for (name, count) in &evidence.counts {
                *counts.entry(name).or_default() += count;
            }
        }
        let room = KEPT_MAX.saturating_sub(self.violations.len());
        let found = report.violations.iter().take(room).map(|violation| (run.seed, violation.clone()));
        self.violations.extend(found);
        if !run.left_over.is_empty() && self.left_over.len() < KEPT_MAX {
            self.left_over.push((run.seed, run.left_over.clone()));
        }
    }

    /// What so many runs must have come across and did not; nothing where they are few.
    pub fn unreached(&self) -> Vec<(&'static str, Kind)> {
        if self.runs < COVERING { Vec::new() } else { self.coverage.empty() }
    }

    /// Whether no claim was violated and nothing was left over.
    pub fn holds(&self) -> bool {
        self.runs > 0 && self.is_clean()
    }

    pub(super) fn is_clean(&self) -> bool {
        self.evidence.values().all(|(_, violations)| *violations == 0) && self.left_over.is_empty()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} runs, {} operations ({} accepted, {} refused, {} unknown), {} commits, {:.0} s",
            self.runs,
            self.operations,
            self.accepted,
            self.refused,
            self.unknown,
            self.commits,
            self.took.as_secs_f64()
        )?;
        let struck: Vec<String> =
            self.struck.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
        writeln!(f, "faults: {}", struck.join(", "))?;
        for (claim, (counts, violations)) in &self.evidence {
            let verdict =
                if *violations == 0 { "holds".to_owned() } else { format!("VIOLATED ×{violations}") };
            let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
            writeln!(f, "{:<10}{:<33}{:<14}{}", claim.name(), claim.title(), verdict, counts.join(", "))?;
        }
        for (seed, violation) in &self.violations {
            writeln!(f, "seed {seed}: {violation}")?;
        }
        for (seed, left) in &self.left_over {
            writeln!(f, "seed {seed}: left over: {}", left.join("; "))?;
        }
        Ok(())
    }
}

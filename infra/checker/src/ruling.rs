//! Collects what the claims find, and keeps it within bounds.

use crate::report::{Claim, Evidence, Judged, KEPT_MAX, Report, Violation};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Under way to a [`Report`].
#[derive(Debug, Default)]
pub struct Ruling {
    counts: BTreeMap<Claim, Vec<(&'static str, u64)>>,
    found: BTreeMap<Claim, u64>,
    kept: Vec<Violation>,
}

impl Ruling {
    pub fn violation(&mut self, claim: Claim, step: u64, window: (u64, u64), text: String) {
        let found = self.found.entry(claim).or_default();
        *found += 1;
        if *found <= KEPT_MAX as u64 {
            self.kept.push(Violation { claim, step, text, window });
        }
    }

    /// Adds to what was looked at.
    pub fn count(&mut self, claim: Claim, name: &'static str, n: u64) {
        let counts = self.counts.entry(claim).or_default();
        match counts.iter_mut().find(|(at, _)| *at == name) {
            Some((_, sum)) => *sum += n,
            None => counts.push((name, n)),
        }
    }

    pub fn report(mut self, judged: impl Fn(Claim) -> Judged) -> Report {
        self.kept.sort_by_key(|violation| (violation.step, violation.claim));
        let evidence = Claim::ALL.map(|claim| Evidence {
            claim,
            judged: judged(claim),
            counts: self.counts.remove(&claim).unwrap_or_default(),
            violations: self.found.get(&claim).copied().unwrap_or_default(),
        });
        Report { evidence: evidence.into(), violations: self.kept }
    }
}

/// What is wrong with each of many things, so that a wrong that lasts is told once.
#[derive(Debug)]
pub struct Lasting<K>(HashMap<K, String>);

impl<K> Default for Lasting<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Lasting<K> {
    /// Takes down what is wrong with a thing now; the text is news if it was not wrong in that way before.
    pub fn news(&mut self, key: K, wrong: Option<String>) -> Option<String> {
        match wrong {
            Some(text) => (self.0.insert(key, text.clone()) != Some(text.clone())).then_some(text),
            None => {
                self.0.remove(&key);
                None
            }
        }
    }
}

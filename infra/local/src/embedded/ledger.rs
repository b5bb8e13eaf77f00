//! The ledger: which function did what to the outside, for tests that hold rights to uses.

use crate::clock::lock;
use crate::template::Use;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Packages and what they did.
pub type Uses = BTreeSet<(String, Use)>;

/// Written between [`Ledger::start`] and [`Ledger::take`]; each use once, however often it is made.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Option<Uses>>>);

impl Ledger {
    /// Begins to write, on an empty page.
    pub fn start(&self) {
        *lock(&self.0) = Some(Uses::new());
    }

    /// Ends writing and returns what was written.
    pub fn take(&self) -> Uses {
        lock(&self.0).take().unwrap_or_default()
    }

    pub(super) fn add(&self, package: &str, uses: &[Use]) {
        if let Some(page) = lock(&self.0).as_mut() {
            page.extend(uses.iter().map(|one| (package.to_owned(), one.clone())));
        }
    }
}

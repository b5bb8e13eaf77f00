//! Switches on the way to the event functions: hold, drop, duplicate, reorder; for tests, all off at first.

use crate::clock::lock;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The switches, by the package of the function that is called.
#[derive(Debug, Clone, Default)]
pub struct Deliveries(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    held: BTreeSet<String>,
    drop_next: BTreeMap<String, usize>,
    duplicate_next: BTreeMap<String, usize>,
    doubled: BTreeSet<String>,
    reordered: BTreeSet<String>,
}

impl Deliveries {
    /// Delivers nothing to `package` until [`Deliveries::release`].
    pub fn hold(&self, package: &str) {
        lock(&self.0).held.insert(package.to_owned());
    }

    pub fn release(&self, package: &str) {
        lock(&self.0).held.remove(package);
    }

    /// Loses the next `count` records or messages for good.
    pub fn drop_next(&self, package: &str, count: usize) {
        *lock(&self.0).drop_next.entry(package.to_owned()).or_default() += count;
    }

    /// Delivers the next `count` batches twice, one after the other.
    pub fn duplicate_next(&self, package: &str, count: usize) {
        *lock(&self.0).duplicate_next.entry(package.to_owned()).or_default() += count;
    }

    /// Delivers the next batch of a queue twice at the same time.
    pub fn double_next(&self, package: &str) {
        lock(&self.0).doubled.insert(package.to_owned());
    }

    /// From now on each batch comes backwards; records of one item keep their order, as in a stream they do.
    pub fn reorder(&self, package: &str) {
        lock(&self.0).reordered.insert(package.to_owned());
    }

    /// Ends everything.
    pub fn clear(&self) {
        *lock(&self.0) = Inner::default();
    }

    pub(crate) fn is_held(&self, package: &str) -> bool {
        lock(&self.0).held.contains(package)
    }

    pub(crate) fn is_reordered(&self, package: &str) -> bool {
        lock(&self.0).reordered.contains(package)
    }

    /// How many of `available` are to be lost now.
    pub(crate) fn take_dropped(&self, package: &str, available: usize) -> usize {
        let mut inner = lock(&self.0);
        let Some(left) = inner.drop_next.get_mut(package) else { return 0 };
        let dropped = available.min(*left);
        *left -= dropped;
        dropped
    }

    /// Whether this batch is to be delivered twice at once.
    pub(crate) fn take_doubled(&self, package: &str) -> bool {
        lock(&self.0).doubled.remove(package)
    }

    /// How often this batch is to be delivered.
    pub(crate) fn take_times(&self, package: &str) -> usize {
        match lock(&self.0).duplicate_next.get_mut(package) {
            Some(left) if *left > 0 => {
                *left -= 1;
                2
            }
            _ => 1,
        }
    }
}

//! What was lived, counted by those who lived it, and what the figures say of the same.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A month as it was lived.
#[derive(Debug, Default)]
pub struct Lived {
    /// Starts shown to people who wanted one; each that they tried was free.
    pub shown: u64,
    pub booked: u64,
    /// Wanted, and held already or paused for many cancellations.
    pub own_limits: u64,
    pub moved: u64,
    pub cancelled: u64,
    pub joined: u64,
    pub accepted: u64,
    /// Appointments that the window's closing touched.
    pub touched: u64,
    pub stayed_away: u64,
    pub came: u64,
    pub came_in_vain: u64,
    pub results: BTreeMap<String, u64>,
    figures: Value,
    table: String,
}

impl Lived {
    pub(super) fn told(&mut self, figures: &Value, table: String) {
        self.figures = figures.clone();
        self.table = table;
    }

    fn total(&self, member: &str) -> u64 {
        self.figures["total"][member].as_u64().unwrap_or_default()
    }

    /// Where the figures say something else than was lived.
    pub fn differences(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut must = |what: &str, figures: u64, lived: u64| {
            if figures != lived {
                wrong.push(format!("{what}: the figures say {figures}, lived were {lived}"));
            }
        };
        for (result, lived) in &self.results {
            let told = self.figures["total"]["results"][result].as_u64().unwrap_or_default();
            must(result, told, *lived);
        }
        must("no-shows", self.total("noShows"), self.stayed_away);
        must("cancelled", self.total("cancelled"), self.cancelled);
        let given_up = self.total("cancelled") + self.total("displaced");
        must("visits and what was given up", self.total("visits") + given_up, self.booked + self.accepted);
        let ended: u64 = self.results.values().sum();
        must("visits", self.total("visits"), ended + self.stayed_away + self.total("openVisits"));
        wrong
    }
}

impl fmt::Display for Lived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "lived: {} starts shown, {} booked, {} moved, {} cancelled, {} joined the line, {} accepted an offer, \
             {} touched by a closing, {} came, {} in vain, {} stayed away",
            self.shown,
            self.booked,
            self.moved,
            self.cancelled,
            self.joined,
            self.accepted,
            self.touched,
            self.came,
            self.came_in_vain,
            self.stayed_away
        )?;
        writeln!(f, "\n{}", self.table)?;
        writeln!(f, "{}", serde_json::to_string_pretty(&self.figures["total"]).unwrap_or_default())
    }
}

//! The simulation: the production handlers, use cases and store on one thread, in virtual time, under a seeded
//! scheduler that picks whatever happens next and makes it go wrong.
//!
//! Requests to the outside wait at the gate (`embedded::gate`) until the scheduler lets one of them pass, so each
//! run is one interleaving of clients, deliveries, timers, deaths and late effects; its seed repeats it exactly.

mod asked;
mod calm;
mod coverage;
pub(crate) mod dice;
mod driver;
mod family;
mod lag;
mod leaving;
pub(crate) mod offers;
mod papers;
pub(crate) mod people;
mod recorder;
mod scene;
mod starts;
mod steps;
mod swarm;
mod told;
mod uploads;

pub use coverage::{Coverage, EDGES};
pub use scene::{Person, Scene};
pub use swarm::Kind;

use checker::history::History;
use std::collections::BTreeMap;

/// Why a run could not be made; what a run found wrong is in its history.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How long a run is.
#[derive(Debug, Clone, Copy)]
pub struct Length {
    /// Requests that clients make, 1 to 10,000.
    pub operations: u64,
    /// Virtual minutes without faults at the end, in which everything must come right.
    pub calm_min: u32,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub seed: u64,
    pub history: History,
    /// The hash of everything that happened: the same for the same seed.
    pub trace: String,
    pub struck: BTreeMap<Kind, u64>,
    pub coverage: Coverage,
    /// What was still waiting when the calm was over, in words; nothing should be.
    pub left_over: Vec<String>,
}

/// Makes one run, on a runtime of its own: one thread, paused time.
///
/// # Errors
/// When the system does not open or the embedded outside itself fails.
pub fn run(scene: &Scene, seed: u64, length: Length) -> Result<Run, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(driver::Driver::run(scene, seed, length))
}

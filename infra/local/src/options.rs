//! How a system is opened: where its state lives, by which clock, on which template and catalogue.

use crate::clock::TimeMode;
use crate::embedded::gate::Gate;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// How a system is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data directory; created when absent.
    pub data: PathBuf,
    pub template: PathBuf,
    /// The directory of regions, offices and services.
    pub catalogue: PathBuf,
    pub time: TimeMode,
    /// Makes chance repeatable; for tests.
    pub seed: Option<[u8; 32]>,
    /// Settings that win over the template's, for every function.
    pub settings: BTreeMap<String, String>,
    /// Where requests to the outside wait for their fate; for a simulation, which then must let them pass.
    pub gate: Option<Arc<Gate>>,
    /// A file to which everything that is written and sent is recorded.
    pub record: Option<PathBuf>,
}

impl Options {
    /// A real clock, real chance, and the template's settings.
    pub fn new(
        data: impl Into<PathBuf>,
        template: impl Into<PathBuf>,
        catalogue: impl Into<PathBuf>,
    ) -> Self {
        Self {
            data: data.into(),
            template: template.into(),
            catalogue: catalogue.into(),
            time: TimeMode::Real { offset: TimeDelta::zero() },
            seed: None,
            settings: BTreeMap::new(),
            gate: None,
            record: None,
        }
    }
}

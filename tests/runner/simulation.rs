//! The simulation as a part of the suite: a few runs, and that a seed is the same run each time.

use local::prove::{self, Stop};
use local::simulation::{self, Length, Scene};
use std::path::Path;

const SHORT: Length = Length { operations: 120, calm_min: 30 };

/// Runs have runtimes of their own, so this one is over when they begin.
fn scene() -> Scene {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Scene::set(template)).unwrap()
}

#[test]
fn a_seed_is_the_same_run_each_time() {
    let scene = scene();
    let trace = |seed| simulation::run(&scene, seed, SHORT).unwrap().trace;
    assert_eq!(trace(3), trace(3));
    assert_ne!(trace(3), trace(4));
}

#[test]
fn whatever_goes_wrong_every_claim_holds() {
    let summary = prove::simulate(&scene(), 1..7, SHORT, Stop::Never).unwrap();
    assert!(summary.holds(), "{summary}");
    assert!(summary.struck.len() > 10 && summary.commits > 200, "too little happened: {summary}");
}

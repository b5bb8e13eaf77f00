//! The commands that convince: simulate, prove, planted, and what they start.

use ::planted::Bug;
use clap::Args;
use local::prove::processes::Plan;
use local::prove::{self, Stop, planted};
use local::simulation::{self, Length, Scene};
use local::system::Options;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Replay this one seed and tell what happened.
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds to run, from `--from` on.
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Stop after so many minutes, whatever is left.
    #[arg(long)]
    minutes: Option<u64>,
    /// Requests of clients in each run.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    operations: u64,
    /// With a mistake on purpose, by name, to see what it came to; needs a build with `--features planted/armed`.
    #[arg(long)]
    planted: Option<String>,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
pub struct ProveArgs {
    /// How many runs are simulated, from seed 1 on.
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    operations: u64,
    /// How often the runner of the processes is killed; 0 leaves the processes out.
    #[arg(long, default_value_t = 4)]
    kills: u32,
    /// A directory with the functions' binaries; without it they are built.
    #[arg(long)]
    functions: Option<PathBuf>,
    /// Where to keep the history of the processes, for a reader or another judge.
    #[arg(long)]
    history: Option<PathBuf>,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
pub struct FireArgs {
    #[arg(long)]
    data: PathBuf,
    #[arg(long)]
    template: PathBuf,
    #[arg(long)]
    catalogue: PathBuf,
    #[arg(long)]
    record: PathBuf,
    #[arg(long)]
    functions: PathBuf,
    /// Without it nothing goes wrong.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct PlantedArgs {
    /// Only these, by name.
    #[arg(long = "only")]
    only: Vec<String>,
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    operations: u64,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

/// Virtual minutes without faults at the end of a run: three times what a freed slot may wait.
const CALM_MIN: u32 = 30;

pub async fn simulate(asked: SimulateArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
    if let Some(name) = &asked.planted {
        ::planted::plant(Some(mistake(name)?))?;
    }
    let scene = Scene::set(asked.template).await.map_err(said)?;
    let length = Length { operations: asked.operations, calm_min: CALM_MIN };
    // Runs have runtimes of their own and may not begin inside this one.
    let outcome = tokio::task::spawn_blocking(move || match asked.seed {
        Some(seed) => {
            let (run, report) = prove::judge(&scene, seed, length)?;
            if let Some(first) = report.violations.first() {
                for event in &run.history.events {
                    if (first.window.0..=first.window.1).contains(&event.step) {
                        println!("{}", prove::told(event));
                    }
                }
            }
            println!("{report}seed {seed}: trace {}", run.trace);
            for left in &run.left_over {
                println!("left over: {left}");
            }
            Ok(report.is_clean() && run.left_over.is_empty())
        }
        None => {
            let after = |minutes| Stop::After(std::time::Duration::from_secs(60 * minutes));
            let stop = asked.minutes.map_or(Stop::Never, after);
            let summary = prove::simulate(&scene, asked.from..asked.from + asked.seeds, length, stop)?;
            println!("{summary}\n{}", summary.coverage);
            Ok(summary.holds())
        }
    });
    match outcome.await?.map_err(said)? {
        true => Ok(()),
        false => Err("a claim does not hold".into()),
    }
}

pub async fn show(asked: ProveArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
    println!("The rules by themselves, every order of events:\n");
    let began = std::time::Instant::now();
    let rules = tokio::task::spawn_blocking(|| model::prove(model::Budget::default())).await?;
    let rules = rules.took(began.elapsed());
    println!("{rules}\nThe code, under faults:\n");
    let scene = Scene::set(asked.template.clone()).await.map_err(said)?;
    let length = Length { operations: asked.operations, calm_min: CALM_MIN };
    let runs =
        tokio::task::spawn_blocking(move || prove::simulate(&scene, 1..1 + asked.seeds, length, Stop::Never));
    let summary = runs.await?.map_err(said)?;
    println!("{summary}\n{}", summary.coverage);
    let unreached = summary.unreached();
    for (edge, kind) in &unreached {
        println!("never reached: {edge} near {}", kind.name());
    }
    let mut processes_hold = true;
    if asked.kills > 0 {
        println!("The functions as processes, killed while people use them:\n");
        let binaries = prove::processes::Binaries::find(asked.functions)?;
        let plan = Plan { lives: asked.kills, ..Plan::default() };
        let outcomes = prove::processes::run(asked.template, &binaries, plan).await.map_err(said)?;
        println!("{outcomes}");
        if let Some(path) = asked.history {
            std::fs::write(&path, outcomes.written())?;
        }
        processes_hold = outcomes.holds();
    }
    match (rules.holds(), summary.holds() && processes_hold, unreached.is_empty()) {
        (true, true, true) => Ok(()),
        (false, ..) => Err("the rules do not come out as they are said to".into()),
        (_, false, _) => Err("a claim does not hold".into()),
        (.., false) => Err("the runs do not reach what they are to reach".into()),
    }
}

pub async fn under_fire(asked: FireArgs) -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut options = Options::new(asked.data, asked.template, asked.catalogue);
    options.record = Some(asked.record);
    local::processes::fire::serve(options, &asked.functions, listener, asked.seed).await
}

/// The mistake of a name.
fn mistake(name: &str) -> Result<Bug, String> {
    Bug::ALL.into_iter().find(|bug| bug.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Bug::ALL.iter().map(|bug| bug.name()).collect();
        format!("no mistake is called {name}; there are {}", names.join(", "))
    })
}

pub async fn hunt(asked: PlantedArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
    let chosen = asked.only.iter().map(|name| mistake(name)).collect::<Result<Vec<Bug>, String>>()?;
    let chosen = if chosen.is_empty() { Bug::ALL.to_vec() } else { chosen };
    let scene = Scene::set(asked.template).await.map_err(said)?;
    let length = Length { operations: asked.operations, calm_min: CALM_MIN };
    let missed = tokio::task::spawn_blocking(move || {
        let mut missed = Vec::new();
        for bug in chosen {
            let hunt = planted::hunt(&scene, bug, length)?;
            println!("{hunt}");
            missed.extend(hunt.found.is_none().then(|| bug.name()));
        }
        Ok(missed)
    });
    let missed = missed.await?.map_err(said)?;
    if missed.is_empty() { Ok(()) } else { Err(format!("not found: {}", missed.join(", ")).into()) }
}

//! `okno`: the whole system on this machine, with one command.

use clap::{Args, Parser, Subcommand};
use local::prove::{self, Stop, planted};
use local::race::{self, Race};
use local::simulation::{self, Length, Scene};
use local::story;
use local::system::{Options, System};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The embedded table makes and drops many small values for each request; in a rush the system's allocator took about a
/// sixth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Okno on this machine: API, table, queues, mail, SMS and clock in one process.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (what happens without a command).
    Serve(Serve),
    /// The rush: many people want few slots at once, over real HTTP on a fresh store; fails unless all is sound.
    Race(RaceArgs),
    /// The main job, played by several citizens on a fresh store: what each sees and is sent, and what each step asks
    /// of the table. Fails if anything differs from what it must be.
    Story(StoryArgs),
    /// Runs of the whole system under faults, in virtual time, each judged by the claims; fails on any violation.
    Simulate(SimulateArgs),
    /// What is to convince a sceptic: the rules explored in full, then many simulated runs; fails on any violation.
    Prove(ProveArgs),
    /// Whether the runs would find what could be wrong: twenty mistakes, each made on purpose until a run shows it.
    /// Needs a build with `--features planted/armed`; fails if a mistake is not found.
    Planted(PlantedArgs),
    /// Print the description of the API, made from the code (what functions/catalogue/openapi.json holds).
    Openapi(Serve),
}

#[derive(Debug, Args)]
struct RaceArgs {
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=1000))]
    people: u16,
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=120))]
    slots: u16,
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=25))]
    rounds: u16,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
struct StoryArgs {
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    /// Offices and services, and the story's people beside them.
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
}

#[derive(Debug, Args)]
struct SimulateArgs {
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
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
struct ProveArgs {
    /// How many runs are simulated, from seed 1 on.
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    operations: u64,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
struct PlantedArgs {
    /// Only these, by name.
    #[arg(long = "only")]
    only: Vec<String>,
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    operations: u64,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
}

#[derive(Debug, Args)]
struct Serve {
    /// Port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Address to listen on. Anyone who reaches it reads every mail: keep to loopback unless you mean it.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Where the state lives between starts.
    #[arg(long, default_value = ".okno")]
    data: PathBuf,
    /// The deployment template that says what there is.
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    /// Regions, offices, services and holidays.
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // Where things are made to go wrong, warnings are no news.
    let usual = if matches!(cli.command, Some(Command::Simulate(_) | Command::Prove(_) | Command::Planted(_)))
    {
        "off"
    } else {
        "warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = match cli.command {
        Some(Command::Serve(options)) => serve(options).await,
        Some(Command::Openapi(options)) => describe(options).await,
        Some(Command::Simulate(asked)) => simulate(asked).await,
        Some(Command::Prove(asked)) => show(asked).await,
        Some(Command::Planted(asked)) => hunt(asked).await,
        Some(Command::Race(asked)) => run_race(asked).await,
        Some(Command::Story(asked)) => tell_story(asked).await,
        None => serve(cli.serve).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("okno: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn serve(asked: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let asked_address = SocketAddr::new(asked.bind, asked.port);
    let listener = TcpListener::bind(asked_address).await;
    let listener = listener
        .map_err(|error| format!("cannot listen on {asked_address} ({error}); try another --port"))?;
    let address = listener.local_addr()?;
    let system = System::open(Options::new(asked.data, asked.template, asked.catalogue)).await?;
    println!("Okno is open on http://{address}");
    for (path, what) in [
        ("outbox", "every mail and SMS it «sent»"),
        ("clock", "read the time; POST {\"advance\": \"PT25H\"} moves it"),
        ("health", "queues, dead letters, stream"),
    ] {
        println!("  http://{address}/_local/{path:<7} {what}");
    }
    let stop = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    system.serve_on(listener, stop).await?;
    Ok(())
}

async fn run_race(asked: RaceArgs) -> Result<(), Box<dyn std::error::Error>> {
    let (people, slots, rounds) = (asked.people.into(), asked.slots.into(), asked.rounds.into());
    let race = Race { people, slots, rounds };
    let outcome = race::run(race, asked.template).await.map_err(|error| error.to_string())?;
    println!("{outcome}");
    if outcome.is_sound(race) { Ok(()) } else { Err("the race was not sound".into()) }
}

async fn tell_story(asked: StoryArgs) -> Result<(), Box<dyn std::error::Error>> {
    let told = story::tell(asked.template, asked.catalogue, &mut std::io::stdout()).await?;
    println!();
    if !told.over.is_empty() {
        println!("Over their bars: {}.", told.over.join(", "));
    }
    if told.differences.is_empty() {
        println!("Nothing differs from what it must be.");
        return Ok(());
    }
    println!("What differs from what it must be:");
    for difference in &told.differences {
        println!("  - {difference}");
    }
    Err(format!("{} things differ", told.differences.len()).into())
}

/// Virtual minutes without faults at the end of a run: three times what a freed slot may wait.
const CALM_MIN: u32 = 30;

async fn simulate(asked: SimulateArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
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

async fn show(asked: ProveArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
    println!("The rules by themselves, every order of events:\n");
    let began = std::time::Instant::now();
    let rules = tokio::task::spawn_blocking(|| model::prove(model::Budget::default())).await?;
    let rules = rules.took(began.elapsed());
    println!("{rules}\nThe code, under faults:\n");
    let scene = Scene::set(asked.template).await.map_err(said)?;
    let length = Length { operations: asked.operations, calm_min: CALM_MIN };
    let runs =
        tokio::task::spawn_blocking(move || prove::simulate(&scene, 1..1 + asked.seeds, length, Stop::Never));
    let summary = runs.await?.map_err(said)?;
    println!("{summary}\n{}", summary.coverage);
    let unreached = summary.unreached();
    for (edge, kind) in &unreached {
        println!("never reached: {edge} near {}", kind.name());
    }
    match (rules.holds(), summary.holds(), unreached.is_empty()) {
        (true, true, true) => Ok(()),
        (false, ..) => Err("the rules do not come out as they are said to".into()),
        (_, false, _) => Err("a claim does not hold".into()),
        (.., false) => Err("the runs do not reach what they are to reach".into()),
    }
}

async fn hunt(asked: PlantedArgs) -> Result<(), Box<dyn std::error::Error>> {
    let said = |error: simulation::Failure| error.to_string();
    let all = ::planted::Bug::ALL;
    if let Some(unknown) = asked.only.iter().find(|name| !all.iter().any(|bug| bug.name() == **name)) {
        let names: Vec<&str> = all.iter().map(|bug| bug.name()).collect();
        return Err(format!("no mistake is called {unknown}; there are {}", names.join(", ")).into());
    }
    let scene = Scene::set(asked.template).await.map_err(said)?;
    let length = Length { operations: asked.operations, calm_min: CALM_MIN };
    let missed = tokio::task::spawn_blocking(move || {
        let chosen = |name: &str| asked.only.is_empty() || asked.only.iter().any(|only| only == name);
        let mut missed = Vec::new();
        for bug in all.into_iter().filter(|bug| chosen(bug.name())) {
            let hunt = planted::hunt(&scene, bug, length)?;
            println!("{hunt}");
            missed.extend(hunt.found.is_none().then(|| bug.name()));
        }
        Ok(missed)
    });
    let missed = missed.await?.map_err(said)?;
    if missed.is_empty() { Ok(()) } else { Err(format!("not found: {}", missed.join(", ")).into()) }
}

async fn describe(asked: Serve) -> Result<(), Box<dyn std::error::Error>> {
    // On a directory of its own: describing must not meet a system that runs.
    let data = tempfile::tempdir()?;
    let options = Options::new(data.path().to_owned(), asked.template, asked.catalogue);
    let text = System::describe(options).await?;
    print!("{text}");
    Ok(())
}

/// An error and everything behind it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

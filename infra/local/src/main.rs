//! `okno`: the whole system on this machine, with one command.

mod auditing;
mod proving;
mod staffing;

use clap::{Args, Parser, Subcommand};
use local::month::{self, Month};
use local::race::{self, Race};
use local::story;
use local::system::{Options, System};
use local::timing;
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
    /// A month of one office, lived by citizens and by those who work there, on a fresh store in virtual time; prints the
    /// figures that a manager reads, and fails if they say anything else than was lived.
    Month(MonthArgs),
    /// Runs of the whole system under faults, in virtual time, each judged by the claims; fails on any violation.
    Simulate(proving::SimulateArgs),
    /// What is to convince a sceptic: the rules explored in full, many simulated runs, then the functions as processes that
    /// are killed while people use them; fails on any violation.
    Prove(proving::ProveArgs),
    /// The system as processes in which things go wrong, until it is killed: what `prove` starts.
    #[command(hide = true)]
    UnderFire(proving::FireArgs),
    /// Whether the runs would find what could be wrong: mistakes, each made on purpose until a run shows it.
    /// Needs a build with `--features planted/armed`; fails if a mistake is not found.
    Planted(proving::PlantedArgs),
    /// Whether the time of an answer tells who has a cabinet: known and unknown people sign in, register and recover in turn on a
    /// fresh store. Fails if a guess by time alone is right more often than 0.55.
    Timing(TimingArgs),
    /// Those who work here.
    #[command(subcommand)]
    Staff(staffing::Staff),
    /// The chains of what those who work here did and read.
    #[command(subcommand)]
    Audit(auditing::Audit),
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
struct MonthArgs {
    #[arg(long, default_value = "msk-taganka")]
    office: String,
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    people: u32,
    #[arg(long, default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=28))]
    days: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
}

#[derive(Debug, Args)]
struct TimingArgs {
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
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
    let usual = if matches!(
        cli.command,
        Some(Command::Simulate(_) | Command::Prove(_) | Command::Planted(_) | Command::UnderFire(_))
    ) {
        "off"
    } else {
        "warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = match cli.command {
        Some(Command::Serve(options)) => serve(options).await,
        Some(Command::Openapi(options)) => describe(options).await,
        Some(Command::Simulate(asked)) => proving::simulate(asked).await,
        Some(Command::Prove(asked)) => proving::show(asked).await,
        Some(Command::Planted(asked)) => proving::hunt(asked).await,
        Some(Command::UnderFire(asked)) => proving::under_fire(asked).await,
        Some(Command::Staff(asked)) => staffing::run(asked).await,
        Some(Command::Audit(asked)) => auditing::run(asked).await,
        Some(Command::Race(asked)) => run_race(asked).await,
        Some(Command::Story(asked)) => tell_story(asked).await,
        Some(Command::Month(asked)) => live_a_month(asked).await,
        Some(Command::Timing(asked)) => time_answers(asked).await,
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
    let mut options = Options::new(asked.data, asked.template, asked.catalogue);
    // Where browsers upload to and fetch from.
    options.settings.insert("AWS_ENDPOINT_URL_S3".to_owned(), format!("http://{address}"));
    // A browser takes localhost for a site that it can trust, and no number.
    options.settings.insert("PASSKEY_ORIGIN".to_owned(), format!("http://localhost:{}", address.port()));
    let system = System::open(options).await?;
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

async fn live_a_month(asked: MonthArgs) -> Result<(), Box<dyn std::error::Error>> {
    let MonthArgs { office, people, days, seed, template, catalogue } = asked;
    let lived = month::live(&Month { office, people, days, seed, template, catalogue }).await;
    let lived = lived.map_err(|error| error.to_string())?;
    println!("{lived}");
    match lived.differences() {
        wrong if wrong.is_empty() => Ok(()),
        wrong => Err(wrong.join("; ").into()),
    }
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

async fn time_answers(asked: TimingArgs) -> Result<(), Box<dyn std::error::Error>> {
    let outcome =
        timing::measure(asked.template, asked.catalogue).await.map_err(|error| error.to_string())?;
    println!("{outcome}");
    match outcome.telling() {
        telling if telling.is_empty() => Ok(()),
        telling => Err(format!("the time tells: {}", telling.join(", ")).into()),
    }
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

//! Commands about the chains of what staff did and read (PRV-4).

use clap::{Args, Subcommand};
use local::audit::{self, Checkpoint};
use local::system::{Options, System};
use std::path::PathBuf;
use store::items::audit::Chain;

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk the chains and the rows that they tell of; fails at the first that was tampered with, and says where and how.
    Verify(Verify),
    /// Print where each chain stands, if all are whole: kept elsewhere and given back with `verify --since`, it shows also
    /// what was cut off or written anew as a whole.
    Checkpoint(Where),
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Only this office's chain; `*` is that of what belongs to no single office.
    #[arg(long)]
    office: Option<String>,
    /// What `checkpoint` printed before.
    #[arg(long)]
    since: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
pub struct Where {
    /// Where the state lives. The system must not be running on it.
    #[arg(long, default_value = ".okno")]
    data: PathBuf,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
}

impl Where {
    async fn open(self) -> Result<System, Box<dyn std::error::Error>> {
        if !self.data.join("table.sqlite").exists() {
            return Err(format!("there is no system in {}", self.data.display()).into());
        }
        Ok(System::open(Options::new(self.data, self.template, self.catalogue)).await?)
    }
}

pub async fn run(asked: Audit) -> Result<(), Box<dyn std::error::Error>> {
    match asked {
        Audit::Verify(asked) => verify(asked).await,
        Audit::Checkpoint(place) => {
            let report = audit::verify(&place.open().await?, None, &Checkpoint::new()).await?;
            if let Some(broken) = report.verdicts.iter().find(|verdict| verdict.found.is_some()) {
                return Err(broken.to_string().into());
            }
            print!("{}", report.checkpoint());
            Ok(())
        }
    }
}

async fn verify(asked: Verify) -> Result<(), Box<dyn std::error::Error>> {
    let only = asked.office.as_deref().map(str::parse::<Chain>).transpose();
    let only = only.map_err(|_| "no office can be called so")?;
    let since = match &asked.since {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            audit::read_checkpoint(&text.map_err(|error| format!("{}: {error}", path.display()))?)?
        }
        None => Checkpoint::new(),
    };
    let report = audit::verify(&asked.place.open().await?, only.as_ref(), &since).await?;
    for verdict in &report.verdicts {
        println!("{verdict}");
    }
    if report.verdicts.is_empty() {
        println!("nobody did or read anything yet");
    }
    if report.pending > 0 {
        println!(
            "{} more deeds wait for their entries: the system was stopped before it wrote them",
            report.pending
        );
    }
    match report.verdicts.iter().filter(|verdict| verdict.found.is_some()).count() {
        0 => Ok(()),
        broken => Err(format!("{broken} of {} chains are broken", report.verdicts.len()).into()),
    }
}

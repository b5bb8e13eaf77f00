//! Commands about those who work here: the first administrator, whom nobody else can invite (OFC-11).

use app::Refusal;
use app::staff::invite::Form;
use clap::{Args, Subcommand};
use local::people;
use local::system::{Options, System};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Invite the first administrator: prints a link, good for a week and for one person. Works until somebody has
    /// accepted; everybody else is invited by those who work here already.
    CreateAdmin(CreateAdmin),
}

#[derive(Debug, Args)]
pub struct CreateAdmin {
    #[arg(long)]
    surname: String,
    #[arg(long)]
    given_name: String,
    #[arg(long)]
    patronymic: Option<String>,
    #[arg(long)]
    email: String,
    /// In which they are written to.
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    /// Though there is an administrator: when nobody who can do everything can get in any more.
    #[arg(long)]
    even_so: bool,
    /// Where the state lives. The system must not be running on it.
    #[arg(long, default_value = ".okno")]
    data: PathBuf,
    #[arg(long, default_value = "infra/template.yaml")]
    template: PathBuf,
    #[arg(long, default_value = "infra/data")]
    catalogue: PathBuf,
}

pub async fn run(asked: Staff) -> Result<(), Box<dyn std::error::Error>> {
    let Staff::CreateAdmin(asked) = asked;
    let system = System::open(Options::new(asked.data, asked.template, asked.catalogue)).await?;
    let form = Form {
        surname: Some(asked.surname),
        given_name: Some(asked.given_name),
        patronymic: asked.patronymic,
        email: Some(asked.email),
    };
    let link = people::first_administrator(&system, &form, &asked.language, asked.even_so)
        .await
        .map_err(|refusal| told(&refusal))?;
    println!("Open this link to choose a password and set up the one-time codes; it is good for a week:");
    println!("{link}");
    Ok(())
}

/// A refusal for whoever sits at the terminal.
fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::AlreadyStaff => {
            "there is an administrator already, who invites the others; if they cannot get in any more: --even-so"
                .to_owned()
        }
        Refusal::Fields(wrong) => {
            let wrong: Vec<String> =
                wrong.iter().map(|one| format!("{} ({})", one.field, one.code)).collect();
            format!("wrong: {}", wrong.join(", "))
        }
        other => other.to_string(),
    }
}

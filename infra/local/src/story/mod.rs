//! The main job as a story: five citizens on a fresh store, the real catalogue, and a clock that is moved by hand.
//!
//! It goes over the system's HTTP surface, tells what each person sees and is sent, counts what each operation asks
//! of the table, and notes everything that differs from what it must be.

mod backstage;
mod booking;
mod cast;
mod earlier;
mod finding;
mod ledger;
mod looking_back;
mod night;
mod page;
mod papers;
mod plan;
mod post;
mod registering;
mod show;
mod stage;
mod visit;
mod waiting;

use crate::clock::TimeMode;
use crate::people::NoCitizen;
use crate::system::{OpenError, Options, System};
use cast::{Cast, CastError};
use page::Page;
use stage::Stage;
use std::io::{self, Write};
use std::path::PathBuf;

/// Makes chance the same each time, so that two tellings can be compared.
const SEED: [u8; 32] = *b"the same story is told each time";

/// What came of telling it.
#[derive(Debug)]
pub struct Told {
    /// Everything that was not as it must be.
    pub differences: Vec<String>,
    /// Operations that asked the table for more than their bar.
    pub over: Vec<String>,
}

/// Why the story broke off.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Cast(#[from] CastError),
    #[error(transparent)]
    NoCitizen(#[from] NoCitizen),
    #[error("the outbox cannot be read")]
    Outbox(#[from] rusqlite::Error),
    #[error("the story has no directory or cannot be written")]
    Files(#[from] io::Error),
    /// Something differs so much that what follows would make no sense.
    #[error("the story cannot go on: {0}")]
    Halted(String),
}

/// Tells the story into `out`, on a store of its own that is gone afterwards.
///
/// # Errors
/// When it cannot be told to its end. What merely differs is in [`Told`].
pub async fn tell(
    template: PathBuf,
    catalogue: PathBuf,
    out: &mut (dyn Write + Send),
) -> Result<Told, StoryError> {
    let data = tempfile::tempdir()?;
    let cast = Cast::read(&catalogue)?;
    let mut options = Options::new(data.path(), template, catalogue);
    options.time = TimeMode::Frozen { at: plan::begins() };
    options.seed = Some(SEED);
    let mut stage = Stage::new(System::open(options).await?, cast, Page::new(out));

    registering::play(&mut stage).await?;
    finding::play(&mut stage).await?;
    papers::play(&mut stage).await?;
    let appointment = booking::play(&mut stage).await?;
    waiting::play(&mut stage, &appointment).await?;
    night::play(&mut stage).await?;
    earlier::play(&mut stage).await?;
    visit::play(&mut stage).await?;
    looking_back::play(&mut stage, &appointment).await?;

    let Stage { mut page, ledger, .. } = stage;
    page.costs(&ledger.to_string());
    let over = ledger.over().map(|operation| operation.to_string()).collect();
    Ok(Told { differences: page.close()?, over })
}

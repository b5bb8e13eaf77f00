//! A window that is no more: nobody can be offered anything there.

use super::due::due_after;
use super::serve::Served;
use crate::{App, Refusal};
use domain::page::PageKey;
use store::{Commit, Committed, keys};

/// Runs of freed cells given up in one go; the rest is due again.
const RUNS_MAX: usize = 8;

/// Its freed cells are nobody's, and nothing is due there.
///
/// # Errors
/// As [`super::serve::serve_page`].
pub(super) async fn abandon(app: &App, key: &PageKey) -> Result<Served, Refusal> {
    let mut served = Served::default();
    for _ in 0..RUNS_MAX {
        let page = app.store.read(&[keys::page(key)]).await?.page(key)?;
        let Some(run) = page.freed.runs().first().copied() else { break };
        let marks = page.without_freed(run);
        let mut commit = Commit::new();
        let due = due_after(&page, &marks, app.clock.now());
        app.store.release(&mut commit, key, run, &marks, false, due)?;
        match app.store.commit(commit).await {
            Committed::Done => served.released += 1,
            Committed::Unknown(error) => return Err(Refusal::Unavailable(error)),
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
        }
    }
    Ok(served)
}

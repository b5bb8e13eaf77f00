//! Every minute: commits what is due.

use lambda::{Edge, Error};
use serde_json::Value;

/// One tick. The event says nothing that matters: a tick doubled, late or missed changes nothing but the hour.
///
/// # Errors
/// When the table cannot be read; the next tick finds everything again.
pub async fn handle(edge: &Edge, _event: Value) -> Result<(), Error> {
    let ticked = app::tick::tick(edge.app()).await?;
    tracing::info!(
        pages = ticked.pages,
        offers = ticked.offers,
        notes = ticked.notes,
        folders = ticked.folders,
        inquiries = ticked.inquiries,
        cabinets = ticked.cabinets,
        reminders = ticked.reminders,
        no_shows = ticked.no_shows,
        opened = ticked.opened,
        failed = ticked.failed,
        "ticked"
    );
    Ok(())
}

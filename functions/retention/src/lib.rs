//! Takes away what is kept no longer: what has had its term, and cabinets whose owners want that (PRV-3). The only one that may
//! take whole cabinets away, and the only one besides the scanner that deletes files.

use app::documents::FileRef;
use app::retention::{self, Last, Page, Step};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::CitizenId;
use lambda::{Edge, Error, batch};
use messages::Keeping;

/// Handles a batch of hints about cabinets.
///
/// # Errors
/// Never: what failed is named in the answer and comes back.
pub async fn handle(edge: &Edge, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(batch::each(event, |body| keep(edge, body)).await)
}

async fn keep(edge: &Edge, body: String) -> Result<(), Error> {
    let Keeping::Cabinet { citizen } = messages::read(&body)?;
    let citizen: CitizenId = citizen.parse().map_err(|_| "not a citizen's id")?;
    let vault = edge.vault().await?;
    match retention::look(edge.app(), &vault, citizen).await? {
        Step::Done => Ok(()),
        Step::Page(page) => turn(edge, *page).await,
        Step::Last(last) => finish(edge, *last).await,
    }
}

/// First the bytes, then the word that they were there: what is killed between is done once more.
async fn turn(edge: &Edge, page: Page) -> Result<(), Error> {
    let citizen = page.citizen();
    for old in &page.folders {
        for file in &old.files {
            let of = FileRef { citizen, service: old.service.clone(), file: *file };
            edge.outbound().drop_documents(&of.prefix()).await?;
        }
        tracing::info!(files = old.files.len(), "files have had their term");
    }
    Ok(retention::turn(edge.app(), page).await?)
}

/// No folder tells of any file now, so nothing that comes later is kept.
async fn finish(edge: &Edge, last: Last) -> Result<(), Error> {
    let everything = format!("{}/", last.citizen());
    edge.outbound().drop_uploads(&everything).await?;
    edge.outbound().drop_documents(&everything).await?;
    Ok(retention::finish(edge.app(), last).await?)
}

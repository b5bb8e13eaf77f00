//! Freed cells and those who wait: each message says where to look, the table says what to do.

use app::offices::sweep;
use app::references::roll;
use app::waitlist::serve::{Hint, serve_office, serve_page};
use app::waitlist::wants::{serve_person, serve_released};
use app::{App, Refusal};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use chrono::NaiveDate;
use domain::cells::CellRange;
use domain::page::PageKey;
use lambda::{Edge, Error, batch};
use messages::Work;

/// Handles a batch of hints.
///
/// # Errors
/// Never: what failed is named in the answer and comes back.
pub async fn handle(edge: &Edge, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(batch::each(event, |body| work(edge, body)).await)
}

async fn work(edge: &Edge, body: String) -> Result<(), Error> {
    let app = edge.app();
    match messages::read(&body)? {
        Work::Freed { office, window, on, service, from } => {
            let page = page(&office, &window, on)?;
            let service = service.and_then(|service| service.parse().ok());
            let hint = service.zip(from).map(|(service, from)| Hint { service, from });
            let served = match serve_page(app, &page, hint.as_ref()).await {
                // The office or window is no longer in the catalogue: nothing can be offered there.
                Err(Refusal::NotFound | Refusal::UnknownOffice) => return Ok(()),
                served => served?,
            };
            tracing::info!(
                offered = served.offered,
                released = served.released,
                put_off = served.put_off,
                "page served"
            );
        }
        Work::Released { office, window, on, from, to } => {
            let cells = CellRange::new(from, to).ok_or("no such cells")?;
            look(app, &page(&office, &window, on)?, Some(cells)).await?;
        }
        Work::Free { office, window, on } => look(app, &page(&office, &window, on)?, None).await?,
        Work::Sweep { office, change } => {
            let office = office.parse().map_err(|_| "no such office")?;
            let vault = edge.vault().await?;
            let swept = sweep::step(app, &vault, &office, change).await?;
            tracing::info!(moved = swept.moved, given_up = swept.given_up, done = swept.done, "swept a date");
        }
        Work::Roll { change } => {
            let vault = edge.vault().await?;
            let done = roll::step(app, &vault, change).await?;
            tracing::info!(done, "took a change to the offices");
        }
        Work::Waits { citizen } => {
            let citizen = citizen.parse().map_err(|_| "no such citizen")?;
            let offered = serve_person(app, citizen).await?;
            tracing::info!(offered, "looked after somebody who waits");
        }
        Work::Joined { offices } => {
            for office in offices.iter().filter_map(|office| office.parse().ok()) {
                match serve_office(app, &office).await {
                    Ok(_) | Err(Refusal::NotFound | Refusal::UnknownOffice) => {}
                    Err(refusal) => return Err(refusal.into()),
                }
            }
        }
    }
    Ok(())
}

/// Looks who wants what is free.
async fn look(app: &App, page: &PageKey, released: Option<CellRange>) -> Result<(), Error> {
    match serve_released(app, page, released).await {
        // The office or window is no longer in the catalogue: nothing can be offered there.
        Err(Refusal::NotFound | Refusal::UnknownOffice) => {}
        offered => tracing::info!(offered = offered?, "looked at what is free to the public"),
    }
    Ok(())
}

fn page(office: &str, window: &str, on: NaiveDate) -> Result<PageKey, Error> {
    let bad = |what: &str| format!("no such {what}");
    Ok(PageKey {
        office: office.parse().map_err(|_| bad("office"))?,
        window: window.parse().map_err(|_| bad("window"))?,
        on,
    })
}

//! One page of a person's rows: what goes is taken away, what the law keeps loses its words.

use super::{Last, Old, Page, Step};
use crate::representatives::end;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::active::Active;
use domain::document::File;
use domain::limits::{FILES_KEPT, LIST_MAX};
use store::items::folder;
use store::items::keeping::Standing;
use store::items::representation;
use store::keeping::{Cabinet, Fate, beside, brought_at, fate};
use store::{Item, Key, StoreError, keys};

/// Goes through the page at which the look is.
pub(super) async fn page(app: &App, standing: Standing, cabinet: Cabinet) -> Result<Step, Refusal> {
    let now = app.clock.now();
    let page = app.store.citizen_rows(standing.citizen, standing.behind.as_deref()).await?;
    let (mut gone, mut folders, mut left) = (Vec::new(), Vec::new(), standing.behind.is_some());
    for row in &page.items {
        if cabinet == Cabinet::Closed {
            acted(app, &standing, row).await?;
        }
        match fate(row, cabinet, now)? {
            Fate::Stays => left |= Key::of(row).is_some_and(|key| key.sk != keys::ME),
            // Of a closed cabinet nothing is written any more that would have to stay.
            Fate::Goes if cabinet == Cabinet::Closed => {
                gone.extend(Key::of(row).into_iter().chain(beside(row)?))
            }
            Fate::Goes => drop(app.store.take_away_as_read(row, &beside(row)?).await?),
            Fate::Less(less) => {
                left = true;
                insist(app.store.lessen(row, less).await?, cabinet)?;
            }
            Fate::Rows(rows) => {
                left = true;
                insist(app.store.leave_rows(row, rows).await?, cabinet)?;
            }
            Fate::With(appointment) => {
                if !app.store.outlives(standing.citizen, appointment, now).await? {
                    app.store.take_away_as_read(row, &beside(row)?).await?;
                }
            }
            Fate::Files => folders.extend(old(app, &standing, row, now).await?),
        }
    }
    app.store.take_away(&gone).await?;
    let next = page.next.map(|key| key.sk);
    Ok(match (cabinet, &next) {
        (Cabinet::Closed, None) => Step::Last(Box::new(Last { standing, left })),
        _ => Step::Page(Box::new(Page { standing, folders, next })),
    })
}

/// Whoever is gone acts for nobody: what stands with others of that goes before what leads to it.
async fn acted(app: &App, standing: &Standing, row: &Item) -> Result<(), Refusal> {
    if Key::of(row).is_some_and(|key| key.sk.starts_with(keys::ACTING)) {
        let (_, beneficiary) = representation::pointer_from_item(row)?;
        end::sweep(app, beneficiary, standing.citizen).await?;
    }
    Ok(())
}

/// In a living cabinet whoever was faster is right, and the next look finds it; in a closed one the step is done once more.
fn insist(done: bool, cabinet: Cabinet) -> Result<(), Refusal> {
    if done || cabinet == Cabinet::Living { Ok(()) } else { Err(Refusal::Busy) }
}

/// The files of a folder that were brought long ago, and since then for no visit.
async fn old(
    app: &App,
    standing: &Standing,
    row: &Item,
    now: DateTime<Utc>,
) -> Result<Option<Old>, StoreError> {
    let Some((citizen, service)) = Key::of(row).and_then(|key| keys::read_folder(&key)) else {
        return Ok(None);
    };
    let folder = folder::from_item(Some(row))?;
    let (batch, visits) = futures::join!(
        async { app.store.read(&[keys::active(citizen)]).await },
        app.store.appointments(standing.citizen, None, LIST_MAX as i32)
    );
    let active: Active = batch?.active(citizen)?;
    if active.ticket(&service).is_some() || active.held(&service, now).is_some() {
        return Ok(None);
    }
    let last = visits?.items.into_iter().filter(|visit| visit.service == service);
    let last = last.map(|visit| visit.seat.ends_at).max();
    let over = |file: &&File| {
        let brought = brought_at(file);
        brought.is_some_and(|at| last.map_or(at, |last| at.max(last)) + FILES_KEPT <= now)
    };
    let files: Vec<_> = folder.files.iter().filter(over).map(|file| file.id).collect();
    Ok((!files.is_empty()).then_some(Old { service, folder, files }))
}

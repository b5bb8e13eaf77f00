//! Changing one of the files: told what it changes and whom it touches, then done on condition that nobody was faster and
//! that the change before has arrived everywhere.

use super::{allowed, look};
use crate::offices::change::{Asked, Outcome, PATIENCE};
use crate::offices::touched::{Touches, less, touches};
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::catalogue::{Catalogue, Reference};
use domain::schedule::Plan;
use std::path::Path;
use store::catalogue::file::{OFFICE_FILE_MAX, differences};
use store::catalogue::reference;
use store::items::office::seal_why;
use store::items::reference::{ReferenceChange, Rollout};
use store::{Commit, Committed, Guard, Vault, keys};

/// Windows' days that are looked at before an answer: where more of them receive less, it tells of these.
const PAGES_MAX: usize = 2_000;

/// Puts a file in place of the one that stands.
///
/// # Errors
/// [`Refusal::OfficeFile`] with everything that is wrong with it; [`Refusal::ReferencesChanged`] when one of the files is
/// not the one that was seen; [`Refusal::ReferencesUnderWay`] while the change before has not arrived everywhere;
/// [`Refusal::Touches`] when it touches appointments and that was not confirmed.
pub async fn replace(
    app: &App,
    vault: &Vault,
    dir: &Path,
    bearer: &StaffBearer,
    reference: Reference,
    text: &str,
    asked: &Asked,
) -> Result<Outcome, Refusal> {
    let (member, standing) = futures::join!(signed_in(app, bearer), look::of(app, dir, reference));
    let member = member?;
    allowed(app, &member)?;
    let standing = standing?;
    // With every office as it stands: whom a change touches hangs on their hours.
    let app = &app.everywhere().await.referring(standing.number).await?;
    // Asked once more after an answer that was lost: it stands already.
    let stands = text == standing.text;
    if asked.version.is_some_and(|seen| seen != standing.number) && !stands {
        return Err(Refusal::ReferencesChanged { version: standing.number });
    }
    if text.len() > OFFICE_FILE_MAX {
        return Err(Refusal::OfficeFileTooLarge { max: OFFICE_FILE_MAX });
    }
    let after = reference::changed(text, &app.catalogue, reference).map_err(Refusal::OfficeFile)?;
    let moment = app.clock.moment();
    let touches = touched(app, &after, moment.now).await?;
    let outcome = |version| Outcome {
        version,
        differences: differences(&standing.text, text),
        touches,
        text: text.to_owned(),
    };
    if asked.dry_run || stands {
        return Ok(outcome(standing.number));
    }
    if touches.appointments > 0 && asked.confirmed != Some(touches.appointments) {
        return Err(Refusal::Touches(touches));
    }
    let number = standing.number + 1;
    let made = ReferenceChange {
        number,
        reference,
        by: member.id,
        at: moment.now,
        reason: seal_why(vault, &keys::references_pk(), number, &asked.reason, moment.nonce(0))?,
        before: standing.text.clone(),
        after: text.to_owned(),
        rollout: Rollout::begin(moment.now + PATIENCE),
    };
    let mut commit = Commit::new();
    app.store.change_reference(&mut commit, &made)?;
    app.store.still(&mut commit, &member);
    match app.store.commit(commit).await {
        Committed::Done => Ok(outcome(number)),
        Committed::Refused(guards) if guards.contains(&Guard::Office) => {
            Err(Refusal::ReferencesChanged { version: number })
        }
        Committed::Refused(guards) if guards.contains(&Guard::Row) => Err(Refusal::ReferencesUnderWay),
        Committed::Unknown(error) => Err(Refusal::Unavailable(error)),
        _ => Err(Refusal::Busy),
    }
}

/// Whom another working calendar touches, in all offices.
async fn touched(app: &App, after: &Catalogue, now: DateTime<Utc>) -> Result<Touches, Refusal> {
    let (was, is) = (&app.catalogue.calendar, &after.calendar);
    let mut all = Touches::default();
    if was == is {
        return Ok(all);
    }
    let mut looked_at = 0;
    for office in app.catalogue.offices.values() {
        let after = Plan { calendar: is, office };
        let mut pages = less((Plan { calendar: was, office }, after), now);
        pages.truncate(PAGES_MAX - looked_at);
        looked_at += pages.len();
        let some = touches(app, after, &pages, now).await?;
        all.appointments += some.appointments;
        all.arrived += some.arrived;
        all.to_call += some.to_call;
    }
    Ok(all)
}

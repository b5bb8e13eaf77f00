//! Changing an office's file: told what it changes and whom it touches, then done on condition that nobody was faster.

use super::look::Standing;
use super::touched::{Touches, last_on, less, touches};
use super::{allowed, look, sweep};
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use domain::catalogue::Office;
use domain::limits::RECONCILE_AFTER;
use domain::schedule::Plan;
use domain::staff::Right;
use domain::sweep::Sweep;
use domain::{Moment, OfficeId, StaffId};
use std::path::Path;
use store::catalogue::file::{self, Difference, OFFICE_FILE_MAX};
use store::items::office::{self, Changed, OfficeChange, OfficeFile};
use store::{Commit, Committed, Guard, StoreError, Vault, keys};

/// Pages barred before the answer is given; the rest of a greater change follows within moments.
const BARRED_AT_ONCE: usize = 60;

/// What is asked for.
pub struct Asked {
    /// The version of the file that was seen; none for whichever stands.
    pub version: Option<u64>,
    /// Told to those whose appointments it touches.
    pub reason: String,
    /// How many appointments whoever asks knows it to touch; none to be told.
    pub confirmed: Option<u32>,
    /// Only told what it would come to.
    pub dry_run: bool,
}

/// What a change comes to, or came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The file's version: the one before when nothing was changed.
    pub version: u64,
    pub differences: Vec<Difference>,
    pub touches: Touches,
    pub text: String,
}

/// How the new file is made of the one that stands.
pub(super) type Make<'a> = dyn Fn(&Standing, &Office) -> Result<String, Refusal> + Send + Sync + 'a;

/// Puts a file in place of the one that stands.
///
/// # Errors
/// [`Refusal::OfficeFile`] with everything that is wrong with it; [`Refusal::OfficeChanged`] when the file is not the one
/// that was seen; [`Refusal::Touches`] when it touches appointments and that was not confirmed.
pub async fn replace(
    app: &App,
    vault: &Vault,
    dir: &Path,
    bearer: &StaffBearer,
    id: &OfficeId,
    text: &str,
    asked: &Asked,
) -> Result<Outcome, Refusal> {
    change(app, vault, dir, bearer, id, asked, &|_, _| Ok(text.to_owned())).await
}

#[allow(clippy::too_many_arguments, reason = "by whom, where, what, and with what it is kept")]
pub(super) async fn change(
    app: &App,
    vault: &Vault,
    dir: &Path,
    bearer: &StaffBearer,
    id: &OfficeId,
    asked: &Asked,
    make: &Make<'_>,
) -> Result<Outcome, Refusal> {
    app.office(id)?;
    let (member, kept) = futures::join!(signed_in(app, bearer), app.store.office_file(id));
    let member = member?;
    allowed(app, &member, Right::ManageOffice, id)?;
    let standing = look::of(dir, id, kept?)?;
    // A file that can no longer be read, for a service is gone, can still be replaced.
    let app = &match app.at(id, standing.number).await {
        Err(Refusal::Unavailable(StoreError::Corrupt { .. })) => app.clone(),
        known => known?,
    };
    let moment = app.clock.moment();
    let before = app.office(id)?;
    let text = make(&standing, before)?;
    // Asked once more after an answer that was lost: it stands already.
    let stands = text == standing.text;
    if asked.version.is_some_and(|seen| seen != standing.number) && !stands {
        return Err(Refusal::OfficeChanged { version: standing.number });
    }
    if text.len() > OFFICE_FILE_MAX {
        return Err(Refusal::OfficeFileTooLarge { max: OFFICE_FILE_MAX });
    }
    let after = file::office(&text, &app.catalogue, id, standing.number + 1).map_err(Refusal::OfficeFile)?;
    let differences = file::differences(&standing.text, &text);
    let calendar = &app.catalogue.calendar;
    let plans = (Plan { calendar, office: before }, Plan { calendar, office: &after });
    let pages = less(plans, moment.now);
    let touches = touches(app, plans.1, &pages, moment.now).await?;
    if asked.dry_run || stands {
        return Ok(Outcome { version: standing.number, differences, touches, text });
    }
    if touches.appointments > 0 && asked.confirmed != Some(touches.appointments) {
        return Err(Refusal::Touches(touches));
    }
    let made = new_change(vault, &standing, &text, &after, member.id, &asked.reason, &moment)?;
    let mut commit = Commit::new();
    let file = OfficeFile { number: made.number, text: Some(text.clone()), references: standing.references };
    app.store.change_office(&mut commit, id, &file, &made)?;
    app.store.still(&mut commit, &member);
    match app.store.commit(commit).await {
        Committed::Done => {}
        Committed::Refused(guards) if guards.contains(&Guard::Office) => {
            return Err(Refusal::OfficeChanged { version: standing.number + 1 });
        }
        Committed::Unknown(error) => return Err(Refusal::Unavailable(error)),
        _ => return Err(Refusal::Busy),
    }
    if pages.len() <= BARRED_AT_ONCE {
        // What is not barred now is barred by the sweep.
        if let Err(error) = sweep::bar(app, &pages, made.number).await {
            tracing::warn!(%error, "not every page was barred at once");
        }
    }
    Ok(Outcome { version: made.number, differences, touches, text })
}

#[allow(clippy::too_many_arguments, reason = "what was, what is, by whom, why and when")]
fn new_change(
    vault: &Vault,
    standing: &Standing,
    text: &str,
    after: &Office,
    by: StaffId,
    reason: &str,
    moment: &Moment,
) -> Result<OfficeChange, Refusal> {
    let number = standing.number + 1;
    Ok(OfficeChange {
        number,
        by,
        at: moment.now,
        reason: office::seal_why(vault, &keys::office_pk(&after.id), number, reason, moment.nonce(0))?,
        what: Changed::File { before: standing.text.clone(), after: text.to_owned() },
        sweep: new_sweep(after, moment.now),
    })
}

/// A sweep through all the days on which anything of the office may be booked.
pub(crate) fn new_sweep(office: &Office, now: DateTime<Utc>) -> Sweep {
    let from = now.with_timezone(&office.zone).date_naive();
    Sweep::begin(from, last_on(office, now), now + PATIENCE)
}

/// How long the clock waits for the word about a step before it finds the sweep itself.
pub(crate) const PATIENCE: TimeDelta = RECONCILE_AFTER;

//! What one was told, and by whom one's data were read (NTF-1, PRV-2).

use crate::{App, Bearer, Refusal, floods};
use domain::floods::LINKS_DAY;
use domain::limits::{CODE_RESEND_AFTER, LIST_MAX};
use store::access::Listed;
use store::items::access::Reading;
use store::items::note::{Note, NoteState, NoticeId};

/// The longest cursor that a list gives, in bytes.
const CURSOR_MAX: usize = 200;

/// Asks for the link to the address once more. For an address that is confirmed there is nothing to send.
///
/// # Errors
/// [`Refusal::ResendTooEarly`] within a minute of the last one; [`Refusal::TooManyTries`] beyond ten a day.
pub async fn ask_email_link(app: &App, bearer: &Bearer) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let batch = app.store.read(&bearer.keys()).await?;
    let citizen = bearer.check(&batch, moment.now)?;
    if citizen.email_confirmed_at.is_some() {
        return Ok(());
    }
    let early = Refusal::ResendTooEarly { seconds: CODE_RESEND_AFTER.num_seconds() };
    if moment.now - citizen.created_at < CODE_RESEND_AFTER {
        return Err(early);
    }
    floods::within(app, LINKS_DAY, citizen.id.0, moment.now).await?;
    let asked = app.store.ask_email_link(citizen.id, moment.now, moment.now - CODE_RESEND_AFTER).await?;
    if asked { Ok(()) } else { Err(early) }
}

/// What one was told, newest first. Notices that are only planned, or were no longer so, are not shown.
///
/// # Errors
/// [`Refusal::CursorInvalid`], [`Refusal::Unauthorized`].
pub async fn inbox(
    app: &App,
    bearer: &Bearer,
    after: Option<&str>,
    limit: i32,
) -> Result<Listed<Note>, Refusal> {
    if after.is_some_and(|after| NoticeId::parse(after).is_none()) {
        return Err(Refusal::CursorInvalid);
    }
    let keys = bearer.keys();
    let limit = limit.clamp(1, LIST_MAX as i32);
    let (batch, listed) =
        futures::join!(app.store.read(&keys), app.store.inbox(bearer.citizen, after, limit));
    bearer.check(&batch?, app.clock.now())?;
    let mut listed = listed?;
    listed.items.retain(|note| {
        note.about.is_some() && !matches!(note.state, NoteState::Planned | NoteState::Dropped)
    });
    Ok(listed)
}

/// Who of those who work here read one's data, the latest first (PRV-2).
///
/// # Errors
/// [`Refusal::CursorInvalid`], [`Refusal::Unauthorized`].
pub async fn readings(
    app: &App,
    bearer: &Bearer,
    after: Option<&str>,
    limit: i32,
) -> Result<Listed<Reading>, Refusal> {
    let shaped = |after: &str| after.len() <= CURSOR_MAX && after.bytes().all(|byte| byte.is_ascii_graphic());
    if !after.is_none_or(shaped) {
        return Err(Refusal::CursorInvalid);
    }
    let keys = bearer.keys();
    let limit = limit.clamp(1, LIST_MAX as i32);
    let (batch, listed) =
        futures::join!(app.store.read(&keys), app.store.readings(bearer.citizen, after, limit));
    bearer.check(&batch?, app.clock.now())?;
    Ok(listed?)
}

//! What a member writes down about a call, for whoever speaks with the citizen next; the citizen reads it too (OFC-3).

use super::{acting, reading};
use crate::staff::StaffBearer;
use crate::{App, Bearer, Caller, Refusal};
use domain::moment::Draw;
use domain::{CallNoteId, CitizenId, OfficeId};
use store::access::Listed;
use store::items::call_note::{self, CallNote};
use store::{Commit, Committed, StoreError, Vault};

/// A note in clear.
pub type Read = (CallNote, String);

/// Writes a note about a citizen whom the member has identified.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotIdentified`]; [`Refusal::Busy`].
pub async fn write(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
    text: &str,
) -> Result<Read, Refusal> {
    let moment = app.clock.moment();
    let caller = Caller::Staff(bearer.clone(), citizen);
    let batch = app.store.read(&caller.with([])).await?;
    let member = acting(app, bearer, &batch, office, moment.now)?;
    caller.check(&batch, moment.now)?;
    let id = CallNoteId(moment.ulid(Draw::CallNote));
    let sealed = call_note::seal(vault, citizen, id, text, moment.nonce(0))?;
    let (office, at) = (office.clone(), moment.now);
    let note = CallNote { id, citizen, member: member.id, office, at, text: sealed };
    let mut commit = Commit::new();
    app.store.put_call_note(&mut commit, &note)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok((note, text.to_owned())),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// What was written down about an identified citizen's calls, the latest first. It is written down that it was read.
///
/// # Errors
/// As [`write`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
    (after, limit): (Option<&str>, i32),
) -> Result<Listed<Read>, Refusal> {
    let now = app.clock.now();
    cursor(after)?;
    let caller = Caller::Staff(bearer.clone(), citizen);
    let batch = app.store.read(&caller.with([])).await?;
    let member = acting(app, bearer, &batch, office, now)?;
    caller.check(&batch, now)?;
    app.store.put_reading(&reading(&member, citizen, office, "call-notes", now)).await?;
    opened(vault, app.store.call_notes(citizen, after, limit).await?)
}

/// What was written down about one's own calls, the latest first.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::CursorInvalid`].
pub async fn own(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    (after, limit): (Option<&str>, i32),
) -> Result<Listed<Read>, Refusal> {
    cursor(after)?;
    let batch = app.store.read(&bearer.keys()).await?;
    bearer.check(&batch, app.clock.now())?;
    opened(vault, app.store.call_notes(bearer.citizen, after, limit).await?)
}

fn cursor(after: Option<&str>) -> Result<(), Refusal> {
    match after.is_some_and(|after| after.parse::<CallNoteId>().is_err()) {
        true => Err(Refusal::CursorInvalid),
        false => Ok(()),
    }
}

fn opened(vault: &Vault, found: Listed<CallNote>) -> Result<Listed<Read>, Refusal> {
    let open = |note: CallNote| {
        let text = call_note::open(vault, &note)?;
        Ok::<_, StoreError>((note, text))
    };
    let items = found.items.into_iter().map(open).collect::<Result<_, _>>()?;
    Ok(Listed { items, next: found.next })
}

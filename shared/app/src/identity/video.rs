//! Showing who one is to an operator by video: what the citizen asks (ACC-9).

use super::{Known, oneself};
use crate::account::happened;
use crate::refusal::WrongField;
use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Utc};
use domain::check::{CHECK_AHEAD, CHECK_LEAD, Check, CheckState, NotThen, wishable};
use domain::moment::Draw;
use domain::{CheckId, Moment, OfficeId};
use store::items::check as item;
use store::{Commit, Committed, Vault, keys};

/// A check as its citizen sees it.
#[derive(Debug, Clone)]
pub struct Own {
    pub check: Check,
    /// Where the operator waits, once one has taken it.
    pub room: Option<String>,
    /// Why it came to what it came to.
    pub reason: Option<String>,
}

fn own(vault: &Vault, check: Check) -> Result<Own, Refusal> {
    let open = |attribute, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| item::open(vault, &check, attribute, sealed)).transpose()
    };
    let room = open("rm", &check.room)?.filter(|_| check.state == CheckState::Taken);
    let reason = open("rs", &check.reason)?;
    Ok(Own { room, reason, check })
}

/// Oneself and one's last check.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn look(app: &App, vault: &Vault, bearer: &Bearer) -> Result<(Known, Option<Own>), Refusal> {
    let (known, batch) = oneself(app, vault, bearer, &[keys::check(bearer.citizen)]).await?;
    let check = batch.check(bearer.citizen)?.map(|check| own(vault, check)).transpose()?;
    Ok((known, check))
}

/// Asks for a check at an office at a time.
///
/// # Errors
/// [`Refusal::Fields`] for a time at which nobody is there; [`Refusal::CheckOpen`] while another is open;
/// [`Refusal::NothingToConfirm`]; [`Refusal::Inactive`]; [`Refusal::Busy`].
pub async fn ask(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    office: &OfficeId,
    wished_at: DateTime<Utc>,
) -> Result<Own, Refusal> {
    let moment = app.clock.moment();
    let (known, batch) = oneself(app, vault, bearer, &[keys::check(bearer.citizen)]).await?;
    known.able()?;
    let office = app.office(office)?;
    let wrong = |code| WrongField::new("wishedAt", code);
    wishable(&app.catalogue.calendar, office, wished_at, moment.now).map_err(|fault| {
        Refusal::Fields(vec![match fault {
            NotThen::TooSoon => wrong("check-too-soon").with("min", CHECK_LEAD.num_minutes()),
            NotThen::TooFar => wrong("check-too-far").with("max", CHECK_AHEAD.num_days()),
            NotThen::Shut => wrong("check-shut"),
        }])
    })?;
    let before = batch.check(bearer.citizen)?;
    if before.as_ref().is_some_and(|before| before.state.is_open()) {
        return Err(Refusal::CheckOpen);
    }
    let check = Check {
        id: CheckId(moment.ulid(Draw::Check)),
        citizen: bearer.citizen,
        office: office.id.clone(),
        wished_at,
        asked_at: moment.now,
        state: CheckState::Waiting,
        member: None,
        room: None,
        reason: None,
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    let mut commit = Commit::new();
    app.store.put_check(&mut commit, before.as_ref(), &check)?;
    write(app, commit).await?;
    own(vault, check)
}

/// Withdraws the open check; whoever has none has nothing to withdraw.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Busy`].
pub async fn withdraw(app: &App, bearer: &Bearer) -> Result<(), Refusal> {
    let batch = app.store.read(&[&bearer.keys()[..], &[keys::check(bearer.citizen)]].concat()).await?;
    bearer.check(&batch, app.clock.now())?;
    let before = batch.check(bearer.citizen)?.filter(|check| check.state.is_open());
    let before = before.ok_or(Refusal::NotFound)?;
    let after = Check { state: CheckState::Withdrawn, version: before.version + 1, ..before.clone() };
    let mut commit = Commit::new();
    app.store.put_check(&mut commit, Some(&before), &after)?;
    write(app, commit).await
}

pub(super) async fn write(app: &App, commit: Commit) -> Result<(), Refusal> {
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Tells the citizen, with the write.
pub(super) fn tell(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    known: &Known,
    event: domain::account::AccountEvent,
    moment: &Moment,
) -> Result<(), Refusal> {
    let event = happened(vault, &known.citizen, event, None, None, moment)?;
    Ok(app.store.put_happened(commit, &event)?)
}

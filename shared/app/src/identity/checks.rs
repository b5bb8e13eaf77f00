//! The queue of video checks: taken by one operator, who sees the person and decides (ACC-9, OFC-6).

use super::video::{tell, write};
use super::{Known, confirm};
use crate::acting::reading;
use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::staff::queue::{self, QueueName, Queued};
use crate::{App, Refusal};
use domain::account::AccountEvent;
use domain::catalogue::Office;
use domain::check::{Check, CheckState, is_room};
use domain::identity::Means;
use domain::queue::{Queue, Wait};
use domain::staff::{Member, Place, Right};
use domain::{CheckId, Moment, OfficeId};
use store::access::Listed;
use store::access::batch::Batch;
use store::items::check as item;
use store::{Commit, Vault, keys};

/// Nonces of what is sealed of a check; of an event others are taken in the same moment.
const ROOM_NONCE: u32 = 60;
const REASON_NONCE: u32 = 61;

/// A check as those who work here name it.
pub type CheckName = QueueName<CheckId>;

pub fn name(check: &Check) -> CheckName {
    CheckName { citizen: check.citizen, id: check.id }
}

/// A check with the person, for the operator who has taken it.
pub struct Opened {
    pub check: Check,
    pub known: Known,
    pub room: Option<String>,
    /// Whom the operator sees: a decision is about nobody else.
    pub seen: u64,
}

fn may(app: &App, member: &Member, right: Right, office: &OfficeId) -> bool {
    member.may(right, &Place::Office(office.clone()), &app.catalogue)
}

/// A check as its queue shows it: until the time for which it was asked it is to be taken, by one for good.
pub fn queued(check: &Check) -> Queued {
    Queued {
        name: name(check).to_string(),
        wait: Wait { since: check.asked_at, deadline: check.wished_at },
        office: check.office.clone(),
        state: check.state.name(),
        by: check.member,
    }
}

/// The open checks of an office, those wished for first in front.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::UnknownOffice`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    which: (Option<&str>, i32),
) -> Result<Listed<Queued>, Refusal> {
    let of = |office: &Office| Queue::Checks(office.id.clone());
    let found = queue::page(app, bearer, office, of, which).await?;
    let wanted: Vec<_> = found.items.iter().map(|row| keys::check(row.citizen)).collect();
    let batch = app.store.read(&wanted).await?;
    let mut items = Vec::new();
    for row in &found.items {
        // The row is a hint: the check itself says whether it is open here.
        let open = |check: &Check| check.id.0 == row.id && check.office == *office && check.state.is_open();
        items.extend(batch.check(row.citizen)?.filter(open).as_ref().map(queued));
    }
    Ok(Listed { items, next: found.next })
}

/// Who asks, and the check with its person, where the member has the right.
async fn look_up(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
) -> Result<(Member, Check, Known), Refusal> {
    let citizen = name.citizen;
    let own = [keys::me(citizen), keys::profile(citizen), keys::check(citizen)];
    let batch: Batch = app.store.read(&[&bearer.keys()[..], &own].concat()).await?;
    let member = bearer.check(&batch, app.clock.now())?;
    let check = batch.check(citizen)?.filter(|check| check.id == name.id).ok_or(Refusal::NotFound)?;
    if !may(app, &member, Right::ActFor, &check.office) {
        return Err(Refusal::NotFound);
    }
    let known = Known::of(&batch, vault, citizen)?.ok_or(Refusal::NotFound)?;
    Ok((member, check, known))
}

/// Takes a check, for oneself alone; the citizen is told, and where the operator waits. Taken by oneself already, it gives
/// another room. That the person's data were read is written down with them first.
///
/// # Errors
/// [`Refusal::CheckTaken`] by another; [`Refusal::CheckOver`]; [`Refusal::NotFound`]; [`Refusal::Fields`] where neither the
/// member nor the office says a room; [`Refusal::Busy`].
pub async fn take(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
    room: Option<String>,
) -> Result<Opened, Refusal> {
    let moment = app.clock.moment();
    let (member, before, known) = look_up(app, vault, bearer, name).await?;
    free_for(&before, &member)?;
    let of_office = app.catalogue.offices.get(&before.office).and_then(|office| office.video_room.clone());
    let room = room.or(of_office).ok_or_else(|| wrong_room("required"))?;
    if !is_room(&room) {
        return Err(wrong_room("not-a-room"));
    }
    read(app, &member, &before, &moment).await?;
    let mut after = Check {
        state: CheckState::Taken,
        member: Some(member.id),
        version: before.version + 1,
        ..before.clone()
    };
    after.room = Some(item::seal(vault, &after, "rm", &room, moment.nonce(ROOM_NONCE))?);
    let mut commit = Commit::new();
    app.store.put_check(&mut commit, Some(&before), &after)?;
    tell(app, vault, &mut commit, &known, AccountEvent::VideoCheckReady, &moment)?;
    write(app, commit).await?;
    Ok(Opened { seen: known.seen(vault), check: after, known, room: Some(room) })
}

fn wrong_room(code: &'static str) -> Refusal {
    Refusal::Fields(vec![WrongField::new("room", code)])
}

fn free_for(check: &Check, member: &Member) -> Result<(), Refusal> {
    match check.state {
        CheckState::Waiting => Ok(()),
        CheckState::Taken if check.member == Some(member.id) => Ok(()),
        CheckState::Taken => Err(Refusal::CheckTaken),
        CheckState::Confirmed | CheckState::Refused | CheckState::Withdrawn => Err(Refusal::CheckOver),
    }
}

async fn read(app: &App, member: &Member, check: &Check, moment: &Moment) -> Result<(), Refusal> {
    let reading = reading(member, check.citizen, &check.office, "video-check", moment.now);
    Ok(app.store.put_reading(&reading).await?)
}

/// A check that the member has taken, only theirs.
async fn taken(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
) -> Result<(Member, Check, Known), Refusal> {
    let (member, check, known) = look_up(app, vault, bearer, name).await?;
    free_for(&check, &member)?;
    if check.state == CheckState::Waiting {
        return Err(Refusal::CheckNotTaken);
    }
    Ok((member, check, known))
}

/// The check and the person once more, for whoever has taken it. It is written down with the citizen.
///
/// # Errors
/// As [`take`]; [`Refusal::CheckNotTaken`].
pub async fn open(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
) -> Result<Opened, Refusal> {
    let (member, check, known) = taken(app, vault, bearer, name).await?;
    read(app, &member, &check, &app.clock.moment()).await?;
    let room = check.room.as_deref().map(|sealed| item::open(vault, &check, "rm", sealed)).transpose()?;
    Ok(Opened { seen: known.seen(vault), check, known, room })
}

/// Gives a check back to the queue: its operator, or whoever answers for the office.
///
/// # Errors
/// As [`open`]; [`Refusal::Busy`].
pub async fn give_back(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
) -> Result<(), Refusal> {
    let (member, before, _) = look_up(app, vault, bearer, name).await?;
    match free_for(&before, &member) {
        Err(Refusal::CheckTaken) if may(app, &member, Right::ManageOffice, &before.office) => {}
        other => other?,
    }
    if before.state == CheckState::Waiting {
        return Ok(());
    }
    let after = Check {
        state: CheckState::Waiting,
        member: None,
        room: None,
        version: before.version + 1,
        ..before.clone()
    };
    let mut commit = Commit::new();
    app.store.put_check(&mut commit, Some(&before), &after)?;
    write(app, commit).await
}

/// What an operator says of whom they saw.
pub struct Decision<'a> {
    pub is_they: bool,
    pub reason: &'a str,
    /// [`Opened::seen`].
    pub seen: u64,
}

/// Records what came of a check. Said once more it stays the same.
///
/// # Errors
/// As [`open`]; [`Refusal::CheckChanged`] when the person is no longer who was seen; as confirming.
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: CheckName,
    said: Decision<'_>,
) -> Result<Check, Refusal> {
    let moment = app.clock.moment();
    let state = if said.is_they { CheckState::Confirmed } else { CheckState::Refused };
    let (member, before, known) = look_up(app, vault, bearer, name).await?;
    if before.state == state && before.member == Some(member.id) {
        return Ok(before);
    }
    free_for(&before, &member)?;
    if before.state == CheckState::Waiting {
        return Err(Refusal::CheckNotTaken);
    }
    if known.seen(vault) != said.seen {
        return Err(Refusal::CheckChanged);
    }
    let mut after = Check { state, version: before.version + 1, ..before.clone() };
    after.reason = Some(item::seal(vault, &after, "rs", said.reason, moment.nonce(REASON_NONCE))?);
    let mut commit = Commit::new();
    app.store.put_check(&mut commit, Some(&before), &after)?;
    if said.is_they {
        known.able()?;
        confirm(app, vault, &known, Means::Video, commit, None, &moment).await?;
    } else {
        tell(app, vault, &mut commit, &known, AccountEvent::VideoCheckRefused, &moment)?;
        write(app, commit).await?;
    }
    Ok(after)
}

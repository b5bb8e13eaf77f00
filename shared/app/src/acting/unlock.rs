//! Unlocking a cabinet for somebody who has lost every way in and stands at the counter: opened by one member, decided by another
//! (ACC-6, OFC-6).

use super::phones::{self, Claim};
use super::{acting, afar, reading};
use crate::account::happened;
use crate::contact::Login;
use crate::staff::StaffBearer;
use crate::staff::queue::{self, QueueName, Queued};
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::catalogue::Office;
use domain::citizen::{Cabinet, Citizen, Person};
use domain::moment::Draw;
use domain::queue::{Queue, Wait};
use domain::staff::{IdentifiedBy, Member, Place, Right};
use domain::unlock::{AskedUnlock, Unlock, UnlockState};
use domain::{CitizenId, OfficeId, UnlockId};
use planted::{Bug, planted};
use store::access::Listed;
use store::access::batch::Batch;
use store::items::citizen as record;
use store::items::queue::{NOBODY, Row};
use store::items::unlock as item;
use store::{Commit, Committed, Vault, keys};

/// Nonces of what is sealed of an unlock; of an event others are taken in the same moment.
const PHONE_NONCE: u32 = 80;
const WHY_NONCE: u32 = 81;
const REASON_NONCE: u32 = 82;

/// An unlock as those who work here name it.
pub type UnlockName = QueueName<UnlockId>;

/// An unlock as its queue shows it, whoever opened it.
pub fn queued(unlock: &Unlock) -> Queued {
    Queued {
        name: UnlockName { citizen: unlock.citizen, id: unlock.id }.to_string(),
        wait: Wait { since: unlock.asked_at, deadline: unlock.deadline() },
        office: unlock.office.clone(),
        state: unlock.state.name(),
        by: Some(unlock.opened_by),
    }
}

/// What whoever opens one says.
pub struct Opening<'a> {
    pub office: &'a OfficeId,
    /// Of the citizen from now on; E.164.
    pub phone: &'a str,
    pub why: &'a str,
}

/// What is to be decided: an unlock, or a request for one by somebody whom nobody has seen yet.
pub enum Waiting {
    Unlock(Unlock),
    Asked(AskedUnlock),
}

/// Opens an unlock for a citizen whom one has identified by their document or their visit. Of whom one has identified on the phone
/// it is a request: somebody sees them first. It is written down with them.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`]; [`Refusal::NotIdentified`], or too long ago;
/// [`Refusal::UnlockOpen`]; [`Refusal::Fields`] for a phone that another cabinet has or is to have; [`Refusal::Busy`].
pub async fn open(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    citizen: CitizenId,
    said: Opening<'_>,
) -> Result<Waiting, Refusal> {
    let moment = app.clock.moment();
    let [session, member] = bearer.keys();
    let Ok(phone) = said.phone.parse::<Login>();
    let own = [
        session,
        member,
        keys::me(citizen),
        keys::unlock(citizen),
        keys::identification(bearer.member, citizen),
    ];
    let batch = app.store.read(&own).await?;
    let member = acting(app, bearer, &batch, said.office, moment.now)?;
    let found = batch.citizen(citizen)?.ok_or(Refusal::NotFound)?;
    let known = batch.identification(member.id, citizen)?;
    let identified = known.identified.map(|(by, _)| by).filter(|_| known.is_good(moment.now));
    // Number and code of a visit are on its ticket: whoever has that need not be who booked.
    let identified = identified.filter(|by| *by != IdentifiedBy::Visit).ok_or(Refusal::NotIdentified)?;
    // Nobody signs in for somebody who has no cabinet.
    if found.cabinet == Cabinet::None {
        return Err(Refusal::NotFound);
    }
    let before = batch.unlock(citizen)?;
    phones::let_open(app, vault, (citizen, before.as_ref()), &phone, moment.now).await?;
    if !identified.is_seen() {
        let said = (said.office, said.phone, said.why);
        return afar::called(app, vault, (&member, citizen), said, &moment).await.map(Waiting::Asked);
    }
    let subject = "unlock-opened";
    app.store.put_reading(&reading(&member, citizen, said.office, subject, moment.now)).await?;
    let mut unlock = Unlock {
        id: UnlockId(moment.ulid(Draw::Unlock)),
        citizen,
        office: said.office.clone(),
        state: UnlockState::Waiting,
        asked_at: moment.now,
        opened_by: member.id,
        identified,
        decided: None,
        phone: Vec::new(),
        why: Vec::new(),
        reason: None,
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    unlock.phone = item::seal(vault, &unlock, "tel", said.phone, moment.nonce(PHONE_NONCE))?;
    unlock.why = item::seal(vault, &unlock, "wy", said.why, moment.nonce(WHY_NONCE))?;
    let mut commit = Commit::new();
    app.store.put_unlock(&mut commit, before.as_ref(), &unlock)?;
    write(app, commit).await?;
    Ok(Waiting::Unlock(unlock))
}

pub(super) async fn write(app: &App, commit: Commit) -> Result<(), Refusal> {
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Those of an office that are to be decided about, the oldest first; of nobody it is said who they are.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::UnknownOffice`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    which: (Option<&str>, i32),
) -> Result<Listed<Waiting>, Refusal> {
    let of = |office: &Office| Queue::Unlocks(office.id.clone());
    let found = queue::page(app, bearer, office, of, which).await?;
    let of = |row: &Row| match row.citizen {
        NOBODY => keys::asked_unlock(UnlockId(row.id)),
        citizen => keys::unlock(citizen),
    };
    let wanted: Vec<_> = found.items.iter().map(of).collect();
    let (batch, now) = (app.store.read(&wanted).await?, app.clock.now());
    let mut items = Vec::new();
    for row in &found.items {
        if row.citizen == NOBODY {
            let asked = batch.asked_unlock(UnlockId(row.id))?.filter(|asked| asked.waits(now));
            items.extend(asked.map(Waiting::Asked));
            continue;
        }
        // The row is a hint: the unlock itself says whether it waits here.
        let waits = |unlock: &Unlock| {
            let here = unlock.id.0 == row.id && unlock.office == *office;
            here && unlock.state == UnlockState::Waiting && !unlock.is_over(now)
        };
        items.extend(batch.unlock(row.citizen)?.filter(waits).map(Waiting::Unlock));
    }
    Ok(Listed { items, next: found.next })
}

/// An unlock with its person, for whoever is to decide.
pub struct Opened {
    pub unlock: Unlock,
    pub person: Person,
    pub phone: String,
    pub why: String,
}

async fn look_up(
    app: &App,
    bearer: &StaffBearer,
    name: UnlockName,
    now: DateTime<Utc>,
) -> Result<(Member, Unlock, Citizen, Batch), Refusal> {
    let citizen = name.citizen;
    let own = [keys::me(citizen), keys::unlock(citizen)];
    let batch = app.store.read(&[&bearer.keys()[..], &own].concat()).await?;
    let member = bearer.check(&batch, now)?;
    let unlock = batch.unlock(citizen)?.filter(|unlock| unlock.id == name.id).ok_or(Refusal::NotFound)?;
    if !member.may(Right::ActFor, &Place::Office(unlock.office.clone()), &app.catalogue) {
        return Err(Refusal::NotFound);
    }
    let found = batch.citizen(citizen)?.ok_or(Refusal::NotFound)?;
    Ok((member, unlock, found, batch))
}

/// An unlock and its person. That it was read is written down with them first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn look(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: UnlockName,
) -> Result<Opened, Refusal> {
    let now = app.clock.now();
    let (member, unlock, _, batch) = look_up(app, bearer, name, now).await?;
    app.store.put_reading(&reading(&member, unlock.citizen, &unlock.office, "unlock", now)).await?;
    let item = batch.item(&keys::me(unlock.citizen)).ok_or(Refusal::NotFound)?;
    Ok(Opened {
        person: record::person(item, vault)?,
        phone: item::open(vault, &unlock, "tel", &unlock.phone)?,
        why: item::open(vault, &unlock, "wy", &unlock.why)?,
        unlock,
    })
}

/// What somebody decides about an unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Approve,
    /// Also after it was approved, as long as it has not come about.
    Refuse,
}

/// Decides about an unlock that somebody else opened. Approved, the old contacts are told, the new phone hears from when on, and a
/// day later it opens the cabinet unless the owner stops it. Said once more by the same member it stays the same.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::UnlockOwn`]; [`Refusal::UnlockOver`]; [`Refusal::UnlockPhoneTaken`] when the phone is another
/// cabinet's by now, or another unlock's; [`Refusal::Busy`].
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    name: UnlockName,
    (verdict, reason): (Verdict, &str),
) -> Result<Unlock, Refusal> {
    let moment = app.clock.moment();
    let (member, before, citizen, _) = look_up(app, bearer, name, moment.now).await?;
    let state = match verdict {
        Verdict::Approve => UnlockState::Approved,
        Verdict::Refuse => UnlockState::Refused,
    };
    let decided_by = before.decided.map(|(by, _)| by);
    if before.state == state && decided_by == Some(member.id) {
        return Ok(before);
    }
    match (before.state, verdict) {
        (UnlockState::Waiting, Verdict::Approve) if before.is_over(moment.now) => {
            return Err(Refusal::UnlockOver);
        }
        // Whoever opened it may take it back, and nobody lets in alone.
        (UnlockState::Waiting, Verdict::Approve)
            if before.opened_by == member.id && !planted(Bug::LetsInAlone) =>
        {
            return Err(Refusal::UnlockOwn);
        }
        (UnlockState::Waiting, _) | (UnlockState::Approved, Verdict::Refuse) => {}
        _ => return Err(Refusal::UnlockOver),
    }
    let promised = match verdict {
        Verdict::Approve => Some(promised(app, vault, &before, moment.now).await?),
        Verdict::Refuse => None,
    };
    let subject = match verdict {
        Verdict::Approve => "unlock-approved",
        Verdict::Refuse => "unlock-refused",
    };
    app.store.put_reading(&reading(&member, before.citizen, &before.office, subject, moment.now)).await?;
    let mut after = Unlock {
        state,
        decided: Some((member.id, moment.now)),
        version: before.version + 1,
        ..before.clone()
    };
    after.reason = Some(item::seal(vault, &after, "rs", reason, moment.nonce(REASON_NONCE))?);
    let mut commit = Commit::new();
    app.store.put_unlock(&mut commit, Some(&before), &after)?;
    if let Some((new, login, leads_to)) = promised {
        let until = after.opens().map_or(moment.now, |(_, until)| until);
        app.store.point_phone(&mut commit, &login, leads_to, (after.citizen, until))?;
        let event = happened(vault, &citizen, AccountEvent::UnlockApproved, None, None, &moment)?;
        app.store.put_happened(&mut commit, &event)?;
        let (told, new) = (AccountEvent::UnlockPromised, Some(new.as_str()));
        let event = happened(vault, &citizen, told, new, None, &moment.nth(1))?;
        app.store.put_happened(&mut commit, &event)?;
    }
    write(app, commit).await?;
    Ok(after)
}

/// The phone that an unlock promises, its login, and where that leads until now.
async fn promised(
    app: &App,
    vault: &Vault,
    unlock: &Unlock,
    now: DateTime<Utc>,
) -> Result<(String, String, Option<CitizenId>), Refusal> {
    let new = item::open(vault, unlock, "tel", &unlock.phone)?;
    let Ok(phone) = new.parse::<Login>();
    match phones::claim(app, vault, unlock.citizen, &phone, now).await? {
        Claim::Free(leads_to) => Ok((new, phone.hash(vault), leads_to)),
        Claim::Cabinet | Claim::Unlock => Err(Refusal::UnlockPhoneTaken),
    }
}

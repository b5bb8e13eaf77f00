//! The queue of policies about which staff are to decide: listed without saying whose they are, taken, decided (OFC-6).

use super::policy::{Known, decided, happened, known};
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::account::AccountEvent;
use domain::citizen::Name;
use domain::profile::{Insurance, Policy};
use domain::registry::{DECIDE_WITHIN, TAKEN_FOR};
use domain::staff::{Member, Place, Right};
use domain::{AppointmentId, CitizenId, OfficeId, RegionId, Ulid};
use std::fmt;
use std::str::FromStr;
use store::access::Listed;
use store::items::access::Reading;
use store::items::appointment::seal_reason;
use store::items::policy::PolicyRow;
use store::tries::Tries;
use store::{Committed, Vault};

/// Which question: whose, and when it arose. A policy that is said anew is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyCheckId {
    pub citizen: CitizenId,
    pub since_ms: i64,
}

impl PolicyCheckId {
    /// What stands for whatever cannot be an id: who asks is looked at first, and it says no more than one that is gone.
    pub const NOBODYS: Self = Self { citizen: CitizenId(Ulid::nil()), since_ms: 0 };
}

impl fmt::Display for PolicyCheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.citizen, self.since_ms)
    }
}

impl FromStr for PolicyCheckId {
    type Err = Refusal;

    /// What cannot be one is like one that nobody has.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let (citizen, since) = text.split_once('.')?;
            Some(Self { citizen: citizen.parse().ok()?, since_ms: since.parse().ok()? })
        };
        read().ok_or(Refusal::NotFound)
    }
}

/// A question in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    pub id: PolicyCheckId,
    pub since: DateTime<Utc>,
    /// By when it is to be decided.
    pub deadline: DateTime<Utc>,
    /// By whom it is taken now.
    pub taken: Option<domain::StaffId>,
}

/// A question with what only whoever took it may read.
pub struct Taken {
    pub queued: Queued,
    pub until: DateTime<Utc>,
    pub name: Name,
    pub birth_on: Option<NaiveDate>,
    pub insurance: Insurance,
}

/// What staff found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Void,
}

fn queued(row: &PolicyRow, now: DateTime<Utc>) -> Queued {
    Queued {
        id: PolicyCheckId { citizen: row.citizen, since_ms: row.since.timestamp_millis() },
        since: row.since,
        deadline: row.since + DECIDE_WITHIN,
        taken: row.taken.filter(|(_, until)| *until > now).map(|(member, _)| member),
    }
}

/// Whoever works for an office serves the queue of its region.
fn region(app: &App, member: &Member, office: &OfficeId) -> Result<RegionId, Refusal> {
    let known = app.office(office)?;
    match member.may(Right::ActFor, &Place::Office(office.clone()), &app.catalogue) {
        true => Ok(known.region.clone()),
        false => Err(Refusal::BeyondRights),
    }
}

/// The queue of an office's region, the oldest first. Of nobody it says who they are.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    (after, limit): (Option<&str>, i32),
) -> Result<Listed<Queued>, Refusal> {
    let member = signed_in(app, bearer).await?;
    let region = region(app, &member, office)?;
    let shaped = |after: &str| after.len() == 40 && after.bytes().all(|byte| byte.is_ascii_graphic());
    if !after.is_none_or(shaped) {
        return Err(Refusal::CursorInvalid);
    }
    let (found, now) = (app.store.policies(&region, after, limit).await?, app.clock.now());
    Ok(Listed { items: found.items.iter().map(|row| queued(row, now)).collect(), next: found.next })
}

/// The question as it stands, if it does in this region.
async fn standing(
    app: &App,
    vault: &Vault,
    region: &RegionId,
    id: PolicyCheckId,
) -> Result<(Known, PolicyRow), Refusal> {
    let known = known(app, vault, id.citizen).await?.ok_or(Refusal::NotFound)?;
    let (at, since) = known.kept.queued().ok_or(Refusal::NotFound)?;
    if at != *region || since.timestamp_millis() != id.since_ms {
        return Err(Refusal::NotFound);
    }
    let row = PolicyRow { region: at, since, citizen: id.citizen, taken: None };
    Ok((known, row))
}

/// Takes a question for half an hour, and reads whose it is: written down with the citizen first. Taken again by the same
/// member it is theirs for longer.
///
/// # Errors
/// [`Refusal::NotFound`] when it is decided, or elsewhere; [`Refusal::PolicyNotTaken`]; [`Refusal::BeyondRights`].
pub async fn take(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    id: PolicyCheckId,
) -> Result<Taken, Refusal> {
    let now = app.clock.now();
    let member = signed_in(app, bearer).await?;
    let region = region(app, &member, office)?;
    let (known, row) = standing(app, vault, &region, id).await?;
    let until = now + TAKEN_FOR;
    if !app.store.take_policy(&row, member.id, now, until).await? {
        return Err(Refusal::PolicyNotTaken);
    }
    let (citizen, office) = (id.citizen, office.clone());
    let reading = Reading { citizen, member: member.id, office, subject: "policy".to_owned(), at: now };
    app.store.put_reading(&reading).await?;
    let Some(Policy::Insured(insurance, _)) = known.kept.profile.policy else {
        return Err(Refusal::NotFound);
    };
    let row = PolicyRow { taken: Some((member.id, until)), ..row };
    let birth_on = known.kept.profile.birth_on;
    Ok(Taken { queued: queued(&row, now), until, name: known.person.name, birth_on, insurance })
}

/// Decides a question that one has taken. The citizen is told, with the reason.
///
/// # Errors
/// As [`take`]; [`Refusal::PolicyNotTaken`] also when it was not taken, or too long ago and by somebody else since.
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    id: PolicyCheckId,
    (verdict, reason): (Verdict, &str),
) -> Result<(), Refusal> {
    let member = signed_in(app, bearer).await?;
    let region = region(app, &member, office)?;
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let (known, row) = standing(app, vault, &region, id).await?;
        if app.store.policy_taken_by(&row).await? != Some(member.id) {
            return Err(Refusal::PolicyNotTaken);
        }
        let event = match verdict {
            Verdict::Valid => AccountEvent::PolicyConfirmed,
            Verdict::Void => AccountEvent::PolicyVoid,
        };
        let mut event = happened(id.citizen, event, &moment);
        // Sealed as the reasons of all notices are, for this fact.
        let sealed = seal_reason(vault, AppointmentId(event.id.0), 1, reason, moment.nonce(REASON_NONCE))?;
        (event.why, event.member) = (Some(sealed.0), Some(member.id));
        let commit = decided(app, vault, &known, event, &moment)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            Committed::Refused(_) | Committed::Conflict => {}
            Committed::Unknown(error) => return Err(error.into()),
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// Of the reason; the profile's parts are sealed under others in the same moment.
const REASON_NONCE: u32 = 61;

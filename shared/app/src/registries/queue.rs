//! The queue of policies about which staff are to decide: listed without saying whose they are, taken, decided (OFC-6).

use super::policy::{Known, decided, happened, known};
use crate::acting::{acting, reading};
use crate::staff::StaffBearer;
use crate::staff::queue::{self, QueueName, Queued};
use crate::{App, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::account::AccountEvent;
use domain::catalogue::Office;
use domain::citizen::Name;
use domain::profile::{Insurance, Policy};
use domain::queue::Queue;
use domain::registry::DECIDE_WITHIN;
use domain::staff::Member;
use domain::{AppointmentId, CitizenId, OfficeId, Ulid};
use store::access::Listed;
use store::items::appointment::seal_reason;
use store::items::queue::Row;
use store::tries::Tries;
use store::{Committed, Vault};

/// Which question: whose, and when it arose, in milliseconds. A policy that is said anew is another one.
pub type PolicyName = QueueName<i64>;

/// What stands for whatever cannot be a name: who asks is looked at first, and it says no more than one that is gone.
pub const NOBODYS: PolicyName = PolicyName { citizen: CitizenId(Ulid::nil()), id: 0 };

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

fn queued(row: &Row, office: &OfficeId, now: DateTime<Utc>) -> Queued {
    let name = PolicyName { citizen: row.citizen, id: row.since.timestamp_millis() };
    Queued::of(row, name, row.wait(DECIDE_WITHIN), office, now)
}

/// The queue of an office's region, the oldest first. Of nobody it says who they are.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    which: (Option<&str>, i32),
) -> Result<Listed<Queued>, Refusal> {
    let of = |office: &Office| Queue::Policies(office.region.clone());
    let (found, now) = (queue::page(app, bearer, office, of, which).await?, app.clock.now());
    Ok(Listed { items: found.items.iter().map(|row| queued(row, office, now)).collect(), next: found.next })
}

/// The member, and the question as it stands if it does in the region of their office.
async fn standing(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    name: PolicyName,
) -> Result<(Member, Known, Row), Refusal> {
    let session = app.store.read(&bearer.keys()).await?;
    let member = acting(app, bearer, &session, office, app.clock.now())?;
    let known = known(app, vault, name.citizen).await?.ok_or(Refusal::NotFound)?;
    let row = known.kept.queued(name.citizen).ok_or(Refusal::NotFound)?;
    let here = Queue::Policies(app.office(office)?.region.clone());
    if row.queue != here || row.since.timestamp_millis() != name.id {
        return Err(Refusal::NotFound);
    }
    Ok((member, known, row))
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
    name: PolicyName,
) -> Result<Taken, Refusal> {
    let now = app.clock.now();
    let (member, known, row) = standing(app, vault, bearer, office, name).await?;
    let row = queue::take(app, &row, &member, None, now).await?.ok_or(Refusal::PolicyNotTaken)?;
    app.store.put_reading(&reading(&member, name.citizen, office, "policy", now)).await?;
    let Some(Policy::Insured(insurance, _)) = known.kept.profile.policy else {
        return Err(Refusal::NotFound);
    };
    let birth_on = known.kept.profile.birth_on;
    let until = row.taken.map_or(now, |taken| taken.until);
    Ok(Taken { queued: queued(&row, office, now), until, name: known.person.name, birth_on, insurance })
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
    name: PolicyName,
    (verdict, reason): (Verdict, &str),
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let (member, known, row) = standing(app, vault, bearer, office, name).await?;
        if queue::has(app, &row, &member).await?.is_none() {
            return Err(Refusal::PolicyNotTaken);
        }
        let event = match verdict {
            Verdict::Valid => AccountEvent::PolicyConfirmed,
            Verdict::Void => AccountEvent::PolicyVoid,
        };
        let mut event = happened(name.citizen, event, &moment);
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

//! The queue of applications to act for others: listed without saying whose they are, taken, decided (ACC-10, OFC-6).

use super::ask::holder;
use super::end::row;
use super::{REASON_NONCE, again, happened, named};
use crate::caller::able;
use crate::refusal::WrongField;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal, called};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::citizen::{Accepted, Cabinet, Citizen, Name, Person, Reach};
use domain::profile::{Paper, Profile};
use domain::registry::TAKEN_FOR;
use domain::representation::{DECIDE_WITHIN, Grant, GrantState, Representation, Said, WARNED_BEFORE};
use domain::staff::{Member, Place, Right};
use domain::waitlist::Class;
use domain::{CitizenId, GrantId, Moment, OfficeId, RegionId, StaffId};
use planted::{Bug, planted};
use std::fmt;
use std::str::FromStr;
use store::access::Listed;
use store::access::batch::Batch;
use store::items::access::Reading;
use store::items::citizen as record;
use store::items::profile::Kept;
use store::items::representation::{self as item, GrantRow};
use store::tries::Tries;
use store::{Commit, Vault, keys};

/// An application as those who work here name it: `<beneficiary>.<representative>.<grant>`, none of which says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantName {
    pub beneficiary: CitizenId,
    pub representative: CitizenId,
    pub grant: GrantId,
}

impl fmt::Display for GrantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.beneficiary, self.representative, self.grant)
    }
}

impl FromStr for GrantName {
    type Err = Refusal;
    /// What cannot be one is like one that nobody has.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let mut parts = text.split('.');
            let name = Self {
                beneficiary: parts.next()?.parse().ok()?,
                representative: parts.next()?.parse().ok()?,
                grant: parts.next()?.parse().ok()?,
            };
            parts.next().is_none().then_some(name)
        };
        read().ok_or(Refusal::NotFound)
    }
}

/// An application in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    pub name: GrantName,
    pub asked_at: DateTime<Utc>,
    /// By when it is to be decided.
    pub deadline: DateTime<Utc>,
    /// By whom it is taken now.
    pub taken: Option<StaffId>,
}

/// An application with what only whoever took it may read.
pub struct Taken {
    pub queued: Queued,
    pub until: DateTime<Utc>,
    pub grant: Grant,
    pub said: Said,
    /// Who asks, and by what they show who they are.
    pub representative: Name,
    pub paper: Option<Paper>,
    /// What of it the beneficiary's own cabinet says otherwise, by field.
    pub differing: Vec<&'static str>,
}

fn queued(row: &GrantRow, now: DateTime<Utc>) -> Queued {
    let (beneficiary, representative, grant) = (row.beneficiary, row.representative, row.grant);
    Queued {
        name: GrantName { beneficiary, representative, grant },
        asked_at: row.asked_at,
        deadline: row.asked_at + DECIDE_WITHIN,
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
    let (found, now) = (app.store.applications(&region, after, limit).await?, app.clock.now());
    Ok(Listed { items: found.items.iter().map(|row| queued(row, now)).collect(), next: found.next })
}

/// An application as it stands, with everybody whom it is about.
struct Standing {
    between: Representation,
    grant: Grant,
    said: Said,
    row: GrantRow,
    batch: Batch,
}

/// The application, if it waits in this region.
async fn standing(app: &App, vault: &Vault, region: &RegionId, name: GrantName) -> Result<Standing, Refusal> {
    let GrantName { beneficiary, representative, grant } = name;
    let wanted = [
        keys::representation(beneficiary, representative),
        keys::me(beneficiary),
        keys::profile(beneficiary),
        keys::me(representative),
        keys::profile(representative),
    ];
    let batch = app.store.read(&wanted).await?;
    let between = batch.representation(beneficiary, representative)?;
    let grant =
        between.grant(grant).filter(|grant| grant.region == *region).ok_or(Refusal::NotFound)?.clone();
    if grant.state != GrantState::Waiting && !planted(Bug::DecidedTwice) {
        return Err(Refusal::GrantOver);
    }
    let said = item::open_said(vault, (beneficiary, representative, grant.id), &grant.said)?;
    let row = row(&between, &grant);
    Ok(Standing { between, grant, said, row, batch })
}

impl Standing {
    /// What the beneficiary's record and profile say otherwise; nothing of somebody who is not here yet.
    fn differing(&self, vault: &Vault) -> Result<Vec<&'static str>, Refusal> {
        let Some(record) = self.batch.item(&keys::me(self.between.beneficiary)) else {
            return Ok(Vec::new());
        };
        let name = record::person(record, vault)?.name;
        let born = self.batch.profile(self.between.beneficiary, vault)?.profile.birth_on;
        let fields = [
            ("surname", called::plain(&name.surname) != called::plain(&self.said.name.surname)),
            ("givenName", called::plain(&name.given) != called::plain(&self.said.name.given)),
            ("birthDate", born != Some(self.said.birth_on)),
        ];
        Ok(fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect())
    }
}

/// Takes an application for half an hour, and reads what it says: written down first with both whom it is about. Taken again
/// by the same member it is theirs for longer.
///
/// # Errors
/// [`Refusal::NotFound`] when it is elsewhere; [`Refusal::GrantOver`]; [`Refusal::GrantNotTaken`] by oneself, for another has
/// it; [`Refusal::BeyondRights`].
pub async fn take(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    name: GrantName,
) -> Result<Taken, Refusal> {
    let now = app.clock.now();
    let member = signed_in(app, bearer).await?;
    let region = region(app, &member, office)?;
    let standing = standing(app, vault, &region, name).await?;
    let until = now + TAKEN_FOR;
    if !app.store.take_application(&standing.row, member.id, now, until).await? {
        return Err(Refusal::GrantNotTaken);
    }
    for citizen in [name.representative, name.beneficiary] {
        let subject = "representation".to_owned();
        let reading = Reading { citizen, member: member.id, office: office.clone(), subject, at: now };
        app.store.put_reading(&reading).await?;
    }
    let record = standing.batch.item(&keys::me(name.representative)).ok_or(Refusal::NotFound)?;
    let row = GrantRow { taken: Some((member.id, until)), ..standing.row.clone() };
    Ok(Taken {
        queued: queued(&row, now),
        until,
        representative: record::person(record, vault)?.name,
        paper: standing.batch.profile(name.representative, vault)?.profile.paper,
        differing: standing.differing(vault)?,
        grant: standing.grant,
        said: standing.said,
    })
}

/// What staff found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Approved,
    Refused,
}

/// Decides an application that one has taken. Both are told; whoever asked hears the reason. Said again it stays so.
///
/// # Errors
/// As [`take`]; [`Refusal::GrantNotTaken`] also when it was not taken, or by somebody else since; of approving:
/// [`Refusal::GrantOver`] when its term is over, [`Refusal::GrantDiffers`] from what the beneficiary's cabinet says,
/// [`Refusal::GrantMoved`], [`Refusal::IdentityNeeded`] and [`Refusal::Inactive`] of whoever asked.
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    name: GrantName,
    (verdict, reason): (Verdict, &str),
) -> Result<(), Refusal> {
    let member = signed_in(app, bearer).await?;
    let region = region(app, &member, office)?;
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let standing = match standing(app, vault, &region, name).await {
            Err(Refusal::GrantOver) if is_so(app, name, member.id, verdict).await? => return Ok(()),
            other => other?,
        };
        let key = keys::grant_row(&standing.row.region, standing.row.asked_at, standing.row.grant);
        let row = app.store.read(std::slice::from_ref(&key)).await?.application(&key)?;
        if row.and_then(|row| row.taken).map(|(taken, _)| taken) != Some(member.id)
            && !planted(Bug::DecidedTwice)
        {
            return Err(Refusal::GrantNotTaken);
        }
        let commit = match verdict {
            Verdict::Approved => approved(app, vault, &standing, member.id, reason, &moment).await?,
            Verdict::Refused => refused(app, vault, &standing, member.id, reason, &moment)?,
        };
        if !again(app.store.commit(commit).await)? {
            return Ok(());
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// Whether it was decided so already, by the same member: an answer may have been lost.
async fn is_so(app: &App, name: GrantName, member: StaffId, verdict: Verdict) -> Result<bool, Refusal> {
    let GrantName { beneficiary, representative, grant } = name;
    let batch = app.store.read(&[keys::representation(beneficiary, representative)]).await?;
    let between = batch.representation(beneficiary, representative)?;
    let state = match verdict {
        Verdict::Approved => GrantState::InForce,
        Verdict::Refused => GrantState::Refused,
    };
    Ok(between.grant(grant).is_some_and(|grant| {
        grant.state == state && grant.decided.is_some_and(|(decided, _)| decided == member)
    }))
}

/// The right after the decision, to be written with the row's end.
fn after(
    app: &App,
    vault: &Vault,
    standing: &Standing,
    state: GrantState,
    (member, reason): (StaffId, &str),
    moment: &Moment,
) -> Result<(Representation, Commit), Refusal> {
    let mut after = standing.between.clone();
    let of = (after.beneficiary, after.representative, standing.grant.id);
    let sealed = item::seal_reason(vault, of, reason, moment.nonce(REASON_NONCE))?;
    if let Some(grant) = after.grant_mut(standing.grant.id) {
        (grant.state, grant.decided, grant.reason) = (state, Some((member, moment.now)), Some(sealed));
        // Nobody hears that it ends in a week of what is let for less.
        grant.warned = grant.ends_at - moment.now <= WARNED_BEFORE;
    }
    let mut commit = Commit::new();
    app.store.put_representation(&mut commit, &after)?;
    app.store.drop_application(&mut commit, &standing.row, Some(member));
    Ok((after, commit))
}

fn refused(
    app: &App,
    vault: &Vault,
    standing: &Standing,
    member: StaffId,
    reason: &str,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let (after, mut commit) = after(app, vault, standing, GrantState::Refused, (member, reason), moment)?;
    let event = AccountEvent::RepresentationRefused;
    let mut told = happened(Some(vault), after.representative, event, Some(reason), moment)?;
    told.member = Some(member);
    // Whoever asked may be gone.
    if standing.batch.citizen(after.representative)?.is_some() {
        app.store.put_happened(&mut commit, &told)?;
    }
    Ok(commit)
}

async fn approved(
    app: &App,
    vault: &Vault,
    standing: &Standing,
    member: StaffId,
    reason: &str,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    if moment.now >= standing.grant.ends_at {
        return Err(Refusal::GrantOver);
    }
    let asking = standing.batch.citizen(standing.between.representative)?.ok_or(Refusal::GrantOver)?;
    able(&asking)?;
    let beneficiary = standing.between.beneficiary;
    if holder(app, vault, &standing.said).await? != beneficiary {
        return Err(Refusal::GrantMoved);
    }
    let differing = standing.differing(vault)?;
    if !differing.is_empty() {
        let wrong = |field| WrongField::new(field, "differs-from-cabinet");
        return Err(Refusal::GrantDiffers(differing.into_iter().map(wrong).collect()));
    }
    let (after, mut commit) = after(app, vault, standing, GrantState::InForce, (member, reason), moment)?;
    let event = AccountEvent::RepresentationApproved;
    let mut told = happened(None, after.representative, event, None, moment)?;
    told.member = Some(member);
    app.store.put_happened(&mut commit, &told)?;
    match standing.batch.citizen(beneficiary)? {
        None => dependent(app, vault, &mut commit, standing, &asking, moment)?,
        Some(citizen) => {
            let record = standing.batch.item(&keys::me(beneficiary));
            named(&app.store, &mut commit, record, Some(&citizen), &after);
            if citizen.cabinet == Cabinet::Own {
                let event = AccountEvent::RepresentativeApproved;
                let mut told = happened(None, beneficiary, event, None, moment)?;
                told.member = Some(member);
                app.store.put_happened(&mut commit, &told)?;
            }
        }
    }
    Ok(commit)
}

/// Somebody who has no cabinet is there from now on, for those who act for them.
fn dependent(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    standing: &Standing,
    asking: &Citizen,
    moment: &Moment,
) -> Result<(), Refusal> {
    let said = &standing.said;
    let profile =
        Profile { birth_on: Some(said.birth_on), snils: Some(said.snils.clone()), ..Profile::default() };
    let citizen = Citizen {
        id: standing.between.beneficiary,
        email_confirmed_at: None,
        named: true,
        agreement: None,
        // By whoever asked, when they did.
        consent: Some(Accepted {
            version: crate::register::CONSENT_VERSION.to_owned(),
            at: standing.grant.asked_at,
        }),
        language: asking.language.clone(),
        reach: Reach::default(),
        met: profile.meets(),
        confirmed: None,
        class: Class::default(),
        blocked: None,
        cabinet: Cabinet::None,
        representatives: vec![standing.between.representative],
        epoch: 0,
        created_at: moment.now,
        deletion_asked_at: None,
    };
    let person = Person { name: said.name.clone(), phone: String::new(), email: String::new() };
    app.store.put_dependent(commit, &citizen, &person, vault, moment)?;
    app.store.put_profile(commit, citizen.id, &Kept::default(), &profile, vault, moment)?;
    app.store.put_names(commit, citizen.id, &called::hashes(&person.name, vault));
    Ok(())
}

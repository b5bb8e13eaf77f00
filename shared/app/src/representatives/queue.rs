//! The queue of applications to act for others: listed without saying whose they are, taken, decided (ACC-10, OFC-6).

use super::ask::holder;
use super::{REASON_NONCE, again, happened, named};
use crate::acting::{acting, reading};
use crate::caller::able;
use crate::identity::Known;
use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::staff::queue::{self, QueueName, Queued};
use crate::{App, Refusal, called};
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::catalogue::Office;
use domain::citizen::{Accepted, Cabinet, Citizen, Missing, Name, Person, Reach};
use domain::profile::{Paper, Profile};
use domain::queue::Queue;
use domain::representation::{DECIDE_WITHIN, Grant, GrantState, Representation, Said, WARNED_BEFORE};
use domain::staff::Member;
use domain::waitlist::Class;
use domain::{CitizenId, GrantId, Moment, OfficeId, StaffId};
use planted::{Bug, planted};
use std::fmt;
use std::str::FromStr;
use store::access::Listed;
use store::access::batch::Batch;
use store::items::citizen as record;
use store::items::profile::Kept;
use store::items::queue::Row;
use store::items::representation as item;
use store::tries::Tries;
use store::{Commit, Vault, keys};

/// What of an application's name tells it from others for the same beneficiary: `<representative>.<grant>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Which {
    pub representative: CitizenId,
    pub grant: GrantId,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.representative, self.grant)
    }
}

impl FromStr for Which {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read: QueueName<GrantId> = text.parse()?;
        Ok(Self { representative: read.citizen, grant: read.id })
    }
}

/// An application as those who work here name it, by its beneficiary.
pub type GrantName = QueueName<Which>;

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

fn queued(row: &Row, office: &OfficeId, now: DateTime<Utc>) -> Option<Queued> {
    let which = Which { representative: row.by?, grant: GrantId(row.id) };
    let name = GrantName { citizen: row.citizen, id: which };
    Some(Queued::of(row, name, row.wait(DECIDE_WITHIN), office, now))
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
    let of = |office: &Office| Queue::Grants(office.region.clone());
    let (found, now) = (queue::page(app, bearer, office, of, which).await?, app.clock.now());
    let items = found.items.iter().filter_map(|row| queued(row, office, now)).collect();
    Ok(Listed { items, next: found.next })
}

/// An application as it stands, with everybody whom it is about.
struct Standing {
    between: Representation,
    grant: Grant,
    said: Said,
    row: Row,
    batch: Batch,
}

/// The application, if it waits in the region of the office.
async fn standing(app: &App, vault: &Vault, office: &OfficeId, name: GrantName) -> Result<Standing, Refusal> {
    let (beneficiary, Which { representative, grant }) = (name.citizen, name.id);
    let wanted = [
        keys::representation(beneficiary, representative),
        keys::me(beneficiary),
        keys::profile(beneficiary),
        keys::me(representative),
        keys::profile(representative),
    ];
    let batch = app.store.read(&wanted).await?;
    let between = batch.representation(beneficiary, representative)?;
    let region = &app.office(office)?.region;
    let grant =
        between.grant(grant).filter(|grant| grant.region == *region).ok_or(Refusal::NotFound)?.clone();
    let row = match item::queued(&between, &grant) {
        // As if it still waited: what nobody may do.
        None if planted(Bug::DecidedTwice) => {
            item::queued(&between, &Grant { state: GrantState::Waiting, ..grant.clone() })
        }
        row => row,
    };
    let row = row.ok_or(Refusal::GrantOver)?;
    let said = item::open_said(vault, (beneficiary, representative, grant.id), &grant.said)?;
    Ok(Standing { between, grant, said, row, batch })
}

pub(super) async fn serving(app: &App, bearer: &StaffBearer, office: &OfficeId) -> Result<Member, Refusal> {
    let session = app.store.read(&bearer.keys()).await?;
    acting(app, bearer, &session, office, app.clock.now())
}

impl Standing {
    /// What the beneficiary's record and profile say otherwise; nothing of somebody who is not here yet.
    fn differing(&self, vault: &Vault) -> Result<Vec<&'static str>, Refusal> {
        // What is left of somebody who was here once says nothing.
        let (Some(_), Some(record)) = (
            self.batch.citizen(self.between.beneficiary)?,
            self.batch.item(&keys::me(self.between.beneficiary)),
        ) else {
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
    let member = serving(app, bearer, office).await?;
    let standing = standing(app, vault, office, name).await?;
    let who = name.id.representative;
    let asking = Known::of(&standing.batch, vault, who)?.ok_or(Refusal::NotFound)?;
    let seen = Some(asking.seen(vault));
    let row = queue::take(app, &standing.row, &member, seen, now).await?.ok_or(Refusal::GrantNotTaken)?;
    for citizen in [who, name.citizen] {
        app.store.put_reading(&reading(&member, citizen, office, "representation", now)).await?;
    }
    Ok(Taken {
        queued: queued(&row, office, now).ok_or(Refusal::NotFound)?,
        until: row.taken.map_or(now, |taken| taken.until),
        paper: asking.profile().paper.clone(),
        representative: asking.person.name,
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
/// [`Refusal::GrantMoved`]; [`Refusal::GrantNoPaper`], [`Refusal::GrantChanged`] since it was taken, [`Refusal::IdentityNeeded`] and
/// [`Refusal::Inactive`] of whoever asked.
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    name: GrantName,
    (verdict, reason): (Verdict, &str),
) -> Result<(), Refusal> {
    let member = serving(app, bearer, office).await?;
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let standing = match standing(app, vault, office, name).await {
            Err(Refusal::GrantOver) if is_so(app, name, member.id, verdict).await? => return Ok(()),
            other => other?,
        };
        let taken = queue::has(app, &standing.row, &member).await?;
        if taken.is_none() && !planted(Bug::DecidedTwice) {
            return Err(Refusal::GrantNotTaken);
        }
        let commit = match verdict {
            Verdict::Approved => {
                let seen = taken.and_then(|taken| taken.seen);
                approved(app, vault, (&standing, seen), member.id, reason, &moment).await?
            }
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
    let (beneficiary, Which { representative, grant }) = (name.citizen, name.id);
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
    app.store.put_representation(&mut commit, &standing.between, &after, Some(member))?;
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
    (standing, seen): (&Standing, Option<u64>),
    member: StaffId,
    reason: &str,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    if moment.now >= standing.grant.ends_at {
        return Err(Refusal::GrantOver);
    }
    let known = Known::of(&standing.batch, vault, standing.between.representative)?;
    let known = known.ok_or(Refusal::GrantOver)?;
    let asking = &known.citizen;
    able(asking)?;
    if !asking.met.contains(&Missing::Paper) {
        return Err(Refusal::GrantNoPaper);
    }
    // As if nobody had taken it: nothing was shown that could be another now.
    if seen != Some(known.seen(vault)) && !planted(Bug::DecidedTwice) {
        return Err(Refusal::GrantChanged);
    }
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
    known.hold(app, &mut commit);
    let event = AccountEvent::RepresentationApproved;
    let mut told = happened(None, after.representative, event, None, moment)?;
    told.member = Some(member);
    app.store.put_happened(&mut commit, &told)?;
    match standing.batch.citizen(beneficiary)? {
        None => dependent(app, vault, &mut commit, standing, asking, moment)?,
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
        unlocked: 0,
        created_at: moment.now,
        deletion_asked_at: None,
    };
    let person = Person { name: said.name.clone(), phone: String::new(), email: String::new() };
    app.store.put_dependent(commit, &citizen, &person, vault, moment)?;
    app.store.put_profile(commit, citizen.id, &Kept::default(), &profile, vault, moment)?;
    app.store.put_names(commit, citizen.id, &called::hashes(&person.name, vault));
    Ok(())
}

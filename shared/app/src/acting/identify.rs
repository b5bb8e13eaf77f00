//! Identifying a citizen before anything is done for them (OFC-9): by what they say, what they show, or why they are there.

use super::{acting, reading};
use crate::account::proof::{self, Begin, Begun, Shown};
use crate::called::{full, plain};
use crate::contact::{self, Login};
use crate::floods::Whence;
use crate::reception::VisitId;
use crate::staff::StaffBearer;
use crate::{App, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Purpose;
use domain::appointment::Phase;
use domain::citizen::{Cabinet, Citizen, Person};
use domain::limits::FACTS_TRIES;
use domain::profile::{Profile, Snils};
use domain::staff::{Identification, IdentifiedBy};
use domain::{CitizenId, OfficeId, ProofId};
use store::items::citizen as record;
use store::vault::ClearKey;
use store::{Commit, Committed, Vault, keys};

/// What a caller says of themselves; at least two are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Surname, first name, patronymic as far as there is one.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// As `1985-03-08`.
    pub birth_on: Option<String>,
    pub snils: Option<String>,
}

impl Facts {
    pub fn given(&self) -> usize {
        [&self.name, &self.phone, &self.email, &self.birth_on, &self.snils].into_iter().flatten().count()
    }

    /// Whether all that was said is so.
    fn fit(&self, person: &Person, profile: &Profile) -> bool {
        let name = &person.name;
        let is = |said: &Option<String>, read: fn(&str) -> Option<String>, known: &str| {
            said.as_ref().is_none_or(|said| read(said).is_some_and(|said| said == known))
        };
        self.given() >= 2
            && is(&self.name, |said| Some(plain(said)), &full(name))
            && is(&self.phone, |said| contact::number(said).ok(), &person.phone)
            && is(&self.email, |said| contact::email(said).ok(), &person.email)
            && self
                .birth_on
                .as_ref()
                .is_none_or(|said| profile.birth_on.is_some_and(|known| said.trim().parse() == Ok(known)))
            && self
                .snils
                .as_ref()
                .is_none_or(|said| Snils::parse(said).ok().is_some_and(|said| profile.snils == Some(said)))
    }
}

/// How the citizen is identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    Facts(Facts),
    Document,
    Visit(VisitId),
    /// The code that was sent, as it is read back.
    Code(ProofId, String),
}

impl How {
    fn by(&self) -> IdentifiedBy {
        match self {
            How::Facts(_) => IdentifiedBy::Facts,
            How::Document => IdentifiedBy::Document,
            How::Visit(_) => IdentifiedBy::Visit,
            How::Code(..) => IdentifiedBy::Code,
        }
    }
}

/// Somebody identified.
#[derive(Debug)]
pub struct Identified {
    pub citizen: Citizen,
    pub person: Person,
    /// Until when the member may act for them.
    pub until: DateTime<Utc>,
}

/// Identifies a citizen for half an hour. It is written down with them.
///
/// # Errors
/// [`Refusal::FactsWrong`], not saying which; [`Refusal::TooManyTries`] after five such on a day; [`Refusal::NotFound`] when
/// there is no such citizen, or the visit or the code is not theirs, or the visit not here or not under way; as
/// showing a code; [`Refusal::BeyondRights`].
pub async fn identify(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
    how: &How,
) -> Result<Identified, Refusal> {
    let now = app.clock.now();
    let [session, member] = bearer.keys();
    let me = keys::me(citizen);
    let mut wanted = vec![session, member, me.clone(), keys::identification(bearer.member, citizen)];
    wanted.extend(matches!(how, How::Facts(_)).then(|| keys::profile(citizen)));
    if let How::Visit(visit) = how {
        wanted.push(keys::appointment(visit.citizen, visit.appointment));
    }
    let batch = app.store.read(&wanted).await?;
    let member = acting(app, bearer, &batch, office, now)?;
    let (Some(item), Some(record_of)) = (batch.item(&me), batch.citizen(citizen)?) else {
        return Err(Refusal::NotFound);
    };
    let mut known = batch.identification(member.id, citizen)?;
    let person = record::person(item, vault)?;
    match how {
        How::Document => {}
        How::Facts(facts) => {
            known = count(app, &member.id, citizen, known, now).await?;
            if !facts.fit(&person, &batch.profile(citizen, vault)?.profile) {
                return Err(Refusal::FactsWrong);
            }
        }
        How::Code(proof, code) => shown(app, (vault, codes), citizen, *proof, code).await?,
        How::Visit(visit) => {
            let found = batch.appointment(visit.citizen, visit.appointment)?;
            let today = now.with_timezone(&app.office(office)?.zone).date_naive();
            let here = found.filter(|found| {
                found.citizen == citizen
                    && found.seat.office == *office
                    && found.seat.on == today
                    && found.visit.checked_in_at.is_some()
                    && matches!(found.phase, Phase::Planned | Phase::InReception | Phase::Completed)
            });
            here.ok_or(Refusal::NotFound)?;
        }
    }
    let subject = format!("identified-{}", how.by().name());
    app.store.put_reading(&reading(&member, citizen, office, subject, now)).await?;
    let after = Identification { identified: Some((how.by(), now)), wrong: 0, wrong_on: None, ..known };
    if !app.store.keep_identification(member.id, citizen, &after, now).await? {
        return Err(Refusal::Busy);
    }
    let until = after.until().unwrap_or(now);
    Ok(Identified { citizen: record_of, person, until })
}

/// Sends a code to the citizen's phone, to be read back.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`]; [`Refusal::CodeLimit`] beyond ten codes a day to one phone.
pub async fn send_code(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let [session, member] = bearer.keys();
    let me = keys::me(citizen);
    let batch = app.store.read(&[session, member, me.clone()]).await?;
    acting(app, bearer, &batch, office, moment.now)?;
    let (Some(item), Some(found)) = (batch.item(&me), batch.citizen(citizen)?) else {
        return Err(Refusal::NotFound);
    };
    // Of whoever has no cabinet there is no phone: they, or who acts for them, stand at the counter.
    if found.cabinet == Cabinet::None {
        return Err(Refusal::NotFound);
    }
    let contact = Login::Phone(record::person(item, vault)?.phone);
    let language = found.language.as_str();
    // The office's own address: many callers are asked from it.
    let (purpose, citizen, whence) = (Purpose::Caller, Some(citizen), Whence::default());
    let begin = Begin { purpose, citizen, taken: false, epoch: None, contact: &contact, language, whence };
    proof::begin(app, vault, begin, &moment).await
}

/// Whether the code is that which was sent to this citizen; it identifies once.
async fn shown(
    app: &App,
    (vault, codes): (&Vault, &ClearKey),
    citizen: CitizenId,
    id: ProofId,
    code: &str,
) -> Result<(), Refusal> {
    let begun = app.store.read(&[keys::proof(id)]).await?.proof(id)?;
    if begun.is_none_or(|begun| begun.citizen != Some(citizen) || begun.purpose != Purpose::Caller) {
        return Err(Refusal::NotFound);
    }
    let Shown::Now(_, found) = proof::show(app, vault, codes, (id, Purpose::Caller), code).await? else {
        return Err(Refusal::ProofSpent);
    };
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &found, app.clock.now());
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) => Err(Refusal::ProofSpent),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Counts a try as wrong before it is looked at, so that many at once are no more than one after another.
async fn count(
    app: &App,
    member: &domain::StaffId,
    citizen: CitizenId,
    before: Identification,
    now: DateTime<Utc>,
) -> Result<Identification, Refusal> {
    let wrong = before.wrong_today(now);
    if wrong >= FACTS_TRIES {
        let midnight = (now + TimeDelta::days(1)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        return Err(Refusal::TooManyTries { seconds: (midnight - now).num_seconds() });
    }
    let counted = Identification { wrong: wrong + 1, wrong_on: Some(now.date_naive()), ..before };
    if !app.store.keep_identification(*member, citizen, &counted, now).await? {
        return Err(Refusal::Busy);
    }
    Ok(Identification { version: Some(counted.version.unwrap_or(0) + 1), ..counted })
}

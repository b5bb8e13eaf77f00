//! An unlock that is asked for from afar, by whoever can neither come nor get in: written down by themselves or by a member on a
//! call; somebody sees the person and their document by video, and then it is an unlock like any other (ACC-6, OFC-6, OFC-9).
//!
//! Asking looks nothing up: no answer, and no time of one, tells whether there is such a cabinet. Whose it is is found when a member
//! looks, and neither does a member hear of anybody of whom not everything agrees.

use super::{phones, reading};
use crate::called::{full, joined};
use crate::contact::Login;
use crate::floods::{self, Whence, abnormal};
use crate::identity::Known;
use crate::staff::StaffBearer;
use crate::staff::queue::Queued;
use crate::{App, Refusal, effort};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::citizen::Cabinet;
use domain::moment::Draw;
use domain::queue::Wait;
use domain::staff::{IdentifiedBy, Member, Place, Right};
use domain::unlock::{AskedSaid, AskedState, AskedUnlock, PersonNumber, Unlock, UnlockState};
use domain::{CitizenId, Moment, OfficeId, Ulid, UnlockId};
use store::access::batch::Batch;
use store::access::floods::counted;
use store::items::{asked_unlock as item, unlock};
use store::{Commit, Committed, Vault, keys};

const SAID_NONCE: u32 = 84;
const DECIDED_NONCE: u32 = 85;
const PHONE_NONCE: u32 = 86;
const WHY_NONCE: u32 = 87;

/// A request as the queue shows it.
pub fn queued(asked: &AskedUnlock) -> Queued {
    Queued {
        name: asked.id.to_string(),
        wait: Wait { since: asked.asked_at, deadline: asked.deadline() },
        office: asked.office.clone(),
        state: asked.state.name(),
        by: asked.called.map(|(by, _)| by),
    }
}

/// Asks an office to open a cabinet to another phone. The same asked for again on a day is one request.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::TooManyTries`] beyond what an office, or a network address, may ask in an hour; to
/// strangers before that [`Refusal::EffortNeeded`]; [`Refusal::Busy`].
pub async fn ask(
    app: &App,
    vault: &Vault,
    office: &OfficeId,
    said: &AskedSaid,
    whence: Whence<'_>,
) -> Result<AskedUnlock, Refusal> {
    let moment = app.clock.moment();
    let office = app.office(office)?;
    let (login, name, number) = said.who.clone().ok_or(Refusal::NotFound)?;
    let day = moment.now.with_timezone(&office.zone).date_naive().to_string();
    let parts = [office.id.as_str(), &login, &full(&name), number.as_str(), &said.phone, &day];
    let hash = vault.lookup("unlock-asked", &joined(&parts));
    let bytes = URL_SAFE_NO_PAD.decode(&hash).unwrap_or_default();
    let id = UnlockId(Ulid::from_bytes(core::array::from_fn(|i| bytes.get(i).copied().unwrap_or_default())));
    let counters = floods::unlocks(vault, &office.id, whence.network, &moment);
    let mut wanted = vec![keys::asked_unlock(id)];
    wanted.extend(counters.iter().map(|counter| counter.key.clone()));
    let seen = app.store.read(&wanted).await?;
    if let Some(before) = seen.asked_unlock(id)? {
        return Ok(before);
    }
    let full = counters.iter().filter(|counter| counted(seen.item(&counter.key)) >= counter.most);
    if let Some(until) = full.map(|counter| counter.until).max() {
        return Err(Refusal::TooManyTries { seconds: (until - moment.now).num_seconds().max(1) });
    }
    if let Some(effort) = whence.effort
        && abnormal(&counters, &seen)
        && !effort::shown(app, effort, &hash, moment.now).await?
    {
        return Err(effort::demand(effort, &hash, &moment));
    }
    floods::count(app, &counters).await?;
    let asked = new(vault, id, (&office.id, said), None, &moment)?;
    let mut commit = Commit::new();
    app.store.put_asked_unlock(&mut commit, None, &asked)?;
    match app.store.commit(commit).await {
        // Refused: the same came at the same moment.
        Committed::Done | Committed::Refused(_) => Ok(asked),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

fn new(
    vault: &Vault,
    id: UnlockId,
    (office, said): (&OfficeId, &AskedSaid),
    called: Option<(domain::StaffId, CitizenId)>,
    moment: &Moment,
) -> Result<AskedUnlock, Refusal> {
    Ok(AskedUnlock {
        id,
        office: office.clone(),
        asked_at: moment.now,
        state: AskedState::Asked,
        called,
        decided: None,
        said: item::seal_said(vault, id, said, moment.nonce(SAID_NONCE))?,
        reason: None,
        version: 1,
    })
}

/// Writes down what somebody asks on the phone whom the member has identified there.
pub(super) async fn called(
    app: &App,
    vault: &Vault,
    (member, citizen): (&Member, CitizenId),
    (office, phone, why): (&OfficeId, &str, &str),
    moment: &Moment,
) -> Result<AskedUnlock, Refusal> {
    let said = AskedSaid { who: None, phone: phone.to_owned(), why: why.to_owned() };
    let id = UnlockId(moment.ulid(Draw::Unlock));
    let asked = new(vault, id, (office, &said), Some((member.id, citizen)), moment)?;
    app.store.put_reading(&reading(member, citizen, office, "unlock-asked", moment.now)).await?;
    let mut commit = Commit::new();
    app.store.put_asked_unlock(&mut commit, None, &asked)?;
    super::unlock::write(app, commit).await?;
    Ok(asked)
}

/// A request with what was said, for whoever is to see the person; with the person if all agrees.
pub struct Opened {
    pub asked: AskedUnlock,
    pub said: AskedSaid,
    pub known: Option<Known>,
}

/// Who asks, and the request, where the member has the right.
async fn look_up(
    app: &App,
    bearer: &StaffBearer,
    id: UnlockId,
    now: DateTime<Utc>,
) -> Result<(Member, AskedUnlock), Refusal> {
    let batch = app.store.read(&[&bearer.keys()[..], &[keys::asked_unlock(id)]].concat()).await?;
    let member = bearer.check(&batch, now)?;
    let asked = batch.asked_unlock(id)?.ok_or(Refusal::NotFound)?;
    let place = Place::Office(asked.office.clone());
    if member.may(Right::ActFor, &place, &app.catalogue) {
        Ok((member, asked))
    } else {
        Err(Refusal::NotFound)
    }
}

/// Whose it is, if login, name and number are those of one cabinet; and what is to be read to open it.
async fn whose(
    app: &App,
    vault: &Vault,
    asked: &AskedUnlock,
    said: &AskedSaid,
) -> Result<Option<(Known, Batch)>, Refusal> {
    let citizen = match (&asked.called, &said.who) {
        (Some((_, citizen)), _) => Some(*citizen),
        (None, Some((login, ..))) => {
            let Ok(login) = login.parse::<Login>();
            app.store.login(&login.hash(vault)).await?
        }
        (None, None) => None,
    };
    let Some(citizen) = citizen else { return Ok(None) };
    let batch = app.store.read(&[keys::me(citizen), keys::profile(citizen), keys::unlock(citizen)]).await?;
    let Some(known) = Known::of(&batch, vault, citizen)? else { return Ok(None) };
    let fits = match &said.who {
        None => true,
        Some((_, name, number)) => {
            let mut own = known.person.name.clone();
            // Who leaves the patronymic out is known by the rest.
            own.patronymic = own.patronymic.filter(|_| name.patronymic.is_some());
            let profile = known.profile();
            let same = match number {
                PersonNumber::Snils(snils) => profile.snils.as_ref() == Some(snils),
                PersonNumber::Inn(inn) => profile.inn.as_ref() == Some(inn),
            };
            full(name) == full(&own) && same
        }
    };
    Ok((fits && known.citizen.cabinet == Cabinet::Own).then_some((known, batch)))
}

/// A request, and whose cabinet it is if all agrees: that it was read is written down with them first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn look(app: &App, vault: &Vault, bearer: &StaffBearer, id: UnlockId) -> Result<Opened, Refusal> {
    let now = app.clock.now();
    let (member, asked) = look_up(app, bearer, id, now).await?;
    let said = item::open_said(vault, &asked)?;
    let known = whose(app, vault, &asked, &said).await?.map(|(known, _)| known);
    if let Some(known) = &known {
        app.store.put_reading(&reading(&member, known.citizen.id, &asked.office, "unlock", now)).await?;
    }
    Ok(Opened { asked, said, known })
}

/// What came of seeing the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is they: they and their document were seen by video.
    Seen,
    Refused,
}

/// Decides about a request. Whoever was seen has an unlock from then on, which somebody else agrees to; the old contacts are told
/// then. Said once more by the same member it stays so.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::UnlockOver`]; of seeing also: [`Refusal::UnlockDiffers`] when not all agrees with one cabinet,
/// [`Refusal::UnlockOpen`], [`Refusal::Fields`] for a phone that another cabinet has or is to have; [`Refusal::Busy`].
pub async fn decide(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    id: UnlockId,
    (verdict, reason): (Verdict, &str),
) -> Result<AskedUnlock, Refusal> {
    let moment = app.clock.moment();
    let (member, before) = look_up(app, bearer, id, moment.now).await?;
    let state = match verdict {
        Verdict::Seen => AskedState::Seen,
        Verdict::Refused => AskedState::Refused,
    };
    if before.state == state && before.decided.map(|(by, _)| by) == Some(member.id) {
        return Ok(before);
    }
    if !before.waits(moment.now) {
        return Err(Refusal::UnlockOver);
    }
    let said = item::open_said(vault, &before)?;
    let found = whose(app, vault, &before, &said).await?;
    let sealed = item::seal_reason(vault, id, reason, moment.nonce(DECIDED_NONCE))?;
    let after = AskedUnlock {
        state,
        decided: Some((member.id, moment.now)),
        reason: Some(sealed),
        version: before.version + 1,
        ..before.clone()
    };
    let mut commit = Commit::new();
    app.store.put_asked_unlock(&mut commit, Some(&before), &after)?;
    let subject = match verdict {
        Verdict::Seen => "unlock-opened",
        Verdict::Refused => "unlock-refused",
    };
    let of = found.as_ref().map(|(known, _)| known.citizen.id);
    if verdict == Verdict::Seen {
        let (known, batch) = found.ok_or(Refusal::UnlockDiffers)?;
        let by = (&member, &before);
        seen(app, vault, &mut commit, by, (&known, &batch), (&said, reason), &moment).await?;
    }
    if let Some(citizen) = of {
        app.store.put_reading(&reading(&member, citizen, &before.office, subject, moment.now)).await?;
    }
    super::unlock::write(app, commit).await?;
    Ok(after)
}

/// The unlock of whoever was seen.
async fn seen(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    (member, asked): (&Member, &AskedUnlock),
    (known, batch): (&Known, &Batch),
    (said, reason): (&AskedSaid, &str),
    moment: &Moment,
) -> Result<(), Refusal> {
    let citizen = known.citizen.id;
    let Ok(phone) = said.phone.parse::<Login>();
    let before = batch.unlock(citizen)?;
    phones::let_open(app, vault, (citizen, before.as_ref()), &phone, moment.now).await?;
    let mut opened = Unlock {
        id: UnlockId(moment.ulid(Draw::Unlock)),
        citizen,
        office: asked.office.clone(),
        state: UnlockState::Waiting,
        // So it is as old as the wish for it.
        asked_at: asked.asked_at,
        opened_by: member.id,
        identified: IdentifiedBy::Video,
        decided: None,
        phone: Vec::new(),
        why: Vec::new(),
        reason: None,
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    opened.phone = unlock::seal(vault, &opened, "tel", &said.phone, moment.nonce(PHONE_NONCE))?;
    opened.why = unlock::seal(vault, &opened, "wy", reason, moment.nonce(WHY_NONCE))?;
    Ok(app.store.put_unlock(commit, before.as_ref(), &opened)?)
}

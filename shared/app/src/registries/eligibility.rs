//! Whether somebody is entitled to a service: asked before it is booked, and afterwards of whom nobody answered (BKG-3).

use super::Inquiry;
use crate::book::held;
use crate::called::joined;
use crate::refusal::WrongField;
use crate::why::Why;
use crate::{App, Caller, Refusal, floods};
use domain::appointment::{Action, Appointment, By, Mark, Phase};
use domain::catalogue::Service;
use domain::citizen::{Citizen, Name};
use domain::floods::ENTITLED_DAY;
use domain::profile::{Demand, Profile};
use domain::registry::{Differing, EligibilityQuestion, EligibilitySaid, Holder};
use domain::{AppointmentId, CitizenId, Moment, OfficeId, ServiceId};
use planted::{Bug, planted};
use store::items::appointment::seal_reason;
use store::items::citizen as record;
use store::items::registry::{Said, ToAsk};
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// What is known of whoever books, when they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entitled {
    /// The service asks for nothing.
    NotAsked,
    Said(EligibilitySaid),
    /// No answer came in time, or there was nothing to ask by.
    Nobody,
}

impl Entitled {
    /// How an appointment is marked that is booked now; whoever works here and has a reason books all the same.
    ///
    /// # Errors
    /// [`Refusal::NotEligible`] with the registry's reason; [`Refusal::Fields`] that it knows otherwise; to whoever is not to hear
    /// either, one [`Refusal::EntitlementUntold`] for both.
    pub(crate) fn mark(
        &self,
        service: &Service,
        office: &OfficeId,
        (caller, citizen): (&Caller, &Citizen),
        why: Option<&Why>,
    ) -> Result<Mark, Refusal> {
        let said = match self {
            _ if service.eligibility == Demand::NotAsked => return Ok(Mark::Confirmed),
            Entitled::Said(EligibilitySaid::Eligible) => return Ok(Mark::Confirmed),
            Entitled::Said(said) if !caller.overrides(why) => said,
            _ => return Ok(Mark::NeedsCheck),
        };
        let told = is_told(caller, citizen);
        let office = office.clone();
        Err(match said {
            EligibilitySaid::NotEligible(_) | EligibilitySaid::Differs(_) if !told => {
                Refusal::EntitlementUntold { office }
            }
            EligibilitySaid::NotEligible(reason) => Refusal::NotEligible { reason: reason.clone(), office },
            EligibilitySaid::Differs(all) => {
                let wrong = |one: &Differing| WrongField::new(field(*one), "differs-in-registry");
                Refusal::Fields(all.iter().map(wrong).collect())
            }
            _ => return Ok(Mark::NeedsCheck),
        })
    }
}

/// Whether a caller hears what a registry knows of somebody: a member has seen who it is.
fn is_told(caller: &Caller, citizen: &Citizen) -> bool {
    matches!(caller, Caller::Staff(..)) || citizen.hears_of_themselves()
}

/// The part of the profile, as its form has it.
fn field(differing: Differing) -> &'static str {
    match differing {
        Differing::Name => "name",
        Differing::BirthDate => "birthDate",
        Differing::Snils => "snils",
        Differing::Paper => "identityDocument",
    }
}

fn question(
    vault: &Vault,
    name: &Name,
    profile: &Profile,
    service: &ServiceId,
    moment: &Moment,
) -> Option<EligibilityQuestion> {
    let holder = Holder::of(name, profile)?;
    let (born, today) = (holder.birth_on.to_string(), moment.now.date_naive().to_string());
    let paper = holder.paper.as_ref();
    let issued = paper.map(|paper| paper.issued_on.to_string()).unwrap_or_default();
    let parts = [
        service.as_str(),
        &name.surname,
        &name.given,
        name.patronymic.as_deref().unwrap_or_default(),
        &born,
        holder.snils.as_ref().map(|snils| snils.as_str()).unwrap_or_default(),
        paper.map(|paper| paper.kind.name()).unwrap_or_default(),
        paper.and_then(|paper| paper.series.as_deref()).unwrap_or_default(),
        paper.map(|paper| paper.number.as_str()).unwrap_or_default(),
        &issued,
        &today,
    ];
    let request = vault.lookup("eligibility", &joined(&parts));
    Some(EligibilityQuestion { request, holder, service: service.clone() })
}

async fn inquiry(
    app: &App,
    vault: &Vault,
    question: EligibilityQuestion,
    moment: &Moment,
) -> Result<Inquiry<EligibilityQuestion, EligibilitySaid>, Refusal> {
    let question = Box::new(question);
    match app.store.registry_answer(&question.request, vault, moment).await? {
        Some(Said::Eligibility(said)) => Ok(Inquiry::Said(question, said)),
        _ => Ok(Inquiry::Ask(question)),
    }
}

/// Whether a registry is asked about whoever books a service.
pub fn is_asked(app: &App, service: &ServiceId) -> bool {
    app.catalogue.services.get(service).is_some_and(|service| service.eligibility == Demand::Asked)
}

/// What is to be asked before somebody books a service; nothing of whom nothing is known to ask by.
///
/// # Errors
/// As [`Caller::check`]; [`Refusal::TooManyTries`] when registries were asked about one after another in a cabinet of which
/// nobody knows whose it is.
pub async fn before_booking(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    service: &ServiceId,
) -> Result<Inquiry<EligibilityQuestion, EligibilitySaid>, Refusal> {
    let moment = app.clock.moment();
    let (citizen, inquiry) = look(app, vault, caller, service, &moment).await?;
    if matches!(inquiry, Inquiry::Ask(_)) && !is_told(caller, &citizen) {
        floods::within(app, ENTITLED_DAY, citizen.id.0, moment.now).await?;
    }
    Ok(inquiry)
}

/// What was said of somebody today already. Nobody is asked: whoever joins a line was told no when they booked, or was not.
///
/// # Errors
/// As [`Caller::check`].
pub async fn said_today(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    service: &ServiceId,
) -> Result<Entitled, Refusal> {
    match look(app, vault, caller, service, &app.clock.moment()).await? {
        (_, Inquiry::Said(_, said)) => Ok(Entitled::Said(said)),
        _ => Ok(Entitled::Nobody),
    }
}

async fn look(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    service: &ServiceId,
    moment: &Moment,
) -> Result<(Citizen, Inquiry<EligibilityQuestion, EligibilitySaid>), Refusal> {
    let citizen = caller.citizen();
    let batch = app.store.read(&caller.with([keys::profile(citizen)])).await?;
    let found = caller.check(&batch, moment.now)?;
    caller.covers(&batch, service, moment.now)?;
    let item = batch.item(&keys::me(citizen)).ok_or(Refusal::Unauthorized)?;
    let (person, kept) = (record::person(item, vault)?, batch.profile(citizen, vault)?);
    let inquiry = match question(vault, &person.name, &kept.profile, service, moment) {
        Some(question) => inquiry(app, vault, question, moment).await?,
        None => Inquiry::Nothing,
    };
    Ok((found, inquiry))
}

/// Keeps a clear answer for a day.
///
/// # Errors
/// The table's own.
pub async fn keep(
    app: &App,
    vault: &Vault,
    asked: &EligibilityQuestion,
    said: &EligibilitySaid,
) -> Result<(), Refusal> {
    let said = Said::Eligibility(said.clone());
    Ok(app.store.keep_registry_answer(&asked.request, &said, vault, &app.clock.moment()).await?)
}

/// Somebody's appointment that is to be asked about.
struct Open {
    holder: Citizen,
    to_ask: ToAsk,
    appointment: Appointment,
}

async fn open(
    app: &App,
    citizen: CitizenId,
    id: AppointmentId,
    moment: &Moment,
) -> Result<Option<Open>, Refusal> {
    let wanted = [keys::eligibility(citizen, id), keys::appointment(citizen, id), keys::me(citizen)];
    let batch = app.store.read(&wanted).await?;
    let Some(to_ask) = batch.to_ask(citizen, id)?.filter(|to_ask| to_ask.asking.is_some()) else {
        return Ok(None);
    };
    let (Some(appointment), Some(holder)) = (batch.appointment(citizen, id)?, batch.citizen(citizen)?) else {
        return Ok(None);
    };
    let ahead = appointment.phase == Phase::Planned && appointment.seat.starts_at > moment.now;
    if ahead && appointment.mark == Mark::NeedsCheck {
        return Ok(Some(Open { holder, to_ask, appointment }));
    }
    // Nobody needs to know any more. Whoever was faster knows better.
    let mut commit = Commit::new();
    app.store.keep_to_ask(&mut commit, &to_ask, None)?;
    drop(app.store.commit(commit).await);
    Ok(None)
}

/// Whether the holder of an appointment is to be asked about now, and what.
///
/// # Errors
/// The table's own; [`Refusal::Busy`].
pub async fn due(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    id: AppointmentId,
) -> Result<Inquiry<EligibilityQuestion, EligibilitySaid>, Refusal> {
    let moment = app.clock.moment();
    let Some(open) = open(app, citizen, id, &moment).await? else { return Ok(Inquiry::Nothing) };
    if open.to_ask.asking.is_some_and(|asking| asking.next_at > moment.now) {
        return Ok(Inquiry::Nothing);
    }
    let Some(known) = super::policy::known(app, vault, citizen).await? else { return Ok(Inquiry::Nothing) };
    let service = &open.appointment.service;
    match question(vault, &known.person.name, &known.kept.profile, service, &moment) {
        Some(question) => inquiry(app, vault, question, &moment).await,
        None => {
            settle(app, vault, citizen, id, None).await?;
            Ok(Inquiry::Nothing)
        }
    }
}

/// Writes down what was said of an appointment's holder; none, or nothing clear, is asked again until it was often enough.
/// A no cancels nothing: the mark stays, and the citizen is told what to bring and to whom to turn.
///
/// # Errors
/// [`Refusal::Busy`] when others were faster all the time.
pub async fn settle(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    id: AppointmentId,
    said: Option<&EligibilitySaid>,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let Some(open) = open(app, citizen, id, &moment).await? else { return Ok(()) };
        let commit = written(app, vault, open, said, &moment).await?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            Committed::Refused(_) | Committed::Conflict | Committed::Unknown(_) => {}
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

async fn written(
    app: &App,
    vault: &Vault,
    Open { holder, to_ask, appointment: before }: Open,
    said: Option<&EligibilitySaid>,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let mut commit = Commit::new();
    let open = matches!(said, None | Some(EligibilitySaid::Unclear));
    let again = to_ask.asking.and_then(|asking| asking.again(moment.now)).filter(|_| open);
    if planted(Bug::SilenceIsAnAnswer) && said.is_none() {
        app.store.keep_to_ask(&mut commit, &to_ask, None)?;
        return Ok(commit);
    }
    app.store.keep_to_ask(&mut commit, &to_ask, again)?;
    if again.is_some() {
        return Ok(commit);
    }
    let mut after = before.clone();
    after.version += 1;
    let (action, reason) = match said {
        Some(EligibilitySaid::Eligible) => {
            let moved = before.changes.iter().any(|change| change.action == Action::Moved);
            after.mark = if moved { Mark::Changed } else { Mark::Confirmed };
            (Action::EligibilityConfirmed, None)
        }
        Some(EligibilitySaid::NotEligible(reason)) => {
            // The holder reads the history, and is written to.
            (Action::EligibilityDoubted, holder.hears_of_themselves().then_some(reason))
        }
        _ => (Action::EligibilityDoubted, None),
    };
    let seal = |reason: &String| seal_reason(vault, after.id, after.version, reason, moment.nonce(0));
    let reason = reason.map(seal).transpose()?;
    after.record(action, By::SYSTEM, reason, moment);
    // The holder's guard knows the appointment's version: whoever moves it goes by that.
    let mut active = app.store.read(&[keys::active(before.citizen)]).await?.active(before.citizen)?;
    active = active.tidied(moment.now);
    active.hold(held(&after), moment.now);
    app.store.keep_active(&mut commit, before.citizen, &active)?;
    app.store.keep_appointment(&mut commit, after, before.version)?;
    Ok(commit)
}

//! Booking a slot: its cells, the person's guard and the appointment in one conditional write (BKG-1, BKG-2, BKG-5).

use crate::attempt::{Operation, Step, settle_and_help};
use crate::registries::eligibility::Entitled;
use crate::signing::{self, Given, Proved, Wanted};
use crate::why::Why;
use crate::{App, Caller, Refusal, alternatives, documents, seat, tell};
use chrono::{DateTime, Utc};
use domain::active::{Active, Held};
use domain::appointment::{Action, Application, Appointment, Mark, Phase};
use domain::citizen::Citizen;
use domain::document::Folder;
use domain::moment::Draw;
use domain::number::{Number, queue_number, visit_code};
use domain::page::Pages;
use domain::profile::Demand;
use domain::signing::Subject;
use domain::visit::Visit;
use domain::waitlist::{EntryAction, EntryChange};
use domain::{AppointmentId, Moment, OfficeId, OperationId, ServiceId, SpecialistId};
use planted::{Bug, planted};
use store::access::pages::Reading;
use store::items::{appointment as item, citizen};
use store::{Commit, Item, Vault, keys};

/// The rules of a visit that are agreed to with each booking (BKG-8).
pub const RULES_VERSION: &str = "2026-11";

/// What is asked for.
#[derive(Clone)]
pub struct Booking {
    pub office: OfficeId,
    pub service: ServiceId,
    pub starts_at: DateTime<Utc>,
    /// Who is asked for; none: whoever is free.
    pub specialist: Option<SpecialistId>,
    /// Why somebody who works here books it; time that is kept for emergencies has one.
    pub why: Option<Why>,
    pub application: Application,
    /// What a registry says of whoever is to be received.
    pub entitled: Entitled,
    /// The signature of the application, where one was sent.
    pub signature: Option<Given>,
}

/// Books a slot. A retried request answers the same appointment.
///
/// Whoever waited in line for the service stops waiting by booking it.
///
/// # Errors
/// [`Refusal::SlotTaken`] only if the slot was really taken at some instant during the call, with the nearest
/// alternatives; [`Refusal::NotReady`], [`Refusal::AlreadyBooked`] and the rest of what may stand in the way.
pub async fn book(
    app: &App,
    vault: Option<&Vault>,
    caller: &Caller,
    operation: &Operation,
    asked: &Booking,
) -> Result<Appointment, Refusal> {
    let (office, service) = (app.office(&asked.office)?, app.service(&asked.service)?);
    let starts_at = asked.starts_at;
    let help = |refusal, active: Active| async move {
        match refusal {
            Refusal::SlotTaken { .. } => {
                let now = app.clock.now();
                let asking = caller.asking(asked.specialist.as_ref(), asked.why.as_ref(), now);
                let near = alternatives::nearest(app, office, service, starts_at, &asking, &active);
                let alternatives = near.await;
                Refusal::SlotTaken { alternatives }
            }
            other => other,
        }
    };
    let step = |moment| step(app, vault, caller, operation, asked, moment);
    settle_and_help(app, caller.citizen(), step, help).await
}

/// Refuses whoever has an offer or an appointment for the service.
fn stands_in_the_way(active: &Active, service: &ServiceId, now: DateTime<Utc>) -> Result<(), Refusal> {
    if let Some(offer) = active.offer.as_ref().filter(|offer| offer.service == *service) {
        return Err(Refusal::OfferOpen { offer: offer.id });
    }
    match active.held(service, now) {
        Some(held) => Err(Refusal::AlreadyBooked { appointment: held.id }),
        None => Ok(()),
    }
}

async fn step(
    app: &App,
    vault: Option<&Vault>,
    caller: &Caller,
    operation: &Operation,
    asked: &Booking,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let office = app.office(&asked.office)?;
    let on = asked.starts_at.with_timezone(&office.zone).date_naive();
    let service = app.service(&asked.service)?;
    let folder = documents::key(caller, service);
    let subject = Subject::Booking(asked.service.clone());
    let signing = signing::keys(caller, &subject, asked.signature.as_ref());
    let wanted = caller.with([keys::active(caller.citizen())].into_iter().chain(folder).chain(signing));
    let (batch, pages, version) = futures::join!(
        app.store.read(&wanted),
        app.store.pages(&office.id, on, Some(on), Reading::Decide),
        app.store.office_now(&office.id, Reading::Look)
    );
    let (batch, pages, version) = (batch?, pages?, version?);
    let citizen = caller.check(&batch, moment.now)?;
    let active = batch.active(citizen.id)?;
    if let Some(result) = operation.seen(&active)? {
        let found = app.store.appointment(citizen.id, AppointmentId(result), None).await?;
        return found.map(Step::Done).ok_or(Refusal::NotFound);
    }
    caller.at(app, &batch, &office.id)?;
    caller.covers(&batch, &asked.service, moment.now)?;
    let folder = batch.folder(citizen.id, &asked.service)?;
    let wanted = Wanted { subject, office, application: &asked.application };
    let needed = if signing::signs(caller, service) { Demand::Asked } else { Demand::NotAsked };
    let proved =
        match signing::prove(caller, (&batch, vault), needed, &wanted, asked.signature.as_ref(), &moment) {
            Ok(proved) => proved,
            Err(refusal) => return Step::of(Err(refusal), active, Some(operation)),
        };
    let asked = &with_contacts_of_its_own(asked, batch.item(&keys::me(citizen.id)), vault)?;
    let who = (&citizen, &folder, proved.as_ref());
    let decide = |app: &App| decide(app, vault, caller, who, &active, &pages, operation, asked, &moment);
    let decided = seat::by_newest(app, &asked.office, version, &pages, decide).await?;
    let decided = decided.and_then(|decided| caller.stays(&batch).map(|()| decided));
    let decided = caller.bound(app, &batch, decided);
    if let (Ok((_, appointment)), true) = (&decided, planted(Bug::NoticeFirst)) {
        tell::foretell(app, appointment).await?;
    }
    Step::of(decided, active, Some(operation))
}

/// A phone or an address that is the profile's is none of the visit's own: another in the profile counts for it too (CHG-5).
pub(crate) fn own_contacts(
    application: &mut Application,
    record: Option<&Item>,
    vault: &Vault,
) -> Result<(), Refusal> {
    let given = application.phone.is_some() || application.email.is_some();
    if let (true, Some(record)) = (given, record) {
        let person = citizen::person(record, vault)?;
        application.phone.take_if(|phone| *phone == person.phone);
        application.email.take_if(|email| *email == person.email);
    }
    Ok(())
}

/// The same booking, with the contacts of the visit's own.
fn with_contacts_of_its_own(
    asked: &Booking,
    record: Option<&Item>,
    vault: Option<&Vault>,
) -> Result<Booking, Refusal> {
    let mut asked = asked.clone();
    if let Some(vault) = vault {
        own_contacts(&mut asked.application, record, vault)?;
    }
    Ok(asked)
}

#[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and when")]
fn decide(
    app: &App,
    vault: Option<&Vault>,
    caller: &Caller,
    (citizen, folder, proved): (&Citizen, &Folder, Option<&Proved>),
    active: &Active,
    pages: &Pages,
    operation: &Operation,
    asked: &Booking,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let (office, service) = (app.office(&asked.office)?, app.service(&asked.service)?);
    let why = asked.why.as_ref();
    caller.ready(citizen, app.catalogue.policy(office, service), why)?;
    let mark = asked.entitled.mark(service, &office.id, (caller, citizen), why)?;
    signing::preferable(office, service, &asked.application.preferred, moment.now)?;
    documents::complete(caller, folder, service, moment.now.with_timezone(&office.zone).date_naive(), why)?;
    stands_in_the_way(active, &asked.service, moment.now)?;
    let by = caller.by();
    if by.is_own()
        && let Some(until) = active.paused(&asked.service, moment.now)
    {
        return Err(Refusal::ServicePaused { until, office: office.id.clone() });
    }
    let mut after = active.tidied(moment.now);
    let asking = caller.asking(asked.specialist.as_ref(), asked.why.as_ref(), moment.now);
    let seat = seat::find(app, office, service, asked.starts_at, &asking, citizen.id, pages, None)?;
    after
        .may_hold(&asked.service, &seat, None, moment.now)
        .map_err(|cannot| seat::cannot_hold(cannot, &seat))?;

    let id = AppointmentId(moment.ulid(Draw::Appointment));
    let mut appointment = Appointment {
        id,
        citizen: citizen.id,
        service: asked.service.clone(),
        queue_number: queue_number(&app.catalogue, office, &seat.window, seat.on, seat.cells.from()),
        number: Number::draw(moment),
        code: visit_code(moment),
        phase: Phase::Planned,
        mark,
        version: 1,
        changes: Vec::new(),
        application: Application {
            signed: proved.map(|proved| proved.signed(1, moment)),
            ..asked.application.clone()
        },
        corrected: 0,
        visit: Visit::default(),
        specialist: asking.with.and_then(|_| seat::receives_there(app, office, &seat)),
        seat,
    };
    let why = asked.why.as_ref().map(|why| why.seal(id, 1, moment)).transpose()?;
    appointment.record(Action::Booked, by, why, moment);
    let sealed = match vault {
        Some(vault) => item::seal(vault, id, &appointment.application, moment.nonce(1))?,
        None => None,
    };
    let mut commit = Commit::new();
    app.store.take(&mut commit, &appointment.seat.page(), appointment.seat.cells, office.version);
    app.store.put_appointment(&mut commit, &appointment, sealed)?;
    if let (Some(proved), Some(vault)) = (proved, vault) {
        proved.keep((app, vault), &mut commit, (citizen.id, id, 1), moment)?;
    }
    if mark == Mark::NeedsCheck {
        app.store.ask_about(&mut commit, citizen.id, id, moment)?;
    }
    if after.ticket(&asked.service).is_some() {
        let served = EntryChange {
            version: 0,
            actor: by.actor,
            member: by.member,
            representative: by.representative,
            action: EntryAction::Booked,
            at: moment.now,
            operation: OperationId(moment.ulid(Draw::Operation)),
            offer: None,
            why: None,
        };
        app.store.serve_entry(&mut commit, citizen.id, &asked.service, &served)?;
        after.waiting.retain(|(waiting, _)| *waiting != asked.service);
    }
    after.hold(held(&appointment), moment.now);
    after.remember(operation.done(id.0));
    app.store.keep_active(&mut commit, citizen.id, &after)?;
    Ok((commit, appointment))
}

/// An appointment as its holder's guard keeps it.
pub(crate) fn held(appointment: &Appointment) -> Held {
    Held {
        service: appointment.service.clone(),
        id: appointment.id,
        seat: appointment.seat.clone(),
        number: appointment.number.clone(),
        version: appointment.version,
    }
}

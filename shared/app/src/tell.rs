//! What to tell somebody, decided from the table just before it is sent (NTF-2, NTF-6).
//!
//! A message names a fact; whether it is still so, whether it was told already, and whether people sleep is read
//! here. A reminder is claimed before it is sent, so that it is never sent twice; everything else is sent at
//! least once, with the same number each time.

mod about;

use crate::{App, Refusal, floods};
use about::{about_appointment, about_offer, with_changes, with_lacking};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::AccountEvent;
use domain::appointment::Appointment;
use domain::catalogue::Office;
use domain::citizen::{Citizen, Person};
use domain::document::FileState;
use domain::floods::VISIT_PHONE_DAY;
use domain::limits::DELETION_GRACE;
use domain::notice::NoticeKind;
use domain::unlock::UNLOCK_WAITS;
use domain::waitlist::asleep_until;
use domain::{AccountEventId, AppointmentId, CitizenId, FileId, OfferId};
use planted::{Bug, planted};
use store::items::citizen as record;
use store::items::note::{self, About, Note, NoteState, NoticeId};
use store::items::{account, appointment};
use store::{StoreError, Vault, keys};

/// Offers held longer than this get one nudge, halfway.
const NUDGE_FROM: TimeDelta = TimeDelta::minutes(60);

/// What came of looking.
#[derive(Debug)]
pub enum Telling {
    /// To be sent now.
    Send(Box<ToSend>),
    /// Told already, put off till the morning, or no longer true; a record says which.
    Nothing,
}

/// A notice and everything that sending it needs.
#[derive(Debug)]
pub struct ToSend {
    pub note: Note,
    /// The state in which the note stands in the table; none when it is not there.
    pub was: Option<NoteState>,
    pub about: About,
    /// The reason that the notice gives, in clear.
    pub reason: Option<String>,
    /// Who is told.
    pub citizen: Citizen,
    pub person: Person,
    /// Where SMS go.
    pub phone: String,
    /// Whether it may be tried again: not so a reminder.
    pub again: bool,
    /// Whom whoever is told acts for, by first name; none: it is their own.
    pub behalf: Option<String>,
}

/// A fact looked at for its citizen, and who else is to hear of it.
#[derive(Debug)]
pub struct Looked {
    pub telling: Telling,
    /// Who may act for the citizen at some time.
    pub representatives: Vec<CitizenId>,
}

/// Looks at a fact that is to be told to the citizen whose it is.
///
/// # Errors
/// When the table or the keys cannot be had: the message comes back later.
pub async fn look(app: &App, vault: &Vault, citizen: CitizenId, id: &NoticeId) -> Result<Looked, Refusal> {
    look_for(app, vault, citizen, citizen, id).await
}

/// The same for somebody who acts for that citizen. Nothing is told to whom may not act in it now.
///
/// # Errors
/// As [`look`].
pub async fn look_for_representative(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    representative: CitizenId,
    id: &NoticeId,
) -> Result<Telling, Refusal> {
    // What happens to a cabinet is its owner's alone.
    if AccountEvent::of(id.kind).is_some() {
        return Ok(Telling::Nothing);
    }
    Ok(look_for(app, vault, citizen, representative, id).await?.telling)
}

async fn look_for(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    to: CitizenId,
    id: &NoticeId,
) -> Result<Looked, Refusal> {
    let now = app.clock.now();
    let subject = match id.kind {
        NoticeKind::OfferMade
        | NoticeKind::OfferNudge
        | NoticeKind::OfferLapsed
        | NoticeKind::OfferLapsedPaused
        | NoticeKind::OfferWithdrawn => keys::offer(citizen, OfferId(id.subject)),
        kind if AccountEvent::of(kind).is_some() => keys::account_event(citizen, AccountEventId(id.subject)),
        _ => keys::appointment(citizen, AppointmentId(id.subject)),
    };
    let note_key = keys::note(to, &id.to_string());
    let (of, me) = (keys::me(citizen), keys::me(to));
    let mut wanted = vec![note_key, of.clone(), subject];
    if to != citizen {
        wanted.extend([me.clone(), keys::representation(citizen, to)]);
    }
    if matches!(id.kind, NoticeKind::OfferMade | NoticeKind::OfferNudge) {
        wanted.push(keys::active(citizen));
    }
    let refused = async {
        match id.kind {
            NoticeKind::FileRefused => about_file(app, citizen, FileId(id.subject)).await,
            _ => Ok(None),
        }
    };
    let (batch, refused) = futures::join!(app.store.read(&wanted), refused);
    let (batch, refused) = (batch?, refused?);
    let Some(beneficiary) = batch.told_citizen(citizen)? else { return Ok(Looked::nothing(Vec::new())) };
    let representatives = beneficiary.representatives.clone();
    let found = batch.note(to, &id.to_string())?;
    let was = found.as_ref().map(|note| note.state);
    let over =
        matches!(was, Some(NoteState::Sent | NoteState::Dropped | NoteState::Failed | NoteState::Claimed));
    let later = found.as_ref().and_then(|note| note.due_at).is_some_and(|due| due > now);
    if over || later {
        return Ok(Looked::nothing(representatives));
    }
    let mut note = found.unwrap_or_else(|| Note {
        citizen: to,
        id: id.clone(),
        state: NoteState::Pending,
        due_at: None,
        sent: Vec::new(),
        about: None,
        of: (to != citizen).then_some(citizen),
    });
    note.due_at = None;
    // Into a cabinet that was closed goes nothing but what happened to the cabinet itself.
    let record_of = match AccountEvent::of(id.kind) {
        Some(_) => batch.told_citizen(to)?,
        None if planted(Bug::ToldOnceClosed) => batch.told_citizen(to)?,
        None => batch.citizen(to)?,
    };
    let (Some(item), Some(mut record_of)) = (batch.item(&me), record_of) else {
        return Ok(Looked::nothing(representatives));
    };
    let appointment = match batch.item(&keys::appointment(citizen, AppointmentId(id.subject))) {
        Some(item) => Some(with_changes(app, appointment::from_item(item, Some(vault))?, id.version).await?),
        None => None,
    };
    let offer = batch.offer(citizen, OfferId(id.subject))?;
    let event = batch.item(&keys::account_event(citizen, AccountEventId(id.subject)));
    let event = event.map(account::from_item).transpose()?;
    let about = match (&appointment, &offer, &event) {
        (Some(appointment), ..) => about_appointment(id, appointment, now),
        (_, Some(offer), _) => about_offer(id, offer, &batch.active(citizen)?, now),
        // What happened to a cabinet stays so.
        (.., Some(event)) => {
            let till = match event.event {
                AccountEvent::DeletionAsked => Some(event.at + DELETION_GRACE),
                AccountEvent::UnlockPromised => Some(event.at + UNLOCK_WAITS),
                _ => None,
            };
            let u = till.map(|till| till.timestamp());
            Some(About { rs: event.why.clone(), u, ..About::of(event.at) })
        }
        _ => refused,
    };
    let about = match (about, &appointment) {
        (Some(about), Some(appointment)) => Some(with_lacking(app, id, appointment, about).await?),
        (about, _) => about,
    };
    let about = about.or_else(|| note.about.clone().filter(|_| planted(Bug::NoticeFirst)));
    let Some(about) = about else {
        note.state = NoteState::Dropped;
        // Whoever acts for somebody was told nothing of it yet.
        if to == citizen || was.is_some() {
            app.store.keep_note(&note, was).await?;
        }
        return Ok(Looked::nothing(representatives));
    };
    if to != citizen {
        let between = batch.representation(citizen, to)?;
        let acts = about.v.parse().is_ok_and(|service| between.by(&service, now).is_some());
        if !acts {
            if was.is_some() {
                note.state = NoteState::Dropped;
                app.store.keep_note(&note, was).await?;
            }
            return Ok(Looked::nothing(representatives));
        }
    }
    if let Some(morning) = sleeping(app, id.kind, &about, now) {
        note.due_at = Some(morning);
        note.about = Some(about);
        app.store.keep_note(&note, was).await?;
        return Ok(Looked::nothing(representatives));
    }
    let again = !matches!(id.kind, NoticeKind::ReminderDay | NoticeKind::ReminderHour);
    let mut standing = was;
    if !again {
        note.state = NoteState::Claimed;
        note.about = Some(about.clone());
        if !app.store.keep_note(&note, was).await? {
            return Ok(Looked::nothing(representatives));
        }
        standing = Some(NoteState::Claimed);
    }
    let mut person = record::person(item, vault)?;
    if let Some((event, sealed)) = event.as_ref().and_then(|event| Some((event, event.former.as_ref()?))) {
        // Whoever has what was given up is told there: it may have been taken from them. So is the phone that is to be.
        let former = event.open(vault, "fm", sealed)?;
        match event.event {
            AccountEvent::PhoneChanged | AccountEvent::Unlocked | AccountEvent::UnlockPromised => {
                person.phone = former;
            }
            _ => person.email = former,
        }
    }
    if let Some((event, sealed)) =
        event.as_ref().and_then(|event| Some((event, event.former_email.as_ref()?)))
    {
        // It counted until this happened: nobody else would tell its owner.
        person.email = event.open(vault, "fe", sealed)?;
        record_of.email_confirmed_at = Some(event.at);
    }
    let reason = note::reason(id, &about, vault)?;
    // Whoever gave another phone for this visit wants its SMS there (BKG-8): they signed in to say so, and mail and
    // inbox tell them too, should it be mistyped. The address given for the visit is for those who prepare it: nobody
    // has confirmed it, and nothing about appointments goes to an address that is not confirmed (ACC-2).
    let of_visit = appointment.filter(|_| to == citizen);
    let of_visit = of_visit.and_then(|visit| visit.application.phone.map(|phone| (visit.id, phone)));
    let phone = match of_visit {
        Some((visit, phone)) if few(app, visit, now).await? => phone,
        _ => person.phone.clone(),
    };
    let behalf = match batch.item(&of).filter(|_| to != citizen) {
        Some(item) => Some(record::person(item, vault)?.name.given),
        None => None,
    };
    let sending =
        ToSend { note, was: standing, about, reason, citizen: record_of, person, phone, again, behalf };
    Ok(Looked { telling: Telling::Send(Box::new(sending)), representatives })
}

/// Whether one more SMS may go to the phone of a visit today; beyond that they go to the profile's, and none is lost.
async fn few(app: &App, visit: AppointmentId, now: DateTime<Utc>) -> Result<bool, Refusal> {
    match floods::within(app, VISIT_PHONE_DAY, visit.0, now).await {
        Ok(()) => Ok(true),
        Err(Refusal::TooManyTries { .. }) => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

impl Looked {
    fn nothing(representatives: Vec<CitizenId>) -> Self {
        Self { telling: Telling::Nothing, representatives }
    }
}

/// Puts the notice of a booking before the booking, to be believed as it stands: what nobody may do.
pub(crate) async fn foretell(app: &App, appointment: &Appointment) -> Result<(), Refusal> {
    let at = appointment.changes.first().map_or(appointment.seat.starts_at, |change| change.at);
    let id = NoticeId { at, kind: NoticeKind::Booked, subject: appointment.id.0, version: 1 };
    let about = about_appointment(&id, appointment, at);
    let (citizen, state) = (appointment.citizen, NoteState::Planned);
    app.store.put_note(&Note { citizen, id, state, due_at: None, sent: Vec::new(), about, of: None }).await?;
    Ok(())
}

/// Records how sending went, and plans what follows from it.
///
/// # Errors
/// As [`look`]: then the notice may be sent once more, with the same number.
pub async fn record(
    app: &App,
    sent: &ToSend,
    state: NoteState,
    channels: Vec<(String, String)>,
) -> Result<(), Refusal> {
    let note = Note { state, sent: channels, about: Some(sent.about.clone()), ..sent.note.clone() };
    app.store.keep_note(&note, sent.was).await?;
    // Whoever acts for somebody is nudged when that one is.
    if state == NoteState::Sent && note.id.kind == NoticeKind::OfferMade && note.of.is_none() {
        plan_nudge(app, &note, &sent.about).await?;
    }
    Ok(())
}

/// One nudge, halfway to the end of an offer that is held long enough.
async fn plan_nudge(app: &App, made: &Note, about: &About) -> Result<(), Refusal> {
    let now = app.clock.now();
    let Some(until) = about.u.and_then(|until| DateTime::from_timestamp(until, 0)) else { return Ok(()) };
    // By the offer and not by this sending of it: its notice may be sent twice, and has one nudge.
    let halfway = made.id.at + (until - made.id.at) / 2;
    if until - made.id.at < NUDGE_FROM || halfway <= now {
        return Ok(());
    }
    let id = NoticeId { at: halfway, kind: NoticeKind::OfferNudge, ..made.id.clone() };
    let nudge = Note {
        citizen: made.citizen,
        id,
        state: NoteState::Planned,
        due_at: Some(halfway),
        sent: Vec::new(),
        about: None,
        of: None,
    };
    app.store.put_note(&nudge).await?;
    Ok(())
}

/// In quiet hours of the office: when the morning begins, for what can wait.
fn sleeping(app: &App, kind: NoticeKind, about: &About, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !kind.waits_for_morning() {
        return None;
    }
    let office: Option<&Office> = about.o.parse().ok().and_then(|id| app.catalogue.offices.get(&id));
    let morning = asleep_until(office?.zone, now)?;
    // A reminder of something that begins before people wake is better sent at night than never.
    (about.s > morning.timestamp()).then_some(morning)
}

/// The facts of a file that was refused; none when it was taken back since.
async fn about_file(app: &App, citizen: CitizenId, id: FileId) -> Result<Option<About>, StoreError> {
    let folders = app.store.folders(citizen).await?;
    let found = folders.iter().find_map(|(service, folder)| Some((service, folder.file(id)?)));
    Ok(found.and_then(|(service, file)| {
        let FileState::Refused { at, reason } = &file.state else { return None };
        let told = (file.document.to_string(), reason.code.clone(), reason.facts.clone());
        Some(About { v: service.to_string(), f: Some(told), ..About::of(*at) })
    }))
}

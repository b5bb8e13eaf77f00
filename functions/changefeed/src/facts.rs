//! What follows from each fact.

use app::documents::FileRef;
use aws_lambda_events::dynamodb::EventRecord;
use domain::active::Active;
use domain::appointment::{Action, Appointment};
use domain::document::{FileState, Folder};
use domain::notice::NoticeKind;
use domain::page::{Page, PageKey};
use domain::waitlist::{Entry, EntryAction, EntryChange, EntryState, Offer, OfferState};
use domain::{CitizenId, OfficeId, OperationId, ServiceId, appointment::Actor};
use lambda::{Edge, Error};
use messages::{Inquiry, Keeping, Parked, Telling, Upload, Work};
use store::change::Fact;
use store::items::note::{Note, NoticeId};
use store::items::office::OfficeChange;
use store::items::reference::ReferenceChange;
use store::keys;

/// Messages collected from a batch.
#[derive(Debug, Default)]
pub struct Follow {
    work: Vec<String>,
    tellings: Vec<String>,
    uploads: Vec<String>,
    inquiries: Vec<String>,
    keeping: Vec<String>,
    parked: Vec<String>,
}

impl Follow {
    fn work(&mut self, work: &Work) -> Result<(), Error> {
        self.work.push(messages::write(work)?);
        Ok(())
    }

    fn tell(&mut self, telling: &Telling) -> Result<(), Error> {
        self.tellings.push(messages::write(telling)?);
        Ok(())
    }

    fn upload(&mut self, upload: &Upload) -> Result<(), Error> {
        self.uploads.push(messages::write(upload)?);
        Ok(())
    }

    fn inquire(&mut self, inquiry: &Inquiry) -> Result<(), Error> {
        self.inquiries.push(messages::write(inquiry)?);
        Ok(())
    }

    fn keep(&mut self, keeping: &Keeping) -> Result<(), Error> {
        self.keeping.push(messages::write(keeping)?);
        Ok(())
    }

    /// Puts a record aside that cannot be understood, so that nothing behind it waits.
    ///
    /// # Errors
    /// When the record names no item.
    pub fn park(&mut self, record: &EventRecord) -> Result<(), Error> {
        let key = store::change::key(record).ok_or("a record without keys")?;
        let sequence = record.change.sequence_number.clone().unwrap_or_default();
        self.parked.push(messages::write(&Parked::Record { sequence, pk: key.pk, sk: key.sk })?);
        Ok(())
    }

    fn notice(&mut self, citizen: CitizenId, id: &NoticeId) -> Result<(), Error> {
        self.tell(&Telling::Notice { citizen: citizen.to_string(), notice: id.to_string() })
    }

    /// Sends everything.
    ///
    /// # Errors
    /// When anything could not be sent: then all of it is sent again later.
    pub async fn send(&self, edge: &Edge) -> Result<(), Error> {
        let settings = edge.settings();
        for (url, bodies) in [
            (&settings.waitlist_queue_url, &self.work),
            (&settings.notices_queue_url, &self.tellings),
            (&settings.uploads_queue_url, &self.uploads),
            (&settings.registries_queue_url, &self.inquiries),
            (&settings.retention_queue_url, &self.keeping),
            (&settings.stream_dead_letters_url, &self.parked),
        ] {
            if bodies.is_empty() {
                continue;
            }
            let failed = edge.outbound().send(url, bodies).await?;
            if !failed.is_empty() {
                return Err(format!("{} of {} messages were not taken", failed.len(), bodies.len()).into());
            }
        }
        Ok(())
    }
}

/// Does what follows from a fact, or collects the messages that do.
pub async fn follow(edge: &Edge, fact: Fact, out: &mut Follow) -> Result<(), Error> {
    match fact {
        Fact::Appointment { before, after } => appointment(before.as_deref(), &after, out),
        Fact::Offer { before, after } => offer(edge, before.as_deref(), &after, out).await,
        Fact::Entry { before, after } => entry(edge, before.as_deref(), &after).await,
        Fact::Guard { citizen, after } => guard(citizen, &after, out),
        Fact::Page { before, after, key } => page(&before, &after, &key, out),
        Fact::OfficeChange { office, before, after } => swept(&office, before.as_deref(), &after, out),
        Fact::ReferenceChange { after } => rolled(&after, out),
        Fact::Registration { id, round } => out.tell(&Telling::Code { registration: id.to_string(), round }),
        Fact::Proof { id, round } => out.tell(&Telling::Proof { proof: id.to_string(), round }),
        Fact::Account(happened) => {
            let kind = happened.event.notice();
            let id = NoticeId { at: happened.at, kind, subject: happened.id.0, version: 1 };
            out.notice(happened.citizen, &id)
        }
        Fact::EmailLink { citizen, asked_at_ms } => {
            out.tell(&Telling::EmailLink { citizen: citizen.to_string(), asked_at_ms })
        }
        Fact::Invitation { id } => out.tell(&Telling::Invitation { invitation: id.to_string() }),
        Fact::Folder { citizen, service, before, after, look } => {
            folder((citizen, &service), &before, &after, look, out)
        }
        Fact::PolicyOpen { citizen } => out.inquire(&Inquiry::Policy { citizen: citizen.to_string() }),
        Fact::EligibilityOpen { citizen, appointment } => {
            let (citizen, appointment) = (citizen.to_string(), appointment.to_string());
            out.inquire(&Inquiry::Eligibility { citizen, appointment })
        }
        Fact::Cabinet { citizen } => out.keep(&Keeping::Cabinet { citizen: citizen.to_string() }),
        Fact::Note { before, after } => note(before.as_deref(), &after, out),
        Fact::Nothing => Ok(()),
    }
}

/// Each change that is news has its notice (NTF-8).
fn appointment(before: Option<&Appointment>, after: &Appointment, out: &mut Follow) -> Result<(), Error> {
    let seen = before.map_or(0, |before| before.version);
    for change in after.changes.iter().filter(|change| change.version > seen) {
        let kind = match change.action {
            Action::Booked => NoticeKind::Booked,
            Action::Accepted if change.version == 1 => NoticeKind::Booked,
            Action::Accepted | Action::Moved => NoticeKind::Moved,
            Action::Cancelled => NoticeKind::Cancelled,
            Action::Displaced => NoticeKind::Displaced,
            Action::NoShow => NoticeKind::NoShow,
            // Whoever is there stands at the counter and sees it.
            Action::CheckedIn | Action::Called | Action::Received => continue,
            Action::Closed => NoticeKind::VisitClosed,
            Action::NoShowUndone => NoticeKind::NoShowUndone,
            // It is as was told.
            Action::EligibilityConfirmed | Action::Corrected => continue,
            Action::EligibilityDoubted => NoticeKind::EligibilityDoubted,
        };
        let id = NoticeId { at: change.at, kind, subject: after.id.0, version: change.version };
        out.notice(after.citizen, &id)?;
    }
    Ok(())
}

async fn offer(edge: &Edge, before: Option<&Offer>, after: &Offer, out: &mut Follow) -> Result<(), Error> {
    let kind = match (before.map(|before| before.state), after.state) {
        (None, OfferState::Open) => NoticeKind::OfferMade,
        (Some(OfferState::Open), OfferState::Lapsed) if after.silences == 0 => NoticeKind::OfferLapsed,
        (Some(OfferState::Open), OfferState::Lapsed) => NoticeKind::OfferLapsedPaused,
        (Some(OfferState::Open), OfferState::Accepted) => {
            let (office, service) = (&after.seat.office, &after.service);
            edge.app().store.put_served(office, service, after.id, after.made_at).await?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    let at = if kind == NoticeKind::OfferMade { after.made_at } else { after.until };
    out.notice(after.citizen, &NoticeId { at, kind, subject: after.id.0, version: after.version })?;
    if before.is_none() {
        record_passed(edge, after).await?;
    }
    Ok(())
}

/// Whoever was passed over can read when, for which offer and why (WTL-5).
async fn record_passed(edge: &Edge, offer: &Offer) -> Result<(), Error> {
    for passed in &offer.passed {
        let change = EntryChange {
            version: 0,
            actor: Actor::System,
            member: None,
            representative: None,
            action: EntryAction::PassedOver,
            at: offer.made_at,
            operation: OperationId(offer.id.0),
            offer: Some((offer.id, offer.seat.starts_at)),
            why: Some(passed.why),
        };
        edge.app().store.put_passed(passed.citizen, &passed.service, offer.id, &change).await?;
    }
    Ok(())
}

/// Rows whose epoch is over go.
async fn entry(edge: &Edge, before: Option<&Entry>, after: &Entry) -> Result<(), Error> {
    if let Some(before) = before
        && before.state == EntryState::Waiting
        && (before.epoch != after.epoch || before.ticket != after.ticket)
        && let Ok(buckets) = before.wish.buckets(before.rows_from)
    {
        for bucket in buckets {
            let row = keys::line_row(&before.service, &bucket, before.class, before.ticket);
            edge.app().store.drop_row(&row, before.epoch).await?;
        }
    }
    Ok(())
}

/// Whoever waits and can take more than before is looked after, and so is whom the clock has found due.
fn guard(citizen: CitizenId, after: &Active, out: &mut Follow) -> Result<(), Error> {
    match after.due_at {
        Some(_) => out.work(&Work::Waits { citizen: citizen.to_string() }),
        None => Ok(()),
    }
}

/// Newly freed cells are work, and so are cells that went to the public beside others, cells that were kept until now, and
/// a page that the clock has found due.
fn page(before: &Page, after: &Page, key: &PageKey, out: &mut Follow) -> Result<(), Error> {
    let (office, window) = (key.office.to_string(), key.window.to_string());
    let gone = before.taken.minus(&after.taken).runs();
    let nudged = before.taken == after.taken
        && before.marks == after.marks
        && before.freed == after.freed
        && after.due_at.is_some_and(|due| before.due_at.is_some_and(|was| was != due));
    let opened = after.look && !before.look && gone.is_empty();
    for run in gone.into_iter().filter(|run| after.look && after.free_beside(*run)) {
        let (office, window) = (office.clone(), window.clone());
        out.work(&Work::Released { office, window, on: key.on, from: run.from(), to: run.to() })?;
    }
    if opened || (after.look && nudged) {
        out.work(&Work::Free { office: office.clone(), window: window.clone(), on: key.on })?;
    }
    if after.freed.is_empty() {
        return Ok(());
    }
    let newly = !after.freed.minus(&before.freed).is_empty();
    if !newly && !nudged {
        return Ok(());
    }
    let mark = after.marks.iter().find(|(at, mark)| before.marks.get(at) != Some(mark));
    out.work(&Work::Freed {
        office,
        window,
        on: key.on,
        service: mark.map(|(_, mark)| mark.service.to_string()),
        from: mark.map(|(at, _)| *at),
    })
}

/// A step to take: the change is new, a step was taken and another follows, or the clock has found it due.
fn swept(
    office: &OfficeId,
    before: Option<&OfficeChange>,
    after: &OfficeChange,
    out: &mut Follow,
) -> Result<(), Error> {
    // Only the clock leaves all but the due time and the version as it was.
    let nudged = before.is_some_and(|before| {
        (before.sweep.round, before.sweep.next_on) == (after.sweep.round, after.sweep.next_on)
    });
    if after.sweep.is_done() || (after.sweep.rests() && !nudged) {
        return Ok(());
    }
    out.work(&Work::Sweep { office: office.to_string(), change: after.number })
}

/// A step to take: the change is new, a step was taken and another follows, or the clock has found it due.
fn rolled(after: &ReferenceChange, out: &mut Follow) -> Result<(), Error> {
    if after.rollout.is_done() { Ok(()) } else { out.work(&Work::Roll { change: after.number }) }
}

/// A file that was refused is told of; one that was taken back goes where it lies; one that did not come is looked for.
fn folder(
    (citizen, service): (CitizenId, &ServiceId),
    before: &Folder,
    after: &Folder,
    look: bool,
    out: &mut Follow,
) -> Result<(), Error> {
    let of = |file| FileRef { citizen, service: service.clone(), file }.to_string();
    let awaited = |state: &FileState| matches!(state, FileState::Awaited { .. });
    if look {
        for file in after.files.iter().filter(|file| awaited(&file.state)) {
            out.upload(&Upload::Look { file: of(file.id) })?;
        }
        return Ok(());
    }
    for file in before.files.iter().filter(|file| file.takes_room() && after.file(file.id).is_none()) {
        out.upload(&Upload::Gone { file: of(file.id) })?;
    }
    for file in &after.files {
        if let FileState::Refused { at, .. } = file.state
            && before.file(file.id).is_some_and(|before| awaited(&before.state))
        {
            let (kind, subject) = (NoticeKind::FileRefused, file.id.0);
            out.notice(citizen, &NoticeId { at, kind, subject, version: 1 })?;
        }
    }
    Ok(())
}

/// A notice that was planned for now, or whose time has come.
fn note(before: Option<&Note>, after: &Note, out: &mut Follow) -> Result<(), Error> {
    use store::items::note::NoteState::{Pending, Planned};
    let unsent = matches!(after.state, Planned | Pending) && after.due_at.is_none();
    let new = before.is_none() && after.state == Planned;
    let due = before.is_some_and(|before| before.due_at.is_some());
    // Whoever acts for somebody is told what that one is told.
    let citizen = after.of.unwrap_or(after.citizen);
    if unsent && (new || due) { out.notice(citizen, &after.id) } else { Ok(()) }
}

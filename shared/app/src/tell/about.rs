//! The facts of appointments and offers as they are told; none when they are no longer so.

use crate::App;
use chrono::{DateTime, Utc};
use domain::active::Active;
use domain::appointment::{Appointment, Change, Phase};
use domain::catalogue::FilesBy;
use domain::notice::NoticeKind;
use domain::waitlist::{Offer, OfferState};
use planted::{Bug, planted};
use store::items::log;
use store::items::note::{About, NoticeId};
use store::{StoreError, keys};

/// Changes that are looked back through, to see whether what is to be told is still news.
const LOOKED_BACK_MAX: u64 = 64;

/// The appointment with its changes since the one before a version, also those that no longer ride on it: what was corrected
/// since may be many a change, and none that makes a booking no news.
pub(super) async fn with_changes(
    app: &App,
    mut appointment: Appointment,
    version: u64,
) -> Result<Appointment, StoreError> {
    let kept = appointment.changes.first().map_or(0, |oldest| oldest.version);
    let wanted = version.saturating_sub(1).max(1)..kept;
    if version >= kept || wanted.end - wanted.start > LOOKED_BACK_MAX {
        return Ok(appointment);
    }
    let row = |version| keys::appointment_log(appointment.citizen, appointment.id, version);
    let rows: Vec<_> = wanted.map(row).collect();
    let batch = app.store.read(&rows).await?;
    let found = rows.iter().filter_map(|row| batch.item(row)).map(log::appointment_change);
    let older = found.collect::<Result<Vec<_>, _>>()?;
    appointment.changes.splice(0..0, older);
    Ok(appointment)
}

/// A reminder's facts with the documents that are still lacking, where files may come until the visit (DOC-6).
pub(super) async fn with_lacking(
    app: &App,
    id: &NoticeId,
    appointment: &Appointment,
    mut about: About,
) -> Result<About, StoreError> {
    let reminds = matches!(id.kind, NoticeKind::ReminderDay | NoticeKind::ReminderHour);
    let Some(service) =
        app.catalogue.services.get(&appointment.service).filter(|service| {
            reminds && service.files_by == FilesBy::Visit && service.files().next().is_some()
        })
    else {
        return Ok(about);
    };
    let Some(office) = app.catalogue.offices.get(&appointment.seat.office) else { return Ok(about) };
    let on = appointment.seat.starts_at.with_timezone(&office.zone).date_naive();
    let key = keys::folder(appointment.citizen, &service.id);
    let folder = app.store.read(&[key]).await?.folder(appointment.citizen, &service.id)?;
    about.l = folder.lacking(service, on).map(|(need, _)| need.document.to_string()).collect();
    Ok(about)
}

/// The facts of an appointment's notice; none when they are no longer so.
pub(super) fn about_appointment(
    id: &NoticeId,
    appointment: &Appointment,
    now: DateTime<Utc>,
) -> Option<About> {
    let mut about = About {
        o: appointment.seat.office.to_string(),
        v: appointment.service.to_string(),
        n: Some((appointment.number.to_string(), appointment.queue_number.clone(), appointment.code.clone())),
        w: appointment.specialist.as_ref().map(|chosen| (chosen.name.ru.clone(), chosen.name.en.clone())),
        sg: appointment.application.signed.is_some(),
        ..About::of(appointment.seat.starts_at)
    };
    let at = appointment.changes.iter().position(|change| change.version == id.version);
    match id.kind {
        NoticeKind::ReminderDay | NoticeKind::ReminderHour => {
            let still = appointment.phase == Phase::Planned && u64::try_from(about.s) == Ok(id.version);
            let still = still || planted(Bug::FromIndex);
            // After a long outage: nobody is reminded of what has begun.
            (still && now < appointment.seat.starts_at).then_some(about)
        }
        NoticeKind::Booked | NoticeKind::Moved => {
            // Whatever was done since tells of itself, and whoever has come needs no confirmation.
            if !appointment.changes[at? + 1..].iter().all(|change| change.action.leaves_it_as_told()) {
                return None;
            }
            let before = at?.checked_sub(1).and_then(|i| appointment.changes.get(i));
            if id.kind == NoticeKind::Moved {
                about.p = before.map(|change| change.starts_at.timestamp());
                about.po = before.map(|change| change.office.to_string()).filter(|office| *office != about.o);
            }
            let change = &appointment.changes[at?];
            about.rs = reason(change);
            about.b = Some(change.actor.name().to_owned());
            Some(about)
        }
        NoticeKind::Cancelled | NoticeKind::Displaced => {
            let change = &appointment.changes[at?];
            about.rs = reason(change);
            about.b = Some(change.actor.name().to_owned());
            (appointment.phase == Phase::Cancelled).then_some(about)
        }
        NoticeKind::NoShow => (appointment.phase == Phase::NoShow).then_some(about),
        NoticeKind::NoShowUndone => {
            // True for good; its reason is in the history when the visit has gone on since.
            about.rs = at.and_then(|at| reason(&appointment.changes[at]));
            Some(about)
        }
        NoticeKind::EligibilityDoubted => {
            about.rs = reason(&appointment.changes[at?]);
            (appointment.phase == Phase::Planned).then_some(about)
        }
        NoticeKind::VisitClosed => {
            about.rs = reason(&appointment.changes[at?]);
            about.r = appointment.visit.closed.map(|(_, result)| result.name().to_owned());
            Some(about)
        }
        _ => None,
    }
}

/// Sealed as it stands: the notice has the change's appointment and version, by which it opens.
fn reason(change: &Change) -> Option<Vec<u8>> {
    change.reason.as_ref().map(|reason| reason.0.clone())
}

/// The facts of an offer's notice; none when they are no longer so. Whoever holds a later appointment for the
/// service reads which one accepting gives up (WTL-1).
pub(super) fn about_offer(
    id: &NoticeId,
    offer: &Offer,
    active: &Active,
    now: DateTime<Utc>,
) -> Option<About> {
    let held = active.held(&offer.service, now).map(|held| &held.seat);
    let about = About {
        o: offer.seat.office.to_string(),
        v: offer.service.to_string(),
        p: held.map(|seat| seat.starts_at.timestamp()),
        po: held
            .map(|seat| seat.office.to_string())
            .filter(|office| *office != offer.seat.office.to_string()),
        u: Some(offer.until.timestamp()),
        ..About::of(offer.seat.starts_at)
    };
    let still = match id.kind {
        NoticeKind::OfferMade | NoticeKind::OfferNudge => offer.is_open(now),
        NoticeKind::OfferLapsed | NoticeKind::OfferLapsedPaused => offer.state == OfferState::Lapsed,
        _ => false,
    };
    still.then_some(about)
}

//! What several functions show alike: times, slots, appointments, offers.

use super::utc;
use crate::Edge;
use app::refusal::Alternative;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::appointment::{Actor, Appointment, Change, Phase, Seat, change_deadline};
use domain::availability::Slot;
use domain::catalogue::{Bilingual, Office};
use domain::waitlist::Offer;
use domain::waitlist::outlook::LOOKS_BACK;
use domain::{OfficeId, ServiceId, SpecialistId};
use serde::Serialize;
use serde_json::Value;
use store::access::Listed;
use store::items::call_note::CallNote;
use text::{Args, Lang};
use utoipa::ToSchema;

/// RFC 3339 with the zone's offset.
pub fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// A text in a language.
pub fn said(text: &Bilingual, lang: Lang) -> &str {
    match lang {
        Lang::Ru => &text.ru,
        Lang::En => &text.en,
    }
}

/// An office as far as a visitor needs it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfficeBrief {
    pub id: String,
    pub name: String,
    pub address: String,
    pub phone: String,
    /// IANA zone: every time beside it is this office's local time.
    pub zone: String,
}

pub fn office(office: &Office, lang: Lang) -> OfficeBrief {
    OfficeBrief {
        id: office.id.to_string(),
        name: said(&office.name, lang).to_owned(),
        address: said(&office.address, lang).to_owned(),
        phone: office.phone.clone(),
        zone: office.zone.name().to_owned(),
    }
}

/// A start that can be booked.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlotView {
    /// Local time of the office with its offset.
    pub starts_at: String,
    pub ends_at: String,
    pub duration_minutes: i64,
    /// As people read it.
    pub text: String,
}

pub fn slot(slot: &Slot, zone: Tz, lang: Lang) -> SlotView {
    SlotView {
        starts_at: local(slot.starts_at, zone),
        ends_at: local(slot.ends_at, zone),
        duration_minutes: (slot.ends_at - slot.starts_at).num_minutes(),
        text: text::when(lang, slot.starts_at, zone),
    }
}

/// A slot elsewhere or at another time.
/// What somebody who works here wrote down about a call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallNoteView {
    id: String,
    at: String,
    /// For which office it was.
    office: Option<OfficeBrief>,
    /// Who it was: by this the office knows them.
    member_id: String,
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallNoteList {
    items: Vec<CallNoteView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

pub fn call_note(edge: &Edge, (note, text): (CallNote, String), lang: Lang) -> CallNoteView {
    let known = edge.app().catalogue.offices.get(&note.office);
    CallNoteView {
        id: note.id.to_string(),
        at: utc(note.at),
        office: known.map(|known| office(known, lang)),
        member_id: note.member.to_string(),
        text,
    }
}

pub fn call_notes(edge: &Edge, found: Listed<(CallNote, String)>, lang: Lang) -> CallNoteList {
    let items = found.items.into_iter().map(|read| call_note(edge, read, lang)).collect();
    CallNoteList { items, next_cursor: found.next }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlternativeView {
    pub office: OfficeBrief,
    #[serde(flatten)]
    pub slot: SlotView,
}

pub fn alternatives(edge: &Edge, lang: Lang, found: &[Alternative]) -> Value {
    serde_json::to_value(elsewhere(edge, lang, found)).unwrap_or_default()
}

/// Starts with their offices.
pub fn elsewhere(edge: &Edge, lang: Lang, found: &[Alternative]) -> Vec<AlternativeView> {
    let offices = &edge.app().catalogue.offices;
    let view = |alternative: &Alternative| {
        let at = offices.get(&alternative.office)?;
        Some(AlternativeView { office: office(at, lang), slot: slot(&alternative.slot, at.zone, lang) })
    };
    found.iter().filter_map(view).collect()
}

/// What has become of others who waited, and what follows from it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutlookView {
    /// People who got a time by waiting there in the last days.
    served: u32,
    /// How many days that is.
    days: i64,
    /// Days until one's turn if that goes on; left out when it cannot be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_days: Option<u32>,
    text: String,
}

/// `expected` for whoever stands in line: days until their turn, if they can be told.
pub fn outlook(lang: Lang, served: u32, expected: Option<Option<u32>>) -> OutlookView {
    let days = LOOKS_BACK.num_days();
    let been =
        text::label_with(lang, "outlook", &Args::new().with("days", days).with("served", i64::from(served)));
    let then = expected.map(|expected| match expected {
        Some(days) => {
            text::label_with(lang, "outlook-expected", &Args::new().with("expected", i64::from(days)))
        }
        None => text::label(lang, "outlook-unknown"),
    });
    let text = [Some(been), then].into_iter().flatten().collect::<Vec<_>>().join(" ");
    OutlookView { served, days, expected_days: expected.flatten(), text }
}

/// Somebody who receives under their own name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpecialistBrief {
    pub id: String,
    pub name: String,
}

pub fn specialist(id: &SpecialistId, name: &Bilingual, lang: Lang) -> SpecialistBrief {
    SpecialistBrief { id: id.to_string(), name: said(name, lang).to_owned() }
}

/// A service by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceBrief {
    pub id: String,
    pub name: String,
}

pub fn service(edge: &Edge, id: &ServiceId, lang: Lang) -> ServiceBrief {
    let name = edge.app().catalogue.services.get(id).map(|service| said(&service.name, lang).to_owned());
    ServiceBrief { id: id.to_string(), name: name.unwrap_or_else(|| id.to_string()) }
}

fn office_of(edge: &Edge, id: &OfficeId, lang: Lang) -> (OfficeBrief, Tz) {
    match edge.app().catalogue.offices.get(id) {
        Some(found) => (office(found, lang), found.zone),
        None => {
            let id = id.to_string();
            let brief = OfficeBrief {
                name: id.clone(),
                id,
                address: String::new(),
                phone: String::new(),
                zone: chrono_tz::UTC.name().to_owned(),
            };
            (brief, chrono_tz::UTC)
        }
    }
}

/// An appointment as its citizen sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentView {
    pub id: String,
    /// What to tell at the door, together with the code.
    pub number: String,
    pub queue_number: String,
    pub code: String,
    pub service: ServiceBrief,
    pub office: OfficeBrief,
    /// Who was asked for by name, or stands in for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialist: Option<SpecialistBrief>,
    pub starts_at: String,
    pub ends_at: String,
    pub text: String,
    /// `planned`, `in-reception`, `completed`, `cancelled`, `no-show`.
    pub phase: String,
    /// Within `planned`: `confirmed`, `changed`, `needs-check`.
    pub mark: String,
    /// The status as people read it.
    pub status: String,
    /// The last moment to move or cancel it oneself.
    pub change_until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_in_at: Option<String>,
    /// How the visit ended: `served`, `documents-missing`, `declined`, `referred`, `left`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Grows with every change.
    pub version: u64,
}

pub fn appointment(edge: &Edge, appointment: &Appointment, lang: Lang) -> AppointmentView {
    let (office, zone) = office_of(edge, &appointment.seat.office, lang);
    let status = match appointment.phase {
        Phase::Planned => text::label(lang, &format!("mark-{}", appointment.mark.name())),
        phase => text::label(lang, &format!("phase-{}", phase.name())),
    };
    AppointmentView {
        id: appointment.id.to_string(),
        number: appointment.number.to_string(),
        queue_number: appointment.queue_number.clone(),
        code: appointment.code.clone(),
        service: service(edge, &appointment.service, lang),
        office,
        specialist: appointment.specialist.as_ref().map(|chosen| specialist(&chosen.id, &chosen.name, lang)),
        starts_at: local(appointment.seat.starts_at, zone),
        ends_at: local(appointment.seat.ends_at, zone),
        text: text::when(lang, appointment.seat.starts_at, zone),
        phase: appointment.phase.name().to_owned(),
        mark: appointment.mark.name().to_owned(),
        status,
        change_until: local(change_deadline(appointment.seat.starts_at), zone),
        checked_in_at: appointment.visit.checked_in_at.map(|at| local(at, zone)),
        result: appointment.visit.closed.map(|(_, result)| result.name().to_owned()),
        version: appointment.version,
    }
}

/// Who did what, when and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    pub version: u64,
    pub who: &'static str,
    pub who_text: String,
    /// Who acted for the citizen, as `/v1/me/representatives` has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative_id: Option<String>,
    pub what: &'static str,
    pub what_text: String,
    pub at: String,
    /// Where the appointment was after it.
    pub office_id: String,
    pub starts_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A change as staff read it: the citizen is not they.
pub fn change_to_staff(edge: &Edge, found: &Change, why: Option<String>, lang: Lang) -> ChangeView {
    let mut view = change(edge, found, why, lang);
    if found.actor == Actor::Citizen {
        view.who_text = text::label(lang, "actor-citizen-to-staff");
    }
    view
}

pub fn change(edge: &Edge, change: &Change, why: Option<String>, lang: Lang) -> ChangeView {
    let (_, zone) = office_of(edge, &change.office, lang);
    ChangeView {
        version: change.version,
        who: change.actor.name(),
        who_text: text::label(lang, &format!("actor-{}", change.actor.name())),
        representative_id: change.representative.map(|who| who.to_string()),
        what: change.action.name(),
        what_text: text::label(lang, &format!("action-{}", change.action.name())),
        at: local(change.at, zone),
        office_id: change.office.to_string(),
        starts_at: local(change.starts_at, zone),
        why,
    }
}

/// A place held for one person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    pub id: String,
    pub service: ServiceBrief,
    pub office: OfficeBrief,
    pub starts_at: String,
    pub ends_at: String,
    pub text: String,
    /// Until when it is held: nobody else can take it before.
    pub held_until: String,
    /// `open`, `accepted`, `declined`, `lapsed`.
    pub state: String,
}

pub fn offer(edge: &Edge, offer: &Offer, lang: Lang, now: DateTime<Utc>) -> OfferView {
    let (office, zone) = office_of(edge, &offer.seat.office, lang);
    let Seat { starts_at, ends_at, .. } = offer.seat;
    // An offer whose time is over has lapsed, whether or not the clock has written it down yet.
    let open = offer.state == domain::waitlist::OfferState::Open;
    let state = if open && !offer.is_open(now) { "lapsed" } else { offer.state.name() };
    OfferView {
        id: offer.id.to_string(),
        service: service(edge, &offer.service, lang),
        office,
        starts_at: local(starts_at, zone),
        ends_at: local(ends_at, zone),
        text: text::when(lang, starts_at, zone),
        held_until: local(offer.until, zone),
        state: state.to_owned(),
    }
}

/// Where a file can be had for a moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileLink {
    url: String,
    /// Seconds for which the address is good.
    seconds: i64,
}

impl FileLink {
    pub fn new(url: String, good_for: TimeDelta) -> Self {
        Self { url, seconds: good_for.num_seconds() }
    }
}

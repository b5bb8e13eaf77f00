//! Visits and waiting for them, with what was brought and signed. Each is taken apart whole, so that nothing is added to it
//! that is not given, or left out by word.

use super::{at, other, seat};
use crate::items::appointment::{self, open_reason};
use crate::items::signed::{self, SignedApplication};
use crate::items::to_sign::{self, ToSign};
use crate::items::{active, entry, folder, offer, registry};
use crate::{Item, Key, StoreError, Vault, keys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::AppointmentId;
use domain::active::{Active, CoolDown, Held};
use domain::appointment::{Application, Appointment, Change};
use domain::document::{File, FileState, Folder};
use domain::signing::{Certificate, Preferred};
use domain::visit::Visit;
use domain::waitlist::{Entry, EntryChange, Offer, Wish};
use serde_json::{Value, json};

pub(super) fn visit(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let Appointment {
        id,
        citizen: _,
        service,
        seat: seated,
        specialist,
        number,
        queue_number,
        code,
        phase,
        mark,
        version,
        changes,
        application,
        corrected,
        visit: Visit { checked_in_at, called_at, received_at, closed },
    } = appointment::from_item(item, Some(vault))?;
    let changes: Result<Vec<Value>, StoreError> =
        changes.iter().map(|change| changed(id, change, vault)).collect();
    let mut told = filled_in(application);
    let facts = json!({
        "id": id.to_string(), "serviceId": service.to_string(), "seat": seat(&seated),
        "specialist": specialist.map(|one| json!({ "id": one.id.to_string(), "name": one.name.ru })),
        "number": number.to_string(), "queueNumber": queue_number, "code": code, "phase": phase.name(),
        "mark": mark.name(), "version": version, "corrected": corrected, "checkedInAt": checked_in_at.map(at),
        "calledAt": called_at.map(at), "receivedAt": received_at.map(at),
        "closedAt": closed.map(|(when, _)| at(when)), "result": closed.map(|(_, result)| result.name()),
        "changes": changes?,
    });
    join(&mut told, facts);
    Ok(told)
}

fn filled_in(said: Application) -> Value {
    let Application { purpose, phone, email, fields, rules_version, preferred, signed } = said;
    let fields: Vec<Value> =
        fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let dates = |dates: &Preferred| json!({ "from": dates.from, "to": dates.to });
    json!({
        "purpose": purpose, "phone": phone, "email": email, "fields": fields, "rulesVersion": rules_version,
        "preferredDates": preferred.iter().map(dates).collect::<Vec<_>>(),
        "signedAt": signed.as_ref().map(|signed| at(signed.at)),
        "signedVersion": signed.as_ref().map(|signed| signed.version),
        "signedBy": signed.and_then(|signed| signed.by),
    })
}

fn join(told: &mut Value, more: Value) {
    if let (Value::Object(told), Value::Object(more)) = (told, more) {
        told.extend(more);
    }
}

pub(super) fn changed(id: AppointmentId, change: &Change, vault: &Vault) -> Result<Value, StoreError> {
    let Change {
        version,
        actor,
        member,
        representative,
        action,
        at: when,
        // By this a request that comes twice is known.
        operation: _,
        reason,
        office,
        starts_at,
    } = change;
    let open = |sealed| open_reason(vault, id, *version, sealed);
    Ok(json!({
        "version": version, "who": actor.name(), "memberId": member.map(other),
        "representativeId": representative.map(other), "what": action.name(), "at": at(*when),
        "why": reason.as_ref().map(open).transpose()?, "officeId": office.to_string(), "startsAt": at(*starts_at),
    }))
}

pub(super) fn waited(change: &EntryChange) -> Value {
    let EntryChange { version, actor, member, representative, action, at: when, operation: _, offer, why } =
        change;
    json!({
        "version": version, "who": actor.name(), "memberId": member.map(other),
        "representativeId": representative.map(other), "what": action.name(), "at": at(*when),
        "offerId": offer.map(|(offer, _)| other(offer)), "offeredStartsAt": offer.map(|(_, starts_at)| at(starts_at)),
        "why": why.map(|why| why.name()),
    })
}

pub(super) fn place(item: &Item) -> Result<Value, StoreError> {
    let Entry {
        citizen: _,
        service,
        ticket,
        class,
        wish: Wish { offices, dates, weekdays, parts },
        state,
        // How lines find it.
        epoch: _,
        rows_from: _,
        offer,
        declined,
        silences,
        offers_on,
        version,
        changes,
        joined_at,
    } = entry::from_item(item)?;
    let weekdays: Vec<String> = weekdays.iter().map(ToString::to_string).collect();
    let parts: Vec<&str> = parts.iter().map(|part| part.name()).collect();
    let declined = declined
        .iter()
        .map(|(office, starts_at)| json!({ "officeId": office.to_string(), "startsAt": at(*starts_at) }));
    Ok(json!({
        "serviceId": service.to_string(), "ticket": ticket.to_string(), "state": state.name(),
        "joinedAt": at(joined_at), "offices": offices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "from": dates.map(|dates| dates.0), "to": dates.map(|dates| dates.1), "weekdays": weekdays, "parts": parts,
        "priority": class.name(), "offerId": offer.map(other), "declined": declined.collect::<Vec<_>>(),
        "silences": silences, "offersOn": offers_on.map(|(on, many)| json!({ "date": on, "offers": many })),
        "version": version, "changes": changes.iter().map(waited).collect::<Vec<_>>(),
    }))
}

pub(super) fn offer(item: &Item) -> Result<Value, StoreError> {
    let Offer {
        id,
        citizen: _,
        service,
        ticket,
        seat: seated,
        made_at,
        until,
        state,
        // Others' services and places.
        given_up: _,
        passed: _,
        silences,
        entry_version: _,
        version: _,
    } = offer::from_item(item)?;
    Ok(json!({
        "id": id.to_string(), "serviceId": service.to_string(), "ticket": ticket.to_string(), "seat": seat(&seated),
        "madeAt": at(made_at), "until": at(until), "state": state.name(), "silences": silences,
    }))
}

pub(super) fn holding(item: &Item) -> Result<Value, StoreError> {
    let Active {
        version: _,
        appointments,
        offer,
        waiting,
        cool_downs,
        cancelled,
        // By these a request that comes twice gets its first answer.
        done: _,
        refused: _,
        // The record says so, and why.
        blocked: _,
        due_at: _,
    } = active::from_item(Some(item))?;
    let held = |Held { service, id, seat: seated, number, version }: &Held| {
        json!({
            "appointmentId": id.to_string(), "serviceId": service.to_string(), "seat": seat(seated),
            "number": number.to_string(), "version": version,
        })
    };
    let not_again = |CoolDown { office, starts_at, until }: &CoolDown| json!({ "officeId": office.to_string(), "startsAt": at(*starts_at), "until": at(*until) });
    let gave_up =
        cancelled.iter().map(|(service, when)| json!({ "serviceId": service.to_string(), "at": at(*when) }));
    Ok(json!({
        "appointments": appointments.iter().map(held).collect::<Vec<_>>(),
        "offerId": offer.map(|open| open.id.to_string()),
        "waitingFor": waiting.iter().map(|(service, _)| service.to_string()).collect::<Vec<_>>(),
        "notOfferedAgain": cool_downs.iter().map(not_again).collect::<Vec<_>>(),
        "cancelled": gave_up.collect::<Vec<_>>(),
    }))
}

/// A text that was asked for, whether or not it was signed.
pub(super) fn to_be_signed(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let ToSign {
        id: _,
        citizen: _,
        signer,
        subject,
        agency,
        application,
        text,
        asked_at,
        expires_at,
        used_at,
    } = to_sign::from_item(item, vault)?;
    Ok(json!({
        "for": subject.to_string(), "signerId": signer.to_string(), "agencyId": agency.to_string(),
        "application": filled_in(application), "text": text, "askedAt": at(asked_at), "expiresAt": at(expires_at),
        "usedAt": used_at.map(at),
    }))
}

/// A signature with all that it takes to verify it elsewhere.
pub(super) fn signature(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let SignedApplication {
        citizen: _,
        appointment,
        version,
        signer,
        by,
        text,
        signature,
        certificate: Certificate { subject, issuer, serial, valid_from, valid_until },
        verified_at,
    } = signed::from_item(item, vault)?;
    Ok(json!({
        "appointmentId": appointment.to_string(), "version": version, "signerId": signer.to_string(), "signedBy": by,
        "text": text, "signature": STANDARD.encode(&signature), "verifiedAt": at(verified_at), "certificate": {
            "subject": subject, "issuer": issuer, "serial": serial, "validFrom": at(valid_from),
            "validUntil": at(valid_until),
        },
    }))
}

pub(super) fn question(item: &Item) -> Result<Value, StoreError> {
    let registry::ToAsk { citizen: _, appointment, version, asking } = registry::to_ask_from_item(item)?;
    Ok(json!({
        "appointmentId": appointment.to_string(), "version": version, "askedSince": asking.map(|asking| at(asking.since)),
        "asked": asking.map(|asking| asking.tries), "askedAgainAt": asking.map(|asking| at(asking.next_at)),
    }))
}

pub(super) fn files(key: &Key, item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let (owner, service) = keys::read_folder(key).ok_or_else(crate::items::unknown("folder"))?;
    let Folder { version: _, answers, files } = folder::from_item(Some(item))?;
    let told = |whole: &File| {
        let called = folder::open_name(vault, owner, whole)?;
        let File { id, document, name: _, format, bytes, issued_on, state, looks: _ } = whole;
        let (state, when, pages, digest, reason) = match state {
            FileState::Awaited { until } => ("awaited", until, None, None, None),
            FileState::Accepted { at, pages, sha256 } => {
                ("accepted", at, *pages, Some(STANDARD.encode(sha256)), None)
            }
            FileState::Refused { at, reason } => ("refused", at, None, None, Some(reason)),
        };
        let facts = |facts: &[(String, String)]| {
            facts.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>()
        };
        let reason = reason.map(|why| json!({ "code": why.code, "facts": facts(&why.facts) }));
        Ok::<_, StoreError>(json!({
            "id": id.to_string(), "document": document.to_string(), "format": format.name(), "bytes": bytes,
            "state": state, "fileName": called.as_str(), "at": at(*when), "issuedOn": issued_on, "pages": pages,
            "sha256": digest, "refused": reason,
        }))
    };
    let files: Result<Vec<Value>, StoreError> = files.iter().map(told).collect();
    let answers = answers
        .iter()
        .map(|(document, holds)| json!({ "document": document.to_string(), "applies": holds }))
        .collect::<Vec<_>>();
    Ok(json!({ "serviceId": service.to_string(), "files": files?, "answers": answers }))
}

//! All that is kept of a person, row by row, as they may have it (PRV-3): what is sealed is opened, secrets stay out.

mod section;

pub use section::Section;

use crate::items::appointment::open_reason;
use crate::items::{
    access, account, active, appointment, call_note, challenge, check, citizen, device, entry, folder, log,
    note, offer, passkey, profile, registry, representation, session, signed, to_sign, unlock,
};
use crate::{Item, Key, StoreError, Vault, keys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::AppointmentId;
use domain::appointment::{Change, Seat};
use domain::document::FileState;
use domain::profile::Policy;
use domain::representation::{Grant, GrantPaper, Scope};
use domain::signing::Preferred;
use domain::waitlist::EntryChange;
use serde_json::{Value, json};

/// A row as its person may have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub section: Section,
    pub data: Value,
    /// Of a notice, that its words can be made anew.
    pub note: Option<Box<note::Note>>,
}

/// Opens a row.
///
/// # Errors
/// [`StoreError::Corrupt`] for a row that this version does not know; [`StoreError::Sealed`].
pub fn told(item: &Item, vault: &Vault) -> Result<Told, StoreError> {
    let key = Key::of(item).ok_or_else(crate::items::unknown("key"))?;
    let section = Section::of(&key).ok_or_else(crate::items::unknown("kind of row"))?;
    let plain = |data| Ok(Told { section, data, note: None });
    match section {
        Section::Record => plain(record(item, vault)?),
        Section::Profile => plain(said(item, vault)?),
        Section::SignIn => {
            let auth = citizen::auth_from_item(item)?;
            let by = auth.factor.as_ref().map(|factor| factor.by.name());
            plain(
                json!({ "password": "kept as a hash", "secondFactor": auth.factor.is_some(), "codesBy": by }),
            )
        }
        Section::Session => {
            let found = session::from_item(item)?;
            let hash = key.sk.strip_prefix(keys::SESSION).unwrap_or_default();
            let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
            let open = |sealed: &Vec<u8>| session::open_device(vault, owner, hash, sealed);
            let device = found.device.as_ref().map(open).transpose()?;
            plain(
                json!({ "createdAt": at(found.created_at), "expiresAt": at(found.expires_at), "device": device }),
            )
        }
        Section::Event => {
            let found = account::from_item(item)?;
            let open = |attribute, sealed: &Option<Vec<u8>>| {
                sealed.as_ref().map(|sealed| found.open(vault, attribute, sealed)).transpose()
            };
            let (former, device) = (open("fm", &found.former)?, open("dv", &found.device)?);
            plain(
                json!({ "what": found.event.name(), "at": at(found.at), "former": former, "device": device }),
            )
        }
        Section::Holding => {
            let found = active::from_item(Some(item))?;
            let held = found.appointments.iter().map(|held| json!({ "appointmentId": held.id.to_string() }));
            let waiting = found.waiting.iter().map(|(service, _)| service.to_string());
            plain(
                json!({ "appointments": held.collect::<Vec<_>>(), "waitingFor": waiting.collect::<Vec<_>>() }),
            )
        }
        Section::Appointment => plain(visit(item, vault)?),
        Section::Place => plain(place(item)?),
        Section::Offer => {
            let found = offer::from_item(item)?;
            plain(json!({
                "id": found.id.to_string(), "serviceId": found.service.to_string(), "seat": seat(&found.seat),
                "madeAt": at(found.made_at), "until": at(found.until), "state": found.state.name(),
            }))
        }
        Section::History => {
            let subject = keys::read_log(&key).map(|(_, subject)| subject.to_owned()).unwrap_or_default();
            let data = match subject.parse::<AppointmentId>() {
                Ok(id) => changed(id, &log::appointment_change(item)?, vault)?,
                Err(_) => waited(&log::entry_change(item)?),
            };
            plain(json!({ "of": subject, "change": data }))
        }
        Section::Notice => {
            let found = note::from_item(item)?;
            let by: Vec<&str> = found.sent.iter().map(|(channel, _)| channel.as_str()).collect();
            let data = json!({ "kind": found.id.kind.name(), "at": at(found.id.at), "state": found.state.name(), "by": by });
            Ok(Told { section, data, note: Some(Box::new(found)) })
        }
        Section::Files => plain(files(&key, item, vault)?),
        Section::Reading => {
            let found = access::from_item(item)?;
            plain(json!({
                "at": at(found.at), "officeId": found.office.to_string(), "memberId": found.member.to_string(),
                "subject": found.subject,
            }))
        }
        Section::Device => {
            let found = device::from_item(item)?;
            let hash = key.sk.strip_prefix(keys::DEVICE).unwrap_or_default();
            let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
            let open = |sealed: &Vec<u8>| device::open_name(vault, owner, hash, sealed);
            let name = found.name.as_ref().map(open).transpose()?;
            plain(json!({ "name": name, "knownSince": at(found.known_since), "usedAt": at(found.used_at) }))
        }
        Section::Passkey => {
            let found = passkey::from_item(item)?;
            let hash = key.sk.strip_prefix(keys::PASSKEY).unwrap_or_default();
            let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
            plain(json!({
                "name": passkey::open(vault, owner, (hash, "nm"), &found.name)?, "createdAt": at(found.created_at),
                "usedAt": found.used_at.map(at), "countedBackwardsAt": found.copied_at.map(at),
                "key": serde_json::from_str::<Value>(&passkey::open(vault, owner, (hash, "mk"), &found.made)?).unwrap_or_default(),
            }))
        }
        Section::ToSign => plain(to_be_signed(item, vault)?),
        Section::Signature => plain(signature(item, vault)?),
        Section::Challenge => {
            let found = challenge::from_item(item)?;
            plain(json!({
                "by": found.means.name(), "text": found.text, "expiresAt": at(found.expires_at),
                "doneAt": found.done_at.map(at),
            }))
        }
        Section::Check => {
            let found = check::from_item(item)?;
            let open = |attribute, sealed: &Option<Vec<u8>>| {
                sealed.as_ref().map(|sealed| check::open(vault, &found, attribute, sealed)).transpose()
            };
            plain(json!({
                "officeId": found.office.to_string(), "askedAt": at(found.asked_at), "wishedAt": at(found.wished_at),
                "state": found.state.name(), "memberId": found.member.map(|one| one.to_string()),
                "room": open("rm", &found.room)?, "reason": open("rs", &found.reason)?,
            }))
        }
        Section::Unlock => {
            let found = unlock::from_item(item)?;
            let open = |attribute, sealed: &[u8]| unlock::open(vault, &found, attribute, sealed);
            let reason = found.reason.as_ref().map(|sealed| open("rs", sealed)).transpose()?;
            plain(json!({
                "officeId": found.office.to_string(), "state": found.state.name(), "askedAt": at(found.asked_at),
                "openedBy": found.opened_by.to_string(), "identifiedBy": found.identified.name(),
                "decidedBy": found.decided.map(|(by, _)| by.to_string()), "decidedAt": found.decided.map(|(_, when)| at(when)),
                "phone": open("tel", &found.phone)?, "why": open("wy", &found.why)?, "reason": reason,
            }))
        }
        Section::Question => {
            let found = registry::to_ask_from_item(item)?;
            plain(json!({
                "appointmentId": found.appointment.to_string(),
                "askedSince": found.asking.map(|asking| at(asking.since)),
                "askedAgainAt": found.asking.map(|asking| at(asking.next_at)),
            }))
        }
        Section::Representation => plain(represented(item, vault)?),
        // For whom stands with whoever that is.
        Section::Acting => {
            let (grant, _) = representation::pointer_from_item(item)?;
            plain(json!({ "grantId": grant.to_string() }))
        }
        Section::CallNote => {
            let found = call_note::from_item(item)?;
            plain(json!({
                "at": at(found.at), "officeId": found.office.to_string(), "memberId": found.member.to_string(),
                "text": call_note::open(vault, &found)?,
            }))
        }
    }
}

fn at(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn seat(seat: &Seat) -> Value {
    json!({
        "officeId": seat.office.to_string(), "windowId": seat.window.to_string(), "startsAt": at(seat.starts_at),
        "endsAt": at(seat.ends_at),
    })
}

fn record(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let (found, person) = (citizen::from_item(item)?, citizen::person(item, vault)?);
    let accepted = |one: &Option<domain::citizen::Accepted>| {
        one.as_ref().map(|one| json!({ "version": one.version, "at": at(one.at) }))
    };
    let met: Vec<&str> = found.met.iter().map(|met| met.name()).collect();
    Ok(json!({
        "id": found.id.to_string(), "surname": person.name.surname, "givenName": person.name.given,
        "patronymic": person.name.patronymic, "phone": person.phone, "email": person.email,
        "emailConfirmedAt": found.email_confirmed_at.map(at), "agreement": accepted(&found.agreement),
        "consent": accepted(&found.consent), "language": found.language, "noticesBy": found.reach.name(),
        "readinessMet": met, "priority": found.class.name(), "blocked": found.blocked, "createdAt": at(found.created_at),
    }))
}

fn said(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let said = profile::from_item(Some(item), vault)?.profile;
    let paper = said.paper.map(|paper| {
        json!({
            "kind": paper.kind.name(), "series": paper.series, "number": paper.number,
            "issuedOn": paper.issued_on, "issuedBy": paper.issued_by,
        })
    });
    let address = said.address.map(|address| {
        let town = address.town.map(|town| town.to_string());
        json!({ "regionId": address.region.to_string(), "townId": town, "text": address.text })
    });
    let policy = said.policy.map(|policy| match policy {
        Policy::Insured(one, checked) => json!({
            "kind": one.kind.name(), "number": one.number, "issuedOn": one.issued_on, "checked": checked.name(),
        }),
        Policy::None { reason } => json!({ "kind": "none", "reason": reason }),
    });
    Ok(json!({
        "birthDate": said.birth_on, "identityDocument": paper, "snils": said.snils.map(|snils| snils.to_string()),
        "inn": said.inn.map(|inn| inn.as_str().to_owned()), "address": address,
        "workTownId": said.work.map(|town| town.to_string()), "policy": policy,
    }))
}

fn visit(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let found = appointment::from_item(item, Some(vault))?;
    let changes: Result<Vec<Value>, StoreError> =
        found.changes.iter().map(|change| changed(found.id, change, vault)).collect();
    let (visit, said) = (&found.visit, &found.application);
    let fields: Vec<Value> =
        said.fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    Ok(json!({
        "id": found.id.to_string(), "serviceId": found.service.to_string(), "seat": seat(&found.seat),
        "number": found.number.to_string(), "queueNumber": found.queue_number, "code": found.code,
        "phase": found.phase.name(), "purpose": said.purpose, "phone": said.phone, "email": said.email, "fields": fields,
        "rulesVersion": said.rules_version, "preferredDates": preferred(&said.preferred),
        "signedAt": said.signed.as_ref().map(|signed| at(signed.at)),
        "signedBy": said.signed.as_ref().and_then(|signed| signed.by.clone()), "checkedInAt": visit.checked_in_at.map(at),
        "calledAt": visit.called_at.map(at), "receivedAt": visit.received_at.map(at),
        "closedAt": visit.closed.map(|(when, _)| at(when)), "result": visit.closed.map(|(_, result)| result.name()),
        "changes": changes?,
    }))
}

fn preferred(dates: &[Preferred]) -> Vec<Value> {
    dates.iter().map(|dates| json!({ "from": dates.from, "to": dates.to })).collect()
}

/// A text that was asked for, whether or not it was signed.
fn to_be_signed(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let found = to_sign::from_item(item, vault)?;
    Ok(json!({
        "for": found.subject.to_string(), "signerId": found.signer.to_string(), "text": found.text,
        "askedAt": at(found.asked_at), "expiresAt": at(found.expires_at), "usedAt": found.used_at.map(at),
    }))
}

/// A signature with all that it takes to verify it elsewhere.
fn signature(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let found = signed::from_item(item, vault)?;
    let certificate = found.certificate;
    Ok(json!({
        "appointmentId": found.appointment.to_string(), "version": found.version, "signerId": found.signer.to_string(),
        "signedBy": found.by, "text": found.text, "signature": STANDARD.encode(&found.signature),
        "verifiedAt": at(found.verified_at), "certificate": {
            "subject": certificate.subject, "issuer": certificate.issuer, "serial": certificate.serial,
            "validFrom": at(certificate.valid_from), "validUntil": at(certificate.valid_until),
        },
    }))
}

fn changed(id: AppointmentId, change: &Change, vault: &Vault) -> Result<Value, StoreError> {
    let open = |sealed| open_reason(vault, id, change.version, sealed);
    let reason = change.reason.as_ref().map(open).transpose()?;
    Ok(json!({
        "version": change.version, "who": change.actor.name(), "memberId": change.member.map(|one| one.to_string()),
        "what": change.action.name(), "at": at(change.at), "why": reason, "officeId": change.office.to_string(),
        "startsAt": at(change.starts_at),
    }))
}

fn waited(change: &EntryChange) -> Value {
    json!({
        "who": change.actor.name(), "memberId": change.member.map(|one| one.to_string()), "what": change.action.name(),
        "at": at(change.at), "offeredStartsAt": change.offer.map(|(_, starts_at)| at(starts_at)),
        "why": change.why.map(|why| why.name()),
    })
}

fn place(item: &Item) -> Result<Value, StoreError> {
    let found = entry::from_item(item)?;
    let wish = &found.wish;
    let offices: Vec<String> = wish.offices.iter().map(ToString::to_string).collect();
    let weekdays: Vec<String> = wish.weekdays.iter().map(ToString::to_string).collect();
    let parts: Vec<&str> = wish.parts.iter().map(|part| part.name()).collect();
    Ok(json!({
        "serviceId": found.service.to_string(), "state": found.state.name(), "joinedAt": at(found.joined_at),
        "offices": offices, "from": wish.dates.map(|dates| dates.0), "to": wish.dates.map(|dates| dates.1),
        "weekdays": weekdays, "parts": parts, "priority": found.class.name(),
        "changes": found.changes.iter().map(waited).collect::<Vec<_>>(),
    }))
}

fn represented(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let found = representation::from_item(item)?;
    let grant = |grant: &Grant| {
        let of = (found.beneficiary, found.representative, grant.id);
        let said = representation::open_said(vault, of, &grant.said)?;
        let reason = grant.reason.as_ref().map(|sealed| representation::open_reason(vault, of, sealed));
        let services = match &grant.scope {
            Scope::Everything => None,
            Scope::Services(services) => Some(services.iter().map(ToString::to_string).collect::<Vec<_>>()),
        };
        let paper = match &said.paper {
            GrantPaper::Attorney { number, issued_by, issued_on, valid_until } => json!({
                "number": number, "issuedBy": issued_by, "issuedOn": issued_on, "validUntil": valid_until,
            }),
            GrantPaper::Birth { series, number, issued_on } => {
                json!({ "series": series, "number": number, "issuedOn": issued_on })
            }
        };
        Ok::<_, StoreError>(json!({
            "id": grant.id.to_string(), "kind": grant.kind.name(), "services": services, "askedAt": at(grant.asked_at),
            "endsAt": at(grant.ends_at), "state": grant.state.name(), "reason": reason.transpose()?, "paper": paper,
            "surname": said.name.surname, "givenName": said.name.given, "patronymic": said.name.patronymic,
            "birthDate": said.birth_on, "snils": said.snils.to_string(),
            "decidedAt": grant.decided.map(|(_, when)| at(when)),
            "endedBy": grant.ended.map(|(by, _)| by.name()), "endedAt": grant.ended.map(|(_, when)| at(when)),
        }))
    };
    let grants: Result<Vec<Value>, StoreError> = found.grants.iter().map(grant).collect();
    Ok(json!({ "representativeId": found.representative.to_string(), "grants": grants? }))
}

fn files(key: &Key, item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let (owner, service) = keys::read_folder(key).ok_or_else(crate::items::unknown("folder"))?;
    let found = folder::from_item(Some(item))?;
    let file = |file: &domain::document::File| {
        let (state, when) = match &file.state {
            FileState::Awaited { until } => ("awaited", until),
            FileState::Accepted { at, .. } => ("accepted", at),
            FileState::Refused { at, .. } => ("refused", at),
        };
        Ok::<_, StoreError>(json!({
            "id": file.id.to_string(), "document": file.document.to_string(), "bytes": file.bytes, "state": state,
            "fileName": folder::open_name(vault, owner, file)?.as_str(), "at": at(*when), "issuedOn": file.issued_on,
        }))
    };
    let files: Result<Vec<Value>, StoreError> = found.files.iter().map(file).collect();
    let answers: Vec<Value> = found
        .answers
        .iter()
        .map(|(document, holds)| json!({ "document": document.to_string(), "applies": holds }))
        .collect();
    Ok(json!({ "serviceId": service.to_string(), "files": files?, "answers": answers }))
}

//! An appointment: found by its citizen, by its office's day, and by its start.

use super::change::{ChangeWire, without_reason};
use super::{SeatWire, at, id, ms, named, read, set_due, text, unknown, value, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::appointment::{Application, Appointment, Change, Chosen, Mark, Phase, Sealed, Seat};
use domain::catalogue::Bilingual;
use domain::number::Number;
use domain::signing::{Preferred, Signed};
use domain::visit::{Visit, VisitResult};
use domain::{AppointmentId, CitizenId};
use serde::{Deserialize, Serialize};

/// The attribute that has the application, and to which its seal is bound.
const APPLICATION: &str = "app";

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    svc: String,
    at: SeatWire,
    num: String,
    q: String,
    code: String,
    ph: String,
    mk: String,
    v: u64,
    ch: Vec<ChangeWire>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    app: Vec<u8>,
    rv: String,
    /// How often it was corrected.
    #[serde(default, skip_serializing_if = "is_zero")]
    cor: u32,
    /// When a signature of the application was verified, and for which version of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sg: Option<(i64, u64)>,
    /// Who was asked for: id, and the name in both languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sp: Option<(String, String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cin: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cal: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rec: Option<i64>,
    /// When it was closed, and with which result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<(i64, String)>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The attributes that say what has happened of the visit.
pub(crate) const VISIT: [&str; 4] = ["cin", "cal", "rec", "end"];

/// The application, sealed as one: what a person wrote may tell anything about them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ApplicationWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ph: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    em: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    f: Vec<(String, String)>,
    /// Preferred dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pd: Vec<(NaiveDate, NaiveDate)>,
    /// By whom it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sb: Option<String>,
}

impl ApplicationWire {
    fn is_empty(&self) -> bool {
        let said = [&self.p, &self.ph, &self.em, &self.sb];
        said.iter().all(|one| one.is_none()) && self.f.is_empty() && self.pd.is_empty()
    }
}

impl From<&Application> for ApplicationWire {
    fn from(application: &Application) -> Self {
        Self {
            p: application.purpose.clone(),
            ph: application.phone.clone(),
            em: application.email.clone(),
            f: application.fields.clone(),
            pd: application.preferred.iter().map(|dates| (dates.from, dates.to)).collect(),
            sb: application.signed.as_ref().and_then(|signed| signed.by.clone()),
        }
    }
}

/// What the person wrote; which rules they agreed to and whether they signed stands elsewhere.
impl From<ApplicationWire> for Application {
    fn from(wire: ApplicationWire) -> Self {
        Self {
            purpose: wire.p,
            phone: wire.ph,
            email: wire.em,
            fields: wire.f,
            preferred: wire.pd.into_iter().map(|(from, to)| Preferred { from, to }).collect(),
            ..Self::default()
        }
    }
}

/// Reads an appointment; its application stays sealed unless a vault is given.
pub fn from_item(item: &Item, vault: Option<&Vault>) -> Result<Appointment, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let mut application = Application { rules_version: wire.rv.clone(), ..Application::default() };
    let mut signed_by = None;
    if let (Some(vault), false) = (vault, wire.app.is_empty()) {
        let clear = vault.open(&key.sk, APPLICATION, &wire.app)?;
        let mut opened: ApplicationWire =
            serde_json::from_str(&clear).map_err(|_| unknown("application")())?;
        signed_by = opened.sb.take();
        application = Application { rules_version: application.rules_version, ..opened.into() };
    }
    let signed = wire.sg.map(|(ms, version)| Ok(Signed { at: at(ms)?, version, by: signed_by }));
    application.signed = signed.transpose()?;
    Ok(Appointment {
        id: id(key.sk.strip_prefix(keys::APPOINTMENT).unwrap_or_default(), "appointment")?,
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        service: id(&wire.svc, "service")?,
        seat: Seat::try_from(&wire.at)?,
        specialist: wire.sp.map(chosen).transpose()?,
        number: Number::parse(&wire.num).ok_or_else(unknown("number"))?,
        queue_number: wire.q,
        code: wire.code,
        phase: named(&Phase::ALL, Phase::name, &wire.ph, "phase")?,
        mark: named(&Mark::ALL, Mark::name, &wire.mk, "mark")?,
        version: wire.v,
        changes: wire.ch.iter().map(Change::try_from).collect::<Result<_, _>>()?,
        application,
        corrected: wire.cor,
        visit: Visit {
            checked_in_at: wire.cin.map(at).transpose()?,
            called_at: wire.cal.map(at).transpose()?,
            received_at: wire.rec.map(at).transpose()?,
            closed: wire.end.as_ref().map(closed).transpose()?,
        },
    })
}

fn chosen((known, ru, en): (String, String, String)) -> Result<Chosen, StoreError> {
    Ok(Chosen { id: id(&known, "specialist")?, name: Bilingual { ru, en } })
}

fn closed((ended, result): &(i64, String)) -> Result<(DateTime<Utc>, VisitResult), StoreError> {
    Ok((at(*ended)?, named(&VisitResult::ALL, VisitResult::name, result, "result")?))
}

/// Whether the person wrote anything: without keys it is not read.
pub fn is_sealed(item: &Item) -> bool {
    item.contains_key(APPLICATION)
}

/// Writes a new appointment with its application sealed; one without personal answers needs no vault.
pub fn to_item(appointment: &Appointment, sealed: Option<Vec<u8>>) -> Result<(Key, Item), StoreError> {
    let key = keys::appointment(appointment.citizen, appointment.id);
    let wire = Wire {
        svc: appointment.service.to_string(),
        at: (&appointment.seat).into(),
        num: appointment.number.as_str().to_owned(),
        q: appointment.queue_number.clone(),
        code: appointment.code.clone(),
        ph: appointment.phase.name().to_owned(),
        mk: appointment.mark.name().to_owned(),
        v: appointment.version,
        ch: appointment.changes.iter().map(ChangeWire::from).collect(),
        app: sealed.unwrap_or_default(),
        rv: appointment.application.rules_version.clone(),
        cor: appointment.corrected,
        sg: appointment.application.signed.as_ref().map(|signed| (ms(signed.at), signed.version)),
        sp: appointment
            .specialist
            .as_ref()
            .map(|chosen| (chosen.id.to_string(), chosen.name.ru.clone(), chosen.name.en.clone())),
        cin: appointment.visit.checked_in_at.map(ms),
        cal: appointment.visit.called_at.map(ms),
        rec: appointment.visit.received_at.map(ms),
        end: appointment.visit.closed.map(|(at, result)| (ms(at), result.name().to_owned())),
    };
    let mut item = write(&key, &wire)?;
    item.extend(indexed(appointment.citizen, appointment.id, &appointment.seat, &appointment.number));
    Ok((key, item))
}

/// Seals what the person wrote, if anything.
pub fn seal(
    vault: &Vault,
    id: AppointmentId,
    application: &Application,
    nonce: [u8; 12],
) -> Result<Option<Vec<u8>>, StoreError> {
    let wire = ApplicationWire::from(application);
    if wire.is_empty() {
        return Ok(None);
    }
    let clear = serde_json::to_string(&wire).map_err(|_| unknown("application")())?;
    vault.seal(&owner(id), APPLICATION, &clear, nonce).map(Some)
}

/// Seals why a change was made, bound to the appointment and to the version that the change makes.
pub fn seal_reason(
    vault: &Vault,
    id: AppointmentId,
    version: u64,
    reason: &str,
    nonce: [u8; 12],
) -> Result<Sealed, StoreError> {
    vault.seal(&owner(id), &reason_of(version), reason, nonce).map(Sealed)
}

/// Reads a sealed reason, from a change or from the notice that tells of it.
pub fn open_reason(
    vault: &Vault,
    id: AppointmentId,
    version: u64,
    sealed: &Sealed,
) -> Result<String, StoreError> {
    vault.open(&owner(id), &reason_of(version), &sealed.0)
}

fn owner(id: AppointmentId) -> String {
    format!("{}{id}", keys::APPOINTMENT)
}

fn reason_of(version: u64) -> String {
    format!("rs#{version}")
}

/// The keys of both indexes for a seat.
pub(crate) fn indexed(citizen: CitizenId, id: AppointmentId, seat: &Seat, number: &Number) -> Item {
    let key = keys::appointment(citizen, id);
    let mut item = Item::from([
        (keys::DAY_PK.to_owned(), text(keys::day(&seat.office, seat.on))),
        (keys::DAY_SK.to_owned(), text(keys::day_row(seat.cells.from(), &seat.window, number.as_str()))),
    ]);
    set_due(&mut item, &key, keys::Due::Start, seat.starts_at);
    item
}

pub(crate) fn seat_value(seat: &Seat) -> Result<AttributeValue, StoreError> {
    value(&SeatWire::from(seat))
}

pub(crate) fn change_value(change: &Change) -> Result<AttributeValue, StoreError> {
    value(&ChangeWire::from(change))
}

/// What is left of an appointment when what was said for it has had its term: facts, without what the person wrote and
/// without reasons. Of one that is nobody's any more its number, its code and whom they asked for go too.
pub(crate) fn without_words(item: &Item, nobodys: bool) -> Result<Item, StoreError> {
    let mut less = item.clone();
    less.remove(APPLICATION);
    if let Some(AttributeValue::L(changes)) = less.get_mut("ch") {
        for change in changes {
            if let AttributeValue::M(change) = change {
                without_reason(change)?;
            }
        }
    }
    if nobodys {
        let seat = from_item(item, None)?.seat;
        let number = Number::nobodys();
        less.insert("num".to_owned(), text(number.as_str()));
        less.insert("q".to_owned(), text(""));
        less.insert("code".to_owned(), text(""));
        let row = keys::day_row(seat.cells.from(), &seat.window, number.as_str());
        less.insert(keys::DAY_SK.to_owned(), text(row));
        for gone in ["sp", keys::DUE_PK, keys::DUE_SK] {
            less.remove(gone);
        }
    }
    Ok(less)
}

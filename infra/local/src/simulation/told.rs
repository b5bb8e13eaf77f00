//! What an answer tells, in the checker's words.

use checker::history::{AppointmentSeen, ChangeSeen, SlotSeen};
use chrono::{DateTime, Utc};
use serde_json::Value;

pub fn instant(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.to_utc())
}

pub fn seen(body: &Value) -> Option<AppointmentSeen> {
    Some(AppointmentSeen {
        id: body["id"].as_str()?.to_owned(),
        version: body["version"].as_u64()?,
        office: body["office"]["id"].as_str()?.to_owned(),
        starts_at_s: instant(&body["startsAt"])?.timestamp(),
        phase: body["phase"].as_str()?.to_owned(),
    })
}

pub fn slot(body: &Value, office: &Value) -> Option<SlotSeen> {
    let starts_at = instant(&body["startsAt"]).or_else(|| instant(&body["slot"]["startsAt"]))?;
    Some(SlotSeen { office: office["id"].as_str()?.to_owned(), starts_at_s: starts_at.timestamp() })
}

pub fn changed(body: &Value) -> Option<ChangeSeen> {
    Some(ChangeSeen {
        version: body["version"].as_u64()?,
        who: body["who"].as_str()?.to_owned(),
        what: body["what"].as_str()?.to_owned(),
    })
}

//! An appointment together with what was filled in for it (BKG-8).

use chrono::DateTime;
use domain::appointment::{Application, Appointment, Phase};
use lambda::Edge;
use lambda::http::signing::{self, PreferredView, SignedView};
use lambda::http::views::{self, AppointmentView};
use serde::Serialize;
use std::collections::BTreeMap;
use text::Lang;
use utoipa::ToSchema;

/// An appointment with what was filled in for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Whole {
    #[serde(flatten)]
    appointment: AppointmentView,
    /// What the office has its visitors of that date know.
    announcements: Vec<String>,
    application: ApplicationView,
    /// What is still to be done at the visit where the application is signed on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_sign: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApplicationView {
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    /// Where SMS about this visit go, if not to the profile's phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_phone: Option<String>,
    /// For those who prepare the visit. Notices go to the profile's address, which is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<String>,
    /// Answers to the service's extra fields, by name.
    fields: BTreeMap<String, String>,
    /// Which rules of a visit were agreed to, and when.
    rules_version: String,
    agreed_at: String,
    /// When one would like to come, should it not be at the time that was booked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    preferred_dates: Vec<PreferredView>,
    /// That it is signed electronically.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<SignedView>,
}

pub fn whole(edge: &Edge, found: &Appointment, lang: Lang) -> Whole {
    let said = &found.application;
    let Application { purpose, phone, email, fields, rules_version, .. } = said.clone();
    let booked_at = DateTime::from_timestamp_millis(i64::try_from(found.id.0.timestamp_ms()).unwrap_or(0));
    let catalogue = &edge.app().catalogue;
    let office = catalogue.offices.get(&found.seat.office);
    let zone = office.map_or(chrono_tz::UTC, |office| office.zone);
    let announced = office.into_iter().flat_map(|office| catalogue.announced(office, found.seat.on));
    Whole {
        appointment: views::appointment(edge, found, lang),
        announcements: announced.map(|one| views::said(&one.text, lang).to_owned()).collect(),
        application: ApplicationView {
            purpose,
            contact_phone: phone,
            contact_email: email,
            fields: fields.into_iter().collect(),
            rules_version,
            agreed_at: views::local(booked_at.unwrap_or_default(), zone),
            preferred_dates: signing::preferred(&said.preferred),
            signed: signing::signed(said, zone, lang),
        },
        to_sign: signing::to_sign_at_visit(catalogue.services.get(&found.service), said, lang)
            .filter(|_| found.phase == Phase::Planned),
    }
}

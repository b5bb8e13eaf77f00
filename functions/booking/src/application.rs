//! What is filled in for a visit, as a booking sends it and as a text to be signed is made of it (BKG-8).

use crate::ask::{contact_field, extra};
use crate::preferred::{PreferredRequest, preferred};
use app::book::RULES_VERSION;
use app::refusal::WrongField;
use app::{Refusal, contact};
use domain::appointment::Application;
use domain::limits::REASON_MAX;
use domain::{OfficeId, ServiceId};
use lambda::Edge;
use lambda::http::Fields;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is filled in, not read yet.
pub struct Answers {
    pub purpose: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub fields: Option<BTreeMap<String, String>>,
    pub rules_version: Option<String>,
    pub preferred_dates: Option<Vec<PreferredRequest>>,
}

/// Where and for what, if there are such an office and such a service.
pub type Place = (Option<OfficeId>, Option<ServiceId>);

/// Reads office and service.
pub fn place(fields: &mut Fields, edge: &Edge, (office, service): (Option<String>, Option<String>)) -> Place {
    let catalogue = &edge.app().catalogue;
    let office: Option<OfficeId> = fields.need("officeId", office, "unknown-office");
    let service: Option<ServiceId> = fields.need("serviceId", service, "unknown-service");
    if office.as_ref().is_some_and(|id| !catalogue.offices.contains_key(id)) {
        fields.add("officeId", "unknown-office");
    }
    if service.as_ref().is_some_and(|id| !catalogue.services.contains_key(id)) {
        fields.add("serviceId", "unknown-service");
    }
    (office, service)
}

impl Answers {
    /// Reads what is filled in for a service.
    pub fn read(self, fields: &mut Fields, edge: &Edge, service: Option<&ServiceId>) -> Application {
        let floods = &edge.app().floods;
        let purpose = fields.optional("purpose", self.purpose, REASON_MAX);
        let phone = |said: &str| contact::phone(said, floods);
        let phone = contact_field(fields, "contactPhone", self.contact_phone, phone);
        let email = contact_field(fields, "contactEmail", self.contact_email, contact::email);
        match fields.required("rulesVersion", self.rules_version) {
            Some(version) if version != RULES_VERSION => {
                fields.wrong(WrongField::new("rulesVersion", "old-version").with("version", RULES_VERSION));
            }
            _ => {}
        }
        let preferred = preferred(fields, self.preferred_dates.unwrap_or_default());
        let known = service.and_then(|id| edge.app().catalogue.services.get(id));
        let answers = self.fields.unwrap_or_default();
        let answers = known.map(|service| extra(fields, service, answers)).unwrap_or_default();
        Application {
            purpose,
            phone,
            email,
            fields: answers,
            rules_version: RULES_VERSION.to_owned(),
            preferred,
            signed: None,
        }
    }
}

/// What is to be signed: the answers that will be sent with the booking.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationRequest {
    /// An office of the agency to which the application goes.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    #[schema(required = true, nullable = false)]
    service_id: Option<String>,
    /// What one comes for, up to 300 characters.
    purpose: Option<String>,
    /// Contacts for this visit, if other than the profile's.
    contact_phone: Option<String>,
    contact_email: Option<String>,
    /// Answers to the service's extra fields, by name.
    fields: Option<BTreeMap<String, String>>,
    /// Up to three ranges of dates on which one would like to come.
    preferred_dates: Option<Vec<PreferredRequest>>,
    /// The version of the rules of a visit that is agreed to.
    #[schema(required = true, nullable = false)]
    rules_version: Option<String>,
}

impl ApplicationRequest {
    pub fn service(&self) -> Option<&str> {
        self.service_id.as_deref()
    }

    /// Reads the request.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub fn parse(self, edge: &Edge) -> Result<(OfficeId, ServiceId, Application), Refusal> {
        let mut fields = Fields::new();
        let (office, service) = place(&mut fields, edge, (self.office_id, self.service_id));
        let answers = Answers {
            purpose: self.purpose,
            contact_phone: self.contact_phone,
            contact_email: self.contact_email,
            fields: self.fields,
            rules_version: self.rules_version,
            preferred_dates: self.preferred_dates,
        };
        let application = answers.read(&mut fields, edge, service.as_ref());
        fields.finish()?;
        let (office, service) = office.zip(service).ok_or_else(|| Refusal::Fields(Vec::new()))?;
        Ok((office, service, application))
    }
}

//! What a booking asks for, parsed with every wrong field named.

use app::Refusal;
use app::book::{Booking, RULES_VERSION};
use app::contact;
use app::refusal::WrongField;
use app::registries::eligibility::Entitled;
use domain::appointment::Application;
use domain::catalogue::{ExtraField, FieldKind, Service};
use domain::limits::REASON_MAX;
use domain::{OfficeId, ServiceId};
use lambda::Edge;
use lambda::http::Fields;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BookRequest {
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    #[schema(required = true, nullable = false)]
    service_id: Option<String>,
    /// RFC 3339 with offset, a start of the office's calendar.
    #[schema(required = true, nullable = false)]
    starts_at: Option<String>,
    /// A specialist of the office who receives then; left out: whoever is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    specialist_id: Option<String>,
    /// Why, from those who work here; opens what is kept for emergencies. Up to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What one comes for, up to 300 characters.
    purpose: Option<String>,
    /// Contacts for this visit, if other than the profile's.
    contact_phone: Option<String>,
    contact_email: Option<String>,
    /// Answers to the service's extra fields, by name.
    fields: Option<BTreeMap<String, String>>,
    /// The version of the rules of a visit that is agreed to.
    #[schema(required = true, nullable = false)]
    rules_version: Option<String>,
}

impl BookRequest {
    pub fn service(&self) -> Option<&str> {
        self.service_id.as_deref()
    }

    /// Reads the request.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub async fn parse(self, edge: &Edge) -> Result<Booking, Refusal> {
        let catalogue = &edge.app().catalogue;
        let mut fields = Fields::new();
        let office: Option<OfficeId> = fields.need("officeId", self.office_id, "unknown-office");
        let service: Option<ServiceId> = fields.need("serviceId", self.service_id, "unknown-service");
        let starts_at = fields.instant("startsAt", self.starts_at);
        let specialist = fields.read("specialistId", self.specialist_id, "unknown-specialist");
        let reason = fields.optional("reason", self.reason, REASON_MAX);
        let purpose = fields.optional("purpose", self.purpose, REASON_MAX);
        let floods = &edge.app().floods;
        let phone = |said: &str| contact::phone(said, floods);
        let phone = contact_field(&mut fields, "contactPhone", self.contact_phone, phone);
        let email = contact_field(&mut fields, "contactEmail", self.contact_email, contact::email);
        match fields.required("rulesVersion", self.rules_version) {
            Some(version) if version != RULES_VERSION => {
                fields.wrong(WrongField::new("rulesVersion", "old-version").with("version", RULES_VERSION));
            }
            _ => {}
        }
        if office.as_ref().is_some_and(|id| !catalogue.offices.contains_key(id)) {
            fields.wrong(WrongField::new("officeId", "unknown-office"));
        }
        let known = service.as_ref().and_then(|id| catalogue.services.get(id));
        if service.is_some() && known.is_none() {
            fields.wrong(WrongField::new("serviceId", "unknown-service"));
        }
        let answers = self.fields.unwrap_or_default();
        let answers = known.map(|service| extra(&mut fields, service, answers)).unwrap_or_default();
        fields.finish()?;
        let (Some(office), Some(service), Some(starts_at)) = (office, service, starts_at) else {
            return Err(Refusal::Fields(Vec::new()));
        };
        let application =
            Application { purpose, phone, email, fields: answers, rules_version: RULES_VERSION.to_owned() };
        let why = edge.why(reason).await?;
        let entitled = Entitled::NotAsked;
        Ok(Booking { office, service, starts_at, specialist, why, application, entitled })
    }
}

/// Whether anything of an application is to be sealed.
pub fn is_personal(application: &Application) -> bool {
    application.purpose.is_some()
        || application.phone.is_some()
        || application.email.is_some()
        || !application.fields.is_empty()
}

pub(crate) fn contact_field(
    fields: &mut Fields,
    name: &str,
    given: Option<String>,
    parse: impl Fn(&str) -> Result<String, &'static str>,
) -> Option<String> {
    let given = given.filter(|given| !given.trim().is_empty())?;
    match parse(&given) {
        Ok(read) => Some(read),
        Err(code) => {
            fields.wrong(WrongField::new(name, code));
            None
        }
    }
}

/// The service's own fields, each of its type (CAT-5).
pub(crate) fn extra(
    fields: &mut Fields,
    service: &Service,
    mut answers: BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let mut read = Vec::new();
    for field in &service.fields {
        let path = format!("fields.{}", field.name);
        let answer = answers.remove(&field.name).map(|answer| answer.trim().to_owned());
        match answer.filter(|answer| !answer.is_empty()) {
            None if field.required => fields.wrong(WrongField::new(path, "required")),
            None => {}
            Some(answer) => match check(field, &path, &answer) {
                Ok(()) => read.push((field.name.clone(), answer)),
                Err(wrong) => fields.wrong(wrong),
            },
        }
    }
    for unknown in answers.into_keys() {
        fields.wrong(WrongField::new(format!("fields.{unknown}"), "unknown-field"));
    }
    read
}

fn check(field: &ExtraField, path: &str, answer: &str) -> Result<(), WrongField> {
    match &field.kind {
        FieldKind::Text { max } if answer.chars().count() > usize::from(*max) => {
            Err(WrongField::new(path, "too-long").with("max", max))
        }
        FieldKind::Text { .. } => Ok(()),
        FieldKind::Choice(choices) if choices.iter().any(|(value, _)| value == answer) => Ok(()),
        FieldKind::Choice(_) => Err(WrongField::new(path, "not-a-choice")),
        FieldKind::Date if answer.parse::<chrono::NaiveDate>().is_ok() => Ok(()),
        FieldKind::Date => Err(WrongField::new(path, "not-a-date")),
        FieldKind::Number { min, max } => match answer.parse::<i64>() {
            Ok(number) if (*min..=*max).contains(&number) => Ok(()),
            _ => Err(WrongField::new(path, "out-of-range").with("min", min).with("max", max)),
        },
    }
}

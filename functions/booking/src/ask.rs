//! What a booking asks for, parsed with every wrong field named.

use crate::application::{Answers, place};
use crate::preferred::PreferredRequest;
use app::Refusal;
use app::book::Booking;
use app::fields::is_hidden;
use app::refusal::WrongField;
use app::registries::eligibility::Entitled;
use app::signing::Given;
use domain::appointment::Application;
use domain::catalogue::{ExtraField, FieldKind, Service};
use domain::limits::REASON_MAX;
use lambda::Edge;
use lambda::http::Fields;
use serde::{Deserialize, Serialize};
use signatures::Roots;
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
    /// Up to three ranges of dates on which one would like to come, should it not be at this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_dates: Option<Vec<PreferredRequest>>,
    /// Where the service has its application signed: the detached signature (CMS, PEM or Base64, at most 40 KB) of the text that
    /// was made for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

impl BookRequest {
    pub fn service(&self) -> Option<&str> {
        self.service_id.as_deref()
    }

    /// Reads the request.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub async fn parse(self, edge: &Edge, roots: &Roots) -> Result<Booking, Refusal> {
        let mut fields = Fields::new();
        let (office, service) = place(&mut fields, edge, (self.office_id, self.service_id));
        let starts_at = fields.instant("startsAt", self.starts_at);
        let specialist = fields.read("specialistId", self.specialist_id, "unknown-specialist");
        let reason = fields.optional("reason", self.reason, REASON_MAX);
        let answers = Answers {
            purpose: self.purpose,
            contact_phone: self.contact_phone,
            contact_email: self.contact_email,
            fields: self.fields,
            rules_version: self.rules_version,
            preferred_dates: self.preferred_dates,
        };
        let application = answers.read(&mut fields, edge, service.as_ref());
        let signature = sent_signature(&mut fields, roots, self.signature.as_deref())?;
        fields.finish()?;
        let (Some(office), Some(service), Some(starts_at)) = (office, service, starts_at) else {
            return Err(Refusal::Fields(Vec::new()));
        };
        let why = edge.why(reason).await?;
        let entitled = Entitled::NotAsked;
        Ok(Booking { office, service, starts_at, specialist, why, application, entitled, signature })
    }
}

/// A signature that was sent, if one was.
///
/// # Errors
/// [`Refusal::SigningClosed`].
pub(crate) fn sent_signature(
    fields: &mut Fields,
    roots: &Roots,
    sent: Option<&str>,
) -> Result<Option<Given>, Refusal> {
    let sent = sent.filter(|sent| !sent.trim().is_empty());
    match sent.map(|sent| signatures::given(roots, sent)).transpose() {
        Err(Refusal::Fields(wrong)) => {
            fields.all(wrong);
            Ok(None)
        }
        other => other,
    }
}

/// Whether anything of an application is to be sealed.
pub fn is_personal(application: &Application) -> bool {
    application.purpose.is_some()
        || application.phone.is_some()
        || application.email.is_some()
        || !application.fields.is_empty()
        || !application.preferred.is_empty()
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
            fields.add(name, code);
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
            None if field.required => fields.add(path, "required"),
            None => {}
            Some(answer) => match check(field, &path, &answer) {
                Ok(()) => read.push((field.name.clone(), answer)),
                Err(wrong) => fields.wrong(wrong),
            },
        }
    }
    for unknown in answers.into_keys() {
        fields.add(format!("fields.{unknown}"), "unknown-field");
    }
    read
}

fn check(field: &ExtraField, path: &str, answer: &str) -> Result<(), WrongField> {
    match &field.kind {
        FieldKind::Text { max } if answer.chars().count() > usize::from(*max) => {
            Err(WrongField::new(path, "too-long").with("max", max))
        }
        FieldKind::Text { .. } if answer.chars().any(is_hidden) => {
            Err(WrongField::new(path, "bad-characters"))
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

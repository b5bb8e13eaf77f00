//! What a correction asks for: what was filled in, part by part (CHG-6).

use crate::ask::{contact_field, extra};
use crate::preferred::{PreferredRequest, preferred};
use app::contact;
use app::{Floods, Refusal};
use domain::appointment::{Application, Appointment};
use domain::catalogue::Service;
use domain::limits::REASON_MAX;
use lambda::http::Fields;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What changes (RFC 7396): what is absent stays, what is `null` or empty is taken away.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectRequest {
    /// What one comes for, up to 300 characters.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    purpose: Option<Option<String>>,
    /// Contacts for this visit, if other than the profile's.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    contact_phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    contact_email: Option<Option<String>>,
    /// Answers to the service's extra fields, by name; those that are not named stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<BTreeMap<String, Option<String>>>,
    /// Dates on which one would like to come, up to three ranges.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<PreferredRequest>>)]
    preferred_dates: Option<Option<Vec<PreferredRequest>>>,
    /// Where the application was signed: the detached signature (CMS, PEM or Base64, at most 40 KB) of the text of what it is from
    /// now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Why, from those who work here. Up to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Tells what is `null` from what is absent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl CorrectRequest {
    /// What was filled in, as it is from now on.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub fn applied(
        &self,
        before: &Appointment,
        service: &Service,
        floods: &Floods,
    ) -> Result<Application, Refusal> {
        let mut fields = Fields::new();
        let mut after = before.application.clone();
        if let Some(purpose) = &self.purpose {
            after.purpose = fields.optional("purpose", purpose.clone(), REASON_MAX);
        }
        if let Some(phone) = &self.contact_phone {
            let read = |said: &str| contact::phone(said, floods);
            after.phone = contact_field(&mut fields, "contactPhone", phone.clone(), read);
        }
        if let Some(email) = &self.contact_email {
            after.email = contact_field(&mut fields, "contactEmail", email.clone(), contact::email);
        }
        if let Some(said) = &self.preferred_dates {
            after.preferred = preferred(&mut fields, said.clone().unwrap_or_default());
        }
        if let Some(said) = &self.fields {
            let mut answers: BTreeMap<String, String> = after.fields.into_iter().collect();
            for (name, answer) in said {
                match answer {
                    Some(answer) => answers.insert(name.clone(), answer.clone()),
                    None => answers.remove(name),
                };
            }
            // What the service asked for then and no longer does is nothing that anybody could correct.
            answers.retain(|name, _| {
                said.contains_key(name) || service.fields.iter().any(|field| field.name == *name)
            });
            after.fields = extra(&mut fields, service, answers);
        }
        fields.finish()?;
        Ok(after)
    }
}

//! What joining asks for, parsed with every wrong field named.

use app::Refusal;
use app::refusal::WrongField;
use app::registries::eligibility::Entitled;
use app::waitlist::join::Joining;
use chrono::Weekday;
use domain::waitlist::{Part, Wish};
use lambda::http::Fields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JoinRequest {
    #[schema(required = true, nullable = false)]
    service_id: Option<String>,
    /// One to three offices.
    #[schema(required = true, nullable = false)]
    offices: Option<Vec<String>>,
    /// First and last date, both or neither.
    from: Option<String>,
    to: Option<String>,
    /// 1 is Monday, 7 Sunday; none means any.
    weekdays: Option<Vec<u8>>,
    /// `morning` (before 12:00), `day` (12:00–17:00), `evening`; none means any.
    parts: Option<Vec<String>>,
}

impl JoinRequest {
    pub fn service(&self) -> Option<&str> {
        self.service_id.as_deref()
    }

    /// Reads the request.
    ///
    /// # Errors
    /// [`Refusal::Fields`] with everything that is wrong.
    pub fn parse(self) -> Result<Joining, Refusal> {
        let mut fields = Fields::new();
        let service = fields.need("serviceId", self.service_id, "unknown-service");
        if self.offices.as_ref().is_none_or(Vec::is_empty) {
            fields.add("offices", "required");
        }
        let mut offices = Vec::new();
        for (i, office) in self.offices.unwrap_or_default().into_iter().enumerate() {
            offices.extend(fields.need(&format!("offices[{i}]"), Some(office), "unknown-office"));
        }
        let paired = self.from.is_some() == self.to.is_some();
        if !paired {
            let missing = if self.from.is_some() { "to" } else { "from" };
            fields.add(missing, "required");
        }
        let dates = fields.date("from", self.from).zip(fields.date("to", self.to));
        let mut weekdays: Vec<Weekday> = Vec::new();
        for (i, number) in self.weekdays.unwrap_or_default().into_iter().enumerate() {
            match number.checked_sub(1).and_then(|day| Weekday::try_from(day).ok()) {
                Some(day) if !weekdays.contains(&day) => weekdays.push(day),
                Some(_) => {}
                None => {
                    let wrong = WrongField::new(format!("weekdays[{i}]"), "out-of-range")
                        .with("min", 1)
                        .with("max", 7);
                    fields.wrong(wrong);
                }
            }
        }
        let mut parts: Vec<Part> = Vec::new();
        for (i, name) in self.parts.unwrap_or_default().into_iter().enumerate() {
            match Part::ALL.into_iter().find(|part| part.name() == name) {
                Some(part) if !parts.contains(&part) => parts.push(part),
                Some(_) => {}
                None => fields.add(format!("parts[{i}]"), "not-a-choice"),
            }
        }
        fields.finish()?;
        let service = service.ok_or(Refusal::UnknownService)?;
        let wish = Wish { offices, dates, weekdays, parts };
        Ok(Joining { service, wish, entitled: Entitled::NotAsked })
    }
}

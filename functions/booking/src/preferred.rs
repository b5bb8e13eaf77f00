//! Dates on which one would like to come (BKG-8).

use app::refusal::WrongField;
use domain::signing::{PREFERRED_MAX, Preferred};
use lambda::http::Fields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Dates between which one would like to come, both included, by the office's calendar.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreferredRequest {
    #[schema(required = true, nullable = false)]
    from: Option<String>,
    /// Not later than the last date that can be booked.
    #[schema(required = true, nullable = false)]
    to: Option<String>,
}

/// Reads them; whether they lie between today and the last date that can be booked is seen when it is decided.
pub fn preferred(fields: &mut Fields, said: Vec<PreferredRequest>) -> Vec<Preferred> {
    if said.len() > PREFERRED_MAX {
        fields.wrong(WrongField::new("preferredDates", "too-many").with("max", PREFERRED_MAX));
        return Vec::new();
    }
    let mut read = Vec::new();
    for (at, one) in said.into_iter().enumerate() {
        let from = fields.need(&format!("preferredDates[{at}].from"), one.from, "not-a-date");
        let to = fields.need(&format!("preferredDates[{at}].to"), one.to, "not-a-date");
        read.extend(from.zip(to).map(|(from, to)| Preferred { from, to }));
    }
    read
}

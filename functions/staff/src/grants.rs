//! Roles and where they hold, as they are asked for and shown.

use app::refusal::WrongField;
use app::staff::invite::unknown_place;
use domain::limits::GRANTS_MAX;
use domain::staff::{Grant, Place, Role};
use lambda::Edge;
use lambda::http::{Fields, views};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

/// A role and where it holds: in one office, in one region, or everywhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantAsked {
    /// `operator`, `specialist`, `manager` or `administrator`.
    #[schema(required = true, nullable = false)]
    role: Option<String>,
    office_id: Option<String>,
    region_id: Option<String>,
    /// In the whole system.
    everywhere: Option<bool>,
}

/// Reads grants, each once and in their order, naming everything that is wrong with them.
pub fn parse(edge: &Edge, fields: &mut Fields, asked: Option<Vec<GrantAsked>>) -> Vec<Grant> {
    let asked = asked.unwrap_or_default();
    if asked.is_empty() {
        fields.add("grants", "required");
    }
    if asked.len() > GRANTS_MAX {
        fields.wrong(WrongField::new("grants", "too-many").with("max", GRANTS_MAX));
    }
    let mut grants: Vec<Grant> = Vec::new();
    for (n, one) in asked.into_iter().enumerate() {
        let role = fields.required(&format!("grants[{n}].role"), one.role);
        let role = role.and_then(|name| {
            let found = Role::ALL.into_iter().find(|role| role.name() == name);
            if found.is_none() {
                fields.add(format!("grants[{n}].role"), "not-a-choice");
            }
            found
        });
        let place = match (one.office_id, one.region_id, one.everywhere.unwrap_or(false)) {
            (Some(office), None, false) => fields
                .read(&format!("grants[{n}].officeId"), Some(office), "unknown-office")
                .map(Place::Office),
            (None, Some(region), false) => fields
                .read(&format!("grants[{n}].regionId"), Some(region), "unknown-region")
                .map(Place::Region),
            (None, None, true) => Some(Place::Everywhere),
            _ => {
                fields.add(format!("grants[{n}]"), "unknown-place");
                None
            }
        };
        let unknown = place.as_ref().and_then(|place| unknown_place(edge.app(), n, place));
        fields.all(unknown.into_iter().collect());
        let grant = role.zip(place).map(|(role, place)| Grant { role, place });
        grants.extend(grant.filter(|grant| !grants.contains(grant)));
    }
    grants.sort();
    grants
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    role: &'static str,
    role_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    office_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region_id: Option<String>,
    everywhere: bool,
    /// The name of the office or the region.
    place_text: String,
}

pub fn views(edge: &Edge, grants: &[Grant], lang: Lang) -> Vec<GrantView> {
    grants.iter().map(|grant| view(edge, grant, lang)).collect()
}

fn view(edge: &Edge, grant: &Grant, lang: Lang) -> GrantView {
    let catalogue = &edge.app().catalogue;
    let (mut office_id, mut region_id) = (None, None);
    let place_text = match &grant.place {
        Place::Everywhere => text::label(lang, "place-everywhere"),
        Place::Office(id) => {
            office_id = Some(id.to_string());
            let office = catalogue.offices.get(id);
            office.map_or_else(|| id.to_string(), |office| views::said(&office.name, lang).to_owned())
        }
        Place::Region(id) => {
            region_id = Some(id.to_string());
            let region = catalogue.regions.get(id);
            region.map_or_else(|| id.to_string(), |region| views::said(&region.name, lang).to_owned())
        }
    };
    let role = grant.role.name();
    let role_text = text::label(lang, &format!("role-{role}"));
    GrantView {
        role,
        role_text,
        office_id,
        region_id,
        everywhere: grant.place == Place::Everywhere,
        place_text,
    }
}

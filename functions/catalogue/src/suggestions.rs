//! What may be meant, while somebody types (CAT-7).

use crate::PUBLIC;
use app::find::{Meant, Wanted, meant};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::views::said;
use lambda::http::{Fields, Language, Params, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The longest text looked at, in characters.
const TYPED_MAX: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionsQuery {
    /// What was typed so far; from two letters on.
    q: Option<String>,
    /// `all` (services, offices, regions; the default) or `towns`.
    kind: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Suggestions {
    /// At most ten, best first.
    items: Vec<Suggestion>,
    /// When nothing begins so: words that may have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    did_you_mean: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    /// `service`, `office`, `region` or `town`.
    kind: &'static str,
    id: String,
    text: String,
    /// Of a town.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

/// Services, offices and regions, or towns, that may be meant by what was typed so far.
#[utoipa::path(get, path = "/v1/suggestions", tag = "services", params(SuggestionsQuery),
    responses((status = 200, body = Suggestions), (status = 422, body = ProblemBody)))]
pub async fn suggest(
    State(edge): State<Edge>,
    Language(lang): Language,
    Params(query): Params<SuggestionsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let mut fields = Fields::new();
    let typed = fields.optional("q", query.q, TYPED_MAX).unwrap_or_default();
    let towns = match query.kind.as_deref() {
        None | Some("all") => false,
        Some("towns") => true,
        Some(_) => {
            fields.add("kind", "not-a-choice");
            false
        }
    };
    fields.finish().map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let edge = edge.everywhere().await;
    let catalogue = &edge.app().catalogue;
    let found = meant(catalogue, &typed, towns);
    let did_you_mean = match found.is_empty() && !typed.is_empty() && !towns {
        true => edge.finder().services(catalogue, &Wanted { words: typed, ..Wanted::default() }).did_you_mean,
        false => Vec::new(),
    };
    let items = found.iter().map(|one| {
        let (kind, id) = match one {
            Meant::Service(service) => ("service", service.id.to_string()),
            Meant::Office(office) => ("office", office.id.to_string()),
            Meant::Region(region) => ("region", region.id.to_string()),
            Meant::Town(town) => ("town", town.id.to_string()),
        };
        // Several towns have one name: their regions tell them apart.
        let region = match one {
            Meant::Town(town) => catalogue.regions.get(&town.region).map(|region| said(&region.name, lang)),
            _ => None,
        };
        Suggestion { kind, id, text: said(one.name(), lang).to_owned(), region: region.map(str::to_owned) }
    });
    Ok((PUBLIC, Json(Suggestions { items: items.collect(), did_you_mean })))
}
